"""Who may set a draft against past years: the board; all members alike where the board opens it."""

from __future__ import annotations

from blocs.permissions import is_board, year_is_open
from blocs.standing import Standing
from emulation.access import Verdict, all_of, allow_if
from scoring.enums import RubricStatus
from scoring.models import Rubric

SUPERSEDED = "Bảng chấm điểm đã được thay thế nên không xem thử nữa."
NOT_OPEN = (
    "Ban Thi đua - Khen thưởng chưa mở việc xem thử với năm trước cho các đơn vị; khi mở thì mọi "
    "đơn vị trong Khối cùng xem được."
)
NOT_READ_BY_ALL = (
    "Dự thảo chưa gửi các đơn vị góp ý nên chưa mở xem thử được: khi mở thì mọi đơn vị phải cùng "
    "xem được."
)


def is_read_by_all(rubric: Rubric) -> bool:
    """Tell whether every member may read the version: a mere draft they may not."""
    return rubric.stage is not RubricStatus.DRAFT


def is_in_use(rubric: Rubric) -> Verdict:
    """A version that another has replaced is history."""
    return allow_if(rubric.stage is not RubricStatus.SUPERSEDED, SUPERSEDED)


def can_see_what_if(standing: Standing, rubric: Rubric) -> Verdict:
    """Read results and the log of use: the board, or everybody of the bloc once it is open.

    The head and its secretary stand like any other member. While a draft is taken back, only the
    board sees it, whatever was opened before.
    """
    is_open = rubric.what_if_open and is_read_by_all(rubric)
    may = standing.is_board or (standing.is_within and is_open)
    return all_of(is_in_use(rubric), allow_if(may, NOT_OPEN))


def can_run_what_if(standing: Standing, rubric: Rubric) -> Verdict:
    """Run a comparison, which is logged: whoever may see it, until the year is closed."""
    return all_of(can_see_what_if(standing, rubric), year_is_open(rubric.bloc_year))


def can_open_what_if(standing: Standing, rubric: Rubric) -> Verdict:
    """Open the comparison to all members at once: the board, when all may read the table."""
    return all_of(
        can_close_what_if(standing, rubric), allow_if(is_read_by_all(rubric), NOT_READ_BY_ALL)
    )


def can_close_what_if(standing: Standing, rubric: Rubric) -> Verdict:
    """Close it again: the board."""
    return all_of(is_board(standing), is_in_use(rubric), year_is_open(rubric.bloc_year))
