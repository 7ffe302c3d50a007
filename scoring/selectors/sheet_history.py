"""The history of one sheet: its transitions, every change of points, evidence added and removed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from emulation.history import Entry
from emulation.vietnamese import format_points
from emulation.workflow import Transition
from scoring.enums import INSIDE_UNIT, PointStage, RemarkKind, SheetStatus
from scoring.models import (
    Evidence,
    Explanation,
    PointChange,
    ScoreSheet,
    SheetMove,
    SheetRemark,
    SheetTransition,
)
from scoring.rules.inputs import describe, from_json
from scoring.rules.numbers import InputError
from scoring.rules.rubric import RubricRules
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheets import was_moved

SHOWN = 100
_NOTHING = Value("", output_field=TextField())
_COLUMNS = ("at", "who", "acting", "what", "code", "before", "after", "old", "new", "why")


def history_of(
    sheet: ScoreSheet,
    rules: RubricRules,
    transitions: Iterable[Transition],
    *,
    stages: Collection[PointStage] = (PointStage.SELF,),
    limit: int = SHOWN,
    own: bool = False,
) -> list[Entry]:
    """Return the newest ``limit`` entries, newest first: one query.

    ``own`` adds what was said inside the unit. ``stages`` are the columns of points whose changes
    the reader may see; with the appraised ones, what the unit explained and was answered. On a
    sheet that was moved, what was entered before is read by the version of that time: four queries
    more each.
    """
    past = _past_rules(sheet)
    rows = _transitions(sheet).union(
        _changes(sheet, stages),
        _evidence(sheet, "added", "Thêm minh chứng"),
        _evidence(sheet, "removed", "Gỡ minh chứng"),
        _remarks(sheet, own=own),
        *(_explanations(sheet) if PointStage.APPRAISED in stages else ()),
        all=True,
    )
    labels = {each.name: each.label for each in transitions}
    newest = rows.order_by("-at")[:limit]
    entries = []
    for values in newest:
        row = dict(zip(_COLUMNS, values, strict=True))
        then = next((each for until, each in past if row["at"] < until), rules)
        entries.append(_entry(row, then, labels))
    return entries


def _past_rules(sheet: ScoreSheet) -> list[tuple[dt.datetime, RubricRules]]:
    """Return the versions the sheet was scored on before, each with the moment it was left."""
    if not was_moved(sheet):
        return []
    moves = SheetMove.objects.filter(sheet=sheet).select_related("from_rubric")
    return [(each.at, rules_of(each.from_rubric)) for each in moves.order_by("at", "pk")]


def _transitions(sheet: ScoreSheet) -> QuerySet[SheetTransition, tuple[Any, ...]]:
    """The steps: first of the union, so its columns say of what type they all are."""
    return (
        SheetTransition.objects.filter(sheet=sheet)
        .order_by()
        .values_list(
            "at",
            F("actor__full_name"),
            "acting_as",
            Cast("transition", TextField()),
            _NOTHING,
            Cast("from_status", TextField()),
            Cast("to_status", TextField()),
            _NOTHING,
            _NOTHING,
            "reason",
        )
    )


def _changes(
    sheet: ScoreSheet, stages: Collection[PointStage]
) -> QuerySet[PointChange, tuple[Any, ...]]:
    return (
        PointChange.objects.filter(line__sheet=sheet, stage__in=stages)
        .order_by()
        .values_list(
            "at",
            F("actor__full_name"),
            "acting_as",
            F("stage"),
            F("line__criterion__code"),
            Cast("old_input", TextField()),
            Cast("new_input", TextField()),
            Cast("old_points", TextField()),
            Cast("new_points", TextField()),
            "reason",
        )
    )


def _evidence(sheet: ScoreSheet, deed: str, what: str) -> QuerySet[Evidence, tuple[Any, ...]]:
    return (
        Evidence.objects.filter(line__sheet=sheet, **{f"{deed}_at__isnull": False})
        .order_by()
        .values_list(
            F(f"{deed}_at"),
            F(f"{deed}_by__full_name"),
            _NOTHING,
            Value(what, output_field=TextField()),
            F("line__criterion__code"),
            F("title"),
            F("number"),
            F("file__original_name"),
            _NOTHING,
            _NOTHING,
        )
    )


def _explanations(sheet: ScoreSheet) -> tuple[QuerySet[Explanation, tuple[Any, ...]], ...]:
    """What the unit said about its cut lines, and what it was answered."""
    rows = Explanation.objects.filter(line__sheet=sheet).order_by()
    agreed = Case(
        When(agrees=True, then=Value("đồng ý")),
        default=Value("không đồng ý"),
        output_field=TextField(),
    )

    def told(verb: str, noun: str, words: Any, why: str) -> QuerySet[Explanation, tuple[Any, ...]]:
        return rows.filter(**{f"{verb}_at__isnull": False}).values_list(
            F(f"{verb}_at"),
            F(f"{verb}_by__full_name"),
            _NOTHING,
            Value(noun, output_field=TextField()),
            F("line__criterion__code"),
            words,
            _NOTHING,
            _NOTHING,
            _NOTHING,
            F(why),
        )

    return (
        told("explained", "Đơn vị giải trình", agreed, "text"),
        told("answered", "Trả lời giải trình", _NOTHING, "answer"),
    )


def _remarks(sheet: ScoreSheet, *, own: bool) -> QuerySet[SheetRemark, tuple[Any, ...]]:
    remarks = SheetRemark.objects.filter(sheet=sheet)
    return (
        (remarks if own else remarks.exclude(kind__in=INSIDE_UNIT))
        .order_by()
        .values_list(
            "at",
            F("actor__full_name"),
            "acting_as",
            F("kind"),
            _NOTHING,
            _NOTHING,
            _NOTHING,
            _NOTHING,
            _NOTHING,
            "text",
        )
    )


def _entry(row: Mapping[str, Any], rules: RubricRules, labels: Mapping[str, str]) -> Entry:
    what, change = _words(row, rules, labels)
    return Entry(
        at=row["at"],
        who=row["who"],
        acting_as=row["acting"],
        what=what,
        change=change,
        reason=row["why"],
        place=row["code"],
    )


def _words(
    row: Mapping[str, Any], rules: RubricRules, labels: Mapping[str, str]
) -> tuple[str, str]:
    """Return the deed and what changed, in words."""
    if not row["code"] and row["what"] in RemarkKind.values:
        return RemarkKind(row["what"]).label, ""
    if not row["code"]:
        before, after = (
            SheetStatus(row[side]).face.official if row[side] else ""
            for side in ("before", "after")
        )
        return labels.get(row["what"], "Mở bảng chấm điểm"), _arrow(before, after)
    if row["what"] in PointStage.values:
        return f"Sửa điểm {PointStage(row['what']).label.lower()}", _point_change(row, rules)
    return row["what"], row["before"] or row["after"] or row["old"] or ""


def _point_change(row: Mapping[str, Any], rules: RubricRules) -> str:
    before, after = (_described(row, side, rules) for side in ("before", "after"))
    old, new = (_points(row[side]) for side in ("old", "new"))
    if before != after:
        return _arrow(_entered(before, row["old"]), _entered(after, row["new"]))
    if row["after"]:
        return f"{after}: {_arrow(old, new)}"
    return f"để trống, tính {new}" if row["new"] else "để trống"


def _entered(described: str, points: str | None) -> str:
    """Return an input with what it is worth; what was never entered is worth nothing yet."""
    return f"{described} ({_points(points)})" if points else described.lower()


def _described(row: Mapping[str, Any], side: str, rules: RubricRules) -> str:
    """Return an input in words; one that the rules no longer read as its stored text."""
    document = json.loads(row[side]) if row[side] else None
    place = rules.places.get(row["code"])
    if place is None:
        return "số liệu của lần ban hành khác" if document else ""
    try:
        return describe(place.leaf, from_json(place.leaf, document))
    except InputError:
        return "số liệu theo cách chấm cũ" if document else ""


def _points(text: str | None) -> str:
    return f"{format_points(Decimal(text))} điểm" if text else "chưa chấm"


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}" if before and before != after else after
