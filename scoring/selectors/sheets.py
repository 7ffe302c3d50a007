"""Score sheets: the only doors to them, and who may read what of them when.

The four steps of who sees what (before submission, submitted, tabled, published) are decided
here; pages, exports, downloads and counters all go through these functions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from blocs.enums import AppraisalRounds, AppraisedBy, DeadlineKind, YearStatus
from blocs.models import BlocYear, Deadline, DeadlineExtension, Membership
from blocs.selectors.standing import posts_today, standing_in, succeeded_by
from blocs.standing import Standing, appraiser_of, overseer_of, second_readers_of
from emulation.access import ALLOWED, Refused, Verdict, refuse
from emulation.models import User
from scoring.enums import PaperAnswer, SectionKind, SheetStatus
from scoring.models import (
    CrossCheck,
    DepartmentPerson,
    PaperEntry,
    ScoreSheet,
    SheetMove,
)
from scoring.selectors.own_sheet import owed_sheets, own_sheet_first
from scoring.selectors.typed import is_typed_by_unit

WITH_THE_UNIT = frozenset({SheetStatus.NOT_STARTED, SheetStatus.DRAFTING})
COUNTED = Q(lines__criterion__rubric=F("rubric"))
"""Of a sheet's lines, those in the version it is scored on; the others are kept beside it."""

# ---------------------------------------------------------------- sheets


