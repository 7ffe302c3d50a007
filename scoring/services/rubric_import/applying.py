"""Writing a plan to the draft: rows matched by code are changed in place, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.plans import PlanMoved
from scoring.models import Criterion, Rubric, Section
from scoring.permissions.rubric import can_create_rubric, can_edit_rubric
from scoring.rules.rubric import CriterionRules, RubricError, RubricRules, from_document
from scoring.selectors.rubrics import rules_of
from scoring.services.rubric_import.cells import clean_code
from scoring.services.rubric_import.planning import (
    RubricPlan,
    current_rules,
    nodes_of,
    plan_document,
)
from scoring.services.rubric_rows import (
    criterion_columns,
    pledge_items,
    section_columns,
    signed,
    write_grades,
)
from scoring.services.rubrics import create_rubric, locked_rubric, settings_of

NOTHING_TO_DO = "Tệp giống hệt bảng đang có nên không có gì để ghi."


def apply_rubric_import(*, actor: User, plan: RubricPlan, seen: str | None = None) -> Rubric:
    """Write what the plan says, all of it, and return the version.

    Effects, in order: year and draft locked; permission; the plan made anew and compared with the
    one ``seen`` (PlanMoved where the draft changed meanwhile); settings, grades, sections,
    criteria; without a draft, the next version as :func:`create_rubric` drafts it. Rows keep their
    keys, comments and origins where their codes are in the file; others are added or removed.
    Raises Refused, Conflict (errors in the file, nothing to write), ValidationError.
    """
    if plan.errors:
        raise Conflict("Chưa nhập được: tệp còn lỗi. Đề nghị sửa tệp rồi tải lên lại.")
    with transaction.atomic():
        bloc_year = BlocYear.objects.select_for_update().get(pk=plan.bloc_year.pk)
        standing = standing_in(actor, bloc_year)
        draft = locked_rubric(plan.draft, actor) if plan.draft else None
        allowed = (
            can_edit_rubric(standing, draft) if draft else can_create_rubric(standing, bloc_year)
        )
        require(allowed)
        now = plan_document(bloc_year=bloc_year, document=plan.document, rubric=draft)
        if now.fingerprint != (plan.fingerprint if seen is None else seen):
            raise PlanMoved
        if not now.changes:
            raise Conflict(NOTHING_TO_DO)
        if draft is None:
            return create_rubric(
                actor=actor, bloc_year=bloc_year, document=now.document, source=now.base
            )
        _write(actor, draft, now)
    return draft


def _write(actor: User, rubric: Rubric, plan: RubricPlan) -> None:
    rules = from_document(plan.document)
    before = current_rules(rubric)
    columns = settings_of(rules, str(plan.document["late_policy"])).columns()
    for name, value in columns.items():
        setattr(rubric, name, value)
    rubric.full_clean()
    rubric.edit_version += 1
    rubric.save(update_fields=["edit_version", *columns])
    _Rows(actor, rubric, rules).write()
    if before.grades != rules.grades:
        write_grades(rubric, rules.grades)
    try:
        rules_of(rubric)
    except RubricError as error:
        raise ValidationError({"__all__": f"{error.place}: {error.message}"}) from error


class _Rows:
    """Brings the rows of one draft to what the rules say."""

    def __init__(self, actor: User, rubric: Rubric, rules: RubricRules) -> None:
        self.actor, self.rubric, self.rules = actor, rubric, rules
        self.items = pledge_items(rubric)
        self.sections = _by_code(Section.objects.filter(rubric=rubric).order_by("-pk"))
        criteria = Criterion.objects.filter(rubric=rubric).order_by("-pk")
        self.criteria = _by_code(criteria.select_related("section", "parent", "pledge_item"))

    def write(self) -> None:
        """Sections first, then criteria under them, then parts; what the file lacks goes last."""
        said = [
            (section.code, section_columns(section) | {"position": place})
            for place, section in enumerate(self.rules.sections, start=1)
        ]
        gone_sections = self._bring(Section, self.sections, said)
        tops, parts = self._criteria()
        self._bring(Criterion, self.criteria, tops)
        for _, columns in parts:
            columns["parent"] = self.criteria[columns["parent"]]
        kept = {code for code, _ in (*tops, *parts)}
        self._bring(Criterion, self.criteria, parts)
        gone = [row for code, row in self.criteria.items() if code not in kept]
        for row in sorted(gone, key=lambda each: each.parent_id is None):
            signed(row, self.actor).delete()
        for row in gone_sections:
            signed(row, self.actor).delete()

    def _criteria(self) -> tuple[list[Any], list[Any]]:
        """Return criteria and parts as columns; a part names its criterion by code for now."""
        tops: list[tuple[str, dict[str, Any]]] = []
        parts: list[tuple[str, dict[str, Any]]] = []
        places: dict[tuple[str, str], int] = {}
        for section, parent, rule in nodes_of(self.rules):
            under = (section, parent.code if parent else "")
            places[under] = places.get(under, 0) + 1
            columns = self._columns(rule) | {
                "section": self.sections[section],
                "parent": parent.code if parent else None,
                "position": places[under],
            }
            (parts if parent else tops).append((rule.code, columns))
        return tops, parts

    def _columns(self, rule: CriterionRules) -> dict[str, Any]:
        return criterion_columns(rule, self.items)

    def _bring(
        self,
        model: type[Any],
        known: dict[str, Any],
        said: Sequence[tuple[str, Mapping[str, Any]]],
    ) -> list[Any]:
        """Change the rows whose codes are known, add the others; return the rows not named."""
        new, changed, fields = [], [], set()
        for code, columns in said:
            row = known.get(code)
            if row is None:
                known[code] = model(rubric=self.rubric, **columns)
                new.append(known[code])
                continue
            differing = {name for name, value in columns.items() if _differ(row, name, value)}
            for name in differing:
                setattr(row, name, columns[name])
            fields |= differing
            if differing:
                changed.append(row)
        history = {"default_user": self.actor, "default_date": clock.now()}
        if changed:
            bulk_update_with_history(changed, model, sorted(fields), **history)
        if new:
            bulk_create_with_history(new, model, **history)
        named = {code for code, _ in said}
        return [row for code, row in known.items() if code not in named]


def _by_code(rows: Any) -> dict[str, Any]:
    return {clean_code(row.code): row for row in rows}


def _differ(row: Any, name: str, value: Any) -> bool:
    return bool(_plain(getattr(row, name)) != _plain(value))


def _plain(value: Any) -> Any:
    """Return levels and thresholds so that "2" and "2.00" are the same."""
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case str():
            try:
                return Decimal(value) if value[:1].isdigit() else value
            except InvalidOperation:
                return value
    return value
