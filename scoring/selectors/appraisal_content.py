"""A sheet as its appraiser reads it: self and appraised side by side, with papers and rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from blocs.standing import Standing
from scoring.enums import PointStage
from scoring.models import Evidence, Explanation, ScoreLine, ScoreSheet
from scoring.rules.enums import LineFlag, SectionKind
from scoring.rules.inputs import describe, from_json
from scoring.rules.numbers import ZERO
from scoring.rules.rubric import Place, RubricRules, SectionRules, sentence
from scoring.rules.sheet import LineFacts, SheetLine, SheetResult
from scoring.rules.totals import compute_sheet
from scoring.rules.wording import doubt
from scoring.selectors.appraisal import explanation_on, is_appraised, unappraised
from scoring.selectors.leaders import Leaders, leaders_for
from scoring.selectors.rubrics import rules_from_lines
from scoring.selectors.sheet_content import origin, replaced
from scoring.selectors.sheet_lines import evidence_of, line_facts, lines_of
from scoring.selectors.twins import NO_TWINS, Twins, twins_of

_TOLD = frozenset(
    {
        LineFlag.NO_EVIDENCE,
        LineFlag.NO_DECISION,
        LineFlag.KNOCKED_OUT,
        LineFlag.GROUP_DROPPED,
        LineFlag.GROUP_RESTORED,
    }
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece of evidence on a line, and where else the same content stands."""

    evidence: Evidence
    title: str
    detail: str
    twins: Twins = NO_TWINS


@dataclass(frozen=True, slots=True)
class AppraisalLine:
    """A line: what the unit entered and what was made of it. Points are what counts."""

    row: ScoreLine
    place: Place
    rule: str
    declared: str
    corrected: str
    own: SheetLine
    judged: SheetLine
    is_judged: bool
    needs_judging: bool
    papers: tuple[Paper, ...]
    explanation: Explanation | None

    @property
    def is_kept(self) -> bool:
        """Whether the appraiser kept the unit's own figures."""
        return self.is_judged and self.row.appraised_input == self.row.self_input

    @property
    def is_corrected(self) -> bool:
        """Whether the appraiser changed the unit's figures."""
        return self.is_judged and not self.is_kept

    @property
    def points(self) -> Decimal | None:
        """The appraised points; None until somebody has judged the line."""
        return None if self.needs_judging else self.judged.counted

    @property
    def difference(self) -> Decimal | None:
        """Appraised minus self, as it moves the line's points; None where either is missing."""
        if self.points is None or self.own.counted is None:
            return None
        return self.points - self.own.counted

    @property
    def differs(self) -> bool:
        """Whether the points differ."""
        return bool(self.difference)

    @property
    def notes(self) -> list[str]:
        """Why the line counts otherwise than its own input says."""
        kept = (self.own, *([] if self.needs_judging else [self.judged]))
        found = [
            note
            for line in kept
            for mark, note in zip(line.flags, line.notes, strict=True)
            if mark in _TOLD
        ]
        return list(dict.fromkeys([*found, *self._doubts]))

    @property
    def _doubts(self) -> list[str]:
        """What looks mistyped about the appraiser's own figures."""
        if not self.is_corrected:
            return []
        leaf = self.place.leaf
        return list(filter(None, [doubt(leaf, from_json(leaf, self.row.appraised_input))]))


@dataclass(frozen=True, slots=True)
class AppraisalSection:
    """A section with its lines and what it came to at both stages."""

    rules: SectionRules
    section_id: int
    lines: tuple[AppraisalLine, ...]
    own: Decimal
    judged: Decimal

    @property
    def left(self) -> int:
        """How many lines still wait for judgement."""
        return sum(1 for line in self.lines if line.needs_judging)


@dataclass(frozen=True, slots=True)
class AppraisalContent:
    """The whole sheet. The appraised total takes lines not yet judged as the unit scored them."""

    rules: RubricRules
    own: SheetResult
    judged: SheetResult
    sections: tuple[AppraisalSection, ...]

    @property
    def lines(self) -> list[AppraisalLine]:
        """Every line in the rubric's order."""
        return [line for section in self.sections for line in section.lines]

    @property
    def left(self) -> int:
        """How many lines still wait for judgement."""
        return sum(section.left for section in self.sections)

    @property
    def to_judge(self) -> int:
        """How many lines somebody has to judge in all."""
        return sum(1 for line in self.lines if line.needs_judging or line.is_judged)

    @property
    def difference(self) -> Decimal | None:
        """Appraised minus self in total."""
        if self.judged.total is None or self.own.total is None:
            return None
        return self.judged.total - self.own.total

    @property
    def differing(self) -> list[AppraisalLine]:
        """The lines whose points differ."""
        return [line for line in self.lines if line.differs]


