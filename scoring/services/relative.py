"""Points that rest on other units' figures: computed for all when one of them changes."""

from __future__ import annotations

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from emulation.models import User
from scoring.enums import PointStage, SheetStatus
from scoring.models import Criterion, ScoreLine, ScoreSheet
from scoring.selectors.leaders import leaders_of
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import lines_of
from scoring.services.sheet_workflow import acting_on
from scoring.services.totals import put_points, record_changes, score, snapshot, store_total

FINAL = PointStage.FINAL
TABLED = "Tính điểm theo đơn vị vượt chỉ tiêu cao nhất"
NO_LEADERS = "Chưa tính điểm theo đơn vị vượt chỉ tiêu cao nhất: bảng chưa trình hội nghị"


def settle_relative(*, actor: User, bloc_year: BlocYear) -> None:
    """Compute the final points of every approved sheet that has relative targets anew.

    Called inside the caller's transaction, which has asked who may. Effects, in order: points
    and totals of the sheets; a PointChange for each line that changed. One query where the year
    has no such target.
    """
    relative = Criterion.objects.filter(relative=True, rubric__bloc_year=bloc_year)
    rubrics = set(relative.order_by("pk").values_list("rubric_id", flat=True))
    if not rubrics:
        return
    is_tabled = bloc_year.step.reached(YearStatus.MEETING)
    leaders = leaders_of(bloc_year) if is_tabled else {}
    standing = standing_in(actor, bloc_year)
    sheets = ScoreSheet.objects.select_for_update(of=("self",)).filter(
        bloc_year=bloc_year, rubric__in=rubrics, status=SheetStatus.APPROVED
    )
    for sheet in sheets.select_related("rubric", "membership__unit").order_by("pk"):
        sheet.bloc_year = bloc_year
        lines = list(lines_of(sheet))
        before = snapshot(lines, FINAL)
        scored = score(sheet, FINAL, rules_of(sheet.rubric), lines, leaders)
        changed = put_points(scored, FINAL, lines)
        ScoreLine.objects.bulk_update(changed, ["final_points"])
        store_total(sheet, FINAL, scored)
        reasons = {line.pk: TABLED if is_tabled else NO_LEADERS for line in lines}
        acting = acting_on(standing, sheet)
        record_changes(lines, FINAL, before, actor=actor, acting=acting, reasons=reasons)
