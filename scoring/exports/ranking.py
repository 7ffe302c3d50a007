"""The ranking as a workbook and as the paper "bảng tổng hợp điểm và xếp hạng"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from blocs.enums import IssuingStyle
from blocs.models import BlocYear
from blocs.selectors.boards import council_in_year
from emulation import clock
from emulation.office import Column, HeadingStyle, Paper, Sheet, Signature, workbook_bytes
from emulation.vietnamese import format_moment, format_points
from scoring.selectors.shown_ranking import ShownRanking, ShownRow

_PLACE, _UNIT, _POINTS, _WORDS = 1.0, 4.2, 1.3, 2.2


def part_columns(shown: ShownRanking) -> list[str]:
    """Return the labels of the parts that any unit of the table has, in the table's order."""
    return list(dict.fromkeys(part.label for row in shown.rows for part in row.parts))


def part_points(row: ShownRow, labels: Sequence[str]) -> list[Decimal | None]:
    """Return a unit's points by part; None where it has none."""
    points = {part.label: part.points for part in row.parts}
    return [points.get(label) for label in labels]


def _heading(label: str) -> str:
    return {"cộng": "Điểm cộng", "trừ": "Điểm trừ"}.get(label, f"Phần {label}")


def why_no_place(row: ShownRow) -> str:
    """Return the reasons why a unit has no place, on one line."""
    return "; ".join([*row.reasons, *([row.note] if row.note else [])])


# ---------------------------------------------------------------- workbook


def ranking_xlsx(
    bloc_year: BlocYear, shown: ShownRanking, state: str, *, with_decisions: bool
) -> bytes:
    """Return what the page shows as a workbook: the table, and the explanation of each place."""
    labels = part_columns(shown)
    header = ["Hạng", "Đơn vị", *map(_heading, labels), "Tổng điểm", "Xếp loại", "Đề nghị"]
    if with_decisions:
        header.append("Quyết định của Hội đồng")
    return workbook_bytes(
        [
            Sheet(
                f"Xếp hạng {bloc_year.year}",
                [*header, "Ghi chú"],
                _table_rows(shown, labels, with_decisions=with_decisions),
                widths=[16, 44],
            ),
            Sheet(
                "Giải thích", ["Đơn vị", "Hạng", "Vì sao"], _why_rows(shown), widths=[44, 16, 110]
            ),
            Sheet(
                "Nguồn", ["Nội dung", "Giá trị"], _source_rows(bloc_year, state), widths=[24, 90]
            ),
        ]
    )


def _table_rows(
    shown: ShownRanking, labels: Sequence[str], *, with_decisions: bool
) -> Iterator[list[object]]:
    for row in [*shown.ranked, *shown.without_result, *shown.excluded]:
        decision = [row.decision] if with_decisions else []
        yield [
            row.place,
            row.unit,
            *part_points(row, labels),
            row.total,
            row.grade,
            row.award,
            *decision,
            _remark(row),
        ]


def _remark(row: ShownRow) -> str:
    parts = [why_no_place(row) if row.rank is None else row.note, row.pending]
    example = ["ví dụ"] if row.is_example else []
    return "; ".join([each for each in parts if each] + example)


def _why_rows(shown: ShownRanking) -> Iterator[list[object]]:
    for row in shown.rows:
        for sentence in [*row.placed, *row.graded, *row.notes, *row.reasons]:
            yield [row.unit, row.place, sentence]


def _source_rows(bloc_year: BlocYear, state: str) -> Iterator[list[object]]:
    yield ["Khối", str(bloc_year)]
    yield ["Tình trạng", state]
    yield ["Lập lúc", format_moment(clock.now())]


# ---------------------------------------------------------------- paper


def ranking_docx(
    bloc_year: BlocYear, shown: ShownRanking, state: str, *, with_decisions: bool
) -> bytes:
    """Return the paper, landscape; number, place and date stay for the clerk to fill in."""
    is_party = bloc_year.issuing_style == IssuingStyle.PARTY
    paper = Paper(
        subject=f"Bảng tổng hợp điểm và xếp hạng {bloc_year}",
        style=HeadingStyle.PARTY if is_party else HeadingStyle.STATE,
        landscape=True,
        example=bloc_year.is_example or shown.has_examples,
    )
    paper.heading(bloc_year.name, council_in_year(bloc_year.board, bloc_year.year))
    paper.title("BẢNG TỔNG HỢP ĐIỂM VÀ XẾP HẠNG", f"{bloc_year.name} năm {bloc_year.year}")
    paper.paragraph(state, italic=True, align="center")
    labels = part_columns(shown)
    paper.table(
        _columns(labels, with_decisions=with_decisions),
        _paper_rows(shown.ranked, labels, with_decisions=with_decisions),
    )
    _write_others(paper, shown)
    paper.signatures([Signature("THƯ KÝ"), Signature("TRƯỞNG KHỐI", organisation="")])
    return paper.to_bytes()


def _columns(labels: Sequence[str], *, with_decisions: bool) -> list[Column]:
    decision = [Column("Quyết định của Hội đồng", _WORDS)] if with_decisions else []
    return [
        Column("Hạng", _PLACE, "center"),
        Column("Đơn vị", _UNIT),
        *(Column(_heading(label), _POINTS, "right") for label in labels),
        Column("Tổng điểm", _POINTS, "right"),
        Column("Xếp loại", _POINTS),
        Column("Đề nghị khen thưởng", _WORDS),
        *decision,
    ]


def _paper_rows(
    rows: Iterable[ShownRow], labels: Sequence[str], *, with_decisions: bool
) -> Iterator[list[str]]:
    for row in rows:
        decision = [row.decision] if with_decisions else []
        yield [
            row.place,
            row.unit,
            *(format_points(each, empty="") for each in part_points(row, labels)),
            format_points(row.total),
            row.grade,
            row.award,
            *decision,
        ]


def _write_others(paper: Paper, shown: ShownRanking) -> None:
    for title, rows in (
        ("Không có kết quả", shown.without_result),
        ("Không xét thi đua", shown.excluded),
    ):
        if rows:
            paper.subheading(title)
            paper.items([f"{row.unit}: {why_no_place(row)}" for row in rows], marker="-")
