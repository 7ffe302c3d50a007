"""Five real blocs, standing where the reports leave them.

Nothing is stated as fact that the reports do not give: people appear by office only, and whatever
a step demands beyond the reports is marked as an example with a note that says so.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from blocs.enums import DeadlineKind, MeetingKind, PaperKind, TermKind, TermSource
from blocs.models import Bloc, Meeting
from blocs.services.deadlines import set_deadline
from blocs.services.papers import record_activity, record_bloc_paper
from blocs.services.structure.names import rename_unit
from blocs.services.structure.records import Ground
from blocs.services.terms import set_term
from blocs.services.years import copy_bloc_year
from emulation import clock
from emulation.management.demo.cast import Cast, settle_unit
from emulation.management.demo.stories import day_of, load, moment
from emulation.management.demo.year import (
    Year,
    admit,
    agree,
    everyone_came,
    hold_meeting,
    open_bloc,
    open_year,
    sign_on_paper,
    write_pledge,
)
from pledges.models import Pledge
from pledges.services.reports import save_report, send_report
from scoring.enums import CommentProposal
from scoring.services.rubrics import (
    comment_on_rubric,
    create_rubric,
    open_rubric_consultation,
)

Story = dict[str, Any]
RENAMED = "Sắp xếp lại cơ quan chuyên trách tham mưu, giúp việc"
ONE_DAY = dt.timedelta(days=1)
EXAMPLE_MEMBER = "Đơn vị ví dụ; bản tin không nêu tên."
SIGNING_MINUTES = "Hội nghị thông qua nội dung và ký kết giao ước thi đua."


def _times(story: Story) -> tuple[dt.date, dt.date]:
    """Return the meeting's day and a day two weeks before it, when preparation began."""
    day = day_of(story["meeting"]["date"])
    return day, day - dt.timedelta(days=14)


def found_year(cast: Cast, story: Story) -> tuple[Bloc, Year]:
    """Found the bloc, settle its units, open the year with the listed members."""
    _, began = _times(story)
    bloc = open_bloc(cast, story, began)
    settle_all(cast, story["members"], began)
    year = open_year(cast, bloc, story, story["head"], began)
    silent: str = story.get("no_result", {}).get("unit", "")
    admit(year, [each["name"] for each in story["members"] if each["name"] != silent], began)
    if silent:
        admit(year, [silent], began, note=story["no_result"]["note"], ranked=False)
    return bloc, year


def settle_all(cast: Cast, units: list[dict[str, str]], day: dt.date) -> None:
    """Bring in units with their office holders."""
    with clock.at(moment(day)):
        for each in units:
            settle_unit(cast, each, day)


def pledge_until_signed(year: Year, story: Story) -> tuple[Pledge, Meeting]:
    """Consult on the pledge, hold the signing meeting, agree and sign: one afternoon."""
    day, began = _times(story)
    examples: list[str] = story.get("example_pledge_items", [])
    pledge = write_pledge(
        year,
        f"Giao ước thi đua năm {story['year']}",
        story.get("pledge_items") or examples,
        began,
        note=examples[0] if examples else "",
    )
    year.step("consult", began + ONE_DAY, actor=year.secretary)
    meeting = _signing_meeting(year, story, day)
    agree(year, pledge, day)
    sign_on_paper(year, pledge, year.members, day, example=bool(examples))
    return pledge, meeting


def _signing_meeting(year: Year, story: Story, day: dt.date) -> Meeting:
    facts = story["meeting"]
    reported = facts["kind"] == "SIGNING"
    time = dt.time.fromisoformat(facts["time"]) if "time" in facts and reported else None
    meeting = hold_meeting(
        year,
        MeetingKind.SIGNING,
        day,
        time=time,
        place=facts.get("place", "") if reported else "",
        board_attends=facts.get("board_attends", False) if reported else False,
        papers=[(title, False) for title in story.get("papers_presented", [])],
        minutes=SIGNING_MINUTES if reported else "",
        note="" if reported else "Ví dụ: bản tin không nêu ngày ký kết.",
    )
    everyone_came(year, meeting, day, example=True)
    return meeting


def tell_can_tho_2018(cast: Cast, story: Story) -> Bloc:
    """Signed on one afternoon; 12 declared, 11 listed; the rubric still argued over."""
    bloc, year = found_year(cast, story)
    _, meeting = pledge_until_signed(year, story)
    day, _ = _times(story)
    year.step("start_running", day)
    _consult_on_rubric(year, story, meeting, day)
    return bloc


