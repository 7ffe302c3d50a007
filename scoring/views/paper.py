"""A sheet that came on paper: its day, then the same page as the unit's; the unit's answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from blocs.views.frame import person
from emulation.access import require
from emulation.vietnamese import format_date
from scoring.enums import PaperAnswer
from scoring.forms.sheet import PaperAnswerForm, PaperForm
from scoring.permissions.sheet import can_answer_paper, can_record_paper
from scoring.selectors.sheet_content import content_of
from scoring.selectors.sheets import get_sheet_for_user, paper_of
from scoring.services.paper import answer_paper, record_paper
from scoring.views.sheet_page import grand_total, paper_words, sheet_frame


@require_http_methods(["GET", "POST"])
def paper_entry(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Record the day on which a unit's paper came, then go on to its sheet."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    require(can_record_paper(standing, found))
    paper = paper_of(found)
    began = {"received_on": paper.received_on} if paper and paper.is_open else None
    form = PaperForm(request.POST or None, initial=began)
    if request.method == "POST" and form.is_valid():
        received_on = form.cleaned_data["received_on"]
        try:
            record_paper(actor=user, sheet=found, received_on=received_on)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name, texts)
        else:
            messages.success(
                request,
                f"Đã ghi bản giấy nhận ngày {format_date(received_on)}. Nhập đúng như bản giấy.",
            )
            return redirect("sheet", sheet_id)
    title = f"Nhập hộ bản giấy của {found.membership.unit_name}"
    context = {
        **sheet_frame(request, found, standing, title),
        "form": form,
        "sheet": found,
    }
    return render(request, "scoring/paper_entry.html", context)


@require_http_methods(["GET", "POST"])
def paper_answer(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Let the unit confirm what was entered from its paper, or say what is wrong with it."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    require(can_answer_paper(standing, found))
    form = PaperAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = PaperAnswer(form.cleaned_data["answer"])
        try:
            answer_paper(actor=user, sheet=found, answer=answer, text=form.cleaned_data["text"])
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name, texts)
        else:
            messages.success(request, _said(answer))
            return redirect("sheet", sheet_id)
    context = {
        **sheet_frame(request, found, standing, "Xác nhận số liệu nhập hộ", below=True),
        "form": form,
        "sheet": found,
        "on_paper": paper_words(found),
        "total": grand_total(content_of(found)),
    }
    return render(request, "scoring/paper_answer.html", context)


def _said(answer: PaperAnswer) -> str:
    if answer is PaperAnswer.CONFIRMED:
        return "Đơn vị đã xác nhận số liệu nhập hộ. Khối tiếp tục thẩm định."
    return "Đã gửi ý kiến không đồng ý. Thư ký Khối trả lại bảng để đơn vị sửa."
