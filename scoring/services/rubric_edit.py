"""Editing a draft: settings with grades, sections, criteria and their parts.

Every edit leaves a table that the rules can read. What a person saw when the form was opened is
compared by ``digest``: a row that somebody else changed meanwhile is not overwritten unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model

from blocs.selectors.standing import standing_in
from emulation.access import require
from emulation.models import User
from pledges.models import PledgeItem
from scoring.enums import CriterionKind, NotApplicable, SectionKind
from scoring.models import Criterion, Rubric, Section
from scoring.permissions.rubric import can_edit_rubric
from scoring.rules.rubric import GradeBand as GradeRules
from scoring.rules.rubric import RubricError
from scoring.selectors.rubrics import grades_of, rules_of
from scoring.services.rubric_rows import signed, write_grades
from scoring.services.rubrics import RubricSettings, locked_rubric

Direction = Literal["up", "down"]
STALE = (
    "Có người khác vừa sửa mục này trong khi đồng chí đang soạn. Nội dung đồng chí nhập vẫn còn "
    "trong biểu mẫu; đề nghị đối chiếu với bản đang lưu bên dưới rồi lưu lại."
)
MEANWHILE = (
    "Danh sách vừa có người khác thêm, bỏ hoặc chuyển mục. Thứ tự chưa đổi; đề nghị xem danh sách "
    "hiện tại rồi sắp xếp lại."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionFields:
    """What a section says."""

    code: str
    title: str
    kind: str = SectionKind.BASE
    max_points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionFields:
    """What a criterion or part says; ``levels`` and ``ladder`` as the model stores them."""

    code: str
    title: str
    max_points: Decimal
    kind: str = CriterionKind.DIRECT
    step: Decimal | None = None
    per: Decimal | None = None
    unit_label: str = ""
    levels: list[dict[str, Any]] = field(default_factory=list)
    ladder: list[list[str]] = field(default_factory=list)
    not_applicable: str = NotApplicable.NOT_ALLOWED
    evidence_required: bool = False
    decision_required: bool = False
    exclusive_group: str = ""
    sanction: str = ""
    sanction_grade: str = ""
    automatic: str = ""
    relative: bool = False
    evidence_hint: str = ""
    checker: str = ""
    pledge_item: PledgeItem | None = None
    printed_max: Decimal | None = None
    note: str = ""

    def columns(self) -> dict[str, Any]:
        """Return what is said as columns of the criterion's row."""
        return {name: getattr(self, name) for name in self.__slots__}


class StaleEdit(ValidationError):  # noqa: N818 - a state of affairs
    """Somebody else changed the row meanwhile; ``stored`` is what stands there now."""

    def __init__(self, stored: Model) -> None:
        super().__init__({"__all__": STALE})
        self.stored = stored


# ---------------------------------------------------------------- the table as a whole


def edit_settings(
    *,
    actor: User,
    rubric: Rubric,
    settings: RubricSettings,
    grades: Sequence[GradeRules],
    seen: str = "",
) -> Rubric:
    """Change a draft's settings and its grades.

    Effects, in order: lock; permission; ``seen`` compared; settings written; grades replaced.
    Raises Refused, ValidationError, StaleEdit.
    """
    with transaction.atomic():
        rubric = _open(actor, rubric)
        _check_seen(rubric, seen, *grades_of(rubric))
        for name, value in settings.columns().items():
            setattr(rubric, name, value)
        rubric.full_clean()
        _touch(rubric, *settings.columns())
        write_grades(rubric, grades)
        _check_readable(rubric)
    return rubric


# ---------------------------------------------------------------- sections


def add_section(*, actor: User, rubric: Rubric, fields: SectionFields) -> Section:
    """Add a section at the end of the table.

    Effects, in order: lock; permission; the row written. Raises Refused, ValidationError.
    """
    with transaction.atomic():
        rubric = _open(actor, rubric)
        last = Section.objects.filter(rubric=rubric).aggregate(last=Max("position"))["last"]
        section = Section(rubric=rubric, position=(last or 0) + 1, **asdict(fields))
        _save(actor, rubric, section)
    return section


