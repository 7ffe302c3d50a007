"""What pledges put on "Việc cần làm": for units, for the secretary and the head."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from blocs.enums import PostRole, YearStatus
from blocs.models import BlocYear, HeadTerm, Membership, SecretariatMember
from blocs.selectors.standing import heads_by_year, posts_today
from emulation import clock
from emulation.models import User
from emulation.tasks import Awaited, Desk, Task
from emulation.vietnamese import format_date
from pledges.selectors.duties import Duty, DutyKind, YearFacts, duties_of, facts_by_year
from pledges.selectors.members import Contact, contacts_of

AWAITED_DAYS = 14
"""Units are reminded of a registration or report when its deadline is this near, or passed."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a person is in one bloc-year, as far as the desk asks."""

    leads: frozenset[int]
    serves: frozenset[int]
    is_secretary: bool
    leads_head: bool

    @property
    def units(self) -> frozenset[int]:
        """Every unit in which the person has a post."""
        return self.leads | self.serves


def desk(user: User) -> Desk:
    """Return the person's tasks on pledges and whom he or she awaits: a fixed number of queries."""
    posts = list(posts_today(user))
    leads = frozenset(p.unit_id for p in posts if p.role == PostRole.LEADER and p.unit_id)
    serves = frozenset(p.unit_id for p in posts if p.role == PostRole.OFFICER and p.unit_id)
    if not leads | serves:
        return Desk()
    years = list(_open_years(user, leads | serves))
    heads = heads_by_year(years)
    facts = facts_by_year(years)
    roles = {
        year.pk: _role(leads, serves, heads[year.pk].head, named=getattr(year, "is_named", False))
        for year in years
    }
    awaiting = [facts[year.pk] for year in years if roles[year.pk].is_secretary]
    contacts = contacts_of(member.unit_id for each in awaiting for member in each.members)
    return Desk(
        tuple(task for year in years for task in _tasks(facts[year.pk], roles[year.pk])),
        tuple(
            each
            for year_facts in awaiting
            for each in awaited_in(year_facts, contacts, roles[year_facts.bloc_year.pk].units)
        ),
    )


def _open_years(user: User, units: frozenset[int]) -> Iterable[BlocYear]:
    """Return the years not closed in which the person's units or the person have a part."""
    members = Membership.objects.filter(bloc_year=OuterRef("pk"), unit_id__in=units)
    terms = HeadTerm.objects.filter(
        bloc_id=OuterRef("bloc_id"), year=OuterRef("year"), unit_id__in=units, ended_on__isnull=True
    )
    named = SecretariatMember.objects.filter(
        bloc_year=OuterRef("pk"), user=user, ended_at__isnull=True
    )
    return (
        BlocYear.objects.exclude(status=YearStatus.CLOSED)
        .filter(Q(Exists(members)) | Q(Exists(terms)))
        .annotate(is_named=Exists(named))
        .order_by("-year", "sorting", "pk")
    )


def _role(leads: frozenset[int], serves: frozenset[int], head: int | None, *, named: bool) -> Role:
    return Role(leads, serves, head in leads | serves or named, head in leads)


def _tasks(facts: YearFacts, role: Role) -> Iterable[Task]:
    if facts.bloc_year.step.reached(YearStatus.ADOPTED):
        return
    if role.leads_head:
        yield from _head_tasks(facts)
    if role.is_secretary:
        yield from _secretary_tasks(facts)
    for membership in facts.members:
        if membership.unit_id in role.units:
            yield from _unit_tasks(facts, membership, role)


# ---------------------------------------------------------------- head and secretary


def _head_tasks(facts: YearFacts) -> Iterable[Task]:
    capacity = f"Trưởng khối · {facts.bloc_year}"
    url = reverse("pledge", args=[facts.bloc_year.pk])
    if facts.unanswered and not facts.bloc_year.step.reached(YearStatus.RUNNING):
        yield Task(
            capacity,
            "Trả lời ý kiến góp ý giao ước",
            url,
            "Đơn vị góp ý đọc được câu trả lời ngay trên trang giao ước.",
            count=f"{facts.unanswered} ý kiến",
        )
    if facts.is_consulting:
        yield Task(
            capacity,
            "Chốt nội dung giao ước",
            url,
            "Sau khi chốt, nội dung không sửa được nữa và các đơn vị ký đúng bản này.",
            count=f"{facts.item_count} nội dung",
        )


def _secretary_tasks(facts: YearFacts) -> Iterable[Task]:
    if facts.pledge is not None or facts.bloc_year.step.reached(YearStatus.RUNNING):
        return
    yield Task(
        f"Thư ký Khối · {facts.bloc_year}",
        "Soạn dự thảo giao ước",
        reverse("pledge_draft", args=[facts.bloc_year.pk]),
        "Cần ít nhất một nội dung trước khi gửi các đơn vị góp ý.",
    )


# ---------------------------------------------------------------- a unit


