"""The tabs of a bloc-year that blocs itself has; those of higher apps stand between."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from blocs.models import BlocYear
from blocs.slots import Tab
from blocs.standing import Standing


def opening_tabs(bloc_year: BlocYear, _standing: Standing) -> Iterable[Tab]:
    """Yield the tabs that stand first: the year and who is in it."""
    yield Tab("overview", "Tổng quan", reverse("bloc_year", args=[bloc_year.pk]))
    yield Tab("members", "Đơn vị", reverse("member_list", args=[bloc_year.pk]))
    yield Tab("deadlines", "Thời hạn", reverse("deadline_list", args=[bloc_year.pk]))


def closing_tabs(bloc_year: BlocYear, _standing: Standing) -> Iterable[Tab]:
    """Yield the tabs that stand last: meetings and papers."""
    yield Tab("meetings", "Hội nghị", reverse("meeting_list", args=[bloc_year.pk]))
    yield Tab("papers", "Văn bản", reverse("paper_list", args=[bloc_year.pk]))
