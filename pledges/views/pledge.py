"""The pledge's page, its printed form and its Word file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.services.steps import YEAR_WORKFLOW
from blocs.standing import Standing
from blocs.views.answers import add_errors
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.forms import ReasonForm, given_reason
from emulation.history import Entry
from emulation.office import docx_response
from emulation.tasks import Desk
from pledges.enums import PledgeStatus
from pledges.exports import pledge_docx, pledge_file_name
from pledges.models import Pledge, PledgeComment
from pledges.permissions import (
    can_comment,
    can_draft_pledge,
    can_edit_text,
    can_read_text,
    can_record_comment,
)
from pledges.selectors.duties import DutyKind, YearFacts, facts_of
from pledges.selectors.members import contacts_of
from pledges.selectors.pledges import (
    comment_history,
    comments_of,
    items_of,
    pledge_of,
    signature_history,
    text_history,
)
from pledges.selectors.signatures import every_signature, signing_of
from pledges.services.pledge_workflow import PLEDGE_WORKFLOW
from pledges.services.pledges import STEPS
from pledges.tasks import awaited_in
from pledges.views.doors import Opened, get_pledge_for_user, get_text_for_user
from pledges.views.pledge_page import first_action, own_units, signature_rows, steps_for, talk_of

TAB = "pledge"
REOPEN_PHRASES = (
    "Hội nghị đề nghị sửa nội dung trước khi ký.",
    "Phát hiện sai sót trong nội dung đã chốt.",
    "Chốt nhầm bản chưa hoàn chỉnh.",
)


@require_GET
def pledge(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the pledge: one's own duty first, then the text, the comments, the signatures."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    found = pledge_of(bloc_year)
    if found is None:
        return _without_pledge(request, bloc_year, standing)
    found.bloc_year = bloc_year
    opened = Opened(bloc_year, standing, found)
    context = frame(request, bloc_year, standing, tab=TAB, title=found.title)
    facts = facts_of(bloc_year)
    comments = comments_of(found) if can_read_text(standing, found) else []
    context |= _duties(opened, facts) | _text(opened, facts, comments) | _signatures(opened)
    preparing = standing.is_secretary and bloc_year.status == YearStatus.DRAFT
    consult = YEAR_WORKFLOW.offer(user, bloc_year, "consult") if preparing else None
    steps = steps_for(PLEDGE_WORKFLOW.offers(user, found), consult, opened)
    context |= {
        "pledge": found,
        "steps": steps,
        "reopen_phrases": REOPEN_PHRASES,
        "entries": _history(opened, comments),
    }
    return render(request, "pledges/pledge.html", context)


def _without_pledge(request: HttpRequest, bloc_year: BlocYear, standing: Standing) -> HttpResponse:
    context = frame(request, bloc_year, standing, tab=TAB, title="Giao ước thi đua")
    context["drafting"] = can_draft_pledge(standing, bloc_year)
    return render(request, "pledges/pledge_none.html", context)


def _duties(opened: Opened, facts: YearFacts) -> dict[str, Any]:
    own = own_units(facts, opened.standing)
    return {
        "own_units": own,
        "action": first_action(own),
        "unanswered": facts.unanswered,
        "awaited_desk": _awaited(opened, facts),
    }


def _awaited(opened: Opened, facts: YearFacts) -> Desk:
    if not opened.standing.is_secretary:
        return Desk()
    contacts = contacts_of(each.unit_id for each in facts.members)
    signing = (DutyKind.SIGN,)
    return Desk(awaited=tuple(awaited_in(facts, contacts, opened.standing.units, signing)))


def _text(opened: Opened, facts: YearFacts, comments: list[PledgeComment]) -> dict[str, Any]:
    readable = can_read_text(opened.standing, opened.pledge)
    items = items_of(opened.pledge) if readable else []
    return {
        "readable": readable,
        "talk": talk_of(opened, items, comments),
        "editing": can_edit_text(opened.standing, opened.pledge),
        "may_comment": _may_comment(opened, facts),
        "face": opened.pledge.stage.face,
        "is_frozen": opened.pledge.stage in {PledgeStatus.AGREED, PledgeStatus.CLOSED},
    }


def _may_comment(opened: Opened, facts: YearFacts) -> bool:
    own = any(can_comment(opened.standing, opened.pledge, each) for each in facts.members)
    return own or bool(can_record_comment(opened.standing, opened.pledge))


def _signatures(opened: Opened) -> dict[str, Any]:
    first = (opened.standing.head, *opened.standing.deputies)
    signing = signing_of(opened.bloc_year, first=first)
    phones = opened.standing.sees_phones
    contacts = contacts_of(each.unit_id for each in signing.unsigned) if phones else {}
    return {"signing": signing, "signature_rows": signature_rows(opened, signing, contacts)}


def _history(opened: Opened, comments: list[PledgeComment]) -> list[Entry]:
    def label(status: str) -> str:
        return PledgeStatus(status).face.official

    entries = PLEDGE_WORKFLOW.history(opened.pledge, label)
    entries += signature_history(every_signature(opened.pledge))
    if can_read_text(opened.standing, opened.pledge):
        entries += text_history(opened.pledge) + comment_history(comments)
    return entries


# ---------------------------------------------------------------- steps


@require_POST
def take(request: HttpRequest, year_id: int) -> HttpResponse:
    """Take one of the pledge's steps: consult, agree, reopen."""
    user = person(request)
    opened = get_pledge_for_user(user, year_id)
    step = STEPS.get(request.POST.get("transition", ""))
    if step is None:
        raise Http404
    try:
        taken: Pledge = step(actor=user, pledge=opened.pledge, reason=given_reason(request.POST))
    except ValidationError as error:
        return _ask_reason(request, opened, error)
    face = taken.stage.face
    messages.success(request, f"Giao ước: {face.official}. {face.what_next}")
    return redirect("pledge", year_id)