def edit_section(
    *, actor: User, section: Section, fields: SectionFields, seen: str = ""
) -> Section:
    """Change a section. Effects and errors as of :func:`edit_settings`."""
    with transaction.atomic():
        rubric = _open(actor, section.rubric)
        section = Section.objects.select_for_update().get(pk=section.pk)
        _check_seen(section, seen)
        _save(actor, rubric, _with(section, asdict(fields)))
    return section


def drop_section(*, actor: User, section: Section) -> None:
    """Remove a section with its criteria from a draft; comments on them stay, by code.

    Effects, in order: lock; permission; rows deleted. Raises Refused.
    """
    _drop(actor, section.rubric, section)


def move_section(*, actor: User, section: Section, direction: Direction) -> None:
    """Exchange a section with its neighbour. Raises Refused."""
    _move(
        actor,
        section.rubric,
        section,
        lambda rubric: Section.objects.filter(rubric=rubric),
        direction,
    )


# ---------------------------------------------------------------- criteria


def add_criterion(
    *,
    actor: User,
    section: Section,
    fields: CriterionFields,
    parent: Criterion | None = None,
) -> Criterion:
    """Add a criterion at the end of a section, or a part at the end of ``parent``.

    Effects, in order: lock; permission; the row written. Raises Refused, ValidationError.
    """
    with transaction.atomic():
        rubric = _open(actor, section.rubric)
        if parent is not None and (parent.section_id != section.pk or parent.parent_id):
            raise ValidationError({"__all__": "Ý nhỏ phải thuộc một tiêu chí của chính phần này."})
        siblings = Criterion.objects.filter(section=section, parent=parent)
        last = siblings.aggregate(last=Max("position"))["last"]
        criterion = Criterion(
            rubric=rubric,
            section=section,
            parent=parent,
            position=(last or 0) + 1,
            **fields.columns(),
        )
        _check_item(rubric, fields.pledge_item)
        _save(actor, rubric, criterion)
    return criterion


def edit_criterion(
    *,
    actor: User,
    criterion: Criterion,
    fields: CriterionFields,
    section: Section | None = None,
    seen: str = "",
) -> Criterion:
    """Change a criterion or part; with ``section``, move a criterion to the end of that section.

    Effects, in order: lock; permission; ``seen`` compared; the move, parts included; the row
    written. Raises Refused, ValidationError, StaleEdit.
    """
    with transaction.atomic():
        rubric = _open(actor, criterion.rubric)
        criterion = Criterion.objects.select_for_update(of=("self",)).get(pk=criterion.pk)
        _check_seen(criterion, seen)
        _check_item(rubric, fields.pledge_item)
        if section is not None and section.pk != criterion.section_id:
            _settle(actor, criterion, section)
        _save(actor, rubric, _with(criterion, fields.columns()))
    return criterion


def _settle(actor: User, criterion: Criterion, section: Section) -> None:
    """Put a criterion at the end of another section of its table, with its parts."""
    if section.rubric_id != criterion.rubric_id or criterion.parent_id:
        raise ValidationError({"section": "Chỉ chuyển được tiêu chí sang phần khác cùng bảng."})
    siblings = Criterion.objects.filter(section=section, parent=None)
    last = siblings.aggregate(last=Max("position"))["last"]
    criterion.section, criterion.position = section, (last or 0) + 1
    for part in criterion.parts.all():
        part.section = section
        signed(part, actor).save(update_fields=["section"])


def _check_item(rubric: Rubric, item: PledgeItem | None) -> None:
    if item is not None and item.pledge.bloc_year_id != rubric.bloc_year_id:
        raise ValidationError({"pledge_item": "Nội dung giao ước không thuộc năm này của Khối."})


