"""What it means for scoring that a member leaves, that a unit joins; what a newcomer is given.

The sentences are read before anybody confirms a change of structure, and kept with its record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef

from blocs.enums import AppraisedBy, YearStatus
from blocs.models import BlocYear, Membership, Post, Unit
from blocs.selectors.standing import held_on
from blocs.slots import Turnover
from emulation import clock
from emulation.clock import local_date
from emulation.models import User
from emulation.vietnamese import format_date, join_names
from scoring.enums import SheetStatus
from scoring.models import (
    Ballot,
    CrossCheck,
    Dispute,
    Explanation,
    Nomination,
    RankingRow,
    ScoreSheet,
    TieDecision,
)
from scoring.rules.awards import places_of
from scoring.rules.tenure import member_since, months_between
from scoring.selectors.competing import last_day_of, ranked_on
from scoring.selectors.departments import running_department_people
from scoring.selectors.predecessors import predecessors_of
from scoring.selectors.ranking import live_ranking, quota_rules, quotas_of
from scoring.selectors.results import latest_snapshot
from scoring.selectors.rubrics import issued_rubric
from scoring.services.sheet_opening import open_newcomers_sheet

S = YearStatus
KEPT = "được giữ nguyên"


def joined(membership: Membership, actor: User) -> None:
    """Give a member that joined while units score themselves its sheet at once."""
    open_newcomers_sheet(actor=actor, membership=membership)


# ---------------------------------------------------------------- a member leaves


@dataclass(frozen=True)
class _Leaver:
    """A member with its last day; ``unit.ended_on`` set, also unsaved, says it is dissolved."""

    membership: Membership
    last_day: dt.date

    @cached_property
    def bloc_year(self) -> BlocYear:
        return self.membership.bloc_year

    @cached_property
    def sheet(self) -> ScoreSheet | None:
        return ScoreSheet.objects.filter(membership=self.membership).first()

    @cached_property
    def ranked_on(self) -> dt.date:
        return ranked_on(self.bloc_year)

    @property
    def is_dissolved(self) -> bool:
        return self.membership.unit.ended_on is not None

    @property
    def stays_ranked(self) -> bool:
        """Whether the unit is still ranked here: a member on the day that counts, not dissolved."""
        return self.last_day >= self.ranked_on and not self.is_dissolved

    @property
    def why(self) -> str:
        """Why it is not ranked any more."""
        if self.last_day < self.ranked_on:
            return f"rời Khối trước hạn tự chấm điểm {format_date(self.ranked_on)}"
        return "giải thể, không thuộc diện xét thi đua"

    @property
    def is_decided(self) -> bool:
        """Whether the result stands already, whatever becomes of the unit."""
        return self.bloc_year.step.reached(S.ADOPTED)


def leaving(membership: Membership, last_day: dt.date) -> Iterable[str]:
    """Yield what becomes of sheet, checks, rounds, votes and proposals.

    A unit about to be dissolved is told by ``membership.unit.ended_on``, stored or not yet.
    """
    leaver = _Leaver(membership, last_day)
    if leaver.is_decided:
        yield from _result_stands(leaver)
        return
    if not membership.is_ranking:
        yield "Đơn vị không xếp hạng tại Khối này nên xếp hạng và chỉ tiêu của Khối không thay đổi."
        return
    yield from _sheet_kept(leaver)
    if not leaver.stays_ranked:
        yield from _rounds(leaver)
        yield from _votes(leaver)
    yield from _checks(leaver)
    yield from _departments(leaver)


def _sheet_kept(leaver: _Leaver) -> Iterator[str]:
    if leaver.stays_ranked:
        yield (
            f"Đơn vị là thành viên vào hạn tự chấm điểm {format_date(leaver.ranked_on)} nên vẫn "
            "chấm điểm và xếp hạng tại Khối này."
        )
        return
    if leaver.sheet is None:
        yield f"Đơn vị không chấm điểm, không xếp hạng vì {leaver.why}."
        return
    yield f"{_sheet_words(leaver.sheet)} {KEPT}, không xếp hạng vì đơn vị {leaver.why}."


def _sheet_words(sheet: ScoreSheet) -> str:
    if sheet.submitted_at is not None:
        return f"Bảng tự chấm điểm nộp ngày {format_date(local_date(sheet.submitted_at))}"
    if sheet.stage is SheetStatus.NOT_STARTED:
        return "Bảng tự chấm điểm chưa nhập"
    return "Bảng tự chấm điểm đang nhập"


def _checks(leaver: _Leaver) -> Iterator[str]:
    """Yield the cross-checks that wait for people of the unit, before the table is tabled."""
    if leaver.bloc_year.step.reached(S.MEETING):
        return
    own = Post.objects.filter(
        held_on(clock.today()), user=OuterRef("checker_id"), unit=leaver.membership.unit
    )
    waiting = (
        CrossCheck.objects.filter(
            Exists(own),
            sheet__bloc_year=leaver.bloc_year,
            ended_at__isnull=True,
            opined_at__isnull=True,
        )
        .select_related("checker", "sheet__membership")
        .order_by("sheet__membership__sorting", "pk")
    )
    for check in waiting:
        yield (
            f"{check.checker.full_name} của đơn vị đang được giao kiểm tra chéo bảng chấm điểm của "
            f"{check.sheet.membership}: đề nghị Thư ký Khối phân công người khác."
        )


def _departments(leaver: _Leaver) -> Iterator[str]:
    """Yield for which departments people of the unit appraise, before the table is tabled."""
    year = leaver.bloc_year
    if year.appraised_by != AppraisedBy.DEPARTMENTS or year.step.reached(S.MEETING):
        return
    own = Post.objects.filter(held_on(clock.today()), unit=leaver.membership.unit).order_by()
    for named in running_department_people(year).filter(person__in=own.values("user_id")):
        yield (
            f"{named.person.full_name} của đơn vị đang thẩm định cho bộ phận {named.department}: "
            "đề nghị cử thêm người khác."
        )


def _rounds(leaver: _Leaver) -> Iterator[str]:
    """Yield what is still open on the unit's own sheet and ends with it."""
    sheet = leaver.sheet
    if sheet is None:
        return
    checks = CrossCheck.objects.filter(sheet=sheet, ended_at__isnull=True, opined_at__isnull=True)
    names = [each.checker.full_name for each in checks.select_related("checker").order_by("pk")]
    if names:
        yield f"{join_names(names)} không còn phải kiểm tra chéo bảng chấm điểm của đơn vị."
    asked = Explanation.objects.filter(line__sheet=sheet, agrees__isnull=True, is_silent=False)
    if count := asked.count():
        yield f"Đơn vị không còn phải giải trình {count} tiêu chí đang được hỏi."
    argued = Explanation.objects.filter(line__sheet=sheet, agrees=False, answer="")
    if count := argued.count():
        yield f"{count} ý kiến giải trình chưa được trả lời được lưu cùng bảng chấm điểm."
    if count := Dispute.objects.filter(sheet=sheet, resolved_at__isnull=True).count():
        yield f"{count} nội dung đơn vị chưa thống nhất không còn phải đưa ra hội nghị."


