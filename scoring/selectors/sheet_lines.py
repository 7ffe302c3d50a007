"""The lines of score sheets and the evidence on them, in the rubric's order.

They are read for sheets that a door of ``scoring.selectors.sheets`` has let somebody through to.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from emulation.models import User
from scoring.models import Criterion, Evidence, ScoreLine, ScoreSheet
from scoring.selectors.sheets import get_readable_sheet_for_user


def lines_by_sheet(sheets: Iterable[ScoreSheet]) -> dict[int, list[ScoreLine]]:
    """Return the lines of several sheets, by sheet, each as :func:`lines_of` does. Two queries.

    The criteria are read once for all sheets and shared by their lines: joined to each line they
    would be most of what is read.
    """
    sheets = list(sheets)
    criteria = Criterion.objects.filter(rubric__in={sheet.rubric_id for sheet in sheets})
    places = {
        each.pk: (place, each)
        for place, each in enumerate(_in_order(criteria.select_related("section", "parent")))
    }
    found: dict[int, list[ScoreLine]] = {sheet.pk: [] for sheet in sheets}
    versions = {sheet.pk: sheet.rubric_id for sheet in sheets}
    for line in _lines_alone().filter(sheet__in=found):
        _, criterion = places.get(line.criterion_id, (0, None))
        if criterion is not None and criterion.rubric_id == versions[line.sheet_id]:
            line.criterion = criterion
            found[line.sheet_id].append(line)
    for lines in found.values():
        lines.sort(key=lambda line: places[line.criterion_id][0])
    return found


def _in_order(criteria: QuerySet[Criterion]) -> list[Criterion]:
    """Return criteria in the order of :func:`lines_of`: by section, criterion, part."""

    def place(each: Criterion) -> tuple[int, ...]:
        top = each.parent or each
        return (each.section.position, each.section_id, top.position, top.pk, each.position)

    return sorted(criteria.order_by("pk"), key=place)


@cache
def _lines_alone() -> QuerySet[ScoreLine]:
    """Return lines with what papers they have, and nothing of their criteria."""
    return _told(ScoreLine.objects.order_by("pk"))


def lines_of(sheet: ScoreSheet) -> QuerySet[ScoreLine]:
    """Return a sheet's lines in the rubric's order, each with criterion, parent and section.

    Lines of criteria that the sheet's version no longer has are not among them
    (:func:`dropped_lines`). ``has_evidence`` and ``has_decision`` say whether its papers are there.
    """
    return _lines().filter(sheet=sheet, criterion__rubric_id=sheet.rubric_id)


@cache
def _lines() -> QuerySet[ScoreLine]:
    return with_papers(ScoreLine.objects.all())


def dropped_lines(sheet: ScoreSheet) -> QuerySet[ScoreLine]:
    """Return the lines whose criterion a later version dropped: kept, and counted no more."""
    kept = ScoreLine.objects.filter(sheet=sheet).exclude(criterion__rubric_id=sheet.rubric_id)
    return with_papers(kept).select_related("criterion__rubric")


def with_papers(lines: QuerySet[ScoreLine]) -> QuerySet[ScoreLine]:
    """Return lines of any sheets as :func:`lines_of` does."""
    return (
        _told(lines)
        .select_related("criterion__section", "criterion__parent")
        .annotate(
            top_position=Coalesce("criterion__parent__position", "criterion__position"),
            top_id=Coalesce("criterion__parent_id", "criterion_id"),
        )
        .order_by(
            "criterion__section__position",
            "criterion__section_id",
            "top_position",
            "top_id",
            "criterion__position",
            "criterion_id",
        )
    )


def _told(lines: QuerySet[ScoreLine]) -> QuerySet[ScoreLine]:
    """Return lines with whether they have evidence, and a numbered and dated decision."""
    papers = Evidence.objects.filter(line=OuterRef("pk"), removed_at__isnull=True)
    return lines.annotate(
        has_evidence=Exists(papers),
        has_decision=Exists(papers.exclude(number="").filter(issued_on__isnull=False)),
    )


def evidence_of(sheet: ScoreSheet) -> QuerySet[Evidence]:
    """Return the evidence that stands on a sheet's lines, in the order in which it was added."""
    return all_evidence_of(sheet).filter(line__criterion__rubric_id=sheet.rubric_id)


def all_evidence_of(sheet: ScoreSheet) -> QuerySet[Evidence]:
    """Return a sheet's evidence, also that of lines that count no more.

    One query, one more where some of it was taken over from other evidence.
    """
    return _evidence().filter(line__sheet=sheet).select_related("line__criterion")


def evidence_on(sheet: ScoreSheet, lines: Iterable[ScoreLine]) -> list[Evidence]:
    """Return the evidence of lines that are already read: ``evidence_of`` without its joins."""
    known = {line.pk: line for line in lines}
    found = [each for each in _evidence().filter(line__sheet=sheet) if each.line_id in known]
    for each in found:
        each.line = known[each.line_id]
    return found


@cache
def _evidence() -> QuerySet[Evidence]:
    """Return evidence that stands, with its file and what it replaced.

    What it was taken over from is rare, and costs the planner more than all the rest when joined:
    it is read apart.
    """
    origin = Evidence.objects.select_related("line__criterion", "line__sheet__membership")
    return (
        Evidence.objects.filter(removed_at__isnull=True)
        .select_related("file", "replaces__file")
        .prefetch_related(Prefetch("source", queryset=origin))
        .order_by("added_at", "pk")
    )


def get_evidence_for_user(user: User, sheet_id: int, evidence_id: int) -> Evidence:
    """Return one piece of evidence; Http404 or Refused as by ``get_readable_sheet_for_user``."""
    sheet, _ = get_readable_sheet_for_user(user, sheet_id)
    found = all_evidence_of(sheet).filter(pk=evidence_id).first()
    if found is None:
        raise Http404
    return found


def line_facts(line: Any) -> tuple[bool, bool]:
    """Return whether a line of ``lines_of`` has evidence, and a numbered and dated decision."""
    return bool(line.has_evidence), bool(line.has_decision)
