"""What one person is in one bloc-year, worked out once and asked many times.

A :class:`Standing` holds facts only; permissions turn it into verdicts. Rules: a post counts on
the day it is held; head, deputies and secretariat of a year act in it until it is closed, through
whoever holds the unit's post today; nobody acts on anything of a unit in which he or she has a
post (conflict of interest).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from blocs.enums import AppraisalRounds, AppraisedBy, TermKind
from blocs.models import HeadTerm, Post
from emulation.access import ALLOWED, Verdict, all_of, allow_if, refuse
from emulation.models import User
from emulation.workflow import Acting

NO_STAND_IN = (
    "Khối chưa có Phó Trưởng khối. Đề nghị Thường trực Hội đồng phân công đơn vị thẩm định "
    "bảng chấm điểm của Trưởng khối."
)


@dataclass(frozen=True, slots=True)
class Heads:
    """Which units lead a bloc in one year. Unit ids; ``deputies`` in order.

    ``is_acting`` says that ``head`` stands in the place of a head that ended or was dissolved.
    """

    head: int | None = None
    deputies: tuple[int, ...] = ()
    named_stand_in: int | None = None
    is_acting: bool = False

    @property
    def stand_in(self) -> int | None:
        """The unit that acts on the head's own sheet: the first deputy, else the named unit."""
        return self.deputies[0] if self.deputies else self.named_stand_in


def heads_from(terms: Iterable[HeadTerm], today: dt.date) -> Heads:
    """Return who leads by one year's terms, ended ones included, in order of position.

    Where the head's term ended, or its unit was dissolved, and no other head is named, the first
    deputy acts as head; without a deputy, the unit that the board named.
    """
    known = list(terms)
    running = [term for term in known if is_running(term, today)]
    head = next((term.unit_id for term in running if term.kind == TermKind.HEAD), None)
    deputies = tuple(term.unit_id for term in running if term.kind == TermKind.DEPUTY)
    named = next((term.unit_id for term in running if term.kind == TermKind.STAND_IN), None)
    if head is not None or not any(term.kind == TermKind.HEAD for term in known):
        return Heads(head, deputies, named)
    if deputies:
        return Heads(deputies[0], deputies[1:], named, is_acting=True)
    return Heads(named, is_acting=named is not None)


def is_running(term: HeadTerm, today: dt.date) -> bool:
    """Return whether the term has not ended and its unit has not been dissolved."""
    gone = term.unit.ended_on
    return term.ended_on is None and (gone is None or today < gone)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's posts today set against one bloc-year. Unit ids throughout.

    ``leads`` and ``serves`` are the units where the person is leader or officer (any unit, member
    or not); ``own_members`` those of them that are members of this bloc-year. ``deputies`` are in
    order. ``appraised_by`` and ``appraisal_rounds`` are the year's settings. ``named_stand_in`` is
    the unit the board or a meeting named for the head's own sheet.
    ``has_term`` says that the person works in a unit with a term of this year,
    ``is_of_next_head`` in the head elected for the next year, ``is_of_later_head`` in the head of
    any later year. ``inherits`` says that the person works in a unit that came after a member which
    has ended: it reads what that member left.
    """

    user_id: int
    person: str
    is_board: bool = False
    board_name: str = ""
    board_office: str = "Ban Thi đua - Khen thưởng"
    leads: frozenset[int] = frozenset()
    serves: frozenset[int] = frozenset()
    own_members: frozenset[int] = frozenset()
    head: int | None = None
    deputies: tuple[int, ...] = ()
    named_stand_in: int | None = None
    is_named_secretary: bool = False
    is_of_next_head: bool = False
    is_of_later_head: bool = False
    has_term: bool = False
    head_is_acting: bool = False
    inherits: bool = False
    appraised_by: str = AppraisedBy.SECRETARIAT
    appraisal_rounds: int = AppraisalRounds.ONE
    unit_names: tuple[tuple[int, str], ...] = ()

    @property
    def units(self) -> frozenset[int]:
        """Every unit in which the person has a post."""
        return self.leads | self.serves

    @property
    def is_member(self) -> bool:
        """Whether the person has a post in a member of this bloc-year."""
        return bool(self.own_members)

    @property
    def leads_head(self) -> bool:
        """Whether the person leads the head unit."""
        return self.head in self.leads

    @property
    def is_of_head(self) -> bool:
        """Whether the person has any post in the head unit."""
        return self.head in self.units

    @property
    def is_secretary(self) -> bool:
        """Whether the person does the head's clerical work this year."""
        return self.is_of_head or self.is_named_secretary

    @property
    def stand_in(self) -> int | None:
        """The unit that acts on the head's own sheet: the first deputy, else the named unit."""
        return self.deputies[0] if self.deputies else self.named_stand_in

    @property
    def is_of_deputy(self) -> bool:
        """Whether the person has a post in a deputy unit."""
        return bool(self.units & set(self.deputies))

    @property
    def sees_inside(self) -> bool:
        """Whether the person may read the bloc's own pages of this year."""
        return self.is_board or self.is_within or self.is_of_later_head or self.inherits

    @property
    def is_within(self) -> bool:
        """Whether the person belongs to the bloc this year, by membership or by a term."""
        return self.is_member or self.is_secretary or self.has_term

    @property
    def sees_phones(self) -> bool:
        """Whether the person may read telephone numbers: only the bloc and its board."""
        return self.is_board or self.is_within

    def name_of(self, unit_id: int | None) -> str:
        """Return the name of one of the person's own units, or an empty text."""
        return dict(self.unit_names).get(unit_id or 0, "")

    def acting_for(self, unit_id: int | None, capacity: str) -> Acting:
        """Return on whose behalf the person acts, in words fit for the record."""
        name = self.name_of(unit_id)
        return Acting(unit_id, f"{capacity} – {name}" if name else capacity)

    @property
    def acting_board(self) -> Acting:
        """The person acting for the board."""
        return Acting(None, f"{self.board_office} – {self.board_name}")

    @property
    def acting_head(self) -> Acting:
        """The person acting for the head unit, as leader or in the secretariat."""
        if self.leads_head:
            capacity = "Điều hành thay Trưởng khối" if self.head_is_acting else "Trưởng khối"
            return self.acting_for(self.head, capacity)
        if self.head in self.serves:
            return self.acting_for(self.head, "Thư ký Khối")
        own = min(self.own_members, default=None)
        return self.acting_for(own, "Thư ký Khối")

    def acting_member(self, unit_id: int) -> Acting:
        """The person acting for his or her own unit."""
        capacity = "Lãnh đạo đơn vị" if unit_id in self.leads else "Cán bộ đầu mối"
        return self.acting_for(unit_id, capacity)