def _votes(leaver: _Leaver) -> Iterator[str]:
    """Yield what becomes of votes and orders in which the unit stands."""
    ballots = Ballot.objects.filter(
        bloc_year=leaver.bloc_year, voided_at__isnull=True, votes__membership=leaver.membership
    )
    if ballots.exists():
        yield (
            "Kết quả bỏ phiếu có tên đơn vị được giữ trong hồ sơ; số phiếu của các đơn vị còn lại "
            "vẫn dùng để phân định."
        )
    orders = TieDecision.objects.filter(bloc_year=leaver.bloc_year).values_list("order", flat=True)
    if any(leaver.membership.pk in order for order in orders.order_by("pk")):
        yield (
            "Thứ tự do Trưởng khối quyết định có tên đơn vị không dùng được nữa; nếu các đơn vị "
            "còn lại vẫn bằng nhau thì Trưởng khối quyết định lại."
        )


def _result_stands(leaver: _Leaver) -> Iterator[str]:
    """Yield that the adopted table stays, and which proposals and decisions stay with it."""
    snapshot = latest_snapshot(leaver.bloc_year)
    if snapshot is not None:
        row = RankingRow.objects.filter(snapshot=snapshot, membership=leaver.membership).first()
        place = f"hạng {row.rank} của đơn vị" if row and row.rank else "kết quả của đơn vị"
        day = format_date(local_date(snapshot.adopted_at))
        yield f"Bảng xếp hạng đã thông qua ngày {day} không thay đổi: {place} {KEPT}."
    nomination = (
        Nomination.objects.filter(membership=leaver.membership, award__isnull=False)
        .select_related("award", "decision__award")
        .first()
    )
    if nomination is None or nomination.award is None:
        return
    decision = getattr(nomination, "decision", None)
    if decision is not None:
        yield f"Quyết định của Hội đồng về đề nghị tặng “{nomination.award}” {KEPT}."
    elif leaver.bloc_year.step is S.ADOPTED:
        yield (
            f"Đề nghị tặng “{nomination.award}” cho đơn vị còn trong danh sách: đề nghị Trưởng "
            "khối xem lại trước khi trình."
        )
    else:
        yield (
            f"Đề nghị tặng “{nomination.award}” cho đơn vị đang ở Hội đồng: đề nghị ghi quyết định "
            "có xét đến việc này."
        )


