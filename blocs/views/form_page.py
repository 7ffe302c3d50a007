"""A page with one form, one deed and one message: what most pages of the register are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from blocs.views.answers import accepted
from blocs.views.frame import Crumb


@dataclass(frozen=True, slots=True)
class FormPage:
    """The words of a page with one form.

    ``submit`` is the button, ``after`` what happens then, ``back`` where the person came from and
    goes again. ``losses`` are sentences to read before pressing.
    """

    title: str
    crumbs: Sequence[Crumb]
    back: str
    submit: str
    after: str
    lede: str = ""
    losses: Sequence[str] = ()


class Done(NamedTuple):
    """What a deed says when it is done, and the page to go to, where that is not ``back``."""

    said: str
    to: str


def form_page(
    request: HttpRequest,
    page: FormPage,
    form: forms.Form,
    deed: Callable[[dict[str, Any]], str | Done],
) -> HttpResponse:
    """Show the form; once the deed is done, say what it returns and go back (or where it says).

    ``deed`` is given the form's cleaned data. What it refuses (ValidationError) stands on the
    form beside what was typed.
    """
    done: list[str | Done] = []
    if accepted(request, form, lambda: done.append(deed(form.cleaned_data))):
        last = done[0] if isinstance(done[0], Done) else Done(done[0], page.back)
        messages.success(request, last.said)
        return redirect(last.to)
    context = {"title": page.title, "crumbs": page.crumbs, "page": page, "form": form}
    return render(request, "blocs/form_page.html", context)
