"""All sheets of a year at a glance, and the table of units by sections.

What is shown of each sheet is decided by a :class:`Sight` that the caller hands in; what a person
may not see is never read into a row. The same rows feed the page, its counters and the export.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from blocs.models import BlocYear
from emulation.enums import Face
from scoring.enums import PointStage, SheetStatus
from scoring.models import Dispute, Explanation, ScoreLine, ScoreSheet, Section, StageTotal
from scoring.rules.numbers import quantize
from scoring.selectors.competing import competing, why_out

Points = Decimal | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees of one sheet: the unit's own points, the appraised ones, lines."""

    own: bool = False
    appraised: bool = False
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a sheet has come: lines judged, those that differ, what is open, disputes."""

    to_judge: int = 0
    judged: int = 0
    unspoken: int = 0
    unanswered: int = 0
    disputes: int = 0
    differing: int = 0


@dataclass(frozen=True, slots=True)
class SectionColumn:
    """A section of the table, as a pair of columns."""

    code: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sheet, with what the reader may see of it; None is "not shown or not there".

    ``out`` says why a unit does not compete any more; its sheet is only kept. ``pending`` are the
    stages whose total waits for other units' figures.
    """

    sheet: ScoreSheet
    sight: Sight
    counts: Counts
    own: Points = None
    appraised: Points = None
    final: Points = None
    sections: tuple[tuple[Points, Points], ...] = ()
    out: str = ""
    pending: frozenset[PointStage] = frozenset()

    @property
    def unit(self) -> str:
        """The unit's name in that year."""
        return self.sheet.membership.unit_name

    @property
    def face(self) -> Face:
        """The sheet's status in words; a unit that has spoken on all is no longer waited for."""
        is_spoken = self.sight.lines and not self.counts.unspoken
        return self.sheet.stage.face_of_round(is_spoken=is_spoken)

    @property
    def official_stage(self) -> PointStage:
        """Whose points count now: final ones if approved, else the appraised."""
        return PointStage.FINAL if self.is_approved else PointStage.APPRAISED

    @property
    def official(self) -> Points:
        """The points that count now."""
        return self.points(self.official_stage)

    def points(self, stage: PointStage) -> Points:
        """The total of a stage as the reader may see it."""
        totals = {PointStage.SELF: self.own, PointStage.APPRAISED: self.appraised}
        return totals.get(stage, self.final)

    def shows(self, stage: PointStage) -> bool:
        """Whether the reader may see a stage's points, there or not."""
        return self.sight.own if stage is PointStage.SELF else self.sight.appraised

    @property
    def is_judged(self) -> bool:
        """Whether any line has been judged."""
        return self.counts.judged > 0

    @property
    def has_disputes(self) -> bool:
        """Whether the unit has ever put anything before the meeting."""
        return bool(vars(self.sheet)["has_disputes"])

    @property
    def difference(self) -> Points:
        """What counts now minus what the unit scored itself."""
        if self.own is None or self.official is None:
            return None
        return self.official - self.own

    @property
    def is_in_work(self) -> bool:
        """Whether lines are being judged, so that progress means something."""
        return self.sheet.stage in (SheetStatus.APPRAISING, SheetStatus.SECOND_ROUND)

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
    sheets: QuerySet[ScoreSheet], bloc_year: BlocYear, sees: Callable[[ScoreSheet], Sight]
) -> Overview:
    """Return the overview of a year's sheets: two queries, however many there are."""
    found = list(_with_figures(sheets))
    columns = _columns(bloc_year)
    by_status: Counter[SheetStatus] = Counter()
    rows = []
    for sheet in found:
        sheet.bloc_year = bloc_year
        competes = bool(vars(sheet)["competes"])
        row = _row(sheet, sees(sheet), columns)
        by_status[sheet.stage] += competes
        rows.append(row if competes else replace(row, out=why_out(sheet.membership)))
    return Overview(tuple(rows), columns, by_status)


