"""Who may do what in a bloc-year: predicates over a :class:`Standing`, each with its reason."""

from __future__ import annotations

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.standing import Standing, no_conflict
from emulation.access import Verdict, all_of, allow_if, any_of, refuse

CLOSED = "Năm thi đua đã kết thúc nên không sửa được nữa."


def year_is_open(bloc_year: BlocYear) -> Verdict:
    """Nothing of a closed year changes except by a decided appeal."""
    return allow_if(bloc_year.status != YearStatus.CLOSED, CLOSED)


def is_board(standing: Standing) -> Verdict:
    """Only officers of the bloc's own board."""
    return allow_if(
        standing.is_board, "Việc này do Ban Thi đua - Khen thưởng của Hội đồng thực hiện."
    )


def is_secretary(standing: Standing) -> Verdict:
    """The head unit's people and the officers it named: the year's clerical work."""
    return allow_if(standing.is_secretary, "Việc này do Thư ký Khối thực hiện.")


def is_head(standing: Standing) -> Verdict:
    """Only leaders of the head unit."""
    return allow_if(standing.leads_head, "Việc này do lãnh đạo đơn vị Trưởng khối thực hiện.")


def leads_unit(standing: Standing, unit_id: int) -> Verdict:
    """Only leaders of the unit concerned."""
    return allow_if(unit_id in standing.leads, "Việc này do lãnh đạo đơn vị thực hiện.")


def works_for_unit(standing: Standing, unit_id: int) -> Verdict:
    """Only people with a post in the unit concerned."""
    return allow_if(unit_id in standing.units, "Việc này do chính đơn vị thực hiện.")


def can_prepare_year(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Edit members, meetings, papers, activities, deadlines: the secretary or the board."""
    return all_of(
        any_of(is_board(standing), is_secretary(standing)),
        year_is_open(bloc_year),
    )


def can_set_members(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Change the list of members: not once the table has been tabled."""
    if YearStatus(bloc_year.status).reached(YearStatus.MEETING):
        return refuse("Bảng tổng hợp đã trình hội nghị nên không thay đổi thành viên được nữa.")
    return can_prepare_year(standing, bloc_year)


def can_set_terms(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Name head, deputies and stand-in: the board only (an election is recorded apart)."""
    return all_of(is_board(standing), year_is_open(bloc_year))


def can_extend(standing: Standing, bloc_year: BlocYear, unit_id: int) -> Verdict:
    """Grant a unit more time: the head or the board, never for one's own unit."""
    return all_of(
        any_of(is_board(standing), is_head(standing)),
        no_conflict(standing, unit_id),
        year_is_open(bloc_year),
    )
