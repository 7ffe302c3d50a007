"""For every URL name: at which moment of the story it is asked, with what arguments and body.

A key is the URL's name, or ``name@variant`` where the same page is asked at a second moment or of
a second object. ``post`` is a valid body for whoever may; ``prepare`` brings about what the deed
needs and the moment does not have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from blocs.enums import MeetingKind, TermKind
from blocs.models import (
    BlocPaper,
    HeadTerm,
    JointActivity,
    Meeting,
    MeetingPaper,
    Post,
    SecretariatMember,
)
from blocs.services.meetings import edit_minutes
from blocs.services.members import add_member
from blocs.services.terms import name_secretary
from emulation.vietnamese import format_date
from pledges.models import PledgeItem, Report
from pledges.services.reports import save_report, send_report
from scoring.models import Appeal, Explanation, NotConsidered, Rubric, Section
from scoring.services.appeals import file_appeal
from tests.matrix.deeds import answer
from tests.story import PASSWORD, YEAR, Story, a_pdf

Arguments = Callable[[Story], dict[str, Any]]
Body = Callable[[Story, str], dict[str, Any]]


def nothing(_story: Story) -> None:
    """The moment has what the page needs."""


def none(_story: Story) -> dict[str, Any]:
    return {}


def year(story: Story) -> dict[str, Any]:
    return {"year_id": story.keys["year"]}


def empty(_story: Story, _role: str) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Case:
    """A page of the story. ``leaves_no_trace`` marks a POST that writes to the session only."""

    moment: str
    args: Arguments = year
    post: Body = empty
    prepare: Callable[[Story], None] = nothing
    query: Arguments = none
    days: int = 0
    leaves_no_trace: bool = False

    def url(self, name: str, story: Story) -> str:
        """The address, query included."""
        path = reverse(name, kwargs=self.args(story))
        query = self.query(story)
        return f"{path}?{urlencode(query, doseq=True)}" if query else path


# ---------------------------------------------------------------- words of the bodies


def body(**values: Any) -> Body:
    """The same body for every role."""
    return lambda _story, _role: dict(values)


REASON = body(reason="Theo kết luận của hội nghị")

UNIT_OF = {
    "officer": "own",
    "leader": "own",
    "member_officer": "other",
    "member_leader": "other",
    "cross_checker": "checker",
    "secretary": "head",
    "head": "head",
    "deputy": "deputy",
    "next_head": "next",
}


def unit_of(role: str) -> str:
    """The member a role works for; own for those who work for none."""
    return UNIT_OF.get(role, "own")


def day(story: Story, days: int = 0) -> str:
    return format_date(story.day(days))


# ---------------------------------------------------------------- site

LOGIN = body(username="own-officer", password=PASSWORD)
NEW_PASSWORD = "mat-khau-moi-2027"

SITE = {
    "home": Case("running", none),
    "login": Case("running", none, LOGIN, leaves_no_trace=True),
    "logout": Case("running", none, leaves_no_trace=True),
    "password_change": Case(
        "running",
        none,
        body(old_password=PASSWORD, new_password1=NEW_PASSWORD, new_password2=NEW_PASSWORD),
    ),
    "password_change_done": Case("running", none),
    **{
        f"admin:{name}": Case("running", none)
        for name in (
            "index",
            "emulation_user_changelist",
            "emulation_user_add",
            "blocs_post_changelist",
            "blocs_post_add",
        )
    },
}

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
    return {"unit": story.units["last"], "is_ranking": "on"}


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


def renamed(story: Story, _role: str) -> dict[str, Any]:
    return {"name": "Sở Y tế và Dân số", "from_day": day(story)}


def dissolved(story: Story, _role: str) -> dict[str, Any]:
    return {"ended_on": day(story)}


def new_post(story: Story, _role: str) -> dict[str, Any]:
    person = story.people["former_officer"]
    return {"user": person.pk, "role": "officer", "title": "Chuyên viên", "starts_on": day(story)}


def new_person(story: Story, _role: str) -> dict[str, Any]:
    return {"full_name": "Trần Thị Mới", "role": "officer", "starts_on": day(story),
            "username": "tranthimoi"}  # fmt: skip


def post_of_own(story: Story) -> dict[str, Any]:
    post = Post.objects.get(unit=story.units["own"], role="leader")
    return unit(story) | {"post_id": post.pk}


def last_day(story: Story, _role: str) -> dict[str, Any]:
    return {"ends_on": day(story)}


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
    "member_end": Case("running", member("own"), body(ends_on="30/06/2025", note="Quyết định 9")),
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
    "unit_rename": Case("running", unit, renamed),
    "unit_dissolve": Case("running", unit, dissolved),
    "post_add": Case("running", unit, new_post),
    "person_add": Case("running", unit, new_person),
    "post_end": Case("running", post_of_own, last_day),
}

# ---------------------------------------------------------------- pledges


def prepare_empty_year(story: Story) -> None:
    """A year of the bloc that has its head and no pledge yet."""
    later = story._open_year(story.bloc, YEAR + 2, story.members)
    story._lead(story.bloc, YEAR + 2, "head", TermKind.HEAD)
    story.keys["empty_year"] = later.pk


def empty_year(story: Story) -> dict[str, Any]:
    return {"year_id": story.keys["empty_year"]}


def item(story: Story) -> dict[str, Any]:
    rows = PledgeItem.objects.filter(pledge=story.pledge).order_by("position")
    return year(story) | {"item_id": rows[1].pk}


def comment(story: Story) -> dict[str, Any]:
    return year(story) | {"comment_id": story.keys["pledge_comment:own"]}


def new_comment(story: Story, role: str) -> dict[str, Any]:
    return {"membership": story.membership(unit_of(role)).pk, "item": "", "text": "Nhất trí"}


def signature(unit_name: str) -> Arguments:
    return lambda story: year(story) | {"signature_id": story.keys[f"signature:{unit_name}"]}


def versioned_pledge(story: Story, _role: str) -> dict[str, Any]:
    return {"version": story.pledge.version}


def heading(story: Story, _role: str) -> dict[str, Any]:
    return {"title": "Giao ước năm 2025", "version": story.pledge.version}


def membership(story: Story) -> dict[str, Any]:
    return {"membership_id": story.membership().pk}


def registered(story: Story, _role: str) -> dict[str, Any]:
    return {
        "version": story.registration().version,
        "so-targets": "1",
        "so-titles": "1",
        "chi-tieu-0-title": "Tỷ lệ hài lòng",
        "chi-tieu-0-value": "97,5",
        "chi-tieu-0-measure": "%",
        "danh-hieu-0-title": "Cờ thi đua",
    }


def versioned_registration(story: Story, _role: str) -> dict[str, Any]:
    return {"version": story.registration().version}


def unit_report(story: Story) -> dict[str, Any]:
    return membership(story) | {"kind": "so-ket"}


def bloc_report(story: Story) -> dict[str, Any]:
    return year(story) | {"kind": "so-ket"}


def written(version: Callable[[Story], int]) -> Body:
    return lambda story, _role: {"results": "Đạt 62 % kế hoạch.", "version": version(story)}


def version_of_report(story: Story, _role: str) -> dict[str, Any]:
    return {"version": story.report().version}


def write_bloc_report(story: Story) -> None:
    save_report(
        actor=story.officer_of("head"),
        bloc_year=story.year,
        membership=None,
        kind="interim",
        results="Khối hoàn thành 60 % kế hoạch.",
        limitations="",
        next_tasks="",
    )


def send_bloc_report(story: Story) -> None:
    write_bloc_report(story)
    report = Report.objects.get(bloc_year=story.year, membership=None)
    send_report(actor=story.officer_of("head"), report=report)


PLEDGES = {
    "pledge": Case("consulting"),
    "pledge_take": Case("consulting", post=body(transition="agree")),
    "pledge_print": Case("consulting"),
    "pledge_print@draft": Case("draft"),
    "pledge_docx": Case("consulting"),
    "pledge_docx@draft": Case("draft"),
    "pledge_draft": Case(
        "draft",
        empty_year,
        body(title="Giao ước", items="Nội dung một\nNội dung hai"),
        prepare=prepare_empty_year,
    ),
    "pledge_edit": Case("draft"),
    "pledge_heading": Case("draft", post=heading),
    "pledge_heading@late": Case("signing", post=heading),
    "pledge_item_add": Case("draft", post=body(text="Nội dung thêm")),
    "pledge_item_edit": Case("consulting", item, body(text="Nội dung sửa", version="1")),
    "pledge_item_move": Case("consulting", item, body(huong="len")),
    "pledge_item_drop": Case("consulting", item),
    "pledge_comment": Case("consulting", post=new_comment),
    "pledge_reply": Case("consulting", comment, body(reply="Tiếp thu")),
    "pledge_sign": Case("signing", member("own"), versioned_pledge),
    "pledge_sign@early": Case("consulting", member("own"), versioned_pledge),
    "pledge_paper_signature": Case(
        "signing",
        member("own"),
        body(signatory="Lê Văn A", office="Giám đốc", signed_on="10/03/2025"),
    ),
    "pledge_receipt": Case("running", signature("own")),
    "pledge_revoke": Case("running", signature("own"), body(reason="Ghi nhầm")),
    "pledge_revoke@paper": Case("running", signature("other"), body(reason="Ghi nhầm")),
    "pledge_revoke@closed": Case("closed", signature("own"), body(reason="Ghi nhầm")),
    "pledge_scan": Case("running", signature("other")),
    "registration_list": Case("running"),
    "registration": Case("running", membership),
    "registration@sent": Case("self_scoring", membership),
    "registration_edit": Case("running", membership, registered),
    "registration_edit@late": Case("self_scoring", membership, registered),
    "registration_edit@closed": Case("closed", membership, registered),
    "registration_send": Case("running", membership, versioned_registration),
    "registration_return": Case("self_scoring", membership, REASON),
    "report_list": Case("running"),
    "bloc_report": Case("running", bloc_report),
    "bloc_report@sent": Case("running", bloc_report, prepare=send_bloc_report),
    "bloc_report_edit": Case("running", bloc_report, written(lambda _: 0)),
    "bloc_report_send": Case("running", bloc_report, body(version="1"), prepare=write_bloc_report),
    "bloc_report_return": Case("running", bloc_report, REASON, prepare=send_bloc_report),
    "unit_report": Case("running", unit_report),
    "unit_report@sent": Case("self_scoring", unit_report),
    "unit_report_edit": Case("running", unit_report, written(lambda story: story.report().version)),
    "unit_report_send": Case("running", unit_report, version_of_report),
    "unit_report_return": Case("self_scoring", unit_report, REASON),
}

# ---------------------------------------------------------------- the rubric


def rubric(story: Story) -> dict[str, Any]:
    return {"rubric_id": story.keys["rubric"]}


def section(story: Story) -> dict[str, Any]:
    row = Section.objects.get(rubric=story.keys["rubric"], code="B")
    return rubric(story) | {"section_id": row.pk}


def criterion(story: Story) -> dict[str, Any]:
    return rubric(story) | {"criterion_id": story.criterion("B2").pk}


def new_remark(story: Story, role: str) -> dict[str, Any]:
    return {"proposal": "keep", "text": "Nhất trí", "criterion": "",
            "membership": story.membership(unit_of(role)).pk}  # fmt: skip


def remark(story: Story) -> dict[str, Any]:
    return rubric(story) | {"comment_id": story.keys["rubric_comment:own"]}


SETTINGS = body(
    title="Bảng chấm điểm mới", scale_max="103", plus_cap="10", minus_cap="15", floor="0",
    ceiling="113", grades="Xuất sắc; 90\nTốt; 80\nKhá; 65\nChưa đạt; 0", late_policy="minus",
    rank_style="standard", tie_1="ballot", tie_2="share",
)  # fmt: skip
CRITERION = body(
    code="B9", title="Tiêu chí thêm", max_points="2", kind="passfail",
    not_applicable="not_allowed",
)  # fmt: skip

RUBRIC = {
    "rubric_list": Case("consulting"),
    "rubric": Case("consulting", rubric),
    "rubric@draft": Case("draft", rubric),
    "rubric_create": Case("draft", post=SETTINGS),
    "rubric_step": Case(
        "consulting", rubric, body(transition="back_to_draft", reason="Soạn lại phần B")
    ),
    "rubric_issue": Case("consulting", rubric, body(reason="Đã trả lời tại hội nghị")),
    "rubric_copy": Case("self_scoring", rubric),
    "rubric_comments": Case("consulting", rubric, new_remark),
    "rubric_comment_reply": Case("consulting", remark, body(reply="Tiếp thu")),
    "rubric_settings": Case("consulting", rubric, SETTINGS),
    "rubric_settings@late": Case("self_scoring", rubric, SETTINGS),
    "rubric_section_add": Case(
        "consulting", rubric, body(code="G", title="Phần thêm", kind="BASE", max_points="5")
    ),
    "rubric_section_edit": Case(
        "consulting", section, body(code="B", title="Phần B sửa", kind="BASE", max_points="40")
    ),
    "rubric_section_deed": Case("consulting", section, body(deed="up")),
    "rubric_criterion_add": Case("consulting", section, CRITERION),
    "rubric_part_add": Case("consulting", criterion, CRITERION),
    "rubric_criterion_edit": Case(
        "consulting",
        criterion,
        body(code="B2", title="Sửa", max_points="10", kind="passfail",
             not_applicable="not_allowed"),
    ),
    "rubric_criterion_deed": Case("consulting", criterion, body(deed="up")),
}  # fmt: skip

# ---------------------------------------------------------------- sheets


def sheet(story: Story) -> dict[str, Any]:
    return {"sheet_id": story.sheet().pk}


def head_sheet(story: Story) -> dict[str, Any]:
    return {"sheet_id": story.sheet("head").pk}


def join(story: Story) -> None:
    """A unit joined after the sheets were opened."""
    story._unit("newcomer", "Sở Khoa học")
    add_member(actor=story.people["board"], bloc_year=story.year, unit=story.unit("newcomer"))


def line(code: str, **fields: str) -> Body:
    """The fields of one line as the sheet's page posts them."""

    def made(story: Story, _role: str) -> dict[str, Any]:
        row = story.line(code)
        prefix = f"c{row.criterion_id}"
        typed = {f"{prefix}-{name}": text for name, text in fields.items()}
        return {f"{prefix}-v": f"{row.version}", **typed}

    return made


