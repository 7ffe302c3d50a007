"""Bảng tổng hợp: units by sections, as one person may see it, on the page and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import tablib
from import_export import resources
from import_export.fields import Field

from blocs.models import BlocYear
from blocs.standing import Standing
from emulation.models import User
from emulation.office import Sheet, workbook_bytes
from scoring.enums import PointStage
from scoring.permissions.appraisal import sight_of
from scoring.selectors.overview import Overview, SheetRow, overview_of
from scoring.selectors.sheets import year_sheets_for
from scoring.selectors.staffing import Staffing, staffing_of

NOT_SHOWN = "chưa mở"
NOT_THERE = "chưa có"
PENDING = "chưa tính"
UNIT_WIDTH = 36.0
POINTS_WIDTH = 12.0


def overview_for(
    user: User, bloc_year: BlocYear, standing: Standing, staffing: Staffing | None = None
) -> Overview:
    """Return the year's sheets as this person may see them: three queries for any number."""
    staffing = staffing or staffing_of(standing, bloc_year.pk)
    sheets = year_sheets_for(user, bloc_year)
    return overview_of(sheets, bloc_year, lambda sheet: sight_of(standing, sheet, staffing))


class _Column(Field):  # type: ignore[misc]
    """A column whose cells are read off a row of the overview."""

    def __init__(self, title: str, read: Callable[[SheetRow], object]) -> None:
        super().__init__(column_name=title, readonly=True)
        self.read = read

    def export(self, instance: SheetRow, **_options: Any) -> object:
        """Return the cell; it is made safe where the workbook is written."""
        return self.read(instance)


class SummaryResource(resources.Resource):  # type: ignore[misc]
    """The table of units by sections, as django-import-export exports it."""

    def __init__(self, overview: Overview) -> None:
        super().__init__()
        self.overview = overview
        self.fields = {str(place): each for place, each in enumerate(_columns(overview))}

    def get_export_order(self) -> tuple[str, ...]:
        """Return the columns in the order in which they were made."""
        return tuple(self.fields)

    def get_queryset(self) -> tuple[SheetRow, ...]:
        """Return the rows, already limited to what the reader may see."""
        return self.overview.rows


def _columns(overview: Overview) -> Iterable[_Column]:
    yield _Column("Đơn vị", lambda row: row.unit)
    yield _Column("Trạng thái", lambda row: row.out or row.face.official)
    for place, column in enumerate(overview.columns):
        yield _Column(f"{column.code}. Tự chấm", _section(place, 0))
        yield _Column(f"{column.code}. Thẩm định", _section(place, 1))
    yield _Column("Tổng tự chấm", _total(PointStage.SELF))
    yield _Column("Tổng thẩm định", _total(PointStage.APPRAISED))
    yield _Column("Chính thức", _total(PointStage.FINAL))
    yield _Column("Chênh lệch", lambda row: row.difference)
    yield _Column("Số ngày nộp muộn", lambda row: row.sheet.days_late)


def _section(place: int, side: int) -> Callable[[SheetRow], object]:
    return lambda row: row.sections[place][side]


def _total(stage: PointStage) -> Callable[[SheetRow], object]:
    def cell(row: SheetRow) -> object:
        points = row.points(stage)
        return why_empty(row, stage) if points is None else points

    return cell


def why_empty(row: SheetRow, stage: PointStage) -> str:
    """Return what stands where a total would: not open to the reader, waiting, or not there."""
    if not row.shows(stage):
        return NOT_SHOWN
    return PENDING if stage in row.pending else NOT_THERE


def summary_dataset(overview: Overview) -> tablib.Dataset:
    """Return the table as a dataset."""
    return SummaryResource(overview).export()


def summary_workbook(bloc_year: BlocYear, overview: Overview) -> bytes:
    """Return the table as an .xlsx file: numbers as numbers, no text that runs as a formula."""
    dataset = summary_dataset(overview)
    points = [POINTS_WIDTH] * (len(dataset.headers) - 2)
    sheet = Sheet(
        title=f"Tổng hợp {bloc_year.year}",
        header=list(dataset.headers),
        rows=list(dataset),
        widths=(UNIT_WIDTH, 24.0, *points),
    )
    return workbook_bytes([sheet])
