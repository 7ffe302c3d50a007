"""The table of the story: a few criteria of several kinds, and what each unit answers."""

from __future__ import annotations

from typing import Any

Raw = dict[str, str]


def document(lines: int) -> dict[str, Any]:
    """The rubric as JSON, with ``lines`` further criteria of one point each."""
    return {
        "title": "Bảng chấm điểm Khối thi đua số 1",
        "scale_max": 100 + lines,
        "plus_cap": 10,
        "minus_cap": 15,
        "floor": 0,
        "ceiling": 110 + lines,
        "grades": [["Xuất sắc", 90], ["Tốt", 80], ["Khá", 65], ["Chưa đạt", 0]],
        "tie_breaks": ["section:A:desc", "minus:asc", "ballot", "share"],
        "sections": [
            {"code": "A", "kind": "BASE", "title": "Nhiệm vụ chính trị", "max": 60, "criteria": [
                {"code": "A1", "title": "Chỉ tiêu được giao", "max": 30, "kind": "ratio",
                 "step": "0.25", "evidence": True},
                {"code": "A2", "title": "Văn bản đúng hạn", "max": 20, "kind": "deduct", "per": 1},
                {"code": "A3", "title": "Cải cách hành chính", "max": 10, "kind": "choice",
                 "levels": [["Tốt", 10], ["Khá", 6], ["Yếu", 0]]},
            ]},
            {"code": "B", "kind": "BASE", "title": "Phong trào thi đua", "max": 40, "criteria": [
                {"code": "B1", "title": "Hoạt động chung", "max": 20, "kind": "direct",
                 "step": "0.5"},
                {"code": "B2", "title": "Đạt chuẩn văn hóa", "max": 10, "kind": "passfail"},
                {"code": "B3", "title": "Quyên góp theo chỉ tiêu", "max": 10, "kind": "target"},
            ]},
            {"code": "D", "kind": "BASE", "title": "Việc thường xuyên", "max": lines, "criteria": [
                {"code": f"D{number:02d}", "title": f"Việc thường xuyên số {number}", "max": 1,
                 "kind": "direct", "step": "0.5"}
                for number in range(1, lines + 1)
            ]},
            {"code": "E", "kind": "PLUS", "title": "Điểm cộng", "cap": 10, "criteria": [
                {"code": "E1", "title": "Sáng kiến được công nhận", "max": 4, "kind": "count",
                 "per": 2, "decision_required": True},
            ]},
            {"code": "F", "kind": "MINUS", "title": "Điểm trừ", "cap": 15, "criteria": [
                {"code": "F1", "title": "Nộp muộn", "max": 5, "kind": "count", "per": 1,
                 "automatic": "late_days"},
                {"code": "F2", "title": "Cán bộ bị kỷ luật", "max": 6, "kind": "count", "per": 3,
                 "sanction": "not_excellent"},
            ]},
        ],
    }  # fmt: skip


def answers(unit: str, lines: int) -> dict[str, Raw]:
    """What a unit enters, by criterion. ``own`` and ``other`` come out equal once appraised."""
    faults, points = FIGURES.get(unit) or _figures_of_extra(unit)
    return {
        "A1": {"numerator": "20", "denominator": "20"},
        "A2": {"n": str(faults)},
        "A3": {"level": "0"},
        "B1": {"points": points},
        "B2": {"passed": "1"},
        "B3": {"actual": "100", "target": "100"},
        **{f"D{number:02d}": {"points": "1"} for number in range(1, lines + 1)},
    }


# Faults for A2, points for B1. The appraisal cuts own's B1 to 18,5.
FIGURES = {
    "next": (0, "20"),
    "own": (2, "20"),
    "other": (2, "18,5"),
    "checker": (5, "20"),
    "head": (8, "20"),
    "deputy": (9, "20"),
}
CUT = {"points": "18,5"}


def _figures_of_extra(unit: str) -> tuple[int, str]:
    number = int(unit.removeprefix("extra"))
    return 10, f"{19 - number // 2},{5 * (number % 2)}"
