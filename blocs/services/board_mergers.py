"""Boards that merge into another: units, blocs, open years and officers pass to the heir."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from simple_history.utils import bulk_update_with_history

from blocs.enums import ChangeKind, PostRole
from blocs.models import Bloc, BlocYear, Board, Post, StructureChange, Unit, UnitName
from blocs.permissions import can_merge_boards
from blocs.selectors.board_mergers import (
    Estate,
    Merger,
    estates_of,
    former_effects,
    merger_plan,
    preparing,
)
from blocs.services.writing import save_checked
from blocs.slots import slots
from emulation import clock
from emulation.access import require
from emulation.models import User
from emulation.plans import Plan, require_plan
from emulation.vietnamese import join_names

ACTING = "Quản trị tài khoản"


def plan_merger(*, actor: User, merger: Merger) -> Plan:
    """Return what the merger would do and what stands in its way; by the administrator.

    Refused where he is an officer of one of the boards: see ``can_merge_boards``.
    """
    require(can_merge_boards(actor, [*merger.formers, merger.heir]))
    return merger_plan(merger, estates_of(merger))


@transaction.atomic
def merge_boards(*, actor: User, merger: Merger, seen: str | None = None) -> Board:
    """Merge boards into an existing one, and return the heir.

    Effects, in order, for each former board: it ends that day and the heir stands in its place,
    and in the place of the boards before it; running units, blocs and open years stand under the
    heir, closed years stay; units whose name is taken get the province's added, dated, and so do
    their memberships of years in preparation; officers' posts end and begin at the heir;
    deadlines that differ from the heir's common ones are marked as the bloc's own; what higher
    apps carry over; the record. By the administrator; Conflict where something stands in the way
    or the plan is not the one ``seen``; ValidationError without a reason.
    """
    merger = _locked(merger)
    require(can_merge_boards(actor, [*merger.formers, merger.heir]))
    estates = estates_of(merger)
    plan = merger_plan(merger, estates)
    require_plan(plan, seen)
    if not merger.reason.strip():
        raise ValidationError({"reason": "Đề nghị ghi lý do hợp nhất."})
    said = {estate.former.pk: former_effects(merger, estate) for estate in estates}
    for estate in estates:
        _pass_on(estate, merger, actor)
        former = estate.former
        _record(
            merger,
            actor,
            board=former,
            title=f"Hợp nhất {former.place} vào {merger.heir.place}",
            sentences=[effect.text for effect in said[former.pk]],
        )
    names = join_names([board.place for board in merger.formers])
    _record(
        merger,
        actor,
        board=merger.heir,
        title=f"Hợp nhất {names} vào {merger.heir.place}",
        sentences=plan.sentences,
    )
    return merger.heir


def _locked(merger: Merger) -> Merger:
    """Return the merger with its boards and open years as stored now, locked in one order."""
    keys = sorted({merger.heir.pk, *(board.pk for board in merger.formers)})
    rows = Board.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    boards = {board.pk: board for board in rows}
    list(BlocYear.objects.select_for_update().filter(board__in=keys).order_by("pk"))
    formers = tuple(boards[key] for key in dict.fromkeys(board.pk for board in merger.formers))
    return Merger(formers, boards[merger.heir.pk], merger.day, merger.basis, merger.reason)


def _pass_on(estate: Estate, merger: Merger, actor: User) -> None:
    for board in (estate.former, *estate.forebears):
        board.ended_on, board.heir = board.ended_on or merger.day, merger.heir
        save_checked(board, actor)
    _rename(estate, merger)
    for unit in estate.units:
        unit.board = merger.heir
    for bloc in estate.blocs:
        bloc.board = merger.heir
    stamp = {"default_user": actor, "default_date": clock.now()}
    fields = ["board", "name", "folded", "sorting"]
    bulk_update_with_history(estate.units, Unit, fields, batch_size=200, **stamp)
    bulk_update_with_history(estate.blocs, Bloc, ["board"], batch_size=200, **stamp)
    open_years = [each.pk for each in estate.open_years]
    BlocYear.objects.filter(pk__in=open_years).update(board=merger.heir)
    _rename_members(estate, merger, actor)
    _pass_posts(estate, merger, actor)
    _keep_deadlines(estate, actor)
    for each in slots.boards_merged:
        each(estate.former, merger.heir)
    _record_names(estate, merger, actor)


def _rename(estate: Estate, merger: Merger) -> None:
    """Date the names; the units themselves are written together with their new board."""
    for unit, name in estate.renamed:
        unit.name = name
        unit.refold()
        current = UnitName.objects.filter(unit=unit, ends_on__isnull=True).first()
        if current:
            current.ends_on = merger.day - dt.timedelta(days=1)
            current.save(update_fields=["ends_on"])
        UnitName.objects.create(unit=unit, name=name, starts_on=merger.day)


def _rename_members(estate: Estate, merger: Merger, actor: User) -> None:
    names = {unit.pk: name for unit, name in estate.renamed}
    for membership in preparing([unit for unit, _ in estate.renamed], merger.day):
        membership.unit_name = names[membership.unit_id]
        save_checked(membership, actor)


def _pass_posts(estate: Estate, merger: Merger, actor: User) -> None:
    """End each officer's post, its access at once, and begin the same at the heir."""
    held = Post.objects.filter(board=merger.heir, ends_on__isnull=True).order_by("pk")
    known = set(held.values_list("user_id", flat=True))
    for post in estate.posts:
        first, last = max(merger.day, post.starts_on), post.ends_on
        post.ends_on = max(merger.day - dt.timedelta(days=1), post.starts_on)
        post.closed_at = clock.now()
        save_checked(post, actor)
        if post.user_id in known:
            continue
        known.add(post.user_id)
        new = Post(
            user=post.user,
            board=merger.heir,
            role=PostRole.BOARD_OFFICER,
            title=post.title,
            starts_on=first,
            ends_on=last,
        )
        save_checked(new, actor)


def _keep_deadlines(estate: Estate, actor: User) -> None:
    for deadline in estate.deadlines:
        deadline.is_exception = True
        deadline.exception_reason = f"Hạn đặt tại {estate.former.place} trước khi hợp nhất"
        save_checked(deadline, actor)


def _record_names(estate: Estate, merger: Merger, actor: User) -> None:
    for unit, name in estate.renamed:
        before = UnitName.objects.filter(unit=unit, ends_on__isnull=False).order_by("-pk").first()
        old = before.name if before else name
        _record(
            merger,
            actor,
            board=merger.heir,
            title=f"“{old}” của {estate.former.place} mang tên “{name}”",
            sentences=["Đổi tên vì trùng với đơn vị khác khi hợp nhất Hội đồng."],
            unit=unit,
        )


def _record(
    merger: Merger,
    actor: User,
    *,
    board: Board,
    title: str,
    sentences: list[str],
    unit: Unit | None = None,
) -> None:
    StructureChange.objects.create(
        board=board,
        kind=ChangeKind.BOARDS_MERGED,
        unit=unit,
        title=title[:500],
        effective_on=merger.day,
        basis=merger.basis.strip(),
        reason=merger.reason.strip(),
        effects=sentences,
        actor=actor,
        acting_as=ACTING,
    )