def line_args(story: Story) -> dict[str, Any]:
    return sheet(story) | {"criterion_id": story.line("A1").criterion_id}


def evidence(story: Story) -> dict[str, Any]:
    return sheet(story) | {"evidence_id": story.keys["evidence:own"]}


def hand_in_own(story: Story) -> None:
    """Own hands in before the head unit has."""
    story._submit("own")


HAND_IN = body(approving_leader="Lê Văn A, Giám đốc", confirm_blanks="on")


def given_back(story: Story, _role: str) -> dict[str, Any]:
    return {"reason": "Thiếu minh chứng", "due_on": day(story, 5)}


CITATION = body(title="Báo cáo", number="12/BC", issued_on="01/11/2025")

SHEETS = {
    "sheet_list": Case("self_scoring"),
    "sheet_open": Case("self_scoring", prepare=join),
    "sheet": Case("submitted", sheet),
    "sheet@drafting": Case("drafting", sheet),
    "sheet@published": Case("published", sheet),
    "sheet@head_waits": Case("drafting", sheet, prepare=hand_in_own),
    "sheet@head_sheet": Case("submitted", head_sheet),
    "sheet_save": Case("self_scoring", sheet, line("A2", n="3")),
    "sheet_save@late": Case("submitted", sheet, line("A2", n="3")),
    "sheet_check": Case("drafting", sheet),
    "sheet_submit": Case("drafting", sheet, HAND_IN),
    "sheet_receipt": Case("submitted", sheet),
    "sheet_return": Case("submitted", sheet, given_back),
    "sheet_return@late": Case("tabled", sheet, given_back),
    "sheet_history": Case("submitted", sheet),
    "sheet_docx": Case("submitted", sheet),
    "evidence_add": Case("drafting", line_args, CITATION),
    "evidence": Case("submitted", evidence),
    "evidence@drafting": Case("drafting", evidence),
    "evidence@head_waits": Case("drafting", evidence, prepare=hand_in_own),
    "evidence_remove": Case("drafting", evidence),
}

