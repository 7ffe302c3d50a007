"""Cross-checks dealt out: what always holds, and what holds where everybody takes part."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules.dealing import (
    NO_OTHER,
    STANDING,
    TOO_MANY,
    Check,
    Checker,
    Dealing,
    _Hand,
    _ring,
    _Who,
    deal,
)


def units_of(count: int) -> list[int]:
    return list(range(1, count + 1))


def one_each(units: list[int]) -> list[Checker]:
    return [Checker(100 + unit, unit) for unit in units]


def of_sheet(dealing: Dealing, sheet: int) -> list[int]:
    return [check.unit for check in dealing.checks if check.sheet == sheet]


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 14), st.integers(1, 3), st.integers(1, 99))
def test_a_whole_bloc_is_dealt_evenly_and_without_pairs(n: int, k: int, number: int) -> None:
    units = units_of(n)
    dealing = deal(units, one_each(units), per_sheet=k, number=number)
    for sheet in units:
        dealt = of_sheet(dealing, sheet)
        assert len(set(dealt)) == len(dealt) == min(k, n - 1)
        assert sheet not in dealt
    assert dealing.spread == 0
    assert 2 * k >= n or dealing.pairs == ()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_given_and_barred_holds(data: st.DataObject) -> None:
    units = units_of(data.draw(st.integers(2, 9), "units"))
    one_of = st.sampled_from(units)
    senders = sorted(data.draw(st.sets(one_of, min_size=1), "senders"))
    checkers = [Checker(100 * n + unit, unit) for unit in senders for n in (1, 2)]
    sheets = sorted(data.draw(st.sets(one_of, min_size=1), "sheets"))
    who = st.sampled_from(checkers)
    barred = {(s, c.key) for s, c in data.draw(st.sets(st.tuples(one_of, who), max_size=6), "bar")}
    drawn = data.draw(st.sets(st.tuples(one_of, who), max_size=4), "given")
    stands = [Check(s, c.key, c.unit) for s, c in sorted(drawn, key=str) if s != c.unit]
    k, number = data.draw(st.integers(1, 3), "k"), data.draw(st.integers(1, 9), "number")

    def again() -> Dealing:
        return deal(
            sheets, checkers, per_sheet=k, number=number, given=stands, barred=sorted(barred)
        )

    dealing = again()
    assert dealing == again()
    whole = Counter((c.sheet, c.unit) for c in [*stands, *dealing.checks])
    for check in dealing.checks:
        assert check.sheet in sheets
        assert check.unit != check.sheet
        assert (check.sheet, check.checker) not in barred
        assert whole[check.sheet, check.unit] == 1
    for sheet in sheets:
        before = sum(each.sheet == sheet for each in stands)
        lacking = dealing.short.get(sheet, 0)
        assert len(of_sheet(dealing, sheet)) + lacking == max(0, k - before)
    mutual = {tuple(sorted(e)) for e in whole if e[::-1] in whole}
    assert {(pair.one, pair.other) for pair in dealing.pairs} == mutual
    assert sum(dealing.load.values()) == len(stands) + len(dealing.checks)


def test_without_own_sheet_of_the_dealer_the_rest_is_even() -> None:
    """The secretary deals all sheets but that of the own unit, the deputy the last one."""
    units = units_of(7)
    first = deal(units[1:], one_each(units), per_sheet=2, number=3)
    assert (first.spread, first.pairs) == (1, ())
    last = deal([1], one_each(units), per_sheet=2, number=3, given=first.checks)
    assert last.spread == 0
    assert len(last.checks) == 2


def test_pairs_that_are_left_say_why() -> None:
    two = deal([1, 2], one_each([1, 2]), per_sheet=1, number=1)
    assert [(each.one, each.other, each.why) for each in two.pairs] == [(1, 2, NO_OTHER)]
    given = [Check(1, 102, 2), Check(2, 101, 1)]
    stood = deal([3], one_each([1, 2, 3]), per_sheet=1, number=1, given=given)
    assert [each.why for each in stood.pairs] == [STANDING]


def test_another_number_deals_otherwise_and_people_of_a_unit_share() -> None:
    units = units_of(8)
    checkers = [Checker(100 * n + unit, unit) for unit in units for n in (1, 2)]
    dealt = {number: deal(units, checkers, per_sheet=2, number=number) for number in (1, 2)}
    assert dealt[1].checks != dealt[2].checks
    assert set(Counter(check.checker for check in dealt[1].checks).values()) == {1}


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 8), st.integers(1, 3), st.integers(1, 99), st.data())
def test_a_hand_counts_as_it_goes(n: int, k: int, number: int, data: st.DataObject) -> None:
    """Pairs and loads are kept up to date move by move, and a move taken back leaves no trace."""
    units = units_of(n)
    who = _Who(one_each(units), (), ())
    hand = _Hand(who, units, k, _ring(units, str(number)))

    def counted() -> tuple[int, int]:
        edges = [(unit, sheet) for sheet, dealt in hand.dealt.items() for unit in dealt]
        assert hand.edges == set(edges)
        load = Counter(unit for unit, _ in edges)
        assert +hand.load == load
        pairs = sum(edge[::-1] in hand.edges for edge in edges) // 2
        return pairs, sum(each * each for each in load.values())

    for _ in range(4):
        assert hand.badness == counted()
        moves = list(hand.moves())
        if not moves:
            return
        chosen = data.draw(st.sampled_from(moves))
        before = {sheet: list(dealt) for sheet, dealt in hand.dealt.items()}
        undo = hand.apply(chosen)
        for sheet, dealt in hand.dealt.items():
            assert len(set(dealt)) == len(dealt)
            assert sheet not in dealt
        assert hand.badness == counted()
        hand.apply(undo)
        assert hand.dealt == before
        assert hand.badness == counted()
        hand.apply(chosen)


def test_another_number_deals_otherwise() -> None:
    units = units_of(9)
    dealt = {
        deal(units, one_each(units), per_sheet=2, number=number).checks for number in range(1, 9)
    }
    assert len(dealt) > 4


def test_whoever_of_a_unit_goes_depends_on_the_number() -> None:
    two = [Checker(1, 1), Checker(2, 1)]
    sent = {deal([9], two, per_sheet=1, number=number).checks[0].checker for number in range(1, 20)}
    assert sent == {1, 2}


def test_what_is_lacking_is_told_by_sheet() -> None:
    units = units_of(3)
    dealing = deal(units, one_each(units), per_sheet=4, number=1)
    assert dealing.short == dict.fromkeys(units, 2)


def test_why_a_pair_is_left() -> None:
    """Of four units three checkers each make more checks than there are pairs of units."""
    units = units_of(4)
    crowded = deal(units, one_each(units), per_sheet=2, number=1)
    assert {pair.why for pair in crowded.pairs} == {TOO_MANY}
    everybody = deal(units, one_each(units), per_sheet=3, number=1)
    assert {pair.why for pair in everybody.pairs} == {NO_OTHER}
