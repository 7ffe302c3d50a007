"""A sheet as its appraiser reads it: self and appraised side by side, with papers and rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from scoring.enums import PointStage
from scoring.models import Evidence, Explanation, ScoreLine, ScoreSheet
from scoring.rules.enums import LineFlag, SectionKind
from scoring.rules.inputs import describe, from_json
from scoring.rules.numbers import ZERO
from scoring.rules.rubric import Place, RubricRules, SectionRules, sentence
from scoring.rules.sheet import LineFacts, SheetLine, SheetResult
from scoring.rules.totals import compute_sheet
from scoring.selectors.appraisal import explanation_on, is_appraised, unappraised
from scoring.selectors.leaders import Leaders, leaders_for
from scoring.selectors.predecessors import predecessor_ids
from scoring.selectors.rubrics import rules_from_lines
from scoring.selectors.sheet_content import origin
from scoring.selectors.sheets import evidence_of, line_facts, lines_of

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
    """A piece of evidence on a line, and where else the very same file stands."""

    evidence: Evidence
    title: str
    detail: str
    twins_here: tuple[str, ...] = ()
    twins_elsewhere: tuple[str, ...] = ()


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
        return list(dict.fromkeys(found))


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


def papers_of(sheet: ScoreSheet, *, across_units: bool) -> dict[int, list[Paper]]:
    """Return a sheet's evidence by line, each with the lines and units where its file recurs.

    Other units are compared only for those who read their sheets too, and only sheets that have
    been handed in: a draft is nobody else's to know. The units it came after are always compared,
    also in the year before: what they showed once shall not count twice.
    """
    evidence = list(evidence_of(sheet))
    hashes = {each.file.sha256 for each in evidence if each.file is not None}
    here: dict[str, set[tuple[int, str]]] = {}
    elsewhere: dict[str, set[str]] = {}
    before = predecessor_ids(sheet.membership.unit_id) if hashes else frozenset()
    for sha256, sheet_id, line_id, code, unit, year, unit_id in _recurring(sheet, hashes, before):
        if sheet_id == sheet.pk:
            here.setdefault(sha256, set()).add((line_id, code))
        elif across_units or unit_id in before:
            same_year = year == sheet.bloc_year.year
            elsewhere.setdefault(sha256, set()).add(unit if same_year else f"{unit}, năm {year}")
    papers: dict[int, list[Paper]] = {}
    for each in evidence:
        papers.setdefault(each.line_id, []).append(_paper(each, here, elsewhere))
    return papers


def _recurring(
    sheet: ScoreSheet, hashes: set[str], before: frozenset[int]
) -> Iterable[tuple[str, int, int, str, str, int, int]]:
    year = sheet.bloc_year.year
    of_predecessors = Q(
        line__sheet__membership__unit__in=before,
        line__sheet__membership__year__in=(year, year - 1),
    )
    handed_in_here = Q(
        line__sheet__bloc_year_id=sheet.bloc_year_id, line__sheet__submitted_at__isnull=False
    )
    return (
        Evidence.objects.filter(
            handed_in_here | of_predecessors,
            removed_at__isnull=True,
            file__sha256__in=hashes,
        )
        .order_by("pk")
        .values_list(
            "file__sha256",
            "line__sheet_id",
            "line_id",
            "line__criterion__code",
            "line__sheet__membership__unit_name",
            "line__sheet__membership__year",
            "line__sheet__membership__unit_id",
        )
    )


def _paper(
    each: Evidence,
    here: Mapping[str, set[tuple[int, str]]],
    elsewhere: Mapping[str, set[str]],
) -> Paper:
    sha256 = each.file.sha256 if each.file is not None else ""
    others = {code for line_id, code in here.get(sha256, set()) if line_id != each.line_id}
    return Paper(
        each,
        title=each.title or (each.file.original_name if each.file else each.number),
        detail=_citation(each),
        twins_here=tuple(sorted(others)),
        twins_elsewhere=tuple(sorted(elsewhere.get(sha256, set()))),
    )


def _citation(each: Evidence) -> str:
    day = f"ngày {each.issued_on:%d/%m/%Y}" if each.issued_on else ""
    number = f"số {each.number}" if each.number else ""
    words = [each.issuer, number, day, f"lưu tại {each.kept_at}" if each.kept_at else ""]
    return "; ".join(filter(None, (" ".join(word for word in words if word), origin(each))))
