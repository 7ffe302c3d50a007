"""The record of log-ins and refusals, for the administrator: never points, notes or reasons."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from blocs.views.answers import page_of
from blocs.views.frame import person
from emulation.access import Verdict, allow_if, require
from emulation.clock import VIETNAM
from emulation.enums import DoorEvent
from emulation.forms import DayField
from emulation.models import DoorRecord, User
from emulation.vietnamese import fold

ONLY_ADMINISTRATORS = "Nhật ký truy cập chỉ dành cho quản trị tài khoản."


def can_read_door_records(user: User) -> Verdict:
    """Read who came in and who was turned away: administrators of accounts only."""
    return allow_if(user.is_superuser, ONLY_ADMINISTRATORS)


class RecordFilter(forms.Form):
    """What to show; whatever cannot be read is shown as not asked for."""

    q = forms.CharField(required=False, max_length=200)
    su_kien = forms.ChoiceField(required=False, choices=[("", "Mọi sự việc"), *DoorEvent.choices])
    ngay = DayField(required=False)


@require_GET
def door_records(request: HttpRequest) -> HttpResponse:
    """Show the record, newest first: by event, person or address, and day."""
    require(can_read_door_records(person(request)))
    given = RecordFilter(request.GET)
    given.is_valid()
    asked = {name: given.cleaned_data.get(name) for name in ("q", "su_kien", "ngay")}
    rows = _matching(str(asked["q"] or ""), str(asked["su_kien"] or ""), asked["ngay"])
    context = {
        "title": "Nhật ký truy cập",
        "crumbs": [],
        "page": page_of(request, rows),
        "filter": given,
        "is_filtered": any(asked.values()),
    }
    return render(request, "site/door_records.html", context)


def _matching(text: str, event: str, day: dt.date | None) -> QuerySet[DoorRecord]:
    rows = DoorRecord.objects.select_related("user", "actor").order_by("-at", "-pk")
    if event:
        rows = rows.filter(event=event)
    if day:
        begins = dt.datetime.combine(day, dt.time.min, tzinfo=VIETNAM)
        rows = rows.filter(at__gte=begins, at__lt=begins + dt.timedelta(days=1))
    if text.strip():
        plain = fold(text)
        rows = rows.filter(
            Q(user__folded__contains=plain)
            | Q(actor__folded__contains=plain)
            | Q(address__startswith=text.strip())
        )
    return rows
