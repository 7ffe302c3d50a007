"""The self-score: sheets opened, lines saved, handed in, returned to the unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import require
from emulation.models import User
from emulation.vietnamese import format_date, nfc
from scoring.enums import PointStage, SheetStatus
from scoring.models import PaperEntry, PointChange, ScoreLine, ScoreSheet
from scoring.permissions.sheet import (
    can_enter_sheet,
    can_fill_sheet,
    can_submit,
)
from scoring.rules.inputs import LineInput, from_json
from scoring.rules.rubric import Place, RubricRules
from scoring.selectors.rubric_versions import later_criteria
from scoring.selectors.rubrics import grades_of, rules_from_lines
from scoring.selectors.sheet_content import missing_items
from scoring.selectors.sheet_lines import lines_of
from scoring.selectors.sheets import first_due_of, get_sheet_for_user
from scoring.services.receipts import paper_handed_in, write_receipt
from scoring.services.sheet_lock import lock_sheet, locked_sheet
from scoring.services.sheet_workflow import (
    RETURN_TO_UNIT,
    SHEET_WORKFLOW,
    acting_on,
    forget_first_round,
)
from scoring.services.totals import (
    put_points,
    record_changes,
    score,
    snapshot,
    store_total,
    void_final,
    write_lines,
)
from scoring.services.typed_lines import half_of, read_fields

LEADER_LENGTH = 300
SELF = PointStage.SELF
_SAVED = ("self_input", "self_typed", "self_note", "self_points", "version", "review")


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What a person typed on a line: texts of the fields of its kind, the note, what was seen.

    ``version`` is the line's when the page was opened.
    """

    raw: Mapping[str, str]
    version: int
    note: str = ""
    not_applicable: bool = False

    @property
    def fields(self) -> dict[str, str]:
        """The texts as the rules read them."""
        return {**self.raw, "not_applicable": "1" if self.not_applicable else ""}


@dataclass(frozen=True, slots=True)
class LineClash:
    """A line that somebody else saved meanwhile: what stands there, who saved it and when."""

    criterion_id: int
    code: str
    version: int
    entered: LineInput | None
    half: Mapping[str, str] | None
    note: str
    author: str = ""
    at: dt.datetime | None = None


@dataclass(slots=True)
class Saving:
    """What became of a save: whose it was, lines saved, lines refused (by field), lines that clash.

    ``drafts`` are what was typed, by the criteria of the sheet's version; ``gone`` counts what was
    typed on criteria that this version no longer has.

    Whatever is not saved stays with the caller, to be shown again as it was typed.
    """

    sheet: ScoreSheet
    standing: Standing
    saved: list[str] = field(default_factory=list)
    errors: dict[int, dict[str, str]] = field(default_factory=dict)
    clashes: dict[int, LineClash] = field(default_factory=dict)
    gone: int = 0
    drafts: Mapping[int, LineDraft] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was typed is now stored."""
        return not self.errors and not self.clashes


# ---------------------------------------------------------------- saving


def save_lines(*, actor: User, sheet: ScoreSheet, lines: Mapping[int, LineDraft]) -> Saving:
    """Save what a person typed on any number of lines, by criterion id.

    Effects, in order: lock; permission; the first save starts the sheet; each draft read: what
    cannot be read and what clashes with a later version is left as it stands and reported, the
    rest written with its version raised, one number of a pair also while the other is missing;
    points of all lines and the self total computed anew; a PointChange for every line whose input
    or points changed. Raises Refused, Conflict.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_enter_sheet(standing, sheet))
        return _save(actor, standing, sheet, lines)


def save_page(*, actor: User, sheet_id: int, lines: Mapping[int, LineDraft]) -> Saving:
    """Save what a person typed on the page of a sheet, as :func:`save_lines` does.

    The door is passed once the row is locked, so that nothing is asked twice. Http404 besides.
    """
    with transaction.atomic():
        lock_sheet(sheet_id)
        sheet, standing = get_sheet_for_user(actor, sheet_id)
        require(can_fill_sheet(standing, sheet))
        return _save(actor, standing, sheet, lines)


def _save(
    actor: User, standing: Standing, sheet: ScoreSheet, lines: Mapping[int, LineDraft]
) -> Saving:
    rows = list(lines_of(sheet))
    rules = _rules(sheet, rows)
    before = snapshot(rows, SELF)
    saving = Saving(sheet, standing)
    saving.drafts = lines = _of_this_version(sheet, rows, lines, saving)
    changed = [row for row in rows if _take_draft(row, rules, lines, saving)]
    _name_authors(saving)
    if changed:
        saving.saved = [row.criterion.code for row in changed]
        _start(actor, sheet)
        _store(sheet, rules, rows, changed)
        record_changes(rows, SELF, before, actor=actor, acting=acting_on(standing, sheet))
    return saving


