"""All sheets of a year at a glance, and the table of units by sections.

What is shown of each sheet is decided by a :class:`Sight` that the caller hands in; what a person
may not see is never read into a row. The same rows feed the page, its counters and the export.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Count, F, Q

from emulation.enums import Face
from scoring.enums import PointStage, SheetStatus
from scoring.models import Dispute, Explanation, ScoreLine, ScoreSheet, Section, StageTotal
from scoring.selectors.competing import why_out

Points = Decimal | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees of one sheet: the unit's own points, the appraised ones, lines."""

    own: bool = False
    appraised: bool = False
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a sheet has come: lines judged, explanations open, disputes before the meeting."""

    to_judge: int = 0
    judged: int = 0
    unspoken: int = 0
    unanswered: int = 0
    disputes: int = 0


@dataclass(frozen=True, slots=True)
class SectionColumn:
    """A section of the table, as a pair of columns."""

    code: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sheet, with what the reader may see of it; None is "not shown or not there".

    ``out`` says why a unit does not compete any more; its sheet is only kept.
    """

    sheet: ScoreSheet
    sight: Sight
    counts: Counts
    own: Points = None
    appraised: Points = None
    final: Points = None
    sections: tuple[tuple[Points, Points], ...] = ()
    out: str = ""

    @property
    def unit(self) -> str:
        """The unit's name in that year."""
        return self.sheet.membership.unit_name

    @property
    def face(self) -> Face:
        """The sheet's status in words."""
        return self.sheet.stage.face

    @property
    def official(self) -> Points:
        """The points that count now: final ones if approved, else the appraised."""
        return self.final if self.final is not None else self.appraised

    @property
    def difference(self) -> Points:
        """What counts now minus what the unit scored itself."""
        if self.own is None or self.official is None:
            return None
        return self.official - self.own

    @property
    def is_in_work(self) -> bool:
        """Whether lines are being judged, so that progress means something."""
        return self.sheet.stage is SheetStatus.APPRAISING

    @property
    def is_approved(self) -> bool:
        """Whether the points are official."""
        return self.sheet.stage is SheetStatus.APPROVED

    @property
    def was_submitted(self) -> bool:
        """Whether the unit has ever handed the sheet in."""
        return self.sheet.first_submitted_at is not None


@dataclass(frozen=True, slots=True)
class Overview:
    """The rows in the order of the units, and the sections that head the table's columns."""

    rows: tuple[SheetRow, ...]
    columns: tuple[SectionColumn, ...]
    status_counts: Mapping[SheetStatus, int] = field(default_factory=dict)

    @property
    def competing(self) -> list[SheetRow]:
        """The rows of units that are ranked here; a kept sheet is no part of any count."""
        return [row for row in self.rows if not row.out]


def overview_of(
    sheets: Sequence[ScoreSheet],
    sees: Callable[[ScoreSheet], Sight],
    competing: Collection[int],
) -> Overview:
    """Return the overview of a year's sheets: five queries, however many there are.

    ``competing`` are the keys of the sheets that count; the others are kept, and not counted.
    """
    totals = _totals(sheets)
    columns = _columns(sheets)
    counts = _counts(sheets)
    rows = [
        replace(
            _row(sheet, sees(sheet), counts.get(sheet.pk, Counts()), totals, columns),
            out="" if sheet.pk in competing else why_out(sheet.membership),
        )
        for sheet in sheets
    ]
    by_status: dict[SheetStatus, int] = {}
    for sheet in (each for each in sheets if each.pk in competing):
        by_status[sheet.stage] = by_status.get(sheet.stage, 0) + 1
    return Overview(tuple(rows), columns, by_status)


def _row(
    sheet: ScoreSheet,
    sight: Sight,
    counts: Counts,
    totals: Mapping[tuple[int, str], StageTotal],
    columns: Sequence[SectionColumn],
) -> SheetRow:
    own = totals.get((sheet.pk, PointStage.SELF)) if sight.own else None
    appraised = totals.get((sheet.pk, PointStage.APPRAISED)) if sight.appraised else None
    is_final = sight.appraised and sheet.stage is SheetStatus.APPROVED
    final = totals.get((sheet.pk, PointStage.FINAL)) if is_final else None
    finished = sheet.stage in (SheetStatus.APPRAISED, SheetStatus.APPROVED)
    counting = final or appraised
    return SheetRow(
        sheet,
        sight,
        counts if sight.lines else Counts(disputes=counts.disputes if sight.appraised else 0),
        own=own.total if own else None,
        appraised=appraised.total if appraised else None,
        final=final.total if final else None,
        sections=tuple(
            (_section(own, each.code), _section(counting if finished else None, each.code))
            for each in columns
        ),
    )


def _section(total: StageTotal | None, code: str) -> Points:
    """Return a section's points; None while the stage has no total."""
    if total is None or total.total is None or code not in total.sections:
        return None
    return Decimal(total.sections[code])


def _totals(sheets: Iterable[ScoreSheet]) -> dict[tuple[int, str], StageTotal]:
    rows = StageTotal.objects.filter(sheet__in=[sheet.pk for sheet in sheets]).order_by("pk")
    return {(row.sheet_id, row.stage): row for row in rows}


def _columns(sheets: Iterable[ScoreSheet]) -> tuple[SectionColumn, ...]:
    """Return the sections of the sheets' rubrics by code; those of the newest version first."""
    rubrics = {sheet.rubric_id for sheet in sheets}
    found = Section.objects.filter(rubric__in=rubrics).order_by("-rubric__version", "position")
    columns: dict[str, SectionColumn] = {}
    for section in found:
        columns.setdefault(section.code, SectionColumn(section.code, section.title, section.kind))
    return tuple(columns.values())


def _counts(sheets: Iterable[ScoreSheet]) -> dict[int, Counts]:
    ids = [sheet.pk for sheet in sheets]
    filled = Q(self_input__isnull=False, criterion__automatic="")
    lines = {
        sheet_id: (to_judge, judged)
        for sheet_id, to_judge, judged in ScoreLine.objects.filter(
            sheet__in=ids, criterion__rubric=F("sheet__rubric")
        )
        .order_by()
        .values_list("sheet_id")
        .annotate(
            to_judge=Count("pk", filter=filled),
            judged=Count("pk", filter=filled & Q(appraised_by__isnull=False)),
        )
    }
    asked = {
        sheet_id: (unspoken, unanswered)
        for sheet_id, unspoken, unanswered in Explanation.objects.filter(
            line__sheet__in=ids, line__criterion__rubric=F("line__sheet__rubric")
        )
        .order_by()
        .values_list("line__sheet_id")
        .annotate(
            unspoken=Count("pk", filter=Q(agrees__isnull=True, is_silent=False)),
            unanswered=Count("pk", filter=Q(agrees=False, answer="")),
        )
    }
    disputes = dict(
        Dispute.objects.filter(sheet__in=ids, resolved_at__isnull=True)
        .order_by()
        .values_list("sheet_id")
        .annotate(open=Count("pk"))
    )
    return {
        sheet_id: Counts(
            *lines.get(sheet_id, (0, 0)), *asked.get(sheet_id, (0, 0)), disputes.get(sheet_id, 0)
        )
        for sheet_id in ids
    }
