"""How a form of the editor is answered: in its place on the page, or as a page of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import require
from emulation.models import User
from scoring.forms.rubric import stored_lines
from scoring.forms.tables import RowsField, redrawn
from scoring.models import Rubric
from scoring.permissions.rubric import can_edit_rubric
from scoring.selectors.rubrics import get_rubric_for_user
from scoring.services.rubric_edit import StaleEdit, digest
from scoring.views.rubric import put_errors, rubric_frame
from scoring.views.rubric_tree import editor_context

SAVED = "Đã lưu dự thảo bảng chấm điểm."
STALE_STATUS, STALE_IN_PLACE = 409, 422
FormOf = Callable[..., Form]


def in_place(request: HttpRequest) -> bool:
    """Tell whether the page asks for a piece of itself."""
    return request.headers.get("HX-Request") == "true"


def editable(request: HttpRequest, rubric_id: int) -> tuple[User, Rubric, Standing]:
    """Return who asks and the draft, if he or she may edit it."""
    user = person(request)
    found, standing = get_rubric_for_user(user, rubric_id)
    require(can_edit_rubric(standing, found))
    return user, found, standing


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A form in the editor: the element it replaces, its heading, what is drawn anew when saved.

    ``part`` is the id of the element drawn anew, from what the service returned; ``row`` the id of
    the element that then has the focus. ``more`` offers to go on: with another of the same kind,
    or with the form that ``onward`` names by its element and address.
    """

    slot: str
    title: str
    part: Callable[[Any], str]
    row: Callable[[Any], str]
    said: str = SAVED
    more: str = ""
    onward: Callable[[Any], tuple[str, str]] | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a form does: how it is built, how it is saved, what stood stored meanwhile."""

    form_of: FormOf
    save: Callable[[Any], object]
    initial: Callable[[], Mapping[str, Any]]
    initial_of: Callable[[Any], dict[str, Any]] | None = None


def answer_form(
    request: HttpRequest, found: Rubric, standing: Standing, spot: Spot, deed: Deed
) -> HttpResponse:
    """Save a valid form, or show it: with what was typed, and what somebody else stored."""
    initial = dict(deed.initial())
    auto_id = f"{spot.slot}-%s"
    stored: list[tuple[str, str]] = []
    if request.method != "POST":
        form = deed.form_of(initial=initial, auto_id=auto_id)
    elif order := request.POST.get("redraw"):
        typed = deed.form_of(request.POST, initial=initial, auto_id=auto_id)
        kept = {**initial, **redrawn(typed, request.POST, order)}
        form = deed.form_of(initial=kept, auto_id=auto_id)
        _add_spare_rows(form, order)
    else:
        form = deed.form_of(request.POST, initial=initial, auto_id=auto_id)
        if form.is_valid():
            try:
                made = deed.save(form)
            except StaleEdit as stale:
                put_errors(form, stale)
                of = deed.initial_of
                now = of(stale.stored) if of else {"seen": digest(stale.stored)}
                stored = list(stored_lines(now, form))
                form.data = _with_seen(request, now["seen"])
            except ValidationError as error:
                put_errors(form, error)
            else:
                return _saved(request, found, spot, made)
    return _shown(request, found, standing, spot, form, stored)


def _add_spare_rows(form: Form, order: str) -> None:
    name, _, deed = order.partition(":")
    field = form.fields.get(name)
    if deed.startswith("more") and isinstance(field, RowsField):
        field.widget.spare = 3


def _with_seen(request: HttpRequest, seen: str) -> Any:
    data = request.POST.copy()
    data["seen"] = seen
    return data


def _shown(
    request: HttpRequest,
    found: Rubric,
    standing: Standing,
    spot: Spot,
    form: Form,
    stored: list[tuple[str, str]],
) -> HttpResponse:
    context = {
        "rubric": found,
        "form": form,
        "spot": spot,
        "stored": stored,
        "action": request.path,
        "back": reverse("rubric_editor", args=[found.pk]),
        "groups": spot.groups,
        "in_place": in_place(request),
    }
    if in_place(request):
        status = STALE_IN_PLACE if stored else 200
        response = render(request, "scoring/rubric_form.html", context, status=status)
    else:
        page = rubric_frame(request, found, standing, spot.title, below=True)
        status = STALE_STATUS if stored else 200
        response = render(request, "scoring/rubric_edit.html", {**page, **context}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _saved(request: HttpRequest, found: Rubric, spot: Spot, made: Any) -> HttpResponse:
    goes_on = bool(spot.more) and "more" in request.POST
    slot, url = spot.onward(made) if spot.onward else (spot.slot, request.path)
    if in_place(request):
        focus = slot if goes_on else spot.row(made)
        return drawn_anew(request, found, spot.part(made), focus, spot.said, again=goes_on)
    messages.success(request, spot.said)
    if goes_on:
        return redirect(url)
    return redirect(f"{reverse('rubric_editor', args=[found.pk])}#{spot.row(made)}")


def drawn_anew(
    request: HttpRequest, found: Rubric, part: str, focus: str, said: str, *, again: bool = False
) -> HttpResponse:
    """Return the editor for one part of it to be taken over, and where the focus goes then.

    ``again`` presses what stands at ``focus``, to open the next empty form.
    """
    found.refresh_from_db()
    context = {**editor_context(found), "said": said}
    response = render(request, "scoring/rubric_tree.html", context)
    response["HX-Retarget"] = response["HX-Reselect"] = f"#{part}"
    response["HX-Reswap"] = "outerHTML"
    told = {"rubric:drawn": {"focus": focus, "again": again}}
    response["HX-Trigger-After-Settle"] = json.dumps(told)
    patch_vary_headers(response, ["HX-Request"])
    return response


def after_deed(
    request: HttpRequest, found: Rubric, part: str, focus: str, said: str = ""
) -> HttpResponse:
    """Answer a deed that needs no form, such as moving a row."""
    if in_place(request):
        return drawn_anew(request, found, part, focus, said)
    if said:
        messages.success(request, said)
    return redirect(f"{reverse('rubric_editor', args=[found.pk])}#{focus}")


def numbers(texts: list[str]) -> list[int]:
    """Return ids as posted; Http404 where one is none."""
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise Http404
    return [int(text) for text in texts]
