"""Logging in, with a limit on failures that the database counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from emulation import clock
from emulation.models import LoginFailure
from emulation.vietnamese import fold


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _recent_failures(username: str, address: str) -> int:
    since = clock.now() - dt.timedelta(seconds=settings.LOGIN_FAILURE_WINDOW_SECONDS)
    mine = Q(username=fold(username)[:150], address=address)
    return LoginFailure.objects.filter(mine, at__gte=since).count()


class LoginForm(AuthenticationForm):
    """Name and password, in Vietnamese, refusing after too many failures."""

    error_messages = {
        "invalid_login": (
            "Tên đăng nhập hoặc mật khẩu không đúng. Đề nghị kiểm tra phím Caps Lock và bộ gõ "
            "tiếng Việt rồi nhập lại."
        ),
        "inactive": "Tài khoản này đã ngừng hoạt động. Đề nghị liên hệ quản trị.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"
        for name, message in (
            ("username", "Đề nghị nhập tên đăng nhập."),
            ("password", "Đề nghị nhập mật khẩu."),
        ):
            self.fields[name].error_messages["required"] = message

    def clean(self) -> dict[str, Any]:
        """Check the limit before the password, so that guessing costs nothing more."""
        name = str(self.cleaned_data.get("username", ""))
        if self.request and _recent_failures(name, _address(self.request)) >= (
            settings.LOGIN_FAILURES_ALLOWED
        ):
            minutes = settings.LOGIN_FAILURE_WINDOW_SECONDS // 60
            raise ValidationError(
                f"Đã đăng nhập sai {settings.LOGIN_FAILURES_ALLOWED} lần. "
                f"Đề nghị chờ {minutes} phút rồi đăng nhập lại, hoặc liên hệ quản trị."
            )
        return super().clean()


class Login(LoginView):
    """The log-in page; every refused attempt is counted."""

    form_class = LoginForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Count the failure and show the form again."""
        name = fold(str(form.data.get("username", "")))[:150]
        if form.data.get("password"):
            LoginFailure.objects.create(username=name, address=_address(self.request))
        return super().form_invalid(form)
