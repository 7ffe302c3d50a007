"""The closed vocabularies of the rules. Labels for people live elsewhere."""

from __future__ import annotations

from enum import StrEnum


class CriterionKind(StrEnum):
    """How a criterion turns its input into points."""

    DIRECT = "direct"
    CHOICE = "choice"
    PASSFAIL = "passfail"
    DEDUCT = "deduct"
    COUNT = "count"
    RATIO = "ratio"
    TARGET = "target"
    EVENT_AVERAGE = "event_average"


class SectionKind(StrEnum):
    """What a section's points do to the total."""

    BASE = "BASE"
    PLUS = "PLUS"
    MINUS = "MINUS"


class NotApplicable(StrEnum):
    """What a criterion is worth when nothing of its kind arose ("không phát sinh")."""

    FULL = "full"
    EXCLUDED = "excluded"
    ZERO = "zero"
    NOT_ALLOWED = "not_allowed"


class SanctionEffect(StrEnum):
    """What a minus item does to the grade ("điều kiện khống chế xếp loại")."""

    NOT_EXCELLENT = "not_excellent"
    NOT_ABOVE = "not_above"
    ONE_GRADE_DOWN = "one_grade_down"
    EXCLUDED = "excluded"


class Automatic(StrEnum):
    """A count that the software fills in."""

    LATE_DAYS = "late_days"


class RankStyle(StrEnum):
    """Standard competition ranks (1, 2, 3, 3, 5) or dense ones (1, 2, 3, 3, 4)."""

    STANDARD = "standard"
    DENSE = "dense"


class ShareBase(StrEnum):
    """Of how many units a grade's largest share is taken."""

    RANKED = "ranked"
    NEXT_OR_HIGHER = "next_or_higher"


class GroundEffect(StrEnum):
    """What a ground for not considering a unit does."""

    EXCLUDED = "excluded"
    NO_AWARD = "ranked_no_award"
    GRADE_CEILING = "grade_ceiling"
    NEEDS_DECISION = "needs_decision"


class LineFlag(StrEnum):
    """Why a line counts differently from the points of its input."""

    MISSING = "missing"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"
    NO_EVIDENCE = "no_evidence"
    NO_DECISION = "no_decision"
    KNOCKED_OUT = "knocked_out"
    GROUP_DROPPED = "group_dropped"
    GROUP_RESTORED = "group_restored"
    AUTOMATIC = "automatic"
    BLANK_CONFIRMED = "blank_confirmed"


class Stage(StrEnum):
    """The stages of a sheet's computation, in their order."""

    LINE = "line"
    KNOCK_OUT = "knock_out"
    GROUP = "exclusive_group"
    ITEM_MAXIMUM = "item_maximum"
    SECTION = "section"
    SCALE_BACK = "scale_back"
    RUBRIC_CAP = "rubric_cap"
    SUM = "sum"
    CLAMP = "clamp"


class TieRule(StrEnum):
    """The kinds of tie-break rules."""

    TOTAL = "total"
    SECTION = "section"
    BASE = "base"
    PLUS = "plus"
    MINUS = "minus"
    BALLOT = "ballot"
    HEAD = "head"
    SHARE = "share"


class Severity(StrEnum):
    """How much a finding about a rubric weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
