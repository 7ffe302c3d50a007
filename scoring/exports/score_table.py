"""The score table of a year as a workbook, to fill in and bring back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from emulation.models import User
from emulation.office import Sheet, workbook_bytes
from scoring.enums import PointStage
from scoring.models import ScoreSheet
from scoring.rules.inputs import from_json
from scoring.rules.rubric import RubricRules
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import lines_by_sheet
from scoring.selectors.staffing import staffing_of
from scoring.services.score_tables.planning import (
    Purpose,
    may_read,
    open_sheets_of,
    shown_cell,
    stored_input,
    stored_note,
)
from scoring.services.score_tables.reading import GUIDE, LEADER, NOTES, POINTS, UNIT

UNIT_WIDTH, CELL_WIDTH = 36.0, 16.0
HOW = {
    "direct": "Ghi điểm, như 7,5.",
    "choice": "Ghi tên mức, hoặc số điểm của mức.",
    "passfail": "Ghi “có” hoặc “không”.",
    "deduct": "Ghi số trường hợp.",
    "count": "Ghi số trường hợp.",
    "ratio": "Ghi như 18/20 hoặc 90%.",
    "target": "Ghi kết quả trên chỉ tiêu, như 98/100.",
    "event_average": "Ghi số trường hợp ở từng mức, cách nhau bằng dấu “;”.",
}


def score_table(
    user: User, bloc_year: BlocYear, stage: PointStage, *, as_points: bool = False
) -> bytes:
    """Return the workbook: a unit per row, a criterion per column, what the reader may know
    filled in; a page of notes of the same shape; how each cell is written.
    """
    purpose = Purpose(user, bloc_year, stage, as_points)
    sheets = list(open_sheets_of(purpose).values())
    rules = {sheet.rubric_id: sheet.rubric for sheet in sheets}
    tables = {key: rules_of(rubric) for key, rubric in rules.items()}
    codes = _columns(tables.values())
    known = _known(purpose, sheets, tables)
    header = [UNIT, *codes]
    titles = ["", *codes.values()]
    points = [[sheet.membership.unit_name, *_cells(known[sheet.pk][0], codes)] for sheet in sheets]
    notes = [[sheet.membership.unit_name, *_cells(known[sheet.pk][1], codes)] for sheet in sheets]
    if purpose.is_self:
        header, titles = [UNIT, LEADER, *codes], ["", "", *codes.values()]
        points = [[row[0], "", *row[1:]] for row in points]
    widths = (UNIT_WIDTH, *([CELL_WIDTH] * len(header)))
    return workbook_bytes(
        [
            Sheet(POINTS, header, [titles, *points], widths, as_text=True),
            Sheet(NOTES, [UNIT, *codes], [["", *codes.values()], *notes], widths, as_text=True),
            Sheet(
                GUIDE,
                ["Mã tiêu chí", "Nội dung", "Cách ghi"],
                list(_guide(tables.values(), as_points=as_points)),
                (14.0, 60.0, 70.0),
            ),
        ]
    )


def _columns(tables: Iterable[RubricRules]) -> dict[str, str]:
    """Return titles by code of every line that people fill in."""
    return {
        code: place.leaf.title
        for rules in tables
        for code, place in rules.places.items()
        if not place.leaf.automatic
    }


def _known(
    purpose: Purpose, sheets: Sequence[ScoreSheet], tables: dict[int, RubricRules]
) -> dict[int, tuple[dict[str, str], dict[str, str]]]:
    """Return cells and notes by code of each sheet; none where the reader may not know them."""
    standing = standing_in(purpose.actor, purpose.bloc_year)
    staffing = staffing_of(standing, purpose.bloc_year.pk)
    readable = [sheet for sheet in sheets if may_read(purpose, standing, sheet, staffing)]
    lines = lines_by_sheet(readable)
    known = {}
    shown: dict[tuple[int, str], str] = {}
    for sheet in sheets:
        places = tables[sheet.rubric_id].places
        cells, notes = {}, {}
        for line in lines.get(sheet.pk, ()):
            code = line.criterion.code
            place = places[code]
            if place.leaf.automatic:
                continue
            stored = stored_input(purpose, line)
            key = line.criterion_id, repr(stored)
            if key not in shown:
                shown[key] = shown_cell(purpose, place, from_json(place.leaf, stored))
            cells[code] = shown[key]
            notes[code] = stored_note(purpose, line)
        known[sheet.pk] = (cells, notes)
    return known


def _cells(known: dict[str, str], codes: dict[str, str]) -> list[str]:
    return [known.get(code, "") for code in codes]


def _guide(tables: Iterable[RubricRules], *, as_points: bool) -> Iterator[Sequence[str]]:
    for rules in tables:
        for code, place in rules.places.items():
            leaf = place.leaf
            if leaf.automatic or leaf.kind is None:
                continue
            how = "Ghi số điểm." if as_points else HOW[leaf.kind.value]
            levels = "; ".join(level.label for level in leaf.levels)
            yield [code, leaf.title, f"{how} Các mức: {levels}." if levels else how]
