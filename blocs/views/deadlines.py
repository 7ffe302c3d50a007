"""Deadlines of the year, and more time for single units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.enums import DeadlineKind
from blocs.forms.meetings import DeadlinesForm, ExtensionForm
from blocs.models import BlocYear, Deadline, DeadlineExtension, Membership
from blocs.permissions import can_extend, can_prepare_year, year_is_open
from blocs.selectors.deadlines import deadline_history, deadlines_of, last_extensions, unset_kinds
from blocs.selectors.members import members_not_ended
from blocs.services.deadlines import extend_deadline, set_deadline
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation import clock
from emulation.access import Verdict, allow_if, require
from emulation.models import User
from emulation.vietnamese import format_date, remaining


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline with the units that were granted more time."""

    label: str
    due_on: dt.date
    left: str
    has_passed: bool
    extensions: tuple[DeadlineExtension, ...]
    extend_url: str


@require_GET
def deadline_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the deadlines of the year, their extensions and their history."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    deadlines = list(deadlines_of(year))
    extended = last_extensions(deadlines)
    extend = _may_extend_any(standing, year)
    rows = [
        deadline_row(
            row,
            [each for (key, _), each in extended.items() if key == row.pk],
            reverse("deadline_extend", args=[year.pk, row.pk]) if extend else "",
        )
        for row in deadlines
    ]
    context = {
        **frame(request, year, standing, tab="deadlines", title="Thời hạn"),
        "rows": rows,
        "unset": [kind.label for kind in unset_kinds(year)],
        "edit": can_prepare_year(standing, year),
        "entries": deadline_history(year),
    }
    return render(request, "blocs/deadline_list.html", context)


def deadline_row(
    deadline: Deadline, extensions: Sequence[DeadlineExtension], extend_url: str = ""
) -> DeadlineRow:
    """Return a deadline as pages show it; one that has passed alarms nobody by itself."""
    today = clock.today()
    passed = deadline.due_on < today
    return DeadlineRow(
        label=str(deadline.get_kind_display()),
        due_on=deadline.due_on,
        left="đã qua" if passed else remaining(deadline.due_on, today).text,
        has_passed=passed,
        extensions=tuple(extensions),
        extend_url=extend_url,
    )


def _may_extend_any(standing: Standing, year: BlocYear) -> Verdict:
    leads = standing.head in standing.leads or standing.stand_in in standing.leads
    if not year_is_open(year):
        return year_is_open(year)
    return allow_if(
        standing.is_board or leads,
        "Việc này do lãnh đạo đơn vị Trưởng khối hoặc Ban Thi đua - Khen thưởng thực hiện.",
    )


@require_http_methods(["GET", "POST"])
def deadline_edit(request: HttpRequest, year_id: int) -> HttpResponse:
    """Set or move the common deadlines, all on one form."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_prepare_year(standing, year))
    present = {row.kind: row.due_on for row in deadlines_of(year)}
    form = DeadlinesForm(request.POST or None, initial=present)

    if accepted(request, form, lambda: _set_all(user, year, form)):
        messages.success(request, "Đã lưu thời hạn. Các đơn vị thấy hạn mới ngay.")
        return redirect("deadline_list", year.pk)
    back = reverse("deadline_list", args=[year.pk])
    crumbs = [("Thời hạn", back)]
    context = frame(request, year, standing, tab="deadlines", title="Đặt thời hạn", crumbs=crumbs)
    return render(request, "blocs/deadline_edit.html", {**context, "form": form, "back": back})


@transaction.atomic
def _set_all(user: User, year: BlocYear, form: DeadlinesForm) -> None:
    """Set every deadline typed; a refusal names its field and nothing is saved."""
    for kind in DeadlineKind:
        due_on = form.cleaned_data[kind.value]
        if due_on is None:
            continue
        try:
            set_deadline(actor=user, bloc_year=year, kind=kind.value, due_on=due_on)
        except ValidationError as error:
            raise ValidationError({kind.value: error.messages}) from error


@require_http_methods(["GET", "POST"])
def deadline_extend(request: HttpRequest, year_id: int, deadline_id: int) -> HttpResponse:
    """Grant one unit more time, with a reason."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(_may_extend_any(standing, year))
    deadline = Deadline.objects.filter(bloc_year=year, pk=deadline_id).first()
    if deadline is None:
        raise Http404
    deadline.bloc_year = year
    members = [row for row in members_not_ended(year) if can_extend(standing, year, row.unit_id)]
    form = ExtensionForm(request.POST or None, members=members)
    by_key = {row.pk: row for row in members}
    if accepted(request, form, lambda: _extend(user, deadline, by_key, form)):
        name = by_key[form.cleaned_data["membership"]].unit_name
        messages.success(
            request, f"Đã gia hạn cho {name} đến {format_date(form.cleaned_data['due_on'])}."
        )
        return redirect("deadline_list", year.pk)
    back = reverse("deadline_list", args=[year.pk])
    label = str(deadline.get_kind_display())
    context = frame(
        request,
        year,
        standing,
        tab="deadlines",
        title=f"Gia hạn: {label}",
        crumbs=[("Thời hạn", back)],
    )
    extra = {"form": form, "back": back, "deadline": deadline}
    return render(request, "blocs/deadline_extend.html", {**context, **extra})


def _extend(
    user: User, deadline: Deadline, by_key: dict[int, Membership], form: ExtensionForm
) -> None:
    extend_deadline(
        actor=user,
        deadline=deadline,
        membership=by_key[form.cleaned_data["membership"]],
        due_on=form.cleaned_data["due_on"],
        reason=form.cleaned_data["reason"],
    )
