"""The bloc's papers with their files, and joint activities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.forms.meetings import ActivityForm, PaperForm
from blocs.models import BlocPaper, BlocYear, JointActivity
from blocs.permissions import can_prepare_year
from blocs.services.papers import (
    edit_activity,
    record_activity,
    record_bloc_paper,
    revoke_bloc_paper,
)
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import require
from emulation.files import download_response


@require_GET
def paper_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the bloc's papers and joint activities of the year."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    papers = BlocPaper.objects.filter(bloc_year=year).select_related("file", "recorded_by")
    activities = JointActivity.objects.filter(bloc_year=year)
    context = {
        **frame(request, year, standing, tab="papers", title="Văn bản, hoạt động chung"),
        "papers": papers.order_by("kind", "pk"),
        "activities": activities.order_by("held_on", "pk"),
        "record": can_prepare_year(standing, year),
    }
    return render(request, "blocs/paper_list.html", context)


def _form_page(
    request: HttpRequest, year: BlocYear, standing: Standing, form: forms.Form, **words: str
) -> HttpResponse:
    back = reverse("paper_list", args=[year.pk])
    context: dict[str, Any] = {
        **frame(
            request,
            year,
            standing,
            tab="papers",
            title=words["title"],
            crumbs=[("Văn bản, hoạt động chung", back)],
        ),
        "form": form,
        "lede": words["lede"],
        "submit": words["submit"],
        "after": words["after"],
        "back": back,
    }
    return render(request, "blocs/year_form.html", context)


@require_http_methods(["GET", "POST"])
def paper_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Record a paper of the bloc, with its file if there is one."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_prepare_year(standing, year))
    form = PaperForm(request.POST or None, request.FILES or None)

    def record() -> None:
        record_bloc_paper(actor=user, bloc_year=year, **form.cleaned_data)

    if accepted(request, form, record):
        messages.success(request, "Đã lưu văn bản của Khối. Các đơn vị thành viên xem được ngay.")
        return redirect("paper_list", year.pk)
    return _form_page(
        request,
        year,
        standing,
        form,
        title="Thêm văn bản của Khối",
        lede="Quy chế, kế hoạch, công văn của Khối. Số và ngày ghi đúng như trên văn bản.",
        submit="Lưu văn bản",
        after="Các đơn vị thành viên xem được ngay.",
    )


def get_paper_for_user(user: Any, year_id: int, paper_id: int) -> tuple[BlocPaper, Standing]:
    """Return a paper of a visible bloc-year; Http404 otherwise."""
    year, standing = get_bloc_year_for_user(user, year_id)
    papers = BlocPaper.objects.filter(bloc_year=year).select_related("file", "bloc_year")
    paper = papers.filter(pk=paper_id).first()
    if paper is None:
        raise Http404
    return paper, standing


@require_GET
def paper_download(request: HttpRequest, year_id: int, paper_id: int) -> FileResponse:
    """Return the paper's file; Http404 where it has none."""
    paper, _ = get_paper_for_user(person(request), year_id, paper_id)
    if paper.file is None:
        raise Http404
    return download_response(paper.file)


@require_POST
def paper_revoke(request: HttpRequest, year_id: int, paper_id: int) -> HttpResponse:
    """Mark a paper as no longer in force."""
    user = person(request)
    paper, _ = get_paper_for_user(user, year_id, paper_id)
    revoke_bloc_paper(actor=user, paper=paper)
    messages.success(request, f"Đã ghi thôi áp dụng “{paper.title}”. Văn bản vẫn được lưu.")
    return redirect("paper_list", year_id)


@require_http_methods(["GET", "POST"])
def activity_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Record a joint activity."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_prepare_year(standing, year))
    form = ActivityForm(request.POST or None)

    def record() -> None:
        record_activity(actor=user, bloc_year=year, **form.cleaned_data)

    if accepted(request, form, record):
        messages.success(request, "Đã ghi hoạt động chung.")
        return redirect("paper_list", year.pk)
    return _form_page(
        request,
        year,
        standing,
        form,
        title="Ghi hoạt động chung",
        lede="Văn hóa, văn nghệ, thể thao, từ thiện: việc các đơn vị cùng làm hoặc dự kiến làm.",
        submit="Ghi hoạt động chung",
        after="Hoạt động hiện trong danh sách của Khối.",
    )


@require_http_methods(["GET", "POST"])
def activity_edit(request: HttpRequest, year_id: int, activity_id: int) -> HttpResponse:
    """Bring a joint activity up to date."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_prepare_year(standing, year))
    activity = JointActivity.objects.filter(bloc_year=year, pk=activity_id).first()
    if activity is None:
        raise Http404
    names = ("title", "held_on", "description")
    form = ActivityForm(
        request.POST or None, initial={name: getattr(activity, name) for name in names}
    )

    def edit() -> None:
        edit_activity(actor=user, activity=activity, **form.cleaned_data)

    if accepted(request, form, edit):
        messages.success(request, "Đã lưu hoạt động chung.")
        return redirect("paper_list", year.pk)
    return _form_page(
        request,
        year,
        standing,
        form,
        title="Sửa hoạt động chung",
        lede="Ghi thêm ngày và kết quả sau khi tổ chức.",
        submit="Lưu hoạt động chung",
        after="Hoạt động hiện trong danh sách của Khối.",
    )
