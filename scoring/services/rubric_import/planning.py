"""What a workbook would do to a year's rubric: every error, every difference, nothing written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from blocs.models import BlocYear
from scoring.enums import LatePolicy, RubricStatus
from scoring.models import Rubric
from scoring.rules.difference import Change, ChangeKind, rubric_difference
from scoring.rules.rubric import (
    CriterionRules,
    RubricError,
    RubricRules,
    from_document,
    to_document,
)
from scoring.selectors.rubric_versions import late_policy_change
from scoring.selectors.rubrics import rules_of
from scoring.services.rubric_import.assembling import Assembly
from scoring.services.rubric_import.cells import clean_code, clean_text
from scoring.services.rubric_import.layout import COLUMNS, CRITERIA, column_of
from scoring.services.rubric_import.reading import CellError, read_book
from scoring.services.rubric_rows import pledge_items_of_year

DRAFTS = (RubricStatus.DRAFT, RubricStatus.CONSULTING)
NOTHING = RubricRules(title="", scale_max=Decimal(0), sections=())


@dataclass(frozen=True, slots=True)
class RubricPlan:
    """What an import would do.

    ``draft`` is the version that would change; where there is None, the next one is drafted,
    compared with ``base``, the version in force. ``document`` is what the file says.
    """

    bloc_year: BlocYear
    draft: Rubric | None
    base: Rubric | None
    document: Mapping[str, Any]
    errors: tuple[CellError, ...] = ()
    changes: tuple[Change, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def can_be_written(self) -> bool:
        """Whether there is something to write, and nothing stands in its way."""
        return not self.errors and bool(self.changes)

    @property
    def fingerprint(self) -> str:
        """A digest of what the person reads and of the version that was compared, in hex."""
        against = self.draft or self.base
        state = (against.pk, against.edit_version) if against else ()
        said = [state, self.draft is None, [asdict(each) for each in self.changes], self.document]
        whole = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows are new, how many gone, how many fields changed."""
        kinds = [each.kind for each in self.changes]
        return {kind.value: kinds.count(kind) for kind in ChangeKind}


def plan_rubric_import(
    *, bloc_year: BlocYear, content: bytes, rubric: Rubric | None = None
) -> RubricPlan:
    """Return what a workbook would do to ``rubric``, else to the year's newest draft.

    Every error of the file is in the plan by sheet, row and column; every difference from the
    draft (without one: from the version in force) by criterion and field.
    """
    book = read_book(content)
    assembly = Assembly(book)
    rules = assembly.rubric()
    if rules is None:
        draft, base = against(bloc_year, rubric)
        return RubricPlan(
            bloc_year, draft, base, {}, tuple(_in_order(book.errors)), remarks=tuple(book.remarks)
        )
    late = {"late_policy": assembly.late_policy} if assembly.late_policy else {}
    plan = plan_document(
        bloc_year=bloc_year, document=to_document(settled(rules)) | late, rubric=rubric
    )
    return replace(
        plan,
        errors=tuple(_unknown_items(plan, assembly)),
        remarks=tuple(book.remarks),
    )


def plan_document(
    *, bloc_year: BlocYear, document: Mapping[str, Any], rubric: Rubric | None = None
) -> RubricPlan:
    """Return what a workbook that was read before would do now."""
    draft, base = against(bloc_year, rubric)
    compared = draft or base
    before = current_rules(compared)
    kept = compared.late_policy if compared else LatePolicy.MINUS.value
    late = str(document.get("late_policy") or kept)
    differences = rubric_difference(before, from_document(document))
    changes = (*late_policy_change(kept, late), *differences)
    return RubricPlan(bloc_year, draft, base, dict(document) | {"late_policy": late}, (), changes)


def against(bloc_year: BlocYear, rubric: Rubric | None) -> tuple[Rubric | None, Rubric | None]:
    """Return the draft that an import changes, and the version in force."""
    versions = Rubric.objects.filter(bloc_year=bloc_year).order_by("-version")
    draft = versions.filter(status__in=DRAFTS)
    wanted = draft.filter(pk=rubric.pk) if rubric else draft
    return wanted.first(), versions.filter(status=RubricStatus.ISSUED).first()


def current_rules(rubric: Rubric | None) -> RubricRules:
    """Return what stands in a version as a workbook would say it; nothing where it is unreadable.

    A draft that contradicts itself so far that no table can be read from it is replaced whole.
    """
    if rubric is None:
        return NOTHING
    try:
        return settled(rules_of(rubric))
    except RubricError:
        return NOTHING


def settled(rules: RubricRules) -> RubricRules:
    """Return a rubric as the workbook carries it: texts cleaned, what has no effect left out."""
    return from_document(_cleaned(to_document(rules)))


def _cleaned(value: Any, key: str = "") -> Any:
    match value:
        case str():
            return clean_code(value) if key in {"code", "section"} else clean_text(value)
        case Mapping():
            return {name: _cleaned(each, name) for name, each in value.items()}
        case list() | tuple():
            return [_cleaned(each) for each in value]
    return value


def _unknown_items(plan: RubricPlan, assembly: Assembly) -> Iterator[CellError]:
    """Yield the criteria that name an item which the year's pledge does not have."""
    items = pledge_items_of_year(plan.bloc_year.pk)
    heading = column_of(CRITERIA, "pledge_item").heading
    for row in assembly.criteria.values():
        item = row.get("pledge_item")
        if item is not None and item not in items:
            said = f"Bản giao ước của Khối không có nội dung số {item}. Đề nghị sửa hoặc để trống."
            yield CellError(CRITERIA, row.number, heading, said, str(item))


def _in_order(errors: Sequence[CellError]) -> list[CellError]:
    """Return the errors as somebody goes through the file: by sheet, then by row."""
    sheets = ["", *COLUMNS]
    return sorted(errors, key=lambda each: (sheets.index(each.sheet), each.row or 0))


def nodes_of(rules: RubricRules) -> Iterator[tuple[str, CriterionRules | None, CriterionRules]]:
    """Yield section code, parent and criterion of every criterion and part, parents first."""
    for section in rules.sections:
        for criterion in section.criteria:
            yield section.code, None, criterion
            for part in criterion.parts:
                yield section.code, criterion, part