def _consult_on_rubric(year: Year, story: Story, meeting: Meeting, day: dt.date) -> None:
    """Put an example table to consultation with the comments that the report gives."""
    document = load("party_agencies")
    with clock.at(moment(day, dt.time(15, 0))):
        rubric = create_rubric(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            document=document,
            is_example=True,
            note="Bảng ví dụ; bản tin chỉ nêu các ý kiến góp ý.",
        )
        open_rubric_consultation(actor=year.secretary, rubric=rubric)
        for text in story["rubric_comments"]:
            comment_on_rubric(
                actor=year.secretary,
                rubric=rubric,
                membership=None,
                text=text,
                proposal=CommentProposal.CHANGE,
                meeting=meeting,
            )


def tell_kien_giang_2018(cast: Cast, story: Story) -> None:
    """Seven members, three papers presented, all sign; the year runs."""
    _, year = found_year(cast, story)
    pledge_until_signed(year, story)
    year.step("start_running", _times(story)[0])


def tell_quang_binh_2016(cast: Cast, story: Story) -> None:
    """An interim review without points; only the head is known by name."""
    review, _ = _times(story)
    spring = {**story, "meeting": {"kind": "NOT_REPORTED", "date": f"{story['year']}-03-15"}}
    day, began = _times(spring)
    _, year = found_year(cast, spring)
    extra = [{"name": name, "kind": "other"} for name in story["example_members"]]
    settle_all(cast, extra, began)
    admit(year, story["example_members"], began, example=True, note=EXAMPLE_MEMBER)
    pledge_until_signed(year, spring)
    year.step("start_running", day)
    _interim_review(year, story["interim"], review)


def _interim_review(year: Year, interim: Story, day: dt.date) -> None:
    hold_meeting(year, MeetingKind.INTERIM, day, minutes="Hội nghị sơ kết, không chấm điểm.")
    texts = {
        "results": "\n".join(interim["results"]),
        "limitations": interim["limitations"],
        "next_tasks": "\n".join(interim["next_tasks"]),
    }
    with clock.at(moment(day, dt.time(16, 0))):
        report = save_report(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            membership=None,
            kind="interim",
            version=0,
            **texts,
        )
        send_report(actor=year.secretary, report=report)
        for title in interim["joint_activities"]:
            record_activity(actor=year.secretary, bloc_year=year.bloc_year, title=title)
        record_bloc_paper(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            kind=PaperKind.PLAN,
            title=interim["plan"],
        )


def tell_can_tho_2023(cast: Cast, story: Story, bloc: Bloc) -> None:
    """Continue the bloc of 2018 under a new name with five members."""
    day, began = _times(story)
    for new, old in story["same_unit"].items():
        _rename(cast, old, new, began)
    settle_all(cast, story["members"], began)
    year = _copied_year(cast, story, bloc, began)
    pledge_until_signed(year, story)
    year.step("start_running", day)


def _rename(cast: Cast, old: str, new: str, day: dt.date) -> None:
    with clock.at(moment(day)):
        ground = Ground(day, RENAMED)
        unit = rename_unit(actor=cast.clerk, unit=cast.units[old], name=new, ground=ground)
    cast.units[new] = unit
    cast.leaders[new], cast.officers[new] = cast.leaders[old], cast.officers[old]


def _copied_year(cast: Cast, story: Story, bloc: Bloc, day: dt.date) -> Year:
    units = [cast.units[each["name"]] for each in story["members"]]
    with clock.at(moment(day)):
        source = bloc.years.order_by("-year")[0]
        bloc_year = copy_bloc_year(
            actor=cast.clerk,
            source=source,
            year=story["year"],
            name=story["name"],
            unit_ids=[unit.pk for unit in units],
            note=story["note"],
        )
        set_term(
            actor=cast.clerk,
            bloc=bloc,
            year=story["year"],
            unit=cast.units[story["head"]],
            kind=TermKind.HEAD,
            source=TermSource.ANNOUNCED,
        )
    members = {row.unit.name: row for row in bloc_year.memberships.select_related("unit")}
    return Year(cast, bloc_year, story["head"], members)


def set_score_deadline(year: Year, due_on: dt.date, day: dt.date) -> None:
    """Set the last day for self-scores."""
    with clock.at(moment(day)):
        set_deadline(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            kind=DeadlineKind.SELF_SCORE,
            due_on=due_on,
        )
