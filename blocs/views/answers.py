"""What pages of blocs have in common: the person, a form that a service accepts, a page's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 25
DIGITS = 9


def accepted(request: HttpRequest, form: forms.Form, deed: Callable[[], object]) -> bool:
    """Return whether the form was sent, is valid, and the service did the deed.

    What the service refuses stands on the form beside what was typed.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed()
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put a service's refusal on the form: at its field, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Return the page asked for; a number out of range gives the nearest."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def number_in(text: str | None) -> int | None:
    """Return the number in a query parameter, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= DIGITS else None
