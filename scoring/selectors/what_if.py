"""A draft set against past years of the same bloc: which years, which sheets, the comparison."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.http import Http404

from blocs.enums import YearStatus
from blocs.models import BlocYear
from scoring.enums import WhatIfDeed
from scoring.models import (
    Evidence,
    RankingRow,
    RankingSnapshot,
    Rubric,
    ScoreLine,
    WhatIfUse,
)
from scoring.rules.grounds import GroundFact
from scoring.rules.inputs import LineInput, from_json
from scoring.rules.numbers import InputError
from scoring.rules.ranking import RankingInputs
from scoring.rules.rubric import CriterionRules, RubricRules
from scoring.rules.totals import LineFacts
from scoring.rules.what_if import PastSheet, PastTable, WhatIf, compare
from scoring.selectors.lineage import criteria_of_bloc, links_to
from scoring.selectors.rubrics import rules_by_rubric

SETTLED = [status for status in YearStatus if status.reached(YearStatus.ADOPTED)]


@dataclass(frozen=True, slots=True)
class YearComparison:
    """What the draft would have made of one year."""

    year: int
    result: WhatIf


# ---------------------------------------------------------------- years and uses


def past_years(rubric: Rubric) -> QuerySet[BlocYear]:
    """Return the bloc's earlier years with an adopted ranking, the newest first.

    Never the rubric's own year. Of the same board, or of one that it stands in the place of.
    """
    current = rubric.bloc_year
    return BlocYear.objects.filter(
        Q(board_id=current.board_id) | Q(board__heir_id=current.board_id),
        Exists(RankingSnapshot.objects.filter(bloc_year=OuterRef("pk"))),
        bloc_id=current.bloc_id,
        year__lt=current.year,
        status__in=SETTLED,
    ).order_by("-year")


def uses_of(rubric: Rubric) -> QuerySet[WhatIfUse]:
    """Return what was done with the comparison, the latest first."""
    return WhatIfUse.objects.filter(rubric=rubric).select_related("actor").order_by("-at", "-pk")


def get_run(rubric: Rubric, use_id: int) -> WhatIfUse:
    """Return a run of this rubric's comparison; Http404 if there is none."""
    found: WhatIfUse | None = uses_of(rubric).filter(pk=use_id, deed=WhatIfDeed.RUN).first()
    if found is None:
        raise Http404
    return found


# ---------------------------------------------------------------- the comparison


def comparisons(rubric: Rubric, years: Collection[int]) -> list[YearComparison]:
    """Return the draft against each of the years: eight queries, however many units.

    RubricError where a table contradicts itself so far that it cannot be read.
    """
    snapshots = _snapshots(past_years(rubric).filter(year__in=years))
    rows = _rows(snapshots)
    tables = {row["membership__sheet__rubric_id"] for row in rows}
    rubrics = Rubric.objects.filter(Q(pk__in=tables) | Q(pk=rubric.pk))
    rules = rules_by_rubric(rubrics)
    links = _links(rubric, tables)
    past = {pk: PastTable(rules[pk], links[pk]) for pk in tables}
    facts = _facts([row["membership__sheet__pk"] for row in rows], rules)
    grounds = _grounds(snapshots)
    found: dict[int, list[PastSheet]] = {snapshot.pk: [] for snapshot in snapshots}
    for row in rows:
        found[row["snapshot_id"]].append(_sheet(row, past, facts, grounds))
    return [
        YearComparison(snapshot.bloc_year.year, compare(rules[rubric.pk], found[snapshot.pk]))
        for snapshot in snapshots
    ]


def _snapshots(years: QuerySet[BlocYear]) -> list[RankingSnapshot]:
    """Return the latest adopted table of each year, the newest year first."""
    latest = RankingSnapshot.objects.filter(bloc_year=OuterRef("bloc_year")).order_by("-number")
    rows = RankingSnapshot.objects.filter(
        bloc_year__in=years.order_by(), pk=Subquery(latest.values("pk")[:1])
    )
    return list(rows.select_related("bloc_year").order_by("-bloc_year__year"))


