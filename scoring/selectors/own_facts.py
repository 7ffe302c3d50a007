"""What a unit has beside its sheet: last year's points, what it pledged, what was said inside it.

One query for all of it, a union of small lists, whatever the number of criteria.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    DecimalField,
    F,
    IntegerField,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from pledges.models import PledgeItem, Target
from scoring.enums import INSIDE_UNIT, RemarkKind
from scoring.models import Criterion, ScoreLine, ScoreSheet, SheetRemark
from scoring.selectors.lineage import Node, carried

NODE, LINE, ITEM, TARGET, REMARK = range(5)
_BREAK = "\x1f"
_DECIMAL = DecimalField(max_digits=14, decimal_places=2)
_COLUMNS = ("sort", "key", "other", "place", "words", "more", "number", "at")


@dataclass(frozen=True, slots=True)
class LastYear:
    """Last year's points of the same criterion; ``is_final`` where the result was published."""

    points: Decimal
    is_final: bool


@dataclass(frozen=True, slots=True)
class Pledged:
    """What the unit registered under an item of the pledge: "Hồ sơ đúng hạn", 98, "%"."""

    title: str
    value: Decimal
    measure: str


@dataclass(frozen=True, slots=True)
class Said:
    """A comment inside the unit, or the sheet handed to the leader or back to the officer."""

    kind: RemarkKind
    text: str
    who: str
    acting_as: str
    at: dt.datetime


@dataclass(slots=True)
class OwnFacts:
    """Last year's points by criterion id; items of the pledge and what was registered under them.

    ``items`` are ``(number, text)`` by item id; ``said`` is newest first.
    """

    last_year: dict[int, LastYear] = field(default_factory=dict)
    items: dict[int, tuple[int, str]] = field(default_factory=dict)
    pledged: dict[int, list[Pledged]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    @property
    def handed_back(self) -> Said | None:
        """The leader's last handing back, as long as the officer has not answered it."""
        steps = (each for each in self.said if each.kind is not RemarkKind.COMMENT)
        last = next(steps, None)
        return last if last and last.kind is RemarkKind.RETURNED else None


NOTHING_KNOWN = OwnFacts()


def own_facts(sheet: ScoreSheet) -> OwnFacts:
    """Return what a unit has beside its sheet: one query. For the unit's own people alone."""
    union = _nodes(sheet).union(
        _lines(sheet), _items(sheet), _targets(sheet), _remarks(sheet), all=True
    )
    found = [dict(zip(_COLUMNS, row, strict=True)) for row in union]
    rows = sorted(found, key=lambda row: (row["sort"], row["place"], row["key"]))
    facts = OwnFacts(last_year=_by_criterion(sheet, rows))
    for row in rows:
        if row["sort"] == ITEM:
            facts.items[row["key"]] = (row["place"], row["words"])
        elif row["sort"] == TARGET:
            pledged = Pledged(row["words"], row["number"], row["more"])
            facts.pledged.setdefault(row["key"], []).append(pledged)
        elif row["sort"] == REMARK:
            kind, who, acting_as = row["more"].split(_BREAK)
            facts.said.insert(0, Said(RemarkKind(kind), row["words"], who, acting_as, row["at"]))
    return facts


def _row(
    rows: QuerySet[Any],
    sort: int,
    key: str,
    *,
    other: Any = None,
    place: Any = None,
    words: Any = None,
    more: Any = None,
    number: Any = None,
    at: Any = None,
) -> QuerySet[Any, tuple[Any, ...]]:
    """Return a list in the columns of the union; what it does not have is empty.

    The first list alone says of what type the columns are: the others follow it.
    """
    number_type, text = IntegerField(), TextField()
    typed = Cast if sort == NODE else _untyped
    return rows.order_by().values_list(
        Value(sort, output_field=number_type),
        F(key),
        typed(other or Value(None), number_type),
        typed(place or Value(0), number_type),
        typed(words or Value(""), text),
        typed(more or Value(""), text),
        typed(number or Value(None), _DECIMAL),
        typed(at or Value(None), DateTimeField()),
    )


def _untyped(expression: Any, output: Any) -> Any:
    if isinstance(expression, Value):
        return Value(expression.value, output_field=output)
    return expression


def _nodes(sheet: ScoreSheet) -> QuerySet[Any, tuple[Any, ...]]:
    """The criteria of every table of the bloc, each with its origin."""
    criteria = Criterion.objects.filter(rubric__bloc_year__bloc_id=sheet.bloc_year.bloc_id)
    return _row(criteria, NODE, "pk", other=F("origin_id"), place=F("rubric_id"), words=F("code"))


def _lines(sheet: ScoreSheet) -> QuerySet[Any, tuple[Any, ...]]:
    """The unit's lines of last year in the same bloc: official points once published."""
    year = sheet.bloc_year
    lines = ScoreLine.objects.filter(
        sheet__membership__unit_id=sheet.membership.unit_id,
        sheet__bloc_year__bloc_id=year.bloc_id,
        sheet__bloc_year__year=year.year - 1,
        criterion__rubric_id=F("sheet__rubric_id"),
    )
    is_out = When(sheet__bloc_year__published_at__isnull=False, then=F("final_points"))
    words = When(sheet__bloc_year__published_at__isnull=False, then=Value("final"))
    return _row(
        lines,
        LINE,
        "criterion_id",
        place=F("sheet__rubric_id"),
        words=Case(words, default=Value("self"), output_field=CharField()),
        more=F("criterion__code"),
        number=Case(is_out, default=F("self_points"), output_field=_DECIMAL),
    )


def _items(sheet: ScoreSheet) -> QuerySet[Any, tuple[Any, ...]]:
    items = PledgeItem.objects.filter(
        pledge__bloc_year_id=sheet.bloc_year_id, dropped_at__isnull=True
    )
    return _row(items, ITEM, "pk", place=F("position"), words=F("text"))


def _targets(sheet: ScoreSheet) -> QuerySet[Any, tuple[Any, ...]]:
    targets = Target.objects.filter(
        registration__membership_id=sheet.membership_id,
        item__isnull=False,
        dropped_at__isnull=True,
    )
    return _row(
        targets,
        TARGET,
        "item_id",
        place=F("position"),
        words=F("title"),
        more=F("measure"),
        number=F("value"),
    )


def _remarks(sheet: ScoreSheet) -> QuerySet[Any, tuple[Any, ...]]:
    remarks = SheetRemark.objects.filter(sheet=sheet, kind__in=INSIDE_UNIT)
    by = Concat(
        "kind",
        Value(_BREAK),
        "actor__full_name",
        Value(_BREAK),
        "acting_as",
        output_field=TextField(),
    )
    return _row(remarks, REMARK, "pk", words=F("text"), more=by, at=F("at"))


# ---------------------------------------------------------------- which line comes from which


def _by_criterion(sheet: ScoreSheet, rows: list[dict[str, Any]]) -> dict[int, LastYear]:
    """Return last year's points by this year's criterion: by descent, else by an equal code."""
    lines = {row["more"]: row for row in rows if row["sort"] == LINE}
    if not lines:
        return {}
    nodes = {
        row["key"]: Node(row["key"], row["place"], row["words"], row["other"])
        for row in rows
        if row["sort"] == NODE
    }
    known = {
        code: LastYear(Decimal(line["number"]), line["words"] == "final")
        for code, line in lines.items()
        if line["number"] is not None
    }
    return carried(known, next(iter(lines.values()))["place"], sheet.rubric_id, nodes)
