"""A sheet under a later version of the table, in memory: lines re-pointed, added, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Q

from scoring.enums import PointStage, SheetStatus
from scoring.models import Criterion, Rubric, ScoreLine, ScoreSheet, StageTotal
from scoring.rules.carrying import carry_input
from scoring.rules.inputs import describe, from_json
from scoring.rules.numbers import InputError
from scoring.rules.rubric import CriterionRules, RubricRules
from scoring.selectors.rubric_versions import Comparison, Lineage
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import with_papers
from scoring.selectors.sheets import WITH_THE_UNIT
from scoring.services.totals import Scored, Snapshot, put_points, score, snapshot

S = SheetStatus
REVIEW_LENGTH = 1000
STAGES = (PointStage.SELF, PointStage.APPRAISED)
NEW_LINE = "Tiêu chí mới."
INPUTS = {"self": "self_input", "appraised": "appraised_input"}


class Outcome(StrEnum):
    """What becomes of a sheet that moves."""

    MOVED = "moved"
    RETURNED = "returned"
    REOPENED = "reopened"


@dataclass
class Target:
    """The version that sheets move to, with what is needed of those they come from."""

    rubric: Rubric
    rules: RubricRules
    leaves: dict[str, Criterion]
    lineage: Lineage
    known: dict[int, Comparison] = field(default_factory=dict)

    @classmethod
    def of(cls, rubric: Rubric) -> Target:
        """Read the version: five queries, three more for each version that sheets come from."""
        leaves = (
            Criterion.objects.filter(Q(parent__isnull=False) | Q(parts__isnull=True), rubric=rubric)
            .select_related("section", "parent")
            .order_by("section__position", "position", "pk")
            .distinct()
        )
        found = {leaf.code: leaf for leaf in leaves}
        return cls(rubric, rules_of(rubric), found, Lineage.of(rubric))

    def beside(self, rubric: Rubric) -> Comparison:
        """Return the version beside the one that a line comes from."""
        if rubric.pk not in self.known:
            before = rules_of(rubric)
            origins = self.lineage.origins(rubric)
            self.known[rubric.pk] = Comparison(before, self.rules, origins)
        return self.known[rubric.pk]


@dataclass
class Moving:
    """One sheet as it would stand under the target; nothing of it is written."""

    sheet: ScoreSheet
    target: Target
    before: Snapshot
    judged_before: Snapshot
    final_before: Snapshot
    totals: Mapping[str, StageTotal]
    moved: list[ScoreLine] = field(default_factory=list)
    added: list[ScoreLine] = field(default_factory=list)
    dropped: list[ScoreLine] = field(default_factory=list)
    unread: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    restored: set[int] = field(default_factory=set)
    outcome: Outcome = Outcome.MOVED

    @property
    def lines(self) -> list[ScoreLine]:
        """The lines that count under the target."""
        return [*self.moved, *self.added]

    @property
    def is_untouched(self) -> bool:
        """Whether its unit has not begun: nothing that was entered has to be looked at again."""
        return self.sheet.stage is S.NOT_STARTED

    @property
    def to_review(self) -> list[ScoreLine]:
        """The lines to look at again, in the order of the target."""
        order = {code: place for place, code in enumerate(self.target.leaves)}
        found = [line for line in self.lines if line.review]
        return sorted(found, key=lambda line: order[line.criterion.code])

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each sort, for the record."""
        return {
            "moved": len(self.moved),
            "review": len(self.to_review),
            "unread": len(self.unread),
            "added": len(self.added),
            "dropped": len(self.dropped),
        }

    def scored(self, stage: PointStage) -> Scored:
        """Return what the lines come to under the target, setting points in memory."""
        lines = self.lines
        found = score(self.sheet, stage, self.target.rules, lines)
        put_points(found, stage, lines)
        return found


