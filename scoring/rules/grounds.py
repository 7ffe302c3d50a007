"""Grounds for not considering a unit ("không xét thi đua") and what each does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scoring.rules.enums import GroundEffect
from scoring.rules.numbers import InputError
from scoring.rules.plain import PlainForm


class Ground(StrEnum):
    """Why a unit may not be considered."""

    PLEDGE_NOT_SIGNED = "pledge_not_signed"
    DOSSIER_LATE = "dossier_late"
    UNDER_INSPECTION = "under_inspection"
    LEADER_DISCIPLINED = "leader_disciplined"
    STAFF_DISCIPLINED = "staff_disciplined"
    FALSE_EVIDENCE = "false_evidence"
    UNIT_DISSOLVED = "unit_dissolved"
    TOO_SHORT = "too_short"
    NO_SHEET = "no_sheet"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The ground as an official reads it."""
        return _LABELS[self]

    @property
    def default_effect(self) -> GroundEffect:
        """What the ground does where the bloc-year has set nothing else."""
        return _DEFAULT_EFFECTS[self]


_LABELS = {
    Ground.PLEDGE_NOT_SIGNED: "Không ký giao ước thi đua",
    Ground.DOSSIER_LATE: "Hồ sơ nộp muộn hoặc không đầy đủ",
    Ground.UNDER_INSPECTION: "Đang bị thanh tra, kiểm tra",
    Ground.LEADER_DISCIPLINED: "Người đứng đầu bị kỷ luật",
    Ground.STAFF_DISCIPLINED: "Có cán bộ bị kỷ luật hoặc bị truy tố",
    Ground.FALSE_EVIDENCE: "Minh chứng sai sự thật",
    Ground.UNIT_DISSOLVED: "Đơn vị đã giải thể",
    Ground.TOO_SHORT: "Thời gian tham gia khối chưa đủ",
    Ground.NO_SHEET: "Không nộp bảng tự chấm điểm",
    Ground.OTHER: "Lý do khác",
}
_DEFAULT_EFFECTS = {
    Ground.PLEDGE_NOT_SIGNED: GroundEffect.EXCLUDED,
    Ground.DOSSIER_LATE: GroundEffect.EXCLUDED,
    Ground.UNDER_INSPECTION: GroundEffect.NO_AWARD,
    Ground.LEADER_DISCIPLINED: GroundEffect.EXCLUDED,
    Ground.STAFF_DISCIPLINED: GroundEffect.GRADE_CEILING,
    Ground.FALSE_EVIDENCE: GroundEffect.NEEDS_DECISION,
    Ground.UNIT_DISSOLVED: GroundEffect.EXCLUDED,
    Ground.TOO_SHORT: GroundEffect.NEEDS_DECISION,
    Ground.NO_SHEET: GroundEffect.EXCLUDED,
    Ground.OTHER: GroundEffect.NEEDS_DECISION,
}


@dataclass(frozen=True)
class GroundFact(PlainForm):
    """A ground that was found of a unit.

    `effect` None means the ground's default. `grade` names the ceiling of
    GRADE_CEILING; empty, the ceiling is the grade below the top one. With an
    `override_reason` the ground is shown and has no effect.
    """

    ground: Ground
    reason: str
    effect: GroundEffect | None = None
    grade: str = ""
    override_reason: str = ""

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InputError("Nêu lý do không xét thi đua.")

    def has(self, effect: GroundEffect) -> bool:
        """Tell whether the ground has this effect and is not overridden."""
        return not self.override_reason and (self.effect or self.ground.default_effect) is effect

    @property
    def text(self) -> str:
        """The ground with its reason, and why it is set aside if it is."""
        text = f"{self.ground.label}: {self.reason}"
        return f"{text} (vẫn xét: {self.override_reason})" if self.override_reason else text
