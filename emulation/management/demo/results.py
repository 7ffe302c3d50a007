"""Quotas, the year-end meeting, the Council's decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from blocs.models import Board
from emulation import clock
from emulation.management.demo.cast import Cast
from emulation.management.demo.stories import moment
from emulation.management.demo.year import Year
from scoring.models import Award
from scoring.services.nominations import confirm_nominations
from scoring.services.quotas import set_award, set_quota


def name_awards(cast: Cast, awards: Sequence[Sequence[str]], day: dt.date) -> None:
    """Let the board name its awards, highest first."""
    with clock.at(moment(day)):
        for position, (code, label) in enumerate(awards, start=1):
            set_award(actor=cast.clerk, board=cast.board, code=code, label=label, position=position)


def award_called(board: Board, code: str) -> Award:
    """Return the board's award of that code."""
    return Award.objects.get(board=board, code=code)


def set_quotas(year: Year, quotas: Sequence[dict[str, Any]], day: dt.date) -> None:
    """Let the board set how many of each award the bloc may propose, and for whom."""
    with clock.at(moment(day)):
        for quota in quotas:
            rules = {key: value for key, value in quota.items() if key != "award"}
            award = award_called(year.cast.board, quota["award"])
            set_quota(actor=year.cast.clerk, bloc_year=year.bloc_year, award=award, **rules)


def confirm_proposals(year: Year, day: dt.date) -> None:
    """Let the head confirm what the quotas propose."""
    with clock.at(moment(day, dt.time(17, 0))):
        confirm_nominations(actor=year.chair, bloc_year=year.bloc_year)
