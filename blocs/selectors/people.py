"""People and their accounts: whose a person looks after, where each stands, who has not come in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from blocs.enums import AccountState, PostRole, YearStatus
from blocs.models import Board, Invitation, Post, SecretariatMember, Unit
from blocs.selectors.standing import held_on, posts_today
from blocs.selectors.units import units_visible_to
from blocs.slots import slots
from blocs.standing import Reach
from emulation import clock
from emulation.enums import Tone
from emulation.models import User
from emulation.vietnamese import fold, format_date

# ---------------------------------------------------------------- whose accounts


def reach_of(user: User) -> Reach:
    """Return whose accounts the person looks after today: two queries."""
    if not user.is_active:
        return Reach(user.pk)
    posts = list(posts_today(user))
    boards = {post.board_id for post in posts if post.board_id}
    before = Board.objects.filter(heir__in=boards).order_by("pk").values_list("pk", flat=True)
    leads = {post.unit_id for post in posts if post.unit_id and post.role == PostRole.LEADER}
    return Reach(
        user.pk,
        frozenset(boards | set(before)),
        frozenset(leads),
        is_administrator=user.is_superuser,
    )


def is_leader_of(user: User, unit_id: int) -> bool:
    """Return whether the person is a leader of the unit today."""
    return posts_today(user).filter(unit_id=unit_id, role=PostRole.LEADER).exists()


def leads_any_unit(user: User) -> bool:
    """Return whether the person is a leader of some unit today."""
    return posts_today(user).filter(unit__isnull=False, role=PostRole.LEADER).exists()


def people_within(reach: Reach, unit: Unit | None = None) -> QuerySet[User]:
    """Return the active people who hold a post today within the reach, in Vietnamese order.

    Of one ``unit`` where given. The administrator's are the boards' officers.
    """
    here = Q(unit__board_id__in=reach.boards) | Q(board_id__in=reach.boards)
    here |= Q(unit_id__in=reach.units)
    if reach.is_administrator:
        here |= Q(board__isnull=False)
    posts = Post.objects.filter(held_on(clock.today())).filter(here)
    if unit is not None:
        posts = posts.filter(unit=unit)
    people = User.objects.filter(is_active=True, pk__in=posts.values("user_id"))
    return people.order_by("sorting", "pk")


def people_visible_to(user: User) -> QuerySet[User]:
    """Return who holds, or will hold, a post in a unit or board whose page the person may open."""
    boards = reach_of(user).boards
    units = units_visible_to(user).order_by().values("pk")
    places = Q(unit__in=units) | Q(board__in=boards)
    if user.is_superuser:
        places |= Q(board__isnull=False)
    posts = Post.objects.filter(not_over(clock.today())).filter(places)
    return User.objects.filter(pk__in=posts.values("user_id")).order_by("sorting", "pk")


def roles_lacking(unit: Unit) -> list[PostRole]:
    """Return which of leader and officer nobody holds or will hold in the unit, leader first."""
    posts = Post.objects.filter(not_over(clock.today()), unit=unit).order_by()
    filled = set(posts.values_list("role", flat=True))
    return [role for role in (PostRole.LEADER, PostRole.OFFICER) if role not in filled]


def people_known_to_unit(unit: Unit) -> QuerySet[User]:
    """Return who ever held a post in the unit, in Vietnamese order."""
    posts = Post.objects.filter(unit=unit)
    return User.objects.filter(pk__in=posts.values("user_id")).order_by("sorting", "pk")


# ---------------------------------------------------------------- posts


def not_over(day: dt.date) -> Q:
    """Return the condition that a post gives access on ``day`` or will later."""
    last = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return Q(closed_at__isnull=True) & last


def posts_not_over(people: Iterable[User]) -> dict[int, list[Post]]:
    """Return the posts, held today or to come, of each person by key: one query."""
    posts = Post.objects.filter(not_over(clock.today()), user__in=[each.pk for each in people])
    found: dict[int, list[Post]] = {}
    for post in posts.select_related("unit", "board").order_by("starts_on", "pk"):
        found.setdefault(post.user_id, []).append(post)
    return found


def other_leaders(post: Post, after: dt.date) -> QuerySet[Post]:
    """Return the posts of those who lead the unit on the day following ``after``, but for one."""
    following = after + dt.timedelta(days=1)
    leaders = Post.objects.filter(unit=post.unit_id, role=PostRole.LEADER).exclude(pk=post.pk)
    return leaders.filter(held_on(following), user__is_active=True).order_by("pk")


def other_officers(post: Post, after: dt.date) -> QuerySet[Post]:
    """Return the posts of those who work for the board on the day following ``after``, but one."""
    following = after + dt.timedelta(days=1)
    officers = Post.objects.filter(board=post.board_id).exclude(pk=post.pk)
    return officers.filter(held_on(following), user__is_active=True).order_by("pk")


# ---------------------------------------------------------------- the secretariat


def namings_of(user: User) -> QuerySet[SecretariatMember]:
    """Return the years not closed whose secretariat the person was named to."""
    return _namings().filter(user=user).select_related("bloc_year").order_by("pk")


def entrusted_among(people: Iterable[User]) -> frozenset[int]:
    """Return the keys of those trusted by name with papers of units not their own.

    Named to the secretariat of a year not closed, or by what higher apps know: a query each.
    """
    keys = [each.pk for each in people]
    rows = _namings().filter(user__in=keys).order_by("pk")
    found = set(rows.values_list("user_id", flat=True))
    return frozenset(found.union(*(among(keys) for among in slots.entrusted)))


def _namings() -> QuerySet[SecretariatMember]:
    rows = SecretariatMember.objects.filter(ended_at__isnull=True)
    return rows.exclude(bloc_year__status=YearStatus.CLOSED)


# ---------------------------------------------------------------- who has come in

WAITING = "chua-vao"


def with_invitations(people: QuerySet[User]) -> QuerySet[User]:
    """Return the people with their open invitation: ``invited_at``, ``invited_until``, ``sent_to``.

    All are None where there is none; ``sent_to`` is empty for a printed one.
    """
    rows = Invitation.objects.filter(
        user=OuterRef("pk"), used_at__isnull=True, revoked_at__isnull=True
    ).order_by("pk")
    return people.annotate(
        invited_at=Subquery(rows.values("created_at")[:1]),
        invited_until=Subquery(rows.values("expires_at")[:1]),
        sent_to=Subquery(rows.values("sent_to")[:1]),
    )


def with_places(people: QuerySet[User]) -> QuerySet[User]:
    """Return the people with ``places``: their posts of today, with unit and board."""
    posts = Post.objects.filter(held_on(clock.today())).select_related("unit", "board")
    return people.prefetch_related(
        Prefetch("posts", posts.order_by("starts_on", "pk"), to_attr="places")
    )


def in_state(people: QuerySet[User], state: str) -> QuerySet[User]:
    """Return those of ``with_invitations`` in a state; WAITING is everybody who has not come."""
    if state == WAITING:
        return people.filter(last_login__isnull=True)
    return people.filter(_condition(state)) if state in AccountState.values else people


def _condition(state: str) -> Q:
    waiting, now = Q(last_login__isnull=True), clock.now()
    return {
        AccountState.NOT_INVITED: waiting & Q(invited_until__isnull=True),
        AccountState.INVITED: waiting & Q(invited_until__gt=now),
        AccountState.EXPIRED: waiting & Q(invited_until__lte=now),
        AccountState.COME: Q(last_login__isnull=False),
    }[AccountState(state)]


def search_people(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Return those whose name, log-in name or unit of today contains ``text``, diacritics aside."""
    plain = fold(text)
    if not plain:
        return people
    posts = Post.objects.filter(held_on(clock.today()), unit__folded__contains=plain)
    return people.filter(Q(folded__contains=plain) | Q(pk__in=posts.values("user_id")))


