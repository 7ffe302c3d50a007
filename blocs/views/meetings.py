"""Meetings of the year: list, one meeting, who came, papers, minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.forms.meetings import (
    AttendanceForm,
    EditMeetingForm,
    MeetingForm,
    MinutesForm,
    PapersForm,
)
from blocs.models import BlocYear, Meeting, MeetingAttendance, MeetingPaper
from blocs.permissions import can_prepare_year, can_record_attendance
from blocs.selectors.meetings import meetings_of, quorum_of
from blocs.selectors.members import members_on
from blocs.services.meetings import (
    MeetingChanged,
    edit_meeting,
    edit_minutes,
    record_attendance,
    record_meeting,
    record_papers,
)
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation import clock
from emulation.access import require
from emulation.models import User


def get_meeting_for_user(
    user: User, year_id: int, meeting_id: int
) -> tuple[Meeting, BlocYear, Standing]:
    """Return a meeting of a visible bloc-year; Http404 otherwise."""
    year, standing = get_bloc_year_for_user(user, year_id)
    meeting = meetings_of(year).select_related("recorded_by").filter(pk=meeting_id).first()
    if meeting is None:
        raise Http404
    meeting.bloc_year = year
    return meeting, year, standing


def _frame(
    request: HttpRequest, year: BlocYear, standing: Standing, title: str, *above: tuple[str, str]
) -> dict[str, Any]:
    back = reverse("meeting_list", args=[year.pk])
    return {
        **frame(
            request,
            year,
            standing,
            tab="meetings",
            title=title,
            crumbs=[("Hội nghị", back), *above],
        ),
        "back": above[-1][1] if above else back,
    }


@require_GET
def meeting_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the year's meetings, held and planned."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    rows = list(meetings_of(year).prefetch_related("attendance"))
    context = {
        **frame(request, year, standing, tab="meetings", title="Hội nghị"),
        "rows": [(row, _came(row), row.held_on > clock.today()) for row in rows],
        "record": can_prepare_year(standing, year),
    }
    return render(request, "blocs/meeting_list.html", context)


def _came(meeting: Meeting) -> str:
    rows = list(meeting.attendance.all())
    if not rows:
        return "chưa ghi"
    return f"{sum(1 for row in rows if row.is_present)}/{len(rows)} đơn vị"


@require_http_methods(["GET", "POST"])
def meeting_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Record a meeting."""
    user = person(request)
    year, standing = get_bloc_year_for_user(user, year_id)
    require(can_prepare_year(standing, year))
    form = MeetingForm(request.POST or None)
    made: list[Meeting] = []

    def record() -> None:
        made.append(record_meeting(actor=user, bloc_year=year, **form.cleaned_data))

    if accepted(request, form, record):
        messages.success(request, "Đã ghi hội nghị. Tiếp theo: thành phần dự họp và biên bản.")
        return redirect("meeting", year.pk, made[0].pk)
    context = _frame(request, year, standing, "Ghi hội nghị")
    extra = {
        "form": form,
        "lede": "Ghi hội nghị đã họp hoặc sắp họp; giờ và địa điểm để trống nếu không rõ.",
        "submit": "Ghi hội nghị",
        "after": "Sau đó ghi thành phần dự họp, văn bản trình và biên bản.",
    }
    return render(request, "blocs/year_form.html", {**context, **extra})


@require_GET
def meeting_page(request: HttpRequest, year_id: int, meeting_id: int) -> HttpResponse:
    """Show one meeting: who came, what was presented and adopted, the minutes."""
    user = person(request)
    meeting, year, standing = get_meeting_for_user(user, year_id, meeting_id)
    attendance = MeetingAttendance.objects.filter(meeting=meeting).select_related("membership")
    context = {
        **_frame(request, year, standing, str(meeting)),
        "meeting": meeting,
        "is_planned": meeting.held_on > clock.today(),
        "attendance": attendance.order_by("membership__sorting", "pk"),
        "quorum": quorum_of(meeting),
        "papers": MeetingPaper.objects.filter(meeting=meeting).order_by("pk"),
        "edit": can_prepare_year(standing, year),
        "attend": can_record_attendance(standing, meeting),
    }
    return render(request, "blocs/meeting.html", context)


def _versioned(
    request: HttpRequest, form: forms.Form, deed: Callable[[], object]
) -> tuple[bool, Meeting | None]:
    """Return whether the deed was done, and the meeting as stored where it changed meanwhile."""
    try:
        return accepted(request, form, deed), None
    except MeetingChanged as change:
        return False, change.stored


