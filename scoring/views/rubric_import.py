"""A rubric to and from Excel: fetch the workbook, upload it, read what it does, confirm.

The file is not kept: what it says goes, signed, with the page that shows it and comes back with
the confirmation, where it is compared with the draft anew.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.differences import EMPTY, ShownChange, ShownDifference
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation import clock
from emulation.access import Conflict, require
from emulation.office.responses import xlsx_response
from emulation.plans import PlanMoved
from scoring.exports.rubric_workbook import empty_rubric, export_rubric
from scoring.forms.rubric_import import RubricImportForm
from scoring.models import Rubric
from scoring.permissions.rubric import can_create_rubric, can_edit_rubric
from scoring.rules.difference import Change, ChangeKind
from scoring.rules.rubric import RubricError
from scoring.selectors.rubrics import get_rubric_for_user
from scoring.services.rubric_import import (
    RubricPlan,
    apply_rubric_import,
    plan_document,
    plan_rubric_import,
)

TAB = "rubric"
TITLE = "Nhập bảng chấm điểm từ tệp Excel"
SALT = "scoring.rubric_import"
GOOD_FOR = 24 * 60 * 60
SHOWN = 1_000
CHIPS = {
    ChangeKind.ADDED: ("thêm", "good"),
    ChangeKind.REMOVED: ("bỏ", "bad"),
    ChangeKind.CHANGED: ("sửa", "active"),
}
EXPIRED = "Bản xem trước đã hết hạn hoặc bị sửa. Đề nghị tải tệp lên lại."


@require_GET
def rubric_template(request: HttpRequest, year_id: int) -> HttpResponse:
    """Hand out the empty workbook."""
    get_bloc_year_for_user(person(request), year_id)
    return xlsx_response(empty_rubric(), "Mẫu bảng chấm điểm")


@require_GET
def rubric_export(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Hand out the workbook of a version to whoever may read it."""
    found, _ = get_rubric_for_user(person(request), rubric_id)
    name = f"Bảng chấm điểm lần {found.version} {clock.today():%d-%m-%Y}"
    try:
        return xlsx_response(export_rubric(found), name)
    except RubricError as error:
        raise Conflict(f"Chưa xuất được: {error.place}: {error.message}") from error


@require_http_methods(["GET", "POST"])
def rubric_import(request: HttpRequest, year_id: int) -> HttpResponse:
    """Take a workbook for the year's draft, or for the next version, and show what it would do."""
    bloc_year, standing = get_bloc_year_for_user(person(request), year_id)
    require(can_create_rubric(standing, bloc_year))
    return _upload(request, bloc_year, standing, None)


@require_http_methods(["GET", "POST"])
def rubric_import_into(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Take a workbook for one draft and show what it would do."""
    found, standing = get_rubric_for_user(person(request), rubric_id)
    require(can_edit_rubric(standing, found))
    return _upload(request, found.bloc_year, standing, found)


def _upload(
    request: HttpRequest, bloc_year: BlocYear, standing: Standing, rubric: Rubric | None
) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RubricImportForm(*sent)
    if request.method == "POST" and form.is_valid():
        plan = plan_rubric_import(bloc_year=bloc_year, content=form.content, rubric=rubric)
        name = str(form.cleaned_data["uploaded"].name)
        return _preview(request, standing, plan, rubric, name)
    context = {
        **_frame(request, bloc_year, standing),
        "rubric": rubric,
        "form": form,
    }
    return render(request, "scoring/rubric_import_page.html", context)


def _frame(request: HttpRequest, bloc_year: BlocYear, standing: Standing) -> dict[str, Any]:
    up = [("Bảng chấm điểm", reverse("rubric_list", args=[bloc_year.pk]))]
    return frame(request, bloc_year, standing, tab=TAB, title=TITLE, crumbs=up)


def _preview(
    request: HttpRequest,
    standing: Standing,
    plan: RubricPlan,
    rubric: Rubric | None,
    name: str,
    *,
    moved: bool = False,
) -> HttpResponse:
    kept = {"document": plan.document, "rubric": rubric.pk if rubric else None, "name": name}
    back = (
        reverse("rubric_import_into", args=[rubric.pk])
        if rubric
        else reverse("rubric_import", args=[plan.bloc_year.pk])
    )
    context = {
        **_frame(request, plan.bloc_year, standing),
        "title": f"Xem trước “{name}”",
        "plan": plan,
        "moved": moved,
        "back": back,
        "changes": [_shown(change) for change in plan.changes[:SHOWN]],
        "unshown": max(0, len(plan.changes) - SHOWN),
        "kept": signing.dumps(kept, salt=SALT, compress=True) if plan.can_be_written else "",
    }
    return render(request, "scoring/rubric_import_preview.html", context)


def _shown(change: Change) -> ShownDifference:
    word, tone = CHIPS[change.kind]
    told = ShownChange(change.field, change.before or EMPTY, change.after or EMPTY)
    return ShownDifference(change.place, "", word, tone, (told,))


@require_POST
def rubric_import_confirm(request: HttpRequest, year_id: int) -> HttpResponse:
    """Write what was seen; where the draft changed meanwhile, show it anew."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(can_create_rubric(standing, bloc_year))
    try:
        kept = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        messages.error(request, EXPIRED)
        return redirect("rubric_import", year_id)
    rubric = None
    if kept["rubric"] is not None:
        rubric = get_rubric_for_user(user, kept["rubric"])[0]
        require(can_edit_rubric(standing, rubric))
    plan = plan_document(bloc_year=bloc_year, document=kept["document"], rubric=rubric)
    try:
        written = apply_rubric_import(actor=user, plan=plan, seen=request.POST.get("seen", ""))
    except PlanMoved:
        return _preview(request, standing, plan, rubric, kept["name"], moved=True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("rubric_import", year_id)
    messages.success(request, f"Đã nhập bảng chấm điểm từ tệp Excel vào lần {written.version}.")
    return redirect("rubric", written.pk)
