"""Random rubrics, sound and such as a database can keep."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from scoring.rules.enums import (
    Automatic,
    CriterionKind,
    NotApplicable,
    RankStyle,
    SanctionEffect,
    SectionKind,
    ShareBase,
)
from scoring.rules.rubric import (
    CriterionRules,
    GradeBand,
    Level,
    RubricRules,
    SectionFloor,
    SectionRules,
)

GRADES = ("Xuất sắc", "Tốt", "Khá", "Chưa đạt")
COUNTED = (CriterionKind.DEDUCT, CriterionKind.COUNT)
LEVELLED = (CriterionKind.CHOICE, CriterionKind.EVENT_AVERAGE)
_SIGNS = "aăâđêôơưbcxyz ABĐ0189 =+-@'\"#N/A!,.;:%()<>&\nấềộữỹ"
texts = st.text(alphabet=_SIGNS, max_size=40)
words = texts.filter(lambda text: text.strip())


def cents(least: int = 0, most: int = 999_999) -> st.SearchStrategy[Decimal]:
    """Points of at most two places."""
    return st.integers(least, most).map(lambda number: Decimal(number) / 100)


def shares(steps: int = 10_000) -> st.SearchStrategy[Decimal]:
    """Shares from 0 to 1."""
    return st.integers(0, steps).map(lambda number: Decimal(number) / steps)


@st.composite
def criteria(
    draw: Any, code: str, kind: SectionKind, *, may_have_parts: bool = True
) -> CriterionRules:
    """A criterion of a section of that kind, perhaps with parts."""
    parts: tuple[CriterionRules, ...] = ()
    if may_have_parts and draw(st.booleans()):
        count = draw(st.integers(1, 3))
        parts = tuple(
            draw(criteria(f"{code}.{'abc'[place]}", kind, may_have_parts=False))
            for place in range(count)
        )
    how = None if parts else draw(st.sampled_from(CriterionKind))
    most = draw(cents(1, 10_000))
    within = cents(0, int(most * 100))
    may_knock = how is CriterionKind.CHOICE and kind is not SectionKind.MINUS
    knocks = st.booleans() if may_knock else st.just(False)
    levels = st.lists(st.builds(Level, words, within, knocks), min_size=1, max_size=4)
    rungs = st.dictionaries(shares(1_000_000), within, max_size=4)
    sanction = draw(st.none() | st.sampled_from(SanctionEffect))
    sanction = sanction if kind is SectionKind.MINUS else None
    not_above = sanction is SanctionEffect.NOT_ABOVE
    ladder = draw(rungs) if how is CriterionKind.RATIO else {}
    return CriterionRules(
        code=code,
        title=draw(words),
        max_points=most,
        kind=how,
        step=draw(cents(1, 500)),
        per=draw(cents(1, 500)) if how in COUNTED else None,
        levels=tuple(draw(levels)) if how in LEVELLED else (),
        ladder=tuple(sorted(ladder.items(), reverse=True)),
        parts=parts,
        not_applicable=draw(st.sampled_from(NotApplicable)),
        evidence_required=draw(st.booleans()),
        decision_required=draw(st.booleans()),
        exclusive_group=draw(texts.map(lambda text: text[:30])),
        sanction=sanction,
        sanction_grade=draw(st.sampled_from(GRADES)) if not_above else "",
        automatic=draw(st.none() | st.sampled_from(Automatic))
        if how is CriterionKind.COUNT
        else None,
        unit_label=draw(texts),
        relative=draw(st.booleans()) if how is CriterionKind.TARGET else False,
        evidence_hint=draw(texts),
        checker=draw(texts),
        pledge_item=draw(st.none() | st.integers(1, 999)),
        printed_max=draw(st.none() | cents()),
        note=draw(texts),
    )


@st.composite
def rubrics(draw: Any) -> RubricRules:
    """A rubric with sections of every kind, grades with conditions, tie-breaks."""
    codes = draw(st.lists(st.sampled_from(["A", "B.1", "I", "2", "IV", "1.10"]), unique=True))
    sections = []
    for code in codes:
        kind = draw(st.sampled_from(SectionKind))
        count = draw(st.integers(0, 3))
        made = tuple(draw(criteria(f"{code}.{place}", kind)) for place in range(count))
        sections.append(
            SectionRules(
                code=code, kind=kind, title=draw(words), max_points=draw(cents()), criteria=made
            )
        )
    bounds = draw(st.lists(cents(), min_size=4, max_size=4, unique=True))
    directed = [f"section:{code}" for code in codes] + ["base", "plus", "minus"]
    ties = [*(f"{name}:{way}" for name in directed for way in ("asc", "desc")), "ballot", "head"]
    return RubricRules(
        title=draw(words),
        scale_max=draw(cents()),
        sections=tuple(sections),
        plus_cap=draw(st.none() | cents()),
        minus_cap=draw(st.none() | cents()),
        floor=draw(st.none() | cents(-50_000, 0)),
        ceiling=draw(st.none() | cents()),
        rounding=draw(cents(1, 100)),
        scale_back=draw(st.booleans()),
        rank_capped=draw(st.booleans()),
        rank_style=draw(st.sampled_from(RankStyle)),
        grades=tuple(
            draw(grades(name, bound, codes)) for name, bound in zip(GRADES, bounds, strict=True)
        ),
        tie_breaks=tuple(draw(st.lists(st.sampled_from(ties), max_size=8))),
    )


@st.composite
def grades(draw: Any, name: str, bound: Decimal, codes: list[str]) -> GradeBand:
    """A grade, perhaps with conditions on sections and a largest share of units."""
    limited = draw(st.booleans())
    floors = st.lists(
        st.builds(SectionFloor, st.sampled_from(codes), st.none() | shares()), max_size=3
    )
    return GradeBand(
        name=name,
        lower_bound=bound,
        min_criterion_share=draw(st.none() | shares()),
        section_floors=tuple(draw(floors)) if codes else (),
        max_share_of_units=draw(shares()) if limited else None,
        share_base=draw(st.sampled_from(ShareBase)) if limited else ShareBase.RANKED,
        overflow=draw(st.sampled_from(["", *GRADES])) if limited else "",
    )
