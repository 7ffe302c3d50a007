"""What blocs itself knows that stands in the way of a year's step."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from blocs.enums import DeadlineKind
from blocs.models import BlocYear, Deadline
from blocs.selectors.meetings import quorum_of, year_end_meeting
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import heads_of
from emulation.clock import local_date
from emulation.vietnamese import format_date, format_number
from emulation.workflow import Blocker, Transition

MINIMUM_MEMBERS = 2


def own_blockers(bloc_year: BlocYear, transition: Transition) -> Iterable[Blocker]:
    """Yield the blockers of ``transition`` that concern members, terms, deadlines, meetings."""
    checks = {
        "consult": (_no_head, _too_few_members, _below_minimum),
        "start_running": (_below_minimum,),
        "open_self_scoring": (_no_self_score_deadline,),
        "adopt": (_no_quorum,),
        "reopen_decision": (_already_published,),
    }
    for check in checks.get(transition.name, ()):
        yield from check(bloc_year)


def _no_head(bloc_year: BlocYear) -> Iterable[Blocker]:
    if heads_of(bloc_year).head is None:
        yield Blocker("Chưa có Trưởng khối của năm này.", url=_page("member_list", bloc_year))


def _too_few_members(bloc_year: BlocYear) -> Iterable[Blocker]:
    count = members_not_ended(bloc_year).count()
    if count < MINIMUM_MEMBERS:
        yield Blocker(
            f"Khối phải có ít nhất {MINIMUM_MEMBERS} đơn vị; hiện có {count}.",
            url=_page("member_list", bloc_year),
        )


def _below_minimum(bloc_year: BlocYear) -> Iterable[Blocker]:
    """A bloc with fewer members than the year asks for, yet enough to be one."""
    minimum = bloc_year.min_members
    names = tuple(members_not_ended(bloc_year).values_list("unit_name", flat=True))
    if minimum is not None and MINIMUM_MEMBERS <= len(names) < minimum:
        yield Blocker(
            f"Khối có {len(names)} đơn vị, ít hơn mức tối thiểu {minimum}:",
            hard=False,
            names=names,
            effect="Khối vẫn thi đua, xếp hạng theo các đơn vị này; lý do được lưu để Hội đồng "
            "xem xét.",
            url=_page("member_list", bloc_year),
        )


def _no_self_score_deadline(bloc_year: BlocYear) -> Iterable[Blocker]:
    if not Deadline.objects.filter(bloc_year=bloc_year, kind=DeadlineKind.SELF_SCORE).exists():
        yield Blocker("Chưa đặt hạn nộp bảng tự chấm điểm.", url=_page("deadline_list", bloc_year))


def _no_quorum(bloc_year: BlocYear) -> Iterable[Blocker]:
    meeting = year_end_meeting(bloc_year)
    quorum = quorum_of(meeting) if meeting else None
    if meeting is None or quorum is None:
        yield Blocker(
            "Chưa ghi thành phần dự hội nghị tổng kết, bình xét.",
            url=_page("meeting_list", bloc_year),
        )
    elif not quorum.reached:
        yield Blocker(
            f"Hội nghị ngày {format_date(meeting.held_on)} chưa đủ số đơn vị dự họp: "
            f"{quorum.present}/{quorum.members} đơn vị, cần ít nhất "
            f"{format_number(quorum.percent)} %.",
            url=_page("meeting_list", bloc_year),
        )


def _already_published(bloc_year: BlocYear) -> Iterable[Blocker]:
    if bloc_year.published_at is not None:
        yield Blocker(
            f"Kết quả đã công bố ngày {format_date(local_date(bloc_year.published_at))}; "
            "chỉ thay đổi khi giải quyết kiến nghị."
        )


def _page(name: str, bloc_year: BlocYear) -> str:
    return reverse(name, args=[bloc_year.pk])
