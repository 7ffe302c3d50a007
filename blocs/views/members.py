"""Members of a bloc-year with the people to call; who leads; the secretariat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.enums import YearStatus
from blocs.forms.people import AddMembersForm
from blocs.models import BlocYear, Membership, Post, SecretariatMember, Unit
from blocs.permissions import (
    can_add_member,
    can_end_membership,
    can_name_secretary,
    can_prepare_year,
    can_record_election,
    can_remove_member,
    can_set_members,
    can_set_terms,
    is_board,
)
from blocs.selectors.members import all_members, count_mismatch, has_left, people_of
from blocs.selectors.standing import heads_of, in_rank, terms_of
from blocs.services.members import add_members, remove_member
from blocs.standing import NO_STAND_IN, Standing
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import require


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to call: the number only where the reader may see it."""

    name: str
    post: str
    phone: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the page lists it; one that has left has no ``number``."""

    membership: Membership
    roles: tuple[str, ...]
    contacts: tuple[Contact, ...]
    remove_url: str
    end_url: str
    move_url: str = ""
    number: int = 0

    @property
    def has_left(self) -> bool:
        """Whether the unit's last day has passed, or it has been dissolved."""
        return has_left(self.membership)


@require_GET
def member_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the members, who leads the bloc, and the secretariat."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    members = list(all_members(year))
    terms = in_rank(terms_of(year.bloc_id, year.year))
    rows = _rows(
        year, standing, members, {term.unit_id: str(term.get_kind_display()) for term in terms}
    )
    listed = sum(1 for row in rows if not row.has_left)
    heads, set_terms = heads_of(year), can_set_terms(standing, year)
    names_first_head = heads.head is None and year.status == YearStatus.DRAFT
    named = SecretariatMember.objects.filter(bloc_year=year, ended_at__isnull=True)
    context = {
        **frame(request, year, standing, tab="members", title="Đơn vị thành viên, Trưởng khối"),
        "rows": rows,
        "listed": listed,
        "mismatch": count_mismatch(year, listed),
        "terms": terms,
        "heads": heads,
        "names_head": bool(set_terms) and heads.head is None and listed > 0,
        "no_stand_in": NO_STAND_IN,
        "secretariat": named.select_related("user").order_by("named_at", "pk"),
        "following": year.year + 1,
        "next_terms": in_rank(terms_of(year.bloc_id, year.year + 1)),
        "set_members": can_set_members(standing, year),
        "set_terms": set_terms,
        "name_secretary": can_name_secretary(standing, year),
        "stand_in": not names_first_head and can_prepare_year(standing, year),
        "elect": can_record_election(standing, year),
        "sees_phones": standing.sees_phones,
    }
    return render(request, "blocs/member_list.html", context)


def _rows(
    year: BlocYear, standing: Standing, members: Sequence[Membership], roles: dict[int, str]
) -> list[MemberRow]:
    people = people_of(row.unit_id for row in members)
    may_remove = bool(can_remove_member(standing, year))
    numbers = count(1)
    return [
        MemberRow(
            membership=row,
            roles=(roles[row.unit_id],) if row.unit_id in roles else (),
            contacts=_contacts(people.get(row.unit_id, ()), shown=standing.sees_phones),
            remove_url=_url("member_remove", row) if may_remove else "",
            end_url=_url("member_end", row) if _may_end(standing, year, row) else "",
            move_url=(
                _url("member_move", row)
                if not may_remove and _may_move(standing, year, row)
                else ""
            ),
            number=0 if has_left(row) else next(numbers),
        )
        for row in members
    ]


def _may_end(standing: Standing, year: BlocYear, row: Membership) -> bool:
    return row.ends_on is None and bool(can_end_membership(standing, year, row.unit_id))


def _may_move(standing: Standing, year: BlocYear, row: Membership) -> bool:
    return bool(is_board(standing)) and _may_end(standing, year, row)


