"""The comparison of a draft with a past year in words and cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from emulation.vietnamese import format_points
from scoring.enums import WhatIfDeed
from scoring.models import Rubric, WhatIfUse
from scoring.rules.enums import Stage
from scoring.rules.numbers import show_percent
from scoring.rules.what_if import Bite, ComparedRow, Evenness, Flat, Spread, WhatIf
from scoring.rules.what_if_bands import GradeCount, Move, by_grade, by_move
from scoring.selectors.what_if import YearComparison

EVENNESS = {
    Evenness.ALL_MAXIMUM: "mọi đơn vị đều đạt điểm tối đa",
    Evenness.ALL_ZERO: "mọi đơn vị đều 0 điểm",
    Evenness.ALL_EQUAL: "mọi đơn vị bằng điểm nhau",
}
MOVES = {
    Move.FAR_UP: "Lên từ 3 bậc trở lên",
    Move.UP: "Lên 1 hoặc 2 bậc",
    Move.SAME: "Giữ nguyên thứ hạng",
    Move.DOWN: "Xuống 1 hoặc 2 bậc",
    Move.FAR_DOWN: "Xuống từ 3 bậc trở lên",
    Move.OUT: "Không được xếp hạng theo dự thảo",
}
BOUNDS = {
    "PLUS": "Tổng điểm cộng tối đa của bảng",
    "MINUS": "Tổng điểm trừ tối đa của bảng",
    "CEILING": "Tổng điểm cao nhất (trần)",
    "FLOOR": "Tổng điểm thấp nhất (sàn)",
}


@dataclass(frozen=True, slots=True)
class ShownUse:
    """A row of the log: who, when, in what place, what."""

    pk: int
    at: dt.datetime
    who: str
    acting_as: str
    what: str
    leads_somewhere: bool
    is_stale: bool


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit without its name."""

    label: str
    old_rank: str
    new_rank: str
    old_total: Decimal
    new_total: Decimal
    old_grade: str
    new_grade: str
    moves: bool
    regraded: bool


@dataclass(frozen=True, slots=True)
class ShownSpread:
    """One line of the table of spreads, with what its picture needs."""

    label: str
    spread: Spread
    totals: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class ShownYear:
    """One year's comparison: unit by unit for the board, in counts alone for everybody else."""

    year: int
    result: WhatIf
    sentences: tuple[str, ...]
    caution: str
    units: tuple[ShownUnit, ...]
    spreads: tuple[ShownSpread, ...]
    lowest: Decimal
    highest: Decimal
    flat: tuple[str, ...]
    bites: tuple[tuple[str, int, Decimal | None], ...]
    moves: tuple[tuple[str, int], ...]
    grades: tuple[GradeCount, ...]


def shown_use(use: WhatIfUse, rubric: Rubric) -> ShownUse:
    """Return a use for the log; the result of a run can be opened while the table is the same."""
    years = ", ".join(str(year) for year in use.years)
    label = WhatIfDeed(use.deed).label
    return ShownUse(
        pk=use.pk,
        at=use.at,
        who=use.actor.full_name,
        acting_as=use.acting_as,
        what=f"{label}: năm {years}" if years else label,
        leads_somewhere=use.deed == WhatIfDeed.RUN,
        is_stale=use.edit_version != rubric.edit_version,
    )


def shown_year(each: YearComparison, *, unit_by_unit: bool) -> ShownYear:
    """Return one year's comparison for the page; without ``unit_by_unit`` nobody's figures."""
    result = each.result
    rows = result.rows if unit_by_unit else ()
    totals = [total for row in rows for total in (row.old_total, row.new_total)]
    return ShownYear(
        year=each.year,
        result=result,
        sentences=tuple(_sentences(result)),
        caution=_caution(result, each.year),
        units=tuple(_unit(number, row) for number, row in enumerate(rows, 1)),
        spreads=_spreads(result, each.year) if rows else (),
        lowest=min(totals, default=Decimal(0)),
        highest=max(totals, default=Decimal(0)),
        flat=tuple(_flat(flat) for flat in result.flat),
        bites=tuple(
            (_bound(bite), bite.sheets, bite.points if unit_by_unit else None)
            for bite in result.bites
        ),
        moves=_moves(result) if not unit_by_unit else (),
        grades=by_grade(result) if not unit_by_unit and result.rows else (),
    )


