"""What stands on one sheet: its lines with their rules and points, and what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from emulation.vietnamese import format_date, format_moment
from scoring.models import Evidence, ScoreLine, ScoreSheet
from scoring.rules.enums import LineFlag, SectionKind
from scoring.rules.inputs import LineInput, from_json
from scoring.rules.rubric import Place, RubricRules, SectionRules
from scoring.rules.sheet import LineFacts, SectionResult, SheetLine, SheetResult
from scoring.rules.totals import compute_sheet
from scoring.selectors.rubrics import rules_from_lines
from scoring.selectors.sheet_lines import line_facts, lines_of


class Lack(StrEnum):
    """What a line still wants before the sheet can be handed in as the unit means it."""

    UNSCORED = "chưa nhập"
    HALF_TYPED = "nhập dở, chưa tính điểm"
    NO_EVIDENCE = "thiếu minh chứng, tính 0 điểm"
    NO_DECISION = "thiếu số, ngày quyết định, tính 0 điểm"
    BLANK = "để trống, chờ xác nhận “không có”"


@dataclass(frozen=True, slots=True)
class MissingItem:
    """A line that wants something.

    Only an unscored base line, and any line with half of its numbers, ``blocks`` handing in.
    """

    criterion_id: int
    code: str
    title: str
    lack: Lack

    @property
    def blocks(self) -> bool:
        """Whether the sheet cannot be handed in because of it."""
        return self.lack in {Lack.UNSCORED, Lack.HALF_TYPED}

    @property
    def asks_confirmation(self) -> bool:
        """Whether it is a blank plus or minus line, confirmed with all others as "không có"."""
        return self.lack is Lack.BLANK

    @property
    def label(self) -> str:
        """The line by code and content."""
        return f"{self.code}. {self.title}"


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One line: its row, its rule in its place, the input entered, what it counts."""

    row: ScoreLine
    place: Place
    entered: LineInput | None
    scored: SheetLine


@dataclass(frozen=True, slots=True)
class ContentSection:
    """A section with its lines and its result."""

    rules: SectionRules
    result: SectionResult
    lines: tuple[ContentLine, ...]


@dataclass(frozen=True, slots=True)
class SheetContent:
    """A sheet's self-score, computed from its stored inputs."""

    rules: RubricRules
    result: SheetResult
    sections: tuple[ContentSection, ...]

    @property
    def lines(self) -> list[ContentLine]:
        """Every line in the rubric's order."""
        return [line for section in self.sections for line in section.lines]

    @property
    def rows(self) -> list[ScoreLine]:
        """The stored line of each."""
        return [line.row for line in self.lines]


def content_of(sheet: ScoreSheet, rows: Sequence[ScoreLine] | None = None) -> SheetContent:
    """Return the self-score of a sheet: one query, none if the rows of ``lines_of`` are given."""
    rows = list(lines_of(sheet)) if rows is None else rows
    rules = rules_from_lines(sheet.rubric, rows)
    entered = {row.criterion.code: _entered(rules, row) for row in rows}
    result = compute_sheet(
        rules,
        {row.criterion.code: _facts(row, entered[row.criterion.code]) for row in rows},
        blanks_confirmed=sheet.blanks_confirmed,
        days_late=sheet.days_late,
    )
    scored = {line.code: line for line in result.lines}
    lines: dict[str, list[ContentLine]] = {}
    for row in rows:
        code = row.criterion.code
        place = rules.places[code]
        line = ContentLine(row, place, entered[code], scored[code])
        lines.setdefault(place.section.code, []).append(line)
    sections = tuple(
        ContentSection(section, result.section(section.code), tuple(lines.get(section.code, ())))
        for section in rules.sections
    )
    return SheetContent(rules, result, sections)


def _entered(rules: RubricRules, row: ScoreLine) -> LineInput | None:
    if row.criterion.automatic:
        return None
    return from_json(rules.places[row.criterion.code].leaf, row.self_input)


def _facts(row: ScoreLine, entered: LineInput | None) -> LineFacts:
    return LineFacts(entered, *line_facts(row))


def missing_items(sheet: ScoreSheet, content: SheetContent | None = None) -> list[MissingItem]:
    """Return what is still missing on a sheet, in the rubric's order.

    The one answer for the page, the gateway and the reminder. One query, none with ``content``.
    """
    content = content or content_of(sheet)
    return [
        MissingItem(line.row.criterion_id, line.scored.code, line.row.criterion.title, lack)
        for line in content.lines
        for lack in ([Lack.HALF_TYPED] if line.row.self_typed else _lacks(line.scored))
    ]


def _lacks(line: SheetLine) -> list[Lack]:
    if line.is_missing:
        return [Lack.UNSCORED if line.kind is SectionKind.BASE else Lack.BLANK]
    papers = {LineFlag.NO_EVIDENCE: Lack.NO_EVIDENCE, LineFlag.NO_DECISION: Lack.NO_DECISION}
    return [papers[flag] for flag in line.flags if flag in papers]


def evidence_title(each: Evidence) -> str:
    """Return what a piece of evidence is called: its title, its file, or its number."""
    if each.title:
        return each.title
    return each.file.original_name if each.file else f"Văn bản {each.number}"


def citation(each: Evidence) -> str:
    """Return a paper's number, date, issuer and place as one phrase; no number that names it."""
    is_named = not each.title and each.file is None
    parts = [
        f"số {each.number}" if each.number and not is_named else "",
        f"ngày {format_date(each.issued_on)}" if each.issued_on else "",
        f"của {each.issuer}" if each.issuer else "",
    ]
    kept = f"lưu tại {each.kept_at}" if each.kept_at else ""
    number = " ".join(filter(None, parts))
    return "; ".join(filter(None, (number, kept, origin(each), replaced(each))))


def origin(each: Evidence) -> str:
    """Return whose evidence this refers to, where it was taken over from a predecessor.

    Nothing for a file shared with another line of the same sheet: that is among its twins.
    """
    if each.source is None or each.source.line.sheet_id == each.line.sheet_id:
        return ""
    membership = each.source.line.sheet.membership
    return f"minh chứng của đơn vị tiền thân {membership.unit_name}, năm {membership.year}"


def replaced(each: Evidence) -> str:
    """Return in the place of which file or paper this one came, and when; empty for a first one."""
    if each.replaces is None:
        return ""
    name = evidence_title(each.replaces)
    return f"thay cho “{name}” lúc {format_moment(each.added_at)}"
