"""What blocs itself knows that stands in the way of a year's step."""

from __future__ import annotations

from collections.abc import Iterable

from blocs.enums import DeadlineKind, MeetingKind, TermKind
from blocs.models import BlocYear, Deadline, HeadTerm, Meeting, Membership
from emulation.vietnamese import format_number
from emulation.workflow import Blocker, Transition

MINIMUM_MEMBERS = 2


def own_blockers(bloc_year: BlocYear, transition: Transition) -> Iterable[Blocker]:
    """Yield the blockers of ``transition`` that concern members, terms, deadlines, meetings."""
    checks = {
        "consult": (_no_head, _too_few_members),
        "open_self_scoring": (_no_self_score_deadline,),
        "adopt": (_no_quorum,),
    }
    for check in checks.get(transition.name, ()):
        yield from check(bloc_year)


def _no_head(bloc_year: BlocYear) -> Iterable[Blocker]:
    terms = HeadTerm.objects.filter(
        bloc_id=bloc_year.bloc_id, year=bloc_year.year, kind=TermKind.HEAD, ended_on__isnull=True
    )
    if not terms.exists():
        yield Blocker("Chưa có Trưởng khối của năm này.")


def _too_few_members(bloc_year: BlocYear) -> Iterable[Blocker]:
    count = Membership.objects.filter(bloc_year=bloc_year).count()
    if count < MINIMUM_MEMBERS:
        yield Blocker(f"Khối phải có ít nhất {MINIMUM_MEMBERS} đơn vị; hiện có {count}.")


def _no_self_score_deadline(bloc_year: BlocYear) -> Iterable[Blocker]:
    if not Deadline.objects.filter(bloc_year=bloc_year, kind=DeadlineKind.SELF_SCORE).exists():
        yield Blocker("Chưa đặt hạn nộp bảng tự chấm điểm.")


def _no_quorum(bloc_year: BlocYear) -> Iterable[Blocker]:
    meeting = (
        Meeting.objects.filter(bloc_year=bloc_year, kind=MeetingKind.YEAR_END)
        .prefetch_related("attendance")
        .order_by("-held_on", "-pk")
        .first()
    )
    attendance = list(meeting.attendance.all()) if meeting else []
    if not attendance:
        yield Blocker("Chưa ghi thành phần dự hội nghị tổng kết, bình xét.")
        return
    members = Membership.objects.filter(bloc_year=bloc_year, ends_on__isnull=True).count()
    present = sum(1 for row in attendance if row.is_present)
    if present * 100 < members * bloc_year.quorum_percent:
        yield Blocker(
            f"Hội nghị chưa đủ số đơn vị dự họp: {present}/{members} đơn vị, cần ít nhất "
            f"{format_number(bloc_year.quorum_percent)} %."
        )
