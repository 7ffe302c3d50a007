"""What scoring tells people: rubrics, sheets, explanations, cross-checks, disputes, appeals.

Never points, places or reasons. Of proposals and decisions nobody is told one by one: members hear
of the adopted result, everybody of the published one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from blocs.enums import AppraisedBy
from blocs.notices import about_member, about_year
from blocs.selectors.audiences import (
    APPRAISERS,
    APPROVERS,
    BLOC,
    BOARD,
    PERSONS,
    SECOND_READERS,
    SECRETARIAT,
    UNIT,
)
from emulation.enums import Channel
from emulation.notices.table import About, Happening, Matter, Page, Source, Telling
from emulation.vietnamese import format_date
from scoring.models import Appeal, CrossCheck, DepartmentPerson, Rubric, RubricComment, ScoreSheet
from scoring.selectors.departments import DepartmentPeople, department_names, departments_by_year

AT_ONCE, DIGEST, IN_APP = Channel.AT_ONCE, Channel.DIGEST, Channel.IN_APP

RUBRICS = Page("rubric_list", ("year_id",))
RUBRIC = Page("rubric", ("rubric_id",))
COMMENTS = Page("rubric_comments", ("rubric_id",))
SHEET = Page("sheet", ("sheet_id",))
TO_APPRAISE = Page("appraisal_list", ("year_id",))
APPRAISERS_PAGE = Page("appraisers", ("year_id",))
EXPLANATIONS = Page("explanations", ("sheet_id",))
CROSS_CHECKS = Page("cross_checks", ("sheet_id",))
APPEALS = Page("appeal_list", ("year_id",))
HOME = Page("home")

_RUBRIC_TELLINGS = (
    Telling(
        "rubric.consult",
        (BLOC,),
        AT_ONCE,
        "Dự thảo bảng chấm điểm lần {version} được gửi các đơn vị góp ý, {year}.",
        COMMENTS,
    ),
    Telling(
        "rubric.back_to_draft",
        (BLOC,),
        DIGEST,
        "Dự thảo bảng chấm điểm lần {version} được rút về để soạn lại, {year}.",
        RUBRICS,
    ),
    Telling(
        "rubric.issue",
        (BLOC,),
        AT_ONCE,
        "Bảng chấm điểm lần {version} được ban hành, {year}.",
        RUBRIC,
    ),
    Telling(
        "rubric_comment.add",
        (SECRETARIAT,),
        DIGEST,
        "Có ý kiến góp ý dự thảo bảng chấm điểm lần {version}, {year}.",
        COMMENTS,
    ),
    Telling(
        "rubric_comment.reply",
        (UNIT,),
        DIGEST,
        "Ý kiến của đơn vị về dự thảo bảng chấm điểm lần {version} được trả lời, {year}.",
        COMMENTS,
    ),
)

_SHEET_TELLINGS = (
    Telling(
        "sheet.submit",
        (APPRAISERS,),
        DIGEST,
        "{unit} nộp bảng tự chấm điểm, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.submit", (UNIT,), IN_APP, "Bảng tự chấm điểm của {unit} được nộp, {year}.", SHEET
    ),
    Telling(
        "sheet.return_to_unit",
        (UNIT,),
        AT_ONCE,
        "Bảng tự chấm điểm của {unit} được trả lại để sửa{until}, {year}.",
        SHEET,
    ),
    Telling(
        "sheet.request_explanation",
        (UNIT,),
        AT_ONCE,
        "{unit} được mời giải trình điểm thẩm định{until}, {year}.",
        EXPLANATIONS,
    ),
    Telling(
        "sheet.close_explanation",
        (UNIT,),
        DIGEST,
        "Việc giải trình điểm thẩm định của {unit} kết thúc, {year}.",
        EXPLANATIONS,
    ),
    Telling(
        "sheet.finish_appraisal",
        (APPROVERS,),
        DIGEST,
        "Bảng chấm điểm của {unit} thẩm định xong, chờ duyệt, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.finish_first_round",
        (SECOND_READERS,),
        DIGEST,
        "Bảng chấm điểm của {unit} xong vòng một, chờ thẩm định vòng hai, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.back_to_first_round",
        (APPRAISERS,),
        DIGEST,
        "Bảng chấm điểm của {unit} được trả về vòng một để thẩm định lại, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.close_in_second_round",
        (UNIT,),
        DIGEST,
        "Việc giải trình điểm thẩm định của {unit} kết thúc, {year}.",
        EXPLANATIONS,
    ),
    Telling(
        "sheet.finish_second_round",
        (APPROVERS,),
        DIGEST,
        "Bảng chấm điểm của {unit} thẩm định xong hai vòng, chờ duyệt, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.approve", (UNIT,), DIGEST, "Bảng chấm điểm của {unit} được duyệt, {year}.", SHEET
    ),
    Telling(
        "sheet.reopen_appraisal",
        (UNIT,),
        DIGEST,
        "Bảng chấm điểm của {unit} được mở lại để thẩm định, {year}.",
        SHEET,
    ),
    Telling(
        "sheet.reopen_appraisal",
        (APPRAISERS,),
        DIGEST,
        "Bảng chấm điểm của {unit} được mở lại để thẩm định, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.move",
        (UNIT,),
        DIGEST,
        "Bảng tự chấm của {unit} chuyển sang bảng chấm điểm lần {version}, số liệu được giữ, "
        "{year}.",
        SHEET,
    ),
    Telling(
        "sheet.move_back",
        (UNIT,),
        DIGEST,
        "Bảng chấm điểm của {unit} được thẩm định lại theo bảng chấm điểm mới, {year}.",
        SHEET,
    ),
    Telling(
        "sheet.move_back",
        (APPRAISERS,),
        DIGEST,
        "Bảng chấm điểm của {unit} được thẩm định lại theo bảng chấm điểm mới, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.move_return",
        (UNIT,),
        AT_ONCE,
        "Bảng tự chấm điểm của {unit} được trả lại để bổ sung theo bảng chấm điểm mới{until}, "
        "{year}.",
        SHEET,
    ),
    Telling(
        "sheet.explain",
        (APPRAISERS, APPROVERS),
        DIGEST,
        "{unit} giải trình điểm thẩm định, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.answer",
        (UNIT,),
        DIGEST,
        "Ý kiến giải trình của {unit} được trả lời, {year}.",
        EXPLANATIONS,
    ),
    Telling(
        "sheet.dispute",
        (APPRAISERS, APPROVERS),
        DIGEST,
        "{unit} không thống nhất kết quả thẩm định, chờ hội nghị kết luận, {year}.",
        TO_APPRAISE,
    ),
    Telling(
        "sheet.settle",
        (UNIT,),
        AT_ONCE,
        "Hội nghị kết luận nội dung {unit} không thống nhất, {year}.",
        SHEET,
    ),
)

_OTHER_TELLINGS = (
    Telling(
        "check.assign",
        (PERSONS,),
        AT_ONCE,
        "Đồng chí được phân công kiểm tra chéo bảng chấm điểm của {unit}, {year}.",
        HOME,
    ),
    Telling(
        "check.end",
        (PERSONS,),
        DIGEST,
        "Phân công kiểm tra chéo bảng chấm điểm của {unit} kết thúc, {year}.",
        HOME,
    ),
    Telling(
        "check.opine",
        (APPRAISERS,),
        DIGEST,
        "Có ý kiến kiểm tra chéo bảng chấm điểm của {unit}, {year}.",
        CROSS_CHECKS,
    ),
    Telling(
        "department.name",
        (PERSONS,),
        AT_ONCE,
        "Đồng chí được cử thẩm định cho bộ phận {department}, {year}.",
        APPRAISERS_PAGE,
    ),
    Telling(
        "department.end",
        (PERSONS,),
        DIGEST,
        "Đồng chí thôi thẩm định cho bộ phận {department}, {year}.",
        APPRAISERS_PAGE,
    ),
    Telling("appeal.file", (BOARD,), AT_ONCE, "{unit} kiến nghị về kết quả, {year}.", APPEALS),
    Telling(
        "appeal.file",
        (UNIT,),
        IN_APP,
        "Kiến nghị của {unit} về kết quả được gửi, {year}.",
        APPEALS,
    ),
    Telling(
        "appeal.decide",
        (UNIT,),
        AT_ONCE,
        "Kiến nghị của {unit} về kết quả được giải quyết, {year}.",
        APPEALS,
    ),
)

TELLINGS = (*_RUBRIC_TELLINGS, *_SHEET_TELLINGS, *_OTHER_TELLINGS)

_WITH_THE_YEAR = "told with the steps of the year and with publication, never one by one"
UNTOLD = {
    "rubric.supersede": "told by the issue of the next version",
    "sheet.start": "the unit's own work, which others do not watch",
    "sheet.start_appraisal": "asks nothing of the unit",
    **{
        f"nomination.{name}": _WITH_THE_YEAR
        for name in ("propose", "decide", "send", "return", "approve", "lower", "reject")
    },
}


def source() -> Source:
    """Return the rows of scoring."""
    return Source(TELLINGS, ABOUT, UNTOLD)


def _rubric(happening: Happening) -> Matter:
    return _about_rubric(happening.subject)


def _about_rubric(rubric: Rubric) -> Matter:
    matter = about_year(rubric.bloc_year, version=str(rubric.version))
    return replace(matter, keys={**matter.keys, "rubric_id": rubric.pk})


def _rubric_comment(happening: Happening) -> Matter:
    row: RubricComment = happening.subject
    unit_id = row.membership.unit_id if row.membership else None
    return replace(_about_rubric(row.rubric), unit_id=unit_id)


def _sheet(happening: Happening) -> Matter:
    """``until`` is the day set by the deed itself: for sending again, or for explaining."""
    sheet: ScoreSheet = happening.subject
    explains = happening.event == "sheet.request_explanation"
    due_on = sheet.explanation_due_on if explains else sheet.returned_due_on
    until = f", hạn hết ngày {format_date(due_on)}" if due_on else ""
    matter = about_member(sheet.membership, until=until, version=str(sheet.rubric.version))
    keys = {**matter.keys, "sheet_id": sheet.pk}
    return replace(matter, keys=keys, people=_of_departments(sheet))


def _of_departments(sheet: ScoreSheet) -> frozenset[int]:
    """Return who judges lines of a sheet for departments, read once for all sheets of a year."""
    year = sheet.membership.bloc_year
    if year.appraised_by != AppraisedBy.DEPARTMENTS:
        return frozenset()
    people: DepartmentPeople = _kept(year, lambda: departments_by_year([year.pk])[year.pk])
    names: dict[str, str] = _kept(sheet.rubric, lambda: department_names(sheet.rubric))
    return frozenset(who for key in names for who in people.judges(key, sheet.membership.unit_id))


def _kept(owner: object, read: Callable[[], Any]) -> Any:
    """Return what was read for this object, which subjects told of together share."""
    if "told_departments" not in vars(owner):
        vars(owner)["told_departments"] = read()
    return vars(owner)["told_departments"]


def _check(happening: Happening) -> Matter:
    row: CrossCheck = happening.subject
    matter = about_member(row.sheet.membership)
    keys = {**matter.keys, "sheet_id": row.sheet_id}
    return replace(matter, people=frozenset({row.checker_id}), keys=keys)


def _department(happening: Happening) -> Matter:
    row: DepartmentPerson = happening.subject
    matter = about_year(row.bloc_year, department=row.department)
    return replace(matter, people=frozenset({row.person_id}))


def _appeal(happening: Happening) -> Matter:
    row: Appeal = happening.subject
    return about_member(row.membership)


ABOUT = {
    "rubric": About(_rubric, ("bloc_year",)),
    "rubric_comment": About(_rubric_comment, ("rubric__bloc_year", "membership")),
    "sheet": About(_sheet, ("membership__bloc_year", "rubric")),
    "check": About(_check, ("sheet__membership__bloc_year",)),
    "department": About(_department, ("bloc_year",)),
    "appeal": About(_appeal, ("membership__bloc_year",)),
    "nomination": About(lambda happening: about_year(happening.subject.bloc_year)),
}