def no_conflict(standing: Standing, unit_id: int) -> Verdict:
    """Refuse whoever has a post in the unit concerned, whatever the role.

    Guards: appraise, cross-check, answer an explanation, approve, return, extend, waive lateness,
    exclude or include, override a condition, settle a dispute, break a tie, decide an appeal.
    """
    if unit_id in standing.units:
        return refuse(
            "Đồng chí đang công tác tại đơn vị này nên không được xử lý việc của chính đơn vị mình."
        )
    return ALLOWED


def overseer_of(standing: Standing | Heads, unit_id: int) -> int | None:
    """Return the unit that approves the sheet of ``unit_id``: the head, or its stand-in."""
    return standing.stand_in if unit_id == standing.head else standing.head


def appraiser_of(standing: Standing | Heads, unit_id: int, appraised_by: str) -> int | None:
    """Return the unit whose officers appraise the sheet of ``unit_id`` by the year's setting.

    Deputies in order, each but on its own sheet; without another one whoever approves. None where
    people appraise who were assigned to the sheet, whatever their units.
    """
    overseer = overseer_of(standing, unit_id)
    if appraised_by == AppraisedBy.CROSS_CHECK:
        return None
    if appraised_by == AppraisedBy.DEPUTY:
        return next((each for each in standing.deputies if each != unit_id), overseer)
    return overseer


def second_readers_of(standing: Standing | Heads, unit_id: int) -> tuple[int, ...]:
    """Return the deputies whose people may make the second round on the sheet of ``unit_id``.

    Not the sheet's own unit, nor the one that approves it, whose officers may as officers.
    """
    overseer = overseer_of(standing, unit_id)
    return tuple(each for each in standing.deputies if each not in (unit_id, overseer))


# ---------------------------------------------------------------- other people's accounts


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose posts and accounts a person looks after today.

    ``boards`` are those the person works for and the ones before them, ``units`` those he or she
    leads. An administrator looks after accounts, not units.
    """

    user_id: int
    boards: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    is_administrator: bool = False

    def __bool__(self) -> bool:
        return bool(self.boards or self.units or self.is_administrator)


def within_reach(
    reach: Reach, person: User, posts: list[Post], *, is_trusted: bool, today: dt.date
) -> Verdict:
    """Refuse an account that opens more than ``reach``: another board, another unit, accounts.

    A post held today must lie within, and no post outside: one to come counts, for a password
    outlasts the day on which it was set. Who is trusted by name reads other units' papers.
    """
    if not person.is_active:
        return refuse("Tài khoản này đã ngừng hoạt động; việc mở lại do quản trị thực hiện.")
    if person.is_superuser or person.is_staff:
        return refuse("Đây là tài khoản quản trị nên chỉ quản trị khác đặt lại mật khẩu được.")
    if reach.is_administrator:
        held = any(post.is_current(today) for post in posts)
        return allow_if(held, "Người này hiện không giữ chức vụ nào.")
    inside = [post for post in posts if _lies_in(reach, post)]
    if not any(post.is_current(today) for post in inside):
        return refuse("Người này hiện không giữ chức vụ tại nơi đồng chí phụ trách.")
    by_board = any(_board_of(post) in reach.boards for post in inside)
    ask = "Đề nghị quản trị tài khoản" if by_board else "Đề nghị Ban Thi đua - Khen thưởng"
    return all_of(
        allow_if(len(inside) == len(posts), f"Người này còn giữ chức vụ ở nơi khác. {ask} làm."),
        allow_if(
            by_board or not is_trusted,
            f"Người này được phân công thư ký khối hoặc kiểm tra chéo đơn vị khác. {ask} làm.",
        ),
    )


def _lies_in(reach: Reach, post: Post) -> bool:
    return _board_of(post) in reach.boards or post.unit_id in reach.units


def _board_of(post: Post) -> int:
    return post.unit.board_id if post.unit else post.board_id or 0