def movings(sheets: Sequence[ScoreSheet], target: Target) -> list[Moving]:
    """Return each sheet under the target: two queries for all of them, beside the target's."""
    ids = [sheet.pk for sheet in sheets]
    rows = with_papers(ScoreLine.objects.filter(sheet__in=ids)).select_related("criterion__rubric")
    lines: dict[int, list[ScoreLine]] = {}
    for row in rows:
        lines.setdefault(row.sheet_id, []).append(row)
    totals: dict[int, dict[str, StageTotal]] = {}
    for total in StageTotal.objects.filter(sheet__in=ids).order_by("pk"):
        totals.setdefault(total.sheet_id, {})[total.stage] = total
    return [
        _moving(sheet, target, lines.get(sheet.pk, []), totals.get(sheet.pk, {}))
        for sheet in sheets
    ]


def _moving(
    sheet: ScoreSheet,
    target: Target,
    lines: list[ScoreLine],
    totals: Mapping[str, StageTotal],
) -> Moving:
    moving = Moving(
        sheet,
        target,
        snapshot(lines, PointStage.SELF),
        snapshot(lines, PointStage.APPRAISED),
        snapshot(lines, PointStage.FINAL),
        totals,
    )
    _match(moving, lines)
    moving.outcome = _outcome(moving)
    return moving


# ---------------------------------------------------------------- lines


def _match(moving: Moving, lines: list[ScoreLine]) -> None:
    """Re-point every line that has its like under the target; those of the sheet's version first.

    A line that an earlier move dropped comes back where the target has its criterion again.
    """
    free = dict(moving.target.leaves)
    current = moving.sheet.rubric_id
    lines = sorted(lines, key=lambda line: -line.criterion.rubric.version)
    for line in sorted(lines, key=lambda line: line.criterion.rubric_id != current):
        beside = moving.target.beside(line.criterion.rubric)
        now = next((n for n, was in beside.came_from.items() if was == line.criterion.code), "")
        if now in free:
            _repoint(moving, line, free.pop(now), beside)
        elif line.criterion.rubric_id == current:
            moving.dropped.append(line)
    for leaf in free.values():
        new = ScoreLine(sheet=moving.sheet, criterion=leaf)
        new.has_evidence = new.has_decision = False  # type: ignore[attr-defined]
        new.review = "" if leaf.automatic or moving.is_untouched else NEW_LINE
        moving.added.append(new)
    for line in moving.dropped:
        line.review = f"Không còn trong bảng chấm điểm lần {moving.target.rubric.version}."


def _repoint(moving: Moving, line: ScoreLine, leaf: Criterion, beside: Comparison) -> None:
    was = beside.before.places[line.criterion.code].leaf
    now = beside.after.places[leaf.code].leaf
    told = [beside.to_look_at.get(leaf.code, "")]
    documents = {name: getattr(line, column) for name, column in INPUTS.items()}
    failed = {
        name: document
        for name, document in documents.items()
        if not _carried(line, INPUTS[name], was, now, document)
    }
    if not _carried(line, "final_input", was, now, line.final_input):
        line.final_points = None
    if failed:
        words = _words(was, failed.get("self", failed.get("appraised")))
        told.insert(0, f"Số liệu đã nhập ({words}) không dùng được theo cách chấm mới.")
        _keep(line, failed, words)
    if line.self_typed and was.kind is not now.kind:
        words = " / ".join(line.self_typed.values())
        told.insert(0, f"Số liệu đang nhập dở ({words}) không dùng được theo cách chấm mới.")
        _keep(line, {"typed": line.self_typed}, words)
        line.self_typed = None
    if "self" in failed:
        moving.unread.add(line.pk)
    if "appraised" in failed:
        line.appraised_by = None
    if line.criterion.rubric_id != moving.sheet.rubric_id:
        told.insert(0, "Tiêu chí có lại trong bảng.")
        moving.restored.add(line.pk)
    line.criterion = leaf
    review = " ".join(filter(None, told))
    if review and not moving.is_untouched:
        moving.changed.add(line.pk)
        line.review = _short(review)
    moving.moved.append(line)