def _rules(sheet: ScoreSheet, rows: list[ScoreLine]) -> RubricRules:
    """Return the rules of the rows; one query where a sanction may name a grade, else none."""
    asked = [(row.criterion, row.criterion.parent) for row in rows]
    sanctioned = any(each.sanction for pair in asked for each in pair if each)
    return rules_from_lines(sheet.rubric, rows, list(grades_of(sheet.rubric)) if sanctioned else [])


def _of_this_version(
    sheet: ScoreSheet, rows: list[ScoreLine], drafts: Mapping[int, LineDraft], saving: Saving
) -> Mapping[int, LineDraft]:
    """Return the drafts by the criteria of the sheet's version; one query more after a move."""
    known = {row.criterion_id for row in rows}
    strange = set(drafts) - known
    if not strange:
        return drafts
    later = later_criteria(sheet, strange)
    saving.gone = len(strange - set(later))
    moved = {later[key]: drafts[key] for key in strange if key in later}
    return {**moved, **{key: draft for key, draft in drafts.items() if key in known}}


def _start(actor: User, sheet: ScoreSheet) -> None:
    if sheet.stage is SheetStatus.NOT_STARTED:
        SHEET_WORKFLOW.take("start", sheet, actor=actor)


def _take_draft(
    row: ScoreLine, rules: RubricRules, drafts: Mapping[int, LineDraft], saving: Saving
) -> bool:
    """Put a draft on its line in memory; return whether the line changed."""
    draft = drafts.get(row.criterion_id)
    place = rules.places[row.criterion.code]
    if draft is None or place.leaf.automatic:
        return False
    note = nfc(draft.note.replace("\r\n", "\n").strip())
    document, errors = read_fields(place, draft.fields, note)
    half = None if "note" in errors else half_of(row, place, draft.fields)
    if half:
        errors = {}
    if not errors and (document, half, note) == (row.self_input, row.self_typed, row.self_note):
        return False
    if draft.version != row.version:
        saving.clashes[row.criterion_id] = _clash(row, place)
    if errors:
        saving.errors[row.criterion_id] = errors
    if errors or draft.version != row.version:
        return False
    row.self_input, row.self_typed = document, half
    row.self_note, row.version = note, row.version + 1
    row.review = ""
    return True


def _clash(row: ScoreLine, place: Place) -> LineClash:
    entered = from_json(place.leaf, row.self_input)
    code = row.criterion.code
    return LineClash(row.criterion_id, code, row.version, entered, row.self_typed, row.self_note)


def _name_authors(saving: Saving) -> None:
    """Add to each clash who saved the line last and when; one query, none without clashes.

    Half of a pair has no points and no history, so that nobody is named for it.
    """
    if not saving.clashes:
        return
    changes = PointChange.objects.filter(
        line__sheet=saving.sheet, line__criterion_id__in=saving.clashes, stage=SELF
    )
    last = {
        criterion_id: (name, at)
        for criterion_id, name, at in changes.order_by("at", "pk").values_list(
            "line__criterion_id", "actor__full_name", "at"
        )
    }
    for key, clash in saving.clashes.items():
        author, at = ("", None) if clash.half else last.get(key, ("", None))
        saving.clashes[key] = replace(clash, author=author, at=at)


def _store(
    sheet: ScoreSheet, rules: RubricRules, rows: list[ScoreLine], changed: list[ScoreLine]
) -> None:
    """Write changed lines, all points that follow from them, and the self total."""
    scored = score(sheet, SELF, rules, rows)
    moved = put_points(scored, SELF, rows)
    writing = {row.pk: row for row in (*changed, *moved)}
    write_lines(writing.values(), _SAVED)
    store_total(sheet, SELF, scored)


def rescore(
    *, actor: User, standing: Standing, sheet: ScoreSheet, reason: str = ""
) -> list[PointChange]:
    """Compute a sheet's self-score anew after its evidence, lateness or blanks changed.

    Effects, in order: points and total stored; a PointChange for each line that changed. Called
    inside the caller's transaction, the sheet locked.
    """
    rows = list(lines_of(sheet))
    rules = _rules(sheet, rows)
    before = snapshot(rows, SELF)
    _store(sheet, rules, rows, [])
    reasons = {row.pk: reason for row in rows} if reason else None
    acting = acting_on(standing, sheet)
    return record_changes(rows, SELF, before, actor=actor, acting=acting, reasons=reasons)


