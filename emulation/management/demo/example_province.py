"""A wholly fictitious province: last year published, this year in the middle of self-scoring.

All days are counted from the day of seeding, so that deadlines always lie a few days ahead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from blocs.enums import DeadlineKind, MeetingKind, PaperKind, TermKind
from blocs.models import BlocYear, Deadline, Membership
from blocs.services.deadlines import extend_deadline, set_deadline
from blocs.services.papers import record_activity, record_bloc_paper
from blocs.services.terms import record_election
from blocs.services.years import copy_bloc_year
from emulation import clock
from emulation.management.demo.cast import Cast
from emulation.management.demo.example_cast import people_units
from emulation.management.demo.example_changes import (
    add_second_officer,
    announce_deadlines,
    cite_predecessor,
    days_of_the_year,
    let_people_in,
    merge_agencies,
    move_agency,
    set_apart,
)
from emulation.management.demo.example_results import decide_and_publish, meet_and_adopt
from emulation.management.demo.example_rubric import consult_and_issue, revise_rubric
from emulation.management.demo.example_scores import score_last_year, score_this_year
from emulation.management.demo.results import name_awards, set_quotas
from emulation.management.demo.stories import load, moment
from emulation.management.demo.year import (
    Year,
    admit,
    agree,
    appoint_term,
    everyone_came,
    hold_meeting,
    open_bloc,
    open_year,
    sign_in_browser,
    sign_on_paper,
    write_pledge,
)
from pledges.models import Pledge, PledgeItem
from pledges.services.comments import comment_on_pledge, reply_to_comment
from pledges.services.registrations import TargetDraft, save_registration, send_registration
from pledges.services.reports import save_report, send_report
from scoring.services.rubrics import create_rubric, issue_rubric

Story = dict[str, Any]
DAY = dt.timedelta(days=1)
YEAR = 365 * DAY
# The year that is being scored is the one of three months ago: in January, last year's.
SCORED = 90 * DAY
SIGNED, REVIEWED, OPENED, DUE = 250 * DAY, 140 * DAY, 20 * DAY, 5 * DAY
MERGED, ANNOUNCED, REGROUPED, REVISED = 170 * DAY, 60 * DAY, 45 * DAY, 35 * DAY


def tell_example_province(cast: Cast, story: Story, password: str, today: dt.date) -> None:
    """Build both years of the example bloc, a second bloc, and what the province has changed."""
    since = today - 3 * YEAR
    people_units(cast, story, password, since)
    add_second_officer(cast, story["second_officer"], today - YEAR)
    name_awards(cast, story["awards"], since)
    number = (today - SCORED).year
    before = _last_year(cast, story, number - 1, today - YEAR)
    year, names = _this_year(cast, story, before, today)
    announce_deadlines(cast, number, today + DUE, today - ANNOUNCED)
    _second_bloc(year, story, today)
    revise_rubric(year, story["rubric_revision"], today - REVISED)
    _score_this_year(year, story, names, today)
    let_people_in(cast, story["not_come"], today - DAY)


def _names(story: Story) -> dict[str, str]:
    return {unit["key"]: unit["name"] for unit in story["units"]}


# ---------------------------------------------------------------- last year


def _last_year(cast: Cast, story: Story, number: int, then: dt.date) -> Year:
    names = _names(story)
    data = {**story["bloc"], "year": number}
    signed = then - SIGNED
    bloc = open_bloc(cast, data, signed - 30 * DAY, example=True)
    head = names[story["last_head"]]
    year = open_year(cast, bloc, data, head, signed - 30 * DAY, example=True)
    appoint_term(year, names[story["last_deputy"]], TermKind.DEPUTY, signed - 30 * DAY)
    admit(year, names.values(), signed - 29 * DAY)
    pledge = write_pledge(
        year,
        f"Giao ước thi đua năm {number}",
        story["pledge_items"],
        signed - 20 * DAY,
        preamble=story["preamble"],
        closing=story["closing"],
    )
    year.step("consult", signed - 10 * DAY, actor=year.secretary)
    _sign(year, pledge, signed, on_paper=list(year.members))
    _issue(year, signed + 30 * DAY)
    with clock.at(moment(then - OPENED)):
        for kind, due_on in days_of_the_year(then + DUE).items():
            set_deadline(actor=year.secretary, bloc_year=year.bloc_year, kind=kind, due_on=due_on)
    _open_scoring(year, story, then - OPENED, "Khối sơ kết bằng hội nghị.")
    score_last_year(year, story, names, then + DUE)
    met = then + 20 * DAY
    meet_and_adopt(year, story["last_year"], names, met)
    _elect(year, story, names, met)
    decide_and_publish(year, story["last_year"], names, met + 30 * DAY)
    return year


def _elect(year: Year, story: Story, names: Mapping[str, str], day: dt.date) -> None:
    with clock.at(moment(day, dt.time(11, 30))):
        record_election(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            head=year.cast.units[names[story["head"]]],
            deputies=[year.cast.units[names[story["deputy"]]]],
            decided_on=day,
        )


def _sign(year: Year, pledge: Pledge, day: dt.date, on_paper: list[str]) -> None:
    """Agree and sign at the meeting; whoever is not named signs in the browser."""
    meeting = hold_meeting(
        year,
        MeetingKind.SIGNING,
        day,
        time=dt.time(8, 0),
        place="Hội trường cơ quan Trưởng khối",
        board_attends=True,
        papers=[(pledge.title, True)],
        minutes="Hội nghị thống nhất nội dung và ký kết giao ước thi đua.",
    )
    everyone_came(year, meeting, day, example=False)
    agree(year, pledge, day)
    sign_on_paper(year, pledge, on_paper, day)
    sign_in_browser(year, pledge, [name for name in year.members if name not in on_paper], day)
    year.step("start_running", day + DAY)


def _issue(year: Year, day: dt.date) -> None:
    with clock.at(moment(day)):
        rubric = create_rubric(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            document=load("party_agencies"),
            is_example=True,
        )
        issue_rubric(actor=year.chair, rubric=rubric, issued_on=day)


def _open_scoring(year: Year, story: Story, day: dt.date, reason: str) -> None:
    set_quotas(year, story["quotas"], day)
    year.step("open_self_scoring", day, reason=reason)


# ---------------------------------------------------------------- this year


def _this_year(
    cast: Cast, story: Story, before: Year, today: dt.date
) -> tuple[Year, dict[str, str]]:
    """Walk the year to its review, two of its agencies being merged on the way."""
    names = _names(story)
    signed = today - SIGNED
    year = _copied(cast, story, before.bloc_year, signed - 30 * DAY)
    pledge = write_pledge(
        year,
        f"Giao ước thi đua năm {year.bloc_year.year}",
        story["pledge_items"],
        signed - 20 * DAY,
        preamble=story["preamble"],
        closing=story["closing"],
    )
    _comment(year, story, names, pledge, signed)
    _sign(year, pledge, signed, on_paper=[names["nd"], names["mt"]])
    _keep_papers(year, story, signed)
    late = [names[key] for key in story["late"]]
    _register(year, story, pledge, _all_but(year, late[:1]), signed + 10 * DAY)
    consult_and_issue(year, story, names, signed + 20 * DAY)
    names = _merge(year, story, names, pledge, today - MERGED)
    _review(year, story, late, today - REVIEWED)
    return year, names


def _merge(
    year: Year, story: Story, names: dict[str, str], pledge: Pledge, day: dt.date
) -> dict[str, str]:
    """Make one agency of two; it signs and registers as the others did. Return all the names."""
    merge_agencies(year, story, names, day)
    name: str = story["merger"]["name"]
    sign_in_browser(year, pledge, [name], day + 3 * DAY)
    _register(year, story, pledge, [(name, year.members[name])], day + 8 * DAY)
    return {**names, story["merger"]["key"]: name}


def _score_this_year(year: Year, story: Story, names: Mapping[str, str], today: dt.date) -> None:
    _open_scoring(year, story, today - OPENED, "Hai đơn vị gửi báo cáo sau.")
    _grant_time(year, names["nd"], today)
    cite_predecessor(year, story, names, today - 13 * DAY)
    score_this_year(year, story, names, today)


def _copied(cast: Cast, story: Story, source: BlocYear, day: dt.date) -> Year:
    names = _names(story)
    with clock.at(moment(day)):
        bloc_year = copy_bloc_year(
            actor=cast.clerk,
            source=source,
            year=source.year + 1,
            name=story["bloc"]["name"],
            unit_ids=[cast.units[name].pk for name in names.values()],
            declared_count=len(names),
        )
    members = {row.unit.name: row for row in bloc_year.memberships.select_related("unit")}
    return Year(cast, bloc_year, names[story["head"]], members)


def _comment(
    year: Year, story: Story, names: Mapping[str, str], pledge: Pledge, signed: dt.date
) -> None:
    """Let members comment while the pledge is consulted on; the head replies."""
    year.step("consult", signed - 12 * DAY, actor=year.secretary)
    pledge.refresh_from_db()
    for key, position, text, reply in story["comments"]:
        item = PledgeItem.objects.get(pledge=pledge, position=position)
        with clock.at(moment(signed - 8 * DAY)):
            comment = comment_on_pledge(
                actor=year.cast.officers[names[key]],
                pledge=pledge,
                item=item,
                membership=year.members[names[key]],
                text=text,
            )
        with clock.at(moment(signed - 5 * DAY)):
            reply_to_comment(actor=year.chair, comment=comment, reply=reply)


def _keep_papers(year: Year, story: Story, day: dt.date) -> None:
    kinds = {PaperKind.PLAN: story["plan"], PaperKind.REGULATION: story["regulation"]}
    with clock.at(moment(day, dt.time(15, 0))):
        for kind, title in kinds.items():
            record_bloc_paper(
                actor=year.secretary, bloc_year=year.bloc_year, kind=kind, title=title
            )
        for title in story["activities"]:
            record_activity(actor=year.secretary, bloc_year=year.bloc_year, title=title)


def _all_but(year: Year, late: Collection[str]) -> list[tuple[str, Membership]]:
    return [(name, row) for name, row in year.members.items() if name not in late]


def _register(
    year: Year,
    story: Story,
    pledge: Pledge,
    members: Iterable[tuple[str, Membership]],
    day: dt.date,
) -> None:
    """Let the members register their targets and titles."""
    items = {item.position: item for item in PledgeItem.objects.filter(pledge=pledge)}
    targets = [
        TargetDraft(title, Decimal(value), measure, items[position])
        for title, value, measure, position in story["targets"]
    ]
    for name, membership in members:
        with clock.at(moment(day)):
            save_registration(
                actor=year.cast.officers[name],
                membership=membership,
                targets=targets,
                titles=story["titles"],
            )
            send_registration(actor=year.cast.leaders[name], membership=membership)


def _review(year: Year, story: Story, late: Collection[str], day: dt.date) -> None:
    """Collect interim reports, all but the late ones', and hold the review meeting."""
    with clock.at(moment(day - 20 * DAY)):
        set_deadline(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            kind=DeadlineKind.INTERIM_REPORT,
            due_on=day,
        )
    for name, membership in _all_but(year, late):
        with clock.at(moment(day - 2 * DAY)):
            report = save_report(
                actor=year.cast.officers[name],
                bloc_year=year.bloc_year,
                membership=membership,
                kind="interim",
                **story["reports"],
            )
            send_report(actor=year.cast.leaders[name], report=report)
    meeting = hold_meeting(year, MeetingKind.INTERIM, day + 5 * DAY, time=dt.time(14, 0))
    everyone_came(year, meeting, day + 5 * DAY, example=False)