def _carried(
    line: ScoreLine, column: str, was: CriterionRules, now: CriterionRules, document: Any
) -> bool:
    """Put an input on its line as the later rule reads it; False, and None there, if it cannot."""
    try:
        setattr(line, column, carry_input(was, now, document))
    except InputError:
        setattr(line, column, None)
        return False
    return document is None or getattr(line, column) is not None


def _keep(line: ScoreLine, failed: Mapping[str, Any], words: str) -> None:
    """Keep what cannot be read, with what an earlier move had kept."""
    kept: dict[str, Any] = {**failed, "words": words}
    if "appraised" in failed and line.appraised_reason:
        kept["reason"] = line.appraised_reason
    if line.kept_input:
        kept["before"] = line.kept_input
    line.kept_input = kept


def _words(rule: CriterionRules, document: Any) -> str:
    try:
        return describe(rule, from_json(rule, document))
    except InputError:
        return "số liệu cũ"


def _short(text: str) -> str:
    return text if len(text) <= REVIEW_LENGTH else f"{text[: REVIEW_LENGTH - 1]}…"


# ---------------------------------------------------------------- what becomes of the sheet


def _outcome(moving: Moving) -> Outcome:
    """Return what becomes of the sheet: with its unit nothing; else by what changed on it."""
    status = moving.sheet.stage
    if status in WITH_THE_UNIT:
        return Outcome.MOVED
    if moving.unread or any(_waits(line) for line in moving.lines if _is_new(moving, line)):
        return Outcome.RETURNED
    if status in {S.SECOND_ROUND, S.APPRAISED, S.APPROVED} and _differs(moving):
        return Outcome.REOPENED
    return Outcome.MOVED


def _is_new(moving: Moving, line: ScoreLine) -> bool:
    return line in moving.added or line.pk in moving.restored


def _waits(line: ScoreLine) -> bool:
    return line.self_input is None and not line.criterion.automatic


def _differs(moving: Moving) -> bool:
    """Whether a finished sheet does not stand as it was: a line, its points or a total."""
    if moving.changed or moving.dropped or moving.added:
        return True
    stages = [PointStage.APPRAISED]
    if moving.sheet.stage is S.APPROVED:
        stages.append(PointStage.FINAL)
    return any(_other_points(moving, stage) for stage in stages)


def _other_points(moving: Moving, stage: PointStage) -> bool:
    before = {PointStage.APPRAISED: moving.judged_before, PointStage.FINAL: moving.final_before}
    scored = moving.scored(stage)
    after = snapshot(moving.moved, stage)
    stored = moving.totals.get(stage)
    return stored is None or scored.total != stored.total or _differ(before[stage], after)


def _differ(before: Snapshot, after: Snapshot) -> bool:
    return any(before[key] != value for key, value in after.items())


def in_sentences(moving: Moving) -> Iterable[str]:
    """Yield what happens to the sheet, without saying anything of what was entered on it."""
    to, status = moving.target.rubric.version, moving.sheet.stage
    if moving.is_untouched:
        yield f"Chuyển sang lần {to}; đơn vị chưa nhập gì nên không có dòng phải xem lại."
        return
    if moving.outcome is Outcome.RETURNED:
        yield (
            f"Chuyển sang lần {to} và trả lại đơn vị: có tiêu chí đơn vị phải nhập hoặc nhập lại "
            "theo cách chấm mới."
        )
    elif moving.outcome is Outcome.REOPENED:
        approved = " Điểm đã duyệt không còn hiệu lực." if status is S.APPROVED else ""
        yield f"Chuyển sang lần {to} và đưa về thẩm định lại các tiêu chí thay đổi.{approved}"
    elif status is S.APPROVED:
        yield f"Chuyển sang lần {to}; không tiêu chí nào thay đổi, điểm đã duyệt được giữ."
    else:
        yield f"Chuyển sang lần {to}; vẫn ở bước “{status.label}”."
    if moving.dropped:
        yield f"{len(moving.dropped)} tiêu chí không còn trong bảng được lưu, không tính điểm."
