"""What was entered under one version of a criterion, read under a later one."""

from __future__ import annotations

from typing import Any

from scoring.rules.enums import CriterionKind
from scoring.rules.inputs import from_json
from scoring.rules.numbers import InputError
from scoring.rules.structure import CriterionRules

NOT_ARISEN = {"kind": "not_applicable"}
_LEVELLED = {CriterionKind.CHOICE: "level", CriterionKind.EVENT_AVERAGE: "cases"}


def carry_input(before: CriterionRules, after: CriterionRules, document: Any) -> Any:
    """Return a stored input as the later rule reads it; InputError where it cannot.

    Levels are found by their label, at their own place first; where the label is gone, by their
    place if there are as many as before. Everything else stays as it was written. Figures of
    another way of scoring are never read: faults and merits are stored alike.
    """
    if document is None or after.automatic:
        return None
    if before.kind is not after.kind and document != NOT_ARISEN:
        raise InputError("Số liệu nhập theo cách chấm khác.")
    carried = _relabelled(before, after, document)
    from_json(after, carried)
    return carried


def _relabelled(before: CriterionRules, after: CriterionRules, document: Any) -> Any:
    key = _LEVELLED.get(after.kind) if after.kind else None
    if key is None or key not in document:
        return document
    old = [level.label for level in before.levels]
    new = [level.label for level in after.levels]
    if key == "level":
        return {**document, key: _place(document[key], old, new)}
    cases = [0] * len(new)
    for index, count in enumerate(document[key]):
        if count:
            cases[_place(index, old, new)] += count
    return {**document, key: cases}


def _place(index: int, old: list[str], new: list[str]) -> int:
    if new[index : index + 1] == old[index : index + 1]:
        return index  # where two levels have one label, the one that was chosen
    if old[index] in new:
        return new.index(old[index])
    if len(old) == len(new) and new[index] not in old:
        return index
    raise InputError(f"Mức “{old[index]}” không còn trong bảng.")
