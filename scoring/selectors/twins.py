"""The same content shown again: for another criterion, by another unit, in an earlier year.

Files are compared by their hash, whatever they are called. What stands on other sheets is told
only to those who may read those sheets now: a twin says what somebody else attached.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from blocs.selectors.standing import standings_in
from blocs.standing import Standing
from emulation.models import User
from scoring.models import Evidence, ScoreSheet
from scoring.selectors.predecessors import predecessor_ids
from scoring.selectors.sheets import may_read_content, sheets_for


@dataclass(frozen=True, slots=True)
class Twins:
    """Where else the content of one piece of evidence stands.

    ``shared`` and ``repeated`` are criteria of the same sheet: the unit used the very file there
    too and said so, or attached the same content anew. ``elsewhere`` are other units, with the
    year where it is an earlier one; ``before`` are the unit's own earlier years.
    """

    shared: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


NO_TWINS = Twins()


@dataclass(slots=True)
class _Found:
    """What is told of one content on other sheets."""

    elsewhere: set[str] = field(default_factory=set)
    before: set[str] = field(default_factory=set)


def twins_of(
    standing: Standing, sheet: ScoreSheet, evidence: Sequence[Evidence]
) -> dict[int, Twins]:
    """Return, by evidence id, the twins of a sheet's evidence that the person may be told.

    ``evidence`` as of ``evidence_of``. Compared are the sheets of this year and earlier ones that
    the person may read now; what a predecessor showed in this year or the year before is always
    compared: it shall not count twice. One query while the files stand on no other sheet.
    """
    hashes = {each.file.sha256 for each in evidence if each.file is not None}
    if not hashes:
        return {}
    told = _on_other_sheets(standing, sheet, hashes)
    here = _on_this_sheet(evidence)
    return {
        each.pk: _twins(each, here[each.file.sha256], told.get(each.file.sha256, _Found()))
        for each in evidence
        if each.file is not None
    }


Spot = tuple[int, str, object]
"""A line's id, its criterion's code, the id of the stored file."""


def _on_this_sheet(evidence: Iterable[Evidence]) -> dict[str, list[Spot]]:
    here: dict[str, list[Spot]] = {}
    for each in evidence:
        if each.file is not None:
            spot = (each.line_id, each.line.criterion.code, each.file_id)
            here.setdefault(each.file.sha256, []).append(spot)
    return here


def _twins(each: Evidence, here: Iterable[Spot], told: _Found) -> Twins:
    others = [(code, file_id) for line_id, code, file_id in here if line_id != each.line_id]
    shared = {code for code, file_id in others if file_id == each.file_id}
    return Twins(
        shared=tuple(sorted(shared)),
        repeated=tuple(sorted({code for code, _ in others} - shared)),
        elsewhere=tuple(sorted(told.elsewhere)),
        before=tuple(sorted(told.before)),
    )


def _on_other_sheets(
    standing: Standing, sheet: ScoreSheet, hashes: set[str]
) -> Mapping[str, _Found]:
    rows = list(_rows(sheet, hashes))
    if not rows:
        return {}
    readable = _readable(standing, sheet, {sheet_id for _, sheet_id, *_ in rows})
    kin = predecessor_ids(sheet.membership.unit_id)
    this_year = sheet.bloc_year.year
    found: dict[str, _Found] = {}
    for sha256, sheet_id, code, unit, year, unit_id in rows:
        inherited = unit_id in kin and year >= this_year - 1
        if not inherited and sheet_id not in readable:
            continue
        told = found.setdefault(sha256, _Found())
        if unit_id == sheet.membership.unit_id:
            told.before.add(f"năm {year}, tiêu chí {code}")
        else:
            told.elsewhere.add(unit if year == this_year else f"{unit}, năm {year}")
    return found


def _rows(sheet: ScoreSheet, hashes: set[str]) -> Iterable[tuple[str, int, str, str, int, int]]:
    return (
        Evidence.objects.filter(
            removed_at__isnull=True,
            file__sha256__in=hashes,
            line__sheet__membership__year__lte=sheet.bloc_year.year,
        )
        .exclude(line__sheet=sheet)
        .order_by("pk")
        .values_list(
            "file__sha256",
            "line__sheet_id",
            "line__criterion__code",
            "line__sheet__membership__unit_name",
            "line__sheet__membership__year",
            "line__sheet__membership__unit_id",
        )
    )


def _readable(standing: Standing, sheet: ScoreSheet, ids: set[int]) -> set[int]:
    """Return which of the sheets the person may read now."""
    user = User(pk=standing.user_id, full_name=standing.person)
    sheets = list(sheets_for(user).filter(pk__in=ids))
    others = {each.bloc_year for each in sheets} - {sheet.bloc_year}
    standings = {sheet.bloc_year_id: standing, **standings_in(user, list(others))}
    return {each.pk for each in sheets if may_read_content(standings[each.bloc_year_id], each)}
