"""Rubrics as their readers see them, and their rows as the rules read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from blocs.enums import DeadlineKind
from blocs.models import BlocYear
from blocs.selectors.deadlines import due_on
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation.models import User
from scoring.enums import RubricStatus
from scoring.models import (
    AwardQuota,
    Criterion,
    GradeBand,
    Rubric,
    RubricComment,
    ScoreLine,
    Section,
)
from scoring.rules import enums as rule_enums
from scoring.rules.lint import Finding, errors, lint, unreadable
from scoring.rules.numbers import CENT
from scoring.rules.rubric import (
    CriterionRules,
    Level,
    RubricError,
    RubricRules,
    SectionFloor,
    SectionRules,
)
from scoring.rules.rubric import GradeBand as GradeRules

GRADE_COLUMNS = (
    *("name", "lower_bound", "min_criterion_share", "max_share_of_units"),
    *("share_base", "overflow", "section_floors"),
)

# ---------------------------------------------------------------- rows as rules


def rules_of(rubric: Rubric) -> RubricRules:
    """Return a rubric as the rules read it: three queries, whatever its size.

    RubricError where a draft contradicts itself so far that no table can be read from it.
    """
    sections = Section.objects.filter(rubric=rubric).order_by("position", "pk")
    return _assemble(rubric, sections, criteria_of(rubric), grades_of(rubric))


def rules_by_rubric(rubrics: Iterable[Rubric]) -> dict[int, RubricRules]:
    """Return several rubrics as the rules read them, by key: three queries for all.

    RubricError as of ``rules_of``.
    """
    wanted = {rubric.pk: rubric for rubric in rubrics}
    sections, criteria, grades = (
        _by_rubric(rows)
        for rows in (
            Section.objects.filter(rubric__in=wanted).order_by("position", "pk"),
            Criterion.objects.filter(rubric__in=wanted)
            .select_related("pledge_item")
            .order_by("section__position", "position", "pk"),
            GradeBand.objects.filter(rubric__in=wanted).order_by("-lower_bound"),
        )
    )
    return {
        pk: _assemble(rubric, sections.get(pk, ()), criteria.get(pk, ()), grades.get(pk, ()))
        for pk, rubric in wanted.items()
    }


def _by_rubric(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.rubric_id, []).append(row)
    return found


def rules_from_lines(
    rubric: Rubric, lines: Iterable[ScoreLine], grades: Sequence[GradeBand] | None = None
) -> RubricRules:
    """Return the rules of a sheet's own lines, without a query.

    The lines must carry criterion, section and parent. Without ``grades`` the sanctions, which
    may name a grade, are left out: points follow from neither.
    """
    criteria: dict[int, Criterion] = {}
    for line in lines:
        for criterion in (line.criterion.parent, line.criterion):
            if criterion is not None:
                criteria.setdefault(criterion.pk, criterion)
    ordered = sorted(criteria.values(), key=lambda each: (each.position, each.pk))
    sections = {line.criterion.section_id: line.criterion.section for line in lines}
    in_order = sorted(sections.values(), key=lambda each: (each.position, each.pk))
    return _assemble(rubric, in_order, ordered, grades)


def criteria_of(rubric: Rubric) -> QuerySet[Criterion]:
    """Return the criteria and parts of a rubric, each section's in their order."""
    rows = Criterion.objects.filter(rubric=rubric).select_related("pledge_item")
    return rows.order_by("section__position", "position", "pk")


def grades_of(rubric: Rubric) -> QuerySet[GradeBand]:
    """Return the grades of a rubric, the highest first."""
    return GradeBand.objects.filter(rubric=rubric).order_by("-lower_bound")


