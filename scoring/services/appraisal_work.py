"""A sheet's lines while somebody changes their appraised column: what both the appraisal and the
answer to an explanation are made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from emulation import clock
from emulation.access import Conflict, Refused
from emulation.models import User
from emulation.vietnamese import format_points
from emulation.workflow import Acting
from scoring.enums import PointStage
from scoring.models import PointChange, ScoreLine, ScoreSheet
from scoring.rules.inputs import describe, from_json, parse_input, to_json
from scoring.rules.numbers import InputError
from scoring.rules.rubric import Place, RubricRules
from scoring.selectors.rubrics import rules_of
from scoring.selectors.shares import Shares
from scoring.selectors.sheet_lines import lines_of
from scoring.services.totals import (
    put_points,
    record_changes,
    score,
    snapshot,
    store_total,
    write_lines,
)

REASON_LENGTH = 5000
COLUMNS = (
    "appraised_input",
    "appraised_points",
    "appraised_reason",
    "appraised_by",
    "version",
    "review",
)


@dataclass(frozen=True, slots=True)
class AppraisalDraft:
    """What an appraiser enters on a line.

    ``accept`` keeps the unit's own figures; else ``raw`` are the texts typed in the line's
    fields. ``version`` is the line's as the appraiser saw it.
    """

    version: int
    accept: bool = False
    raw: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """A line that somebody else changed meanwhile: what stands there now."""

    criterion_id: int
    code: str
    version: int
    shown: str
    points: str
    reason: str
    author: str

    @property
    def sentence(self) -> str:
        """The other's version in one sentence."""
        reason = f" Lý do: {self.reason}." if self.reason else ""
        return f"{self.code}: {self.author} đã ghi “{self.shown}”, {self.points} điểm.{reason}"


class LinesChanged(Conflict):
    """Somebody else appraised a line meanwhile; nothing was saved, both versions are shown."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(
            "Có người khác vừa sửa tiêu chí đồng chí đang thẩm định nên chưa lưu nội dung nào.",
            [each.sentence for each in clashes],
        )


@dataclass(slots=True)
class Work:
    """A sheet's lines while somebody changes their appraised column, inside a transaction."""

    actor: User
    sheet: ScoreSheet
    acting: Acting
    rules: RubricRules
    lines: list[ScoreLine]
    before: Mapping[int, Any]
    shares: Shares

    @classmethod
    def on(
        cls, actor: User, sheet: ScoreSheet, acting: Acting, shares: Shares | None = None
    ) -> Work:
        """Read the lines and the rubric: four queries. Without ``shares`` every line is theirs."""
        lines = list(lines_of(sheet).select_related("appraised_by"))
        before = snapshot(lines, PointStage.APPRAISED)
        whole = shares or Shares(actor.pk, sheet.membership.unit_id)
        return cls(actor, sheet, acting, rules_of(sheet.rubric), lines, before, whole)

    def place(self, line: ScoreLine) -> Place:
        """Return where a line stands in the rubric."""
        return self.rules.places[line.criterion.code]

    def put_points(self) -> None:
        """Let the points of every line follow the inputs, in memory."""
        scored = score(self.sheet, PointStage.APPRAISED, self.rules, self.lines)
        put_points(scored, PointStage.APPRAISED, self.lines)

    def save(self, reasons: Mapping[int, str]) -> list[PointChange]:
        """Write lines, total and history; ``reasons`` by line id, one per line touched.

        Lines that others pull along (a knock-out, an exclusive group) are recorded too; lines the
        unit left blank merely get their 0.
        """
        scored = score(self.sheet, PointStage.APPRAISED, self.rules, self.lines)
        put_points(scored, PointStage.APPRAISED, self.lines)
        after = snapshot(self.lines, PointStage.APPRAISED)
        changed = [
            line
            for line in self.lines
            if line.pk in reasons or after[line.pk] != self.before[line.pk]
        ]
        for line in changed:
            line.version += line.pk in reasons
        write_lines(changed, COLUMNS)
        store_total(self.sheet, PointStage.APPRAISED, scored)
        return record_changes(
            [line for line in changed if line.pk in reasons or self._had_points(line)],
            PointStage.APPRAISED,
            self.before,
            actor=self.actor,
            acting=self.acting,
            reasons=reasons,
        )

    def _had_points(self, line: ScoreLine) -> bool:
        return self.before[line.pk][1] is not None


