"""Adopted tables, nominations, decisions and appeals, read as their readers may see them."""

from __future__ import annotations

from functools import cache

from django.db.models import F, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from blocs.models import BlocYear, Membership
from blocs.selectors.standing import posts_today, standing_in
from blocs.standing import Standing
from emulation.models import User
from scoring.enums import NominationStatus, SheetStatus
from scoring.models import (
    Appeal,
    CouncilDecision,
    Nomination,
    NotConsidered,
    RankingRow,
    RankingSnapshot,
    ScoreSheet,
)
from scoring.rules.grounds import Ground

# ---------------------------------------------------------------- the doors


def get_results_year_for_user(user: User, year_id: int) -> tuple[BlocYear, Standing, bool]:
    """Return the bloc-year whose results a person may ask for, and whether it is from inside.

    From outside: whoever has a post in a unit of the same board, or of the one that stands in its
    place today, once the results are published.
    Http404 for everybody else: other boards, and an administrator without a post.
    """
    bloc_year = get_object_or_404(_years(), pk=year_id)
    standing = standing_in(user, bloc_year)
    if standing.sees_inside:
        return bloc_year, standing, True
    if bloc_year.published_at is None or not _is_of_its_board(user, bloc_year):
        raise Http404
    return bloc_year, standing, False


@cache
def _years() -> QuerySet[BlocYear]:
    return BlocYear.objects.select_related("bloc", "board")


def _is_of_its_board(user: User, bloc_year: BlocYear) -> bool:
    """Return whether the person has a post in a unit of the year's board, or of its heir."""
    its_boards = {bloc_year.board_id, bloc_year.board.heir_id}
    return any(post.unit and post.unit.board_id in its_boards for post in posts_today(user))


def get_membership(bloc_year: BlocYear, membership_id: int) -> Membership:
    """Return a member of this bloc-year; Http404 otherwise."""
    found = (
        Membership.objects.filter(bloc_year=bloc_year, pk=membership_id)
        .select_related("unit", "bloc_year")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_nomination(bloc_year: BlocYear, nomination_id: int) -> Nomination:
    """Return a nomination of this bloc-year; Http404 otherwise."""
    found = nominations_of(bloc_year).filter(pk=nomination_id).first()
    if found is None:
        raise Http404
    return found


def get_standing_decision(bloc_year: BlocYear, decision_id: int) -> NotConsidered:
    """Return a standing decision of this bloc-year; Http404 otherwise."""
    found = standing_decisions_of(bloc_year).filter(pk=decision_id).first()
    if found is None:
        raise Http404
    return found


def get_appeal(bloc_year: BlocYear, standing: Standing, appeal_id: int) -> Appeal:
    """Return an appeal the person may read; Http404 otherwise."""
    found = appeals_seen_by(standing, bloc_year).filter(pk=appeal_id).first()
    if found is None:
        raise Http404
    return found


# ---------------------------------------------------------------- snapshots


def latest_snapshot(bloc_year: BlocYear) -> RankingSnapshot | None:
    """Return the newest adopted table, or None before the first adoption."""
    return _snapshots(bloc_year).first()


def get_snapshot(bloc_year: BlocYear, number: int) -> RankingSnapshot:
    """Return the adopted table of that number; Http404 otherwise."""
    found = _snapshots(bloc_year).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _snapshots(bloc_year: BlocYear) -> QuerySet[RankingSnapshot]:
    return _adopted().filter(bloc_year=bloc_year)


@cache
def _adopted() -> QuerySet[RankingSnapshot]:
    return RankingSnapshot.objects.select_related("meeting").order_by("-number")


def rows_of(snapshot: RankingSnapshot, *, with_decisions: bool = False) -> list[RankingRow]:
    """Return a snapshot's rows with unit and nomination: one query.

    What the Council decided is read only ``with_decisions``, for those who may see it.
    """
    rows = _rows()
    if with_decisions:
        rows = rows.select_related("membership__nomination__decision__award")
    return list(rows.filter(snapshot=snapshot))


@cache
def _rows() -> QuerySet[RankingRow]:
    """Return rows in the order of their places; put together once, for that takes long."""
    rows = RankingRow.objects.select_related("membership__nomination__award")
    return rows.order_by(F("rank").asc(nulls_last=True), "membership__sorting", "pk")


# ---------------------------------------------------------------- nominations and decisions


def nominations_of(bloc_year: BlocYear) -> QuerySet[Nomination]:
    """Return the nominations with unit, award and decision, in the order of their units."""
    return (
        Nomination.objects.filter(bloc_year=bloc_year)
        .exclude(status=NominationStatus.REVOKED)
        .select_related("membership__unit", "bloc_year", "award", "decision__award")
        .order_by("membership__sorting", "pk")
    )


def undecided_nominations(bloc_year: BlocYear) -> QuerySet[Nomination]:
    """Return the nominations on which the head has not decided since they were last proposed."""
    return nominations_of(bloc_year).filter(
        status__in=[NominationStatus.PROPOSED, NominationStatus.RETURNED]
    )


def awaiting_decision(bloc_year: BlocYear) -> QuerySet[Nomination]:
    """Return the proposals for an award on which no Council decision is recorded yet."""
    return nominations_of(bloc_year).filter(award__isnull=False, decision__isnull=True)


def decision_of(nomination: Nomination) -> CouncilDecision | None:
    """Return what the Council decided, or None; no query for rows of ``nominations_of``."""
    return getattr(nomination, "decision", None)


def standing_decisions_of(bloc_year: BlocYear) -> QuerySet[NotConsidered]:
    """Return every standing decision of the year, revoked ones too, newest first."""
    return (
        NotConsidered.objects.filter(membership__bloc_year=bloc_year)
        .select_related("membership__unit", "membership__bloc_year", "actor", "revoked_by")
        .order_by("-decided_at", "-pk")
    )


def appeals_seen_by(standing: Standing, bloc_year: BlocYear) -> QuerySet[Appeal]:
    """Return the appeals a person may read: the board all, a unit its own; newest first."""
    appeals = (
        Appeal.objects.filter(bloc_year=bloc_year)
        .select_related("membership__unit", "bloc_year", "filed_by", "decided_by")
        .order_by("-filed_at", "-pk")
    )
    return appeals if standing.is_board else appeals.filter(membership__unit__in=standing.units)


def official_sheet_of(membership_id: int) -> ScoreSheet | None:
    """Return a member's sheet where its points are official, or None."""
    sheets = ScoreSheet.objects.filter(membership=membership_id, status=SheetStatus.APPROVED)
    return sheets.select_related("bloc_year", "membership__unit", "rubric").first()


def ground_label(ground: str) -> str:
    """Return a stored ground as officials read it."""
    return Ground(ground).label
