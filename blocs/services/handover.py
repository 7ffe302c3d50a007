"""Handing a post over: the successor begins as the predecessor's access closes, the same minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import DeadlineKind, PostRole, TermKind, YearStatus
from blocs.models import BlocYear, Deadline, HeadTerm, Post, Unit
from blocs.permissions import can_appoint
from blocs.selectors.people import other_leaders, posts_not_over
from blocs.selectors.standing import heads_by_year
from blocs.services.people import (
    NewPerson,
    add_person,
    appoint,
    close_post,
    lapsing_namings,
    locked_post,
)
from blocs.standing import Heads
from emulation import clock
from emulation.access import require
from emulation.models import User
from emulation.plans import Effect, Plan, effects, require_plan
from emulation.vietnamese import format_date, join_names

LEAVING, COMING, DATA = "Người thôi giữ", "Người nhận", "Số liệu của đơn vị"
ROLES, SECRETARIAT, ACCOUNT = "Việc của đơn vị trong các khối", "Tổ thư ký", "Tài khoản"


@dataclass(frozen=True, slots=True)
class Handover:
    """Which post goes to whom: somebody of the unit (``successor``), or a ``newcomer``."""

    post: Post
    successor: User | None = None
    newcomer: NewPerson | None = None
    title: str = ""

    @property
    def name(self) -> str:
        """Who comes, as a page says it."""
        if self.successor is not None:
            return self.successor.full_name
        return self.newcomer.full_name if self.newcomer else ""


def plan_handover(handover: Handover) -> Plan:
    """Return what handing the post over would do, and what stands in its way."""
    post = handover.post
    role = PostRole(post.role).label.lower()
    return Plan(
        title=f"{post.user.full_name} bàn giao chức vụ {role} cho {handover.name}",
        effects=(
            *effects(LEAVING, _loses(post)),
            *effects(SECRETARIAT, _secretariats(post)),
            *effects(COMING, _gets(handover)),
            *effects(ROLES, _roles(post.unit_id or 0)),
            Effect(DATA, "Giữ nguyên: bản nháp, minh chứng, văn bản và hồ sơ các năm đều còn."),
            *effects(ACCOUNT, _account(handover.successor)),
        ),
        obstacles=tuple(_obstacles(handover)),
    )


@transaction.atomic
def hand_over(*, actor: User, handover: Handover, seen: str | None = None) -> Post:
    """Hand a post over and return the successor's.

    Effects, in order: a newcomer is registered; the successor's post begins today; the old post
    ends today and its access closes this minute, with what rested on it (``end_post``). The unit
    keeps all its data. By the unit's board or leaders. ``seen`` is the fingerprint of the plan the
    person confirmed; Conflict where it is another by now, or has obstacles.
    """
    post = locked_post(handover.post)
    unit = _unit_of(post)
    require(can_appoint(actor, unit=unit, person=handover.successor))
    handover = Handover(post, handover.successor, handover.newcomer, handover.title)
    if handover.successor is None and handover.newcomer is None:
        raise ValidationError({"user": "Đề nghị chọn người nhận, hoặc ghi họ tên người mới."})
    require_plan(plan_handover(handover), seen)
    new = _begin(actor, handover, unit)
    close_post(actor=actor, post=post, ends_on=clock.today(), close_now=True)
    return new


def _begin(actor: User, handover: Handover, unit: Unit) -> Post:
    role, today = handover.post.role, clock.today()
    if handover.successor is not None:
        return appoint(
            actor=actor,
            user=handover.successor,
            unit=unit,
            role=role,
            title=handover.title,
            starts_on=today,
        )
    assert handover.newcomer is not None  # noqa: S101 - hand_over has asked
    return add_person(
        actor=actor,
        person=handover.newcomer,
        unit=unit,
        role=role,
        title=handover.title,
        starts_on=today,
    )


def _unit_of(post: Post) -> Unit:
    if post.unit is None:
        raise ValidationError("Chỉ bàn giao chức vụ tại đơn vị.")
    return post.unit


def _obstacles(handover: Handover) -> Iterator[str]:
    post, today = handover.post, clock.today()
    if not post.is_current(today):
        yield f"{post.user.full_name} hiện không giữ chức vụ này."
    if handover.successor is not None and handover.successor.pk == post.user_id:
        yield "Người nhận phải là người khác."
    elif handover.successor is not None and _holds(handover.successor, post):
        yield f"{handover.name} đang giữ hoặc sắp giữ chức vụ này tại đơn vị."


def _holds(person: User, post: Post) -> bool:
    held = posts_not_over([person]).get(person.pk, [])
    return any((each.unit_id, each.role) == (post.unit_id, post.role) for each in held)


def _loses(post: Post) -> Iterator[str]:
    who, place = post.user.full_name, post.unit or post.board
    yield (
        f"{who} thôi giữ chức vụ từ hôm nay và không mở được việc của {place} ngay từ phút ghi "
        "bàn giao, kể cả trên máy đang đăng nhập."
    )
    yield from _keeps(post)


def losses_of(post: Post) -> list[str]:
    """Return what the end of a post means, in sentences to read before it is written."""
    who, place = post.user.full_name, post.unit or post.board
    when = "ngay từ phút ghi nếu đóng quyền truy cập ngay, nếu không thì từ hết ngày cuối cùng"
    own = [f"{who} không mở được việc của {place} nữa: {when}."]
    nobody_left = post.role == PostRole.LEADER and not other_leaders(post, clock.today()).exists()
    if nobody_left:
        own.append(f"{place} không còn lãnh đạo nào: chưa ai ký, duyệt, nộp thay đơn vị được.")
    return [*own, *_keeps(post), *_secretariats(post)]


def _keeps(post: Post) -> Iterator[str]:
    who = post.user.full_name
    others = [each for each in posts_not_over([post.user]).get(post.user_id, []) if each != post]
    if others:
        kept = [f"{each.get_role_display()} tại {each.unit or each.board}" for each in others]
        yield f"{who} vẫn giữ: {join_names(kept)}."
    else:
        yield f"{who} không còn chức vụ nào: vẫn đăng nhập được nhưng không thấy khối nào."


def _secretariats(post: Post) -> Iterator[str]:
    for row in lapsing_namings(post, clock.today(), close_now=True):
        yield (
            f"{post.user.full_name} thôi thuộc tổ thư ký của {row.bloc_year}; không ai tự thay "
            "vào, lãnh đạo đơn vị Trưởng khối phân công lại nếu cần."
        )


def _gets(handover: Handover) -> Iterator[str]:
    unit = handover.post.unit.name if handover.post.unit else ""
    title = f", chức danh {handover.title}" if handover.title else ""
    role = PostRole(handover.post.role).label
    yield f"{handover.name} là {role} của {unit}{title} từ hôm nay."
    yield "Đọc được toàn bộ hồ sơ của đơn vị các năm và làm tiếp việc đang dở."


def _account(successor: User | None) -> Iterator[str]:
    if successor is None:
        yield "Người mới chưa có mật khẩu. Ngay sau khi bàn giao, đề nghị cấp lời mời."
    elif successor.last_login is None:
        yield f"{successor.full_name} chưa vào lần nào. Sau khi bàn giao, đề nghị cấp lời mời."
    else:
        yield f"{successor.full_name} dùng tài khoản đang có."


def _roles(unit_id: int) -> Iterator[str]:
    """What the unit is in the years under way, and where it was elected for a year to come."""
    years = BlocYear.objects.filter(memberships__unit=unit_id).exclude(status=YearStatus.CLOSED)
    ordered = list(years.order_by("-year", "sorting", "pk").distinct())
    heads, due = heads_by_year(ordered), _next_due(ordered)
    for each in ordered:
        role = _role_in(heads[each.pk], unit_id)
        next_due = due.get(each.pk)
        last = f" Hạn gần nhất: {next_due}." if next_due else ""
        yield f"{each}: {role}, đang ở bước “{each.step.label}”.{last}"
    made = {(each.bloc_id, each.year) for each in ordered}
    terms = HeadTerm.objects.filter(
        unit=unit_id, kind=TermKind.HEAD, ended_on__isnull=True, year__gt=clock.today().year
    )
    for term in terms.select_related("bloc").order_by("year", "pk"):
        if (term.bloc_id, term.year) not in made:
            yield f"{term.bloc}, năm {term.year}: được bầu làm Trưởng khối."


def _role_in(heads: Heads, unit_id: int) -> str:
    if heads.head == unit_id:
        return "Trưởng khối"
    return "Phó Trưởng khối" if unit_id in heads.deputies else "đơn vị thành viên"


def _next_due(years: list[BlocYear]) -> dict[int, str]:
    """Return the next deadline of each year in words: one query."""
    rows = Deadline.objects.filter(bloc_year__in=years, due_on__gte=clock.today())
    found: dict[int, str] = {}
    for row in rows.order_by("due_on", "kind"):
        words = f"{DeadlineKind(row.kind).label}, {format_date(row.due_on)}"
        found.setdefault(row.bloc_year_id, words)
    return found