# ---------------------------------------------------------------- appraisal


def chosen(story: Story) -> dict[str, Any]:
    return {"sheet": [story.sheet().pk]}


def explanation(story: Story) -> dict[str, Any]:
    return sheet(story) | {"explanation_id": story.keys["explanation"]}


def agreed(story: Story, _role: str) -> dict[str, Any]:
    row = Explanation.objects.get(pk=story.keys["explanation"])
    return {f"l{row.line_id}": "agree"}


def answered(story: Story, _role: str) -> dict[str, Any]:
    prefix = f"e{story.keys['explanation']}"
    return {f"{prefix}-decision": "keep", f"{prefix}-answer": "Giữ điểm thẩm định."}


def until(story: Story, _role: str) -> dict[str, Any]:
    return {"due_on": day(story, 5)}


def check(story: Story) -> dict[str, Any]:
    return sheet(story) | {"check_id": story.keys["check"]}


def checker(story: Story, _role: str) -> dict[str, Any]:
    return {"checker": story.officer_of("next").pk}


def dispute(story: Story) -> dict[str, Any]:
    return sheet(story) | {"dispute_id": story.keys["dispute"]}


def resolved(story: Story, _role: str) -> dict[str, Any]:
    return {"meeting": story.meeting().pk, "resolution": "Hội nghị giữ điểm thẩm định."}


