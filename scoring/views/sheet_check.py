"""Everything on one page before the sheet is handed in, and the handing in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from blocs.enums import PostRole
from blocs.selectors.members import people_of
from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import require
from emulation.forms import OfficialForm
from emulation.vietnamese import format_date
from scoring.forms.sheet import SubmitForm
from scoring.models import ScoreSheet
from scoring.permissions.sheet import can_fill_sheet
from scoring.selectors.sheet_content import MissingItem, content_of, missing_items
from scoring.selectors.sheet_lines import evidence_on
from scoring.selectors.sheets import get_sheet_for_user, paper_of
from scoring.services.sheet_workflow import SUBMIT
from scoring.services.sheets import submit_sheet
from scoring.views.sheet_bar import figures_of
from scoring.views.sheet_page import sheet_frame, submit_offer, wanting_of
from scoring.views.sheet_rows import section_views


@require_GET
def sheet_check(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show everything that will be sent, before it is."""
    found, standing = get_sheet_for_user(person(request), sheet_id)
    if found.submitted_at is not None and found.membership.unit_id in standing.units:
        return redirect("sheet_receipt", sheet_id)
    require(can_fill_sheet(standing, found))
    missing = missing_items(found)
    return _check_page(request, found, standing, missing, _submit_form(standing, found, missing))


@require_POST
def sheet_submit(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Hand the sheet in; a second press of the same button leads to the same receipt."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    if found.submitted_at is not None and found.membership.unit_id in standing.units:
        messages.info(request, "Bảng tự chấm điểm đã nộp rồi, không nộp lại lần nữa.")
        return redirect("sheet_receipt", sheet_id)
    require(can_fill_sheet(standing, found))
    missing = missing_items(found)
    form = _submit_form(standing, found, missing, request)
    if form.is_valid():
        try:
            submit_sheet(
                actor=user,
                sheet=found,
                approving_leader=form.cleaned_data["approving_leader"],
                confirm_blanks=form.cleaned_data.get("confirm_blanks", False),
                declaration=form.declaration,
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("sheet_receipt", sheet_id)
    return _check_page(request, found, standing, missing, form)


def put_errors(form: OfficialForm, error: ValidationError) -> None:
    """Show a service's refusal at the field it names, or above the form."""
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)


def _submit_form(
    standing: Standing,
    found: ScoreSheet,
    missing: list[MissingItem],
    request: HttpRequest | None = None,
) -> SubmitForm:
    return SubmitForm(
        request.POST if request else None,
        leads=found.membership.unit_id in standing.leads,
        blanks=", ".join(item.code for item in missing if item.asks_confirmation),
        declaration=_declaration(found),
        person=standing.person,
        leaders=_leaders(found),
    )


def _leaders(found: ScoreSheet) -> list[str]:
    """Return the unit's leaders as they are named on a paper: "Nguyễn Văn An, Giám đốc"."""
    unit_id = found.membership.unit_id
    posts = people_of([unit_id]).get(unit_id, [])
    return [
        ", ".join(filter(None, (post.user.full_name, post.title)))
        for post in posts
        if post.role == PostRole.LEADER
    ]


def _declaration(found: ScoreSheet) -> str:
    """Return what is declared on handing in; of a paper, that it was entered as it stands."""
    paper = paper_of(found)
    if paper is not None and paper.is_open:
        day = format_date(paper.received_on)
        return f"Số liệu nhập đúng với bản giấy của đơn vị, nhận ngày {day}."
    return (
        "Đơn vị cam đoan số liệu, minh chứng trong bảng là đúng sự thật và chịu trách nhiệm về nội "
        "dung đã kê khai."
    )


def _check_page(
    request: HttpRequest,
    found: ScoreSheet,
    standing: Standing,
    missing: list[MissingItem],
    form: SubmitForm,
) -> HttpResponse:
    content = content_of(found)
    page = reverse("sheet", args=[found.pk])
    context = {
        **sheet_frame(request, found, standing, "Kiểm tra trước khi nộp", below=True),
        "sheet": found,
        "figures": figures_of(found, content.result, missing),
        "sections": section_views(content, evidence_on(found, content.rows), found.pk),
        "offer": submit_offer(standing, found, missing),
        "what_next": SUBMIT.what_next,
        "wanting": wanting_of(missing, page),
        "blanks": [item for item in missing if item.asks_confirmation],
        "form": form,
    }
    return render(request, "scoring/sheet_check.html", context)
