"""A bloc comes to its end, with or without another after it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import ChangeKind, YearStatus
from blocs.models import Bloc, BlocYear, HeadTerm, Membership
from blocs.selectors.structure import hangs_on, ranking_days
from blocs.services.structure.heads import HeadChanges
from blocs.services.structure.memberships import Ending, Fate, MemberChanges, ranked_on
from blocs.services.structure.names import ended_bloc
from blocs.services.structure.records import Ground, begin_change, check_day, record_change
from blocs.services.writing import save_checked
from emulation.models import User
from emulation.plans import Effect, Plan, require_plan
from emulation.vietnamese import format_date

BLOC, YEARS = "Khối", "Các năm thi đua"


def plan_bloc_end(bloc: Bloc, ground: Ground, successor: Bloc | None = None) -> Plan:
    """Return what ending the bloc would do; a year begun and not closed stands in the way."""
    check_day(ground)
    _check_successor(bloc, successor)
    members, heads = _members(bloc, ground), _heads(bloc, ground)
    found = [*_first(bloc, ground, successor), *members.effects(), *heads.endings()]
    found += members.consequences()
    obstacles = (*ended_bloc(bloc), *_years_under_way(bloc), *members.obstacles)
    return Plan(f"Kết thúc {bloc.name}", tuple(found), obstacles)


def _check_successor(bloc: Bloc, successor: Bloc | None) -> None:
    if successor is None:
        return
    if successor.pk == bloc.pk or successor.board_id != bloc.board_id or successor.ended_on:
        raise ValidationError(
            {"successor": "Khối kế tục phải là một khối khác đang hoạt động của Hội đồng."}
        )


def _first(bloc: Bloc, ground: Ground, successor: Bloc | None) -> list[Effect]:
    found = [
        Effect(BLOC, f"{bloc.name} kết thúc {ground.since}; không lập năm thi đua mới được nữa."),
        Effect(BLOC, "Các năm đã qua vẫn xem được, theo tên khi đó."),
    ]
    if successor:
        found.append(Effect(BLOC, f"{successor.name} được ghi là khối kế tục."))
    drafts = BlocYear.objects.filter(bloc=bloc, status=YearStatus.DRAFT).order_by("year")
    return found + [
        Effect(YEARS, f"Năm {each.year} đang chuẩn bị: các đơn vị được bỏ khỏi danh sách.")
        for each in drafts
    ]


def _years_under_way(bloc: Bloc) -> tuple[str, ...]:
    years = BlocYear.objects.filter(bloc=bloc).exclude(
        status__in=[YearStatus.DRAFT, YearStatus.CLOSED]
    )
    return tuple(
        f"{each} đang ở bước “{each.step.label}”: phải kết thúc năm này trước."
        for each in years.order_by("year")
    )


def _members(bloc: Bloc, ground: Ground) -> MemberChanges:
    rows = Membership.objects.filter(bloc_year__bloc=bloc, bloc_year__status=YearStatus.DRAFT)
    known = list(rows.select_related("bloc_year", "unit").order_by("year", "sorting", "pk"))
    days = ranking_days(row.bloc_year_id for row in known)
    return MemberChanges(
        [
            Ending(
                row,
                ground.last_day,
                ranked_on(row.bloc_year, days),
                Fate.LEAVES if hangs_on(row) else Fate.REMOVED,
            )
            for row in known
            if row.ends_on is None or row.ends_on >= ground.effective_on
        ]
    )


def _heads(bloc: Bloc, ground: Ground) -> HeadChanges:
    begun = BlocYear.objects.filter(bloc=bloc).exclude(status=YearStatus.DRAFT)
    terms = HeadTerm.objects.filter(bloc=bloc, ended_on__isnull=True)
    terms = terms.exclude(year__in=begun.values("year")).select_related("unit", "bloc")
    return HeadChanges(ground.effective_on, list(terms.order_by("year", "kind", "position", "pk")))


@transaction.atomic
def end_bloc(
    *,
    actor: User,
    bloc: Bloc,
    ground: Ground,
    successor: Bloc | None = None,
    seen: str | None = None,
) -> Bloc:
    """End the bloc from the ground's day on and return it.

    Effects, in order: terms of years in preparation or not created end; members of years in
    preparation are taken off their lists; the bloc ends, with its successor; the change is
    recorded. Refused unless an officer of the board; Conflict while a year is under way, where
    the bloc has ended, or what was ``seen`` has moved.
    """
    begin_change(actor, bloc.board_id)
    bloc = Bloc.objects.get(pk=bloc.pk)
    plan = plan_bloc_end(bloc, ground, successor)
    require_plan(plan, seen)
    note = ground.note(plan.title)
    _heads(bloc, ground).end(note, actor)
    _members(bloc, ground).end(note, actor)
    bloc.ended_on, bloc.successor = ground.effective_on, successor
    save_checked(bloc, actor)
    record_change(
        actor=actor,
        board_id=bloc.board_id,
        kind=ChangeKind.BLOC_ENDED,
        plan=plan,
        ground=ground,
        bloc=bloc,
    )
    return bloc


def ended_words(bloc: Bloc) -> str:
    """Return the sentence that says when the bloc ended and what came after it."""
    if bloc.ended_on is None:
        return ""
    after = f" Khối kế tục: {bloc.successor.name}." if bloc.successor else ""
    return f"Đã kết thúc từ ngày {format_date(bloc.ended_on)}.{after}"
