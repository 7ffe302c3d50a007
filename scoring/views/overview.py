"""All sheets of a year at a glance, and the table of units by sections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from blocs.enums import AppraisedBy, YearStatus
from blocs.models import BlocYear
from blocs.standing import NO_STAND_IN, Standing
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import Verdict, refuse, require
from emulation.office import xlsx_response
from emulation.vietnamese import format_points
from scoring.enums import EXPLAINED, PointStage, SheetStatus
from scoring.exports.summary import overview_for, summary_workbook, why_empty
from scoring.exports.summary_paper import summary_paper
from scoring.models import Dispute
from scoring.permissions.appraisal import can_appraise, can_read_summary
from scoring.permissions.cross_check import can_assign_cross_check, can_open_dealing
from scoring.permissions.explanations import can_settle
from scoring.selectors.disputes import disputes_of_year
from scoring.selectors.overview import Overview, SheetRow
from scoring.selectors.staffing import Staffing, staffing_of
from scoring.services.appraisal import TO_APPRAISE
from scoring.services.approval import approvable
from scoring.views.appraisal_pages import TAB

DASH = "–"
BY_STATE = "trang-thai"
STATES = (
    SheetStatus.APPRAISED,
    SheetStatus.EXPLANATION_REQUESTED,
    SheetStatus.SECOND_ROUND,
    SheetStatus.APPRAISING,
    SheetStatus.SUBMITTED,
    SheetStatus.DRAFTING,
    SheetStatus.NOT_STARTED,
    SheetStatus.APPROVED,
)


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """A row of the overview: the sheet as seen, where it leads, whether it can be approved."""

    row: SheetRow
    url: str
    appraise_url: str
    check_url: str
    approvable: Verdict
    late: str
    state: str
    differing: str
    words: tuple[str, ...]
    own: str
    appraised: str
    final: str
    official: str
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute in the list for the meeting; ``settle_url`` where the reader may settle it."""

    dispute: Dispute
    unit: str
    settle_url: str


@require_safe
def appraisal_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show all sheets of a year at a glance, and the table of units by sections."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    staffing = staffing_of(standing, bloc_year.pk)
    overview = overview_for(user, bloc_year, standing, staffing)
    rows = [_glance(row, standing, staffing) for row in overview.rows]
    by_state = request.GET.get("xep") == BY_STATE
    context = {
        **frame(request, bloc_year, standing, tab=TAB, title="Thẩm định, duyệt điểm"),
        "overview": overview,
        "rows": rows,
        "glance": sorted(rows, key=_state_order) if by_state else rows,
        "by_state": by_state,
        "sentence": _sentence(overview),
        "can_tick": any(each.approvable for each in rows),
        "appraised_by": AppraisedBy(bloc_year.appraised_by).label,
        "deals": can_open_dealing(standing) and not bloc_year.step.reached(YearStatus.MEETING),
        "summary": can_read_summary(standing, bloc_year),
        "disputes": _disputes(bloc_year, standing, staffing, overview),
        "no_stand_in": _no_stand_in(standing),
        "alone": _alone(standing, staffing, overview),
    }
    return render(request, "scoring/overview.html", context)


def _state_order(each: GlanceRow) -> int:
    """Return where a sheet stands among the states: those that wait for approval first."""
    return STATES.index(each.row.sheet.stage)


@require_safe
def summary_xlsx(request: HttpRequest, year_id: int) -> HttpResponse:
    """Download the table of units by sections as an Excel file."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(can_read_summary(standing, bloc_year))
    overview = overview_for(user, bloc_year, standing)
    name = f"Bảng tổng hợp điểm {bloc_year.name} {bloc_year.year}"
    return xlsx_response(summary_workbook(bloc_year, overview), name)


@require_safe
def summary_docx(request: HttpRequest, year_id: int) -> HttpResponse:
    """Download the table of units by sections as a Word file, lying, with places to sign."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(can_read_summary(standing, bloc_year))
    return summary_paper(bloc_year, overview_for(user, bloc_year, standing))


# ---------------------------------------------------------------- rows


def _glance(row: SheetRow, standing: Standing, staffing: Staffing) -> GlanceRow:
    sheet, sight = row.sheet, row.sight
    assigns = can_assign_cross_check(standing, sheet)
    return GlanceRow(
        row=row,
        url=reverse("appraise", args=[sheet.pk]) if sight.lines else "",
        appraise_url=_appraise_url(row, standing, staffing),
        check_url=reverse("cross_checks", args=[sheet.pk]) if assigns else "",
        approvable=_tick(row, standing, staffing),
        late=f"muộn {sheet.days_late} ngày" if sheet.days_late else "",
        state=_progress(row),
        differing=str(row.counts.differing) if sight.lines and row.is_judged else "",
        words=tuple(_open_words(row)),
        own=_cell(row, PointStage.SELF),
        appraised=_cell(row, PointStage.APPRAISED),
        final=_cell(row, PointStage.FINAL),
        official=_cell(row, row.official_stage),
        sections=tuple((_short(own), _short(judged)) for own, judged in row.sections),
    )


