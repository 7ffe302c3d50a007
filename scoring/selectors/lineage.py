"""Which criterion of a table comes from which one of an earlier table of the same bloc."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from scoring.models import Criterion

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Node:
    """A criterion in the line of descent of a bloc's tables."""

    pk: int
    rubric_id: int
    code: str
    origin_id: int | None


def criteria_of_bloc(bloc_id: int) -> dict[int, Node]:
    """Return every criterion of every table that a bloc ever had, by id: one query."""
    rows = Criterion.objects.filter(rubric__bloc_year__bloc_id=bloc_id).order_by("pk")
    return {row[0]: Node(*row) for row in rows.values_list("pk", "rubric_id", "code", "origin_id")}


def links_to(old_rubric: int, rubric: int, nodes: Mapping[int, Node]) -> dict[str, str]:
    """Return which criterion of the old table each one of the table comes from, by code.

    By descent first, through whatever versions lie between; else by the same code, if no other
    criterion of the table comes from it.
    """
    olds = [node for node in nodes.values() if node.rubric_id == old_rubric]
    by_pk = {old.pk: old.code for old in olds}
    by_root: dict[int, list[str]] = {}
    for old in olds:
        by_root.setdefault(list(_descent(old, nodes))[-1].pk, []).append(old.code)
    found: dict[str, str] = {}
    unknown: list[str] = []
    for node in (each for each in nodes.values() if each.rubric_id == rubric):
        line = list(_descent(node, nodes))
        direct = next((by_pk[each.pk] for each in line if each.pk in by_pk), "")
        cousins = by_root.get(line[-1].pk, [])
        if direct or len(cousins) == 1:
            found[node.code] = direct or cousins[0]
        else:
            unknown.append(node.code)
    free = set(by_pk.values()) - set(found.values())
    return found | {code: code for code in unknown if code in free}


def carried(
    known: Mapping[str, Known], old_rubric: int, rubric: int, nodes: Mapping[int, Node]
) -> dict[int, Known]:
    """Return what is known of the old table's criteria, by code, by the table's criterion ids."""
    links = links_to(old_rubric, rubric, nodes)
    return {
        node.pk: known[links[node.code]]
        for node in nodes.values()
        if node.rubric_id == rubric and links.get(node.code) in known
    }


def _descent(node: Node, nodes: Mapping[int, Node]) -> Iterator[Node]:
    """Yield a criterion and those it was copied from, one after the other."""
    seen: set[int] = set()
    current: Node | None = node
    while current is not None and current.pk not in seen:
        seen.add(current.pk)
        yield current
        current = nodes.get(current.origin_id) if current.origin_id else None