def read_input(place: Place, raw: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the document of what was typed in a line's fields; InputError if it cannot be."""
    entered = parse_input(place.leaf, raw, place.section.kind)
    return None if entered is None else to_json(entered)


# ---------------------------------------------------------------- checks


def chosen_lines(
    rows: list[ScoreLine], drafts: Mapping[int, AppraisalDraft]
) -> list[tuple[ScoreLine, AppraisalDraft]]:
    """Return each line that has a draft, with it; Conflict for a criterion not on the sheet."""
    by_criterion = {line.criterion_id: line for line in rows}
    if not set(drafts) <= set(by_criterion):
        raise Conflict("Bảng chấm điểm không có tiêu chí này. Đề nghị tải lại trang.")
    return [(line, drafts[key]) for key, line in by_criterion.items() if key in drafts]


def check_shares(work: Work, chosen: list[tuple[ScoreLine, AppraisalDraft]]) -> None:
    """Raise Refused where a draft is about a line that somebody else judges, naming both."""
    others = work.shares.others(line.criterion for line, _ in chosen)
    if others:
        told = "; ".join(f"{', '.join(codes)} do {who}" for who, codes in others.items())
        raise Refused(
            f"Đồng chí chỉ thẩm định tiêu chí thuộc phần mình. Tiêu chí {told} thẩm định. Chưa "
            "lưu nội dung nào."
        )


def check_versions(work: Work, chosen: list[tuple[ScoreLine, AppraisalDraft]]) -> None:
    """Raise LinesChanged where a draft rests on an older version than what stands there.

    A draft that says what stands there already (a double press) clashes with nothing.
    """
    clashes = [
        clash_of(line, work.place(line))
        for line, draft in chosen
        if draft.version != line.version and changes_line(work, line, draft)
    ]
    if clashes:
        raise LinesChanged(clashes)


def clash_of(line: ScoreLine, place: Place) -> Clash:
    """Return what stands on a line now, for the person whose version is older."""
    judged = line.appraised_by is not None
    document = line.appraised_input if judged else line.self_input
    return Clash(
        criterion_id=line.criterion_id,
        code=line.criterion.code,
        version=line.version,
        shown=describe(place.leaf, from_json(place.leaf, document)),
        points=format_points(line.appraised_points if judged else line.self_points),
        reason=line.appraised_reason,
        author=line.appraised_by.full_name if line.appraised_by else "đơn vị",
    )


def check_inputs(work: Work, chosen: list[tuple[ScoreLine, AppraisalDraft]]) -> None:
    """Raise ValidationError naming every line whose input or reason cannot be read."""
    errors: dict[str, str] = {}
    for line, draft in chosen:
        try:
            _document(work, line, draft)
        except InputError as error:
            key = "-".join(filter(None, [str(line.criterion_id), error.field]))
            errors[key] = f"{line.criterion.code}: {error.message}"
        if len(draft.reason) > REASON_LENGTH:
            errors[f"{line.criterion_id}-reason"] = (
                f"{line.criterion.code}: lý do dài {len(draft.reason)} ký tự; tối đa "
                f"{REASON_LENGTH} ký tự. Đề nghị viết gọn lại."
            )
    if errors:
        raise ValidationError(dict(errors))


def _document(work: Work, line: ScoreLine, draft: AppraisalDraft) -> dict[str, Any] | None:
    """Return the input that a draft means; blank fields only where the unit left it blank."""
    if draft.accept or work.place(line).leaf.automatic is not None:
        return line.self_input
    document = read_input(work.place(line), draft.raw)
    if document is None and line.self_input is not None:
        raise InputError("đề nghị nhập số liệu thẩm định, hoặc giữ số liệu của đơn vị.")
    return document


def changes_line(work: Work, line: ScoreLine, draft: AppraisalDraft) -> bool:
    """Tell whether a draft says anything that its line does not say yet."""
    document = _document(work, line, draft)
    if (line.appraised_input, line.appraised_reason) != (document, draft.reason.strip()):
        return True
    return document is not None and line.appraised_by is None


def apply_draft(work: Work, line: ScoreLine, draft: AppraisalDraft) -> bool:
    """Put a draft on its line in memory; return whether that changes anything."""
    if not changes_line(work, line, draft):
        return False
    line.appraised_input = _document(work, line, draft)
    line.appraised_reason, line.appraised_by = draft.reason.strip(), work.actor
    line.review = ""
    return True


def check_reasons(touched: list[ScoreLine]) -> None:
    """Raise ValidationError for lines whose correction changed points without a reason."""
    errors = {
        f"{line.criterion_id}-reason": f"{line.criterion.code}: điểm thẩm định khác điểm tự chấm, "
        "đề nghị ghi lý do."
        for line in touched
        if differs(line) and not line.appraised_reason
    }
    if errors:
        raise ValidationError(dict(errors))


def check_second_reasons(work: Work, touched: list[ScoreLine], earlier: Mapping[int, str]) -> None:
    """Raise ValidationError for lines that a second round corrects without a reason of its own."""
    errors = {
        f"{line.criterion_id}-reason": f"{line.criterion.code}: vòng hai sửa số liệu của vòng một, "
        "đề nghị ghi lý do sửa."
        for line in touched
        if line.appraised_input != work.before[line.pk][0]
        and line.appraised_reason in ("", earlier[line.pk])
    }
    if errors:
        raise ValidationError(dict(errors))


def differs(line: ScoreLine) -> bool:
    """Tell whether a correction of this very line changed its points."""
    return line.appraised_input != line.self_input and line.appraised_points != line.self_points


def record_new_reasons(
    work: Work, touched: list[ScoreLine], changes: Sequence[PointChange]
) -> None:
    """Write history for lines of which only the reason changed."""
    known = {change.line_id for change in changes}
    PointChange.objects.bulk_create(
        PointChange(
            line=line,
            stage=PointStage.APPRAISED,
            old_input=line.appraised_input,
            new_input=line.appraised_input,
            old_points=line.appraised_points,
            new_points=line.appraised_points,
            reason=line.appraised_reason,
            actor=work.actor,
            acting_for_id=work.acting.unit_id,
            acting_as=work.acting.label,
            at=clock.now(),
        )
        for line in touched
        if line.pk not in known
    )
