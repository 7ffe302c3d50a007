"""What a score table would change: every error by page, row and column, and every difference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.services.imports.cells import nearest
from blocs.standing import Standing
from emulation.access import Verdict
from emulation.models import User
from emulation.vietnamese import fold, nfc
from scoring.enums import PointStage
from scoring.models import ScoreLine, ScoreSheet
from scoring.permissions.appraisal import can_appraise, can_read_appraisal
from scoring.permissions.sheet import can_enter_sheet
from scoring.rules.entries import LineInput
from scoring.rules.inputs import from_json, to_json
from scoring.rules.numbers import InputError
from scoring.rules.rubric import Place, RubricRules
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import lines_by_sheet
from scoring.selectors.sheets import may_read_content, year_sheets_for
from scoring.selectors.staffing import Staffing, staffing_of
from scoring.selectors.typed import know_who_typed
from scoring.services.score_tables.cells import cell_of, points_cell, read_cell, read_points
from scoring.services.score_tables.reading import NOTES, POINTS, UNIT, Page, Row, ScoreTable

AUTOMATIC = "Hệ thống tự tính tiêu chí này; đề nghị để trống."
NO_FIGURES = "Có ghi chú nhưng chưa có số liệu thẩm định của tiêu chí này."


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of the table: where it stands, what stands there, what is wrong with it."""

    sheet: str
    row: int
    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A difference from what is stored."""

    sheet: str
    row: int
    column: str
    unit: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the table says on one line: the input that then stands there, and the note."""

    line: ScoreLine
    place: Place
    entered: LineInput | None
    note: str


