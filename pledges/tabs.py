"""The tabs of a bloc-year that belong to the pledge."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from blocs.models import BlocYear
from blocs.slots import Tab
from blocs.standing import Standing


def year_tabs(bloc_year: BlocYear, _standing: Standing) -> Iterable[Tab]:
    """Yield the tabs in the order of the year: pledge, registrations, reports."""
    yield Tab("pledge", "Giao ước", reverse("pledge", args=[bloc_year.pk]))
    yield Tab("registrations", "Đăng ký", reverse("registration_list", args=[bloc_year.pk]))
    yield Tab("reports", "Báo cáo", reverse("report_list", args=[bloc_year.pk]))
