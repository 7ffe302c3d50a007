"""What stands beside a line for its unit: last year's points, and what it had pledged."""

from __future__ import annotations

from emulation.vietnamese import format_number, format_points
from scoring.rules.enums import SectionKind
from scoring.rules.inputs import describe
from scoring.selectors.own_facts import OwnFacts, Pledged
from scoring.selectors.sheet_content import ContentLine

_SHOWN = 120


def last_year_words(line: ContentLine, facts: OwnFacts) -> str:
    """Return "năm trước 8,50", with its sign for plus and minus points; empty where unknown."""
    found = facts.last_year.get(line.row.criterion_id)
    if found is None:
        return ""
    signed = line.scored.kind is not SectionKind.BASE
    points = -found.points if line.scored.kind is SectionKind.MINUS else found.points
    word = "năm trước" if found.is_final else "năm trước tự chấm"
    return f"{word} {format_points(points, sign=signed)}"


def pledge_words(line: ContentLine, facts: OwnFacts) -> tuple[str, ...]:
    """Return what was pledged and what came of it, where the criterion is tied to the pledge."""
    item_id = line.row.criterion.pledge_item_id
    if item_id is None or item_id not in facts.items:
        return ()
    number, text = facts.items[item_id]
    pledged = facts.pledged.get(item_id, [])
    if not pledged:
        short = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rsplit(' ', 1)[0]}…"
        return (f"Giao ước, nội dung {number}: {short}",)
    return tuple(f"Giao ước: {_target(each)} → {_done(line)}" for each in pledged)


def _target(each: Pledged) -> str:
    return f"{each.title} {format_number(each.value)} {each.measure}".strip()


def _done(line: ContentLine) -> str:
    if line.entered is None:
        return "chưa nhập"
    words = describe(line.place.leaf, line.entered)
    return f"đã đạt {words[:1].lower()}{words[1:]}"
