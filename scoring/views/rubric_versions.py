"""A version of a rubric beside the one before, and the sheets that move to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.views.frame import person
from blocs.views.guided import GuidedPage, guided
from emulation.access import require
from emulation.enums import Tone
from scoring.forms.rubric_consultation import MoveForm
from scoring.models import Rubric
from scoring.permissions.rubric import can_prepare_move
from scoring.rules.difference import Change, ChangeKind
from scoring.rules.rubric import RubricError
from scoring.selectors.rubric_versions import changes_between, predecessor_of, version_words
from scoring.selectors.rubrics import get_rubric_for_user
from scoring.services.sheet_moving import move_sheets, plan_move
from scoring.views.rubric import rubric_frame

_KINDS = {
    ChangeKind.ADDED: ("thêm", Tone.GOOD),
    ChangeKind.REMOVED: ("bỏ", Tone.BAD),
    ChangeKind.CHANGED: ("sửa", Tone.ACTIVE),
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A difference as the page shows it."""

    label: str
    tone: str
    field: str
    before: str
    after: str


@require_GET
def rubric_difference(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Show what a version says otherwise than the one issued before it."""
    found, standing = get_rubric_for_user(person(request), rubric_id)
    before = predecessor_of(found)
    changes, empty = _changes(before, found)
    title = f"Thay đổi của bảng chấm điểm lần {found.version}"
    context = {
        **rubric_frame(request, found, standing, title, below=True),
        "rubric": found,
        "before": before,
        "status": _status(before, found, len(changes)),
        "groups": _groups(changes),
        "empty": empty,
    }
    return render(request, "scoring/rubric_difference.html", context)


def _changes(before: Rubric | None, found: Rubric) -> tuple[tuple[Change, ...], str]:
    """Return the differences, and what to say where there are none to show."""
    if before is None:
        return (), "Đây là lần ban hành đầu của năm nên không có lần trước để đối chiếu."
    try:
        changes = changes_between(before, found)
    except RubricError as error:
        return (), f"Dự thảo chưa đọc được: {error.place}: {error.message}"
    return changes, "Hai lần ban hành không khác nhau."


def _status(before: Rubric | None, found: Rubric, count: int) -> str:
    if before is None:
        return f"{found.title}, {version_words(found)}."
    return f"So với {version_words(before)}: {count} thay đổi."


def _groups(changes: tuple[Change, ...]) -> list[tuple[str, list[ChangeRow]]]:
    return [
        (
            place,
            [ChangeRow(*_KINDS[each.kind], each.field, each.before, each.after) for each in group],
        )
        for place, group in groupby(changes, key=lambda each: each.place)
    ]


@require_http_methods(["GET", "POST"])
def rubric_move(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Read what becomes of each sheet when it moves to this version, then move them all."""
    user = person(request)
    found, standing = get_rubric_for_user(user, rubric_id)
    require(can_prepare_move(standing, found))
    back = reverse("rubric", args=[found.pk])
    title = "Chuyển bảng chấm điểm"
    crumbs = rubric_frame(request, found, standing, title, below=True)["crumbs"]
    page = GuidedPage(
        title=title,
        crumbs=crumbs,
        back=back,
        confirm=f"Chuyển sang lần {found.version}",
        lede=f"Chuyển các bảng tự chấm sang bảng chấm điểm {version_words(found)}. Số liệu, minh "
        "chứng và lịch sử điểm của đơn vị được giữ nguyên.",
        after="Đơn vị được báo ở trang Việc cần làm; tiêu chí thay đổi ghi “cần xem lại”.",
        back_label="Quay lại, không chuyển",
        submit="Xem việc xảy ra với từng bảng",
    )

    def due(data: dict[str, Any]) -> dt.date | None:
        day: dt.date | None = data.get("due_on")
        return day

    answer = guided(
        request,
        page,
        MoveForm(request.POST if request.method == "POST" else None),
        plan_of=lambda data: plan_move(actor=user, rubric=found, due_on=due(data)),
        deed=lambda data, seen: move_sheets(actor=user, rubric=found, due_on=due(data), seen=seen),
    )
    if answer:
        return answer
    messages.success(request, f"Đã chuyển các bảng tự chấm sang lần {found.version}.")
    return redirect("rubric", found.pk)