def _rows(snapshots: Iterable[RankingSnapshot]) -> list[dict[str, Any]]:
    """Return the units that ranked, each with its sheet."""
    ranked = RankingRow.objects.filter(
        snapshot__in=list(snapshots), rank__isnull=False, membership__sheet__isnull=False
    )
    return list(
        ranked.order_by("pk").values(
            *("snapshot_id", "membership_id", "membership__sheet__pk"),
            "membership__sheet__rubric_id",
            "membership__sheet__blanks_confirmed",
            "membership__sheet__days_late",
        )
    )


def _sheet(
    row: Mapping[str, Any],
    tables: Mapping[int, PastTable],
    facts: Mapping[int, dict[str, LineFacts]],
    grounds: Mapping[int, tuple[GroundFact, ...]],
) -> PastSheet:
    return PastSheet(
        key=row["membership_id"],
        table=tables[row["membership__sheet__rubric_id"]],
        facts=facts.get(row["membership__sheet__pk"], {}),
        blanks_confirmed=row["membership__sheet__blanks_confirmed"],
        days_late=row["membership__sheet__days_late"],
        grounds=grounds.get(row["membership_id"], ()),
    )


def _grounds(snapshots: Iterable[RankingSnapshot]) -> dict[int, tuple[GroundFact, ...]]:
    """Return the standing grounds of the units, as the year was adopted with them."""
    return {
        int(unit.key): unit.grounds
        for snapshot in snapshots
        for unit in RankingInputs.from_json(snapshot.inputs["ranking"]).units
    }


def _facts(
    sheets: Sequence[int], rules: Mapping[int, RubricRules]
) -> dict[int, dict[str, LineFacts]]:
    """Return what stands on the sheets as approved, by sheet and code: one query.

    Stored inputs come as text and each different one is read once: most units say the same.
    """
    known: dict[tuple[Any, ...], LineFacts] = {}
    found: dict[int, dict[str, LineFacts]] = {}
    for sheet, rubric, code, *stored in _stored_lines(sheets):
        place = rules[rubric].places.get(code) if rubric in rules else None
        if place is None:
            continue
        key = (rubric, code, *stored)
        if key not in known:
            final, appraised, evidence, decision = stored
            entered = _entered(place.leaf, _document(final) or _document(appraised))
            known[key] = LineFacts(entered, evidence, decision)
        found.setdefault(sheet, {})[code] = known[key]
    return found


def _stored_lines(sheets: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Yield sheet, table, code, both inputs as JSON text, and whether papers are there."""
    papers = Evidence.objects.filter(line=OuterRef("pk"), removed_at__isnull=True)
    rows = (
        ScoreLine.objects.filter(sheet__in=sheets)
        .annotate(
            final=Cast("final_input", TextField()),
            appraised=Cast("appraised_input", TextField()),
            has_evidence=Exists(papers),
            has_decision=Exists(papers.exclude(number="").filter(issued_on__isnull=False)),
        )
        .order_by("pk")
        .values_list(
            *("sheet_id", "criterion__rubric_id", "criterion__code"),
            *("final", "appraised", "has_evidence", "has_decision"),
        )
    )
    return rows.iterator(5000)


def _document(text: str | None) -> object:
    return json.loads(text) if text else None


def _entered(leaf: CriterionRules, document: object) -> LineInput | None:
    """Return the stored input; what nobody can read counts as not scored."""
    if leaf.automatic:
        return None
    try:
        return from_json(leaf, document)
    except InputError:
        return None


def _links(rubric: Rubric, tables: Collection[int]) -> dict[int, dict[str, str]]:
    """Return, for each old table, which of its criteria each one of the draft comes from."""
    nodes = criteria_of_bloc(rubric.bloc_year.bloc_id)
    return {table: links_to(table, rubric.pk, nodes) for table in tables}