def with_due(sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    """Return the sheets with ``self_score_due``: the year's deadline, or the unit's extension."""
    extension = DeadlineExtension.objects.filter(
        membership=OuterRef("membership_id"), deadline__kind=DeadlineKind.SELF_SCORE
    ).order_by("-at", "-pk")
    deadline = Deadline.objects.filter(
        bloc_year=OuterRef("bloc_year_id"), kind=DeadlineKind.SELF_SCORE
    )
    return sheets.annotate(
        self_score_due=Coalesce(
            Subquery(extension.values("due_on")[:1]), Subquery(deadline.values("due_on")[:1])
        )
    )


def with_progress(sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    """Return the sheets with ``base_lines`` and ``base_done``: how far the unit has come."""
    base = Q(lines__criterion__section__kind=SectionKind.BASE) & COUNTED
    return sheets.annotate(
        base_lines=Count("lines", filter=base, distinct=True),
        base_done=Count("lines", filter=base & Q(lines__self_input__isnull=False), distinct=True),
    )


_DUE = "self_score_due"


def due_of(sheet: ScoreSheet) -> dt.date | None:
    """Return the last day for handing the sheet in: of the return, the extension or the year."""
    if sheet.returned_due_on and sheet.first_submitted_at:
        return sheet.returned_due_on
    return first_due_of(sheet)


def first_due_of(sheet: ScoreSheet) -> dt.date | None:
    """Return the day by which lateness is judged; a return changes nothing about it."""
    found = sheet if hasattr(sheet, _DUE) else with_due(ScoreSheet.objects.all()).get(pk=sheet.pk)
    due: dt.date | None = getattr(found, _DUE)
    setattr(sheet, _DUE, due)
    return due


# ---------------------------------------------------------------- the doors


def get_sheet_for_user(user: User, sheet_id: int) -> tuple[ScoreSheet, Standing]:
    """Return a sheet and the person's standing; Http404 unless the sheet concerns the person.

    It concerns the unit's own people, its board, those who appraise or approve it, its
    cross-checkers and departments' people as long as they serve a member, next year's head, and
    the people of the unit that came after it. Three queries, one more for people of other units,
    one more for those whose unit came after another.
    Content: ``may_read_content``.
    """
    sheet = get_object_or_404(_sheets(), pk=sheet_id)
    standing = standing_in(user, sheet.bloc_year)
    if not concerns(standing, sheet):
        raise Http404
    return sheet, standing


def get_readable_sheet_for_user(user: User, sheet_id: int) -> tuple[ScoreSheet, Standing]:
    """Return a sheet whose content the person may read now.

    Http404 as by ``get_sheet_for_user``; Refused, with the reason, at the wrong moment.
    """
    sheet, standing = get_sheet_for_user(user, sheet_id)
    verdict = may_read_content(standing, sheet)
    if not verdict:
        raise Refused(verdict.reason)
    return sheet, standing


def sheets_for(user: User) -> QuerySet[ScoreSheet]:
    """Return all sheets with what ``may_read_content`` needs: ask it before showing anything."""
    return _with_reading_facts(_sheets(), user)


@cache
def _sheets() -> QuerySet[ScoreSheet]:
    """Return sheets with all that a page says of one; put together once, for that takes long."""
    return (
        with_due(ScoreSheet.objects.all())
        .select_related("bloc_year__bloc", "membership__unit", "rubric", "submitted_by")
        .annotate(
            was_moved=Exists(SheetMove.objects.filter(sheet=OuterRef("pk"))),
            paper_received_on=Subquery(_papers().values("received_on")[:1]),
            paper_answer=Subquery(_papers().values("answer")[:1]),
        )
    )


def _papers() -> QuerySet[PaperEntry]:
    """Return the papers that a sheet was entered from, newest first."""
    papers = PaperEntry.objects.filter(sheet=OuterRef("pk")).exclude(answer=PaperAnswer.OWN)
    return papers.order_by("-recorded_at", "-pk")


def _with_reading_facts(sheets: QuerySet[ScoreSheet], user: User) -> QuerySet[ScoreSheet]:
    """Return the sheets with what only the readers from other units are asked about."""
    return sheets.annotate(**_asked_of_readers(user), **_asked_of_heirs(user))


def _asked_of_readers(user: User) -> dict[str, Exists | Subquery]:
    checks = CrossCheck.objects.filter(sheet=OuterRef("pk"), checker=user, ended_at__isnull=True)
    named = DepartmentPerson.objects.filter(
        bloc_year=OuterRef("bloc_year_id"), person=user, ended_at__isnull=True
    )
    return {
        "checked_by_me": Exists(checks),
        "in_department": Exists(named),
        "owing_unit": Subquery(_owing(user)),
    }


def _asked_of_heirs(user: User) -> dict[str, Exists | Subquery]:
    """Whether the sheet's unit has ended and one of the person's came after it.

    Long to ask, and of few: those whose unit came after another.
    """
    units = posts_today(user).order_by().filter(unit__isnull=False).values("unit_id")
    left = Membership.objects.filter(succeeded_by(units), pk=OuterRef("membership_id"))
    return {"left_to_me": Exists(left)}


def _owing(user: User) -> QuerySet[ScoreSheet, int]:
    """Return the unit of the person that owes its own sheet of the same year, if any."""
    owed = owed_sheets(user.pk).filter(bloc_year_id=OuterRef("bloc_year_id"))
    return owed.values_list("membership__unit_id", flat=True)[:1]


def _fact(sheet: ScoreSheet, name: str, standing: Standing) -> Any:
    """Return a fact of the list's query, or look it up with its like: one query, the first time."""
    if not hasattr(sheet, name):
        asked_of = _asked_of_heirs if name == "left_to_me" else _asked_of_readers
        facts = asked_of(User(pk=standing.user_id))
        found = ScoreSheet.objects.filter(pk=sheet.pk).annotate(**facts).values(*facts).get()
        vars(sheet).update(found)
    return getattr(sheet, name)


# ---------------------------------------------------------------- who sees what


def concerns(standing: Standing, sheet: ScoreSheet) -> bool:
    """Return whether the person has anything to do with this sheet, now or at a later step."""
    unit_id = sheet.membership.unit_id
    return (
        unit_id in standing.units
        or standing.is_board
        or works_for_overseer(standing, sheet)
        or _reads_handover(standing, sheet)
        or checks_sheet(standing, sheet)
        or is_of_department(standing, sheet)
        or _is_left_to(standing, sheet)
    )


def checks_sheet(standing: Standing, sheet: ScoreSheet) -> bool:
    """Return whether the person is assigned to check this sheet and still serves a member."""
    return standing.is_member and bool(_fact(sheet, "checked_by_me", standing))


def is_of_department(standing: Standing, sheet: ScoreSheet) -> bool:
    """Return whether the person appraises for a department this year and still serves a member."""
    splits = standing.appraised_by == AppraisedBy.DEPARTMENTS
    return splits and standing.is_member and bool(_fact(sheet, "in_department", standing))


def _is_left_to(standing: Standing, sheet: ScoreSheet) -> bool:
    """Return whether the sheet is that of a unit that ended and the person's came after."""
    return standing.inherits and bool(_fact(sheet, "left_to_me", standing))


def works_for_overseer(standing: Standing, sheet: ScoreSheet) -> bool:
    """Return whether the person works for whoever appraises or approves this sheet."""
    unit_id = sheet.membership.unit_id
    overseer = overseer_of(standing, unit_id)
    if overseer is None:
        return False
    if appraiser_of(standing, unit_id, standing.appraised_by) in standing.units:
        return True
    if reads_again(standing, unit_id):
        return True
    if unit_id == standing.head:
        return overseer in standing.units
    return standing.is_secretary


def reads_again(standing: Standing, unit_id: int) -> bool:
    """Return whether the person works for a deputy that may make a sheet's second round."""
    twice = standing.appraisal_rounds == AppraisalRounds.TWO
    return twice and bool(standing.units & set(second_readers_of(standing, unit_id)))


def _reads_handover(standing: Standing, sheet: ScoreSheet) -> bool:
    """Return whether the person takes over a published year as next year's head."""
    return standing.is_of_next_head and sheet.bloc_year.published_at is not None


def may_read_content(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Return whether the person may read inputs, points, notes and evidence of this sheet now.

    Before submission only the unit, and the secretary what he or she enters from the unit's paper.
    From submission also cross-checkers, appraisers, approver and
    board; whoever has a post in a member only once that member's own sheet has been submitted.
    """
    if sheet.membership.unit_id in standing.units or _is_left_to(standing, sheet):
        return ALLOWED
    if not concerns(standing, sheet):
        return refuse("Bảng chấm điểm này thuộc đơn vị khác.")
    if sheet.stage in WITH_THE_UNIT:
        if _enters_paper(standing, sheet):
            return ALLOWED
        return refuse(
            "Đơn vị đang tự chấm điểm; chỉ xem được nội dung sau khi đơn vị nộp bảng tự chấm điểm."
        )
    if sheet.bloc_year.step.reached(YearStatus.MEETING):
        return ALLOWED
    return own_sheet_first(standing, _fact(sheet, "owing_unit", standing))


def _enters_paper(standing: Standing, sheet: ScoreSheet) -> bool:
    """Return whether the person enters this sheet from paper; the unit has typed nothing itself."""
    paper = paper_of(sheet)
    return (
        paper is not None
        and paper.is_open
        and works_for_overseer(standing, sheet)
        and standing.is_secretary
        and not is_typed_by_unit(sheet)
    )


def year_sheets_for(user: User, bloc_year: BlocYear) -> QuerySet[ScoreSheet]:
    """Return a year's sheets in the order of their units, with what ``may_read_content`` needs.

    For lists: state and progress of all; ask ``may_read_content`` before showing content.
    """
    sheets = _with_reading_facts(_sheets(), user).filter(bloc_year=bloc_year)
    return sheets.order_by("membership__sorting", "pk")


# ---------------------------------------------------------------- paper


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper a sheet was entered from: when it came, and what its unit answered so far."""

    received_on: dt.date
    answer: str

    @property
    def is_open(self) -> bool:
        """Whether the unit has not answered yet."""
        return not self.answer


def paper_of(sheet: ScoreSheet) -> Paper | None:
    """Return the paper that a sheet was entered from, or None; no query for sheets of a door."""
    if not hasattr(sheet, "paper_received_on"):
        latest = sheet.paper_entries.exclude(answer=PaperAnswer.OWN)
        entry = latest.order_by("-recorded_at", "-pk").first()
        vars(sheet)["paper_received_on"] = entry.received_on if entry else None
        vars(sheet)["paper_answer"] = entry.answer if entry else ""
    received_on = vars(sheet)["paper_received_on"]
    return Paper(received_on, vars(sheet)["paper_answer"]) if received_on else None


def was_moved(sheet: ScoreSheet) -> bool:
    """Return whether the sheet was moved to a later version; no query for sheets of a door."""
    if not hasattr(sheet, "was_moved"):
        return SheetMove.objects.filter(sheet=sheet).exists()
    return bool(sheet.was_moved)
