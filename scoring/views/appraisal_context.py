"""What the page of one appraisal shows, whole or in the pieces that a saved line changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from blocs.enums import DeadlineKind
from blocs.models import Deadline
from blocs.standing import Standing
from blocs.views.frame import person
from emulation import clock
from emulation.access import Verdict
from emulation.workflow import Blocker, Offer
from scoring.enums import PointStage, SheetStatus
from scoring.forms.appraisal import REASON_PHRASES, REOPEN_PHRASES, ExplanationDueForm, FinishForm
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import (
    can_appraise,
    can_lead_appraisal,
    can_return,
    is_appraiser,
    oversight_of,
)
from scoring.permissions.explanations import can_dispute, can_settle
from scoring.selectors.appraisal import cut, disputes_of, unasked
from scoring.selectors.appraisal_content import AppraisalContent, appraisal_of, papers_of
from scoring.selectors.last_year import last_year_points
from scoring.selectors.phrases import often_given, own_phrases
from scoring.selectors.shares import Shares, shares_of
from scoring.selectors.sheet_history import history_of
from scoring.selectors.sheets import year_sheets_for
from scoring.selectors.staffing import staffing_of
from scoring.services.appraisal import FINISHED, IN_WORK, OPEN, TO_APPRAISE
from scoring.services.approval import approvable
from scoring.services.sheet_workflow import FINISH_FIRST_ROUND, SHEET_WORKFLOW, finishing_of
from scoring.views.appraisal_pages import (
    appraisal_frame,
    due_words,
    handed_in_words,
    one_person_words,
    outcome_words,
)
from scoring.views.appraisal_rows import NOTHING_TYPED, SectionView, Typed, section_view
from scoring.views.appraisal_second import second_round_words
from scoring.views.moved_lines import basis_words, moved_note

S = SheetStatus
DAYS_TO_EXPLAIN = 5


def appraisal_context(
    request: HttpRequest,
    sheet: ScoreSheet,
    standing: Standing,
    typed: Typed = NOTHING_TYPED,
    *,
    due_form: ExplanationDueForm | None = None,
    finish_form: FinishForm | None = None,
) -> dict[str, Any]:
    """Return everything that the page shows; ``typed`` is what was refused."""
    own = sheet.membership.unit_id in standing.units
    verdict = can_appraise(standing, sheet)
    editable = bool(verdict) and sheet.stage in OPEN
    shares = shares_of(standing, sheet)
    stage = PointStage.FINAL if sheet.stage is S.APPROVED else PointStage.APPRAISED
    papers = papers_of(sheet, standing)
    content = appraisal_of(sheet, stage=stage, papers=papers)
    before = last_year_points(sheet)
    title = f"Thẩm định bảng chấm điểm của {sheet.membership.unit_name}"
    sections = [
        section_view(section, sheet.pk, typed, editable=editable, last_year=before, shares=shares)
        for section in content.sections
    ]
    return {
        **appraisal_frame(request, sheet, standing, title),
        **_words(sheet, standing, own=own),
        **_deeds(sheet, standing, content, verdict, shares, due_form, finish_form),
        **_shared(shares, content, sections, editable=editable),
        **(phrase_context(request, sheet, standing) if editable else {"phrases": ()}),
        **_disputes(sheet, standing),
        "content": content,
        "entries": history_of(
            sheet, content.rules, SHEET_WORKFLOW.transitions, stages=tuple(PointStage)
        ),
        "next_up": None if editable and content.left else _next_up(request, sheet, standing),
        "has_papers": bool(papers),
        "basis": basis_words(sheet),
        "moved": moved_note(sheet, [line.row for line in content.lines]),
        "sections": sections,
        "differing": [row for section in sections for row in section.rows if row.is_flagged],
        "given_back": [row for section in sections for row in section.rows if row.is_given_back],
        "last_year": sheet.bloc_year.year - 1 if before else None,
        "editable": editable,
        "is_final": stage is PointStage.FINAL,
        "needs_reopen_reason": sheet.stage in FINISHED,
        "reopen_reason": typed.data.get("reason", ""),
        "errors": typed.summary,
    }


@dataclass(frozen=True, slots=True)
class NextUp:
    """The sheet to appraise after this one."""

    label: str
    url: str


def _next_up(request: HttpRequest, sheet: ScoreSheet, standing: Standing) -> NextUp | None:
    """Return the next sheet of the year that waits for this person: two queries, for appraisers."""
    if not is_appraiser(standing, sheet):
        return None
    staffing = staffing_of(standing, sheet.bloc_year_id)
    waiting = year_sheets_for(person(request), sheet.bloc_year).filter(status__in=TO_APPRAISE)
    for each in waiting.exclude(pk=sheet.pk):
        if can_appraise(standing, each, staffing):
            return NextUp(each.membership.unit_name, reverse("appraise", args=[each.pk]))
    return None


def _shared(
    shares: Shares, content: AppraisalContent, sections: list[SectionView], *, editable: bool
) -> dict[str, Any]:
    """Return, where departments appraise, what is left for the reader and what others owe."""
    if not shares.is_split:
        return {"left_for_me": None, "owing": ()}
    rows = [line.row for line in content.lines]
    owing = shares.owing(row for row in rows if not shares.is_mine(row.criterion))
    return {
        "left_for_me": sum(section.left for section in sections) if editable else None,
        "owing": tuple(owing.items()),
    }


def phrase_context(
    request: HttpRequest,
    sheet: ScoreSheet,
    standing: Standing,
    *,
    refused: str = "",
    phrase: str = "",
) -> dict[str, Any]:
    """Return the reasons to choose from: one's own, the usual ones, those often given here.

    In this order a reason keeps its key, whatever is given while one works.
    """
    own = list(own_phrases(person(request).pk))
    listed = [*(each.text for each in own), *REASON_PHRASES, *often_given(standing, sheet)]
    return {
        "phrases": list(dict.fromkeys(listed)),
        "own_phrases": own,
        "phrase_refused": refused,
        "phrase_typed": phrase,
        "sheet": sheet,
    }


def _words(sheet: ScoreSheet, standing: Standing, *, own: bool) -> dict[str, Any]:
    oversight = oversight_of(standing, sheet)
    return {
        "own": own,
        "face": sheet.stage.face,
        "handed_in": handed_in_words(sheet),
        "outcome": outcome_words(sheet),
        "due": due_words(sheet),
        "one_person": one_person_words(sheet, oversight),
        "nobody": "" if oversight.unit_id is not None else standing_gap(standing, sheet),
    }


def _disputes(sheet: ScoreSheet, standing: Standing) -> dict[str, Any]:
    disputes = list(disputes_of(sheet))
    for each in disputes:
        each.sheet = sheet
    open_ones = [each for each in disputes if each.resolved_at is None]
    settles = bool(open_ones) and bool(can_settle(standing, open_ones[0]))
    return {"disputes": disputes, "settles": settles}


def standing_gap(standing: Standing, sheet: ScoreSheet) -> str:
    """Return why nobody acts on the sheet: no head, or nobody to stand in for it."""
    return can_appraise(standing, sheet).reason


# ---------------------------------------------------------------- what can be done now


def _deeds(
    sheet: ScoreSheet,
    standing: Standing,
    content: AppraisalContent,
    verdict: Verdict,
    shares: Shares,
    due_form: ExplanationDueForm | None,
    finish_form: FinishForm | None,
) -> dict[str, Any]:
    """Return the page's buttons: what the sheet's status asks for, for whoever may."""
    to_ask = unasked(sheet, cut(line.row for line in content.lines))
    leads = can_lead_appraisal(standing, sheet) if shares.is_split else verdict
    appraises = sheet.stage in IN_WORK and bool(leads)
    finishing = finishing_of(sheet)
    is_last = finishing is not FINISH_FIRST_ROUND
    asks = appraises and is_last and not content.left and bool(to_ask)
    return {
        "start": _offer("start_appraisal", verdict) if sheet.stage is S.SUBMITTED else None,
        "due_form": (due_form or ExplanationDueForm(initial=_due_day(sheet))) if asks else None,
        "to_ask": [line.criterion.code for line in to_ask],
        "finish": _offer(finishing.name, leads, _left(content, shares)) if appraises else None,
        **second_round_words(sheet, standing, verdict),
        "finish_form": (finish_form or FinishForm()) if asks else None,
        "approve": _approve_offer(sheet, standing),
        "reopen": _reopen_offer(sheet, standing, verdict),
        "reopen_phrases": REOPEN_PHRASES,
        "can_return": can_return(standing, sheet) and sheet.submitted_at is not None,
        "can_dispute": can_dispute(standing, sheet),
        "has_explanations": any(line.explanation for line in content.lines),
        "explains_now": sheet.stage is S.EXPLANATION_REQUESTED,
    }


def _offer(name: str, verdict: Verdict, blockers: tuple[Blocker, ...] = ()) -> Offer:
    return Offer(SHEET_WORKFLOW.named(name), verdict, blockers)


def _left(content: AppraisalContent, shares: Shares) -> tuple[Blocker, ...]:
    owing = shares.owing(line.row for line in content.lines)
    unseen = tuple(line.row.criterion.code for line in content.lines if line.row.review)
    told = [
        (f"{who}{' c' if who else 'C'}òn {len(codes)} tiêu chí chưa thẩm định:", tuple(codes))
        for who, codes in owing.items()
    ]
    told.append((f"Còn {len(unseen)} tiêu chí cần xem lại theo bảng chấm điểm mới:", unseen))
    return tuple(Blocker(text, names=names) for text, names in told if names)


def _approve_offer(sheet: ScoreSheet, standing: Standing) -> Offer | None:
    if sheet.stage is not S.APPRAISED or sheet.membership.unit_id in standing.units:
        return None
    return _offer("approve", approvable(standing, sheet))


def _reopen_offer(sheet: ScoreSheet, standing: Standing, verdict: Verdict) -> Offer | None:
    if sheet.stage not in FINISHED:
        return None
    allowed = verdict or can_return(standing, sheet)
    return _offer("reopen_appraisal", allowed) if allowed else None


def _due_day(sheet: ScoreSheet) -> dict[str, dt.date]:
    """Return the day the explanation round ends by default.

    It is counted from the notice: five days, or until the year's deadline where that is later.
    """
    counted = clock.today() + dt.timedelta(days=DAYS_TO_EXPLAIN)
    later = Deadline.objects.filter(
        bloc_year_id=sheet.bloc_year_id, kind=DeadlineKind.EXPLANATION, due_on__gt=counted
    )
    return {"due_on": later.values_list("due_on", flat=True).first() or counted}