def _assemble(
    rubric: Rubric,
    sections: Iterable[Section],
    criteria: Iterable[Criterion],
    grades: Iterable[GradeBand] | None,
) -> RubricRules:
    parts: dict[int, list[Criterion]] = {}
    tops: dict[int, list[Criterion]] = {}
    for criterion in criteria:
        place = parts if criterion.parent_id else tops
        place.setdefault(criterion.parent_id or criterion.section_id, []).append(criterion)
    sanctioned = grades is not None
    return RubricRules(
        title=rubric.title,
        scale_max=rubric.scale_max,
        plus_cap=rubric.plus_cap,
        minus_cap=rubric.minus_cap,
        floor=rubric.floor,
        ceiling=rubric.ceiling,
        rounding=rubric.rounding,
        scale_back=rubric.scale_back,
        rank_capped=rubric.rank_capped,
        rank_style=rule_enums.RankStyle(rubric.rank_style),
        tie_breaks=tuple(rubric.tie_breaks),
        grades=tuple(_grade(band) for band in grades or ()),
        sections=tuple(
            _section(section, tops.get(section.pk, []), parts, sanctioned=sanctioned)
            for section in sections
        ),
    )


def grade_rules(columns: Mapping[str, Any]) -> GradeRules:
    """Return a grade as the rules read it, from the columns of its row."""
    return GradeRules(
        **{
            **columns,
            "share_base": rule_enums.ShareBase(columns["share_base"]),
            "section_floors": tuple(
                SectionFloor(code, None if share is None else Decimal(share))
                for code, share in columns["section_floors"]
            ),
        }
    )


def _grade(band: GradeBand) -> GradeRules:
    return grade_rules({name: getattr(band, name) for name in GRADE_COLUMNS})


def _section(
    section: Section,
    tops: Sequence[Criterion],
    parts: Mapping[int, Sequence[Criterion]],
    *,
    sanctioned: bool,
) -> SectionRules:
    """Return a section; one without a maximum is bound by its criteria's alone."""
    criteria = tuple(
        criterion_rules(top, parts.get(top.pk, ()), sanctioned=sanctioned) for top in tops
    )
    own = sum((criterion.max_points for criterion in criteria), Decimal(0))
    return SectionRules(
        code=section.code,
        kind=rule_enums.SectionKind(section.kind),
        title=section.title,
        max_points=own if section.max_points is None else section.max_points,
        criteria=criteria,
    )


def criterion_rules(
    row: Criterion, parts: Sequence[Criterion] = (), *, sanctioned: bool = True
) -> CriterionRules:
    """Return a criterion with its parts as the rules read it; RubricError if it cannot be."""
    effect = row.sanction if sanctioned else ""
    return CriterionRules(
        code=row.code,
        title=row.title,
        max_points=row.max_points,
        kind=None if parts else rule_enums.CriterionKind(row.kind),
        step=CENT if row.step is None else row.step,
        per=None if parts else row.per,
        levels=() if parts else tuple(_level(level) for level in row.levels),
        ladder=() if parts else tuple((Decimal(a), Decimal(b)) for a, b in row.ladder),
        parts=tuple(criterion_rules(part, sanctioned=sanctioned) for part in parts),
        not_applicable=rule_enums.NotApplicable(row.not_applicable),
        evidence_required=row.evidence_required,
        decision_required=row.decision_required,
        exclusive_group=row.exclusive_group,
        sanction=rule_enums.SanctionEffect(effect) if effect else None,
        sanction_grade=row.sanction_grade if effect else "",
        automatic=rule_enums.Automatic(row.automatic) if row.automatic and not parts else None,
        unit_label=row.unit_label,
        relative=row.relative and not parts,
        evidence_hint=row.evidence_hint,
        checker=row.checker,
        pledge_item=row.pledge_item.position if row.pledge_item else None,
        printed_max=row.printed_max,
        note=row.note,
    )


def _level(doc: Mapping[str, object]) -> Level:
    return Level(str(doc["label"]), Decimal(str(doc["points"])), bool(doc.get("knocks_out")))


