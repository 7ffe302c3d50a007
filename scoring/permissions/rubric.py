"""Who may build, comment on, answer and issue a rubric."""

from __future__ import annotations

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.permissions import is_head, is_secretary, works_for_unit
from blocs.standing import Standing
from emulation.access import Verdict, all_of, allow_if
from scoring.enums import RubricStatus
from scoring.models import Rubric, RubricComment

TABLED = "Bảng tổng hợp đã trình hội nghị nên không thay đổi bảng chấm điểm của năm này được nữa."
ISSUED = "Bảng chấm điểm đã ban hành nên không sửa được. Nếu cần sửa, đề nghị tạo lần ban hành mới."


def rubric_is_open(bloc_year: BlocYear) -> Verdict:
    """A year's tables change until its results are tabled."""
    return allow_if(not bloc_year.step.reached(YearStatus.MEETING), TABLED)


def can_create_rubric(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Draft a table or a new version: the secretary."""
    return all_of(is_secretary(standing), rubric_is_open(bloc_year))


def is_not_issued(rubric: Rubric) -> Verdict:
    """What has been issued is frozen."""
    editable = rubric.stage in {RubricStatus.DRAFT, RubricStatus.CONSULTING}
    return allow_if(editable, ISSUED)


def can_edit_rubric(standing: Standing, rubric: Rubric) -> Verdict:
    """Change sections, criteria, grades: the secretary, until the table is issued."""
    return all_of(is_secretary(standing), is_not_issued(rubric), rubric_is_open(rubric.bloc_year))


def can_consult(standing: Standing, rubric: Rubric) -> Verdict:
    """Open the consultation: the secretary."""
    return can_edit_rubric(standing, rubric)


def is_being_consulted(rubric: Rubric) -> Verdict:
    """Comments are taken while the draft is out for comment."""
    return allow_if(
        rubric.stage is RubricStatus.CONSULTING,
        "Bảng chấm điểm không ở bước lấy ý kiến nên không nhận góp ý.",
    )


def can_comment_for(standing: Standing, rubric: Rubric, unit_id: int) -> Verdict:
    """Comment for one's own unit."""
    return all_of(is_being_consulted(rubric), works_for_unit(standing, unit_id))


def can_record_comment(standing: Standing, rubric: Rubric) -> Verdict:
    """Enter what a member said at a meeting: the secretary."""
    return all_of(is_being_consulted(rubric), is_secretary(standing))


def can_comment(standing: Standing, rubric: Rubric) -> Verdict:
    """Say anything at all on the draft: any member's people, or the secretary for them."""
    speaks = allow_if(
        standing.is_member or standing.is_secretary,
        "Việc góp ý do các đơn vị thành viên của Khối thực hiện.",
    )
    return all_of(is_being_consulted(rubric), speaks)


def can_reply(standing: Standing, comment: RubricComment) -> Verdict:
    """Answer a comment: the head or the secretary, until the table is issued."""
    return can_edit_rubric(standing, comment.rubric)


def can_issue(standing: Standing, rubric: Rubric) -> Verdict:
    """Issue and freeze a table: a leader of the head unit."""
    return all_of(is_head(standing), rubric_is_open(rubric.bloc_year))


def is_in_force(rubric: Rubric) -> Verdict:
    """Sheets move to the version in force, to no other."""
    return allow_if(
        rubric.stage is RubricStatus.ISSUED,
        "Chỉ chuyển bảng tự chấm sang bảng chấm điểm đang áp dụng.",
    )


def can_prepare_move(standing: Standing, rubric: Rubric) -> Verdict:
    """Read what moving the sheets to a version would do: the secretary."""
    return all_of(is_secretary(standing), is_in_force(rubric), rubric_is_open(rubric.bloc_year))


def can_move_sheets(standing: Standing, rubric: Rubric) -> Verdict:
    """Move sheets to the version in force: a leader of the head unit, until the table is tabled.

    The head's own sheet goes along with all others by the same rule.
    """
    return all_of(is_head(standing), is_in_force(rubric), rubric_is_open(rubric.bloc_year))


def can_try_rubric(standing: Standing, rubric: Rubric) -> Verdict:
    """Score by way of trial: secretary, head and board; the members while they are consulted."""
    consulted = standing.is_member and rubric.stage is RubricStatus.CONSULTING
    return allow_if(
        standing.is_secretary or standing.is_board or consulted,
        "Việc chấm thử do thư ký, Trưởng khối và Hội đồng thực hiện; các đơn vị thành viên chấm "
        "thử trong thời gian góp ý dự thảo.",
    )
