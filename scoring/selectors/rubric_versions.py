"""A version of a rubric set against the one before: what differs, and what came from what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from emulation.vietnamese import format_date
from scoring.enums import LatePolicy, RubricStatus
from scoring.models import Criterion, Rubric, ScoreSheet
from scoring.rules.difference import (
    READERS_ONLY,
    SETTINGS,
    Change,
    ChangeKind,
    matched_codes,
    rubric_difference,
)
from scoring.rules.rubric import RubricRules
from scoring.selectors.competing import competing
from scoring.selectors.rubrics import rules_of

LATE = "khi nộp muộn"
NOTHING = "(trống)"
ISSUED = (RubricStatus.ISSUED, RubricStatus.SUPERSEDED)


def predecessor_of(rubric: Rubric) -> Rubric | None:
    """Return the issued version of the same year that a version follows, or None."""
    return (
        Rubric.objects.filter(
            bloc_year_id=rubric.bloc_year_id, version__lt=rubric.version, status__in=ISSUED
        )
        .order_by("-version")
        .first()
    )


def taken_codes(draft: Rubric) -> set[str]:
    """Return the codes that a new criterion of a draft should not be given: its own, and more.

    In a draft copied from an issued version of the year, the code of a dropped criterion would tie
    the new one to what was entered on the old: two queries.
    """
    rows = Criterion.objects.filter(rubric__bloc_year_id=draft.bloc_year_id)
    own = rows.filter(rubric=draft)
    taken = set(own.values_list("code", flat=True))
    if own.filter(origin__rubric__bloc_year_id=draft.bloc_year_id).exists():
        taken |= set(rows.filter(rubric__status__in=ISSUED).values_list("code", flat=True))
    return taken


def sheets_behind(rubric: Rubric) -> QuerySet[ScoreSheet]:
    """Return the sheets of the year that are scored on another version and still compete."""
    sheets = ScoreSheet.objects.filter(bloc_year_id=rubric.bloc_year_id)
    return competing(sheets.exclude(rubric_id=rubric.pk)).order_by("membership__sorting", "pk")


def version_words(rubric: Rubric) -> str:
    """Return a version as papers cite it: "lần 2, số 15/QĐ, ngày 01/06/2025"."""
    parts = [f"lần {rubric.version}"]
    if rubric.document_number:
        parts.append(f"số {rubric.document_number}")
    if rubric.issued_on:
        parts.append(f"ngày {format_date(rubric.issued_on)}")
    return ", ".join(parts)


@dataclass
class Lineage:
    """The criteria of a year's versions and where each was copied from: one query."""

    rubric: Rubric
    rows: Mapping[int, tuple[int, str, int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, rubric: Rubric) -> Lineage:
        """Read the criteria of every version of the rubric's year."""
        found = Criterion.objects.filter(rubric__bloc_year_id=rubric.bloc_year_id)
        rows: dict[int, tuple[int, str, int | None]] = {
            pk: (rubric_id, code, origin)
            for pk, rubric_id, code, origin in found.order_by("pk").values_list(
                "pk", "rubric_id", "code", "origin_id"
            )
        }
        return cls(rubric, rows)

    def origins(self, before: Rubric) -> dict[str, str]:
        """Return the code in ``before`` of each criterion of the rubric copied from it."""
        found = {}
        for pk, (rubric_id, code, _) in self.rows.items():
            if rubric_id == self.rubric.pk:
                was = self._in(before.pk, pk)
                if was is not None:
                    found[code] = was
        return found

    def _in(self, rubric_id: int, pk: int) -> str | None:
        """Follow the chain of origins until it reaches a version; its code there, or None."""
        seen: set[int] = set()
        step: int | None = self.rows[pk][2]
        while step is not None and step in self.rows and step not in seen:
            seen.add(step)
            found, code, origin = self.rows[step]
            if found == rubric_id:
                return code
            step = origin
        return None


@dataclass
class Comparison:
    """A version beside an earlier one."""

    before: RubricRules
    after: RubricRules
    origins: Mapping[str, str]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every difference."""
        return rubric_difference(self.before, self.after, self.origins)

    @cached_property
    def came_from(self) -> dict[str, str]:
        """The earlier code of each line of the later version that was a line before."""
        found = matched_codes(_codes(self.before), _codes(self.after), self.origins)
        return {
            now: was
            for now, was in found.items()
            if now in self.after.places and was in self.before.places
        }

    @cached_property
    def to_look_at(self) -> dict[str, str]:
        """What changed on each line in words, by its later code: of it or of its criterion."""
        told: dict[str, list[str]] = {}
        for each in self.changes:
            if each.kind == "changed" and each.code and each.field not in READERS_ONLY:
                before, after = each.before or NOTHING, each.after or NOTHING
                words = f"{each.field[:1].upper()}{each.field[1:]}: {before} → {after}"
                told.setdefault(each.code, []).append(words)
        found = {}
        for code, place in self.after.places.items():
            own = {code, place.criterion.code}
            said = [words for key in sorted(own, reverse=True) for words in told.get(key, [])]
            if said:
                found[code] = "; ".join(said)
        return found


def changes_between(before: Rubric, after: Rubric) -> tuple[Change, ...]:
    """Return every difference of two versions, the rule on late sheets included: seven queries."""
    origins = Lineage.of(after).origins(before)
    late = late_policy_change(before.late_policy, after.late_policy)
    return (*late, *rubric_difference(rules_of(before), rules_of(after), origins))


def late_policy_change(before: str, after: str) -> tuple[Change, ...]:
    """Return that late sheets are treated otherwise, which no arithmetic follows from; or none."""
    if before == after:
        return ()
    words = LatePolicy(before).label, LatePolicy(after).label
    return (Change(ChangeKind.CHANGED, SETTINGS, "", LATE, *words),)


def later_criteria(sheet: ScoreSheet, ids: Collection[int]) -> dict[int, int]:
    """Return, for criteria of earlier versions, those of the sheet's version that follow them.

    For a page opened before the sheet was moved: what was typed there is not lost.
    """
    lineage = Lineage.of(sheet.rubric)
    now = {code: pk for pk, (rubric, code, _) in lineage.rows.items() if rubric == sheet.rubric_id}
    found: dict[int, int] = {}
    for pk in ids:
        if pk not in lineage.rows:
            continue
        rubric_id, code, _ = lineage.rows[pk]
        origins = lineage.origins(Rubric(pk=rubric_id))
        olds = [each for other, each, _ in lineage.rows.values() if other == rubric_id]
        later = {was: new for new, was in matched_codes(olds, now, origins).items()}
        if code in later:
            found[pk] = now[later[code]]
    return found


def _codes(rules: RubricRules) -> list[str]:
    tops = [criterion for section in rules.sections for criterion in section.criteria]
    return [each.code for top in tops for each in (top, *top.parts)]
