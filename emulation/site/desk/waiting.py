"""What a bloc is waiting for in its step, as a number with its unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from blocs.enums import DeadlineKind, YearStatus
from emulation.clock import local_date
from emulation.site.desk.facts import YearFacts
from emulation.site.desk.rows import Waiting
from emulation.vietnamese import count_of, format_date
from pledges.enums import PledgeStatus
from scoring.enums import SheetStatus
from scoring.permissions.results import appeal_ends_on

S = YearStatus


def waiting_for(facts: YearFacts) -> Waiting:
    """Return what stands between the bloc and its next step."""
    return _BY_STEP[facts.bloc_year.step](facts)


def _share(done: int, total: int, measure: str, deed: str, note: str = "") -> Waiting:
    return Waiting(count_of(done, total, f"{measure} {deed}"), done, total, measure, note)


def _draft(facts: YearFacts) -> Waiting:
    count = len(facts.members)
    note = "" if facts.pledge.stage else "chưa có dự thảo giao ước"
    return Waiting(f"{count} đơn vị trong danh sách" if count else "chưa có đơn vị nào", note=note)


def _consulting(facts: YearFacts) -> Waiting:
    note = ""
    if facts.pledge.unanswered:
        note = f"{facts.pledge.unanswered} ý kiến chưa trả lời"
    elif facts.pledge.stage is PledgeStatus.AGREED:
        note = "đã chốt nội dung, chờ mở ký"
    return _of_units(facts, facts.pledge.commented, "đã góp ý", note)


def _signing(facts: YearFacts) -> Waiting:
    return _of_units(facts, facts.pledge.signed, "đã ký")


def _running(facts: YearFacts) -> Waiting:
    registered = _sent(facts, DeadlineKind.REGISTRATION)
    count = sum(member.pk in registered for member in facts.members)
    note = count_of(count, len(facts.members), "đã đăng ký")
    if not facts.scoring.has_rubric:
        note += "; chưa có bảng chấm điểm"
    interim = _sent(facts, DeadlineKind.INTERIM_REPORT)
    return _of_units(facts, interim, "đã gửi báo cáo sơ kết", note)


def _sent(facts: YearFacts, kind: DeadlineKind) -> set[int]:
    papers = facts.pledge.received.get(kind, {})
    return {member for member, receipt in papers.items() if receipt.stands}


def _of_units(facts: YearFacts, done: set[int], deed: str, note: str = "") -> Waiting:
    count = sum(member.pk in done for member in facts.members)
    return _share(count, len(facts.members), "đơn vị", deed, note)


def _self_scoring(facts: YearFacts) -> Waiting:
    return _share(_handed_in(facts), len(facts.ranked), "bảng", "đã nộp")


def _appraising(facts: YearFacts) -> Waiting:
    total, handed_in = len(facts.ranked), _handed_in(facts)
    note = count_of(handed_in, total, "bảng đã nộp") if handed_in < total else ""
    return _share(_approved(facts), total, "bảng", "đã duyệt", note)


def _handed_in(facts: YearFacts) -> int:
    sheets = (facts.scoring.sheets.get(member.pk) for member in facts.ranked)
    return sum(sheet is not None and sheet.is_in for sheet in sheets)


def _approved(facts: YearFacts) -> int:
    sheets = (facts.scoring.sheets.get(member.pk) for member in facts.ranked)
    return sum(sheet is not None and sheet.stage is SheetStatus.APPROVED for sheet in sheets)


def _meeting(facts: YearFacts) -> Waiting:
    held_on: dt.date | None = getattr(facts.bloc_year, "meeting_on", None)
    when = f"hội nghị ngày {format_date(held_on)}" if held_on else "chưa ghi hội nghị"
    return Waiting("chờ thông qua kết quả", note=when)


def _adopted(facts: YearFacts) -> Waiting:
    left = facts.scoring.undecided_by_head
    if left:
        return Waiting(f"{left} đề nghị chờ Trưởng khối quyết định")
    return Waiting("chờ trình hồ sơ", note=f"{facts.scoring.proposals} đề nghị khen thưởng")


def _submitted(facts: YearFacts) -> Waiting:
    total = facts.scoring.proposals
    done = total - facts.scoring.undecided_by_council
    return _share(done, total, "đề nghị", "đã có quyết định")


def _decided(facts: YearFacts) -> Waiting:
    published = facts.bloc_year.published_at
    if published is None:
        return Waiting("chưa công bố kết quả")
    last, waits = appeal_ends_on(facts.bloc_year), facts.scoring.open_appeals
    note = f"nhận kiến nghị đến {format_date(last)}" if last else ""
    if waits:
        return Waiting(f"{waits} kiến nghị chưa giải quyết", note=note)
    return Waiting(f"đã công bố {format_date(local_date(published))}", note=note)


def _closed(_facts: YearFacts) -> Waiting:
    return Waiting("đã kết thúc")


_BY_STEP: Mapping[YearStatus, Callable[[YearFacts], Waiting]] = {
    S.DRAFT: _draft,
    S.CONSULTING: _consulting,
    S.SIGNING: _signing,
    S.RUNNING: _running,
    S.SELF_SCORING: _self_scoring,
    S.APPRAISING: _appraising,
    S.MEETING: _meeting,
    S.ADOPTED: _adopted,
    S.SUBMITTED: _submitted,
    S.DECIDED: _decided,
    S.CLOSED: _closed,
}
