"""Criteria that say the same: duplicates, near-duplicates, one deed counted twice.

All of it compares words, never codes. A pair is reported once, by the weightiest rule; criteria
of one exclusive group count once already and are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise, product

from scoring.rules.enums import CriterionKind, SectionKind, Severity
from scoring.rules.lint_findings import Finding, LintRule
from scoring.rules.lint_words import Fault, Wording, likeness, plain
from scoring.rules.numbers import short
from scoring.rules.rubric import CriterionRules, RubricRules, SectionRules

NEAR_PERCENT = 70
_NEAR_WORDS = 4
_SAME_DEED_PERCENT = 60
_SAME_DEED_WORDS = 4
_FAULT_PERCENT = 80
_FAULT_WORDS = 2
_GROUP_ADVICE = "Bỏ một tiêu chí, hoặc đặt cùng một nhóm chỉ tính một."
_MERGE_ADVICE = "Đối chiếu hai tiêu chí: gộp làm một, bỏ bớt, hoặc viết lại cho khác nhau."


@dataclass(frozen=True, eq=False)
class _Node:
    """A criterion, or a part with the criterion that it belongs to."""

    section: SectionRules
    rule: CriterionRules
    parent: CriterionRules | None = None

    @property
    def code(self) -> str:
        return self.rule.code

    @cached_property
    def own(self) -> Wording:
        return Wording(self.rule.title)

    @cached_property
    def whole(self) -> Wording:
        """The title; of a part, after that of its criterion."""
        return Wording(f"{self.parent.title} {self.rule.title}") if self.parent else self.own

    @cached_property
    def faults(self) -> frozenset[Fault]:
        """The faults named by the title, or by what is counted ("văn bản chậm")."""
        return self.own.faults | Wording(self.rule.unit_label).faults

    @property
    def groups(self) -> set[str]:
        named = {self.rule.exclusive_group, self.parent.exclusive_group if self.parent else ""}
        return named - {""}

    @property
    def punishes_presence(self) -> bool:
        """Tell whether what is named costs points: a minus item, or a base one that denies it."""
        return (self.section.kind is SectionKind.MINUS) != self.own.denied


_Pair = tuple[_Node, _Node]


def repetitions(rubric: RubricRules) -> list[Finding]:
    """Return the findings about criteria that say the same."""
    nodes = _nodes(rubric)
    seen: set[frozenset[str]] = set()
    found: list[Finding] = []
    for rule, pairs in (
        (LintRule.DUPLICATE, _exact(nodes)),
        (LintRule.PUNISHED_TWICE, _punished(nodes)),
        (LintRule.REWARDED_TWICE, _rewarded(nodes)),
        (LintRule.NEAR_DUPLICATE, _near(nodes)),
    ):
        fresh = []
        for pair in pairs:
            if _is_new(pair, seen):
                seen.add(frozenset(node.code for node in pair))
                fresh.append(pair)
        found += [_finding(rule, group) for group in _gathered(fresh)]
    return found


def _nodes(rubric: RubricRules) -> list[_Node]:
    nodes = []
    for section in rubric.sections:
        for criterion in section.criteria:
            nodes.append(_Node(section, criterion))
            nodes += [_Node(section, part, criterion) for part in criterion.parts]
    return nodes


def _is_new(pair: _Pair, seen: set[frozenset[str]]) -> bool:
    """Tell whether neither the pair, nor the criteria that it belongs to, were reported."""
    one, two = pair
    if one.groups & two.groups or one.parent is two.rule or two.parent is one.rule:
        return False
    ones = {one.code, one.parent.code if one.parent else one.code}
    twos = {two.code, two.parent.code if two.parent else two.code}
    return not any(frozenset(codes) in seen for codes in product(ones, twos))


def _gathered(pairs: Iterable[_Pair]) -> list[list[_Node]]:
    """Return the nodes that pairs join, each group in the rubric's order of its first."""
    groups: dict[_Node, list[_Node]] = {}
    for one, two in pairs:
        group = groups.setdefault(one, [one])
        other = groups.get(two, [two])
        if other is not group:
            group += other
            groups.update(dict.fromkeys(other, group))
    unique = {id(group): group for group in groups.values()}
    return list(unique.values())


# ---------------------------------------------------------------- words alone


def _exact(nodes: list[_Node]) -> Iterator[_Pair]:
    """Yield pairs with the same text; parts of different criteria with their criteria's."""
    tops, siblings = defaultdict(list), defaultdict(list)
    for node in nodes:
        tops[plain(node.whole.text)].append(node)
        siblings[(id(node.parent), plain(node.own.text))].append(node)
    for alike in (*tops.values(), *(each for each in siblings.values() if each[0].parent)):
        yield from pairwise(alike)


