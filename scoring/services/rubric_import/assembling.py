"""The rows of a workbook put together as a rubric, or every reason why they cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from blocs.services.imports.cells import nearest
from emulation.vietnamese import fold
from scoring.enums import SectionKind
from scoring.rules import enums as rules
from scoring.rules.numbers import CENT
from scoring.rules.rubric import (
    CriterionRules,
    GradeBand,
    Level,
    RubricError,
    RubricRules,
    SectionFloor,
    SectionRules,
)
from scoring.services.rubric_import import consistency
from scoring.services.rubric_import.cells import clean_text, read_cell, shown
from scoring.services.rubric_import.consistency import Surroundings
from scoring.services.rubric_import.layout import (
    CONDITIONS,
    CRITERIA,
    GRADES,
    INFO,
    INFO_COLUMNS,
    INFO_ROWS,
    LADDER,
    LEVELS,
    SECTIONS,
    TIE_LABEL,
    Column,
    Holds,
    column_of,
)
from scoring.services.rubric_import.reading import MISSING, Book, CellError, Row

_TIE_ROW = re.compile(rf"{re.escape(fold(TIE_LABEL))} ([0-9]{{1,2}})")
_TIE = Column("tie", TIE_LABEL, "", Holds.TIE)
_VALUE = INFO_COLUMNS[1]
_NEGATIVE = "Phải từ 0 trở lên (dấu trừ chỉ bỏ qua ở phần điểm trừ)."
_OPTIONAL_ENUMS: Mapping[str, type[StrEnum]] = {
    "sanction": rules.SanctionEffect,
    "automatic": rules.Automatic,
}
_PLAIN = (
    *("code", "title", "exclusive_group", "sanction_grade", "unit_label"),
    *("evidence_hint", "checker", "note"),
)
_SHARE_STEP = Decimal("0.0001")
_FLAGS = ("relative", "evidence_required", "decision_required")


class Assembly:
    """Puts one book together; ``late_policy`` is None where the file leaves it open."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.late_policy: str | None = None
        self.sections = self._keyed(SECTIONS, "code", "Mã phần")
        self.grades = self._keyed(GRADES, "name", "Xếp loại")
        self.criteria = self._keyed(CRITERIA, "code", "Mã tiêu chí")
        self.parts: dict[str, list[Row]] = {}
        self.tops: dict[str, list[Row]] = {}
        self.levels = self._by_criterion(LEVELS)
        self.ladder = self._by_criterion(LADDER)

    # ------------------------------------------------------------ the whole

    def rubric(self) -> RubricRules | None:
        """Return the rubric; None where the book has any error, all of them noted in it."""
        settings = self._settings()
        bands = self._bands()
        self._place_criteria()
        self._check_criteria()
        if self.book.errors:
            return None
        try:
            sections = tuple(self._section(row) for row in self.book.rows[SECTIONS])
            return RubricRules(**settings, grades=bands, sections=sections)
        except RubricError as error:
            self._backstop(error)
            return None

    def _backstop(self, error: RubricError) -> None:
        """Note what the rules refuse and no cell was named for, at the row it is about."""
        kind, _, code = error.place.partition(" ")
        rows = {"Tiêu": self.criteria, "Phần": self.sections, "Mức": self.grades}.get(kind, {})
        row = rows.get(code.removeprefix("chí "))
        said = f"{error.place}: {error.message}"
        sheet, number = (row.sheet, row.number) if row else (INFO, None)
        self.book.errors.append(CellError(sheet, number, "", said))

    def _fault(self, row: Row, key: str, message: str) -> None:
        self.book.fault(row, column_of(row.sheet, key), message)

    def _keyed(self, sheet: str, key: str, what: str) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in self.book.rows.get(sheet, []):
            code = row.get(key)
            if code is None:
                continue
            if code in found:
                self._fault(row, key, f"{what} này đã có ở dòng {found[code].number}.")
            found.setdefault(code, row)
        return found

    def _known(self, row: Row, key: str, rows: Mapping[str, Row], sheet: str) -> str | None:
        """Return the code or name that a cell refers to; note it where there is none."""
        said = row.get(key)
        if said is None or said in rows:
            return said if said is None else str(said)
        alike = [code for code in rows if fold(code) == fold(said)]
        if len(alike) == 1:
            row.values[key] = alike[0]
            return alike[0]
        hint = nearest(said, list(rows))
        self._fault(row, key, f"Không có “{said}” ở trang “{sheet}”.{hint}")
        return None

    # ------------------------------------------------------------ settings

    def _settings(self) -> dict[str, Any]:
        said, ties = self._info()
        for column in INFO_ROWS if INFO in self.book.rows else ():
            if column.required and said.get(column.key) is None and column.key not in self._bad:
                message = MISSING.format(heading=column.heading)
                at = self._at.get(column.key)
                self.book.errors.append(CellError(INFO, at, _VALUE.heading, message))
        self.late_policy = said.pop("late_policy", None)
        for key in ("plus_cap", "minus_cap"):
            said[key] = None if said.get(key) is None else abs(said[key])
        self._check_settings(said)
        return {
            **said,
            "rounding": said.get("rounding") or CENT,
            "scale_back": bool(said.get("scale_back")),
            "rank_capped": bool(said.get("rank_capped")),
            "rank_style": rules.RankStyle(said.get("rank_style") or rules.RankStyle.STANDARD),
            "tie_breaks": ties,
        }

    def _info(self) -> tuple[dict[str, Any], tuple[str, ...]]:
        labels = {fold(column.heading): column for column in INFO_ROWS}
        said: dict[str, Any] = {}
        ties: dict[int, str] = {}
        self._at: dict[str, int] = {}
        self._bad: set[str] = set()
        for row in self.book.rows.get(INFO, []):
            label = fold(row.get("label") or "").strip(" *:")
            tie = _TIE_ROW.fullmatch(label)
            column = _TIE if tie else labels.get(label)
            if column is None:
                if "label" not in row.unread:
                    hint = nearest(label, [each.heading for each in INFO_ROWS])
                    self._fault_info(row, f"Không có mục này trong mẫu.{hint}", "label")
                continue
            key = f"tie {tie[1]}" if tie else column.key
            if key in self._at:
                self._fault_info(row, f"Mục này đã có ở dòng {self._at[key]}.", "label")
                continue
            self._at[key] = row.number
            value = self._info_value(row, column)
            if tie and value is not None:
                ties[int(tie[1])] = str(value)
                self._check_tie(row, str(value))
            elif not tie:
                said[key] = value
        return said, tuple(ties[place] for place in sorted(ties))

    def _fault_info(self, row: Row, message: str, key: str = "value") -> None:
        text = clean_text(shown(row.values.get(key)))
        heading = INFO_COLUMNS[0].heading if key == "label" else _VALUE.heading
        self.book.errors.append(CellError(INFO, row.number, heading, message, text))

    def _info_value(self, row: Row, column: Column) -> Any:
        if "value" in row.unread:
            self._bad.add(column.key)
            return None
        try:
            return read_cell(column, row.values.get("value"))
        except ValueError as error:
            self._bad.add(column.key)
            self._fault_info(row, str(error))
            return None

    def _check_tie(self, row: Row, text: str) -> None:
        code = text.removeprefix("section:").rpartition(":")[0]
        if text.startswith("section:") and code not in self.sections:
            hint = nearest(code, list(self.sections))
            self._fault_info(row, f"Không có phần “{code}” ở trang “{SECTIONS}”.{hint}")

    def _check_settings(self, said: Mapping[str, Any]) -> None:
        floor, ceiling = said.get("floor"), said.get("ceiling")
        if floor is not None and ceiling is not None and floor > ceiling:
            self._at_setting("ceiling", "Tổng điểm cao nhất thấp hơn tổng điểm thấp nhất.")
        if said.get("rounding") is not None and said["rounding"] <= 0:
            self._at_setting("rounding", "Phải lớn hơn 0.")
        if said.get("scale_max") is not None and said["scale_max"] < 0:
            self._at_setting("scale_max", "Phải từ 0 trở lên.")

    def _at_setting(self, key: str, message: str) -> None:
        self.book.errors.append(CellError(INFO, self._at.get(key), _VALUE.heading, message))

    # ------------------------------------------------------------ grades

    def _bands(self) -> tuple[GradeBand, ...]:
        floors: dict[str, list[SectionFloor]] = {}
        for row in self.book.rows.get(CONDITIONS, []):
            grade = self._known(row, "grade", self.grades, GRADES)
            section = self._known(row, "section", self.sections, SECTIONS)
            if grade and section:
                floors.setdefault(grade, []).append(SectionFloor(section, row.get("lowest_share")))
        bounds: dict[Decimal, int] = {}
        for row in self.grades.values():
            self._known(row, "overflow", self.grades, GRADES)
            for key in ("min_criterion_share", "max_share_of_units"):
                share = row.get(key)
                if share is not None and share != share.quantize(_SHARE_STEP):
                    self._fault(row, key, "Tỷ lệ có tối đa 2 chữ số thập phân, như 62,25%.")
            bound = row.get("lower_bound")
            first = bounds.setdefault(bound, row.number) if bound is not None else row.number
            if first != row.number:
                self._fault(row, "lower_bound", f"Cùng mức điểm với dòng {first}.")
        if self.book.errors:
            return ()
        return tuple(self._band(row, floors) for row in self.grades.values())

    @staticmethod
    def _band(row: Row, floors: Mapping[str, Sequence[SectionFloor]]) -> GradeBand:
        return GradeBand(
            name=row.values["name"],
            lower_bound=row.values["lower_bound"],
            min_criterion_share=row.get("min_criterion_share"),
            section_floors=tuple(floors.get(row.values["name"], ())),
            max_share_of_units=row.get("max_share_of_units"),
            share_base=rules.ShareBase(row.get("share_base") or rules.ShareBase.RANKED),
            overflow=row.get("overflow") or "",
        )

    # ------------------------------------------------------------ criteria

    def _by_criterion(self, sheet: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.book.rows.get(sheet, []):
            code = self._known(row, "criterion", self.criteria, CRITERIA)
            if code:
                found.setdefault(code, []).append(row)
        return found

    def _place_criteria(self) -> None:
        """Put every criterion under its section, every part under its criterion."""
        for row in self.criteria.values():
            parent = self._known(row, "parent", self.criteria, CRITERIA)
            section = self._known(row, "section", self.sections, SECTIONS)
            if parent is None and row.get("parent") is None and "parent" not in row.unread:
                if section:
                    self.tops.setdefault(section, []).append(row)
                elif row.get("section") is None and "section" not in row.unread:
                    self._fault(row, "section", "Chưa ghi tiêu chí thuộc phần nào.")
            elif parent:
                self._place_part(row, self.criteria[parent])

    def _place_part(self, row: Row, parent: Row) -> None:
        if parent is row:
            self._fault(row, "parent", "Tiêu chí không thuộc chính nó. Đề nghị để trống.")
        elif parent.get("parent") is not None:
            self._fault(row, "parent", f"“{parent.get('code')}” đã là ý nhỏ, không chia tiếp được.")
        elif row.get("section") and row.get("section") != parent.get("section"):
            self._fault(row, "section", f"Ý nhỏ phải cùng phần với tiêu chí “{row.get('parent')}”.")
        self.parts.setdefault(parent.values["code"], []).append(row)

    def _check_criteria(self) -> None:
        for code, row in self.criteria.items():
            around = self._around(code, row)
            self._known(row, "sanction_grade", self.grades, GRADES)
            for key, message in consistency.faults_of(row, around):
                self._fault(row, key, message)
            minus = around.section == SectionKind.MINUS
            keys = ("max_points", "per", "printed_max") if minus else ()
            self._settle_signs(row, keys, ("max_points", "step", "per", "printed_max"))
            self._check_lists(row, around, minus=minus)
        for row in self.sections.values():
            minus = row.get("kind") == SectionKind.MINUS
            self._settle_signs(row, ("max_points",) if minus else (), ("max_points",))

    def _check_lists(self, row: Row, around: Surroundings, *, minus: bool) -> None:
        thresholds: dict[Decimal, int] = {}
        for level in around.levels:
            for key, message in consistency.level_faults(level, row, around):
                self._fault(level, key, message)
        for rung in around.ladder:
            for key, message in consistency.rung_faults(rung, row):
                self._fault(rung, key, message)
            share = rung.get("threshold")
            if share is not None and thresholds.setdefault(share, rung.number) != rung.number:
                self._fault(rung, "threshold", f"Trùng ngưỡng ở dòng {thresholds[share]}.")
        for each in (*around.levels, *around.ladder):
            self._settle_signs(each, ("points",) if minus else (), ("points",))

    def _settle_signs(self, row: Row, magnitudes: Iterable[str], keys: Iterable[str]) -> None:
        """Take 5 and -5 of a minus section for the same; anywhere else refuse what is negative."""
        for key in magnitudes:
            if row.get(key) is not None:
                row.values[key] = abs(row.values[key])
        for key in keys:
            if row.get(key) is not None and row.values[key] < 0:
                self._fault(row, key, _NEGATIVE)

    def _around(self, code: str, row: Row) -> Surroundings:
        parent = self.criteria.get(row.get("parent") or "")
        section = self.sections.get((parent or row).get("section") or "")
        return Surroundings(
            section=(section.get("kind") if section else None) or "",
            has_parts=bool(self.parts.get(code)),
            levels=self.levels.get(code, ()),
            ladder=self.ladder.get(code, ()),
        )

    # ------------------------------------------------------------ building

    def _section(self, row: Row) -> SectionRules:
        criteria = tuple(self._criterion(each) for each in self.tops.get(row.values["code"], ()))
        own = sum((each.max_points for each in criteria), Decimal(0))
        stated = row.get("max_points")
        return SectionRules(
            code=row.values["code"],
            kind=rules.SectionKind(row.values["kind"]),
            title=row.values["title"],
            max_points=own if stated is None else stated,
            criteria=criteria,
        )

    def _criterion(self, row: Row) -> CriterionRules:
        code = row.values["code"]
        kind = row.get("kind")
        said: dict[str, Any] = {
            **{key: row.get(key) or "" for key in _PLAIN},
            **{key: bool(row.get(key)) for key in _FLAGS},
        }
        for key, enum in _OPTIONAL_ENUMS.items():
            said[key] = enum(row.get(key)) if row.get(key) else None
        return CriterionRules(
            **said,
            kind=rules.CriterionKind(kind) if kind else None,
            max_points=row.values["max_points"],
            step=row.get("step") or CENT,
            per=row.get("per"),
            not_applicable=rules.NotApplicable(
                row.get("not_applicable") or rules.NotApplicable.NOT_ALLOWED
            ),
            pledge_item=row.get("pledge_item"),
            printed_max=row.get("printed_max"),
            levels=tuple(self._levels(code)),
            ladder=tuple(self._rungs(code)),
            parts=tuple(self._criterion(part) for part in self.parts.get(code, ())),
        )  # fmt: skip

    def _levels(self, code: str) -> Iterator[Level]:
        for row in self.levels.get(code, ()):
            yield Level(row.values["label"], row.values["points"], bool(row.get("knocks_out")))

    def _rungs(self, code: str) -> Iterator[tuple[Decimal, Decimal]]:
        rows = self.ladder.get(code, ())
        rungs = [(row.values["threshold"], row.values["points"]) for row in rows]
        yield from sorted(rungs, reverse=True)