# ---------------------------------------------------------------- handing in


def submit_sheet(
    *,
    actor: User,
    sheet: ScoreSheet,
    approving_leader: str = "",
    confirm_blanks: bool,
    declaration: str = "",
) -> ScoreSheet:
    """Hand the sheet in at the moment its row is ours, by the server's clock.

    An officer names the leader who approved; a leader approves by handing in. Effects, in order:
    lock; permission; blank plus and minus lines confirmed together as "không có"; the first
    submission decides the days late, a paper by the day it was received; gateway; points computed
    anew with the minus for lateness, in the history; the receipt with what was declared. Raises
    Refused, Conflict (moment, lines missing, past a strict deadline), ValidationError (no leader,
    blanks not confirmed).
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        received = clock.now()
        standing = standing_in(actor, sheet.bloc_year)
        require(can_submit(standing, sheet))
        sheet.approving_leader = _approving_leader(standing, sheet, approving_leader)
        _confirm_blanks(sheet, confirmed=confirm_blanks)
        paper = paper_handed_in(actor, standing, sheet)
        _receive(actor, sheet, received, paper)
        SHEET_WORKFLOW.take("submit", sheet, actor=actor, also=_SUBMISSION)
        rescore(actor=actor, standing=standing, sheet=sheet, reason="Nộp bảng tự chấm điểm")
        write_receipt(actor, standing, sheet, declaration)
    return sheet


_SUBMISSION = (
    "approving_leader",
    "blanks_confirmed",
    "first_submitted_at",
    "submitted_at",
    "submitted_by",
    "days_late",
)


def _approving_leader(standing: Standing, sheet: ScoreSheet, named: str) -> str:
    named = " ".join(nfc(named).split())
    if len(named) > LEADER_LENGTH:
        raise ValidationError({"approving_leader": f"Họ tên dài quá {LEADER_LENGTH} ký tự."})
    if named:
        return named
    if sheet.membership.unit_id in standing.leads:
        return standing.person
    raise ValidationError(
        {"approving_leader": "Đề nghị ghi họ tên, chức vụ lãnh đạo đơn vị đồng ý nộp."}
    )


def _confirm_blanks(sheet: ScoreSheet, *, confirmed: bool) -> None:
    blanks = [item.code for item in missing_items(sheet) if item.asks_confirmation]
    if blanks and not confirmed:
        raise ValidationError(
            {
                "confirm_blanks": "Đề nghị xác nhận các mục điểm cộng, điểm trừ để trống là "
                f"“không có”: {', '.join(blanks)}."
            }
        )
    sheet.blanks_confirmed = sheet.blanks_confirmed or bool(blanks)


def _receive(
    actor: User, sheet: ScoreSheet, received: dt.datetime, paper: PaperEntry | None
) -> None:
    """Note the moment of receipt; the first submission alone decides lateness.

    A paper was received on its day, whenever it is entered.
    """
    if sheet.first_submitted_at is None:
        due_on = first_due_of(sheet)
        arrived = clock.end_of(paper.received_on) if paper else received
        sheet.first_submitted_at = received
        sheet.days_late = clock.days_late(arrived, due_on) if due_on else 0
    sheet.submitted_at, sheet.submitted_by = received, actor


# ---------------------------------------------------------------- sending back


def return_sheet(*, actor: User, sheet: ScoreSheet, reason: str, due_on: dt.date) -> ScoreSheet:
    """Send a sheet back to its unit with a reason and a new day, until the table is tabled.

    Effects, in order: lock; gateway; approval and appraisal marks taken off, final points and
    total voided; blanks to be confirmed anew, points computed anew with history. The first
    moment of submission and its lateness stand. Raises Refused, Conflict, ValidationError.
    """
    if due_on < clock.today():
        raise ValidationError(
            {"due_on": f"Hạn nộp lại phải từ hôm nay, {format_date(clock.today())}, trở đi."}
        )
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        for name in _TAKEN_OFF:
            setattr(sheet, name, None)
        sheet.returned_due_on, sheet.blanks_confirmed = due_on, False
        also = (*_TAKEN_OFF, "returned_due_on", "blanks_confirmed")
        SHEET_WORKFLOW.take(RETURN_TO_UNIT.name, sheet, actor=actor, reason=reason, also=also)
        forget_first_round(sheet)
        void_final(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        rescore(actor=actor, standing=standing, sheet=sheet, reason=reason)
    return sheet


_TAKEN_OFF = (
    "submitted_at",
    "submitted_by",
    "appraised_at",
    "appraised_by",
    "approved_at",
    "approved_by",
    "explanation_due_on",
)
