"""Commenting on the draft, and answering."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.models import Membership
from blocs.views.answers import accepted
from blocs.views.frame import frame, person
from emulation.access import require
from emulation.models import User
from pledges.forms.pledge import CommentForm, ReplyForm
from pledges.models import PledgeComment
from pledges.permissions import can_comment, can_record_comment, can_reply
from pledges.selectors.members import current_members
from pledges.selectors.pledges import items_of, meetings_of
from pledges.services.comments import comment_on_pledge, reply_to_comment
from pledges.views.doors import Opened, get_comment_for_user, get_text_for_user
from pledges.views.posting import posted

TAB = "pledge"


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, year_id: int) -> HttpResponse:
    """Write a comment for one's own unit, or record one made at a meeting."""
    user = person(request)
    opened = get_text_for_user(user, year_id)
    form = _comment_form(request, opened)
    if accepted(request, form, lambda: _save(user, opened, form)):
        messages.success(
            request, "Đã ghi ý kiến. Trưởng khối đọc được ngay và trả lời tại nội dung này."
        )
        return redirect("pledge", year_id)
    context = frame(
        request,
        opened.bloc_year,
        opened.standing,
        tab=TAB,
        title="Góp ý dự thảo giao ước",
        crumbs=[(opened.pledge.title, reverse("pledge", args=[year_id]))],
    )
    context |= {
        "form": form,
        "items": items_of(opened.pledge),
        "back_url": reverse("pledge", args=[year_id]),
    }
    return render(request, "pledges/comment.html", context)


def _comment_form(request: HttpRequest, opened: Opened) -> CommentForm:
    """Return the form with the units this person may write for; Refused where there is none."""
    members = list(current_members(opened.bloc_year))
    own = [each for each in members if each.unit_id in opened.standing.units]
    records = can_record_comment(opened.standing, opened.pledge)
    if not records:
        for each in own[:1]:
            each.bloc_year = opened.bloc_year
            require(can_comment(opened.standing, opened.pledge, each))
        if not own:
            require(records)
    return CommentForm(
        posted(request),
        members=_own_first(members, own) if records else own,
        items=items_of(opened.pledge),
        meetings=meetings_of(opened.bloc_year) if records else None,
        initial={"item": request.GET.get("muc", "")},
    )


def _own_first(members: list[Membership], own: list[Membership]) -> list[Membership]:
    return [*own, *(each for each in members if each not in own)]


def _save(user: User, opened: Opened, form: CommentForm) -> PledgeComment:
    data = form.cleaned_data
    items = {str(each.pk): each for each in items_of(opened.pledge)}
    members = {str(each.pk): each for each in current_members(opened.bloc_year)}
    meetings = {str(each.pk): each for each in meetings_of(opened.bloc_year)}
    return comment_on_pledge(
        actor=user,
        pledge=opened.pledge,
        item=items.get(data["item"]),
        membership=members[data["membership"]],
        text=data["text"],
        meeting=meetings.get(data.get("meeting", "")),
    )


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, year_id: int, comment_id: int) -> HttpResponse:
    """Answer a comment as the head."""
    user = person(request)
    opened, found = get_comment_for_user(user, year_id, comment_id)
    require(can_reply(opened.standing, opened.pledge))
    form = ReplyForm(posted(request))
    if accepted(
        request,
        form,
        lambda: reply_to_comment(actor=user, comment=found, reply=form.cleaned_data["reply"]),
    ):
        messages.success(request, f"Đã trả lời ý kiến của {found.membership.unit_name}.")
        return redirect("pledge", year_id)
    context = frame(
        request,
        opened.bloc_year,
        opened.standing,
        tab=TAB,
        title=f"Trả lời ý kiến của {found.membership.unit_name}",
        crumbs=[(opened.pledge.title, reverse("pledge", args=[year_id]))],
    )
    context |= {
        "form": form,
        "comment": found,
        "back_url": reverse("pledge", args=[year_id]),
    }
    return render(request, "pledges/reply.html", context)
