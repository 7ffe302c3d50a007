"""The clock: local dates, lateness, and the guard on setting it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation import clock

DUE = date(2026, 12, 20)
NOON = datetime(2026, 12, 20, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam
MOMENTS = st.integers(946_684_800, 4_102_444_799).map(lambda n: datetime.fromtimestamp(n, tz=UTC))
DATES = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_now_is_aware_and_runs():
    before = datetime.now(tz=UTC)  # noqa: TID251 - the clock itself is under test
    assert before <= clock.now() <= before + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 12, 20, 16, 59, 59, tzinfo=UTC), DUE),
        (datetime(2026, 12, 20, 17, 0, 0, tzinfo=UTC), date(2026, 12, 21)),
        (datetime(2026, 12, 20, 0, 0, tzinfo=clock.VIETNAM), DUE),
    ],
)
def test_dates_are_those_of_vietnam(moment, expected):
    assert clock.local_date(moment) == expected
    with clock.at(moment):
        assert clock.today() == expected


@pytest.mark.parametrize("function", [clock.local_date, clock.local_time])
def test_a_naive_moment_is_refused(function):
    with pytest.raises(ValueError, match="time zone"):
        function(datetime(2026, 12, 20))  # noqa: DTZ001 - refused on purpose


def test_last_moment_of_the_day_is_on_time_and_the_next_is_not():
    last = clock.end_of(DUE)
    assert last == datetime(2026, 12, 20, 16, 59, 59, 999999, tzinfo=UTC)
    assert not clock.is_late(last, DUE)
    assert clock.is_late(last + timedelta(microseconds=1), DUE)


@pytest.mark.parametrize(
    ("received", "days"),
    [
        (datetime(2026, 12, 1, 3, 0, tzinfo=clock.VIETNAM), 0),
        (datetime(2026, 12, 20, 23, 59, tzinfo=clock.VIETNAM), 0),
        (datetime(2026, 12, 21, 0, 0, tzinfo=clock.VIETNAM), 1),
        (datetime(2026, 12, 21, 23, 59, tzinfo=clock.VIETNAM), 1),
        (datetime(2026, 12, 22, 0, 1, tzinfo=clock.VIETNAM), 2),
        (datetime(2027, 1, 2, 0, 1, tzinfo=clock.VIETNAM), 13),
    ],
)
def test_days_late_counts_calendar_days_begun(received, days):
    assert clock.days_late(received, DUE) == days


@given(MOMENTS, DATES)
def test_late_means_after_the_end_of_the_day_and_at_least_one_day(moment, due_on):
    late = clock.is_late(moment, due_on)
    assert late == (moment > clock.end_of(due_on))
    assert late == (clock.days_late(moment, due_on) > 0)


def test_at_freezes_nests_and_restores():
    with clock.at(NOON) as moment:
        assert clock.now() == moment == NOON
        with clock.at(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_at_restores_after_an_exception():
    with pytest.raises(KeyError), clock.at(NOON):
        raise KeyError
    assert clock.now() != NOON


def test_at_needs_an_aware_moment():
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


@pytest.mark.parametrize("setting", [False, None, "True", 1])
def test_at_raises_where_the_clock_may_not_be_set(settings, setting):
    settings.CLOCK_MAY_BE_SET = setting
    with pytest.raises(RuntimeError, match="may be set only"), clock.at(NOON):
        pass
    assert clock.now() != NOON


def test_at_raises_where_the_setting_is_missing(settings):
    del settings.CLOCK_MAY_BE_SET
    with pytest.raises(RuntimeError), clock.at(NOON):
        pass


def test_the_seeder_may_set_it_inside_its_own_block_only(settings):
    settings.CLOCK_MAY_BE_SET = False
    with clock.allow_setting(), clock.at(NOON):
        assert clock.now() == NOON
    with pytest.raises(RuntimeError), clock.at(NOON):
        pass


def test_permission_ends_even_when_the_seeder_fails(settings):
    settings.CLOCK_MAY_BE_SET = False
    with pytest.raises(KeyError), clock.allow_setting():
        raise KeyError
    with pytest.raises(RuntimeError), clock.at(NOON):
        pass


def test_other_threads_keep_the_real_time():
    seen: list[datetime] = []
    with clock.at(NOON):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != NOON
