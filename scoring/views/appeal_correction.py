"""Upholding an appeal: the board corrects lines, reads what follows from it, and confirms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import Conflict, require
from emulation.plans import PlanMoved
from emulation.vietnamese import format_points
from scoring.enums import AppealStatus, PointStage
from scoring.forms.line_inputs import LineField, line_fields, shown_texts, typed_texts
from scoring.models import Appeal
from scoring.permissions.results import can_decide_appeal
from scoring.selectors.appraisal_content import AppraisalLine, appraisal_of
from scoring.selectors.results import get_appeal, official_sheet_of
from scoring.services.appeal_corrections import (
    NO_OFFICIAL_POINTS,
    Correction,
    Upheld,
    preview_upholding,
    uphold_appeal,
)
from scoring.views.appraisal_pages import refused
from scoring.views.result_pages import open_year, result_frame


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the unit's result, with the fields in which it is corrected."""

    prefix: str
    code: str
    title: str
    declared: str
    official: str
    points: str
    version: str
    fields: list[LineField]
    reason: str
    reason_error: str
    is_open: bool


@dataclass(slots=True)
class Outcome:
    """What became of what was posted: refused, read before it is done, or otherwise than read."""

    errors: Mapping[str, str] = field(default_factory=dict)
    upheld: Upheld | None = None
    is_done: bool = False
    has_moved: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_correct(request: HttpRequest, year_id: int, appeal_id: int) -> HttpResponse:
    """Correct the lines an upheld appeal is about; nothing is written before it was read."""
    bloc_year, standing = open_year(request, year_id)
    appeal = get_appeal(bloc_year, standing, appeal_id)
    require(can_decide_appeal(standing, appeal))
    if appeal.status == AppealStatus.DECIDED:
        raise Conflict("Kiến nghị này đã được giải quyết.")
    lines = _lines(appeal)
    outcome = _outcome(request, appeal, lines) if request.method == "POST" else Outcome()
    if outcome.is_done:
        messages.success(
            request,
            f"Đã chấp nhận kiến nghị của {appeal.membership}, sửa kết quả. Bảng xếp hạng có bản "
            "mới; bản cũ vẫn xem được.",
        )
        return redirect("appeal_list", year_id=bloc_year.pk)
    return _page(request, bloc_year, standing, appeal, lines, outcome)


def _lines(appeal: Appeal) -> list[AppraisalLine]:
    """Return the lines that can be corrected: all but those the system computes."""
    sheet = official_sheet_of(appeal.membership_id)
    if sheet is None:
        raise Conflict(NO_OFFICIAL_POINTS)
    content = appraisal_of(sheet, stage=PointStage.FINAL)
    return [line for line in content.lines if line.place.leaf.automatic is None]


def _outcome(request: HttpRequest, appeal: Appeal, lines: list[AppraisalLine]) -> Outcome:
    """Try what was posted; do it where it is what the person has read."""
    user, seen = person(request), request.POST.get("seen", "")
    corrections = _corrections(request.POST, lines)
    decision = request.POST.get("decision", "")
    try:
        if seen:
            uphold_appeal(
                actor=user, appeal=appeal, lines=corrections, decision=decision, seen=seen
            )
            return Outcome(is_done=True)
        return Outcome(
            upheld=preview_upholding(
                actor=user, appeal=appeal, lines=corrections, decision=decision
            )
        )
    except ValidationError as error:
        return Outcome(errors=refused(error))
    except PlanMoved:
        upheld = preview_upholding(actor=user, appeal=appeal, lines=corrections, decision=decision)
        return Outcome(upheld=upheld, has_moved=True)


def _corrections(data: Mapping[str, str], lines: list[AppraisalLine]) -> dict[int, Correction]:
    """Return what was typed on the lines that read otherwise than they are stored."""
    found = {}
    for line in lines:
        row, leaf, prefix = line.row, line.place.leaf, _prefix(line)
        texts = typed_texts(leaf, prefix, data)
        version = data.get(f"{prefix}-v", "")
        if texts == shown_texts(leaf, row.final_input) or not version.isdecimal():
            continue
        reason = data.get(f"{prefix}-reason", "")
        found[row.criterion_id] = Correction(int(version[:18]), texts, reason)
    return found


def _prefix(line: AppraisalLine) -> str:
    return f"c{line.row.criterion_id}"


# ---------------------------------------------------------------- the page


def _page(
    request: HttpRequest,
    bloc_year: BlocYear,
    standing: Standing,
    appeal: Appeal,
    lines: list[AppraisalLine],
    outcome: Outcome,
) -> HttpResponse:
    back = reverse("appeal_list", args=[bloc_year.pk])
    title = f"Sửa kết quả của {appeal.membership} theo kiến nghị"
    context = result_frame(
        request, bloc_year, standing, page="appeals", title=title, crumbs=[("Kiến nghị", back)]
    )
    context |= {
        "appeal": appeal,
        "rows": [_row(request, line, outcome.errors) for line in lines],
        "decision": request.POST.get("decision", ""),
        "decision_error": outcome.errors.get("decision", ""),
        "errors": [(_target(key), text) for key, text in outcome.errors.items()],
        "upheld": outcome.upheld,
        "has_moved": outcome.has_moved,
        "back_url": reverse("appeal_decide", args=[bloc_year.pk, appeal.pk]),
    }
    status = 409 if outcome.has_moved else 200
    return render(request, "scoring/appeal_correct.html", context, status=status)


def _row(request: HttpRequest, line: AppraisalLine, errors: Mapping[str, str]) -> LineRow:
    row, leaf, prefix = line.row, line.place.leaf, _prefix(line)
    stored = shown_texts(leaf, row.final_input)
    posted = request.method == "POST"
    texts = typed_texts(leaf, prefix, request.POST) if posted else stored
    own = {f"c{key}": text for key, text in errors.items() if f"c{key}".startswith(f"{prefix}-")}
    return LineRow(
        prefix=prefix,
        code=leaf.code,
        title=leaf.title,
        declared=line.declared,
        official=line.declared if row.final_input == row.self_input else line.corrected,
        points=format_points(row.final_points),
        version=request.POST.get(f"{prefix}-v", "") if posted else str(row.version),
        fields=line_fields(leaf, prefix, texts, own),
        reason=request.POST.get(f"{prefix}-reason", ""),
        reason_error=own.get(f"{prefix}-reason", ""),
        is_open=bool(own) or texts != stored,
    )


def _target(key: str) -> str:
    """Return the id of the field a refusal is about."""
    if not key[:1].isdecimal():
        return key
    return f"c{key}" if key.endswith("-reason") else f"o-c{key}"
