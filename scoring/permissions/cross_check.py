"""Who sets who appraises a year's sheets, who names departments' people and cross-checkers, who
gives an opinion.
"""

from __future__ import annotations

from blocs.enums import AppraisedBy
from blocs.models import BlocYear
from blocs.permissions import can_edit_year
from blocs.standing import Standing, no_conflict
from emulation.access import Verdict, allow_if
from scoring.models import CrossCheck, ScoreSheet
from scoring.permissions.appraisal import before_tabling, is_handed_in
from scoring.selectors.sheets import may_read_content


def can_set_appraisers(standing: Standing, bloc_year: BlocYear, begun: str) -> Verdict:
    """Say who appraises a year's sheets: whoever edits the year, until one sheet is appraised.

    ``begun`` names the unit whose appraisal began first; empty where none has.
    """
    return can_edit_year(standing, bloc_year) and allow_if(
        not begun,
        f"Việc thẩm định đã bắt đầu (bảng chấm điểm của {begun}) nên không đổi người thẩm định "
        "được nữa: các bảng trong cùng một năm phải được thẩm định theo cùng một cách.",
    )


def can_name_department_people(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Say who appraises for departments: whoever edits the year, also once appraisal has begun."""
    return can_edit_year(standing, bloc_year) and allow_if(
        bloc_year.appraised_by == AppraisedBy.DEPARTMENTS,
        "Năm này không giao bộ phận chuyên môn thẩm định nên không cử người cho bộ phận.",
    )


DEALS = "Việc phân công kiểm tra chéo do Trưởng khối, Phó Trưởng khối hoặc Thư ký Khối thực hiện."


def can_open_dealing(standing: Standing) -> Verdict:
    """Open the page of all assignments of a year: the people of the head, deputies, stand-in."""
    stands_in = standing.is_of_deputy or standing.stand_in in standing.units
    return allow_if(standing.is_secretary or stands_in, DEALS)


def can_assign_cross_check(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Name the checkers of a sheet: whoever opens the dealing, never for one's own unit."""
    return (
        no_conflict(standing, sheet.membership.unit_id)
        and can_open_dealing(standing)
        and before_tabling(sheet)
    )


def is_checker(standing: Standing, sheet: ScoreSheet, check: CrossCheck | None) -> Verdict:
    """Whoever is assigned to check this sheet, still serves a member, and not its own unit."""
    mine = check is not None and check.checker_id == standing.user_id and check.ended_at is None
    return no_conflict(standing, sheet.membership.unit_id) and allow_if(
        mine and standing.is_member,
        "Việc này do người được phân công kiểm tra chéo thực hiện.",
    )


def can_cross_check(standing: Standing, sheet: ScoreSheet, check: CrossCheck | None) -> Verdict:
    """Write an opinion on a sheet that the checker may read, until the table is tabled."""
    return (
        is_checker(standing, sheet, check)
        and is_handed_in(sheet)
        and may_read_content(standing, sheet)
        and before_tabling(sheet)
    )
