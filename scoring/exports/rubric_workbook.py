"""The workbook of a rubric: empty to be filled in, or with what a version says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from emulation.office.sheets import Prompt, Sheet, workbook_bytes
from scoring.enums import LatePolicy
from scoring.models import Rubric
from scoring.rules.numbers import CENT
from scoring.rules.rubric import CriterionRules, RubricRules
from scoring.selectors.rubrics import rules_of
from scoring.services.rubric_import.cells import escaped, written
from scoring.services.rubric_import.layout import (
    COLUMNS,
    CONDITIONS,
    CRITERIA,
    GRADES,
    GUIDE,
    INFO,
    INFO_ROWS,
    LADDER,
    LEVELS,
    LISTS,
    SECTIONS,
    TIE_LABEL,
    TIE_ROWS,
    Column,
    Holds,
)
from scoring.services.rubric_import.planning import nodes_of, settled

Values = dict[str, Any]
_TIE = Column("tie", TIE_LABEL, "", Holds.TIE)

STEPS = (
    (
        "Điền vào bảy trang: Thông tin chung, Xếp loại, Điều kiện xếp loại, Phần, Tiêu chí, Mức, "
        "Ngưỡng. Trang chưa cần thì để trống, không xóa. Cột và mục có dấu * phải ghi."
    ),
    (
        "Thứ tự dòng là thứ tự trong bảng. Tiêu chí chia thành ý nhỏ (a, b, c): ghi một dòng cho "
        "tiêu chí, để trống cách chấm; rồi mỗi ý một dòng, ghi mã tiêu chí ở “Thuộc tiêu chí”."
    ),
    (
        "Điểm ghi như 7,5 hoặc 7.5, tối đa 2 chữ số thập phân. Ở phần điểm trừ, ghi 5 hay -5 đều "
        "là trừ 5. Tỷ lệ ghi như 85% hoặc 0,85. Không dùng công thức."
    ),
    (
        "Tải tệp lên ở mục “Nhập từ tệp Excel”. Hệ thống nêu mọi lỗi và mọi thay đổi so với dự "
        "thảo; chưa ghi gì cho đến khi xác nhận. Còn một lỗi thì không ghi gì."
    ),
    (
        "Bảng sau khi nhập giống hệt tệp: phần, tiêu chí không có trong tệp sẽ bị bỏ khỏi dự thảo. "
        "Tiêu chí giữ nguyên mã thì giữ các ý kiến góp ý đã có; đổi mã là bỏ và thêm."
    ),
)
EXAMPLES: dict[str, Sequence[Sequence[str]]] = {
    INFO: (("Tên bảng chấm điểm", "Bảng chấm điểm Khối Ví dụ"), ("Thang điểm", "100")),
    GRADES: (("Xuất sắc", "90", "50%", "25%", "Số đơn vị được xếp hạng", "Tốt"),),
    CONDITIONS: (("Xuất sắc", "A", "80%"),),
    SECTIONS: (("A", "Điểm chuẩn", "Thực hiện nhiệm vụ chính trị", "60"),),
    CRITERIA: (
        ("A1", "A", "", "Báo cáo đúng hạn", "Trừ theo số lần vi phạm", "10", "", "0,5", "văn bản"),
        ("A2", "A", "", "Học tập lý luận chính trị", "", "10"),
        ("A2.a", "", "A2", "Tỷ lệ đảng viên dự học", "Theo tỷ lệ", "6"),
    ),
    LEVELS: (("B1", "Hoàn thành tốt", "10", ""), ("B1", "Không hoàn thành", "0", "Có")),
    LADDER: (("A2.a", "95%", "6"), ("A2.a", "80%", "4")),
}


def export_rubric(rubric: Rubric) -> bytes:
    """Return the workbook of a version. Imported as it is, it changes nothing.

    RubricError where a draft contradicts itself so far that no table can be read from it.
    """
    return rubric_workbook(rules_of(rubric), rubric.late_policy)


def rubric_workbook(rules: RubricRules, late_policy: str = LatePolicy.MINUS) -> bytes:
    """Return the workbook of a rubric; reading it gives the same rubric."""
    said = settled(rules)
    info = {name: getattr(said, name) for name in _SETTINGS} | {"late_policy": late_policy}
    rows: dict[str, Sequence[Sequence[object]]] = {
        INFO: list(_info(info, said.tie_breaks)),
        GRADES: _written(GRADES, _grades(said)),
        CONDITIONS: _written(CONDITIONS, _conditions(said)),
        SECTIONS: _written(SECTIONS, _sections(said)),
        CRITERIA: _written(CRITERIA, _criteria(said)),
        LEVELS: _written(LEVELS, _levels(said)),
        LADDER: _written(LADDER, _rungs(said)),
    }
    return _workbook(rows)


def empty_rubric() -> bytes:
    """Return the workbook to fill in: its sheets, their guide with examples, drop-down lists."""
    rows: dict[str, Sequence[Sequence[object]]] = dict.fromkeys(COLUMNS, ())
    return _workbook(rows | {INFO: list(_info({}, ()))})


# ---------------------------------------------------------------- what the rubric says

_SETTINGS = tuple(column.key for column in INFO_ROWS if column.key != "late_policy")


def _info(said: Values, ties: Sequence[str]) -> Iterator[Sequence[object]]:
    for column in INFO_ROWS:
        value = said.get(column.key)
        yield [column.shown, written(column, str(value) if column.choices and value else value)]
    for place in range(1, max(TIE_ROWS, len(ties)) + 1):
        tie = ties[place - 1] if place <= len(ties) else None
        yield [f"{TIE_LABEL} {place}", written(_TIE, tie)]


def _grades(rules: RubricRules) -> Iterator[Values]:
    for band in rules.grades:
        limited = band.max_share_of_units is not None
        yield {
            "name": band.name,
            "lower_bound": band.lower_bound,
            "min_criterion_share": band.min_criterion_share,
            "max_share_of_units": band.max_share_of_units,
            "share_base": band.share_base.value if limited else None,
            "overflow": band.overflow,
        }


def _conditions(rules: RubricRules) -> Iterator[Values]:
    for band in rules.grades:
        for floor in band.section_floors:
            yield {
                "grade": band.name,
                "section": floor.section,
                "lowest_share": floor.lowest_share,
            }


def _sections(rules: RubricRules) -> Iterator[Values]:
    for section in rules.sections:
        yield {
            "code": section.code,
            "kind": section.kind.value,
            "title": section.title,
            "max_points": section.max_points,
        }


_OTHERWISE = {"section", "parent", "kind", "step", "not_applicable", "sanction", "automatic"}


def _criteria(rules: RubricRules) -> Iterator[Values]:
    plain = [column.key for column in COLUMNS[CRITERIA] if column.key not in _OTHERWISE]
    for section, parent, rule in nodes_of(rules):
        stated = rule.not_applicable.value
        yield {key: getattr(rule, key) for key in plain} | {
            "section": section,
            "parent": parent.code if parent else None,
            "kind": rule.kind.value if rule.kind else None,
            "step": None if rule.step == CENT else rule.step,
            "not_applicable": None if stated == "not_allowed" else stated,
            "sanction": rule.sanction.value if rule.sanction else None,
            "automatic": rule.automatic.value if rule.automatic else None,
        }


def _nodes(rules: RubricRules) -> Iterator[CriterionRules]:
    for _, _, rule in nodes_of(rules):
        yield rule


def _levels(rules: RubricRules) -> Iterator[Values]:
    for rule in _nodes(rules):
        for level in rule.levels:
            yield {
                "criterion": rule.code,
                "label": level.label,
                "points": level.points,
                "knocks_out": level.knocks_out,
            }


def _rungs(rules: RubricRules) -> Iterator[Values]:
    for rule in _nodes(rules):
        for threshold, points in rule.ladder:
            yield {"criterion": rule.code, "threshold": threshold, "points": points}


def _written(sheet: str, rows: Iterable[Values]) -> list[list[object]]:
    return [[written(column, row[column.key]) for column in COLUMNS[sheet]] for row in rows]


# ---------------------------------------------------------------- the file


def _workbook(rows: dict[str, Sequence[Sequence[object]]]) -> bytes:
    lists = _lists()
    sheets = [_guide()]
    for title, columns in COLUMNS.items():
        sheets.append(
            Sheet(
                title=title,
                header=[column.shown for column in columns],
                rows=rows[title],
                widths=[column.width for column in columns],
                places=None,
                as_text=True,
                prompts=list(_prompts(title, columns, lists)),
            )
        )
    return workbook_bytes([*sheets, _list_sheet(lists)])


def _prompts(
    title: str, columns: Sequence[Column], lists: dict[tuple[str, ...], str]
) -> Iterator[Prompt]:
    if title == INFO:
        for row, each in enumerate(INFO_ROWS, start=2):
            source = lists.get(each.words, "")
            yield Prompt(2, each.heading, each.hint, source=source, row=row)
        return
    for number, column in enumerate(columns, start=1):
        source = lists.get(column.words, "")
        yield Prompt(number, column.heading, column.hint, source=source)


def _lists() -> dict[tuple[str, ...], str]:
    """Return the drop-down lists with where each stands in the hidden sheet."""
    words = [
        column.words for column in (*INFO_ROWS, *(c for each in COLUMNS.values() for c in each))
    ]
    distinct = [each for each in dict.fromkeys(words) if each]
    return {
        each: f"'{LISTS}'!${_letter(place)}$2:${_letter(place)}${len(each) + 1}"
        for place, each in enumerate(distinct)
    }


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _list_sheet(lists: dict[tuple[str, ...], str]) -> Sheet:
    longest = max(len(words) for words in lists)
    return Sheet(
        title=LISTS,
        header=[f"Danh sách {number}" for number in range(1, len(lists) + 1)],
        rows=[
            [words[place] if place < len(words) else "" for words in lists]
            for place in range(longest)
        ],
        hidden=True,
    )


def _guide() -> Sheet:
    return Sheet(
        title=GUIDE,
        header=["Bảng chấm điểm trong tệp Excel", "", ""],
        rows=_guide_rows(),
        widths=[26, 44, 90],
    )


def _guide_rows() -> Iterator[Sequence[str]]:
    for number, step in enumerate(STEPS, start=1):
        yield [f"{number}.", step]
    for title, columns in COLUMNS.items():
        yield []
        yield [f"Trang “{title}”", "Mục" if title == INFO else "Cột", "Ghi gì"]
        for column in INFO_ROWS if title == INFO else columns:
            yield ["", column.shown, column.hint]
        if title == INFO:
            yield ["", f"{TIE_LABEL} 1, 2, …", "Ví dụ: Điểm phần A cao hơn; Điểm trừ ít hơn."]
        for example in EXAMPLES[title]:
            shown = " | ".join(cell or "(trống)" for cell in example)
            yield ["Ví dụ (không nhập):", "", escaped(shown)]
