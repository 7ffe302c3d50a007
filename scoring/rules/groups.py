"""Exclusive groups: of gains only the highest counts, of losses only the largest.

A group is of losses if it holds a minus item or a base criterion that deducts; the gains
of a plus item then have no part in it (the linter reports the mixture).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.rules.enums import CriterionKind, LineFlag, SectionKind
from scoring.rules.lines import flag
from scoring.rules.numbers import ZERO
from scoring.rules.rubric import CriterionRules, RubricRules
from scoring.rules.sheet import SheetLine

_ZEROED = {LineFlag.NO_EVIDENCE, LineFlag.NO_DECISION, LineFlag.KNOCKED_OUT}


@dataclass(frozen=True)
class GroupMember:
    """A criterion or part in an exclusive group."""

    rule: CriterionRules
    kind: SectionKind

    @property
    def deducts(self) -> bool:
        """Tell whether the member punishes rather than rewards."""
        kinds = {leaf.kind for leaf in self.rule.leaves}
        deducts = self.kind is SectionKind.BASE and CriterionKind.DEDUCT in kinds
        return deducts or self.kind is SectionKind.MINUS


def group_members(rubric: RubricRules) -> dict[str, list[GroupMember]]:
    """Return the members of each exclusive group, in the rubric's order."""
    members: dict[str, list[GroupMember]] = defaultdict(list)
    for section in rubric.sections:
        for criterion in section.criteria:
            for node in (criterion, *criterion.parts):
                if node.exclusive_group:
                    members[node.exclusive_group].append(GroupMember(node, section.kind))
    return dict(members)


def is_of_losses(members: Sequence[GroupMember]) -> bool:
    """Tell whether a group is of losses."""
    return any(member.deducts for member in members)


def apply_exclusive_groups(
    rubric: RubricRules, lines: tuple[SheetLine, ...]
) -> tuple[SheetLine, ...]:
    """Return the lines with only one member of each group counting."""
    for members in group_members(rubric).values():
        if is_of_losses(members):
            lines = _keep_largest_loss(members, lines)
        else:
            lines = _keep_highest_gain(members, lines)
    return lines


def _own(member: GroupMember, lines: Sequence[SheetLine]) -> list[SheetLine]:
    """Return a member's lines that take part: scored, arisen, and not 0 by another rule."""
    codes = {leaf.code for leaf in member.rule.leaves}
    return [
        line
        for line in lines
        if line.code in codes
        and line.counted is not None
        and not line.not_applicable
        and not _ZEROED.intersection(line.flags)
    ]


def _keep_highest_gain(
    members: Sequence[GroupMember], lines: tuple[SheetLine, ...]
) -> tuple[SheetLine, ...]:
    gains = [_total(_own(member, lines), _gain) for member in members]
    winner = members[gains.index(max(gains))]
    note = f"chỉ tính mức cao nhất của nhóm: {winner.rule.code}"
    dropped = _codes_of_others(members, winner, lines)
    return tuple(
        flag(line, LineFlag.GROUP_DROPPED, ZERO, note)
        if line.code in dropped and _gain(line)
        else line
        for line in lines
    )


def _keep_largest_loss(
    members: Sequence[GroupMember], lines: tuple[SheetLine, ...]
) -> tuple[SheetLine, ...]:
    members = [member for member in members if member.kind is not SectionKind.PLUS]
    losses = [_total(_own(member, lines), _loss) for member in members]
    winner = members[losses.index(max(losses))]
    note = f"chỉ trừ một lần, đã trừ ở {winner.rule.code}"
    restored = _codes_of_others(members, winner, lines)
    return tuple(
        flag(line, LineFlag.GROUP_RESTORED, _without_loss(line), note)
        if line.code in restored and _loss(line)
        else line
        for line in lines
    )


def _codes_of_others(
    members: Sequence[GroupMember], winner: GroupMember, lines: Sequence[SheetLine]
) -> set[str]:
    others = [member for member in members if member is not winner]
    return {line.code for member in others for line in _own(member, lines)}


def _gain(line: SheetLine) -> Decimal:
    return line.counted or ZERO


def _loss(line: SheetLine) -> Decimal:
    """Return what a line costs: its points of a minus item, what a base line lacks."""
    counted = line.counted or ZERO
    return counted if line.kind is SectionKind.MINUS else line.maximum - counted


def _without_loss(line: SheetLine) -> Decimal:
    return ZERO if line.kind is SectionKind.MINUS else line.maximum


def _total(lines: Sequence[SheetLine], figure: Callable[[SheetLine], Decimal]) -> Decimal:
    return sum((figure(line) for line in lines), ZERO)
