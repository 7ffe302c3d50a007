"""The rubric, sheets, appraisal."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from blocs.models import BlocYear
from emulation.access import Refused
from emulation.office import Sheet, workbook_bytes
from emulation.office.responses import XLSX_TYPE
from scoring.enums import PointStage
from scoring.exports.rubric_workbook import rubric_workbook
from scoring.models import Criterion, Explanation, Rubric, Section
from scoring.rules.rubric import from_document
from scoring.services.dealing import DealWish, plan_dealing
from scoring.services.departments import name_department_person
from scoring.services.rubric_import import plan_document
from scoring.services.score_tables.planning import ScorePlan
from scoring.services.score_tables.reading import Page, ScoreTable
from scoring.services.sheet_moving import plan_move
from scoring.views.rubric_import import SALT
from tests.factories import make_membership
from tests.matrix.cases.frame import REASON, Body, Case, body, day, unit_of
from tests.matrix.deeds import (
    answer,
    entered_from_paper,
    in_second_round,
    reissued,
    reworded,
)
from tests.scoring.rubric.tables import party_agencies
from tests.story import Story

# ---------------------------------------------------------------- whole score tables


def score_workbook(_story: Story, _role: str) -> dict[str, Any]:
    content = workbook_bytes([Sheet("Điểm", ["Đơn vị"], [])])
    return {
        "stage": "self",
        "values": "input",
        "uploaded": SimpleUploadedFile("bang-diem.xlsx", content, XLSX_TYPE),
    }


def score_preview(story: Story, role: str) -> dict[str, Any]:
    """What the preview of an empty table carries: nothing is written, nobody is disturbed."""
    table = asdict(ScoreTable(Page("Điểm"), Page("Ghi chú")))
    given = {"stage": "self", "as_points": False, "submit": False}
    person = story.person(role)
    salt = f"score-import-{person.pk if person else 0}-{story.keys['year']}"
    return {
        "token": signing.dumps({"table": table, "given": given}, salt=salt, compress=True),
        "seen": ScorePlan(PointStage.SELF).fingerprint,
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


def latest(story: Story) -> dict[str, Any]:
    """The version issued last."""
    found = Rubric.objects.filter(bloc_year=story.year).order_by("-version").first()
    return {"rubric_id": found.pk if found else story.keys["rubric"]}


def read_and_moved(story: Story, _role: str) -> dict[str, Any]:
    """The head confirms the plan as read."""
    rubric = Rubric.objects.get(pk=latest(story)["rubric_id"])
    return {"seen": plan_move(actor=story.leader_of("head"), rubric=rubric).fingerprint}


def new_order(story: Story, _role: str) -> dict[str, Any]:
    rows = Section.objects.filter(rubric=story.keys["rubric"]).order_by("-position")
    return {"id": [str(row.pk) for row in rows]}


SETTINGS = body(
    title="Bảng chấm điểm mới", scale_max="103", plus_cap="10", minus_cap="15", floor="0",
    ceiling="113", rounding="0,01", late_policy="minus", rank_style="standard",
    **{"grades-0-name": "Xuất sắc", "grades-0-bound": "90", "grades-1-name": "Tốt",
       "grades-1-bound": "80", "grades-2-name": "Chưa đạt", "grades-2-bound": "0",
       "tie_breaks-0-rule": "ballot", "tie_breaks-1-rule": "share"},
)  # fmt: skip
CRITERION = body(
    code="B9", title="Tiêu chí thêm", max_points="2", kind="passfail",
    not_applicable="not_allowed",
)  # fmt: skip


def workbook(_story: Story, _role: str) -> dict[str, Any]:
    content = rubric_workbook(from_document(party_agencies()))
    return {"uploaded": SimpleUploadedFile("bang.xlsx", content)}


def previewed(story: Story, _role: str) -> dict[str, Any]:
    document = party_agencies()
    bloc_year = BlocYear.objects.get(pk=story.keys["year"])
    plan = plan_document(bloc_year=bloc_year, document=document)
    kept = {"document": document, "rubric": None, "name": "bang.xlsx"}
    return {"kept": signing.dumps(kept, salt=SALT), "seen": plan.fingerprint}


RUBRIC = {
    "rubric_list": Case("consulting"),
    "rubric": Case("consulting", rubric),
    "rubric@draft": Case("draft", rubric),
    "rubric_template": Case("consulting"),
    "rubric_export": Case("consulting", rubric),
    "rubric_import": Case("draft", post=workbook, leaves_no_trace=True),
    "rubric_import_confirm": Case("draft", post=previewed),
    "rubric_import_into": Case("consulting", rubric, workbook, leaves_no_trace=True),
    "rubric_editor": Case("consulting", rubric),
    "rubric_order": Case("consulting", rubric, new_order),
    "rubric_trial": Case("consulting", rubric, body(days_late="2"), leaves_no_trace=True),
    "rubric_trial@draft": Case("draft", rubric),
    "rubric_trial@late": Case("self_scoring", rubric),
    "rubric_create": Case("draft", post=SETTINGS),
    "rubric_step": Case(
        "consulting", rubric, body(transition="back_to_draft", reason="Soạn lại phần B")
    ),
    "rubric_issue": Case("consulting", rubric, body(reason="Đã trả lời tại hội nghị")),
    "rubric_copy": Case("self_scoring", rubric),
    "rubric_comments": Case("consulting", rubric, new_remark),
    "rubric_comment_reply": Case("consulting", remark, body(reply="Tiếp thu")),
    "rubric_difference": Case("self_scoring", rubric, prepare=reissued(reworded)),
    "rubric_difference@later": Case("self_scoring", latest, prepare=reissued(reworded)),
    "rubric_move": Case("self_scoring", latest, read_and_moved, reissued(reworded)),
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
    """A member without a sheet: the list of a year opened long ago was amended by hand."""
    story._unit("newcomer", "Sở Khoa học")
    make_membership(story.year, story.unit("newcomer"))


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


HAND_IN = body(approving_leader="Lê Văn A, Giám đốc", confirm_blanks="on", declared="on")


def given_back(story: Story, _role: str) -> dict[str, Any]:
    return {"reason": "Thiếu minh chứng", "due_on": day(story, 5)}


def autosaved(story: Story, role: str) -> dict[str, Any]:
    """A changed line as the page's script sends it, in the person's own name."""
    person = story.person(role)
    return line("A2", n="3")(story, role) | {"person": f"{person.pk if person else 0}"}


CITATION = body(title="Báo cáo", number="12/BC", issued_on="01/11/2025")

SHEETS = {
    "sheet_list": Case("self_scoring"),
    "sheet_open": Case("self_scoring", prepare=join),
    "score_import": Case("self_scoring", post=score_workbook, leaves_no_trace=True),
    "score_import_template": Case("self_scoring"),
    "score_import_confirm": Case("self_scoring", post=score_preview, leaves_no_trace=True),
    "sheet": Case("submitted", sheet),
    "sheet@drafting": Case("drafting", sheet),
    "sheet@published": Case("published", sheet),
    "sheet@head_waits": Case("drafting", sheet, prepare=hand_in_own),
    "sheet@head_sheet": Case("submitted", head_sheet),
    "sheet_save": Case("self_scoring", sheet, line("A2", n="3")),
    "sheet_save@late": Case("submitted", sheet, line("A2", n="3")),
    "sheet_autosave": Case("self_scoring", sheet, autosaved),
    "sheet_remark": Case("drafting", sheet, body(kind="comment", text="Đếm lại A2")),
    "sheet_remark@back": Case("drafting", sheet, body(kind="returned", text="Sửa A2")),
    "paper_entry": Case(
        "self_scoring",
        sheet,
        lambda story, _role: {"received_on": story.day().strftime("%d/%m/%Y")},
    ),
    "paper_answer": Case(
        "self_scoring",
        sheet,
        body(answer="confirmed"),
        prepare=entered_from_paper,
    ),
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


def deal_wish(story: Story) -> dict[str, Any]:
    """Two units to a sheet, sent by every member."""
    return {"per_sheet": 2, "number": 1, "units": [story.units[each] for each in story.members]}


def dealt(story: Story, role: str) -> dict[str, Any]:
    """What the page carries that the person has read; of whoever may not open it, nothing."""
    wish, person = deal_wish(story), story.person(role)
    try:
        assert person
        plan = plan_dealing(user=person, bloc_year=story.year, wish=DealWish(**wish))
    except (AssertionError, Refused):
        return wish
    return wish | {"seen": plan.fingerprint}


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


DEPARTMENT = "Sở Tài chính"


def departments(story: Story) -> None:
    """Departments appraise this year; one of them is named by the table, with somebody for it."""
    BlocYear.objects.filter(pk=story.keys["year"]).update(appraised_by="departments")
    Criterion.objects.filter(rubric_id=story.keys["rubric"], code="A2").update(checker=DEPARTMENT)
    named = name_department_person(
        actor=story.people["board"],
        bloc_year=story.year,
        department=DEPARTMENT,
        person=story.officer_of("next"),
    )
    story.keys["department_person"] = named.pk


def named(story: Story) -> dict[str, Any]:
    return {"year_id": story.keys["year"], "row_id": story.keys["department_person"]}


def department_person(story: Story, _role: str) -> dict[str, Any]:
    return {"department": DEPARTMENT, "person": story.officer_of("other").pk}


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
    "stock_phrase": Case("appraising", sheet, body(phrase="Sổ theo dõi ghi khác")),
    "stock_phrase@late": Case("tabled", sheet, body(phrase="Sổ theo dõi ghi khác")),
    "explanation_request": Case("appraising", sheet, until),
    "appraise_finish": Case("appraising", sheet, body(reason="Đơn vị đã đồng ý tại chỗ")),
    "appraise@second_round": Case("appraising", sheet, prepare=in_second_round),
    "appraise_back": Case("appraising", sheet, REASON, prepare=in_second_round),
    "appraise_reopen": Case("approved", sheet, REASON),
    "appraise_reopen@late": Case("tabled", sheet, REASON),
    "explanations": Case("explaining", sheet),
    "explanations_send": Case("explaining", sheet, agreed),
    "explanation_answer": Case("explaining", explanation, answered),
    "explanations_close": Case("explaining", sheet, prepare=answer),
    "summary_docx": Case("appraising"),
    "summary_docx@tabled": Case("tabled"),
    "appraisers": Case("submitted", post=body(appraised_by="deputy", seen="secretariat")),
    "appraisers@begun": Case("appraising", post=body(appraised_by="deputy", seen="secretariat")),
    "department_person_add": Case("submitted", post=department_person, prepare=departments),
    "department_person_end": Case("submitted", named, prepare=departments),
    "cross_check_deal": Case("submitted", post=dealt, query=deal_wish),
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
