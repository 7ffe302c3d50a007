"""The bloc-year page: how the year stands, what comes next, what blocks it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.enums import YearStatus
from blocs.forms.years import YearForm
from blocs.models import BlocYear, BlocYearTransition, SecretariatMember
from blocs.permissions import can_edit_year
from blocs.selectors.deadlines import deadlines_of, last_extensions
from blocs.selectors.members import count_mismatch, members_not_ended
from blocs.selectors.names import unit_names
from blocs.selectors.standing import heads_of
from blocs.services.steps import BACK, FORWARD, YEAR_WORKFLOW, take_step
from blocs.services.years import EDITABLE, YearChanged, edit_bloc_year, settings_seen
from blocs.standing import NO_STAND_IN, Standing
from blocs.views.answers import accepted, add_errors
from blocs.views.deadlines import deadline_row
from blocs.views.frame import frame, get_bloc_year_for_user, person
from blocs.views.stages import stages_of
from emulation.access import require
from emulation.forms import OPTIONAL, ReasonForm, given_reason
from emulation.models import User
from emulation.workflow import Offer

PHRASES = (
    "Theo ý kiến thống nhất của các đơn vị trong Khối",
    "Để bảo đảm tiến độ theo kế hoạch của Hội đồng",
    "Cần sửa sai sót đã phát hiện",
)


@require_GET
def bloc_year(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the bloc-year: where it stands, the next step, what blocks it, its history."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    offers = YEAR_WORKFLOW.offers(user, year)
    forward = next((each for each in offers if each.transition in FORWARD), None)
    context = {
        **frame(request, year, standing, tab="overview", title=str(year)),
        **_facts(year, standing),
        "face": year.step.face,
        "last": _last_step(year),
        "forward": forward,
        **_still_to_show(forward),
        "back": [each for each in offers if each.transition in BACK and each.verdict],
        "stages": stages_of(year, forward),
        "take_url": reverse("take_step", args=[year.pk]),
        "phrases": PHRASES,
        "edit": can_edit_year(standing, year),
        "entries": YEAR_WORKFLOW.history(year, lambda status: YearStatus(status).label),
    }
    return render(request, "blocs/year.html", context)


def _still_to_show(forward: Offer | None) -> dict[str, Any]:
    """Return the blockers that stand below the stepper.

    Soft ones always, since the button hides them until it is opened; hard ones where the button
    says something else (that another takes the step).
    """
    if forward is None:
        return {"below_hard": [], "below_soft": []}
    by_button = bool(forward.verdict)
    return {
        "below_hard": [] if by_button else forward.hard,
        "below_soft": forward.soft,
    }


def _last_step(year: BlocYear) -> BlocYearTransition | None:
    rows = BlocYearTransition.objects.filter(bloc_year=year).select_related("actor")
    return rows.order_by("-at", "-pk").first()


def _facts(year: BlocYear, standing: Standing) -> dict[str, Any]:
    """Return the key facts: members, who leads, the secretariat, the deadlines."""
    listed = members_not_ended(year).count()
    heads = heads_of(year)
    names = unit_names(year, heads)
    member_units = set(members_not_ended(year).values_list("unit_id", flat=True))
    outside = [names[u] for u in (heads.head, *heads.deputies) if u and u not in member_units]
    deadlines = list(deadlines_of(year))
    extended = last_extensions(deadlines)
    named = SecretariatMember.objects.filter(bloc_year=year, ended_at__isnull=True)
    return {
        "listed": listed,
        "mismatch": count_mismatch(year, listed),
        "heads": heads,
        "head_name": names.get(heads.head or 0, ""),
        "deputy_names": [names[unit_id] for unit_id in heads.deputies],
        "stand_in_name": names.get(heads.stand_in or 0, ""),
        "no_stand_in": NO_STAND_IN,
        "outside": outside,
        "secretariat": named.select_related("user").order_by("named_at", "pk"),
        "deadlines": [
            deadline_row(row, [each for (key, _), each in extended.items() if key == row.pk])
            for row in deadlines
        ],
        "shows_board": standing.is_board,
    }


@require_POST
def take(request: HttpRequest, year_id: int) -> HttpResponse:
    """Take a step of the year; a missing reason is asked for on a page of its own."""
    user = person(request)
    year, _ = get_bloc_year_for_user(user, year_id)
    offer = _offer(user, year, request.POST.get("transition", ""))
    try:
        take_step(
            actor=user,
            bloc_year=year,
            name=offer.transition.name,
            reason=given_reason(request.POST),
        )
    except ValidationError as error:
        return _ask_reason(request, year, offer, error)
    messages.success(request, f"Đã {_deed(offer)}. {offer.transition.what_next}")
    return redirect("bloc_year", year.pk)


def _deed(offer: Offer) -> str:
    label = offer.transition.label
    return label[0].lower() + label[1:]


def _offer(user: User, year: BlocYear, name: str) -> Offer:
    try:
        return YEAR_WORKFLOW.offer(user, year, name)
    except KeyError as error:
        raise Http404 from error


def _ask_reason(
    request: HttpRequest, year: BlocYear, offer: Offer, error: ValidationError
) -> HttpResponse:
    form = ReasonForm(request.POST, phrases=PHRASES)
    if form.is_valid():
        add_errors(form, error)
    back = reverse("bloc_year", args=[year.pk])
    context = {
        "offer": offer,
        "form": form,
        "url": reverse("take_step", args=[year.pk]),
        "back_url": back,
        "crumbs": [
            ("Khối thi đua", reverse("bloc_list")),
            (str(year), back),
            (offer.transition.label, None),
        ],
    }
    return render(request, "take.html", context)


@require_http_methods(["GET", "POST"])
def year_edit(request: HttpRequest, year_id: int) -> HttpResponse:
    """Change the year's name, declared count and settings."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_edit_year(standing, year))
    form = YearForm(request.POST or None, initial=_settings(year))

    def edit() -> None:
        edit_bloc_year(actor=user, bloc_year=year, **form.cleaned_data)

    stored: list[tuple[str, str, str]] = []
    try:
        done = accepted(request, form, edit)
    except YearChanged as change:
        stored = _both(form, change.stored)
        done = not stored
        form.data = {**request.POST.dict(), "seen": settings_seen(change.stored)}
    if done:
        messages.success(request, "Đã lưu thông tin năm thi đua.")
        return redirect("bloc_year", year.pk)
    context = frame(request, year, standing, tab="overview", title="Sửa thông tin năm")
    context |= {"form": form, "stored": stored}
    return render(request, "blocs/year_edit.html", context, status=409 if stored else 200)


def _settings(year: BlocYear) -> dict[str, Any]:
    return {**{name: getattr(year, name) for name in EDITABLE}, "seen": settings_seen(year)}


def _both(form: YearForm, stored: BlocYear) -> list[tuple[str, str, str]]:
    """Return the settings that differ: what each is called, what is stored, what was typed."""
    theirs = YearForm(initial=_settings(stored))
    pairs = [
        (
            str(form.fields[name].label).removesuffix(OPTIONAL),
            _said(theirs, name),
            _said(form, name),
        )
        for name in EDITABLE
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _said(form: YearForm, name: str) -> str:
    """Return a field's value in words, as the form shows it."""
    value = form[name].value()
    choices = dict(getattr(form.fields[name], "choices", ()))
    said = choices.get(value, form.fields[name].prepare_value(value))
    return str(said if said not in (None, "") else "để trống")
