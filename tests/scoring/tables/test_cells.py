"""What a cell of a score table says, by kind; and that the export's cells read back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

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
from scoring.rules.enums import CriterionKind, NotApplicable, SectionKind
from scoring.rules.numbers import InputError
from scoring.rules.rubric import CriterionRules, Level, Place, SectionRules
from scoring.services.score_tables.cells import cell_of, points_of, read_cell, read_points

D = Decimal
LEVELS = (Level("Tốt", D(7)), Level("Khá", D(5)), Level("Yếu", D(0)))
OF_KIND: dict[str, dict[str, Any]] = {
    "direct": {"step": D("0.5")},
    "choice": {"levels": LEVELS, "max_points": D(7)},
    "passfail": {},
    "deduct": {"per": D("0.5")},
    "count": {"per": D(3)},
    "ratio": {},
    "target": {},
    "event_average": {"levels": LEVELS, "max_points": D(7)},
}


def place(kind: str, section: SectionKind = SectionKind.BASE, **values: Any) -> Place:
    given = {"max_points": D(10), "not_applicable": NotApplicable.FULL, **OF_KIND[kind], **values}
    rule = CriterionRules(code="A1", title="Tiêu chí", kind=CriterionKind(kind), **given)
    return Place(
        SectionRules(code="A", kind=section, title="Phần", max_points=D(100), criteria=(rule,)),
        rule,
        rule,
    )


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("direct", "7,5", DirectInput(D("7.50"))),
        ("direct", "7.5", DirectInput(D("7.50"))),
        ("direct", " 7 ", DirectInput(D("7.00"))),
        ("direct", "７，５", DirectInput(D("7.50"))),
        ("choice", "khá", ChoiceInput(1)),
        ("choice", "5", ChoiceInput(1)),
        ("choice", "mức 3", ChoiceInput(2)),
        ("passfail", "Có", PassFailInput(passed=True)),
        ("passfail", "KHÔNG", PassFailInput(passed=False)),
        ("deduct", "2", CountInput(2)),
        ("ratio", "18/20", RatioInput(D(18), D(20))),
        ("ratio", "90 %", RatioInput(percent=D(90))),
        ("target", "98/100", TargetInput(D(98), D(100))),
        ("event_average", "2; 1;0", EventsInput((2, 1, 0))),
        ("count", "KPS", NotApplicableInput()),
        ("count", "Không phát sinh", NotApplicableInput()),
    ],
)
def test_a_cell_is_read_by_kind(kind: str, text: str, expected: LineInput) -> None:
    entered = read_cell(place(kind), text)
    assert entered == expected
    assert read_cell(place(kind), cell_of(place(kind), entered)) == entered


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("direct", "11", "0 đến 10"),
        ("choice", "Giỏi", "Tốt (7 điểm); Khá (5 điểm)"),
        ("passfail", "có thể", "“có” hoặc “không”"),
        ("ratio", "0,9", "18/20 hoặc 90%"),
        ("ratio", "05/10/2026", "đổi ô này thành ngày"),
        ("target", "98/0", "lớn hơn 0"),
        ("event_average", "2;1", "Ghi 3 số"),
        ("count", "1,5", "số nguyên"),
    ],
)
def test_a_cell_that_says_nothing_is_refused_with_what_may_stand_there(
    kind: str, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace(")", r"\)")):
        read_cell(place(kind), text)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("direct", "7,5", DirectInput(D("7.50"))),
        ("choice", "5", ChoiceInput(1)),
        ("passfail", "10", PassFailInput(passed=True)),
        ("passfail", "0", PassFailInput(passed=False)),
        ("deduct", "9", CountInput(2)),
        ("deduct", "0", CountInput(20)),
        ("count", "6", CountInput(2)),
        ("count", "10", CountInput(4)),
        ("ratio", "9,05", RatioInput(percent=D("90.5"))),
        ("target", "9.8", TargetInput(D("9.8"), D(10))),
        ("event_average", "5", EventsInput((0, 1, 0))),
    ],
)
def test_points_become_an_input_worth_exactly_them(
    kind: str, text: str, expected: LineInput
) -> None:
    entered = read_points(place(kind), text)
    assert entered == expected
    assert points_of(place(kind), expected) == D(text.replace(",", "."))


def test_points_keep_the_input_that_is_worth_them_already() -> None:
    present = RatioInput(D(19), D(20))
    assert read_points(place("ratio"), "9,5", present) is present


def test_a_percentage_that_is_not_exact_becomes_a_fraction() -> None:
    entered = read_points(place("ratio", max_points=D(30), step=D("0.25")), "7,25")
    assert entered == RatioInput(D("7.25"), D(30))


def test_minus_points_are_read_with_either_sign() -> None:
    minus = place("count", SectionKind.MINUS)
    assert read_points(minus, "−6") == read_points(minus, "6") == CountInput(2)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("choice", "6", "Tốt .7 điểm."),
        ("passfail", "5", "0 hoặc 10"),
        ("deduct", "9,3", "mỗi trường hợp 0,5"),
        ("count", "7", "mỗi trường hợp 3"),
        ("ratio", "10,5", "0 đến 10"),
    ],
)
def test_points_that_nothing_is_worth_are_refused(kind: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_points(place(kind), text)


def test_rungs_of_a_ladder_are_found() -> None:
    ladder = ((D("0.50"), D(4)), (D("0.30"), D(2)))
    ruled = place("ratio", ladder=ladder, max_points=D(4))
    assert [read_points(ruled, text) for text in ("4", "2", "0")] == [
        RatioInput(percent=D(50)),
        RatioInput(percent=D(30)),
        RatioInput(percent=D(0)),
    ]
    with pytest.raises(InputError, match="0, 2, 4"):
        read_points(ruled, "3")


def test_relative_points_above_half_need_the_figures() -> None:
    relative = place("target", relative=True)
    assert points_of(relative, read_points(relative, "4") or NotApplicableInput()) == D(4)
    with pytest.raises(InputError, match="phụ thuộc các đơn vị khác"):
        read_points(relative, "8")