APPRAISAL = {
    "appraisal_list": Case("appraising"),
    "approve_several": Case("appraised", post=lambda story, _role: chosen(story), query=chosen),
    "summary_xlsx": Case("appraising"),
    "summary_xlsx@tabled": Case("tabled"),
    "appraise": Case("appraising", sheet),
    "appraise@explaining": Case("explaining", sheet),
    "appraise@published": Case("published", sheet),
    "appraise@head_waits": Case("drafting", sheet, prepare=hand_in_own),
    "explanations@published": Case("published", sheet),
    "appraise_start@head_waits": Case("drafting", sheet, prepare=hand_in_own),
    "appraise_start": Case("submitted", sheet),
    "appraise_start@head_sheet": Case("submitted", head_sheet),
    "appraise_save": Case("appraising", sheet, line("A2", n="4", reason="Thêm một lỗi")),
    "appraise_save@late": Case("tabled", sheet, line("A2", n="4", reason="Thêm một lỗi")),
    "explanation_request": Case("appraising", sheet, until),
    "appraise_finish": Case("appraising", sheet, body(reason="Đơn vị đã đồng ý tại chỗ")),
    "appraise_reopen": Case("approved", sheet, REASON),
    "appraise_reopen@late": Case("tabled", sheet, REASON),
    "explanations": Case("explaining", sheet),
    "explanations_send": Case("explaining", sheet, agreed),
    "explanation_answer": Case("explaining", explanation, answered),
    "explanations_close": Case("explaining", sheet, prepare=answer),
    "cross_checks": Case("submitted", sheet),
    "cross_check_assign": Case("submitted", sheet, checker),
    "cross_check_end": Case("submitted", check),
    "cross_check_opinion": Case("submitted", check, body(opinion="Đủ minh chứng")),
    "approve": Case("appraised", sheet),
    "approve@early": Case("appraising", sheet),
    "approve@head_sheet": Case("appraised", head_sheet),
    "dispute_raise": Case("appraised", sheet, body(line="", text="Không đồng ý điểm B1")),
    "dispute_settle": Case("tabled", dispute, resolved),
}