def _ask_reason(request: HttpRequest, opened: Opened, error: ValidationError) -> HttpResponse:
    """Show the step again on a page of its own, with what was typed."""
    name = request.POST["transition"]
    form = ReasonForm(request.POST, phrases=REOPEN_PHRASES)
    form.full_clean()
    if not form.errors:
        add_errors(form, error)
    context = frame(
        request,
        opened.bloc_year,
        opened.standing,
        tab=TAB,
        title=PLEDGE_WORKFLOW.named(name).label,
        crumbs=[(opened.pledge.title, reverse("pledge", args=[opened.bloc_year.pk]))],
    )
    context |= {
        "offer": PLEDGE_WORKFLOW.offer(person(request), opened.pledge, name),
        "form": form,
        "url": reverse("pledge_take", args=[opened.bloc_year.pk]),
        "back_url": reverse("pledge", args=[opened.bloc_year.pk]),
    }
    return render(request, "take.html", context)


# ---------------------------------------------------------------- paper


@require_GET
def printed(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the pledge as it is printed: text and a block per unit."""
    opened = get_text_for_user(person(request), year_id)
    title = opened.pledge.title
    back = reverse("pledge", args=[year_id])
    context = frame(
        request,
        opened.bloc_year,
        opened.standing,
        tab=TAB,
        title="Bản in giao ước",
        crumbs=[(title, back)],
    )
    first = (opened.standing.head, *opened.standing.deputies)
    context |= {
        "pledge": opened.pledge,
        "items": items_of(opened.pledge),
        "signing": signing_of(opened.bloc_year, first=first),
        "head": opened.standing.head,
        "is_draft": opened.pledge.stage in {PledgeStatus.DRAFT, PledgeStatus.CONSULTING},
        "back_url": back,
    }
    return render(request, "pledges/pledge_print.html", context)


@require_GET
def docx(request: HttpRequest, year_id: int) -> HttpResponse:
    """Hand out the bản giao ước in Word."""
    opened = get_text_for_user(person(request), year_id)
    first = (opened.standing.head, *opened.standing.deputies)
    content = pledge_docx(
        pledge=opened.pledge,
        items=items_of(opened.pledge),
        signing=signing_of(opened.bloc_year, first=first),
        head=opened.standing.head,
    )
    return docx_response(content, pledge_file_name(opened.bloc_year))
