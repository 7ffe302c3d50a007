"""Bloc-years a person may open. The one door to everything inside a bloc."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from blocs.enums import TermKind
from blocs.models import BlocYear, HeadTerm, Membership, Post, SecretariatMember
from blocs.selectors.standing import held_on
from emulation import clock
from emulation.models import User


def bloc_years_visible_to(user: User) -> QuerySet[BlocYear]:
    """Return the bloc-years whose inside ``user`` may read, newest first.

    Officers of its board; people with a post today in a member, in the year's head, deputy or
    stand-in, or in the head of a later year (handover: the new head reads the whole dossier);
    officers named to the secretariat. Nobody else: an administrator sees none, and published
    results have a page of their own.
    """
    posts = Post.objects.filter(held_on(clock.today()), user=user)
    boards = posts.filter(board__isnull=False).values("board_id")
    units = posts.filter(unit__isnull=False).values("unit_id")
    terms = HeadTerm.objects.filter(
        bloc_id=OuterRef("bloc_id"), unit_id__in=units, ended_on__isnull=True
    )
    members = Membership.objects.filter(bloc_year=OuterRef("pk"), unit_id__in=units)
    named = SecretariatMember.objects.filter(
        bloc_year=OuterRef("pk"),
        user=user,
        ended_at__isnull=True,
        bloc_year__memberships__unit_id__in=units,
    )
    return BlocYear.objects.filter(
        Q(board_id__in=boards)
        | Exists(members)
        | Exists(terms.filter(year=OuterRef("year")))
        | Exists(terms.filter(year__gt=OuterRef("year"), kind=TermKind.HEAD))
        | Exists(named)
    ).order_by("-year", "sorting", "pk")