def _appraise_url(row: SheetRow, standing: Standing, staffing: Staffing) -> str:
    """Return where the reader appraises a sheet that waits for it; empty for anybody else."""
    waits = row.sheet.stage in TO_APPRAISE and not row.out
    acts = waits and row.sight.lines and can_appraise(standing, row.sheet, staffing)
    return reverse("appraise", args=[row.sheet.pk]) if acts else ""


def _cell(row: SheetRow, stage: PointStage) -> str:
    points = row.points(stage)
    return format_points(points) if points is not None else why_empty(row, stage)


def _short(points: Decimal | None) -> str:
    return format_points(points, empty=DASH)


def _tick(row: SheetRow, standing: Standing, staffing: Staffing) -> Verdict:
    """Tell whether the sheet gets a box to tick; only finished ones are asked about."""
    if row.out:
        return refuse(f"Đơn vị {row.out}; bảng chấm điểm được giữ nguyên.")
    if row.sheet.stage is not SheetStatus.APPRAISED:
        return refuse("Bảng chấm điểm chưa thẩm định xong.")
    return approvable(standing, row.sheet, staffing)


def _progress(row: SheetRow) -> str:
    counts = row.counts
    if row.is_in_work and counts.to_judge:
        return f"Đã thẩm định {counts.judged}/{counts.to_judge} tiêu chí."
    return ""


def _open_words(row: SheetRow) -> Iterable[str]:
    """Yield what is still open between the unit and its appraisers."""
    counts = row.counts
    if counts.unspoken:
        yield f"{counts.unspoken} tiêu chí chờ đơn vị giải trình"
    if counts.unanswered:
        yield f"{counts.unanswered} ý kiến chờ trả lời"
    if counts.disputes:
        yield f"{counts.disputes} nội dung chờ hội nghị"


def _disputes(
    bloc_year: BlocYear, standing: Standing, staffing: Staffing, overview: Overview
) -> list[DisputeRow]:
    """Return the disputes of the sheets whose lines the reader follows."""
    sheets = {row.sheet.pk: row.sheet for row in overview.rows if row.sight.lines}
    if not any(row.has_disputes for row in overview.rows if row.sight.lines):
        return []
    rows = []
    for dispute in disputes_of_year(bloc_year, list(sheets)):
        dispute.sheet = sheets[dispute.sheet_id]
        settles = dispute.resolved_at is None and can_settle(standing, dispute, staffing)
        url = reverse("dispute_settle", args=[dispute.sheet_id, dispute.pk]) if settles else ""
        rows.append(DisputeRow(dispute, dispute.sheet.membership.unit_name, url))
    return rows


# ---------------------------------------------------------------- how it stands


def _sentence(overview: Overview) -> str:
    """Return how the year's appraisal stands."""
    total = len(overview.competing)
    if not overview.rows:
        return "Chưa mở bảng chấm điểm cho đơn vị nào."
    counts = dict(overview.status_counts)
    explained = sum(row.face is EXPLAINED for row in overview.competing)
    waiting = SheetStatus.EXPLANATION_REQUESTED
    counts[waiting] = counts.get(waiting, 0) - explained
    parts = [f"Đã duyệt {counts.get(SheetStatus.APPROVED, 0)}/{total} bảng chấm điểm."]
    for status, words in (
        (SheetStatus.APPRAISED, "bảng chờ duyệt"),
        (SheetStatus.SECOND_ROUND, "bảng đang thẩm định vòng hai"),
        (SheetStatus.EXPLANATION_REQUESTED, "bảng chờ đơn vị giải trình"),
        (SheetStatus.APPRAISING, "bảng đang thẩm định"),
        (SheetStatus.SUBMITTED, "bảng chờ thẩm định"),
        (SheetStatus.DRAFTING, "bảng đơn vị đang tự chấm"),
        (SheetStatus.NOT_STARTED, "bảng chưa bắt đầu"),
    ):
        if counts.get(status):
            parts.append(f"{counts[status]} {words}.")
        if status is waiting and explained:
            parts.append(f"{explained} bảng chờ trả lời, kết thúc giải trình.")
    return " ".join(parts)


def _no_stand_in(standing: Standing) -> str:
    return NO_STAND_IN if standing.head is not None and standing.stand_in is None else ""


def _alone(standing: Standing, staffing: Staffing, overview: Overview) -> str:
    """Return the head unit's name where its stand-in has one person only; empty otherwise."""
    for row in overview.rows:
        unit_id = row.sheet.membership.unit_id
        if unit_id == standing.head and staffing.oversight(standing, unit_id).is_alone:
            return row.unit
    return ""
