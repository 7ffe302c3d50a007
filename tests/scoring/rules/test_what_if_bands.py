"""A comparison in counts: bands of moves with both edges of each, grades on both sides."""

from __future__ import annotations

import dataclasses

from scoring.rules.what_if import ComparedRow, compare
from scoring.rules.what_if_bands import GradeCount, Move, by_grade, by_move

from .tables import BANDS, D, direct, rubric, section
from .test_what_if import pts, sheets_of


def row(old_rank, new_rank, old_grade="Tốt", new_grade="Tốt"):
    zero = D(0)
    return ComparedRow(
        old_rank=old_rank,
        new_rank=new_rank,
        old_total=zero,
        new_total=zero,
        old_grade=old_grade,
        new_grade=new_grade,
    )


def result_of(*rows, bands=BANDS):
    table = rubric(section("A", "BASE", direct("a", 100)), grades=bands)
    return dataclasses.replace(compare(table, sheets_of(table, {"a": pts(1)})), rows=rows)


def test_three_places_are_far_two_are_not():
    moves = [(5, 2), (4, 2), (2, 1), (3, 3), (1, 2), (1, 3), (2, 5), (9, 1), (6, None)]
    assert by_move(result_of(*(row(old, new) for old, new in moves))) == (
        *((Move.FAR_UP, 2), (Move.UP, 2), (Move.SAME, 1)),
        *((Move.DOWN, 2), (Move.FAR_DOWN, 1), (Move.OUT, 1)),
    )


def test_every_grade_of_the_table_is_counted_from_the_top_and_others_after():
    rows = [row(1, 1, "Xuất sắc", "Tốt"), row(2, 2), row(3, None, "Đạt", "")]
    counts = by_grade(result_of(*rows))
    names = [band.name for band in BANDS]
    assert [each.name for each in counts] == [*names, "Đạt", ""]
    found = {each.name: each for each in counts}
    assert found["Xuất sắc"] == GradeCount("Xuất sắc", 1, 0)
    assert found["Tốt"] == GradeCount("Tốt", 1, 2)
    assert (found["Đạt"].before, found["Đạt"].after, found[""].after) == (1, 0, 1)
    assert (found[names[-1]].before, found[names[-1]].after) == (0, 0)


def test_grades_of_the_old_table_alone_follow_those_of_the_draft():
    old = rubric(section("A", "BASE", direct("a", 100)), grades=BANDS)
    new = dataclasses.replace(old, grades=(dataclasses.replace(BANDS[-1], name="Mới"),))
    names = [band.name for band in BANDS]
    assert compare(new, sheets_of(old, {"a": pts(1)})).ladder == ("Mới", *names)
