"""The score sheets of the example bloc: last year's all approved, this year's in every status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from emulation import clock
from emulation.management.demo.sheets import (
    appraise,
    approve,
    conclude,
    explain,
    fill,
    hand_in,
    sheet_of,
)
from emulation.management.demo.stories import moment
from emulation.management.demo.year import Year
from scoring.services.cross_checks import assign_cross_check
from scoring.services.explanations import request_explanation
from scoring.services.sheets import return_sheet
from scoring.services.standing_decisions import exclude_member

Story = dict[str, Any]
DAY = dt.timedelta(days=1)


def score_last_year(year: Year, story: Story, names: Mapping[str, str], due: dt.date) -> None:
    """Fill, hand in, appraise and approve every sheet; one unit is not considered."""
    last, stand_in = story["last_year"], names[story["last_deputy"]]
    differing = last["self_instead"]
    for key, entries in last["scores"].items():
        claimed = {code: value for code, (value, _) in differing.get(key, {}).items()}
        handed = due + DAY * last["late"].get(key, 0)
        fill(year, names[key], {**story["full"], **entries, **claimed}, due - 2 * DAY)
        hand_in(year, names[key], handed if key in last["late"] else due - DAY)
    _exclude(year, story, names, due + 2 * DAY)
    reason = "Đơn vị chưa nộp không được xét thi đua năm nay."
    year.step("start_appraising", due + 3 * DAY, reason=reason)
    for key, entries in last["scores"].items():
        seat = stand_in if names[key] == year.head else year.head
        corrections = {
            code: (entries.get(code, story["full"][code]), reason)
            for code, (_, reason) in differing.get(key, {}).items()
        }
        appraise(year, names[key], corrections, year.cast.officers[seat], due + 5 * DAY)
        if corrections:
            explain(year, names[key], year.cast.officers[seat], due + 6 * DAY)
        conclude(year, names[key], year.cast.officers[seat], due + 7 * DAY)
        approve(year, names[key], year.cast.leaders[seat], due + 8 * DAY)


def _exclude(year: Year, story: Story, names: Mapping[str, str], day: dt.date) -> None:
    with clock.at(moment(day)):
        for key, (ground, reason) in story["last_year"]["excluded"].items():
            exclude_member(
                actor=year.cast.clerk,
                membership=year.members[names[key]],
                ground=ground,
                effect="excluded",
                reason=reason,
            )


def score_this_year(year: Year, story: Story, names: Mapping[str, str], today: dt.date) -> None:
    """Leave sheets in every status: from not started to approved, one returned to its unit."""
    now = story["this_year"]
    full: dict[str, str] = story["full"]
    handed = ("approved", "appraised", "explanation_requested", "appraising", "submitted")
    for status in (*handed, "returned"):
        for key, entries in now[status].items():
            fill(year, names[key], {**full, **entries}, today - 12 * DAY)
            hand_in(year, names[key], today - 11 * DAY)
    for key, entries in now["drafting"].items():
        entered = {**full, **entries}
        partly = {code: entered[code] for code in now["partly"] if code in entered}
        fill(year, names[key], partly, today - 2 * DAY)
    _appraise_some(year, now, names, today)
    _assign_checks(year, story, names, today)


def _appraise_some(year: Year, now: Story, names: Mapping[str, str], today: dt.date) -> None:
    secretary, chair = year.secretary, year.chair
    for status in ("approved", "appraised", "explanation_requested", "appraising"):
        for key in now[status]:
            cuts = now["cuts"].get(key, {})
            rest = status != "appraising"
            appraise(year, names[key], cuts, secretary, today - 8 * DAY, rest=rest)
    for status in ("approved", "appraised"):
        for key in now[status]:
            if key in now["cuts"]:
                explain(year, names[key], secretary, today - 7 * DAY)
            conclude(year, names[key], secretary, today - 6 * DAY)
    for key in now["approved"]:
        approve(year, names[key], chair, today - 4 * DAY)
    with clock.at(moment(today - DAY)):
        for key in now["explanation_requested"]:
            sheet = sheet_of(year, names[key])
            request_explanation(actor=secretary, sheet=sheet, due_on=today + 2 * DAY)
        for key in now["returned"]:
            return_sheet(
                actor=secretary,
                sheet=sheet_of(year, names[key]),
                reason=now["returned_reason"],
                due_on=today + 4 * DAY,
            )


def _assign_checks(year: Year, story: Story, names: Mapping[str, str], today: dt.date) -> None:
    checker = next(
        year.cast.officers[names[data[0]]]
        for account, data in story["accounts"].items()
        if account == story["cross_check"]["by"]
    )
    with clock.at(moment(today - DAY, dt.time(10, 0))):
        for key in story["cross_check"]["units"]:
            assign_cross_check(
                actor=year.secretary, sheet=sheet_of(year, names[key]), checker=checker
            )
