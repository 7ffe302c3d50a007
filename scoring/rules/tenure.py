"""How long a unit has been in its bloc: whole months up to the end of the scored period."""

from __future__ import annotations

import datetime as dt

MONTHS_OF_A_YEAR = 12


def months_between(first: dt.date, last: dt.date) -> int:
    """Return the whole months from ``first`` to ``last``, both days counted; 0 if none.

    1 July to 31 December are 6; 2 July to 31 December are 5.
    """
    after = last + dt.timedelta(days=1)
    months = (after.year - first.year) * MONTHS_OF_A_YEAR + after.month - first.month
    return max(months - (after.day < first.day), 0)


def member_since(*days: dt.date | None) -> dt.date | None:
    """Return the latest of the days known; None where the unit has been there from of old."""
    return max((day for day in days if day is not None), default=None)
