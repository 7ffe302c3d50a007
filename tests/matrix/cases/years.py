"""The register, blocs and their years."""

from __future__ import annotations

from typing import Any

from blocs.enums import MeetingKind, TermKind
from blocs.models import (
    BlocPaper,
    HeadTerm,
    JointActivity,
    Meeting,
    MeetingPaper,
    SecretariatMember,
)
from blocs.services.meetings import edit_minutes
from blocs.services.terms import name_secretary
from tests.matrix.cases.frame import Arguments, Body, Case, body, day, none, year
from tests.story import YEAR, Story, a_pdf

# ---------------------------------------------------------------- blocs


def bloc(story: Story) -> dict[str, Any]:
    return {"bloc_id": story.keys["bloc"]}


def member(unit: str) -> Arguments:
    return lambda story: year(story) | {"membership_id": story.membership(unit).pk}


def of_year(name: str, model: Any, **wanted: Any) -> Arguments:
    """The year with the first row of a model that belongs to it."""

    def args(story: Story) -> dict[str, Any]:
        rows = model.objects.filter(bloc_year=story.keys["year"], **wanted).order_by("pk")
        return year(story) | {name: rows.first().pk}

    return args


def new_bloc(story: Story, role: str) -> dict[str, Any]:
    board = story.keys["board"] if role == "board" else story.keys["other_board"]
    return {"board": board, "name": "Khối số 9", "kind": "bloc", "year": "2025",
            "issuing_style": "state"}  # fmt: skip


def next_year(story: Story, _role: str) -> dict[str, Any]:
    return {"year": str(YEAR + 1), "name": "Khối số 1", "unit_ids": [story.units["own"]]}


def step(name: str) -> Body:
    return body(transition=name, reason="Theo kế hoạch")


YEAR_FIELDS = body(
    name="Khối số 1 (đổi tên)", declared_count="8", issuing_style="state", quorum_percent="66,67",
    appeal_days="10",
)  # fmt: skip


def new_member(story: Story, _role: str) -> dict[str, Any]:
    return {"unit_ids": [story.units["last"]], "is_ranking": "on"}


def term(story: Story) -> dict[str, Any]:
    terms = HeadTerm.objects.filter(bloc=story.bloc, year=YEAR, kind=TermKind.DEPUTY)
    return year(story) | {"term_id": terms.get().pk}


def new_term(story: Story, _role: str) -> dict[str, Any]:
    return {"unit": story.units["own"], "kind": "deputy", "position": "2", "source": "announced"}


def write_minutes(story: Story) -> None:
    """A meeting with its quorum and minutes may name the stand-in."""
    meeting = story.meeting(MeetingKind.SIGNING)
    edit_minutes(actor=story.officer_of("head"), meeting=meeting, minutes="Hội nghị cử.", version=1)


def new_stand_in(story: Story, _role: str) -> dict[str, Any]:
    meeting = story.meeting(MeetingKind.SIGNING)
    return {"unit": story.units["next"], "meeting": meeting.pk}


def elected(story: Story, _role: str) -> dict[str, Any]:
    return {"head": story.units["next"], "deputy_1": story.units["own"], "decided_on": day(story)}


def new_secretary(story: Story, _role: str) -> dict[str, Any]:
    return {"user": story.officer_of("next").pk}


def with_secretary(story: Story) -> None:
    name_secretary(
        actor=story.leader_of("head"), bloc_year=story.year, user=story.officer_of("next")
    )


def secretary(story: Story) -> dict[str, Any]:
    return of_year("secretary_id", SecretariatMember)(story)


def deadline(story: Story) -> dict[str, Any]:
    return year(story) | {"deadline_id": story.deadline().pk}


def extension(story: Story, role: str) -> dict[str, Any]:
    """The stand-in extends for the head, the head and the board for the others."""
    unit = "head" if role == "deputy" else "own"
    return {"membership": story.membership(unit).pk, "due_on": "10/12/2025",
            "reason": "Đơn vị chuyển trụ sở"}  # fmt: skip


def meeting(kind: str = MeetingKind.SIGNING) -> Arguments:
    return of_year("meeting_id", Meeting, kind=kind)