@dataclass(slots=True)
class SheetPlan:
    """The lines of one unit that the table changes; ``row`` is the unit's in the workbook."""

    sheet: ScoreSheet
    row: int
    leader: str = ""
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class ScorePlan:
    """What a table would do, as its reader sees it before confirming."""

    stage: PointStage
    sheets: list[SheetPlan] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def can_be_written(self) -> bool:
        """Whether there is something to write and nothing wrong."""
        return bool(self.changes) and not self.problems

    @property
    def fingerprint(self) -> str:
        """A digest of everything the person reads, in hex."""
        said = [[asdict(each) for each in group] for group in (self.problems, self.changes)]
        whole = json.dumps([str(self.stage), said], ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Purpose:
    """Whose column the table fills, by whom, and whether its cells are inputs or points."""

    actor: User
    bloc_year: BlocYear
    stage: PointStage
    as_points: bool = False

    @property
    def is_self(self) -> bool:
        """Whether the table is of self-scores."""
        return self.stage is PointStage.SELF


def plan_scores(purpose: Purpose, table: ScoreTable) -> ScorePlan:
    """Return what the table would do to the year's sheets; nothing is written."""
    plan = ScorePlan(purpose.stage)
    planner = _Planner(purpose, plan, table)
    for page in (table.points, table.notes):
        planner.check_page(page)
    notes = {fold(row.unit): row for row in table.notes.rows}
    seen: set[str] = set()
    for row in table.points.rows:
        seen.add(fold(row.unit))
        planner.read_row(row, notes.get(fold(row.unit)))
    for key, row in notes.items():
        if key not in seen:
            planner.read_row(Row(row.number, row.unit, {}), row)
    plan.notices += [f"Trang “{title}” không thuộc mẫu nên không đọc." for title in table.unread]
    return plan


def open_sheets_of(purpose: Purpose) -> dict[int, ScoreSheet]:
    """Return the year's sheets by membership, in the order of their units."""
    of_year = year_sheets_for(purpose.actor, purpose.bloc_year)
    sheets = list(of_year.select_related("rubric", "membership__unit"))
    know_who_typed(sheets)
    found = {}
    for sheet in sheets:
        sheet.bloc_year = purpose.bloc_year
        found[sheet.membership_id] = sheet
    return found


def may_write(
    purpose: Purpose, standing: Standing, sheet: ScoreSheet, staffing: Staffing
) -> Verdict:
    """Tell whether the actor may fill this column of a sheet: the gateway of the page's own."""
    if purpose.is_self:
        return can_enter_sheet(standing, sheet)
    return can_appraise(standing, sheet, staffing)


def may_read(
    purpose: Purpose, standing: Standing, sheet: ScoreSheet, staffing: Staffing
) -> Verdict:
    """Tell whether the actor may know what stands in this column of a sheet."""
    if purpose.is_self:
        return may_read_content(standing, sheet) or can_enter_sheet(standing, sheet)
    return can_read_appraisal(standing, sheet, staffing)


class _Planner:
    """Reads row after row against the year's sheets."""

    def __init__(self, purpose: Purpose, plan: ScorePlan, table: ScoreTable) -> None:
        self.purpose, self.plan = purpose, plan
        self.standing = standing_in(purpose.actor, purpose.bloc_year)
        self.staffing = staffing_of(self.standing, purpose.bloc_year.pk)
        sheets = open_sheets_of(purpose).values()
        self.sheets = {fold(sheet.membership.unit_name): sheet for sheet in sheets}
        self.names = [sheet.membership.unit_name for sheet in sheets]
        self._rules: dict[int, RubricRules] = {}
        for sheet in sheets:
            self.rules(sheet)
        self.codes = {
            code.casefold(): code for rules in self._rules.values() for code in _codes(rules)
        }
        named = {fold(row.unit) for page in (table.points, table.notes) for row in page.rows}
        self.lines = lines_by_sheet([self.sheets[key] for key in named & self.sheets.keys()])
        self._headings: dict[str, str] = {}
        self._read: dict[tuple[int, str], LineInput | None] = {}

    def rules(self, sheet: ScoreSheet) -> RubricRules:
        """Return the rules of the sheet's own version of the table."""
        if sheet.rubric_id not in self._rules:
            self._rules[sheet.rubric_id] = rules_of(sheet.rubric)
        return self._rules[sheet.rubric_id]

    def problem(self, sheet: str, row: int, column: str, value: str, text: str) -> None:
        """Note an error."""
        self.plan.problems.append(Problem(sheet, row, column, value[:80], text))

    def code_of(self, heading: str) -> str:
        """Return the criterion that a heading names: its code, or code and title."""
        if heading not in self._headings:
            self._headings[heading] = self._named_by(heading)
        return self._headings[heading]

    def _named_by(self, heading: str) -> str:
        plain = nfc(heading).strip()
        for text in (plain, plain.replace(",", "."), plain.split(" ")[0].rstrip(".:")):
            if text.casefold() in self.codes:
                return self.codes[text.casefold()]
        return ""

    def check_page(self, page: Page) -> None:
        """Note headings that name no criterion, rows without a unit, units named twice."""
        named: dict[str, str] = {}
        for heading in page.headings:
            code = self.code_of(heading)
            if not code:
                hint = nearest(heading, self.codes.values())
                text = f"Bảng chấm điểm không có tiêu chí này.{hint}"
                self.problem(page.title, 1, heading, heading, text)
            elif code in named:
                text = f"Trùng tiêu chí với cột “{named[code]}”."
                self.problem(page.title, 1, heading, heading, text)
            named[code] = heading
        rows: dict[str, int] = {}
        for row in page.rows:
            key = fold(row.unit)
            if not key:
                self.problem(page.title, row.number, UNIT, "", "Dòng này chưa ghi đơn vị.")
            elif key not in self.sheets:
                hint = nearest(row.unit, self.names)
                text = f"Không có bảng chấm điểm của đơn vị này trong năm.{hint}"
                self.problem(page.title, row.number, UNIT, row.unit, text)
            elif key in rows:
                text = f"Đơn vị này đã có ở dòng {rows[key]}."
                self.problem(page.title, row.number, UNIT, row.unit, text)
            rows.setdefault(key, row.number)

    def read_row(self, row: Row, notes: Row | None) -> None:
        """Read what a unit's row says, with its notes."""
        sheet = self.sheets.get(fold(row.unit))
        if sheet is None or not (row.cells or (notes and notes.cells)):
            return
        page = POINTS if row.cells else NOTES
        readable = may_read(self.purpose, self.standing, sheet, self.staffing)
        if not readable:
            self.problem(page, row.number, UNIT, row.unit, self._refusal(sheet, readable))
            return
        sheet_plan = SheetPlan(sheet, row.number, row.leader)
        self._read_cells(sheet_plan, row, notes or Row(row.number, row.unit, {}))
        self.plan.sheets.append(sheet_plan)
        if not sheet_plan.entries:
            return
        writable = may_write(self.purpose, self.standing, sheet, self.staffing)
        if not writable:
            self.problem(page, row.number, UNIT, row.unit, writable.reason)

    def _refusal(self, sheet: ScoreSheet, readable: Verdict) -> str:
        verdict = may_write(self.purpose, self.standing, sheet, self.staffing)
        return readable.reason if verdict else verdict.reason

    def _read_cells(self, sheet_plan: SheetPlan, row: Row, notes: Row) -> None:
        cells, remarks = self._by_code(row), self._by_code(notes)
        rules = self.rules(sheet_plan.sheet)
        lines = {line.criterion.code: line for line in self.lines[sheet_plan.sheet.pk]}
        for code in (*cells, *(code for code in remarks if code not in cells)):
            heading, text = cells.get(code, (code, ""))
            if code not in lines:
                refusal = "Tiêu chí có ý nhỏ hoặc không có trên bảng của đơn vị này: ghi ở từng ý."
                self.problem(POINTS, row.number, heading, text, refusal)
                continue
            line, place = lines[code], rules.places[code]
            try:
                entered = self._entered(line, place, text)
            except InputError as error:
                self.problem(POINTS, row.number, heading, text, error.message)
                continue
            note = remarks.get(code, ("", ""))[1] or _note(self.purpose, line)
            entry = Entry(line, place, entered, note)
            self._compare(sheet_plan, entry, row.number, notes.number)

    def _by_code(self, row: Row) -> dict[str, tuple[str, str]]:
        """Return the row's cells by criterion, each with the heading it stands under."""
        found = {self.code_of(heading): (heading, text) for heading, text in row.cells.items()}
        found.pop("", None)
        return found

    def _entered(self, line: ScoreLine, place: Place, text: str) -> LineInput | None:
        """Return the input that then stands on the line: a blank cell leaves what is there."""
        if place.leaf.automatic:
            if text and text != "0":
                raise InputError(AUTOMATIC)
            return None
        if text and not self.purpose.as_points:
            return self._figures(line.criterion_id, place, text)
        present = from_json(place.leaf, _stored(self.purpose, line))
        if not text:
            return present
        own = present or from_json(place.leaf, line.self_input)
        return read_points(place, text, own)

    def _figures(self, criterion_id: int, place: Place, text: str) -> LineInput | None:
        """Return what a cell says; most units write the same few things under a criterion."""
        key = criterion_id, text
        if key not in self._read:
            self._read[key] = read_cell(place, text)
        return self._read[key]

    def _compare(self, sheet_plan: SheetPlan, entry: Entry, row: int, note_row: int) -> None:
        """Note the differences of a line, and the line as one to write."""
        line, code = entry.line, entry.line.criterion.code
        unit = sheet_plan.sheet.membership.unit_name
        stored, note = _stored(self.purpose, line), _note(self.purpose, line)
        document = None if entry.entered is None else to_json(entry.entered)
        if entry.note != note and document is None and not self.purpose.is_self:
            self.problem(NOTES, note_row, code, entry.note, NO_FIGURES)
            return
        found = []
        if document != stored:
            before = shown_cell(self.purpose, entry.place, from_json(entry.place.leaf, stored))
            after = shown_cell(self.purpose, entry.place, entry.entered)
            found.append(Change(POINTS, row, code, unit, before, after))
        if entry.note != note:
            found.append(Change(NOTES, note_row, code, unit, note, entry.note))
        if found:
            self.plan.changes += found
            sheet_plan.entries.append(entry)


def shown_cell(purpose: Purpose, place: Place, entered: LineInput | None) -> str:
    """Return an input as the table writes it."""
    return points_cell(place, entered) if purpose.as_points else cell_of(place, entered)


def _codes(rules: RubricRules) -> Iterator[str]:
    """Yield the codes that may head a column: of lines, and of criteria that have parts."""
    for section in rules.sections:
        yield from (criterion.code for criterion in section.criteria)
    yield from rules.places


def _stored(purpose: Purpose, line: ScoreLine) -> Mapping[str, Any] | None:
    if purpose.is_self:
        return line.self_input
    return line.appraised_input if line.appraised_by_id is not None else None


def _note(purpose: Purpose, line: ScoreLine) -> str:
    return str(line.self_note if purpose.is_self else line.appraised_reason)


stored_input, stored_note = _stored, _note
