"""Sound tables with one thing added, as the tests of the check need them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scoring.rules.lint import Finding, lint
from scoring.rules.rubric import CriterionRules, RubricRules, SectionFloor

from .tables import BANDS, direct, rubric, section

Found = Callable[[], list[Finding]]


def draft(*sections, base: CriterionRules | None = None, **more) -> RubricRules:
    """A sound table of one base criterion and the sections given."""
    first = base or direct("a", evidence_required=True)
    return rubric(section("A", "BASE", first), *sections, **{"grades": BANDS} | more)


def checked(*sections, **more) -> Found:
    return lambda: lint(draft(*sections, **more))


def in_year(**known) -> Found:
    return lambda: lint(draft(), **known)


def named(rule: CriterionRules, title: str, **more) -> CriterionRules:
    return replace(rule, title=title, **more)


def floors(*conditions: SectionFloor) -> Found:
    return checked(grades=(replace(BANDS[0], section_floors=conditions), *BANDS[1:]))


def plus(*criteria: CriterionRules, **more) -> Found:
    return checked(section("E", "PLUS", *criteria, **more))


def minus(*criteria: CriterionRules, base: CriterionRules | None = None, **more) -> Found:
    return checked(section("F", "MINUS", *criteria, **more), base=base)


def grouped(rule: CriterionRules, name: str = "g") -> CriterionRules:
    return replace(rule, exclusive_group=name)
