"""The first steps of a sheet: each line, its papers, and knock-outs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.entries import CountInput
from scoring.rules.enums import Automatic, LineFlag, SectionKind
from scoring.rules.numbers import ZERO, InputError
from scoring.rules.points import incident_happened, line_points
from scoring.rules.rubric import CriterionRules, Place, RubricRules
from scoring.rules.sheet import LineFacts, SheetLine, TriggeredSanction

_NO_FACTS = LineFacts()
NOTES = {
    LineFlag.MISSING: "Chưa chấm",
    LineFlag.PENDING: "chưa tính, chờ số liệu của các đơn vị khác",
    LineFlag.NOT_APPLICABLE: "Không phát sinh",
    LineFlag.NO_EVIDENCE: "thiếu minh chứng, tính 0 điểm",
    LineFlag.NO_DECISION: "thiếu số, ngày quyết định công nhận, tính 0 điểm",
    LineFlag.KNOCKED_OUT: "điểm liệt, cả tiêu chí tính 0 điểm",
    LineFlag.AUTOMATIC: "tự tính theo số ngày nộp muộn",
    LineFlag.BLANK_CONFIRMED: "đơn vị xác nhận “không có”",
}


def gather_facts(
    rubric: RubricRules, facts: Mapping[str, LineFacts], days_late: int
) -> dict[str, LineFacts]:
    """Return the facts of every line, those that the software counts filled in."""
    unknown = sorted(set(facts) - set(rubric.places))
    if unknown:
        raise InputError(f"Bảng chấm điểm không có dòng {unknown[0]}.")
    gathered = {code: facts.get(code, _NO_FACTS) for code in rubric.places}
    for code, place in rubric.places.items():
        if place.leaf.automatic is Automatic.LATE_DAYS:
            gathered[code] = LineFacts(CountInput(max(0, days_late)))
    return gathered


def score_lines(
    rubric: RubricRules,
    facts: Mapping[str, LineFacts],
    *,
    blanks_confirmed: bool,
    leaders: Mapping[str, Fraction],
) -> tuple[SheetLine, ...]:
    """Return every line with its points, and 0 counted where a required paper is missing."""
    return tuple(
        _score(place, facts[code], leaders.get(code), blanks_confirmed=blanks_confirmed)
        for code, place in rubric.places.items()
    )


def _score(
    place: Place, facts: LineFacts, leader: Fraction | None, *, blanks_confirmed: bool
) -> SheetLine:
    leaf, kind = place.leaf, place.section.kind
    if facts.input is None:
        confirmed = blanks_confirmed and kind is not SectionKind.BASE
        return _blank(place, confirmed=confirmed)
    result = line_points(leaf, facts.input, kind, leader)
    line = SheetLine(
        code=leaf.code,
        criterion=place.criterion.code,
        section=place.section.code,
        kind=kind,
        maximum=leaf.max_points,
        points=result.points,
        counted=result.points,
        not_applicable=result.not_applicable,
        excluded=result.excluded,
        knocks_out=result.knocked_out,
    )
    if result.not_applicable:
        return flag(line, LineFlag.NOT_APPLICABLE)
    if result.pending:
        return flag(line, LineFlag.PENDING)
    if leaf.automatic:
        return flag(line, LineFlag.AUTOMATIC)
    return _without_papers(leaf, facts, line)


def _blank(place: Place, *, confirmed: bool) -> SheetLine:
    line = SheetLine(
        code=place.leaf.code,
        criterion=place.criterion.code,
        section=place.section.code,
        kind=place.section.kind,
        maximum=place.leaf.max_points,
        points=ZERO if confirmed else None,
        counted=ZERO if confirmed else None,
    )
    return flag(line, LineFlag.BLANK_CONFIRMED if confirmed else LineFlag.MISSING)


def _without_papers(leaf: CriterionRules, facts: LineFacts, line: SheetLine) -> SheetLine:
    """Count 0 where a paper is missing. A penalty stands without papers, a 0 needs none."""
    if line.kind is SectionKind.MINUS or not line.points:
        return line
    if leaf.evidence_required and not facts.has_evidence:
        line = flag(line, LineFlag.NO_EVIDENCE, ZERO)
    if leaf.decision_required and not facts.has_decision:
        line = flag(line, LineFlag.NO_DECISION, ZERO)
    return line


def flag(
    line: SheetLine, mark: LineFlag, counted: Decimal | None = None, note: str = ""
) -> SheetLine:
    """Return the line with a flag and its note, counting `counted` if that is given."""
    return replace(
        line,
        counted=line.counted if counted is None else counted,
        flags=(*line.flags, mark),
        notes=(*line.notes, note or NOTES[mark]),
    )


def apply_knock_outs(lines: Iterable[SheetLine]) -> tuple[SheetLine, ...]:
    """Return the lines, every one of a knocked-out criterion counting 0."""
    lines = tuple(lines)
    out = {line.criterion for line in lines if line.knocks_out}
    return tuple(
        flag(line, LineFlag.KNOCKED_OUT, ZERO)
        if line.criterion in out and line.counted is not None
        else line
        for line in lines
    )


def find_sanctions(
    rubric: RubricRules, facts: Mapping[str, LineFacts]
) -> tuple[TriggeredSanction, ...]:
    """Return the sanctions set off. They look at the deed, not at the points counted."""
    found = []
    for section in rubric.sections_of(SectionKind.MINUS):
        for criterion in section.criteria:
            nodes = (criterion, *criterion.parts)
            found += [node for node in nodes if node.sanction and _happened(node, facts)]
    return tuple(
        TriggeredSanction(node.code, node.title, node.sanction, node.sanction_grade)
        for node in found
        if node.sanction
    )


def _happened(node: CriterionRules, facts: Mapping[str, LineFacts]) -> bool:
    return any(incident_happened(leaf, facts[leaf.code].input) for leaf in node.leaves)
