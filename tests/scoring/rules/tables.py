"""Rubrics and units that the tests of the rules share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from scoring.rules.enums import CriterionKind, SectionKind
from scoring.rules.rubric import (
    CriterionRules,
    GradeBand,
    Level,
    RubricRules,
    SectionRules,
    from_document,
)
from scoring.rules.standings import UnitStanding
from scoring.rules.totals import LineFacts

D = Decimal
BANDS = (
    GradeBand(name="Xuất sắc", lower_bound=D(90)),
    GradeBand(name="Tốt", lower_bound=D(80)),
    GradeBand(name="Khá", lower_bound=D(65)),
    GradeBand(name="Chưa đạt", lower_bound=D(0)),
)


def direct(code: str, maximum: Any = 100, **more: Any) -> CriterionRules:
    return CriterionRules(
        code=code, title=code, max_points=D(str(maximum)), kind=CriterionKind.DIRECT, **more
    )


def passfail(code: str, maximum: Any, **more: Any) -> CriterionRules:
    return CriterionRules(
        code=code, title=code, max_points=D(str(maximum)), kind=CriterionKind.PASSFAIL, **more
    )


def counting(code: str, maximum: Any, per: Any, **more: Any) -> CriterionRules:
    values = {"kind": CriterionKind.COUNT} | more
    return CriterionRules(
        code=code, title=code, max_points=D(str(maximum)), per=D(str(per)), **values
    )


def deduct(code: str, maximum: Any, per: Any, **more: Any) -> CriterionRules:
    return counting(code, maximum, per, kind=CriterionKind.DEDUCT, **more)


def ratio(code: str, maximum: Any, **more: Any) -> CriterionRules:
    ladder = tuple((D(t), D(p)) for t, p in more.pop("ladder", ()))
    return CriterionRules(
        code=code,
        title=code,
        max_points=D(str(maximum)),
        kind=CriterionKind.RATIO,
        ladder=ladder,
        **more,
    )


def target(code: str, maximum: Any, **more: Any) -> CriterionRules:
    return CriterionRules(
        code=code, title=code, max_points=D(str(maximum)), kind=CriterionKind.TARGET, **more
    )


def choice(code: str, *levels: tuple[Any, ...], **more: Any) -> CriterionRules:
    made = tuple(Level(str(i), D(str(level[0])), *level[1:]) for i, level in enumerate(levels))
    return CriterionRules(
        code=code,
        title=code,
        max_points=max(level.points for level in made),
        kind=CriterionKind.CHOICE,
        levels=made,
        **more,
    )


def averaging(code: str, *levels: tuple[Any, ...], **more: Any) -> CriterionRules:
    return replace(choice(code, *levels), kind=CriterionKind.EVENT_AVERAGE, **more)


def whole(code: str, maximum: Any, *parts: CriterionRules, **more: Any) -> CriterionRules:
    return CriterionRules(code=code, title=code, max_points=D(str(maximum)), parts=parts, **more)


def section(code: str, kind: str, *criteria: CriterionRules, maximum: Any = None) -> SectionRules:
    total = sum(criterion.max_points for criterion in criteria)
    return SectionRules(
        code=code,
        kind=SectionKind(kind),
        title=f"Phần {code}",
        max_points=D(str(total if maximum is None else maximum)),
        criteria=criteria,
    )


def rubric(*sections: SectionRules, **more: Any) -> RubricRules:
    return RubricRules(
        title="Bảng thử", scale_max=more.pop("scale_max", D(100)), sections=sections, **more
    )


def facts(**inputs: Any) -> dict[str, LineFacts]:
    """Return complete facts (all papers there) by code."""
    return {code: LineFacts(inp, True, True) for code, inp in inputs.items()}


def unit(key: int | str, total: Any, a: Any = 0, minus: Any = 0, plus: Any = 0, **more: Any):
    return UnitStanding(
        key=key,
        total=None if total is None else D(str(total)),
        minus=D(str(minus)),
        plus=D(str(plus)),
        section_points={"A": D(str(a))},
        **more,
    )


def _levels(*levels: tuple[str, int]) -> list[list[Any]]:
    return [list(level) for level in levels]


def _criterion(code: str, title: str, maximum: int, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "title": title, "max": maximum, "kind": kind} | more


def party_agencies_document() -> dict[str, Any]:
    """The example table of a bloc of Party agencies: 100 + 10 − 15."""
    political = [
        _criterion("A1", "Hoàn thành chỉ tiêu", 25, "ratio", step="0.25", evidence=True),
        _criterion("A2", "Tham mưu đúng hạn", 10, "deduct", per="0.5", unit="văn bản chậm"),
        _criterion("A3", "Chất lượng tham mưu", 8, "deduct", per=1),
        _criterion(
            "A4",
            "Cải cách hành chính",
            7,
            "choice",
            levels=_levels(("Xuất sắc", 7), ("Tốt", 5), ("Khá", 3), ("Chưa đạt", 0)),
        ),
    ]
    party = [
        _criterion(
            "B1",
            "Xếp loại tổ chức đảng",
            8,
            "choice",
            evidence=True,
            levels=_levels(("Xuất sắc", 8), ("Tốt", 6), ("Hoàn thành", 3), ("Không", 0)),
        ),
        _criterion(
            "B2",
            "Xếp loại đoàn thể",
            4,
            "choice",
            levels=_levels(("Xuất sắc", 4), ("Tốt", 3), ("Khá", 1), ("Chưa đạt", 0)),
        ),
        _criterion(
            "B3",
            "Hai quy chế",
            4,
            "choice",
            levels=_levels(("Cả hai", 4), ("Một", 2), ("Chưa", 0)),
        ),
        _criterion("B4", "Cơ quan đạt chuẩn văn hóa", 4, "passfail"),
    ]
    emulation = [
        _criterion(
            "C1",
            "Kế hoạch, phát động",
            5,
            "choice",
            levels=_levels(("Đủ", 5), ("Có phát động", 3), ("Chỉ có kế hoạch", 1), ("Không", 0)),
        ),
        _criterion("C2", "Điển hình tiên tiến", 6, "count", per=2, evidence=True),
        _criterion("C3", "Khen trực tiếp", 4, "ratio", ladder=[["0.50", 4], ["0.30", 2], ["0", 1]]),
        _criterion("C4", "Báo cáo đúng hạn", 5, "deduct", per=1),
    ]
    bloc = [
        _criterion("D1", "Dự họp, ký giao ước", 6, "deduct", per=2),
        _criterion("D2", "Hoạt động chung", 4, "count", per=2, not_applicable="full"),
    ]
    plus = [
        _criterion("E1", "Sáng kiến cấp tỉnh", 4, "count", per=2, decision_required=True),
        _criterion("E2", "Mô hình mới", 3, "passfail", evidence=True),
        _criterion("E3", "Khen thưởng cấp Nhà nước", 3, "passfail", decision_required=True),
    ]
    minus = [
        _criterion("F1", "Nộp muộn", 5, "count", per=1, automatic="late_days"),
        _criterion("F2", "Cán bộ bị kỷ luật", 6, "count", per=3, sanction="not_excellent"),
        _criterion("F3", "Khiếu nại đúng", 4, "count", per=2),
    ]
    return {
        "note": "An example, not an official table.",
        "title": "Bảng chấm điểm Khối thi đua các cơ quan Đảng",
        "scale_max": 100,
        "plus_cap": 10,
        "minus_cap": 15,
        "floor": 0,
        "ceiling": 110,
        "grades": [["Xuất sắc", 90], ["Tốt", 80], ["Khá", 65], ["Chưa đạt", 0]],
        "tie_breaks": ["section:A:desc", "minus:asc", "plus:desc", "ballot", "share"],
        "sections": [
            _section("A", "BASE", "Nhiệm vụ chính trị", political, max=50),
            _section("B", "BASE", "Xây dựng Đảng", party, max=20),
            _section("C", "BASE", "Thi đua, khen thưởng", emulation, max=20),
            _section("D", "BASE", "Hoạt động của Khối", bloc, max=10),
            _section("E", "PLUS", "Điểm cộng", plus, cap=10),
            _section("F", "MINUS", "Điểm trừ", minus, cap=15),
        ],
    }


def _section(
    code: str, kind: str, title: str, criteria: list[dict[str, Any]], **bound: int
) -> dict[str, Any]:
    return {"code": code, "kind": kind, "title": title, "criteria": criteria} | bound


def party_agencies() -> RubricRules:
    return from_document(party_agencies_document())