def _url(name: str, row: Membership) -> str:
    return reverse(name, args=[row.bloc_year_id, row.pk])


def _contacts(posts: Sequence[Post], *, shown: bool) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            post.user.full_name,
            post.title or str(post.get_role_display()),
            post.user.phone if shown else "",
        )
        for post in posts
    )


def get_membership(year: BlocYear, membership_id: int) -> Membership:
    """Return a membership of the bloc-year; Http404 for another's."""
    row = all_members(year).filter(pk=membership_id).first()
    if row is None:
        raise Http404
    row.bloc_year = year
    return row


@dataclass(frozen=True, slots=True)
class TickRow:
    """A unit that may be ticked; ``note`` says where it is ranked already that year."""

    unit_id: int
    name: str
    note: str
    ticked: bool


@require_http_methods(["GET", "POST"])
def member_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Add units of the board, as many as are ticked."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_set_members(standing, year))
    units = _addable(year, standing)
    form = AddMembersForm(request.POST or None, units=units)
    added: list[Membership] = []

    def add() -> None:
        data = dict(form.cleaned_data)
        chosen = data.pop("unit_ids")
        added.extend(add_members(actor=user, bloc_year=year, units=chosen, **data))

    if accepted(request, form, add):
        messages.success(request, _added_words(year, added))
        return redirect("member_list", year.pk)
    rows = _tick_rows(year, units, form.chosen)
    context = {
        **_frame(request, year, standing, "Thêm đơn vị thành viên"),
        "form": form,
        "free": [row for row in rows if not row.note],
        "elsewhere": [row for row in rows if row.note],
        "details_open": year.status != YearStatus.DRAFT or bool(form.errors),
    }
    return render(request, "blocs/member_add.html", context)


def _added_words(year: BlocYear, added: Sequence[Membership]) -> str:
    what = added[0].unit_name if len(added) == 1 else f"{len(added)} đơn vị"
    said = f"Đã thêm {what} vào danh sách đơn vị thành viên."
    if heads_of(year).head is None:
        said += " Tiếp theo: ghi Trưởng khối."
    return said


def _tick_rows(year: BlocYear, units: QuerySet[Unit], chosen: set[int]) -> list[TickRow]:
    """Return the units to tick: two queries."""
    ranked = Membership.objects.filter(year=year.year, is_ranking=True, unit__in=units)
    others = {row.unit_id: row.bloc_year.name for row in ranked.select_related("bloc_year")}
    return [
        TickRow(
            unit.pk,
            unit.name,
            f"đã xếp hạng tại {others[unit.pk]}" if unit.pk in others else "",
            unit.pk in chosen,
        )
        for unit in units
    ]


def _addable(year: BlocYear, standing: Standing) -> QuerySet[Unit]:
    """The board's units that are no members yet; not one's own once the year has begun."""
    known = Membership.objects.filter(bloc_year=year).values("unit_id")
    units = Unit.objects.filter(board_id=year.board_id, ended_on__isnull=True)
    refused = [unit_id for unit_id in standing.units if not can_add_member(standing, year, unit_id)]
    return units.exclude(pk__in=known).exclude(pk__in=refused).order_by("sorting", "pk")


def _frame(request: HttpRequest, year: BlocYear, standing: Standing, title: str) -> dict[str, Any]:
    back = reverse("member_list", args=[year.pk])
    crumbs = [("Đơn vị thành viên, Trưởng khối", back)]
    return {
        **frame(request, year, standing, tab="members", title=title, crumbs=crumbs),
        "back": back,
    }


@require_POST
def member_remove(request: HttpRequest, year_id: int, membership_id: int) -> HttpResponse:
    """Take a unit off the list of a year in preparation."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_remove_member(standing, year))
    row = get_membership(year, membership_id)
    remove_member(actor=user, membership=row)
    messages.success(request, f"Đã bỏ {row.unit_name} khỏi danh sách đơn vị thành viên.")
    return redirect("member_list", year.pk)