def new_meeting(story: Story, _role: str) -> dict[str, Any]:
    return {"kind": "interim", "held_on": day(story, 10), "held_at": "08:00", "place": "Trụ sở"}


def edited_meeting(story: Story, _role: str) -> dict[str, Any]:
    return {"kind": "signing", "held_on": "11/03/2025", "place": "Hội trường B", "version": "1"}


def came(story: Story, _role: str) -> dict[str, Any]:
    return {f"through_{row.pk}": "Phó Giám đốc" for row in story.memberships()}


def adopted_papers(story: Story, _role: str) -> dict[str, Any]:
    paper = MeetingPaper.objects.filter(meeting=story.meeting(MeetingKind.SIGNING)).first()
    assert paper
    return {f"adopted_{paper.pk}": "on", "title_1": "Quy chế hoạt động", "new_1": "on"}


def new_paper(_story: Story, _role: str) -> dict[str, Any]:
    return {"kind": "notice", "title": "Công văn số 1", "number": "01/CV", "uploaded": a_pdf(77)}


def unit(story: Story) -> dict[str, Any]:
    return {"unit_id": story.units["own"]}


def new_unit(story: Story, role: str) -> dict[str, Any]:
    board = story.keys["board"] if role == "board" else story.keys["other_board"]
    return {"board": board, "name": "Sở Nông nghiệp", "kind": "state", "issuing_style": "state"}


BLOCS = {
    "bloc_list": Case("running", none),
    "bloc_create": Case("running", none, new_bloc),
    "bloc": Case("running", bloc),
    "year_new": Case("adopted", bloc, next_year),
    "bloc_year": Case("running"),
    "take_step@draft": Case("draft", post=step("consult")),
    "take_step@signing": Case("signing", post=step("start_running")),
    "take_step@sent": Case("sent", post=step("return_dossier")),
    "year_edit": Case("running", post=YEAR_FIELDS),
    "year_edit@late": Case("tabled", post=YEAR_FIELDS),
    "member_list": Case("running"),
    "member_add": Case("draft", post=new_member),
    "member_remove": Case("draft", member("absent")),
    "term_add": Case("draft", post=new_term),
    "term_end": Case("draft", term, body(ended_on="03/02/2025", note="Công văn số 9")),
    "stand_in": Case("signing", post=new_stand_in, prepare=write_minutes),
    "election": Case("tabled", post=elected),
    "secretary_add": Case("running", post=new_secretary),
    "secretary_end": Case("running", secretary, prepare=with_secretary),
    "deadline_list": Case("running"),
    "deadline_edit": Case("running", post=body(self_score="08/12/2025")),
    "deadline_extend": Case("running", deadline, extension),
    "meeting_list": Case("running"),
    "meeting_add": Case("running", post=new_meeting),
    "meeting": Case("running", meeting()),
    "meeting_edit": Case("running", meeting(), edited_meeting),
    "meeting_minutes": Case("running", meeting(), body(minutes="Nội dung", version="1")),
    "meeting_attendance": Case("running", meeting(), came),
    "meeting_attendance@late": Case("adopted", meeting(MeetingKind.YEAR_END), came),
    "meeting_papers": Case("running", meeting(), adopted_papers),
    "paper_list": Case("running"),
    "paper_add": Case("running", post=new_paper),
    "paper_download": Case("running", of_year("paper_id", BlocPaper)),
    "paper_revoke": Case("running", of_year("paper_id", BlocPaper)),
    "activity_add": Case("running", post=body(title="Ngày hội thể thao", held_on="20/05/2025")),
    "activity_edit": Case(
        "running",
        of_year("activity_id", JointActivity),
        body(title="Hội thao", description="Đã tổ chức"),
    ),
    "meeting_add@closed": Case("closed", post=new_meeting),
    "paper_add@closed": Case("closed", post=new_paper),
    "deadline_edit@closed": Case("closed", post=body(appeal="20/03/2026")),
    "member_end@closed": Case(
        "closed", member("own"), body(ends_on="30/01/2026", note="Quyết định 9")
    ),
    "secretary_add@closed": Case("closed", post=new_secretary),
    "unit_list": Case("running", none),
    "unit_add": Case("running", none, new_unit),
    "unit": Case("running", unit),
}
