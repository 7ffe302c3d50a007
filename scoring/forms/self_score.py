"""The score sheet's own inputs: how lines are named in the form, and how they are read back.

The sheet is one hand-written form, not a formset: a line's inputs are called
``c<criterion id>-<field>``. Each line carries ``c<id>-v``: its version and a mark of what was
shown, so that a line nobody touched is not sent to the service at all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal

from scoring.rules.entries import (
    ChoiceInput,
    CountInput,
    DirectInput,
    EventsInput,
    LineInput,
    NotApplicableInput,
    PassFailInput,
    RatioInput,
    TargetInput,
)
from scoring.rules.numbers import short
from scoring.services.sheets import LineDraft

NOTE, NOT_APPLICABLE, VERSION, KEEP = "note", "na", "v", "keep"
_VERSION_NAME = re.compile(r"c([0-9]{1,18})-v")
_OWN = {NOTE, NOT_APPLICABLE, VERSION, KEEP}


def field_name(criterion_id: int, field: str) -> str:
    """Return the name (and id) of one input of a line."""
    return f"c{criterion_id}-{field}"


def typed_texts(entered: LineInput | None) -> dict[str, str]:
    """Return a stored input as the texts that a person would type for it."""
    match entered:
        case DirectInput(points):
            return {"points": short(points)}
        case ChoiceInput(level):
            return {"level": str(level)}
        case PassFailInput(passed):
            return {"passed": "1" if passed else "0"}
        case CountInput(n):
            return {"n": str(n)}
        case RatioInput(numerator, denominator, percent):
            return {
                "numerator": _short(numerator),
                "denominator": _short(denominator),
                "percent": _short(percent),
            }
        case TargetInput(actual, target):
            return {"actual": short(actual), "target": short(target)}
        case EventsInput(cases):
            return {f"cases_{at}": str(count) for at, count in enumerate(cases)}
    return {}


def _short(value: Decimal | None) -> str:
    return "" if value is None else short(value)


def draft_of(
    entered: LineInput | None, note: str, version: int, half: Mapping[str, str] | None = None
) -> LineDraft:
    """Return a stored line as if a person had just typed it; ``half`` as in ``self_typed``."""
    not_applicable = isinstance(entered, NotApplicableInput)
    return LineDraft(half or typed_texts(entered), version, note, not_applicable)


def shown_mark(draft: LineDraft) -> str:
    """Return ``<version>.<mark>`` for the hidden field: what the person saw on the line."""
    return f"{draft.version}.{_mark(draft)}"


def _mark(draft: LineDraft) -> str:
    raw = sorted((name, text.strip()) for name, text in draft.raw.items() if text.strip())
    said = (raw, _plain(draft.note), draft.not_applicable)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def read_drafts(post: Mapping[str, str]) -> dict[int, LineDraft]:
    """Return the lines that a person touched, by criterion id.

    Left out: lines that still say what was shown, and those where the person chose to keep what
    somebody else had saved meanwhile.
    """
    drafts: dict[int, LineDraft] = {}
    for criterion_id, fields in _grouped(post).items():
        version, _, mark = fields[VERSION].partition(".")
        draft = LineDraft(
            raw={name: text for name, text in fields.items() if name not in _OWN},
            version=_number(version),
            note=fields.get(NOTE, ""),
            not_applicable=bool(fields.get(NOT_APPLICABLE)),
        )
        if mark != _mark(draft) and not fields.get(KEEP):
            drafts[criterion_id] = draft
    return drafts


def posted_lines(post: Mapping[str, str]) -> frozenset[int]:
    """Return the criterion ids of every line that a POST carries, touched or not."""
    found = map(_VERSION_NAME.fullmatch, post)
    return frozenset(int(match[1]) for match in found if match)


def _number(text: str) -> int:
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def _grouped(post: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """Return the posted texts by criterion id and field; only lines that carry a version."""
    found = (match[1] for match in map(_VERSION_NAME.fullmatch, post) if match)
    grouped: dict[str, dict[str, str]] = {key: {} for key in found}
    for name in post:
        key, _, field = name.partition("-")
        if key[:1] == "c" and key[1:] in grouped:
            grouped[key[1:]][field] = post[name]
    return {int(key): fields for key, fields in grouped.items()}
