"""What a new board still needs before its first bloc can start, in the order of the work.

It agrees with what blocks the year's first step (``blocs.selectors.blockers``): members and head
are asked for here as there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from blocs.enums import DeadlineKind, PostRole, YearStatus
from blocs.models import BlocYear, Board, Invitation, Post, Unit
from blocs.selectors.blockers import MINIMUM_MEMBERS
from blocs.selectors.deadlines import unset_kinds
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import heads_of, held_on
from blocs.selectors.years import with_member_counts
from emulation import clock
from emulation.enums import Tone
from emulation.models import User
from emulation.vietnamese import join_names

FEW = 3
NEEDED_EARLY = (DeadlineKind.REGISTRATION, DeadlineKind.INTERIM_REPORT, DeadlineKind.SELF_SCORE)

Named = tuple[int, str]


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What a board that has no running bloc has so far.

    ``without_leader`` and ``without_officer`` are units (key, name) of the first bloc, or of the
    whole board while it has no members; ``absent`` people of theirs never came in, ``uninvited``
    of them hold no invitation. ``bloc_year`` is the year in preparation that has most members.
    """

    units: int = 0
    without_leader: tuple[Named, ...] = ()
    without_officer: tuple[Named, ...] = ()
    people: int = 0
    absent: int = 0
    uninvited: int = 0
    bloc_year: Named | None = None
    members: int = 0
    declared: int | None = None
    head: str = ""
    has_stand_in: bool = False
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist, with the one link that mends it.

    One that is only ``waiting`` for others keeps nobody from going on; one without a link has its
    turn later. ``workbook`` is where the same is done for the whole list at once.
    """

    title: str
    detail: str
    url: str
    action: str
    is_done: bool = False
    waiting: bool = False
    workbook: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether somebody of the board has to do something."""
        return not self.is_done and not self.waiting

    @property
    def state(self) -> str:
        """The state in words."""
        if self.is_done:
            return "xong"
        if self.waiting:
            return "đang chờ" if self.url else "làm sau"
        return "còn thiếu"

    @property
    def tone(self) -> Tone:
        """The colour beside the words."""
        if self.is_done:
            return Tone.GOOD
        if self.waiting:
            return Tone.ACTIVE if self.url else Tone.QUIET
        return Tone.WARNING


# ---------------------------------------------------------------- the facts


def facts_of(board: Board) -> BoardFacts | None:
    """Return what the board has so far, or None once a bloc of it has started: 11 queries."""
    years = BlocYear.objects.filter(Q(board=board) | Q(board__heir=board))
    if years.exclude(status=YearStatus.DRAFT).exists():
        return None
    drafts: QuerySet[Any] = with_member_counts(years).select_related("bloc", "board")
    first = max(drafts.order_by("-year", "pk"), key=lambda row: row.listed, default=None)
    running = Unit.objects.filter(board=board, ended_on__isnull=True)
    members = list(members_not_ended(first).values_list("unit_id", flat=True)) if first else []
    units = list(running.filter(pk__in=members) if members else running)
    heads = heads_of(first) if first else None
    names = {unit.pk: unit.name for unit in units}
    return BoardFacts(
        units=running.count(),
        without_leader=_without(names, PostRole.LEADER),
        without_officer=_without(names, PostRole.OFFICER),
        **_people(names),
        bloc_year=(first.pk, str(first)) if first else None,
        members=len(members),
        declared=first.declared_count if first else None,
        head=names.get(heads.head or 0, "một đơn vị") if heads and heads.head else "",
        has_stand_in=bool(heads and heads.stand_in),
        unset=tuple(
            kind.label for kind in (unset_kinds(first) if first else ()) if kind in NEEDED_EARLY
        ),
    )


def _without(names: dict[int, str], role: PostRole) -> tuple[Named, ...]:
    held = Post.objects.filter(held_on(clock.today()), unit__in=names, role=role)
    known = set(held.order_by().values_list("unit_id", flat=True))
    return tuple((key, name) for key, name in names.items() if key not in known)


def _people(names: dict[int, str]) -> dict[str, int]:
    posts = Post.objects.filter(held_on(clock.today()), unit__in=names)
    people = User.objects.filter(pk__in=posts.order_by().values("user_id"), is_active=True)
    absent = people.filter(last_login__isnull=True)
    invited = Invitation.objects.filter(
        user=OuterRef("pk"), used_at=None, revoked_at=None, expires_at__gt=clock.now()
    )
    return {
        "people": people.count(),
        "absent": absent.count(),
        "uninvited": absent.filter(~Exists(invited)).count(),
    }


# ---------------------------------------------------------------- the list


def items_of(facts: BoardFacts) -> list[Item]:
    """Return the checklist in the order of the work; a pure function of the facts."""
    return [
        _units(facts),
        _people_item(facts),
        _invitations(facts),
        _bloc(facts),
        _members(facts),
        _head(facts),
        _deadlines(facts),
    ]


def first_missing(items: Sequence[Item]) -> Item | None:
    """Return what the board has to do next, or None where it has done its part."""
    return next((item for item in items if item.is_missing), None)


def _units(facts: BoardFacts) -> Item:
    if facts.units >= MINIMUM_MEMBERS:
        said = f"{facts.units} đơn vị trong danh sách."
        return _done("Danh sách đơn vị", said, reverse("unit_list"), "Xem danh sách đơn vị")
    return Item(
        "Danh sách đơn vị",
        f"Đã có {facts.units} đơn vị; cần ít nhất {MINIMUM_MEMBERS} để lập một khối.",
        reverse("unit_add"),
        "Thêm đơn vị",
        workbook=reverse("import_page"),
    )


