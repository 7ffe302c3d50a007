"""The score sheet's page put together: figures, sections, what is missing, history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse

from blocs.standing import Standing
from blocs.views.frame import Crumb, frame
from emulation import clock
from emulation.access import Verdict
from emulation.enums import Face
from emulation.history import Entry
from emulation.vietnamese import format_date, format_moment, format_points
from emulation.workflow import Offer
from scoring.enums import PaperAnswer, PointStage, SheetStatus
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import is_appraiser, is_handed_in, is_shown_to_unit
from scoring.permissions.sheet import (
    can_answer_paper,
    can_fill_sheet,
    can_hand_back,
    can_submit,
)
from scoring.selectors.own_facts import NOTHING_KNOWN, own_facts
from scoring.selectors.sheet_content import MissingItem, SheetContent, content_of, missing_items
from scoring.selectors.sheet_history import SHOWN, history_of
from scoring.selectors.sheet_lines import evidence_on
from scoring.selectors.sheets import paper_of, works_for_overseer
from scoring.selectors.twins import twins_of
from scoring.services.sheet_workflow import (
    RETURN_TO_UNIT,
    SHEET_WORKFLOW,
    SUBMIT,
    submission_blockers,
)
from scoring.views.moved_lines import basis_words, dropped_views, moved_note
from scoring.views.sheet_bar import figures_of
from scoring.views.sheet_rows import NOTHING_TYPED, Typed, anchor_of, section_views

TAB = "sheets"
PAPER_WAITS = "chưa được đơn vị xác nhận"


@dataclass(frozen=True, slots=True)
class Wanting:
    """One missing item as a link to its line."""

    url: str
    text: str


def sheet_title(sheet: ScoreSheet) -> str:
    """Return the page's title: whose sheet it is, by the unit's name of that year."""
    return f"Bảng tự chấm điểm của {sheet.membership.unit_name}"


def sheet_frame(
    request: HttpRequest,
    sheet: ScoreSheet,
    standing: Standing,
    title: str,
    *,
    crumbs: tuple[Crumb, ...] = (),
    below: bool = False,
) -> dict[str, Any]:
    """Return the frame of a page of a sheet; ``below`` adds the sheet itself to the crumbs."""
    up: list[Crumb] = [("Tự chấm điểm", reverse("sheet_list", args=[sheet.bloc_year_id]))]
    if below:
        up.append((sheet_title(sheet), reverse("sheet", args=[sheet.pk])))
    return frame(request, sheet.bloc_year, standing, tab=TAB, title=title, crumbs=[*up, *crumbs])


def sheet_context(
    request: HttpRequest, sheet: ScoreSheet, standing: Standing, typed: Typed = NOTHING_TYPED
) -> dict[str, Any]:
    """Return everything the sheet's page shows: four queries beyond sheet and standing."""
    content = content_of(sheet)
    missing = missing_items(sheet, content)
    evidence = evidence_on(sheet, content.rows)
    editable = can_fill_sheet(standing, sheet)
    own = sheet.membership.unit_id in standing.units
    facts = own_facts(sheet) if own else NOTHING_KNOWN
    entries = history_of(
        sheet, content.rules, SHEET_WORKFLOW.transitions, stages=_stages(standing, sheet), own=own
    )
    return {
        **sheet_frame(request, sheet, standing, sheet_title(sheet)),
        "sheet": sheet,
        "own": own,
        "onward": onward_of(standing, sheet),
        "editable": bool(editable),
        "status": status_of(sheet, own=own),
        "figures": figures_of(sheet, content.result, missing),
        "sections": section_views(
            content, evidence, sheet.pk, typed, twins_of(standing, sheet, evidence), facts
        ),
        "has_files": any(each.file_id for each in evidence),
        "wanting": wanting_of(missing, own_page(sheet)),
        "errors": error_lines(content, typed),
        "submit": submit_offer(standing, sheet, missing),
        "entries": entries,
        "more_history": len(entries) >= SHOWN,
        "returned": _returned(sheet, entries),
        "facts": facts,
        "remark_error": "",
        "remark_text": "",
        "is_leader": bool(can_hand_back(standing, sheet)),
        "on_paper": paper_words(sheet),
        "may_answer": bool(can_answer_paper(standing, sheet)),
        "moved": moved_note(sheet, content.rows),
        "dropped": dropped_views(sheet),
        "grand_total": grand_total(content),
        "person": standing.user_id,
        "log_in": f"{resolve_url(settings.LOGIN_URL)}?next=/",
        "now": int(clock.now().timestamp() * 1000),
    }


def own_page(sheet: ScoreSheet) -> str:
    """Return the address of the sheet's page."""
    return reverse("sheet", args=[sheet.pk])


def grand_total(content: SheetContent) -> str:
    """Return the total in words for the foot of the page."""
    result = content.result
    if result.total is not None:
        return f"{format_points(result.total)} điểm"
    so_far = format_points(result.base + result.plus - result.minus)
    why = "chưa đủ tiêu chí" if result.missing else result.missing_text
    return f"{so_far} điểm, tạm tính: {why}"


def parts_of_total(content: SheetContent) -> str:
    """Return what a total is made of, for the receipt."""
    result = content.result
    return (
        f"Điểm chuẩn {format_points(result.base)}, điểm cộng {format_points(result.plus)}, "
        f"điểm trừ {format_points(result.minus)}; {len(content.lines)} tiêu chí."
    )


