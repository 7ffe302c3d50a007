"""Why a unit came where it came, in sentences with names and figures.

The same words go on the live page and into the snapshot, where they stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from emulation.clock import local_date
from emulation.vietnamese import format_date, format_number, format_points, join_names
from scoring.enums import GroundEffect, PointStage, SectionKind
from scoring.rules.awards import AwardReport, Proposal
from scoring.rules.enums import TieRule
from scoring.rules.ranking import ExcludedUnit, RankRow
from scoring.rules.standings import UnitStanding
from scoring.rules.tie_breaks import TieBreak, parse_tie_break
from scoring.selectors.gathering import Member, StandingDecision
from scoring.selectors.ranking import LiveRanking

Explanation = dict[str, Any]

RANKED, UNSCORED, EXCLUDED, NO_RESULT = "ranked", "unscored", "excluded", "no_result"
_NEIGHBOUR = {"above": "đơn vị liền trên", "below": "đơn vị liền dưới"}
_LAST = "đồng hạng"


def explanations_of(live: LiveRanking, report: AwardReport | None = None) -> dict[int, Explanation]:
    """Return an explanation for every member of the bloc-year, by member id."""
    rows = {int(row.key): row for row in live.ranking.rows}
    excluded = {int(each.key): each for each in live.ranking.excluded}
    units = {int(unit.key): unit for unit in live.inputs.units}
    found: dict[int, Explanation] = {}
    for key, member in live.members.items():
        common = _common(live, member, units.get(key))
        if key in rows:
            found[key] = common | _of_row(live, rows[key], units[key], report)
        elif key in excluded:
            found[key] = common | _of_excluded(excluded[key])
        else:
            found[key] = common | {"group": NO_RESULT, "reasons": [_no_result(member)]}
    return found


def _common(live: LiveRanking, member: Member, unit: UnitStanding | None) -> Explanation:
    return {
        "unit": member.unit,
        "note": member.note,
        "unit_is_example": member.is_example,
        "is_example": member.is_example or member.sheet_is_example or live.table.is_example,
        "sheet": member.sheet_id,
        "stage": PointStage(member.stage).label if member.stage else "",
        "parts": list(_parts(live, unit)) if unit and member.counted else [],
        "decisions": [_decision(each) for each in member.decisions.values()],
        "reasons": [],
    }


def _decision(decision: StandingDecision) -> Explanation:
    effect = "Vẫn xét thi đua" if decision.is_override else GroundEffect(decision.effect).label
    return {
        "ground": decision.ground.label,
        "effect": effect,
        "reason": decision.reason,
        "who": decision.who,
        "acting_as": decision.acting_as,
        "on": format_date(local_date(decision.at)),
    }


def _no_result(member: Member) -> str:
    if member.has_left and member.left_on:
        return f"Đơn vị chỉ thuộc Khối đến hết ngày {format_date(member.left_on)}."
    return "Đơn vị không xếp hạng tại khối này." if not member.note else ""


# ---------------------------------------------------------------- the parts of a total


def _parts(live: LiveRanking, unit: UnitStanding) -> Iterator[Explanation]:
    """Yield what the total is made of: base sections, then bonus and deductions as a whole."""
    for section in live.table.sections:
        if section.kind == SectionKind.BASE and section.code in unit.section_points:
            yield _part(section.code, unit.section_points[section.code], "", section.title)
    if unit.plus is not None:
        yield _part("cộng", unit.plus, "plus", "Điểm cộng")
    if unit.minus is not None:
        yield _part("trừ", -unit.minus, "minus", "Điểm trừ")


def _part(label: str, points: Decimal, tone: str, title: str) -> Explanation:
    return {"label": label, "points": str(points), "tone": tone, "title": title}


# ---------------------------------------------------------------- a unit with or without a place


def _of_row(
    live: LiveRanking, row: RankRow, unit: UnitStanding, report: AwardReport | None
) -> Explanation:
    if row.rank is None:
        member = live.members[int(row.key)]
        reasons = [_unscored(member, row)]
        return {"group": UNSCORED, "reasons": reasons, "notes": list(row.notes[1:])}
    return {
        "group": RANKED,
        "tie_pending": row.tie_pending,
        "grade_pending": row.grade_pending,
        "placed": list(_placed(live, row, unit)),
        "graded": list(_graded(live, row)),
        "notes": list(row.notes),
        "needs_decision": list(row.needs_decision),
        "proposal": _proposal(live, row, report),
    }


def _unscored(member: Member, row: RankRow) -> str:
    if not member.is_submitted:
        return "Đơn vị chưa nộp bảng tự chấm điểm."
    return f"Chưa có tổng điểm: {row.notes[0]}."


def _of_excluded(excluded: ExcludedUnit) -> Explanation:
    return {"group": EXCLUDED, "reasons": list(excluded.reasons)}


# ---------------------------------------------------------------- why this place


def _placed(live: LiveRanking, row: RankRow, unit: UnitStanding) -> Iterator[str]:
    """Yield how the unit stands to those above, beside and below, with the values compared."""
    for each in row.placed_by:
        if each.relation == "beside":
            yield _beside(live, row, unit, each.others)
            continue
        names = join_names(live.names(each.others))
        yield each.text.replace(_NEIGHBOUR[each.relation], names, 1)
        if each.relation == "above":
            yield from _where_behind(live, unit, each.others)


def _beside(
    live: LiveRanking, row: RankRow, unit: UnitStanding, others: Sequence[int | str]
) -> str:
    names = join_names(live.names(others))
    equal = ", ".join([_total_text(row), *_equal_figures(live, unit)])
    if row.tie_pending:
        return f"Tạm cùng hạng {row.rank} với {names}: {equal}. {row.tie_pending}"
    return f"Cùng hạng {row.rank} với {names}: {equal}, quy tắc cuối là {_LAST}."


def _total_text(row: RankRow) -> str:
    return f"tổng điểm bằng nhau {format_points(row.rank_total)}"


def _equal_figures(live: LiveRanking, unit: UnitStanding) -> Iterator[str]:
    """Yield each rule of the table that found the units equal, in its order."""
    for text in live.inputs.settings.tie_breaks:
        rule = parse_tie_break(text)
        if rule.rule is TieRule.SHARE:
            return
        figure = _figure(rule, unit)
        if figure is not None:
            yield f"{rule.label[0].lower()}{rule.label[1:]} bằng nhau ({format_points(figure)})"


def _figure(rule: TieBreak, unit: UnitStanding) -> Decimal | None:
    if rule.section:
        return unit.section_points.get(rule.section)
    figures = {TieRule.BASE: unit.base, TieRule.PLUS: unit.plus, TieRule.MINUS: unit.minus}
    return figures.get(rule.rule)


def _where_behind(
    live: LiveRanking, unit: UnitStanding, others: Sequence[int | str]
) -> Iterator[str]:
    """Yield by how much the unit is behind the one above, and in which part mostly."""
    above = next(each for each in live.inputs.units if each.key == others[0])
    if unit.total is None or above.total is None or unit.total >= above.total:
        return
    text = f"Kém {format_points(above.total - unit.total)} điểm"
    mine = {each["label"]: Decimal(each["points"]) for each in _parts(live, unit)}
    gaps = [
        (Decimal(each["points"]) - mine.get(each["label"], Decimal(0)), each["title"])
        for each in _parts(live, above)
    ]
    widest = max(gaps, key=lambda gap: gap[0], default=None)
    if widest and widest[0] > 0:
        text += f", nhiều nhất ở phần “{widest[1]}” (kém {format_points(widest[0])})"
    yield f"{text}."


# ---------------------------------------------------------------- why this grade


def _graded(live: LiveRanking, row: RankRow) -> Iterator[str]:
    if not row.grade:
        return
    bound = next(
        (band.lower_bound for band in live.inputs.settings.grades if band.name == row.grade), None
    )
    floor = f": từ {format_number(bound)} điểm" if bound is not None else ""
    yield f"Xếp loại {row.grade}{floor}."
    yield from row.why_not_higher
    if row.grade_pending:
        yield row.grade_pending


# ---------------------------------------------------------------- what the quotas propose


def _proposal(live: LiveRanking, row: RankRow, report: AwardReport | None) -> Explanation | None:
    """Return the award that the quotas propose; ``pending`` is what must be settled first."""
    if report is None:
        return None
    found = next((each for each in report.proposals if each.key == row.key), None)
    tie = next((each for each in report.ties if row.key in each.keys), None)
    if found is None and tie is not None:
        return {
            "award": "",
            "label": "",
            "reason": tie.text,
            "pending": tie.text,
            "tied_with": [int(key) for key in tie.keys],
        }
    return _settled(found) if found else _none_proposed(live, row, report)


def _settled(proposal: Proposal) -> Explanation:
    return {
        "award": proposal.award,
        "label": proposal.label,
        "reason": proposal.reason,
        "pending": proposal.pending,
        "tied_with": [],
    }


def _none_proposed(live: LiveRanking, row: RankRow, report: AwardReport) -> Explanation:
    """Return that no quota reaches the unit, and which place it left open if it did."""
    left = [each.label for each in report.open_places if row.key in each.keys]
    passed = f" Không đủ điều kiện xét {join_names(left)}." if left else ""
    ranked = len(live.ranking.ranked)
    reason = f"Hạng {row.rank} trên {ranked}: không có chỉ tiêu khen thưởng nào đến lượt.{passed}"
    return {"award": "", "label": "", "reason": reason, "pending": "", "tied_with": []}
