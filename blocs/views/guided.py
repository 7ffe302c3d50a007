"""A guided page: fill in, read what will happen, confirm. Nothing is written before the last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from blocs.views.answers import add_errors
from blocs.views.frame import Crumb
from emulation.forms import OPTIONAL, ReasonForm
from emulation.plans import Plan, PlanMoved
from emulation.vietnamese import format_date

SEEN = "seen"
AGAIN = "again"


@dataclass(frozen=True, slots=True)
class GuidedPage:
    """The words of a guided page.

    ``submit`` leads to the effects ("Xem ảnh hưởng"), ``confirm`` is the deed ("Ghi sáp nhập"),
    ``after`` says what happens then, ``lede`` what the page is for. ``before`` names the steps that
    a page of its own has taken before this one.
    """

    title: str
    crumbs: Sequence[Crumb]
    back: str
    confirm: str
    after: str
    lede: str = ""
    back_label: str = "Quay lại, không ghi"
    submit: str = "Xem ảnh hưởng trước khi ghi"
    before: Sequence[str] = ()

    @property
    def steps(self) -> list[str]:
        """The steps a person goes through, those ``before`` this page first."""
        return [*self.before, "Khai thông tin", "Đọc ảnh hưởng, xác nhận"]


def guided(
    request: HttpRequest,
    page: GuidedPage,
    form: forms.Form,
    *,
    plan_of: Callable[[dict[str, Any]], Plan],
    deed: Callable[[dict[str, Any], str], object],
) -> HttpResponse | None:
    """Return the page to show, or None once the deed is done.

    ``plan_of`` and ``deed`` are given the form's cleaned data; the deed also the fingerprint of
    the plan the person read. What a service refuses (ValidationError) stands on the form; a plan
    that moved is shown anew with a warning.
    """
    context: dict[str, Any] = {"page": page, "form": form, "title": page.title}
    context |= {"crumbs": page.crumbs, "moved": False, "plan": None}
    context |= {"steps": page.steps, "step": len(page.steps) - 1}
    if request.method != "POST" or AGAIN in request.POST or not form.is_valid():
        return render(request, "blocs/guided_form.html", context)
    data = form.cleaned_data
    try:
        if request.POST.get(SEEN):
            deed(data, request.POST[SEEN])
            return None
    except PlanMoved:
        context["moved"] = True
    except ValidationError as error:
        add_errors(form, error)
        return render(request, "blocs/guided_form.html", context)
    try:
        plan = plan_of(data)
    except ValidationError as error:
        add_errors(form, error)
        return render(request, "blocs/guided_form.html", context)
    context |= {"plan": plan, "sent": _sent(request), "given": _given(form)}
    context["step"] = len(page.steps)
    return render(request, "blocs/guided_review.html", context)


# What the person gave as the ground, shown again above the effects; where a form has it.
_GROUND = ("effective_on", "ends_on", "basis")


def _given(form: forms.Form) -> list[tuple[str, str]]:
    """Return the day, the paper and the reason as they will be recorded."""
    data = form.cleaned_data
    found = [(_plain_label(form, name), data.get(name)) for name in _GROUND if name in data]
    if isinstance(form, ReasonForm):
        found.append(("Lý do", form.given))
    return [
        (label, format_date(value) if isinstance(value, dt.date) else str(value))
        for label, value in found
        if value
    ]


def _plain_label(form: forms.Form, name: str) -> str:
    return str(form.fields[name].label or "").removesuffix(OPTIONAL)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Return everything that was typed, to be carried along in hidden fields."""
    skipped = {SEEN, AGAIN, "csrfmiddlewaretoken"}
    pairs = ((name, value) for name, values in request.POST.lists() for value in values)
    return [(name, value) for name, value in pairs if name not in skipped]
