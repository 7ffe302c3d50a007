"""What every page of the appraisal shares: its doors, its frame, the words of its status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.frame import Crumb, frame, person
from emulation.access import require
from emulation.vietnamese import format_date, format_moment
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import ONE_DOES_BOTH, can_read_appraisal
from scoring.selectors.sheets import get_sheet_for_user
from scoring.selectors.staffing import Oversight
from scoring.views.sheet_page import paper_words

TAB = "appraisal"


def open_appraisal(request: HttpRequest, sheet_id: int) -> tuple[ScoreSheet, Standing]:
    """Return a sheet whose appraisal the person may read; Http404, or Refused with the reason."""
    sheet, standing = get_sheet_for_user(person(request), sheet_id)
    require(can_read_appraisal(standing, sheet))
    return sheet, standing


def appraisal_frame(
    request: HttpRequest,
    sheet: ScoreSheet,
    standing: Standing,
    title: str,
    *,
    below: Sequence[Crumb] = (),
) -> dict[str, Any]:
    """Return the frame of a page about one sheet."""
    crumbs = [overview_crumb(sheet.bloc_year), *below]
    context = frame(request, sheet.bloc_year, standing, tab=TAB, title=title, crumbs=crumbs)
    return context | {"sheet": sheet, "unit": sheet.membership.unit_name}


def overview_crumb(bloc_year: BlocYear) -> Crumb:
    """Return the way up to the overview."""
    return ("Thẩm định", reverse("appraisal_list", args=[bloc_year.pk]))


def sheet_crumb(sheet: ScoreSheet) -> Crumb:
    """Return the way up to the sheet's appraisal."""
    return (sheet.membership.unit_name, reverse("appraise", args=[sheet.pk]))


def handed_in_words(sheet: ScoreSheet) -> str:
    """Return when the sheet was handed in and whether on time."""
    if sheet.submitted_at is None:
        return "Đơn vị chưa nộp bảng tự chấm điểm."
    late = f"muộn {sheet.days_late} ngày" if sheet.days_late else "đúng hạn"
    return f"Nộp {late}, lúc {format_moment(sheet.submitted_at)}. {paper_words(sheet)}".strip()


def outcome_words(sheet: ScoreSheet) -> str:
    """Return who finished each round and who approved the appraisal, and when."""
    said = []
    if sheet.first_round_at and sheet.first_round_by:
        day = format_moment(sheet.first_round_at)
        said.append(f"{sheet.first_round_by.full_name} xong vòng một lúc {day}.")
    if sheet.appraised_at and sheet.appraised_by:
        day = format_moment(sheet.appraised_at)
        said.append(f"{sheet.appraised_by.full_name} thẩm định xong lúc {day}.")
    if sheet.approved_at and sheet.approved_by:
        said.append(f"{sheet.approved_by.full_name} duyệt lúc {format_moment(sheet.approved_at)}.")
    return " ".join(said)


def one_person_words(sheet: ScoreSheet, oversight: Oversight) -> str:
    """Return the sentence for a sheet on which one person does both; empty otherwise."""
    did_both = sheet.approved_by_id is not None and sheet.approved_by_id == sheet.appraised_by_id
    if did_both:
        return ONE_DOES_BOTH
    return ONE_DOES_BOTH if oversight.is_alone and sheet.approved_by_id is None else ""


def due_words(sheet: ScoreSheet) -> str:
    """Return the deadline of the explanation round in words."""
    if sheet.explanation_due_on is None:
        return ""
    return f"Hạn giải trình: hết ngày {format_date(sheet.explanation_due_on)}."


def refused(error: ValidationError) -> dict[str, str]:
    """Return what a service refused, by key, each as one sentence."""
    if hasattr(error, "error_dict"):
        return {key: " ".join(texts) for key, texts in error.message_dict.items()}
    return {"": " ".join(error.messages)}


def put_refusal(form: BaseForm, error: ValidationError) -> None:
    """Put what a service refused at its field, else over the form."""
    for key, text in refused(error).items():
        form.add_error(key if key in form.fields else None, text)
