"""A rubric for reading, consultation and issue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.standing import Standing
from blocs.views.frame import Crumb, frame, get_bloc_year_for_user, person
from emulation.access import require
from emulation.forms import given_reason
from scoring.enums import RubricStatus
from scoring.forms.rubric_consultation import IssueForm
from scoring.models import Rubric
from scoring.permissions.rubric import (
    can_comment,
    can_create_rubric,
    can_edit_rubric,
    can_issue,
    can_move_sheets,
    can_prepare_move,
    can_try_rubric,
)
from scoring.permissions.what_if import can_see_what_if
from scoring.selectors.rubric_versions import predecessor_of, sheets_behind, version_words
from scoring.selectors.rubrics import (
    comment_counts,
    errors_of,
    findings_of,
    get_rubric_for_user,
    open_comment_count,
    rubrics_seen_by,
    with_open_comments,
)
from scoring.services.rubric_workflow import RUBRIC_WORKFLOW, offers_for
from scoring.services.rubrics import (
    copy_rubric,
    issue_rubric,
    open_rubric_consultation,
    withdraw_rubric,
)
from scoring.views.rubric_findings import finding_rows, unwaived
from scoring.views.rubric_rows import rubric_facts, section_tables

TAB = "rubric"


def rubric_frame(
    request: HttpRequest,
    rubric: Rubric,
    standing: Standing,
    title: str,
    *,
    below: bool = False,
) -> dict[str, Any]:
    """Return the frame of a page of a rubric; ``below`` adds the rubric itself to the crumbs."""
    up: list[Crumb] = [("Bảng chấm điểm", reverse("rubric_list", args=[rubric.bloc_year_id]))]
    if below:
        up.append((f"Lần {rubric.version}", reverse("rubric", args=[rubric.pk])))
    return frame(request, rubric.bloc_year, standing, tab=TAB, title=title, crumbs=up)


def put_errors(form: Form, error: ValidationError) -> None:
    """Show a service's refusal at the field it names, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)


# ---------------------------------------------------------------- reading


@require_GET
def rubric_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the year's versions, the newest first."""
    bloc_year, standing = get_bloc_year_for_user(person(request), year_id)
    context = {
        **frame(request, bloc_year, standing, tab=TAB, title="Bảng chấm điểm"),
        "rubrics": with_open_comments(rubrics_seen_by(standing, bloc_year)),
        "can_create": can_create_rubric(standing, bloc_year),
    }
    return render(request, "scoring/rubric_list.html", context)


@require_GET
def rubric(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Show a version as an official table, each criterion with its rule in one sentence."""
    found, standing = get_rubric_for_user(person(request), rubric_id)
    editable = bool(can_edit_rubric(standing, found))
    clerk = standing.is_secretary or standing.is_board
    offers = offers_for(standing, found) if clerk else {}
    labels = {status.value: status.label for status in RubricStatus}
    sections = section_tables(found, comment_counts(found))
    context = {
        **rubric_frame(request, found, standing, found.title),
        "rubric": found,
        "status": _status(found),
        "editable": editable,
        "facts": rubric_facts(found),
        "sections": sections,
        "predecessor": predecessor_of(found) if found.version > 1 else None,
        "behind": _behind(found, standing),
        "can_move": bool(can_move_sheets(standing, found)),
        "findings": finding_rows(unwaived(found, findings_of(found)), sections) if clerk else [],
        "open_comments": open_comment_count(found),
        "can_comment": can_comment(standing, found),
        "can_create": can_create_rubric(standing, found.bloc_year),
        "can_try": bool(can_try_rubric(standing, found)),
        "consult": offers.get("consult"),
        "withdraw": offers.get("back_to_draft"),
        "issue": offers.get("issue"),
        "can_see_what_if": can_see_what_if(standing, found),
        "step_url": reverse("rubric_step", args=[rubric_id]),
        "is_final": found.stage in {RubricStatus.ISSUED, RubricStatus.SUPERSEDED},
        "entries": RUBRIC_WORKFLOW.history(found, lambda value: labels.get(value, value)),
    }
    return render(request, "scoring/rubric.html", context)


def _behind(found: Rubric, standing: Standing) -> int:
    """Return how many sheets still wait to be moved to this version, for whoever prepares it."""
    if found.version == 1 or not can_prepare_move(standing, found):
        return 0
    return sheets_behind(found).count()


def _status(found: Rubric) -> str:
    words = version_words(found)
    return f"{words[:1].upper()}{words[1:]}. {found.stage.face.what_next}"


# ---------------------------------------------------------------- steps


@require_POST
def rubric_step(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Send a draft for comment, or take it back."""
    user = person(request)
    found, _ = get_rubric_for_user(user, rubric_id)
    try:
        match request.POST.get("transition"):
            case "consult":
                open_rubric_consultation(actor=user, rubric=found)
                messages.success(request, "Đã gửi các đơn vị góp ý dự thảo bảng chấm điểm.")
            case "back_to_draft":
                reason = given_reason(request.POST)
                withdraw_rubric(actor=user, rubric=found, reason=reason)
                messages.success(request, "Đã rút dự thảo về để soạn lại.")
            case _:
                raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("rubric", rubric_id)


@require_http_methods(["GET", "POST"])
def rubric_issue(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Issue a version: number and date as the clerk types them."""
    user = person(request)
    found, standing = get_rubric_for_user(user, rubric_id)
    require(can_issue(standing, found))
    offer = RUBRIC_WORKFLOW.offer(user, found, "issue")
    form = IssueForm(
        request.POST or None,
        errors=errors_of(found),
        unanswered=open_comment_count(found) > 0,
    )
    if request.method == "POST" and form.is_valid():
        try:
            issue_rubric(actor=user, rubric=found, **form.issue_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, "Đã ban hành bảng chấm điểm. Bảng được khóa từ lúc này.")
            return redirect("rubric", rubric_id)
    context = {
        **rubric_frame(request, found, standing, offer.transition.label, below=True),
        "rubric": found,
        "offer": offer,
        "form": form,
        "what_next": _after_issue(found, offer.transition.what_next),
    }
    return render(request, "scoring/rubric_issue.html", context)


def _after_issue(found: Rubric, usual: str) -> str:
    """Return what issuing does: with sheets on an earlier version, that they do not move alone."""
    count = sheets_behind(found).count()
    if not count:
        return usual
    return (
        f"Bảng được khóa, không sửa được nữa. {count} bảng tự chấm đang theo lần trước giữ nguyên "
        f"cho đến khi được chuyển sang lần {found.version}; trang chuyển nêu việc xảy ra với từng "
        "bảng trước khi xác nhận."
    )


@require_POST
def rubric_copy(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Start the next version as a copy of this one."""
    user = person(request)
    found, _ = get_rubric_for_user(user, rubric_id)
    copied = copy_rubric(actor=user, bloc_year=found.bloc_year, source=found)
    messages.success(request, f"Đã tạo dự thảo lần {copied.version}. Sửa rồi gửi góp ý, ban hành.")
    return redirect("rubric", copied.pk)