# ---------------------------------------------------------------- a unit joins


def joining(bloc_year: BlocYear, unit: Unit, first_day: dt.date) -> Iterable[str]:
    """Yield what a unit that joins from ``first_day`` on is given, and what changes for others."""
    if bloc_year.step.reached(S.MEETING):
        yield "Bảng tổng hợp đã trình hội nghị nên năm nay đơn vị không chấm điểm, không xếp hạng."
        return
    day = ranked_on(bloc_year)
    if first_day > day:
        yield (
            f"Đơn vị vào Khối sau hạn tự chấm điểm {format_date(day)} nên năm nay không xếp hạng "
            "tại Khối này."
        )
        return
    yield from _sheet_given(bloc_year, day)
    yield from _too_short(bloc_year, unit, first_day)
    names = [each.name for each in predecessors_of(unit)]
    if names:
        yield f"Minh chứng của {join_names(names)} dẫn được vào bảng chấm điểm của đơn vị."


def _sheet_given(bloc_year: BlocYear, day: dt.date) -> Iterator[str]:
    if not bloc_year.step.reached(S.SELF_SCORING):
        yield "Đơn vị nhận bảng tự chấm điểm cùng các đơn vị khác khi Khối mở tự chấm điểm."
        return
    rubric = issued_rubric(bloc_year)
    if rubric is not None:
        yield (
            f"Đơn vị nhận ngay bảng tự chấm điểm theo “{rubric.title}”, hạn nộp {format_date(day)}."
        )


def _too_short(bloc_year: BlocYear, unit: Unit, first_day: dt.date) -> Iterator[str]:
    minimum = bloc_year.min_member_months
    since = member_since(first_day, unit.established_on) or first_day
    months = months_between(since, last_day_of(bloc_year.year))
    if minimum is not None and months < minimum:
        yield (
            f"Đến cuối năm đơn vị ở trong Khối {months} tháng, chưa đủ {minimum} tháng: hội nghị "
            "quyết định có xét thi đua hay không."
        )


# ---------------------------------------------------------------- all of them together


def reckoning(turnover: Turnover) -> Iterable[str]:
    """Yield how the base of every share changes with all who leave and join, and which quotas."""
    bloc_year = turnover.bloc_year
    if bloc_year.step.reached(S.ADOPTED):
        return
    gone = {
        row.pk
        for row, last_day in turnover.leaving
        if row.is_ranking and not _Leaver(row, last_day).stays_ranked
    }
    more = 0
    if not bloc_year.step.reached(S.MEETING):
        day = ranked_on(bloc_year)
        more = sum(1 for _, first_day in turnover.joining if first_day <= day)
    if gone or more:
        yield from _shares(bloc_year, gone, more)


def _shares(bloc_year: BlocYear, gone: set[int], more: int) -> Iterator[str]:
    considered = {member.pk for member in live_ranking(bloc_year).considered}
    before = len(considered)
    after = len(considered - gone) + more
    base = "Cơ sở tính tỷ lệ chỉ tiêu khen thưởng của Khối"
    if after == before:
        why = "" if more else " vì đơn vị rời Khối đang không được xét"
        yield f"{base} vẫn là {before} đơn vị{why}."
        return
    turns = "còn" if after < before else "thành"
    yield f"{base} từ {before} {turns} {after} đơn vị."
    for quota in quotas_of(bloc_year):
        rules = quota_rules(quota)
        was, becomes = places_of(rules, before), places_of(rules, after)
        if rules.max_share is not None and was != becomes:
            yield f"Chỉ tiêu “{rules.label}” tính theo tỷ lệ từ {was} thành {becomes} suất."