def _near(nodes: list[_Node]) -> Iterator[_Pair]:
    for one, two in combinations(nodes, 2):
        siblings = one.parent is not None and one.parent is two.parent
        a, b = (one.own, two.own) if siblings else (one.whole, two.whole)
        if _alike(a.words, b.words, NEAR_PERCENT, _NEAR_WORDS) and a.numerals == b.numerals:
            yield one, two


def _alike(one: frozenset[str], two: frozenset[str], percent: int, least: int) -> bool:
    """Tell whether of all the words of both this many per cent, and so many, are shared."""
    small, large = sorted((len(one), len(two)))
    if small < least or small * 100 < percent * large:
        return False
    shared, _, together = likeness(one, two)
    return shared * 100 >= percent * together


# ---------------------------------------------------------------- one deed, twice


def _punished(nodes: list[_Node]) -> Iterator[_Pair]:
    """Yield a base criterion and a minus item, or two minus items, that punish one deed."""
    base = [node for node in nodes if node.section.kind is SectionKind.BASE]
    minus = [node for node in nodes if node.section.kind is SectionKind.MINUS]
    met: set[tuple[str, str]] = set()
    for item, node in product(minus, base):
        top = (node.parent or node.rule).code
        if (item.code, top) not in met and _same_deed(node, item):
            met.add((item.code, top))
            yield node, item
    yield from (pair for pair in combinations(minus, 2) if _same_deed(*pair))


def _same_deed(one: _Node, two: _Node) -> bool:
    if one.faults & two.faults:
        shared, smaller, _ = likeness(one.own.subject, two.own.subject)
        return shared >= _FAULT_WORDS and shared * 100 >= _FAULT_PERCENT * smaller
    if one.faults or two.faults or not _is_yes_or_no(one):
        return False
    words = _alike(one.whole.subject, two.whole.subject, _SAME_DEED_PERCENT, _SAME_DEED_WORDS)
    counts_faults = one.rule.kind is CriterionKind.DEDUCT
    return words and (counts_faults or one.punishes_presence == two.punishes_presence)


def _is_yes_or_no(node: _Node) -> bool:
    """Tell whether the criterion loses points for one thing: not where it grades or measures."""
    kinds = (CriterionKind.DEDUCT, CriterionKind.PASSFAIL)
    return node.section.kind is SectionKind.MINUS or node.rule.kind in kinds


def _rewarded(nodes: list[_Node]) -> Iterator[_Pair]:
    plus = [node for node in nodes if node.section.kind is SectionKind.PLUS]
    for one, two in combinations(plus, 2):
        if one.parent is None or one.parent is not two.parent:
            a, b = one.whole, two.whole
            same = _alike(a.subject, b.subject, _SAME_DEED_PERCENT, _SAME_DEED_WORDS)
            if same and a.numerals == b.numerals:
                yield one, two


# ---------------------------------------------------------------- in words


def _finding(rule: LintRule, group: list[_Node]) -> Finding:
    first, *others = group
    say, advice = _WORDS[rule]
    return Finding(
        severity=_severity(rule, group),
        rule=rule,
        place=f"Tiêu chí {', '.join(node.code for node in group)}",
        message=say(group),
        advice=advice,
        node=first.code,
        others=tuple(node.code for node in others),
    )


def _severity(rule: LintRule, group: list[_Node]) -> Severity:
    """Return a note for what merely resembles its neighbours in a section."""
    in_one = len({node.section.code for node in group}) == 1
    return Severity.NOTE if rule is LintRule.NEAR_DUPLICATE and in_one else Severity.WARNING


def _quoted(group: list[_Node]) -> str:
    return "; ".join(f"{node.code} “{node.rule.title}” ({_worth(node)})" for node in group)


def _worth(node: _Node) -> str:
    points = short(node.rule.max_points)
    if node.section.kind is SectionKind.MINUS:
        return f"trừ tối đa {points} điểm"
    adds = node.section.kind is SectionKind.PLUS
    return f"cộng tối đa {points} điểm" if adds else f"{points} điểm"


_WORDS: dict[LintRule, tuple[Callable[[list[_Node]], str], str]] = {
    LintRule.DUPLICATE: (lambda group: f"Trùng nội dung: {_quoted(group)}.", _MERGE_ADVICE),
    LintRule.NEAR_DUPLICATE: (lambda group: f"Gần giống nhau: {_quoted(group)}.", _MERGE_ADVICE),
    LintRule.PUNISHED_TWICE: (
        lambda group: f"Một việc có thể bị trừ hai lần: {_quoted(group)}.",
        _GROUP_ADVICE,
    ),
    LintRule.REWARDED_TWICE: (
        lambda group: f"Một việc có thể được cộng hai lần: {_quoted(group)}.",
        _GROUP_ADVICE,
    ),
}
