"""The secretary brings in a whole score table: fetch, upload, read what it does, confirm.

Nothing is kept between the preview and the confirmation: the page carries the table as it was
read, signed for this person and this year.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blocs.models import BlocYear
from blocs.services.imports.uploads import excel_content
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.differences import ShownChange, ShownDifference, in_file
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import Conflict, require
from emulation.models import User
from emulation.office import xlsx_response
from emulation.plans import PlanMoved
from scoring.enums import PointStage
from scoring.exports.score_table import score_table
from scoring.forms.score_import import POINTS, ScoreImportForm
from scoring.permissions.sheet import can_import_scores
from scoring.services.score_tables.applying import Outcome, import_scores
from scoring.services.score_tables.planning import Change
from scoring.services.score_tables.reading import ScoreTable, read_table, table_from

TITLE = "Nhập bảng điểm từ tệp Excel"
TAB = "sheets"
HOURS_TO_CONFIRM = 4
SHOWN = 500
UNSCORED = "chưa chấm"


def _year(request: HttpRequest, year_id: int) -> tuple[User, BlocYear, Standing]:
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(can_import_scores(standing, bloc_year))
    return user, bloc_year, standing


@require_http_methods(["GET", "POST"])
def score_import(request: HttpRequest, year_id: int) -> HttpResponse:
    """Offer the workbook; show what a filled one would do."""
    user, bloc_year, standing = _year(request, year_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ScoreImportForm(*sent)
    tables: list[ScoreTable] = []

    def read() -> None:
        tables.append(read_table(excel_content(form.cleaned_data["uploaded"])))

    if accepted(request, form, read):
        given = {
            "stage": form.cleaned_data["stage"],
            "as_points": form.cleaned_data["values"] == POINTS,
            "submit": form.cleaned_data["submit"],
        }
        return _preview(request, (user, bloc_year, standing), tables[0], given)
    context = {**frame(request, bloc_year, standing, tab=TAB, title=TITLE), "form": form}
    return render(request, "scoring/score_import.html", context)


def _preview(
    request: HttpRequest,
    place: tuple[User, BlocYear, Standing],
    table: ScoreTable,
    given: dict[str, Any],
    *,
    moved: bool = False,
) -> HttpResponse:
    user, bloc_year, standing = place
    outcome = _imported(user, bloc_year, table, given, dry_run=True)
    crumbs = [(TITLE, reverse("score_import", args=[bloc_year.pk]))]
    page = Paginator(outcome.plan.changes, SHOWN).get_page(1)
    context = {
        **frame(request, bloc_year, standing, tab=TAB, title="Xem trước", crumbs=crumbs),
        "plan": outcome.plan,
        "problems": outcome.plan.problems,
        "page": page,
        "differences": [_shown(change) for change in page.object_list],
        "submitted": outcome.submitted,
        "can_confirm": not outcome.plan.problems
        and bool(outcome.plan.changes or outcome.submitted),
        "moved": moved,
        "token": signing.dumps(
            {"table": asdict(table), "given": given}, salt=_salt(user, bloc_year), compress=True
        ),
    }
    return render(request, "scoring/score_import_preview.html", context)


def _shown(change: Change) -> ShownDifference:
    told = ShownChange(change.column, change.before or UNSCORED, change.after or UNSCORED)
    word, tone = ("thay đổi", "active") if change.before else ("mới", "good")
    return ShownDifference(change.unit, in_file(change.sheet, change.row), word, tone, (told,))


def _salt(user: User, bloc_year: BlocYear) -> str:
    return f"score-import-{user.pk}-{bloc_year.pk}"


def _imported(
    user: User, bloc_year: BlocYear, table: ScoreTable, given: dict[str, Any], **how: Any
) -> Outcome:
    return import_scores(
        actor=user,
        bloc_year=bloc_year,
        stage=PointStage(given["stage"]),
        table=table,
        as_points=given["as_points"],
        submit=given["submit"],
        **how,
    )


@require_safe
def score_import_template(request: HttpRequest, year_id: int) -> HttpResponse:
    """Hand out the workbook: units and criteria, and what the reader may know filled in."""
    user, bloc_year, _ = _year(request, year_id)
    given = request.GET.get("cot")
    stage = PointStage.APPRAISED if given == PointStage.APPRAISED else PointStage.SELF
    as_points = request.GET.get("gia-tri") == POINTS
    content = score_table(user, bloc_year, stage, as_points=as_points)
    return xlsx_response(content, f"Bảng điểm {stage.label} {bloc_year.name} {bloc_year.year}")


@require_POST
def score_import_confirm(request: HttpRequest, year_id: int) -> HttpResponse:
    """Write what was seen; where the sheets moved meanwhile, show it anew."""
    user, bloc_year, standing = _year(request, year_id)
    try:
        said = signing.loads(
            request.POST.get("token", ""),
            salt=_salt(user, bloc_year),
            max_age=HOURS_TO_CONFIRM * 3600,
        )
    except signing.BadSignature as fault:
        raise Conflict("Bản xem trước đã hết hạn. Đề nghị tải tệp lên lại.") from fault
    table, given = table_from(said["table"]), said["given"]
    seen = request.POST.get("seen", "") or "-"
    try:
        outcome = _imported(user, bloc_year, table, given, seen=seen)
    except PlanMoved:
        return _preview(request, (user, bloc_year, standing), table, given, moved=True)
    if outcome.plan.problems:
        return _preview(request, (user, bloc_year, standing), table, given, moved=True)
    messages.success(request, f"Đã nhập {len(outcome.plan.changes)} thay đổi từ bảng điểm.")
    return redirect("sheet_list", year_id)
