"""The round of comments on a rubric: what the members say of its criteria, and the answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from blocs.models import Meeting
from blocs.selectors.members import members_not_ended
from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import require
from scoring.forms.rubric_consultation import CommentForm, ReplyForm
from scoring.models import Rubric, RubricComment
from scoring.permissions.rubric import can_comment, can_edit_rubric
from scoring.selectors.rubrics import comments_of, criteria_of, get_rubric_for_user
from scoring.services.rubrics import comment_on_rubric, reply_to_rubric_comment
from scoring.views.rubric import put_errors, rubric_frame


@require_http_methods(["GET", "POST"])
def rubric_comments(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Show what the members said, with the replies, and take a further comment."""
    user = person(request)
    found, standing = get_rubric_for_user(user, rubric_id)
    form = _comment_form(request, found, standing)
    if request.method == "POST":
        require(can_comment(standing, found))
        if form.is_valid():
            try:
                comment_on_rubric(actor=user, rubric=found, **_said(form))
            except ValidationError as error:
                put_errors(form, error)
            else:
                messages.success(
                    request, "Đã ghi ý kiến góp ý. Thư ký Khối hoặc Trưởng khối trả lời tại đây."
                )
                return redirect("rubric_comments", rubric_id)
    return _comments_page(request, found, standing, form)


def _said(form: CommentForm) -> dict[str, Any]:
    names = ("criterion", "merge_with", "proposal", "text", "membership")
    return {
        **{name: form.cleaned_data[name] for name in names},
        "meeting": form.cleaned_data.get("meeting"),
    }


def _comment_form(request: HttpRequest, found: Rubric, standing: Standing) -> CommentForm:
    members = members_not_ended(found.bloc_year)
    if not standing.is_secretary:
        members = members.filter(unit_id__in=standing.units)
    wanted = request.GET.get("tieu-chi", "")
    return CommentForm(
        request.POST or None,
        criteria=criteria_of(found),
        members=members,
        meetings=Meeting.objects.filter(bloc_year=found.bloc_year).order_by("-held_on", "-pk"),
        speaks_for_all=standing.is_secretary,
        initial={"criterion": wanted} if wanted.isascii() and wanted.isdigit() else {},
    )


def _about(comments: list[RubricComment], criterion: str) -> list[RubricComment]:
    """Put the comments on the criterion that was asked for first."""
    return sorted(comments, key=lambda each: str(each.criterion_id or "") != criterion)


def _comments_page(
    request: HttpRequest,
    found: Rubric,
    standing: Standing,
    form: CommentForm,
    replying: tuple[int, ReplyForm] | None = None,
) -> HttpResponse:
    about = request.GET.get("tieu-chi", "")
    comments = _about(list(comments_of(found)), about)
    title = "Góp ý bảng chấm điểm"
    context = {
        **rubric_frame(request, found, standing, title, below=True),
        "rubric": found,
        "comments": comments,
        "open_count": sum(1 for each in comments if not each.reply),
        "can_comment": can_comment(standing, found),
        "can_reply": bool(can_edit_rubric(standing, found)),
        "form": form,
        "replying": replying[0] if replying else 0,
        "reply_form": replying[1] if replying else None,
    }
    return render(request, "scoring/rubric_comments.html", context)


@require_POST
def rubric_comment_reply(request: HttpRequest, rubric_id: int, comment_id: int) -> HttpResponse:
    """Answer a comment for the head."""
    user = person(request)
    found, standing = get_rubric_for_user(user, rubric_id)
    comment = comments_of(found).filter(pk=comment_id).first()
    if comment is None:
        raise Http404
    require(can_edit_rubric(standing, found))
    form = ReplyForm(request.POST, auto_id=f"tra-loi-{comment_id}-%s")
    if form.is_valid():
        reply_to_rubric_comment(actor=user, comment=comment, reply=form.cleaned_data["reply"])
        messages.success(request, "Đã trả lời ý kiến góp ý.")
        return redirect("rubric_comments", rubric_id)
    blank = _comment_form(_as_read(request), found, standing)
    return _comments_page(request, found, standing, blank, (comment_id, form))


def _as_read(request: HttpRequest) -> HttpRequest:
    """Return a request that carries no comment, for the empty form beside a refused reply."""
    reading = HttpRequest()
    reading.GET = request.GET
    return reading