def _row(sheet: ScoreSheet, sight: Sight, columns: Sequence[SectionColumn]) -> SheetRow:
    own = _total(sheet, PointStage.SELF) if sight.own else NO_TOTAL
    appraised = _total(sheet, PointStage.APPRAISED) if sight.appraised else NO_TOTAL
    is_final = sight.appraised and sheet.stage is SheetStatus.APPROVED
    final = _total(sheet, PointStage.FINAL) if is_final else NO_TOTAL
    counting = final if final.is_there else appraised
    counts = Counts(**{name: vars(sheet)[f"n_{name}"] for name in COUNTED_BY})
    return SheetRow(
        sheet,
        sight,
        counts if sight.lines else Counts(disputes=counts.disputes if sight.appraised else 0),
        own=own.total,
        appraised=appraised.total,
        final=final.total,
        sections=tuple(
            (_section(own, each.code), _section(counting, each.code)) for each in columns
        ),
        pending=frozenset(
            stage
            for stage, total in zip(PointStage, (own, appraised, final), strict=True)
            if total.is_pending
        ),
    )


@dataclass(frozen=True, slots=True)
class _Total:
    """A stored total; ``is_pending`` where points wait for other units' figures."""

    is_there: bool = False
    total: Points = None
    missing: int = 0
    sections: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_pending(self) -> bool:
        return self.is_there and self.total is None and self.missing == 0


NO_TOTAL = _Total()
OF_TOTAL = ("total", "missing", "sections")


def _total(sheet: ScoreSheet, stage: PointStage) -> _Total:
    total, missing, sections = (vars(sheet)[f"{stage.value}_{name}"] for name in OF_TOTAL)
    if missing is None:
        return NO_TOTAL
    # SQLite gives decimals of a subquery with as many places as its floats have
    exact = None if total is None else quantize(total)
    return _Total(is_there=True, total=exact, missing=missing, sections=sections or {})


def _section(total: _Total, code: str) -> Points:
    """Return a section's points; None while the stage has no total."""
    if total.total is None or code not in total.sections:
        return None
    return Decimal(total.sections[code])


def _columns(bloc_year: BlocYear) -> tuple[SectionColumn, ...]:
    """Return the sections of the rubrics in use by code; those of the newest version first."""
    in_use = ScoreSheet.objects.filter(bloc_year=bloc_year).order_by().values("rubric_id")
    found = Section.objects.filter(rubric__in=in_use).order_by("-rubric__version", "position")
    columns: dict[str, SectionColumn] = {}
    for section in found:
        columns.setdefault(section.code, SectionColumn(section.code, section.title, section.kind))
    return tuple(columns.values())


# ---------------------------------------------------------------- figures, read with the sheets


COUNTED_BY = ("to_judge", "judged", "differing", "unspoken", "unanswered", "disputes")


def _with_figures(sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    """Return the sheets with their totals, how far each has come, and whether its unit competes.

    Each figure is a subquery of its own: the sheets of a year are few, and no join multiplies.
    """
    filled = Q(self_input__isnull=False, criterion__automatic="")
    differs = Q(self_points__isnull=True) | ~Q(appraised_points=F("self_points"))
    entered = Q(appraised_input__isnull=False) | Q(self_input__isnull=False)
    lines = ScoreLine.objects.filter(sheet=OuterRef("pk"), criterion__rubric=OuterRef("rubric_id"))
    asked = Explanation.objects.filter(
        line__sheet=OuterRef("pk"), line__criterion__rubric=OuterRef("rubric_id")
    )
    disputes = Dispute.objects.filter(sheet=OuterRef("pk"), resolved_at__isnull=True)
    same = competing(ScoreSheet.objects.filter(pk=OuterRef("pk")))
    return sheets.annotate(
        competes=Exists(same),
        has_disputes=Exists(Dispute.objects.filter(sheet=OuterRef("pk"))),
        n_to_judge=_count(lines.filter(filled), "sheet"),
        n_judged=_count(lines.filter(filled, appraised_by__isnull=False), "sheet"),
        n_differing=_count(
            lines.filter(differs & entered, appraised_points__isnull=False), "sheet"
        ),
        n_unspoken=_count(asked.filter(agrees__isnull=True, is_silent=False), "line__sheet"),
        n_unanswered=_count(asked.filter(agrees=False, answer=""), "line__sheet"),
        n_disputes=_count(disputes, "sheet"),
        **{
            f"{stage.value}_{name}": Subquery(
                StageTotal.objects.filter(sheet=OuterRef("pk"), stage=stage).values(name)[:1]
            )
            for stage in PointStage
            for name in OF_TOTAL
        },
    )


def _count(rows: QuerySet[Any], sheet: str) -> Coalesce:
    counted = rows.order_by().values(sheet).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
