"""A finding about a rubric: how much it weighs, where it stands, the figures, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from scoring.rules.enums import Severity
from scoring.rules.plain import PlainForm
from scoring.rules.soundness import RubricError

RUBRIC = "Bảng chấm điểm"
GRADES = "Xếp loại"


class LintRule(StrEnum):
    """The rules of the check. The codes are stored with what was waived: never rename one."""

    UNREADABLE = "unreadable"
    SECTIONS_SUM = "sections_sum"
    CRITERIA_SUM = "criteria_sum"
    PARTS_SUM = "parts_sum"
    PRINTED_MAX = "printed_max"
    DEDUCT_OUTSIDE_BASE = "deduct_outside_base"
    MIXED_GROUP = "mixed_group"
    TIE_BREAK_NAMES_NOTHING = "tie_break_names_nothing"
    NO_GRADES = "no_grades"
    GRADE_BOUNDS = "grade_bounds"
    LOWEST_GRADE = "lowest_grade"
    FLOOR_NAMES_NOTHING = "floor_names_nothing"
    FLOOR_WITHOUT_THRESHOLD = "floor_without_threshold"
    GRADE_OUT_OF_REACH = "grade_out_of_reach"
    MAX_OUT_OF_REACH = "max_out_of_reach"
    CASE_POINTS = "case_points"
    LADDER_FALLS = "ladder_falls"
    LEVEL_TWICE = "level_twice"
    CAP_IDLE = "cap_idle"
    GROUP_OF_ONE = "group_of_one"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    PUNISHED_TWICE = "punished_twice"
    REWARDED_TWICE = "rewarded_twice"
    AWARDS_ABOVE_MEMBERS = "awards_above_members"
    NO_DEADLINE = "no_deadline"
    ITEMS_ABOVE_CAP = "items_above_cap"
    NO_EVIDENCE_RULE = "no_evidence_rule"


@dataclass(frozen=True)
class Finding(PlainForm):
    """Something about a rubric that its author should see.

    `place` says in words where; of one rule no two findings have the same place. `node` is the
    code of the criterion, or of the section (`of_section`), that the finding leads to; "" leads
    to the table as a whole. `others` are the codes of the criteria to be read beside it.
    """

    severity: Severity
    rule: LintRule
    place: str
    message: str
    advice: str = ""
    node: str = ""
    others: tuple[str, ...] = ()
    of_section: bool = False

    @property
    def key(self) -> str:
        """What a reason for letting the finding pass is given for; no figure changes it."""
        return f"{self.rule.value}:{self.place}"


def at_rubric(rule: LintRule, message: str, advice: str, place: str = RUBRIC) -> Finding:
    """Return an error of the table as a whole."""
    return Finding(Severity.ERROR, rule, place, message, advice)


def at_section(rule: LintRule, code: str, message: str, advice: str, place: str = "") -> Finding:
    """Return an error of a section; `place` where that is not the section itself."""
    where = place or f"Phần {code}"
    return Finding(Severity.ERROR, rule, where, message, advice, code, of_section=True)


def at_criterion(rule: LintRule, code: str, message: str, advice: str) -> Finding:
    """Return an error of a criterion or part."""
    return Finding(Severity.ERROR, rule, f"Tiêu chí {code}", message, advice, code)


def warning(finding: Finding) -> Finding:
    """Return the finding as a warning."""
    return replace(finding, severity=Severity.WARNING)


def note(finding: Finding) -> Finding:
    """Return the finding as a note."""
    return replace(finding, severity=Severity.NOTE)


def unreadable(error: RubricError) -> Finding:
    """Return the finding for a draft from which no table can be read."""
    advice = "Sửa mục này trước; các lỗi khác chỉ kiểm tra được khi bảng đọc được."
    return at_rubric(LintRule.UNREADABLE, error.message, advice, error.place)


def added(points: Iterable[Decimal]) -> Decimal:
    """Return the sum of points."""
    return sum(points, Decimal(0))