# ---------------------------------------------------------------- results


def tied(story: Story) -> dict[str, Any]:
    return {"don-vi": [story.membership("own").pk, story.membership("other").pk]}


def ballot(story: Story, _role: str) -> dict[str, Any]:
    return {
        "meeting": story.meeting().pk,
        "method": "secret",
        **dict.fromkeys(("eligible", "issued", "returned", "valid"), "7"),
        "invalid": "0",
        "counters": "Tổ kiểm phiếu",
        f"votes_{story.membership('own').pk}": "4",
        f"votes_{story.membership('other').pk}": "3",
    }


def let_the_head_decide(story: Story) -> None:
    Rubric.objects.filter(pk=story.keys["rubric"]).update(tie_breaks=["head"])


def order(story: Story, _role: str) -> dict[str, Any]:
    return {
        f"place_{story.membership('own').pk}": "2",
        f"place_{story.membership('other').pk}": "1",
        "reason": "Đơn vị có mô hình mới",
    }


def award(story: Story) -> dict[str, Any]:
    return year(story) | {"award_id": story.award("PROV_MERIT").pk}


def grounds(story: Story, _role: str) -> dict[str, Any]:
    from scoring.views.quotas import effects_of

    return effects_of(story.year) | {"dossier_late": "ranked_no_award"}


