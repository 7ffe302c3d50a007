"""A draft against past sheets: worked by hand, to the last place."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.rules import past
from scoring.rules.enums import Automatic, GroundEffect, NotApplicable, SanctionEffect, Stage
from scoring.rules.grounds import Ground, GroundFact
from scoring.rules.inputs import (
    ChoiceInput,
    CountInput,
    DirectInput,
    EventsInput,
    NotApplicableInput,
    PassFailInput,
    TargetInput,
)
from scoring.rules.rubric import Level
from scoring.rules.what_if import (
    Bite,
    Evenness,
    PastSheet,
    PastTable,
    Spread,
    compare,
    spread_of,
)

from .tables import (
    BANDS,
    D,
    choice,
    counting,
    deduct,
    direct,
    facts,
    passfail,
    rubric,
    section,
    target,
    whole,
)


def pts(value):
    return DirectInput(D(str(value)))


def sheets_of(old, *answers, links=None, **more):
    """One sheet for each dict of inputs; lines are linked by their code unless told otherwise."""
    links = {code: code for code in old.places} if links is None else links
    table = PastTable(old, links)
    return [PastSheet(key, table, facts(**inputs), **more) for key, inputs in enumerate(answers, 1)]


def reasons(result):
    return {each.code: each.reason for each in result.left_out}


class TestWorkedExample:
    """Faults cost 2 instead of 1, and the bonus is capped at 3 instead of 10.

    unit  a   faults  e   before              after
    1     60  5       8   60 + 35 + 8 = 103   60 + 30 + 3 = 93
    2     58  0       2   58 + 40 + 2 = 100   58 + 40 + 2 = 100
    3     55  2       4   55 + 38 + 4 =  97   55 + 36 + 3 =  94
    4     50  8       0   50 + 32 + 0 =  82   50 + 24 + 0 =  74
    """

    OLD = rubric(
        section("A", "BASE", direct("a", 60), deduct("b", 40, 1)),
        section("E", "PLUS", direct("e", 10)),
        grades=BANDS,
        plus_cap=D(10),
    )
    NEW = rubric(
        section("A", "BASE", direct("a", 60), deduct("b", 40, 2)),
        section("E", "PLUS", direct("e", 10)),
        grades=BANDS,
        plus_cap=D(3),
    )

    @pytest.fixture
    def result(self):
        sheets = sheets_of(
            self.OLD,
            {"a": pts(60), "b": CountInput(5), "e": pts(8)},
            {"a": pts(58), "b": CountInput(0), "e": pts(2)},
            {"a": pts(55), "b": CountInput(2), "e": pts(4)},
            {"a": pts(50), "b": CountInput(8), "e": pts(0)},
        )
        return compare(self.NEW, sheets)

    def test_places_and_totals(self, result):
        assert [
            (row.old_rank, row.new_rank, row.old_total, row.new_total) for row in result.rows
        ] == [
            (2, 1, D("100.00"), D("100.00")),
            (3, 2, D("97.00"), D("94.00")),
            (1, 3, D("103.00"), D("93.00")),
            (4, 4, D("82.00"), D("74.00")),
        ]
        assert result.moved == 3

    def test_grades(self, result):
        assert [row.regraded for row in result.rows] == [False, False, False, True]
        assert (result.rows[3].old_grade, result.rows[3].new_grade) == ("Tốt", "Khá")
        assert result.regraded == 1

    def test_spread(self, result):
        """Before: mean 95,5, variance 65,25. After: mean 90,25, variance 95,1875."""
        assert result.before == Spread(D("82.00"), D("98.50"), D("103.00"), D("8.08"))
        assert result.after == Spread(D("74.00"), D("93.50"), D("100.00"), D("9.76"))

    def test_what_bites(self, result):
        assert result.bites == (Bite(Stage.RUBRIC_CAP, "PLUS", 2, D("6.00")),)

    def test_everything_is_compared(self, result):
        assert (result.compared, result.is_whole, result.put_aside) == (3, True, 0)
        assert (result.old_share, result.new_share) == (1, 1)
        assert result.flat == ()

    def test_the_order_of_units_says_nothing_of_who_they_are(self, result):
        sheets = sheets_of(
            self.OLD,
            {"a": pts(50), "b": CountInput(8), "e": pts(0)},
            {"a": pts(55), "b": CountInput(2), "e": pts(4)},
            {"a": pts(60), "b": CountInput(5), "e": pts(8)},
            {"a": pts(58), "b": CountInput(0), "e": pts(2)},
        )
        assert compare(self.NEW, sheets) == result
        assert {field.name for field in dataclasses.fields(result.rows[0])} == {
            *("old_rank", "new_rank", "old_total", "new_total", "old_grade", "new_grade")
        }


class TestLeftOut:
    OLD = rubric(
        section("A", "BASE", direct("a", 60), direct("gone", 40)), grades=BANDS, scale_max=D(100)
    )

    def test_new_and_dropped_criteria_are_in_neither_total(self):
        new = rubric(
            section("A", "BASE", direct("a", 60), passfail("new", 20)),
            section("E", "PLUS", direct("e", 5)),
            grades=BANDS,
        )
        sheets = sheets_of(
            self.OLD, {"a": pts(54), "gone": pts(40)}, {"a": pts(57), "gone": pts(0)}
        )
        result = compare(new, sheets)
        assert reasons(result) == {"new": past.NEW, "e": past.NEW, "gone": past.GONE}
        assert [each.is_new for each in result.left_out] == [True, True, False]
        assert [(row.old_total, row.new_total) for row in result.rows] == [
            (D("57.00"), D("57.00")),
            (D("54.00"), D("54.00")),
        ]
        assert (result.old_share, result.new_share) == (Fraction(60, 100), Fraction(60, 80))
        assert not result.is_whole

    def test_bounds_of_grades_fall_with_the_base(self):
        """ "Xuất sắc" begins at 54 with 60 of 100 points, at 67,5 with 60 of 80: "Khá" at 48,75."""
        new = rubric(section("A", "BASE", direct("a", 60), passfail("new", 20)), grades=BANDS)
        (row,) = compare(new, sheets_of(self.OLD, {"a": pts(54), "gone": pts(1)})).rows
        assert (row.old_grade, row.new_grade) == ("Xuất sắc", "Khá")

    def test_scale_falls_with_the_base_where_ranks_are_capped_at_it(self):
        """Both units stand at the scale of 60 or above, so that they share the first place."""
        old = rubric(
            section("A", "BASE", direct("a", 60), direct("gone", 40)),
            section("E", "PLUS", direct("e", 5)),
            rank_capped=True,
        )
        sheets = sheets_of(
            old,
            {"a": pts(60), "gone": pts(9), "e": pts(5)},
            {"a": pts(60), "gone": pts(0), "e": pts(0)},
        )
        new = rubric(section("A", "BASE", direct("a", 60)), section("E", "PLUS", direct("e", 5)))
        assert [(row.old_rank, row.new_rank) for row in compare(new, sheets).rows] == [
            (1, 1),
            (1, 2),
        ]

    def test_a_criterion_keeps_the_parts_that_are_compared(self):
        old = rubric(section("A", "BASE", whole("a", 10, direct("a1", 6), direct("a2", 6))))
        new = rubric(section("A", "BASE", whole("a", 10, direct("a1", 6), passfail("a3", 6))))
        sheets = sheets_of(old, {"a1": pts(5), "a2": pts(6)}, {"a1": pts(6), "a2": pts(6)})
        result = compare(new, sheets)
        assert [(row.old_total, row.new_total) for row in result.rows] == [
            (D("6.00"), D("6.00")),
            (D("5.00"), D("5.00")),
        ]
        assert result.new_share == Fraction(6, 10)

    def test_nothing_in_common(self):
        new = rubric(section("A", "BASE", direct("z", 100)))
        result = compare(new, sheets_of(self.OLD, {"a": pts(54), "gone": pts(40)}))
        assert (result.rows, result.put_aside, result.before) == ((), 1, None)
        assert (result.compared, result.new_share) == (0, 0)

    def test_no_sheets(self):
        result = compare(self.OLD, [])
        assert (result.rows, result.after, result.flat, result.bites) == ((), None, (), ())


class TestWhatCanBeCarried:
    def left(self, old, new, *inputs, old_kind="BASE", new_kind="BASE"):
        """Why the one line cannot be compared, or an empty text."""
        table = rubric(section("A", old_kind, old), section("Z", "BASE", direct("z", 1)))
        draft = rubric(section("A", new_kind, new), section("Z", "BASE", direct("z", 1)))
        code = old.code
        sheets = sheets_of(table, *({code: each, "z": pts(1)} for each in inputs))
        return reasons(compare(draft, sheets)).get(code, "")

    def test_another_kind(self):
        assert self.left(deduct("a", 10, 1), counting("a", 10, 1), CountInput(1)) == past.OTHER_KIND

    def test_another_kind_of_section(self):
        counted = counting("a", 10, 1)
        left = self.left(counted, counted, CountInput(1), old_kind="PLUS", new_kind="MINUS")
        assert left == past.OTHER_SECTION

    def test_points_given_by_hand_on_another_scale(self):
        left = self.left(direct("a", 10), direct("a", 20), pts(8))
        assert left == "chấm điểm trực tiếp mà điểm tối đa đổi từ 10 thành 20"

    def test_points_given_by_hand_off_the_new_step(self):
        wanted = direct("a", 10, step=D("0.5"))
        assert self.left(direct("a", 10), wanted, pts("7.5"), pts("7.25")) == past.OFF_STEP
        assert self.left(direct("a", 10), wanted, pts("7.5")) == ""

    def test_a_count_that_one_side_makes_by_itself(self):
        late = counting("a", 5, 1, automatic=Automatic.LATE_DAYS)
        left = self.left(
            counting("a", 5, 1), late, CountInput(1), old_kind="MINUS", new_kind="MINUS"
        )
        assert left == past.OTHER_COUNT

    def test_what_did_not_arise(self):
        free = passfail("a", 5, not_applicable=NotApplicable.FULL)
        na = NotApplicableInput()
        assert self.left(free, passfail("a", 5), PassFailInput(True), na) == past.NOT_ALLOWED
        assert self.left(free, free, na) == ""

    def test_levels_are_found_by_their_words(self):
        def levels(*pairs):
            made = tuple(Level(label, D(points)) for label, points in pairs)
            return dataclasses.replace(choice("a", (10,)), levels=made)

        old = levels(("Tốt", 10), ("Khá", 6), ("Yếu", 0))
        new = levels(("yếu ", 0), ("Khá", 4), ("Tốt", 10))
        assert past.carry(old, new, ChoiceInput(1)) == ChoiceInput(1)
        assert past.carry(old, new, ChoiceInput(2)) == ChoiceInput(0)
        fewer = levels(("Tốt", 10), ("Yếu", 0))
        assert self.left(old, fewer, ChoiceInput(0), ChoiceInput(1)) == past.OTHER_LEVEL
        assert self.left(old, fewer, ChoiceInput(0), ChoiceInput(2)) == ""
        twice = levels(("Tốt", 10), ("Tốt", 5))
        assert self.left(old, twice, ChoiceInput(0)) == past.OTHER_LEVEL

    def test_cases_are_found_by_the_words_of_their_levels(self):
        old, new = (
            dataclasses.replace(choice("a", (10,)), levels=tuple(Level(x, D(10)) for x in labels))
            for labels in (("Đúng hạn", "Chậm", "Không gửi"), ("Không gửi", "Đúng hạn"))
        )
        assert past.carry(old, new, EventsInput((3, 0, 1))) == EventsInput((1, 3))
        with pytest.raises(past.NotCarriedError, match="dự thảo không còn"):
            past.carry(old, new, EventsInput((3, 1, 1)))

    def test_other_parts(self):
        old = rubric(section("A", "BASE", whole("a", 10, direct("a1", 10)), direct("z", 1)))
        new = rubric(section("A", "BASE", direct("a", 10), direct("z", 1)))
        links = {"a": "a", "z": "z"}
        sheets = sheets_of(old, {"a1": pts(3), "z": pts(1)}, links=links)
        assert reasons(compare(new, sheets)) == {"a": past.SPLIT, "a1": past.GONE}


class TestLinks:
    def test_a_criterion_under_a_new_code(self):
        old = rubric(section("A", "BASE", direct("a", 10), direct("b", 10)))
        new = rubric(section("A", "BASE", direct("x", 10), direct("b", 10)))
        sheets = sheets_of(old, {"a": pts(7), "b": pts(2)}, links={"x": "a", "b": "b"})
        result = compare(new, sheets)
        assert (result.rows[0].new_total, result.left_out) == (D("9.00"), ())
        (pair,) = result.reworded
        assert (pair.code, pair.old_code, pair.old_title) == ("x", "a", "a")

    def test_a_year_on_two_versions_compares_what_both_have(self):
        first = rubric(section("A", "BASE", direct("a", 10), direct("b", 10)))
        second = rubric(section("A", "BASE", direct("a", 10), direct("c", 10)))
        one = sheets_of(first, {"a": pts(7), "b": pts(10)})
        two = dataclasses.replace(sheets_of(second, {"a": pts(8), "c": pts(1)})[0], key=2)
        result = compare(second, [*one, two])
        assert reasons(result) == {"c": past.NEW, "b": past.GONE}
        assert [row.new_total for row in result.rows] == [D("8.00"), D("7.00")]


class TestSheets:
    def test_relative_targets_are_measured_within_the_year(self):
        """Excesses 20 % and 10 %. Relative: 5 + 5 = 10 and 5 + 5 · ½ = 7,5; plain: 10 and 10."""
        old = rubric(section("A", "BASE", target("a", 10)))
        new = rubric(section("A", "BASE", target("a", 10, relative=True)))
        sheets = sheets_of(
            old,
            {"a": TargetInput(D(120), D(100))},
            {"a": TargetInput(D(110), D(100))},
        )
        rows = compare(new, sheets).rows
        assert [(row.old_total, row.new_total) for row in rows] == [
            (D("10.00"), D("10.00")),
            (D("10.00"), D("7.50")),
        ]
        back = compare(old, sheets_of(new, *({"a": s.facts["a"].input} for s in sheets)))
        assert [row.old_total for row in back.rows] == [D("10.00"), D("7.50")]

    def test_lateness_counts_on_both_sides(self):
        late = counting("f", 5, 1, automatic=Automatic.LATE_DAYS)
        dearer = counting("f", 9, 3, automatic=Automatic.LATE_DAYS)
        old = rubric(section("A", "BASE", direct("a", 10)), section("F", "MINUS", late))
        new = rubric(section("A", "BASE", direct("a", 10)), section("F", "MINUS", dearer))
        (row,) = compare(new, sheets_of(old, {"a": pts(10)}, days_late=2)).rows
        assert (row.old_total, row.new_total) == (D("8.00"), D("4.00"))

    def test_a_sheet_without_a_total_is_put_aside(self):
        old = rubric(section("A", "BASE", direct("a", 10), direct("b", 10)))
        result = compare(old, sheets_of(old, {"a": pts(1), "b": pts(1)}, {"a": pts(1)}))
        assert (len(result.rows), result.put_aside) == (1, 1)

    def test_a_unit_that_the_draft_leaves_out(self):
        def table(**more):
            grave = counting("f", 5, 1, **more)
            return rubric(section("A", "BASE", direct("a", 10)), section("F", "MINUS", grave))

        sheets = sheets_of(
            table(),
            {"a": pts(10), "f": CountInput(1)},
            {"a": pts(8), "f": CountInput(0)},
        )
        rows = compare(table(sanction=SanctionEffect.EXCLUDED), sheets).rows
        assert [(row.old_rank, row.new_rank, row.new_total) for row in rows] == [
            (2, 1, D("8.00")),
            (1, None, D("9.00")),
        ]

    def test_a_ceiling_that_the_year_decided_holds_on_both_sides(self):
        held = GroundFact(next(iter(Ground)), "Theo kết luận", GroundEffect.GRADE_CEILING, "Khá")
        old = rubric(section("A", "BASE", direct("a", 100)), grades=BANDS)
        (row,) = compare(old, sheets_of(old, {"a": pts(99)}, grounds=(held,))).rows
        assert (row.old_grade, row.new_grade) == ("Khá", "Khá")


class TestFlat:
    OLD = rubric(
        section("A", "BASE", direct("a", 10), direct("b", 10), direct("c", 10), direct("d", 10)),
        section("E", "PLUS", direct("e", 5)),
    )

    def test_criteria_that_tell_nobody_apart(self):
        same = {"a": pts(10), "b": pts(7), "e": pts(0)}
        sheets = sheets_of(
            self.OLD, {**same, "c": pts(1), "d": pts(9)}, {**same, "c": pts(2), "d": pts(9)}
        )
        assert [
            (flat.code, flat.evenness, flat.points) for flat in compare(self.OLD, sheets).flat
        ] == [
            ("a", Evenness.ALL_MAXIMUM, D("10.00")),
            ("b", Evenness.ALL_EQUAL, D("7.00")),
            ("d", Evenness.ALL_EQUAL, D("9.00")),
            ("e", Evenness.ALL_ZERO, D("0.00")),
        ]

    def test_one_unit_proves_nothing(self):
        one = {code: pts(5) for code in "abcde"}
        assert compare(self.OLD, sheets_of(self.OLD, one)).flat == ()


class TestBites:
    def test_every_bound_that_cut_in_the_order_of_the_sheet(self):
        """a: parts 6 + 6 to 10. E: 5 + 5 to 8, then 4 of the whole. 20 + 4 to the ceiling 22."""
        old = rubric(
            section("A", "BASE", whole("a", 10, direct("a1", 6), direct("a2", 6)), direct("b", 10)),
            section("E", "PLUS", direct("e1", 5), direct("e2", 5), maximum=8),
            plus_cap=D(4),
            ceiling=D(22),
        )
        full = {"a1": pts(6), "a2": pts(6), "b": pts(10), "e1": pts(5), "e2": pts(5)}
        small = {"a1": pts(5), "a2": pts(5), "b": pts(1), "e1": pts(5), "e2": pts(0)}
        assert compare(old, sheets_of(old, full, small)).bites == (
            Bite(Stage.ITEM_MAXIMUM, "a", 1, D("2.00")),
            Bite(Stage.SECTION, "E", 1, D("2.00")),
            Bite(Stage.RUBRIC_CAP, "PLUS", 2, D("5.00")),
            Bite(Stage.CLAMP, "CEILING", 1, D("2.00")),
        )

    def test_the_floor(self):
        old = rubric(
            section("A", "BASE", direct("a", 10)),
            section("F", "MINUS", direct("f", 20)),
            floor=D(0),
        )
        sheets = sheets_of(old, {"a": pts(3), "f": pts(8)})
        assert compare(old, sheets).bites == (Bite(Stage.CLAMP, "FLOOR", 1, D("5.00")),)


class TestSpread:
    def test_of_nothing(self):
        assert spread_of([]) is None

    def test_of_one(self):
        assert spread_of([D("7.25")]) == Spread(D("7.25"), D("7.25"), D("7.25"), D("0.00"))

    def test_halves_go_up(self):
        """Of 1,00 and 1,01 the median is 1,005 and the deviation 0,005."""
        spread = spread_of([D("1.01"), D("1.00")])
        assert spread == Spread(D("1.00"), D("1.01"), D("1.01"), D("0.01"))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.integers(0, 12_000), min_size=1, max_size=12))
def test_the_deviation_is_the_nearest_cent(cents):
    """The square of the next half cent below and above encloses the exact variance."""
    totals = [D(each) / 100 for each in cents]
    spread = spread_of(totals)
    mean = Fraction(sum(cents), len(cents))
    variance = sum((each - mean) ** 2 for each in cents) / len(cents)
    found = Fraction(spread.deviation) * 100
    assert (found + Fraction(1, 2)) ** 2 > variance
    assert found == 0 or (found - Fraction(1, 2)) ** 2 <= variance


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 40), st.integers(0, 10)),
        min_size=1,
        max_size=8,
    )
)
def test_a_table_against_its_own_year_changes_nothing(points):
    table = TestWorkedExample.OLD
    answers = [{"a": pts(a), "b": CountInput(b), "e": pts(e)} for a, b, e in points]
    result = compare(table, sheets_of(table, *answers))
    assert (result.moved, result.regraded, result.is_whole) == (0, 0, True)
    assert result.before == result.after


def test_a_table_without_grades_grades_nobody():
    old = rubric(section("A", "BASE", direct("a", 10)), grades=())
    (row,) = compare(old, sheets_of(old, {"a": pts(1)})).rows
    assert (row.old_grade, row.new_grade) == ("", "")