def _moves(result: WhatIf) -> tuple[tuple[str, int], ...]:
    counts = by_move(result) if result.rows else ()
    return tuple((MOVES[move], count) for move, count in counts if count or move is not Move.OUT)


# ---------------------------------------------------------------- sentences


def _sentences(result: WhatIf) -> list[str]:
    count = len(result.rows)
    if not count:
        return ["Không có đơn vị nào tính được điểm theo cả hai bảng nên không có gì để so sánh."]
    said = [
        _of(result.moved, count, "đơn vị đổi thứ hạng"),
        _of(result.regraded, count, "đơn vị đổi xếp loại"),
        _spread_sentence(result),
        _flat_sentence(result),
        _bite_sentence(result),
    ]
    if result.put_aside:
        said.append(f"Để ngoài {result.put_aside} đơn vị không tính được tổng điểm.")
    return [each for each in said if each]


def _of(part: int, count: int, what: str) -> str:
    if not part:
        return f"Không có {what}."
    return f"{part} trong {count} {what}."


def _spread_sentence(result: WhatIf) -> str:
    if result.before is None or result.after is None:
        return ""
    before, after = result.before.deviation, result.after.deviation
    if before == after:
        return f"Độ lệch chuẩn không đổi: {format_points(after)} điểm."
    effect = "dự thảo phân biệt các đơn vị rõ hơn" if after > before else "các đơn vị sát nhau hơn"
    return f"Độ lệch chuẩn từ {format_points(before)} thành {format_points(after)} điểm: {effect}."


def _flat_sentence(result: WhatIf) -> str:
    if len(result.rows) < 2:
        return ""
    if not result.flat:
        return "Tiêu chí nào cũng phân biệt được ít nhất hai đơn vị."
    return f"{len(result.flat)} tiêu chí không phân biệt được đơn vị nào."


def _bite_sentence(result: WhatIf) -> str:
    if not result.bites:
        return "Không có mức tối đa, mức trần nào làm thay đổi điểm."
    return f"{len(result.bites)} mức tối đa, trần hoặc sàn làm thay đổi điểm."


def _caution(result: WhatIf, year: int) -> str:
    """Return on how much of both tables the comparison rests."""
    text = (
        f"Đối chiếu trên {result.compared} tiêu chí mà bảng năm {year} và dự thảo cùng có, chiếm "
        f"{_share(result.old_share)} điểm chuẩn của bảng năm {year} và {_share(result.new_share)} "
        "điểm chuẩn của dự thảo."
    )
    if result.is_whole:
        return text
    left_out = len(result.new_left_out)
    text += f" {left_out} tiêu chí của dự thảo không đối chiếu được."
    if result.old_share != 1 or result.new_share != 1:
        text += (
            " Điểm và thứ hạng ở cả hai bên chỉ tính trên phần đối chiếu được; thang điểm và mức "
            "điểm xếp loại hạ theo cùng tỷ lệ nên xếp loại là ước tính."
        )
    return text


def _share(share: Fraction) -> str:
    return show_percent(share).replace("%", " %")


# ---------------------------------------------------------------- cells


def _unit(number: int, row: ComparedRow) -> ShownUnit:
    return ShownUnit(
        label=f"Đơn vị {number}",
        old_rank=str(row.old_rank),
        new_rank="không xếp hạng" if row.new_rank is None else str(row.new_rank),
        old_total=row.old_total,
        new_total=row.new_total,
        old_grade=row.old_grade or "không xếp loại",
        new_grade=row.new_grade or "không xếp loại",
        moves=row.moves,
        regraded=row.regraded,
    )


def _spreads(result: WhatIf, year: int) -> tuple[ShownSpread, ...]:
    if result.before is None or result.after is None:
        return ()
    return (
        ShownSpread(f"Bảng năm {year}", result.before, tuple(row.old_total for row in result.rows)),
        ShownSpread("Dự thảo", result.after, tuple(row.new_total for row in result.rows)),
    )


def _flat(flat: Flat) -> str:
    words = EVENNESS[flat.evenness]
    points = "" if flat.evenness is Evenness.ALL_ZERO else f" ({format_points(flat.points)} điểm)"
    return f"{flat.code}. {flat.title}: {words}{points}."


def _bound(bite: Bite) -> str:
    match bite.stage:
        case Stage.ITEM_MAXIMUM:
            return f"Điểm tối đa của tiêu chí {bite.place}"
        case Stage.SECTION:
            return f"Điểm tối đa của phần {bite.place}"
    return BOUNDS[bite.place]