def reorder(
    *,
    actor: User,
    rubric: Rubric,
    ids: Sequence[int],
    section: Section | None = None,
    parent: Criterion | None = None,
) -> None:
    """Put the sections of a table, the criteria of a section or the parts of a criterion in order.

    Effects, in order: lock; permission; positions written. Raises Refused, ValidationError where
    ``ids`` are not exactly the rows that stand there now.
    """
    with transaction.atomic():
        rubric = _open(actor, rubric)
        rows: list[Any]
        if parent is not None:
            rows = list(Criterion.objects.filter(rubric=rubric, parent=parent))
        elif section is not None:
            rows = list(Criterion.objects.filter(rubric=rubric, section=section, parent=None))
        else:
            rows = list(Section.objects.filter(rubric=rubric))
        by_id = {row.pk: row for row in rows}
        if sorted(by_id) != sorted(ids):
            raise ValidationError({"__all__": MEANWHILE})
        _number(actor, [by_id[pk] for pk in ids])
        _touch(rubric)


def _number(actor: User, rows: Sequence[Any]) -> None:
    for position, each in enumerate(rows, start=1):
        if each.position != position:
            each.position = position
            signed(each, actor).save(update_fields=["position"])


def drop_criterion(*, actor: User, criterion: Criterion) -> None:
    """Remove a criterion with its parts from a draft; comments on it stay, by code.

    Effects, in order: lock; permission; rows deleted. Raises Refused.
    """
    _drop(actor, criterion.rubric, criterion)


def move_criterion(*, actor: User, criterion: Criterion, direction: Direction) -> None:
    """Exchange a criterion or part with its neighbour. Raises Refused."""

    def siblings(rubric: Rubric) -> Any:
        return Criterion.objects.filter(
            rubric=rubric, section_id=criterion.section_id, parent_id=criterion.parent_id
        )

    _move(actor, criterion.rubric, criterion, siblings, direction)


# ---------------------------------------------------------------- how it is done

_NOT_SEEN = {"id", "rubric", "section", "parent", "position", "edit_version", "status"}


def digest(*rows: Model) -> str:
    """Return a short mark of what rows say, to notice that somebody else changed them."""
    said = [
        (each.name, str(each.value_from_object(row)))
        for row in rows
        for each in row._meta.concrete_fields  # noqa: SLF001 - Django's documented API
        if each.name not in _NOT_SEEN
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _check_seen(row: Model, seen: str, *others: Model) -> None:
    if seen and seen != digest(row, *others):
        raise StaleEdit(row)


def _open(actor: User, rubric: Rubric) -> Rubric:
    """Return the rubric locked, if ``actor`` may edit it; else raise Refused."""
    rubric = locked_rubric(rubric, actor)
    require(can_edit_rubric(standing_in(actor, rubric.bloc_year), rubric))
    return rubric


def _with(row: Any, values: dict[str, Any]) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _save(actor: User, rubric: Rubric, row: Any) -> None:
    row.full_clean()
    signed(row, actor).save()
    _touch(rubric)
    _check_readable(rubric)


def _touch(rubric: Rubric, *columns: str) -> None:
    rubric.edit_version += 1
    rubric.save(update_fields=["edit_version", *columns])


def _check_readable(rubric: Rubric) -> None:
    try:
        rules_of(rubric)
    except RubricError as error:
        raise ValidationError({"__all__": f"{error.place}: {error.message}"}) from error


def _drop(actor: User, rubric: Rubric, row: Any) -> None:
    with transaction.atomic():
        rubric = _open(actor, rubric)
        found = type(row).objects.filter(pk=row.pk).first()
        if found is not None:
            signed(found, actor).delete()
            _touch(rubric)


def _move(
    actor: User,
    rubric: Rubric,
    row: Any,
    siblings: Callable[[Rubric], Any],
    direction: Direction,
) -> None:
    """Exchange places with the neighbour; at either end nothing happens."""
    with transaction.atomic():
        rubric = _open(actor, rubric)
        rows = list(siblings(rubric).order_by("position", "pk"))
        place = next((at for at, each in enumerate(rows) if each.pk == row.pk), None)
        if place is None:
            return
        other = place + (1 if direction == "down" else -1)
        if not 0 <= other < len(rows):
            return
        rows[place], rows[other] = rows[other], rows[place]
        _number(actor, rows)
        _touch(rubric)