def appraisal_of(
    sheet: ScoreSheet,
    *,
    stage: PointStage = PointStage.APPRAISED,
    papers: Mapping[int, Sequence[Paper]] | None = None,
) -> AppraisalContent:
    """Return a sheet side by side: one query whatever its size.

    ``stage`` FINAL puts the final input where the appraised one stands; ``papers`` as of
    :func:`papers_of`.
    """
    rows = list(
        lines_of(sheet).select_related(
            "appraised_by", "explanation__explained_by", "explanation__answered_by"
        )
    )
    rules = rules_from_lines(sheet.rubric, rows)
    column = "final_input" if stage is PointStage.FINAL else "appraised_input"
    left = {line.pk for line in unappraised(rows)}
    own = _result(sheet, rules, rows, {row.pk: row.self_input for row in rows})
    judged_inputs = {
        row.pk: row.self_input if row.pk in left else getattr(row, column) for row in rows
    }
    judged = _result(sheet, rules, rows, judged_inputs, leaders_for(sheet, stage, rules))
    parts = _Parts(rules, own, judged, left, judged_inputs, papers or {})
    return AppraisalContent(rules, own, judged, tuple(_sections(rows, parts)))


@dataclass(frozen=True, slots=True)
class _Parts:
    rules: RubricRules
    own: SheetResult
    judged: SheetResult
    left: set[int]
    inputs: Mapping[int, Any]
    papers: Mapping[int, Sequence[Paper]]


def _result(
    sheet: ScoreSheet,
    rules: RubricRules,
    rows: Iterable[ScoreLine],
    inputs: Mapping[int, Any],
    leaders: Leaders | None = None,
) -> SheetResult:
    facts = {
        row.criterion.code: LineFacts(
            from_json(rules.places[row.criterion.code].leaf, inputs[row.pk]), *line_facts(row)
        )
        for row in rows
        if not row.criterion.automatic
    }
    return compute_sheet(
        rules,
        facts,
        blanks_confirmed=sheet.blanks_confirmed,
        days_late=sheet.days_late,
        leaders=leaders,
    )


def _sections(rows: Sequence[ScoreLine], parts: _Parts) -> Iterable[AppraisalSection]:
    own = {line.code: line for line in parts.own.lines}
    judged = {line.code: line for line in parts.judged.lines}
    grouped: dict[str, list[AppraisalLine]] = {}
    ids: dict[str, int] = {}
    for row in rows:
        code = row.criterion.code
        place = parts.rules.places[code]
        ids[place.section.code] = row.criterion.section_id
        line = _line(row, place, own[code], judged[code], parts)
        grouped.setdefault(place.section.code, []).append(line)
    for section in parts.rules.sections:
        yield AppraisalSection(
            section,
            ids[section.code],
            tuple(grouped[section.code]),
            parts.own.section(section.code).counted,
            parts.judged.section(section.code).counted,
        )


def _line(
    row: ScoreLine, place: Place, own: SheetLine, judged: SheetLine, parts: _Parts
) -> AppraisalLine:
    leaf = place.leaf
    return AppraisalLine(
        row=row,
        place=place,
        rule=sentence(leaf, place.section.kind),
        declared=_declared(row, place, own),
        corrected=describe(leaf, from_json(leaf, parts.inputs[row.pk])),
        own=own,
        judged=judged,
        is_judged=is_appraised(row),
        needs_judging=row.pk in parts.left,
        papers=tuple(parts.papers.get(row.pk, ())),
        explanation=explanation_on(row),
    )


def _declared(row: ScoreLine, place: Place, own: SheetLine) -> str:
    """Return what the unit entered; blank plus and minus lines it confirmed read "không có"."""
    if LineFlag.AUTOMATIC in own.flags:
        return "Hệ thống tính"
    blank = row.self_input is None
    if blank and place.section.kind is not SectionKind.BASE and own.counted == ZERO:
        return "Không có"
    return describe(place.leaf, from_json(place.leaf, row.self_input))


# ---------------------------------------------------------------- papers


def papers_of(sheet: ScoreSheet, standing: Standing) -> dict[int, list[Paper]]:
    """Return a sheet's evidence by line, each with where its content recurs.

    What stands on other sheets is told as :func:`twins_of` allows the person.
    """
    evidence = list(evidence_of(sheet))
    twins = twins_of(standing, sheet, evidence)
    papers: dict[int, list[Paper]] = {}
    for each in evidence:
        papers.setdefault(each.line_id, []).append(_paper(each, twins.get(each.pk, NO_TWINS)))
    return papers


def _paper(each: Evidence, twins: Twins) -> Paper:
    title = each.title or (each.file.original_name if each.file else each.number)
    return Paper(each, title=title, detail=_citation(each), twins=twins)


def _citation(each: Evidence) -> str:
    day = f"ngày {each.issued_on:%d/%m/%Y}" if each.issued_on else ""
    number = f"số {each.number}" if each.number else ""
    words = [each.issuer, number, day, f"lưu tại {each.kept_at}" if each.kept_at else ""]
    return "; ".join(
        filter(None, (" ".join(word for word in words if word), origin(each), replaced(each)))
    )