def state_counts(people: QuerySet[User]) -> dict[str, int]:
    """Return how many of ``with_invitations`` are in each state, and "" for all: one query."""
    counted = people.order_by().aggregate(
        everybody=Count("pk"),
        **{state.value: Count("pk", filter=_condition(state)) for state in AccountState},
    )
    everybody = counted.pop("everybody")
    waiting = everybody - counted[AccountState.COME.value]
    return {"": everybody, WAITING: waiting, **counted}


def state_of(person: User, now: dt.datetime) -> AccountState:
    """Return where a person of ``with_invitations`` stands."""
    until: dt.datetime | None = getattr(person, "invited_until", None)
    if person.last_login is not None:
        return AccountState.COME
    if until is None:
        return AccountState.NOT_INVITED
    return AccountState.INVITED if until > now else AccountState.EXPIRED


def place_names(posts: Collection[Post]) -> list[str]:
    """Return where posts stand, each place once: "Sở Y tế", "Ban Thi đua - Khen thưởng, Tỉnh …"."""
    return list(dict.fromkeys(_place_name(post) for post in posts))


def _place_name(post: Post) -> str:
    if post.unit is not None:
        return post.unit.name
    return f"{post.board.office_name}, {post.board}" if post.board else ""


@dataclass(frozen=True, slots=True)
class Account:
    """How an account stands, ready to show: words, their tone, whether a reset is under way."""

    state: AccountState
    text: str
    note: str = ""

    @property
    def tone(self) -> Tone:
        """The ground of the badge."""
        return _TONES[self.state]


_TONES = {
    AccountState.NOT_INVITED: Tone.WARNING,
    AccountState.INVITED: Tone.ACTIVE,
    AccountState.EXPIRED: Tone.WARNING,
    AccountState.COME: Tone.GOOD,
}


def account_of(person: User, now: dt.datetime) -> Account:
    """Return how the account of a person of ``with_invitations`` stands."""
    state = state_of(person, now)
    until: dt.datetime | None = getattr(person, "invited_until", None)
    if state == AccountState.COME:
        seen = f"lần cuối {_day(person.last_login)}"
        is_open = until is not None and until > now
        reset = f"có lời mời đặt lại mật khẩu đến {_day(until)}" if is_open else ""
        return Account(state, "Đã vào", "; ".join(filter(None, (seen, reset))))
    if state == AccountState.NOT_INVITED:
        known = "có mật khẩu ban đầu" if person.has_usable_password() else ""
        return Account(state, "Chưa mời", known)
    sent = "gửi thư" if getattr(person, "sent_to", "") else "bản in"
    if state == AccountState.EXPIRED:
        return Account(state, "Hết hạn", f"{sent}, hết hạn {_day(until)}")
    invited = _day(getattr(person, "invited_at", None))
    return Account(state, "Đã mời", f"{sent} ngày {invited}, hết hạn {_day(until)}")


def _day(moment: dt.datetime | None) -> str:
    return format_date(clock.local_date(moment)) if moment else ""
