"""What stands in a board today, as the workbook of its register shows it: a few queries in all.

Entries are plain rows of text, dates and numbers: what a line of a sheet says, with the keys of
the objects it came from.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from blocs.enums import PostRole, TermKind, YearStatus
from blocs.models import Bloc, BlocYear, Board, HeadTerm, Membership, Post, Unit, UnitName
from blocs.selectors.people import not_over
from emulation import clock
from emulation.models import User
from emulation.vietnamese import fold, format_date

PostKey = tuple[str, str, str]
"""A person's log-in name casefolded, the unit's name folded ("" for the board), the role."""


@dataclass(slots=True)
class UnitEntry:
    """A unit."""

    name: str = ""
    kind: str = ""
    issuing_style: str = ""
    established_on: dt.date | None = None
    pk: int | None = None


@dataclass(slots=True)
class PersonEntry:
    """A person in a post; ``unit`` is empty for a post in the board."""

    full_name: str = ""
    username: str = ""
    phone: str = ""
    email: str = ""
    unit: str = ""
    role: str = ""
    title: str = ""
    starts_on: dt.date | None = None
    user_pk: int | None = None
    post_pk: int | None = None


@dataclass(slots=True)
class BlocEntry:
    """A bloc in one year. ``head_fixed``: the head named is of a unit dissolved since."""

    name: str = ""
    kind: str = ""
    year: int | None = None
    declared_count: int | None = None
    issuing_style: str = ""
    head: str = ""
    deputies: tuple[str, ...] = ()
    status: str = ""
    head_fixed: bool = False
    last_position: int = 0
    bloc_pk: int | None = None
    year_pk: int | None = None


@dataclass(slots=True)
class MemberEntry:
    """A unit in a bloc's year; ``ends_on`` where it has left or will."""

    bloc: str = ""
    year: int | None = None
    unit: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A person the board knows. ``is_guarded``: the contact is not the board's to change."""

    pk: int
    username: str
    full_name: str
    phone: str
    email: str
    is_active: bool
    is_guarded: bool


@dataclass(slots=True)
class Register:
    """What stands there now. Names are keys folded, log-in names casefolded.

    ``former`` says what became of names no unit carries any more; ``ended`` is the last day of
    posts that ended; ``namesakes`` are names that several blocs carry; ``ranked`` the bloc-year
    in which a unit (its key) is ranked in a year.
    """

    board: Board
    units: dict[str, UnitEntry] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)
    people: dict[str, Known] = field(default_factory=dict)
    usernames: frozenset[str] = frozenset()
    posts: dict[PostKey, PersonEntry] = field(default_factory=dict)
    ended: dict[PostKey, dt.date] = field(default_factory=dict)
    blocs: dict[str, BlocEntry] = field(default_factory=dict)
    namesakes: dict[str, int] = field(default_factory=dict)
    closed_blocs: dict[str, dt.date] = field(default_factory=dict)
    years: dict[tuple[str, int], BlocEntry] = field(default_factory=dict)
    terms: dict[tuple[int, int], BlocEntry] = field(default_factory=dict)
    holders: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    members: dict[tuple[str, int, str], MemberEntry] = field(default_factory=dict)
    ranked: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def running_years(self) -> list[BlocEntry]:
        """The bloc-years that are not over, for the workbook."""
        return [year for year in self.years.values() if year.status != YearStatus.CLOSED]

    @property
    def running_members(self) -> list[MemberEntry]:
        """The members of those years that have not left."""
        running = {(fold(year.name), year.year) for year in self.running_years}
        today = clock.today()
        return [
            entry
            for (bloc, year, _), entry in self.members.items()
            if (bloc, year) in running and not (entry.ends_on and entry.ends_on < today)
        ]


def register_of(board: Board) -> Register:
    """Return what stands in the board now: a constant number of queries."""
    register = Register(board)
    _read_units(register)
    _read_people(register)
    names = {entry.pk: entry.name for entry in register.units.values()}
    years = _read_blocs(register, names)
    _read_members(register, names, years)
    return register


# ---------------------------------------------------------------- units and people


def _read_units(register: Register) -> None:
    for unit in Unit.objects.filter(board=register.board).order_by("sorting", "pk"):
        name = fold(unit.name)
        if unit.ended_on is None:
            register.units[name] = UnitEntry(
                unit.name, unit.kind, unit.issuing_style, unit.established_on, unit.pk
            )
        else:
            register.former.setdefault(
                name, f"“{unit.name}” đã giải thể, sáp nhập từ ngày {format_date(unit.ended_on)}."
            )
    earlier = UnitName.objects.filter(unit__board=register.board, ends_on__isnull=False)
    for row in earlier.select_related("unit").order_by("-pk"):
        register.former.setdefault(fold(row.name), f"“{row.name}” là tên cũ của “{row.unit.name}”.")