def _unit_tasks(facts: YearFacts, membership: Membership, role: Role) -> Iterable[Task]:
    leads = membership.unit_id in role.leads
    capacity = "Lãnh đạo đơn vị" if leads else "Cán bộ đầu mối"
    for duty in duties_of(facts, membership):
        if duty.is_open and not duty.is_done:
            yield Task(
                f"{capacity} {membership.unit_name} · {facts.bloc_year}",
                _title(duty, leads=leads),
                duty_url(duty),
                _detail(duty),
                due_on=duty.delivery.due_on,
                count=_count(facts, duty),
                ready=duty.is_ready,
            )


def _title(duty: Duty, *, leads: bool) -> str:
    if duty.kind is DutyKind.SIGN and not leads:
        return "Trình lãnh đạo ký giao ước thi đua"
    return duty.kind.title


def _detail(duty: Duty) -> str:
    if duty.delivery.is_returned:
        return "Đã được trả lại để sửa; đề nghị xem lý do, sửa và gửi lại."
    return {
        DutyKind.COMMENT: "Không có ý kiến thì không phải làm gì.",
        DutyKind.SIGN: "Lãnh đạo đơn vị đọc nội dung đã chốt rồi ký.",
        DutyKind.REGISTER: "Sau khi gửi, cả Khối và Hội đồng đọc được.",
        DutyKind.INTERIM: "Kết quả, hạn chế và nhiệm vụ thời gian tới.",
        DutyKind.YEAR_END: "Kết quả cả năm, hạn chế và nhiệm vụ năm sau.",
    }[duty.kind]


def _count(facts: YearFacts, duty: Duty) -> str:
    reads = duty.kind in {DutyKind.COMMENT, DutyKind.SIGN}
    return f"{facts.item_count} nội dung" if reads else ""


def duty_url(duty: Duty) -> str:
    """Return the page on which the unit does it."""
    year_id, member_id = duty.membership.bloc_year_id, duty.membership.pk
    if duty.kind is DutyKind.COMMENT:
        return reverse("pledge_comment", args=[year_id])
    if duty.kind is DutyKind.SIGN:
        return reverse("pledge", args=[year_id])
    if duty.kind is DutyKind.REGISTER:
        return reverse("registration", args=[member_id])
    kind = duty.kind.report
    assert kind is not None  # noqa: S101 - the two kinds left are reports
    return reverse("unit_report", args=[member_id, kind.slug])


# ---------------------------------------------------------------- those awaited


def awaited_in(
    facts: YearFacts,
    contacts: dict[int, Contact],
    own_units: frozenset[int],
    kinds: Iterable[DutyKind] = (
        DutyKind.SIGN,
        DutyKind.REGISTER,
        DutyKind.INTERIM,
        DutyKind.YEAR_END,
    ),
) -> Iterable[Awaited]:
    """Yield the units that owe something now, with whom to telephone and what to say.

    Units of the person's own are left out: their duties are tasks.
    """
    if facts.bloc_year.step.reached(YearStatus.ADOPTED):
        return
    wanted = set(kinds)
    duties = [duty for member in facts.members for duty in duties_of(facts, member)]
    for kind in DutyKind:
        for duty in duties:
            others = duty.membership.unit_id not in own_units
            if duty.kind is kind and kind in wanted and others and _presses(duty):
                yield _awaited(facts, duty, contacts.get(duty.membership.unit_id, Contact()))


def _presses(duty: Duty) -> bool:
    if duty.kind is DutyKind.SIGN or duty.delivery.is_returned:
        return duty.is_awaited
    due_on = duty.delivery.due_on
    return duty.is_awaited and due_on is not None and _days_to(due_on) <= AWAITED_DAYS


def _days_to(day: dt.date) -> int:
    return (day - clock.today()).days


def _awaited(facts: YearFacts, duty: Duty, contact: Contact) -> Awaited:
    return Awaited(
        capacity=f"Thư ký Khối · {facts.bloc_year}",
        what=duty.kind.awaited,
        unit=duty.membership.unit_name,
        contact=contact.words,
        phone=contact.phone,
        reminder=_reminder(facts, duty),
        note=_note(duty),
    )


def _note(duty: Duty) -> str:
    if duty.delivery.is_overdue:
        return duty.delivery.words
    if duty.delivery.is_returned:
        return "đã trả lại, chờ gửi lại"
    return f"hạn {format_date(duty.delivery.due_on)}" if duty.delivery.due_on else ""


def _reminder(facts: YearFacts, duty: Duty) -> str:
    unit, year = duty.membership.unit_name, facts.bloc_year
    if duty.kind is DutyKind.SIGN:
        return (
            f"Kính gửi {unit}: {year} đã mở ký giao ước thi đua, đến nay đơn vị chưa ký. "
            "Đề nghị lãnh đạo đơn vị ký trên hệ thống, hoặc gửi bản đã ký giấy về Thư ký Khối "
            "để ghi nhận. Trân trọng cảm ơn."
        )
    due_on = duty.delivery.due_on
    until = f" Thời hạn: hết ngày {format_date(due_on)}." if due_on else ""
    return (
        f"Kính gửi {unit}: {year} đề nghị đơn vị {duty.kind.awaited} trên hệ thống; "
        f"đến nay Khối chưa nhận được.{until} Trân trọng cảm ơn."
    )