@require_http_methods(["GET", "POST"])
def meeting_edit(request: HttpRequest, year_id: int, meeting_id: int) -> HttpResponse:
    """Correct the kind, day, hour or place of a meeting."""
    user = person(request)
    meeting, year, standing = get_meeting_for_user(user, year_id, meeting_id)
    require(can_prepare_year(standing, year))
    names = ("kind", "held_on", "held_at", "place", "board_attends", "note", "version")
    form = EditMeetingForm(
        request.POST or None, initial={name: getattr(meeting, name) for name in names}
    )

    def edit() -> None:
        edit_meeting(actor=user, meeting=meeting, **form.cleaned_data)

    done, stored = _versioned(request, form, edit)
    if done:
        messages.success(request, "Đã lưu thông tin hội nghị.")
        return redirect("meeting", year.pk, meeting.pk)
    return _again(request, year, standing, meeting, form, stored, "Sửa thông tin hội nghị")


@require_http_methods(["GET", "POST"])
def meeting_minutes(request: HttpRequest, year_id: int, meeting_id: int) -> HttpResponse:
    """Write the minutes; the second of two writers sees both texts."""
    user = person(request)
    meeting, year, standing = get_meeting_for_user(user, year_id, meeting_id)
    require(can_prepare_year(standing, year))
    initial = {"minutes": meeting.minutes, "version": meeting.version}
    form = MinutesForm(request.POST or None, initial=initial)

    def edit() -> None:
        edit_minutes(actor=user, meeting=meeting, **form.cleaned_data)

    done, stored = _versioned(request, form, edit)
    if done:
        messages.success(request, "Đã lưu biên bản hội nghị.")
        return redirect("meeting", year.pk, meeting.pk)
    return _again(request, year, standing, meeting, form, stored, "Ghi biên bản hội nghị")


def _again(
    request: HttpRequest,
    year: BlocYear,
    standing: Standing,
    meeting: Meeting,
    form: forms.Form,
    stored: Meeting | None,
    title: str,
) -> HttpResponse:
    """Show the form again; with what somebody else saved beside it, and the version to save on."""
    if stored is not None:
        data = request.POST.copy()
        data["version"] = str(stored.version)
        form.data = data
    url = reverse("meeting", args=[year.pk, meeting.pk])
    context = {
        **_frame(request, year, standing, title, (str(meeting), url)),
        "form": form,
        "stored": stored,
    }
    return render(request, "blocs/meeting_edit.html", context, status=409 if stored else 200)


@require_http_methods(["GET", "POST"])
def meeting_attendance(request: HttpRequest, year_id: int, meeting_id: int) -> HttpResponse:
    """Record who came, every member on one form."""
    user = person(request)
    meeting, year, standing = get_meeting_for_user(user, year_id, meeting_id)
    require(can_record_attendance(standing, meeting))
    rows = MeetingAttendance.objects.filter(meeting=meeting).order_by("pk")
    known = {row.membership_id: (row.is_present, row.representative) for row in rows}
    members = list(members_on(year, meeting.held_on))
    form = AttendanceForm(request.POST or None, members=members, known=known)

    def record() -> None:
        record_attendance(actor=user, meeting=meeting, present=form.present)

    if accepted(request, form, record):
        messages.success(request, "Đã ghi thành phần dự họp.")
        return redirect("meeting", year.pk, meeting.pk)
    url = reverse("meeting", args=[year.pk, meeting.pk])
    context = _frame(request, year, standing, "Ghi thành phần dự họp", (str(meeting), url))
    extra = {"form": form, "meeting": meeting}
    return render(request, "blocs/meeting_attendance.html", {**context, **extra})


@require_http_methods(["GET", "POST"])
def meeting_papers(request: HttpRequest, year_id: int, meeting_id: int) -> HttpResponse:
    """Record the papers presented at a meeting and whether each was adopted."""
    user = person(request)
    meeting, year, standing = get_meeting_for_user(user, year_id, meeting_id)
    require(can_prepare_year(standing, year))
    papers = list(MeetingPaper.objects.filter(meeting=meeting).order_by("pk"))
    form = PapersForm(request.POST or None, papers=papers)

    def record() -> None:
        record_papers(actor=user, meeting=meeting, papers=form.entered)

    if accepted(request, form, record):
        messages.success(request, "Đã ghi văn bản trình hội nghị.")
        return redirect("meeting", year.pk, meeting.pk)
    url = reverse("meeting", args=[year.pk, meeting.pk])
    context = _frame(request, year, standing, "Văn bản trình hội nghị", (str(meeting), url))
    extra = {
        "form": form,
        "lede": "Ghi tên văn bản như trong chương trình họp; đánh dấu văn bản được thông qua.",
        "submit": "Ghi văn bản trình hội nghị",
        "after": "Danh sách hiện trên trang hội nghị.",
    }
    return render(request, "blocs/year_form.html", {**context, **extra})
