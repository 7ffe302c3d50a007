"""Deadlines of the year, and more time for single units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.enums import DeadlineKind
from blocs.forms.meetings import DeadlinesForm, ExtensionForm
from blocs.models import BlocYear, Deadline, DeadlineExtension, Membership
from blocs.permissions import (
    can_extend,
    can_prepare_year,
    can_set_deadline,
    is_board,
    year_is_open,
)
from blocs.selectors.deadlines import (
    common_dates,
    deadline_history,
    deadlines_of,
    last_extensions,
    unset_kinds,
)
from blocs.selectors.members import members_not_ended
from blocs.services.deadlines import extend_deadline, set_deadline
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation import clock
from emulation.access import Conflict, Verdict, all_of, allow_if, require
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
    common: dt.date | None = None
    apart: str = ""
    follow_url: str = ""

    @property
    def is_common(self) -> bool:
        """Whether the day is the one the board set for all its blocs."""
        return self.common is not None and self.common == self.due_on


@require_GET
def deadline_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the deadlines of the year, their extensions and their history."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    deadlines = list(deadlines_of(year))
    extended = last_extensions(deadlines)
    extend = _may_extend_any(standing, year)
    common = common_dates(year.board_id, year.year)
    rows = [
        deadline_row(
            row,
            [each for (key, _), each in extended.items() if key == row.pk],
            reverse("deadline_extend", args=[year.pk, row.pk]) if extend else "",
            common.get(row.kind),
            _follow_url(standing, year, row, common.get(row.kind)),
        )
        for row in deadlines
    ]
    context = {
        **frame(request, year, standing, tab="deadlines", title="Thời hạn"),
        "rows": rows,
        "unset": [kind.label for kind in unset_kinds(year)],
        "edit": can_prepare_year(standing, year),
        "common_url": _common_url(year) if standing.is_board else "",
        "entries": deadline_history(year),
    }
    return render(request, "blocs/deadline_list.html", context)


def _follow_url(standing: Standing, year: BlocYear, row: Deadline, common: dt.date | None) -> str:
    """Return where a bloc is put back to the common day; empty for who may not, or if it is."""
    if common is None or common == row.due_on or not standing.is_board:
        return ""
    earlier = min(row.due_on, common)
    allowed = can_set_deadline(standing, year, earlier, clock.today(), common=common)
    return reverse("deadline_follow", args=[year.pk, row.pk]) if allowed else ""


def _common_url(year: BlocYear) -> str:
    return reverse("board_deadlines", args=[year.board_id, year.year])


def deadline_row(
    deadline: Deadline,
    extensions: Sequence[DeadlineExtension],
    extend_url: str = "",
    common: dt.date | None = None,
    follow_url: str = "",
) -> DeadlineRow:
    """Return a deadline as pages show it; one that has passed alarms nobody by itself.

    ``common`` is the board's day for all its blocs; ``follow_url`` puts this bloc back to it.
    """
    today = clock.today()
    passed = deadline.due_on < today
    return DeadlineRow(
        label=str(deadline.get_kind_display()),
        due_on=deadline.due_on,
        left="đã qua" if passed else remaining(deadline.due_on, today).text,
        has_passed=passed,
        extensions=tuple(extensions),
        extend_url=extend_url,
        common=common,
        apart=deadline.exception_reason if deadline.is_exception else "",
        follow_url=follow_url,
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
    """Set or move the bloc's deadlines, all on one form; the board's common ones with a reason."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_prepare_year(standing, year))
    present = {row.kind: row.due_on for row in deadlines_of(year)}
    common = common_dates(year.board_id, year.year)
    form = DeadlinesForm(
        request.POST or None,
        initial=present,
        common=common,
        office=year.board.office_name,
        apart=standing.is_board,
    )
    if accepted(request, form, lambda: _set_all(user, year, form, present)):
        messages.success(request, "Đã lưu thời hạn. Các đơn vị thấy hạn mới ngay.")
        return redirect("deadline_list", year.pk)
    back = reverse("deadline_list", args=[year.pk])
    crumbs = [("Thời hạn", back)]
    context = frame(request, year, standing, tab="deadlines", title="Đặt thời hạn", crumbs=crumbs)
    extra = {"form": form, "back": back, "has_common": bool(common)}
    return render(request, "blocs/deadline_edit.html", {**context, **extra})


@transaction.atomic
def _set_all(
    user: User, year: BlocYear, form: DeadlinesForm, present: Mapping[str, dt.date]
) -> None:
    """Set every deadline that was changed; a refusal names its field and nothing is saved."""
    reason = form.cleaned_data.get("reason", "")
    for kind in DeadlineKind:
        due_on = form.cleaned_data[kind.value]
        if due_on is None or due_on == present.get(kind.value):
            continue
        try:
            set_deadline(actor=user, bloc_year=year, kind=kind.value, due_on=due_on, reason=reason)
        except ValidationError as error:
            raise _at_field(error, kind) from error


def _at_field(error: ValidationError, kind: DeadlineKind) -> ValidationError:
    """Return the refusal at the field the person typed in: the reason's own, else the day's."""
    missing = error.message_dict.get("reason") if hasattr(error, "error_dict") else None
    return ValidationError({"reason": missing} if missing else {kind.value: error.messages})


@require_POST
def deadline_follow(request: HttpRequest, year_id: int, deadline_id: int) -> HttpResponse:
    """Put one bloc back to the province's common day; board officers only."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(all_of(is_board(standing), year_is_open(year)))
    deadline = get_deadline(year, deadline_id)
    common = common_dates(year.board_id, year.year).get(deadline.kind)
    if common is None:
        raise Conflict("Việc này không còn hạn chung của tỉnh.")
    set_deadline(actor=user, bloc_year=year, kind=deadline.kind, due_on=common)
    messages.success(
        request, f"{deadline.get_kind_display()}: Khối theo lại hạn chung {format_date(common)}."
    )
    return redirect("deadline_list", year.pk)


def get_deadline(year: BlocYear, deadline_id: int) -> Deadline:
    """Return a deadline of this bloc-year; Http404 otherwise."""
    deadline = Deadline.objects.filter(bloc_year=year, pk=deadline_id).first()
    if deadline is None:
        raise Http404
    deadline.bloc_year = year
    return deadline


@require_http_methods(["GET", "POST"])
def deadline_extend(request: HttpRequest, year_id: int, deadline_id: int) -> HttpResponse:
    """Grant one unit more time, with a reason."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(_may_extend_any(standing, year))
    deadline = get_deadline(year, deadline_id)
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