def findings_of(rubric: Rubric) -> list[Finding]:
    """Return what the check finds wrong or doubtful in a rubric, the weightiest first.

    What the bloc-year knows of awards, members and the deadline is compared too.
    """
    try:
        rules = rules_of(rubric)
    except RubricError as error:
        return [unreadable(error)]
    year = rubric.bloc_year
    return lint(
        rules,
        awards=AwardQuota.objects.filter(bloc_year=year).aggregate(sum=Sum("max_count"))["sum"],
        members=members_not_ended(year).count(),
        has_deadline=due_on(year, DeadlineKind.SELF_SCORE) is not None,
    )


def errors_of(rubric: Rubric) -> list[Finding]:
    """Return the errors alone: what issuing must waive, each with its reason."""
    try:
        return errors(rules_of(rubric))
    except RubricError as error:
        return [unreadable(error)]


# ---------------------------------------------------------------- who sees which


def rubrics_seen_by(standing: Standing, bloc_year: BlocYear) -> QuerySet[Rubric]:
    """Return the versions a person may read: drafts are the secretary's and the board's."""
    rubrics = Rubric.objects.filter(bloc_year=bloc_year).order_by("-version")
    if not standing.sees_inside:
        return rubrics.none()
    if standing.is_secretary or standing.is_board:
        return rubrics
    return rubrics.exclude(status=RubricStatus.DRAFT)


def get_rubric_for_user(user: User, rubric_id: int) -> tuple[Rubric, Standing]:
    """Return a rubric with the person's standing; Http404 unless he or she may read it."""
    rubric = Rubric.objects.select_related("bloc_year__bloc").filter(pk=rubric_id).first()
    if rubric is None:
        raise Http404
    standing = standing_in(user, rubric.bloc_year)
    if not rubrics_seen_by(standing, rubric.bloc_year).filter(pk=rubric.pk).exists():
        raise Http404
    return rubric, standing


def issued_rubric(bloc_year: BlocYear) -> Rubric | None:
    """Return the version in force, or None before one is issued."""
    return Rubric.objects.filter(bloc_year=bloc_year, status=RubricStatus.ISSUED).first()


def copyable_rubrics(user: User, bloc_year: BlocYear) -> QuerySet[Rubric]:
    """Return the issued tables of the same bloc that a new draft may start from."""
    return (
        Rubric.objects.filter(
            bloc_year__bloc_id=bloc_year.bloc_id,
            status__in=[RubricStatus.ISSUED, RubricStatus.SUPERSEDED],
        )
        .select_related("bloc_year")
        .order_by("-bloc_year__year", "-version")
        if standing_in(user, bloc_year).is_secretary
        else Rubric.objects.none()
    )


# ---------------------------------------------------------------- comments


def comments_of(rubric: Rubric) -> QuerySet[RubricComment]:
    """Return the comments on a version in the order in which they were made."""
    return (
        RubricComment.objects.filter(rubric=rubric)
        .select_related("membership", "author", "meeting", "replied_by", "criterion")
        .order_by("made_at", "pk")
    )


def open_comment_count(rubric: Rubric) -> int:
    """Return how many comments still wait for a reply."""
    return RubricComment.objects.filter(rubric=rubric, reply="").count()


def comment_counts(rubric: Rubric) -> dict[int, tuple[int, int]]:
    """Return by criterion id how many comments there are, and how many wait: one query."""
    rows = RubricComment.objects.filter(rubric=rubric, criterion__isnull=False).order_by()
    counted = rows.values_list("criterion_id").annotate(
        said=Count("pk"), waiting=Count("pk", filter=Q(reply=""))
    )
    return {key: (said, waiting) for key, said, waiting in counted if key is not None}


def with_open_comments(rubrics: QuerySet[Rubric]) -> QuerySet[Rubric]:
    """Return the rubrics, each with ``open_comments`` and ``all_comments``."""
    return rubrics.annotate(
        all_comments=Count("comments", distinct=True),
        open_comments=Count("comments", filter=Q(comments__reply=""), distinct=True),
    )