def _grant_time(year: Year, name: str, today: dt.date) -> None:
    deadline = Deadline.objects.get(bloc_year=year.bloc_year, kind=DeadlineKind.SELF_SCORE)
    with clock.at(moment(today - DAY, dt.time(8, 30))):
        extend_deadline(
            actor=year.chair,
            deadline=deadline,
            membership=year.members[name],
            due_on=deadline.due_on + 2 * DAY,
            reason="Đơn vị thay cán bộ đầu mối, đề nghị thêm thời gian.",
        )


# ---------------------------------------------------------------- a second bloc


def _second_bloc(year: Year, story: Story, today: dt.date) -> None:
    """Let a bloc of State agencies, one of them from the first, consult on its pledge."""
    cast, number, day = year.cast, year.bloc_year.year, today - REGROUPED
    data = {**story["other_bloc"], "year": number}
    bloc = open_bloc(cast, data, day, example=True)
    second = open_year(cast, bloc, data, data["head"], day, example=True)
    admit(second, data["units"], day)
    set_apart(second, story["exception"], today + DUE, day + DAY)
    move_agency(year, second, story, _names(story), day + 5 * DAY)
    write_pledge(second, f"Giao ước thi đua năm {number}", data["pledge_items"], today - 20 * DAY)
    second.step("consult", today - 18 * DAY, actor=second.secretary)
