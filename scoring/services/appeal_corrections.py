"""An upheld appeal: lines of the published result corrected, points and ranking after them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation.access import Conflict, require
from emulation.models import User
from emulation.plans import PlanMoved
from emulation.vietnamese import nfc
from scoring.enums import AppealStatus, PointStage, SheetStatus
from scoring.models import Appeal, ScoreLine, ScoreSheet
from scoring.permissions.results import can_correct, can_decide_appeal
from scoring.rules.numbers import InputError
from scoring.rules.rubric import Place, RubricRules
from scoring.selectors.appeal_effects import LineEffect, PlaceEffect, line_effects, place_effects
from scoring.selectors.results import latest_snapshot, official_sheet_of
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import lines_of
from scoring.services.appeals import decide_appeal
from scoring.services.appraisal_work import read_input
from scoring.services.relative import settle_relative
from scoring.services.sheet_lock import locked_sheet
from scoring.services.totals import put_points, record_changes, score, snapshot, store_total

FINAL = PointStage.FINAL
REASON_LENGTH = 2000
NO_OFFICIAL_POINTS = "Bảng chấm điểm của đơn vị không có điểm chính thức nên không sửa được."
NOTHING_CHANGED = (
    "Chưa có số liệu nào khác. Đề nghị sửa ít nhất một tiêu chí; giữ nguyên điểm thì giải quyết "
    "kiến nghị mà không sửa số liệu."
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the board enters on a line: texts of its fields, why, and the version it saw."""

    version: int
    raw: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class Upheld:
    """What upholding an appeal does, or did: lines corrected, totals and places that moved."""

    appeal: Appeal
    lines: tuple[LineEffect, ...]
    places: tuple[PlaceEffect, ...]

    @property
    def fingerprint(self) -> str:
        """A digest of everything the person reads, in hex."""
        told = [str(each) for each in (*self.lines, *self.places)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def preview_upholding(
    *, actor: User, appeal: Appeal, lines: Mapping[int, Correction], decision: str
) -> Upheld:
    """Return what :func:`uphold_appeal` would do; all of it is done and taken back."""
    with transaction.atomic():
        upheld = _uphold(actor, appeal, lines, decision)
        transaction.set_rollback(True)
    return upheld


def uphold_appeal(
    *, actor: User, appeal: Appeal, lines: Mapping[int, Correction], decision: str, seen: str
) -> Upheld:
    """Decide an appeal in the unit's favour and correct the lines it was about, by criterion id.

    Effects, in order: locks year and sheet; checks who, moment, inputs, reasons, versions; the
    final inputs, points and total, with a PointChange for each line; relative points of other
    units; decision, author and time; the next numbered snapshot with the decision as its reason.
    Nominations and the Council's decision stay. PlanMoved where that is not what was ``seen``.
    Raises Refused, Conflict, ValidationError with keys ``<criterion id>-<field>``.
    """
    with transaction.atomic():
        upheld = _uphold(actor, appeal, lines, decision)
        if upheld.fingerprint != seen:
            raise PlanMoved
    return upheld


def _uphold(actor: User, appeal: Appeal, lines: Mapping[int, Correction], decision: str) -> Upheld:
    bloc_year = BlocYear.objects.select_for_update().get(pk=appeal.bloc_year_id)
    standing = standing_in(actor, bloc_year)
    require(can_decide_appeal(standing, appeal))
    require(can_correct(standing, bloc_year))
    _check_open(appeal)
    before = latest_snapshot(bloc_year)
    effects = _correct(actor, standing, _approved_sheet(appeal), lines)
    settle_relative(actor=actor, bloc_year=bloc_year)
    decided = decide_appeal(actor=actor, appeal=appeal, decision=decision, corrects=True)
    return Upheld(decided, effects, place_effects(before, latest_snapshot(bloc_year)))


def _check_open(appeal: Appeal) -> None:
    if Appeal.objects.get(pk=appeal.pk).status == AppealStatus.DECIDED:
        raise Conflict("Kiến nghị này đã được giải quyết.")


def _approved_sheet(appeal: Appeal) -> ScoreSheet:
    """Return the unit's sheet, locked; Conflict where it has no official points."""
    found = official_sheet_of(appeal.membership_id)
    sheet = locked_sheet(found) if found else None
    if sheet is None or sheet.stage is not SheetStatus.APPROVED:
        raise Conflict(NO_OFFICIAL_POINTS)
    return sheet


def _correct(
    actor: User, standing: Standing, sheet: ScoreSheet, corrections: Mapping[int, Correction]
) -> tuple[LineEffect, ...]:
    """Put the corrected inputs on their lines; the sheet's points and total follow."""
    lines, rules = list(lines_of(sheet)), rules_of(sheet.rubric)
    before = snapshot(lines, FINAL)
    touched = _put_inputs(lines, rules, corrections)
    scored = score(sheet, FINAL, rules, lines)
    changed = put_points(scored, FINAL, lines)
    ScoreLine.objects.bulk_update({*touched, *changed}, ["final_input", "final_points", "version"])
    store_total(sheet, FINAL, scored)
    reasons = {line.pk: corrections[line.criterion_id].reason.strip() for line in touched}
    acting = standing.acting_board
    record_changes(lines, FINAL, before, actor=actor, acting=acting, reasons=reasons)
    return line_effects(lines, rules, before)


def _put_inputs(
    lines: list[ScoreLine], rules: RubricRules, corrections: Mapping[int, Correction]
) -> list[ScoreLine]:
    """Set the corrected inputs in memory, return their lines; ValidationError names each fault."""
    errors: dict[str, str] = {}
    touched: list[ScoreLine] = []
    for line in lines:
        correction = corrections.get(line.criterion_id)
        if correction is None:
            continue
        document, wrong = _read(rules.places[line.criterion.code], line, correction)
        if wrong:
            errors |= {f"{line.criterion_id}-{name}": text for name, text in wrong.items()}
        elif document != line.final_input:
            _check_version(line, correction)
            line.final_input, line.version = document, line.version + 1
            touched.append(line)
    if errors:
        raise ValidationError(errors)
    if not touched:
        raise ValidationError({"decision": NOTHING_CHANGED})
    return touched


def _read(
    place: Place, line: ScoreLine, correction: Correction
) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """Return a corrected input as stored, and what is wrong with it by field."""
    try:
        document = read_input(place, correction.raw)
    except InputError as error:
        return None, {error.field: f"{place.leaf.code}: {error.message}"}
    if document is None:
        return None, {
            "reason": f"{place.leaf.code}: đề nghị nhập số liệu đúng; không có thì ghi 0."
        }
    reason = nfc(correction.reason.strip())
    if document != line.final_input and not reason:
        return None, {"reason": f"{place.leaf.code}: đề nghị ghi lý do sửa."}
    if len(reason) > REASON_LENGTH:
        text = f"{place.leaf.code}: lý do dài {len(reason)} ký tự; tối đa {REASON_LENGTH} ký tự."
        return None, {"reason": text}
    return document, {}


def _check_version(line: ScoreLine, correction: Correction) -> None:
    if line.version != correction.version:
        raise Conflict(
            f"Tiêu chí {line.criterion.code} vừa được người khác sửa, nên chưa ghi gì. "
            "Đề nghị tải lại trang rồi xem lại số liệu."
        )