def exclusion(story: Story) -> dict[str, Any]:
    decision = NotConsidered.objects.get(pk=story.keys["exclusion"])
    return year(story) | {"decision_id": decision.pk}


def nomination(story: Story) -> dict[str, Any]:
    return year(story) | {"nomination_id": story.nomination().pk}


def as_proposed(story: Story, _role: str) -> dict[str, Any]:
    return {"award": story.award("PROV_FLAG").pk}


def council(story: Story, _role: str) -> dict[str, Any]:
    return {"outcome": "approved", "document_number": "12/QĐ-UBND", "decided_on": day(story)}


def snapshot(story: Story) -> dict[str, Any]:
    return year(story) | {"number": 1}


def own_appeal(story: Story) -> None:
    story.keys["appeal:own"] = file_appeal(
        actor=story.officer_of("own"), membership=story.membership(), text="Xem lại điểm B1"
    ).pk


def appeal(story: Story) -> dict[str, Any]:
    return year(story) | {"appeal_id": Appeal.objects.get(pk=story.keys["appeal:own"]).pk}


def new_appeal(story: Story, role: str) -> dict[str, Any]:
    return {"membership": story.membership(unit_of(role)).pk, "text": "Xem lại điểm B1"}


QUOTA = body(max_count="2")
EXCLUDE = body(ground="under_inspection", reason="Đang bị thanh tra")

RESULTS = {
    "ranking": Case("appraised"),
    "ranking@tabled": Case("tabled"),
    "ranking@head_waits": Case("drafting", prepare=hand_in_own),
    "ranking@published": Case("published"),
    "ranking_xlsx": Case("tabled"),
    "ranking_xlsx@published": Case("published"),
    "ranking_docx": Case("tabled"),
    "ranking_docx@published": Case("published"),
    "ranking_snapshot": Case("adopted", snapshot),
    "ranking_snapshot@published": Case("published", snapshot),
    "ballot_list": Case("tabled"),
    "ballot_new": Case("tabled", post=ballot, query=tied),
    "ballot_new@late": Case("adopted", post=ballot, query=tied),
    "tie_decision": Case("tabled", post=order, query=tied, prepare=let_the_head_decide),
    "quota_list": Case("running"),
    "quota_edit": Case("running", award, QUOTA),
    "quota_edit@late": Case("sent", award, QUOTA),
    "award_new": Case("running", post=body(code="TITLE", label="Danh hiệu", position="4")),
    "ground_rules": Case("running", post=grounds),
    "standing_decision_list": Case("approved"),
    "standing_decision_list@tabled": Case("tabled"),
    "exclude_member": Case("approved", member("own"), EXCLUDE),
    "exclude_member@head_unit": Case("approved", member("head"), EXCLUDE),
    "exclude_member@late": Case("adopted", member("own"), EXCLUDE),
    "override_ground": Case(
        "approved", member("absent"), body(ground="pledge_not_signed", reason="Đơn vị mới lập")
    ),
    "revoke_standing_decision": Case("approved", exclusion, REASON),
    "nomination_list": Case("adopted"),
    "nominations_confirm": Case("adopted"),
    "nomination_decide": Case("adopted", nomination, as_proposed),
    "nomination_decide@late": Case("sent", nomination, as_proposed),
    "decision_list": Case("sent"),
    "decision_list@published": Case("published"),
    "decision_record": Case("sent", nomination, council),
    "decision_record@early": Case("adopted", nomination, council),
    "publish": Case("decided"),
    "publish@early": Case("sent"),
    "appeal_list": Case("published"),
    "appeal_new": Case("published", post=new_appeal),
    "appeal_new@early": Case("decided", post=new_appeal),
    "appeal_decide": Case("published", appeal, body(decision="Giữ nguyên"), prepare=own_appeal),
}

CASES: dict[str, Case] = {
    **SITE,
    **BLOCS,
    **PLEDGES,
    **RUBRIC,
    **SHEETS,
    **APPRAISAL,
    **RESULTS,
}
