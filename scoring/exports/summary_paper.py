"""Bảng tổng hợp as a Word file: A4 lying, units by sections, with places to sign."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse

from blocs.models import BlocYear
from blocs.selectors.boards import council_in_year
from emulation.office import Column, HeadingStyle, Paper, Signature, docx_response
from emulation.vietnamese import format_points
from scoring.enums import PointStage
from scoring.exports.summary import why_empty
from scoring.selectors.overview import Overview, SectionColumn, SheetRow

DASH = "–"
SIZE, SMALL_SIZE, MANY_SECTIONS = 11, 9, 6


def summary_paper(bloc_year: BlocYear, overview: Overview) -> HttpResponse:
    """Return the table as a .docx to download, with what the reader may see."""
    paper = Paper(
        subject=f"Bảng tổng hợp điểm thi đua {bloc_year}",
        style=HeadingStyle(bloc_year.issuing_style),
        landscape=True,
        example=bloc_year.is_example or any(row.sheet.is_example for row in overview.rows),
    )
    paper.heading(bloc_year.name, council_in_year(bloc_year.board, bloc_year.year))
    paper.title("BẢNG TỔNG HỢP ĐIỂM THI ĐUA", f"{bloc_year.name} năm {bloc_year.year}")
    paper.table(
        list(_columns(overview.columns)),
        [_row(place, row) for place, row in enumerate(overview.rows, start=1)],
        size=SMALL_SIZE if len(overview.columns) > MANY_SECTIONS else SIZE,
    )
    for text in _notes(overview):
        paper.paragraph(text, italic=True)
    paper.signatures([Signature("THƯ KÝ"), Signature("TRƯỞNG KHỐI", organisation="")])
    name = f"Bảng tổng hợp điểm {bloc_year.name} {bloc_year.year}"
    return docx_response(paper.to_bytes(), name)


def _columns(sections: Iterable[SectionColumn]) -> Iterable[Column]:
    yield Column("TT", 4, "center")
    yield Column("Đơn vị", 22)
    for section in sections:
        yield Column(f"{section.code}. Tự chấm", 8, "right")
        yield Column(f"{section.code}. Thẩm định", 8, "right")
    yield Column("Tổng tự chấm", 9, "right")
    yield Column("Tổng thẩm định", 9, "right")
    yield Column("Chênh lệch", 9, "right")
    yield Column("Trạng thái", 13)


def _row(place: int, row: SheetRow) -> list[str]:
    sections = [_points(points) for pair in row.sections for points in pair]
    return [
        str(place),
        row.unit,
        *sections,
        _total(row, PointStage.SELF),
        _total(row, row.official_stage),
        _points(row.difference, signed=True),
        row.out or row.face.official,
    ]


def _points(points: Decimal | None, *, signed: bool = False) -> str:
    text = format_points(points, empty=DASH)
    return f"+{text}" if signed and points is not None and points > 0 else text


def _total(row: SheetRow, stage: PointStage) -> str:
    points = row.points(stage)
    return format_points(points) if points is not None else why_empty(row, stage)


def _notes(overview: Overview) -> Iterable[str]:
    """Yield what the heads of the columns stand for, and which totals are not official yet."""
    yield "; ".join(f"{each.code}: {each.title}" for each in overview.columns) + "."
    open_ones = [row.unit for row in overview.competing if not row.is_approved]
    if open_ones:
        yield f"Điểm thẩm định chưa được duyệt: {', '.join(open_ones)}."