def _read_people(register: Register) -> None:
    board, today = register.board, clock.today()
    register.usernames = frozenset(
        name.casefold() for name in User.objects.order_by("pk").values_list("username", flat=True)
    )
    own = Q(board=board) | Q(unit__board=board)
    posts = list(
        Post.objects.filter(own).select_related("user", "unit").order_by("user__sorting", "pk")
    )
    others = Post.objects.filter(not_over(today), user__in=Post.objects.filter(own).values("user"))
    elsewhere = set(others.exclude(own).order_by("pk").values_list("user_id", flat=True))
    here = {post.user_id for post in posts if _is_open(post, today)}
    for post in sorted(posts, key=_place):
        if post.user_id in elsewhere and post.user_id not in here:
            continue
        _note_person(register, post.user, is_guarded=post.user_id in elsewhere)
        _note_post(register, post, today)


def _is_open(post: Post, today: dt.date) -> bool:
    return post.closed_at is None and (post.ends_on is None or post.ends_on >= today)


def _place(post: Post) -> tuple[str, str]:
    """Sort the board's own people first, then unit by unit, leaders before officers."""
    return (post.unit.sorting if post.unit else "", post.role)


def _note_person(register: Register, user: User, *, is_guarded: bool) -> None:
    register.people[user.username.casefold()] = Known(
        user.pk,
        user.username,
        user.full_name,
        user.phone,
        user.email,
        user.is_active,
        is_guarded or user.is_superuser or user.is_staff,
    )


def _note_post(register: Register, post: Post, today: dt.date) -> None:
    unit, user = post.unit, post.user
    key = (user.username.casefold(), fold(unit.name) if unit else "", post.role)
    if not _is_open(post, today):
        last = post.ends_on or today
        register.ended[key] = max(last, register.ended.get(key, last))
    elif unit is None or unit.ended_on is None:
        register.posts[key] = PersonEntry(
            user.full_name,
            user.username,
            user.phone,
            user.email,
            unit.name if unit else "",
            post.role,
            post.title,
            post.starts_on,
            user.pk,
            post.pk,
        )


# ---------------------------------------------------------------- blocs and members


def _read_blocs(register: Register, names: dict[int | None, str]) -> dict[int, tuple[str, int]]:
    """Note the blocs, their years and who leads; return each bloc-year's name and year by key."""
    named: dict[str, list[Bloc]] = defaultdict(list)
    for bloc in Bloc.objects.filter(board=register.board).order_by("sorting", "pk"):
        if bloc.ended_on is None:
            named[fold(bloc.name)].append(bloc)
        else:
            register.closed_blocs[fold(bloc.name)] = bloc.ended_on
    terms = HeadTerm.objects.filter(bloc__board=register.board, ended_on__isnull=True)
    _read_terms(register, terms.select_related("unit").order_by("kind", "position", "pk"), names)
    for name, blocs in named.items():
        if len(blocs) > 1:
            register.namesakes[name] = len(blocs)
        else:
            register.blocs[name] = BlocEntry(blocs[0].name, blocs[0].kind, bloc_pk=blocs[0].pk)
    return _read_years(register, {bloc[0].pk: bloc[0] for bloc in named.values()})


def _read_years(register: Register, blocs: dict[int, Bloc]) -> dict[int, tuple[str, int]]:
    found: dict[int, tuple[str, int]] = {}
    rows = BlocYear.objects.filter(board=register.board).order_by("-year", "sorting", "pk")
    for row in rows:
        bloc = blocs.get(row.bloc_id)
        name = fold(bloc.name) if bloc else ""
        if bloc is None or name not in register.blocs:
            continue
        found[row.pk] = (bloc.name, row.year)
        led = register.terms.get((bloc.pk, row.year), BlocEntry())
        register.years[name, row.year] = BlocEntry(
            bloc.name,
            bloc.kind,
            row.year,
            row.declared_count,
            row.issuing_style,
            led.head,
            led.deputies,
            row.status,
            led.head_fixed,
            led.last_position,
            bloc.pk,
            row.pk,
        )
    return found


def _read_terms(
    register: Register, terms: Iterable[HeadTerm], names: dict[int | None, str]
) -> None:
    """Note who leads each bloc in each year, whether the year has been created or not."""
    for term in terms:
        key, name = (term.bloc_id, term.year), names.get(term.unit_id, "")
        led = register.terms.setdefault(key, BlocEntry())
        held = register.holders.setdefault(key, {})
        held[fold(term.unit.name)] = TermKind(term.kind).label
        if term.kind == TermKind.HEAD:
            led.head, led.head_fixed = name, not name
        elif term.kind == TermKind.DEPUTY:
            led.deputies += (name,) if name else ()
            led.last_position = max(led.last_position, term.position)


def _read_members(
    register: Register, names: dict[int | None, str], years: dict[int, tuple[str, int]]
) -> None:
    rows = Membership.objects.filter(bloc_year__board=register.board).select_related("bloc_year")
    for row in rows.order_by("-year", "bloc_year__sorting", "sorting", "pk"):
        if row.is_ranking:
            register.ranked[row.unit_id, row.year] = str(row.bloc_year)
        if row.unit_id in names and row.bloc_year_id in years:
            bloc, name = years[row.bloc_year_id][0], names[row.unit_id]
            register.members[fold(bloc), row.year, fold(name)] = MemberEntry(
                bloc, row.year, name, row.starts_on, row.ends_on, row.pk
            )


def role_is_of_board(role: str) -> bool:
    """Return whether posts of this role stand in the board, not in a unit."""
    return role == PostRole.BOARD_OFFICER
