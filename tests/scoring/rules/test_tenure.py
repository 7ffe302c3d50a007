"""Whole months in the bloc, both days counted."""

from __future__ import annotations

import datetime as dt

import pytest

from scoring.rules.tenure import member_since, months_between


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-07-01", "2026-12-31", 6),
        ("2026-07-02", "2026-12-31", 5),
        ("2026-01-01", "2026-12-31", 12),
        ("2025-12-31", "2026-12-31", 12),
        ("2026-01-15", "2026-02-14", 1),
        ("2026-01-15", "2026-02-13", 0),
        ("2026-12-31", "2026-12-31", 0),
        ("2027-01-01", "2026-12-31", 0),
        ("2027-05-01", "2026-12-31", 0),
        ("2024-09-01", "2026-08-31", 24),
    ],
)
def test_months_between(first, last, months):
    assert months_between(day(first), day(last)) == months


def test_the_later_of_joining_and_founding_counts():
    joined, founded = day("2026-03-01"), day("2026-06-01")
    assert member_since(joined, founded) == founded
    assert member_since(founded, None) == founded
    assert member_since(None, None) is None
