"""A person's places in the open years, with the sheets that tasks are about."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from blocs.enums import AppraisedBy, DeadlineKind, PostRole, YearStatus
from blocs.models import BlocYear, Deadline, HeadTerm, Membership, Post, SecretariatMember
from blocs.selectors.standing import heads_by_year
from blocs.standing import Heads, appraiser_of, overseer_of, second_readers_of
from emulation.models import User
from scoring.enums import RemarkKind, SheetStatus
from scoring.models import CrossCheck, Explanation, PaperEntry, ScoreSheet, SheetRemark
from scoring.selectors.competing import competing
from scoring.selectors.departments import (
    DepartmentPeople,
    departments_by_year,
    lines_argued,
    lines_left,
)
from scoring.selectors.own_sheet import owed_sheets
from scoring.selectors.sheets import COUNTED, with_due, with_progress

WITH_THE_UNIT = (SheetStatus.NOT_STARTED, SheetStatus.DRAFTING)


@dataclass(slots=True)
class Seat:
    """A person's place in one open year, with the year's sheets.

    Where departments appraise, ``departments`` are their people, ``left`` says how many lines
    wait for judgement, by sheet and department, and ``argued`` of which department the lines are
    that wait for an answer, and who cut them.
    """

    year: BlocYear
    heads: Heads
    leads: frozenset[int]
    serves: frozenset[int]
    is_named: bool
    sheets: list[ScoreSheet] = field(default_factory=list)
    departments: DepartmentPeople | None = None
    left: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    argued: Mapping[int, Sequence[tuple[str, int | None]]] = field(default_factory=dict)

    @property
    def units(self) -> frozenset[int]:
        """Every unit in which the person has a post."""
        return self.leads | self.serves

    def reads_again(self, sheet: ScoreSheet) -> bool:
        """Whether the person may make a sheet's second round, but for who finished the first."""
        unit = sheet.membership.unit_id
        overseer = overseer_of(self.heads, unit)
        officer = overseer in self.serves or (self.is_named and overseer == self.heads.head)
        deputy = bool(self.units & set(second_readers_of(self.heads, unit)))
        return unit not in self.units and overseer is not None and (officer or deputy)

    @property
    def is_secretary(self) -> bool:
        """Whether the person does the head's clerical work."""
        return self.heads.head in self.units or self.is_named

    @property
    def appraisal_due(self) -> dt.date | None:
        """The day by which the year's appraisal is to be done, where one is set."""
        due_on: dt.date | None = getattr(self.year, "appraisal_due", None)
        return due_on

    @property
    def leads_head(self) -> bool:
        """Whether the person leads the head unit."""
        return self.heads.head in self.leads

    @property
    def holds_back(self) -> bool:
        """Whether a unit of the person owes its own sheet, so that others' stay closed."""
        return bool(getattr(self.year, "is_owing", False))

    def others(self, *statuses: SheetStatus) -> list[ScoreSheet]:
        """Return the sheets of other units than the person's own and the head's."""
        mine = self.units | ({self.heads.head} if self.heads.head else set())
        return self._with(statuses, lambda unit: unit not in mine)

    def to_appraise(self, appraiser: int | None, *statuses: SheetStatus) -> list[ScoreSheet]:
        """Return, of the others' sheets, those that officers of ``appraiser`` appraise."""
        by = self.year.appraised_by
        return [
            sheet
            for sheet in self.others(*statuses)
            if appraiser and appraiser_of(self.heads, sheet.membership.unit_id, by) == appraiser
        ]

    def owed_by_rest(self, sheet: ScoreSheet) -> bool:
        """Whether those who judge what no department does have something to do on a sheet.

        Lines of their own, or none left at all: then they finish. Always, where nothing is split.
        """
        if self.departments is None:
            return True
        left, unit = self.left.get(sheet.pk, {}), sheet.membership.unit_id
        return not left or any(
            not key or self.departments.is_barred(key, unit) for key, number in left.items()
        )

    def owed_by(self, person_id: int, sheet: ScoreSheet) -> int:
        """Return how many lines of a sheet wait for a person as one of a department."""
        if self.departments is None:
            return 0
        unit = sheet.membership.unit_id
        return sum(
            number
            for key, number in self.left.get(sheet.pk, {}).items()
            if person_id in self.departments.judges(key, unit)
        )

    def owes_answers(self, person_id: int, sheet: ScoreSheet) -> int:
        """Return how many argued lines of a sheet a person may answer as one of a department.

        Who cut a line does not answer it.
        """
        if self.departments is None:
            return 0
        unit = sheet.membership.unit_id
        return sum(
            by != person_id and person_id in self.departments.judges(key, unit)
            for key, by in self.argued.get(sheet.pk, ())
        )

    def of_head(self, *statuses: SheetStatus) -> list[ScoreSheet]:
        """Return the head's own sheet, where the person works for its stand-in."""
        stands_in = self.heads.stand_in in self.units and self.heads.head not in self.units
        return self._with(statuses, lambda unit: stands_in and unit == self.heads.head)

    def own(self, *statuses: SheetStatus) -> list[ScoreSheet]:
        """Return the sheets of the person's own units."""
        return self._with(statuses, lambda unit: unit in self.units)

    def sheets_in(self, statuses: Iterable[SheetStatus]) -> list[ScoreSheet]:
        """Return the sheets of every unit at these stages."""
        return self._with(statuses, lambda _unit: True)

    def _with(
        self, statuses: Iterable[SheetStatus], wanted: Callable[[int], bool]
    ) -> list[ScoreSheet]:
        return [
            each
            for each in self.sheets
            if each.stage in statuses and wanted(each.membership.unit_id)
        ]

    def capacity(self, role: str) -> str:
        """Return the words under which tasks are grouped."""
        return f"{role} · {self.year}"

    def page(self, name: str) -> str:
        """Return the address of one of the year's pages."""
        return reverse(name, args=[self.year.pk])


