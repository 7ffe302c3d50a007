"""Adopting the ranking: a numbered snapshot that recomputes to itself and explains each place."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import MeetingKind
from blocs.models import BlocYear, Meeting
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from scoring.enums import PointStage, SheetStatus
from scoring.models import RankingRow, RankingSnapshot, ScoreSheet
from scoring.permissions.results import can_correct
from scoring.rules.awards import AwardReport
from scoring.rules.plain import to_plain
from scoring.selectors.explaining import explanations_of
from scoring.selectors.ranking import (
    LiveRanking,
    award_report,
    live_ranking,
    quota_rules,
    quotas_of,
)
from scoring.services.nominations import propose_nominations
from scoring.services.totals import recompute


def adopt_ranking(*, actor: User, bloc_year: BlocYear, reason: str = "") -> RankingSnapshot:
    """Adopt the ranking as it stands; called by the year's step, which has asked who may.

    Effects, in order: computes ranking and proposals; writes the next numbered snapshot with its
    inputs and a row with the explanation of every member; writes the proposals as nominations.
    """
    with transaction.atomic():
        live = live_ranking(bloc_year)
        report = award_report(live, quotas_of(bloc_year))
        snapshot = _write_snapshot(actor, live, report, reason)
        propose_nominations(actor=actor, bloc_year=bloc_year, live=live, report=report)
    return snapshot


def correct_snapshot(*, actor: User, bloc_year: BlocYear, reason: str) -> RankingSnapshot:
    """Make a corrected revision of a published result from the raw inputs of every sheet.

    Effects, in order: locks the year; recomputes the final totals of approved sheets from their
    lines; writes the next numbered snapshot with the reason. Nominations and the Council's
    decisions stay as they are; older snapshots stay readable. Raises Refused, ValidationError.
    """
    with transaction.atomic():
        locked = BlocYear.objects.select_for_update().get(pk=bloc_year.pk)
        require(can_correct(standing_in(actor, locked), locked))
        if not reason.strip():
            raise ValidationError({"reason": "Đề nghị ghi lý do điều chỉnh kết quả."})
        for sheet in _approved(locked):
            recompute(sheet, PointStage.FINAL)
        live = live_ranking(locked)
        if live.ranking.ties_pending:
            raise Conflict(
                "Sau khi tính lại còn đơn vị bằng nhau chờ phân định nên chưa lập được bản mới.",
                [", ".join(live.names(keys)) for keys in live.ranking.ties_pending],
            )
        report = award_report(live, quotas_of(locked))
        announce("bloc_year.correct", locked, actor)
        return _write_snapshot(actor, live, report, reason.strip())


def _approved(bloc_year: BlocYear) -> list[ScoreSheet]:
    sheets = ScoreSheet.objects.filter(bloc_year=bloc_year, status=SheetStatus.APPROVED)
    return list(sheets.select_related("rubric", "bloc_year").order_by("pk"))


def _write_snapshot(
    actor: User, live: LiveRanking, report: AwardReport, reason: str
) -> RankingSnapshot:
    bloc_year = live.bloc_year
    if live.table.rubric_id is None:
        raise Conflict("Khối chưa ban hành bảng chấm điểm nên chưa có bảng xếp hạng.")
    snapshot = RankingSnapshot.objects.create(
        bloc_year=bloc_year,
        number=_next_number(bloc_year),
        rubric_id=live.table.rubric_id,
        meeting=_meeting(bloc_year),
        inputs=_stored_inputs(live, report),
        reason=reason,
        adopted_by=actor,
        adopted_at=clock.now(),
    )
    RankingRow.objects.bulk_create(_rows(snapshot, live, report))
    return snapshot


def _next_number(bloc_year: BlocYear) -> int:
    numbers = RankingSnapshot.objects.filter(bloc_year=bloc_year).order_by("-number")
    return (numbers.values_list("number", flat=True).first() or 0) + 1


def _meeting(bloc_year: BlocYear) -> Meeting | None:
    meetings = Meeting.objects.filter(bloc_year=bloc_year, kind=MeetingKind.YEAR_END)
    return meetings.order_by("-held_on", "-pk").first()


def _stored_inputs(live: LiveRanking, report: AwardReport) -> dict[str, Any]:
    """Return everything the table follows from, and what the quotas made of it."""
    quotas = [quota_rules(each) for each in quotas_of(live.bloc_year)]
    return {
        "ranking": live.inputs.to_json(),
        "quotas": to_plain(quotas),
        "awards": to_plain(report),
        "warnings": list(live.ranking.warnings),
    }


def _rows(snapshot: RankingSnapshot, live: LiveRanking, report: AwardReport) -> list[RankingRow]:
    ranked = {int(row.key): row for row in live.ranking.rows}
    explanations = explanations_of(live, report)
    rows = []
    for key, member in live.members.items():
        row, counted = ranked.get(key), member.counted
        rows.append(
            RankingRow(
                snapshot=snapshot,
                membership_id=key,
                rank=row.rank if row else None,
                is_tied=bool(row and row.is_tied),
                total=counted.total if counted else None,
                base=counted.base if counted else None,
                plus=counted.plus if counted else None,
                minus=counted.minus if counted else None,
                sections=dict(counted.sections) if counted else {},
                grade=row.grade if row else "",
                explanation=explanations[key],
            )
        )
    return rows
