"""Members of a bloc-year with the people to call; who leads; the secretariat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.forms.people import AddMemberForm, EndMembershipForm
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
)
from blocs.selectors.members import all_members, count_mismatch, people_of
from blocs.selectors.standing import heads_of, in_rank, terms_of
from blocs.selectors.units import search_units
from blocs.services.members import add_member, end_membership, remove_member
from blocs.standing import NO_STAND_IN, Standing
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation import clock
from emulation.access import require


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to call: the number only where the reader may see it."""

    name: str
    post: str
    phone: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the page lists it."""

    membership: Membership
    roles: tuple[str, ...]
    contacts: tuple[Contact, ...]
    remove_url: str
    end_url: str

    @property
    def has_left(self) -> bool:
        """Whether the unit's last day has passed."""
        last = self.membership.ends_on
        return last is not None and last < clock.today()


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
    named = SecretariatMember.objects.filter(bloc_year=year, ended_at__isnull=True)
    context = {
        **frame(request, year, standing, tab="members", title="Đơn vị thành viên, Trưởng khối"),
        "rows": rows,
        "listed": listed,
        "mismatch": count_mismatch(year, listed),
        "terms": terms,
        "heads": heads_of(year),
        "no_stand_in": NO_STAND_IN,
        "secretariat": named.select_related("user").order_by("named_at", "pk"),
        "following": year.year + 1,
        "next_terms": in_rank(terms_of(year.bloc_id, year.year + 1)),
        "set_members": can_set_members(standing, year),
        "set_terms": can_set_terms(standing, year),
        "name_secretary": can_name_secretary(standing, year),
        "stand_in": can_prepare_year(standing, year),
        "elect": can_record_election(standing, year),
        "sees_phones": standing.sees_phones,
    }
    return render(request, "blocs/member_list.html", context)


def _rows(
    year: BlocYear, standing: Standing, members: Sequence[Membership], roles: dict[int, str]
) -> list[MemberRow]:
    people = people_of(row.unit_id for row in members)
    may_remove = bool(can_remove_member(standing, year))
    return [
        MemberRow(
            membership=row,
            roles=(roles[row.unit_id],) if row.unit_id in roles else (),
            contacts=_contacts(people.get(row.unit_id, ()), shown=standing.sees_phones),
            remove_url=_url("member_remove", row) if may_remove else "",
            end_url=_url("member_end", row) if _may_end(standing, year, row) else "",
        )
        for row in members
    ]


def _may_end(standing: Standing, year: BlocYear, row: Membership) -> bool:
    return row.ends_on is None and bool(can_end_membership(standing, year, row.unit_id))


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


@require_http_methods(["GET", "POST"])
def member_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Add a unit of the board, found by search."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_set_members(standing, year))
    q = request.GET.get("q", "")[:200]
    units = search_units(_addable(year, standing), q)
    form = AddMemberForm(request.POST or None, units=units)

    def add() -> None:
        add_member(actor=user, bloc_year=year, **form.cleaned_data)

    if accepted(request, form, add):
        name = form.cleaned_data["unit"].name
        messages.success(request, f"Đã thêm {name} vào danh sách đơn vị thành viên.")
        return redirect("member_list", year.pk)
    context = _frame(request, year, standing, "Thêm đơn vị thành viên")
    return render(
        request,
        "blocs/member_add.html",
        {**context, "form": form, "q": q, "found": units.count()},
    )


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


@require_http_methods(["GET", "POST"])
def member_end(request: HttpRequest, year_id: int, membership_id: int) -> HttpResponse:
    """Record that a unit left the bloc."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    row = get_membership(year, membership_id)
    require(can_end_membership(standing, year, row.unit_id))
    form = EndMembershipForm(request.POST or None)

    def end() -> None:
        end_membership(actor=user, membership=row, **form.cleaned_data)

    if accepted(request, form, end):
        messages.success(
            request, f"Đã ghi {row.unit_name} rời khối. Số liệu của đơn vị vẫn được lưu."
        )
        return redirect("member_list", year.pk)
    context = _frame(request, year, standing, f"Ghi {row.unit_name} rời khối")
    return render(request, "blocs/member_end.html", {**context, "form": form})