def _people_item(facts: BoardFacts) -> Item:
    title = "Lãnh đạo và cán bộ đầu mối của các đơn vị"
    lacking = {**dict(facts.without_leader), **dict(facts.without_officer)}
    if facts.units and not lacking:
        said = f"{facts.people} người; đơn vị nào cũng có lãnh đạo và cán bộ đầu mối."
        return _done(title, said, reverse("unit_list"), "Xem danh sách đơn vị")
    said = " ".join(
        sentence
        for sentence in (
            _lacking(facts.without_leader, "chưa có lãnh đạo"),
            _lacking(facts.without_officer, "chưa có cán bộ đầu mối"),
        )
        if sentence
    )
    if not lacking:
        return _later(title, "Ghi sau khi có đơn vị.")
    if len(lacking) <= FEW:
        key, name = next(iter(lacking.items()))
        return Item(title, said, reverse("unit", args=[key]), f"Ghi người của {name}")
    url, workbook = f"{reverse('unit_list')}?{_narrowed(facts)}", reverse("import_page")
    return Item(title, said, url, "Ghi người của các đơn vị", workbook=workbook)


def _narrowed(facts: BoardFacts) -> str:
    """Return the query that narrows the list of units to those counted as lacking somebody."""
    if facts.without_leader and facts.without_officer:
        lacking = "mot-trong-hai"
    else:
        lacking = "lanh-dao" if facts.without_leader else "can-bo"
    of_bloc = {"khoi": facts.bloc_year[0]} if facts.bloc_year and facts.members else {}
    return urlencode({"thieu": lacking, **of_bloc})


def _lacking(units: Sequence[Named], what: str) -> str:
    if not units:
        return ""
    if len(units) <= FEW:
        return f"{join_names([name for _, name in units])} {what}."
    return f"{len(units)} đơn vị {what}."


def _invitations(facts: BoardFacts) -> Item:
    title = "Lời mời vào hệ thống"
    url, action = reverse("invitation_list"), "Mời người của các đơn vị"
    if not facts.people:
        return _later(title, "Gửi sau khi đã ghi người.")
    if not facts.absent:
        return _done(title, f"Cả {facts.people} người đã vào hệ thống.", url, "Xem danh sách")
    came = f"{facts.people - facts.absent}/{facts.people} người đã vào hệ thống"
    if facts.uninvited:
        said = f"{came}; {facts.uninvited} người chưa có lời mời."
        return Item(title, said, url, action)
    said = f"{came}; {facts.absent} người đã được mời, chưa vào. Không phải chờ đủ mới làm tiếp."
    return Item(title, said, url, "Xem ai chưa vào", waiting=True)


def _bloc(facts: BoardFacts) -> Item:
    if facts.bloc_year is None:
        said = "Khối được lập cùng năm thi đua đầu tiên."
        return Item("Khối thi đua đầu tiên", said, reverse("bloc_create"), "Lập khối mới")
    key, name = facts.bloc_year
    return _done("Khối thi đua đầu tiên", f"{name}.", reverse("bloc_year", args=[key]), "Mở Khối")


def _members(facts: BoardFacts) -> Item:
    title = "Đơn vị thành viên"
    if facts.bloc_year is None:
        return _later(title, "Chọn sau khi lập khối.")
    url = reverse("member_add", args=[facts.bloc_year[0]])
    if facts.members < MINIMUM_MEMBERS:
        said = f"{facts.members} đơn vị; Khối phải có ít nhất {MINIMUM_MEMBERS} đơn vị."
        return Item(title, said, url, "Chọn đơn vị thành viên")
    if facts.declared is not None and facts.declared != facts.members:
        said = f"Văn bản ghi {facts.declared} đơn vị, danh sách có {facts.members} đơn vị."
        return Item(title, said, url, "Chọn thêm đơn vị thành viên", waiting=True)
    shown = reverse("member_list", args=[facts.bloc_year[0]])
    return _done(title, f"{facts.members} đơn vị.", shown, "Xem danh sách")


def _head(facts: BoardFacts) -> Item:
    title = "Trưởng khối"
    if facts.bloc_year is None:
        return _later(title, "Ghi sau khi chọn đơn vị thành viên.")
    if not facts.head:
        said = "Theo kết quả bầu hoặc thông báo của Hội đồng."
        url = reverse("term_add", args=[facts.bloc_year[0]])
        return Item(title, said, url, "Ghi Trưởng khối")
    shown = reverse("member_list", args=[facts.bloc_year[0]])
    if facts.has_stand_in:
        return _done(title, f"{facts.head}.", shown, "Xem Trưởng khối")
    said = f"{facts.head}. Chưa có Phó Trưởng khối hoặc đơn vị thẩm định thay; ghi được sau."
    return _done(title, said, shown, "Xem Trưởng khối")


def _deadlines(facts: BoardFacts) -> Item:
    title = "Thời hạn của năm"
    if facts.bloc_year is None:
        return _later(title, "Đặt sau khi lập khối.")
    if facts.unset:
        said = f"Chưa đặt: {'; '.join(facts.unset)}."
        url = reverse("deadline_edit", args=[facts.bloc_year[0]])
        return Item(title, said, url, "Đặt thời hạn")
    shown = reverse("deadline_list", args=[facts.bloc_year[0]])
    return _done(title, "Đã đặt các hạn cần có khi bắt đầu.", shown, "Xem thời hạn")


def _done(title: str, detail: str, url: str, action: str) -> Item:
    return Item(title, detail, url, action, is_done=True)


def _later(title: str, detail: str) -> Item:
    """Its turn has not come: the items before it are missing."""
    return Item(title, detail, "", "", waiting=True)
