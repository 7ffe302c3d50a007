"""A bloc-year for the browser story: what the story does not show is done by the services."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from blocs.enums import DeadlineKind, MeetingKind
from blocs.services.deadlines import set_deadline
from blocs.services.meetings import record_attendance, record_meeting
from emulation import clock
from pledges.models import Pledge
from pledges.services.pledges import agree_pledge, draft_pledge
from pledges.services.signatures import sign_pledge
from scoring.models import ScoreSheet
from scoring.services.appraisal import accept_rest, finish_appraisal, start_appraisal
from scoring.services.quotas import set_award, set_quota
from scoring.services.rubrics import create_rubric, issue_rubric
from scoring.services.sheets import LineDraft, save_lines, submit_sheet
from tests.factories import World, make_world

RUBRIC: dict[str, Any] = {
    "title": "Bảng chấm điểm của Khối",
    "scale_max": 100,
    "plus_cap": 5,
    "minus_cap": 5,
    "floor": 0,
    "ceiling": 105,
    "grades": [["Xuất sắc", 90], ["Tốt", 80], ["Chưa đạt", 0]],
    "tie_breaks": ["section:A:desc", "share"],
    "sections": [
        {
            "code": "A",
            "kind": "BASE",
            "title": "Nhiệm vụ chính trị",
            "max": 100,
            "criteria": [
                {
                    "code": "A1",
                    "title": "Chất lượng tham mưu",
                    "max": 10,
                    "kind": "direct",
                    "step": "0.5",
                    "evidence": True,
                },
                {
                    "code": "A2",
                    "title": "Văn bản đúng hạn",
                    "max": 40,
                    "kind": "deduct",
                    "per": 5,
                    "unit": "văn bản chậm",
                },
                {
                    "code": "A3",
                    "title": "Cải cách hành chính",
                    "max": 50,
                    "kind": "choice",
                    "levels": [["Tốt", 50], ["Khá", 40], ["Chưa đạt", 0]],
                },
            ],
        },
        {
            "code": "P",
            "kind": "PLUS",
            "title": "Điểm cộng",
            "cap": 5,
            "criteria": [{"code": "P1", "title": "Mô hình mới", "max": 5, "kind": "passfail"}],
        },
    ],
}


@dataclass
class Year:
    """The world with the few deeds that the browser story leaves to the services."""

    world: World

    @property
    def path(self) -> str:
        """The bloc-year's page."""
        return f"/nam/{self.world.bloc_year.pk}/"

    def name(self, place: int) -> str:
        """The name of a unit: 0 head, 1 deputy, 2 and 3 ordinary members."""
        return self.world.units[place].name

    def sheet(self, place: int) -> ScoreSheet:
        """A unit's sheet as it stands."""
        return ScoreSheet.objects.select_related("bloc_year", "membership", "rubric").get(
            membership=self.world.memberships[place]
        )

    def agree(self) -> None:
        """Let the head agree the pledge's text."""
        pledge = Pledge.objects.get(bloc_year=self.world.bloc_year)
        agree_pledge(actor=self.world.head_leader, pledge=pledge)

    def sign(self, *places: int) -> None:
        """Let other units' leaders sign."""
        pledge = Pledge.objects.get(bloc_year=self.world.bloc_year)
        for place in places:
            sign_pledge(
                actor=self.world.leaders[place],
                pledge=pledge,
                membership=self.world.memberships[place],
            )

    def prepare_scoring(self) -> None:
        """Issue the rubric, set the deadline and the quotas."""
        world = self.world
        rubric = create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=RUBRIC)
        issue_rubric(actor=world.head_leader, rubric=rubric)
        set_deadline(
            actor=world.secretary,
            bloc_year=world.bloc_year,
            kind=DeadlineKind.SELF_SCORE,
            due_on=clock.today() + dt.timedelta(days=10),
        )
        officer = world.board_officer
        flag = set_award(
            actor=officer, board=world.board, code="PROV_FLAG", label="Cờ thi đua", position=1
        )
        merit = set_award(
            actor=officer, board=world.board, code="PROV_MERIT", label="Bằng khen", position=2
        )
        for award, count, worst in ((flag, 1, 1), (merit, 2, 3)):
            set_quota(
                actor=officer,
                bloc_year=world.bloc_year,
                award=award,
                max_count=count,
                worst_rank=worst,
            )

    def hand_in(self, place: int, points: str, level: str) -> None:
        """Fill and hand in a unit's sheet; A1 counts only with evidence, so it is attached."""
        from scoring.services.evidence import add_evidence

        sheet = self.sheet(place)
        officer = self.world.officers[place]
        lines = {line.criterion.code: line for line in sheet.lines.select_related("criterion")}
        raws = {"A1": {"points": points}, "A2": {"n": "0"}, "A3": {"level": level}}
        drafts = {
            lines[code].criterion_id: LineDraft(raw, lines[code].version)
            for code, raw in raws.items()
        }
        save_lines(actor=officer, sheet=sheet, lines=drafts)
        add_evidence(
            actor=officer,
            line=lines["A1"],
            title="Báo cáo",
            number="12/BC",
            issued_on=clock.today(),
            issuer=self.name(place),
        )
        submit_sheet(actor=self.world.leaders[place], sheet=self.sheet(place), confirm_blanks=True)

    def appraise(self, place: int) -> None:
        """Let the secretary accept a sheet as it is."""
        actor = self.world.secretary
        start_appraisal(actor=actor, sheet=self.sheet(place))
        accept_rest(actor=actor, sheet=self.sheet(place))
        finish_appraisal(actor=actor, sheet=self.sheet(place))

    def meet(self) -> None:
        """Hold the year-end meeting with everyone present."""
        world = self.world
        meeting = record_meeting(
            actor=world.secretary,
            bloc_year=world.bloc_year,
            kind=MeetingKind.YEAR_END,
            held_on=clock.today(),
        )
        record_attendance(
            actor=world.secretary,
            meeting=meeting,
            present={row.pk: (True, "") for row in world.memberships},
        )


def a_year() -> Year:
    """Four units, a drafted pledge; everything else is still to come."""
    world = make_world(4, year=clock.today().year)
    draft_pledge(
        actor=world.secretary,
        bloc_year=world.bloc_year,
        title="Giao ước thi đua",
        items=["Hoàn thành nhiệm vụ chính trị được giao"],
    )
    return Year(world)
