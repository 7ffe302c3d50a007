"""A line that two people changed: what was typed beside what is stored, field by field."""

from __future__ import annotations

import json
from dataclasses import dataclass

from emulation.vietnamese import format_moment
from scoring.forms.self_score import KEEP, NOT_APPLICABLE, NOTE, draft_of, field_name
from scoring.rules.inputs import describe
from scoring.rules.rubric import CriterionRules
from scoring.selectors.sheet_content import Lack
from scoring.services.sheets import LineClash, LineDraft
from scoring.views.sheet_fields import FieldView, field_views


@dataclass(frozen=True, slots=True)
class ClashRow:
    """One field of the line: its label, what the person typed, what is stored."""

    label: str
    mine: str
    stored: str

    @property
    def differs(self) -> bool:
        """Whether the two versions part here."""
        return self.mine != self.stored


@dataclass(frozen=True, slots=True)
class ClashView:
    """What somebody else saved on the line meanwhile, beside what the person typed.

    ``fields`` is a JSON object of the stored texts by field name, for the button that takes them.
    """

    who: str
    when: str
    shown: str
    note: str
    keep_name: str
    rows: tuple[ClashRow, ...]
    fields: str


def clash_view(clash: LineClash, leaf: CriterionRules, mine: LineDraft) -> ClashView:
    """Return both versions of a line, field by field."""
    stored = draft_of(clash.entered, clash.note, clash.version, clash.half)
    key = clash.criterion_id
    return ClashView(
        who=clash.author or "người khác trong đơn vị",
        when=f"lúc {format_moment(clash.at)}" if clash.at else "",
        shown=_shown(clash, leaf),
        note=clash.note,
        keep_name=field_name(key, KEEP),
        rows=_rows(key, leaf, mine, stored),
        fields=json.dumps(stored_fields(key, leaf, stored), ensure_ascii=False),
    )


def _shown(clash: LineClash, leaf: CriterionRules) -> str:
    if clash.half:
        return f"{', '.join(clash.half.values())} ({Lack.HALF_TYPED.value})"
    return describe(leaf, clash.entered)


def stored_fields(key: int, leaf: CriterionRules, stored: LineDraft) -> dict[str, str]:
    """Return a stored line as the texts of its fields by name; a tick is "1" or empty."""
    texts = {each.id: each.value for each in field_views(key, leaf, stored, {})}
    ticked = "1" if stored.not_applicable else ""
    return texts | {field_name(key, NOTE): stored.note, field_name(key, NOT_APPLICABLE): ticked}


def _rows(
    key: int, leaf: CriterionRules, mine: LineDraft, stored: LineDraft
) -> tuple[ClashRow, ...]:
    pairs = zip(field_views(key, leaf, mine, {}), field_views(key, leaf, stored, {}), strict=True)
    rows = [ClashRow(_label(leaf, own), _words(own), _words(other)) for own, other in pairs]
    ticks = (_tick(mine), _tick(stored))
    if any(ticks):
        rows.append(ClashRow("không phát sinh", *ticks))
    if mine.note or stored.note:
        rows.append(ClashRow("ghi chú", mine.note, stored.note))
    return tuple(row for row in rows if row.mine or row.stored)


def _label(leaf: CriterionRules, field: FieldView) -> str:
    return field.label.removeprefix(f"{leaf.code}: ")


def _words(field: FieldView) -> str:
    """Return a field's text; of a list the words of what is chosen."""
    if not field.options:
        return field.value
    return next((words for value, words, chosen in field.options if chosen and value), "")


def _tick(draft: LineDraft) -> str:
    return "có đánh dấu" if draft.not_applicable else ""