def seats_of(user: User, posts: Iterable[Post]) -> list[Seat]:
    """Return the person's place in each open year: three queries, seven with departments."""
    leads = _units_as(posts, PostRole.LEADER)
    serves = _units_as(posts, PostRole.OFFICER)
    if not leads | serves:
        return []
    years = list(_open_years(user, leads | serves))
    heads = heads_by_year(years)
    sheets: dict[int, list[ScoreSheet]] = defaultdict(list)
    for sheet in _sheets(years):
        sheets[sheet.bloc_year_id].append(sheet)
    split = [year.pk for year in years if year.appraised_by == AppraisedBy.DEPARTMENTS]
    departments = departments_by_year(split)
    left, argued = lines_left(split), lines_argued(split)
    return [
        Seat(
            year,
            heads[year.pk],
            leads,
            serves,
            bool(year.is_named),  # type: ignore[attr-defined]
            sheets[year.pk],
            departments.get(year.pk),
            left,
            argued,
        )
        for year in years
    ]


def _open_years(user: User, units: frozenset[int]) -> QuerySet[BlocYear]:
    """Return the years not closed in which the person or his or her units have a part."""
    members = Membership.objects.filter(bloc_year=OuterRef("pk"), unit_id__in=units)
    terms = HeadTerm.objects.filter(
        bloc_id=OuterRef("bloc_id"), year=OuterRef("year"), unit_id__in=units, ended_on__isnull=True
    )
    named = SecretariatMember.objects.filter(
        bloc_year=OuterRef("pk"), user=user, ended_at__isnull=True
    )
    appraisal = Deadline.objects.filter(bloc_year=OuterRef("pk"), kind=DeadlineKind.APPRAISAL)
    owed = owed_sheets(user.pk).filter(bloc_year=OuterRef("pk"))
    return (
        BlocYear.objects.exclude(status=YearStatus.CLOSED)
        .filter(Q(Exists(members)) | Q(Exists(terms)))
        .annotate(
            is_named=Exists(named),
            is_owing=Exists(owed),
            appraisal_due=Subquery(appraisal.values("due_on")),
        )
        .order_by("-year", "sorting", "pk")
    )


def _explanations() -> QuerySet[Explanation]:
    return Explanation.objects.filter(
        line__sheet=OuterRef("pk"), line__criterion__rubric=OuterRef("rubric")
    )


def _rounds() -> QuerySet[SheetRemark]:
    """The steps between leader and officer inside a unit, newest first."""
    steps = SheetRemark.objects.filter(
        sheet=OuterRef("pk"), kind__in=[RemarkKind.RETURNED, RemarkKind.FORWARDED]
    )
    return steps.order_by("-at", "-pk")


def _papers() -> QuerySet[PaperEntry]:
    """The papers that a sheet was entered from, newest first."""
    return PaperEntry.objects.filter(sheet=OuterRef("pk")).order_by("-recorded_at", "-pk")


def _sheets(years: Iterable[BlocYear]) -> QuerySet[ScoreSheet]:
    sheets = competing(ScoreSheet.objects.filter(bloc_year__in=years))
    return (
        with_progress(with_due(sheets))
        .select_related("membership", "rubric")
        .annotate(
            missing_lines=F("base_lines") - F("base_done"),
            review_lines=Count("lines", filter=COUNTED & ~Q(lines__review=""), distinct=True),
            is_checked=Exists(
                CrossCheck.objects.filter(sheet=OuterRef("pk"), ended_at__isnull=True)
            ),
            argued=Exists(_explanations().filter(agrees=False, answer="")),
            inside=Subquery(_rounds().values("kind")[:1]),
            paper_answer=Subquery(_papers().values("answer")[:1]),
            unspoken=Exists(_explanations().filter(agrees__isnull=True, is_silent=False)),
        )
        .order_by("membership__sorting", "pk")
    )


def _units_as(posts: Iterable[Post], role: PostRole) -> frozenset[int]:
    return frozenset(post.unit_id for post in posts if post.unit_id and post.role == role)
