"""The adopted year: places 1, 2, 3, 3 with the three kinds of award, as reported.

The report gives places, proposals and next year's head and deputies; it gives no points, no
deputies of the year and no result of one unit. The points are examples chosen to give the
reported places, and say so.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from blocs.enums import MeetingKind
from blocs.services.terms import name_stand_in, record_election
from emulation import clock
from emulation.management.demo.cast import Cast
from emulation.management.demo.real_blocs import (
    found_year,
    pledge_until_signed,
    set_score_deadline,
)
from emulation.management.demo.results import confirm_proposals, name_awards, set_quotas
from emulation.management.demo.sheets import appraise, approve, conclude, fill, hand_in
from emulation.management.demo.stories import day_of, load, moment
from emulation.management.demo.year import Year, everyone_came, hold_meeting
from scoring.services.rubrics import create_rubric, issue_rubric

Story = dict[str, Any]
EXAMPLE_POINTS = "Bảng và điểm ví dụ: bản tin chỉ nêu thứ hạng; điểm được chọn để ra thứ hạng đó."


def tell_thai_binh_2022(cast: Cast, story: Story) -> None:
    """Walk the year to its adoption at the meeting that the report describes."""
    meeting_day = day_of(story["meeting"]["date"])
    spring = {**story, "meeting": {"kind": "NOT_REPORTED", "date": f"{story['year']}-03-15"}}
    _, year = found_year(cast, spring)
    pledge_until_signed(year, spring)
    year.step("start_running", day_of(spring["meeting"]["date"]))
    _prepare_scoring(year, story, meeting_day)
    _score(year, story, meeting_day)
    _meet(year, story, meeting_day)


def _prepare_scoring(year: Year, story: Story, meeting_day: dt.date) -> None:
    """Issue the example rubric, name the stand-in, set deadline and quotas, open the sheets."""
    day = meeting_day - dt.timedelta(days=30)
    document = {**load("party_agencies"), "tie_breaks": story["tie_breaks"]}
    with clock.at(moment(day)):
        rubric = create_rubric(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            document=document,
            is_example=True,
            note=EXAMPLE_POINTS,
        )
        issue_rubric(actor=year.chair, rubric=rubric)
        name_stand_in(
            actor=year.cast.clerk,
            bloc_year=year.bloc_year,
            unit=year.cast.units[story["stand_in"]],
            note="Ví dụ: bản tin không nêu Phó Trưởng khối của năm.",
        )
    name_awards(year.cast, story["awards"], day)
    set_quotas(year, story["quotas"], day)
    set_score_deadline(year, meeting_day - dt.timedelta(days=14), day)
    year.step("open_self_scoring", day, reason="Bản tin không nêu báo cáo sơ kết.")


def _score(year: Year, story: Story, meeting_day: dt.date) -> None:
    """Fill, hand in, appraise and approve the example sheets of the ranked units."""
    full: dict[str, str] = story["full"]
    handed = meeting_day - dt.timedelta(days=16)
    for name, entries in story["scores"].items():
        fill(year, name, {**full, **entries}, handed)
        hand_in(year, name, handed)
    year.step("start_appraising", meeting_day - dt.timedelta(days=12))
    for name in story["scores"]:
        own = name == story["head"]
        seat = story["stand_in"] if own else story["head"]
        appraise(year, name, {}, year.cast.officers[seat], meeting_day - dt.timedelta(days=7))
        conclude(year, name, year.cast.officers[seat], meeting_day - dt.timedelta(days=6))
        approve(year, name, year.cast.leaders[seat], meeting_day - dt.timedelta(days=5))


def _meet(year: Year, story: Story, day: dt.date) -> None:
    """Table, meet, adopt; confirm the proposals; elect next year's head and deputies."""
    year.step("table", day - dt.timedelta(days=1))
    meeting = hold_meeting(
        year,
        MeetingKind.YEAR_END,
        day,
        board_attends=story["meeting"]["board_attends"],
        minutes="Hội nghị thông qua kết quả xếp hạng, đề nghị khen thưởng và bầu Trưởng khối, "
        "Phó Trưởng khối năm sau.",
    )
    everyone_came(year, meeting, day, example=True)
    year.step("adopt", day)
    confirm_proposals(year, day)
    following = story["next_year"]
    with clock.at(moment(day, dt.time(11, 30))):
        record_election(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            head=year.cast.units[following["head"]],
            deputies=[year.cast.units[name] for name in following["deputies"]],
            decided_on=day,
        )
