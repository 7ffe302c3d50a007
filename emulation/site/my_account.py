"""One's own account: how to be reached, the posts held, where one is logged in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.selectors.standing import posts_today
from blocs.services.writing import save_checked, tidy
from blocs.views.answers import accepted
from blocs.views.frame import person
from emulation import doors
from emulation.enums import DoorEvent, MailChoice
from emulation.forms import OfficialForm, PhoneField
from emulation.models import DoorRecord, PersonSession, User

TITLE = "Tài khoản của tôi"
_PASSWORD_EVENTS = (
    DoorEvent.PASSWORD_CHANGED,
    DoorEvent.PASSWORD_SET,
    DoorEvent.INVITATION_USED,
)


class ContactForm(OfficialForm):
    """How the bloc and its board reach the person."""

    phone = PhoneField(
        autocomplete="tel",
        help_text="Chỉ các đơn vị trong khối và Hội đồng của khối xem được.",
    )
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        help_text="Dùng để nhận lời mời đặt mật khẩu, thông báo và thư nhắc việc.",
    )
    mail_choice = forms.ChoiceField(
        label="Nhận thông báo qua thư",
        choices=MailChoice.choices,
        widget=forms.RadioSelect,
        help_text="Thư không ghi điểm, thứ hạng, lý do. Thư nhắc việc mỗi ngày nhiều nhất một lần; "
        "mọi thông báo luôn có tại trang Thông báo.",
    )


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account: contact, posts, password, open sessions."""
    user = person(request)
    sessions = doors.open_sessions(user, request.session.session_key)
    context = {
        "title": TITLE,
        "crumbs": [],
        "posts": list(posts_today(user)),
        "password": _last_password_event(user),
        "sessions": sessions,
        "others": sum(not each.is_this for each in sessions),
    }
    return render(request, "site/account.html", context)


def _last_password_event(user: User) -> DoorRecord | None:
    """Return when the password was last set, and by whom; None before the record began."""
    events = DoorRecord.objects.filter(user=user, event__in=_PASSWORD_EVENTS)
    return events.select_related("actor").order_by("-at", "-pk").first()


@require_http_methods(["GET", "POST"])
def account_edit(request: HttpRequest) -> HttpResponse:
    """Change one's own telephone number, mail address, and what is wanted by mail."""
    user = User.objects.get(pk=person(request).pk)
    form = ContactForm(request.POST or None, initial=_contact_of(user))
    if accepted(request, form, lambda: _save_contact(request, user, form.cleaned_data)):
        messages.success(request, "Đã lưu thông tin liên hệ.")
        return redirect("account")
    title = "Sửa thông tin liên hệ"
    context = {
        "title": title,
        "crumbs": [(TITLE, reverse("account")), (title, None)],
        "form": form,
        "back_url": reverse("account"),
    }
    return render(request, "site/account_edit.html", context)


def _contact_of(user: User) -> dict[str, str]:
    return {"phone": user.phone, "email": user.email, "mail_choice": user.mail_choice}


@transaction.atomic
def _save_contact(request: HttpRequest, user: User, data: dict[str, Any]) -> None:
    user.phone, user.email = tidy(data["phone"]), data["email"].strip()
    user.mail_choice = data["mail_choice"]
    save_checked(user, user, only=("phone", "email", "mail_choice"))
    doors.note(DoorEvent.CONTACT_CHANGED, request=request, user=user)


@require_POST
def session_close(request: HttpRequest, session_id: int) -> HttpResponse:
    """Close one of one's own sessions; closing the present one is logging out."""
    user = person(request)
    row = PersonSession.objects.filter(user=user, pk=session_id).first()
    if row is None:
        raise Http404
    doors.note(DoorEvent.SESSION_CLOSED, request=request, user=user)
    doors.end_session(row.session_key)
    if row.session_key == request.session.session_key:
        logout(request)
        return redirect("login")
    messages.success(request, f"Đã đóng phiên {row.device}.")
    return redirect("account")


@require_POST
def sessions_close_others(request: HttpRequest) -> HttpResponse:
    """Close all of one's own sessions but the present one."""
    user = person(request)
    ended = doors.end_other_sessions(user, request.session.session_key)
    if ended:
        doors.note(DoorEvent.SESSION_CLOSED, request=request, user=user)
    words = f"Đã đóng {ended} phiên khác." if ended else "Không còn phiên nào khác đang mở."
    messages.success(request, words)
    return redirect("account")