def _stages(standing: Standing, sheet: ScoreSheet) -> tuple[PointStage, ...]:
    """Return the columns of points whose history the reader may see on this page."""
    own = sheet.membership.unit_id in standing.units
    if own and is_shown_to_unit(sheet):
        return (PointStage.SELF, PointStage.APPRAISED, PointStage.FINAL)
    return (PointStage.SELF,)


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a reader of a handed-in sheet goes on from here."""

    label: str
    url: str


def onward_of(standing: Standing, sheet: ScoreSheet) -> Onward | None:
    """Return the reader's next page: the round, the appraisal, or the checker's opinion."""
    unit_id = sheet.membership.unit_id
    if unit_id in standing.units:
        return _own_onward(sheet)
    if not is_handed_in(sheet):
        return None
    if standing.is_board or standing.is_secretary:
        return Onward("Xem thẩm định", reverse("appraise", args=[sheet.pk]))
    if works_for_overseer(standing, sheet) or is_appraiser(standing, sheet):
        return Onward("Thẩm định", reverse("appraise", args=[sheet.pk]))
    if sheet.bloc_year.published_at is not None:
        return None
    return Onward("Ghi ý kiến kiểm tra chéo", reverse("cross_checks", args=[sheet.pk]))


def _own_onward(sheet: ScoreSheet) -> Onward | None:
    if not is_shown_to_unit(sheet):
        return None
    if sheet.stage is SheetStatus.EXPLANATION_REQUESTED:
        return Onward("Trả lời giải trình", reverse("explanations", args=[sheet.pk]))
    return Onward("Xem kết quả thẩm định", reverse("appraise", args=[sheet.pk]))


def _returned(sheet: ScoreSheet, entries: list[Entry]) -> str:
    """Return the sentence of a returned sheet with its reason; empty for any other."""
    if sheet.returned_due_on is None or sheet.submitted_at is not None:
        return ""
    reason = next((each.reason for each in entries if each.what == RETURN_TO_UNIT.label), "")
    until = f"Bảng được trả lại để sửa, hạn nộp lại {format_date(sheet.returned_due_on)}."
    return f"{until} Lý do: {reason}" if reason else until


# ---------------------------------------------------------------- how it stands


@dataclass(frozen=True, slots=True)
class Status:
    """The status sentence: the badge, the moment, what happens next."""

    face: Face
    words: str
    sentence: str


def paper_words(sheet: ScoreSheet) -> str:
    """Return that a sheet was entered from paper, and whether its unit stands by it."""
    paper = paper_of(sheet)
    if paper is None:
        return ""
    answer = (
        PaperAnswer(paper.answer).label.lower() if paper.answer else "chưa được đơn vị xác nhận"
    )
    came = f"Thư ký Khối nhập hộ từ bản giấy nhận ngày {format_date(paper.received_on)}"
    return f"{came}; {answer}." if sheet.submitted_at else f"{came}."


def status_of(sheet: ScoreSheet, *, own: bool) -> Status:
    """Return how a sheet stands, in the words of the unit or of officials."""
    face = sheet.stage.face
    return Status(face, face.unit if own else face.official, _sentence(sheet))


def _sentence(sheet: ScoreSheet) -> str:
    basis = basis_words(sheet)
    if sheet.submitted_at is None:
        return basis
    by = f", {sheet.submitted_by.full_name} nộp" if sheet.submitted_by else ""
    late = f", muộn {sheet.days_late} ngày" if sheet.days_late else ""
    return f"Nộp lúc {format_moment(sheet.submitted_at)}{by}{late}. {basis}"


# ---------------------------------------------------------------- what is missing


def wanting_of(missing: list[MissingItem], page: str) -> list[Wanting]:
    """Return what the unit still has to do, each with the address of its line."""
    return [
        Wanting(f"{page}#{anchor_of(item.criterion_id)}", f"{item.label}: {item.lack.value}")
        for item in missing
        if not item.asks_confirmation
    ]


def error_lines(content: SheetContent, typed: Typed) -> list[tuple[str, str]]:
    """Return the error summary's lines: what could not be read, and what clashes."""
    codes = {line.row.criterion_id: line.scored.code for line in content.lines}
    lines = []
    for key, errors in typed.errors.items():
        for name, message in errors.items():
            target = f"c{key}-{'na' if name == 'not_applicable' else name}"
            lines.append((target if name else anchor_of(key), f"{codes[key]}: {message}"))
    for key, clash in typed.clashes.items():
        who = clash.author or "Người khác"
        lines.append((anchor_of(key), f"{codes[key]}: {who} vừa lưu số liệu khác."))
    return lines


def submit_offer(standing: Standing, sheet: ScoreSheet, missing: list[MissingItem]) -> Offer:
    """Return the handing-in as offered to the person, without asking the database again."""
    verdict: Verdict = can_submit(standing, sheet)
    blockers = tuple(submission_blockers(sheet, missing))
    return Offer(SUBMIT, verdict, blockers if verdict else ())


def all_entries(sheet: ScoreSheet, standing: Standing, limit: int) -> list[Entry]:
    """Return the whole history that the reader may see, up to ``limit``."""
    rules = content_of(sheet).rules
    stages = _stages(standing, sheet)
    own = sheet.membership.unit_id in standing.units
    return history_of(sheet, rules, SHEET_WORKFLOW.transitions, stages=stages, limit=limit, own=own)
