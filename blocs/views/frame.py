"""The frame of every page of a bloc-year: who asks, which year, its tabs and crumbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.slots import Tab, slots
from blocs.standing import Standing
from emulation.models import User

Crumb = tuple[str, str | None]


def person(request: HttpRequest) -> User:
    """Return who is logged in; LoginRequiredMiddleware stands before every page."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - see above
    return user


def get_bloc_year_for_user(user: User, year_id: int) -> tuple[BlocYear, Standing]:
    """Return the bloc-year and the person's standing in it; Http404 unless visible.

    The standing decides, for the same people as ``bloc_years_visible_to``, at a third of its price.
    """
    bloc_year = BlocYear.objects.select_related("bloc", "board").filter(pk=year_id).first()
    if bloc_year is None:
        raise Http404
    standing = standing_in(user, bloc_year)
    if not standing.sees_inside:
        raise Http404
    return bloc_year, standing


def frame(
    request: HttpRequest,  # noqa: ARG001 - part of the signature pages build on
    bloc_year: BlocYear,
    standing: Standing,
    *,
    tab: str,
    title: str,
    crumbs: Sequence[Crumb] = (),
) -> dict[str, Any]:
    """Return the context of ``blocs/year_base.html``.

    ``tab`` lights one of the year's tabs, ``crumbs`` stand after the bloc-year's own and before
    the page's title.
    """
    overview = title == str(bloc_year)
    own = [(str(bloc_year), None if overview else reverse("bloc_year", args=[bloc_year.pk]))]
    last: list[Crumb] = [] if overview else [(title, None)]
    return {
        "bloc_year": bloc_year,
        "standing": standing,
        "tabs": year_tabs(bloc_year, standing),
        "tab": tab,
        "title": title,
        "crumbs": [("Khối thi đua", reverse("bloc_list")), *own, *crumbs, *last],
    }


def year_tabs(bloc_year: BlocYear, standing: Standing) -> list[Tab]:
    """Return the tabs of a bloc-year, of every app, in the order of the wiring."""
    return [tab for source in slots.tabs for tab in source(bloc_year, standing)]
