"""The desk as a workbook: the rows seen, in the order seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emulation import clock
from emulation.office.sheets import Sheet, workbook_bytes
from emulation.site.desk.listing import DUTY, LATE, STEPS, Wanted
from emulation.site.desk.rows import DeskRow
from emulation.vietnamese import format_moment

HEADER = (
    "Khối",
    "Hội đồng",
    "Trưởng khối",
    "Bước",
    "Việc đang chờ",
    "Đã xong (theo đơn vị tính)",
    "Tổng số (theo đơn vị tính)",
    "Đơn vị tính",
    "Hạn gần nhất: việc",
    "Hạn gần nhất: ngày",
    "Còn lại (ngày, số âm là đã quá)",
    "Số đơn vị chậm (đơn vị)",
    "Trong đó chưa nộp (đơn vị)",
    "Đơn vị chậm",
    "Việc của Ban",
)
WIDTHS = (36, 22, 30, 18, 32, 12, 12, 12, 26, 14, 14, 12, 12, 50, 50)
LATE_HEADER = (
    "Khối",
    "Đơn vị",
    "Việc",
    "Hạn của đơn vị",
    "Có gia hạn",
    "Tình trạng",
    "Chậm (ngày)",
)


def desk_workbook(rows: Sequence[DeskRow], boards: str, year: int, wanted: Wanted) -> bytes:
    """Return two sheets under their title, board and time: the blocs, and the late units."""
    above = [
        f"Toàn tỉnh năm {year}: tình hình các khối thi đua",
        f"Hội đồng: {boards}",
        f"Số liệu lúc {format_moment(clock.now())}. {_narrowed(wanted, len(rows))}",
    ]
    blocs = Sheet(f"Toàn tỉnh {year}", HEADER, map(_cells, rows), WIDTHS, above=above)
    late = Sheet(
        "Đơn vị chậm",
        LATE_HEADER,
        _late_cells(rows),
        (36, 40, 30, 16, 12, 14, 12),
        above=[f"Đơn vị chậm, năm {year}", *above[1:]],
    )
    return workbook_bytes([blocs, late])


def _narrowed(wanted: Wanted, count: int) -> str:
    parts = [f"bước “{STEPS[wanted.step]}”"] if wanted.step else []
    only = {LATE: "chỉ khối có đơn vị chậm", DUTY: "chỉ khối có việc của Ban"}
    parts += [only[wanted.only]] if wanted.only else []
    parts += [f"tìm “{wanted.text.strip()}”"] if wanted.text.strip() else []
    return f"{count} khối" + (f"; lọc: {', '.join(parts)}." if parts else ", không lọc.")


def _cells(row: DeskRow) -> list[object]:
    waiting, nearest = row.waiting, row.nearest
    counted = waiting if waiting and waiting.total else None
    said = [waiting.words, waiting.note] if waiting else []
    return [
        row.name,
        row.board,
        _head(row),
        row.step_label,
        "; ".join(filter(None, said)),
        counted.done if counted else None,
        counted.total if counted else None,
        counted.measure if counted else None,
        nearest.kind.label if nearest else None,
        nearest.due_on if nearest else None,
        nearest.days if nearest else None,
        len(row.late),
        row.owing,
        "; ".join(unit.name for unit in row.late),
        "; ".join(duty.label for duty in row.duties),
    ]


def _head(row: DeskRow) -> str:
    if row.face is None:
        return ""
    note = f" ({row.head_note})" if row.head_note else ""
    return f"{row.head}{note}" if row.head else "chưa có"


def _late_cells(rows: Sequence[DeskRow]) -> Iterator[list[object]]:
    for row in rows:
        for unit in row.late:
            for paper in unit.papers:
                yield [
                    row.name,
                    unit.name,
                    paper.kind.label,
                    paper.due_on,
                    "có" if paper.is_extended else "không",
                    "đã nộp muộn" if paper.is_in else "chưa nộp",
                    paper.days,
                ]
