"""Departments that appraise criteria: their names, their people, whose line is whose.

A line belongs to the department that its criterion names, a part's to that of its criterion unless
it names one itself. Only officers of members appraise for a department, and never a sheet of a
unit where they have a post.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from blocs.enums import PostRole, YearStatus
from blocs.models import BlocYear, Post
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import held_on
from emulation import clock
from emulation.models import User
from emulation.vietnamese import one_line
from scoring.enums import SheetStatus
from scoring.models import (
    Criterion,
    DepartmentChange,
    DepartmentPerson,
    Explanation,
    Rubric,
    ScoreLine,
)

NOBODY: frozenset[int] = frozenset()


def department_key(name: str) -> str:
    """Return what two spellings of one department have in common: letters, not case or spaces."""
    return one_line(name).casefold()


def department_of(criterion: Criterion) -> str:
    """Return the department that appraises a criterion; empty where none is named.

    The criterion carries its parent.
    """
    return one_line(criterion.checker or (criterion.parent.checker if criterion.parent else ""))


# ---------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class DepartmentPeople:
    """Who appraises for which department of a year, by key; ``units`` are those of each person."""

    people: Mapping[str, frozenset[int]] = field(default_factory=dict)
    units: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def judges(self, department: str, unit_id: int) -> frozenset[int]:
        """Return who of a department (its key) may judge a sheet of the unit."""
        people = self.people.get(department, NOBODY)
        return frozenset(each for each in people if unit_id not in self.units.get(each, NOBODY))

    def is_barred(self, department: str, unit_id: int) -> bool:
        """Tell whether a department has people and every one of them is of the unit itself.

        One without people is not barred: its lines wait, or whoever names people would choose.
        """
        return bool(self.people.get(department)) and not self.judges(department, unit_id)


def departments_by_year(years: Collection[int]) -> dict[int, DepartmentPeople]:
    """Return who appraises for departments of these years: two queries, for no year none."""
    if not years:
        return {}
    rows = list(_serving(years).values_list("bloc_year_id", "key", "person_id"))
    units = _units_of({person for _, _, person in rows})
    found: dict[int, dict[str, set[int]]] = {year: {} for year in years}
    for year, key, person in rows:
        found[year].setdefault(key, set()).add(person)
    return {
        year: DepartmentPeople({key: frozenset(each) for key, each in people.items()}, units)
        for year, people in found.items()
    }


def _serving(years: Collection[int]) -> QuerySet[DepartmentPerson]:
    """Return those named who still serve a member of the year."""
    serving = Post.objects.filter(
        held_on(clock.today()),
        user_id=OuterRef("person_id"),
        unit__memberships__bloc_year=OuterRef("bloc_year_id"),
    )
    rows = DepartmentPerson.objects.filter(
        Exists(serving), bloc_year__in=years, ended_at__isnull=True, person__is_active=True
    )
    return rows.order_by("pk")


def _units_of(people: Collection[int]) -> dict[int, frozenset[int]]:
    posts = Post.objects.filter(held_on(clock.today()), user__in=people, unit__isnull=False)
    found: dict[int, set[int]] = {}
    for person, unit in posts.order_by("pk").values_list("user_id", "unit_id"):
        found.setdefault(person, set()).add(unit or 0)
    return {person: frozenset(units) for person, units in found.items()}


def possible_department_people(bloc_year: BlocYear) -> QuerySet[User]:
    """Return who can be named for a department: the officers of the year's members today."""
    members = members_not_ended(bloc_year).order_by().values("unit_id")
    posts = Post.objects.filter(held_on(clock.today()), user=OuterRef("pk")).order_by()
    officers = posts.filter(role=PostRole.OFFICER, unit_id__in=members)
    return (
        User.objects.filter(Exists(officers), is_active=True)
        .prefetch_related("posts__unit")
        .order_by("sorting", "pk")
    )


def department_people_among(people: Collection[int]) -> frozenset[int]:
    """Return which of these people appraise for a department in a year not closed: one query."""
    rows = DepartmentPerson.objects.filter(person__in=people, ended_at__isnull=True)
    running = rows.exclude(bloc_year__status=YearStatus.CLOSED).order_by("pk")
    return frozenset(running.values_list("person_id", flat=True))


def running_department_people(bloc_year: BlocYear) -> QuerySet[DepartmentPerson]:
    """Return who is named for the departments of a year, in the order of their names."""
    rows = DepartmentPerson.objects.filter(bloc_year=bloc_year, ended_at__isnull=True)
    return rows.select_related("person").order_by("person__sorting", "pk")


def department_changes(bloc_year: BlocYear) -> QuerySet[DepartmentChange]:
    """Return who was named for departments of a year and who no longer, newest first."""
    return DepartmentChange.objects.filter(bloc_year=bloc_year).select_related("person", "actor")


# ---------------------------------------------------------------- what a table names


def department_names(rubric: Rubric) -> dict[str, str]:
    """Return the departments that a table names, by key, as it writes them first: one query."""
    names: dict[str, str] = {}
    for name in (department_of(each) for each in judged_criteria(rubric)):
        if name:
            names.setdefault(department_key(name), name)
    return names


def judged_criteria(rubric: Rubric) -> list[Criterion]:
    """Return the criteria and parts that somebody judges, in order; those counted by us are not."""
    rows = list(
        Criterion.objects.filter(rubric=rubric)
        .select_related("section", "parent")
        .order_by("section__position", "position", "pk")
    )
    parents = {each.parent_id for each in rows}
    return [each for each in rows if each.pk not in parents and not each.automatic]


# ---------------------------------------------------------------- what is left to judge


def lines_left(years: Collection[int]) -> dict[int, dict[str, int]]:
    """Return how many lines wait for judgement, by sheet and department (key; "" for none).

    One query of as many rows as sheets have departments; for no year none.
    """
    if not years:
        return {}
    rows = (
        ScoreLine.objects.filter(
            sheet__bloc_year__in=years,
            criterion__rubric_id=F("sheet__rubric_id"),
            criterion__automatic="",
            self_input__isnull=False,
            appraised_input__isnull=True,
        )
        .order_by()
        .values_list("sheet_id", "criterion__checker", "criterion__parent__checker")
        .annotate(Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for sheet, own, above, number in rows:
        counts = found.setdefault(sheet, {})
        key = department_key(own or above or "")
        counts[key] = counts.get(key, 0) + number
    return found


def lines_argued(years: Collection[int]) -> dict[int, list[tuple[str, int | None]]]:
    """Return, by sheet, the lines on which a unit argues and nobody has answered.

    Of each its department (key; "" for none) and who cut it. One query; for no year none.
    """
    if not years:
        return {}
    rows = (
        Explanation.objects.filter(
            line__sheet__bloc_year__in=years,
            line__sheet__status=SheetStatus.EXPLANATION_REQUESTED,
            line__criterion__rubric_id=F("line__sheet__rubric_id"),
            agrees=False,
            answer="",
        )
        .order_by("pk")
        .values_list(
            "line__sheet_id",
            "line__criterion__checker",
            "line__criterion__parent__checker",
            "line__appraised_by_id",
        )
    )
    found: dict[int, list[tuple[str, int | None]]] = {}
    for sheet, own, above, by in rows:
        found.setdefault(sheet, []).append((department_key(own or above or ""), by))
    return found
