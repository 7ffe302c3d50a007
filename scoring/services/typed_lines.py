"""What was typed on a line of a score sheet, read by its rule."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.models import ScoreLine
from scoring.rules.inputs import half_typed, parse_input, to_json
from scoring.rules.numbers import InputError
from scoring.rules.rubric import Place

NOTE_LENGTH = 5000


def read_fields(
    place: Place, fields: Mapping[str, str], note: str
) -> tuple[dict[str, object] | None, dict[str, str]]:
    """Return the input as stored, and what is wrong with it by field."""
    errors: dict[str, str] = {}
    if len(note) > NOTE_LENGTH:
        errors["note"] = (
            f"Ghi chú dài {len(note)} ký tự; tối đa {NOTE_LENGTH} ký tự. Đề nghị viết gọn lại."
        )
    try:
        entered = parse_input(place.leaf, fields, place.section.kind)
    except InputError as error:
        return None, {**errors, error.field: error.message}
    return (None if entered is None else to_json(entered)), errors


def half_of(row: ScoreLine, place: Place, fields: Mapping[str, str]) -> dict[str, str] | None:
    """Return what was typed of a pair on a line that has no input; None otherwise.

    A line that has one keeps it until what is typed in its place is whole.
    """
    return half_typed(place.leaf, fields) or None if row.self_input is None else None
