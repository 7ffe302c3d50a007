"""Logging in, with a limit on failures that the database counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from emulation import clock
from emulation.models import LoginFailure
from emulation.vietnamese import fold


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _counted_name(name: str) -> str:
    """Return the name under which a failure counts: one for all ways of typing the same name.

    The form itself reads full-width letters as plain ones.
    """
    return fold(name)[:150]


def _check_limit(name: str, address: str) -> None:
    """Raise ValidationError where this name failed too often from this address."""
    since = clock.now() - dt.timedelta(seconds=settings.LOGIN_FAILURE_WINDOW_SECONDS)
    failures = LoginFailure.objects.filter(username=name, address=address, at__gte=since)
    if failures.count() < settings.LOGIN_FAILURES_ALLOWED:
        return
    minutes = settings.LOGIN_FAILURE_WINDOW_SECONDS // 60
    raise ValidationError(
        f"Đã đăng nhập sai {settings.LOGIN_FAILURES_ALLOWED} lần. "
        f"Đề nghị chờ {minutes} phút rồi đăng nhập lại, hoặc liên hệ quản trị."
    )


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
        """Check the limit before the password, and count whatever is refused."""
        name, address = self._counted()
        try:
            _check_limit(name, address)
            return super().clean()
        except ValidationError:
            if name:
                LoginFailure.objects.create(username=name, address=address)
            raise

    def _counted(self) -> tuple[str, str]:
        """Return name and address of a whole attempt; an empty name while a field is missing."""
        given = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        address = _address(self.request) if self.request else ""
        return (_counted_name(str(given[0])) if all(given) else ""), address


class StaffLoginForm(AdminAuthenticationForm, LoginForm):
    """The administrator's own door has the same limit, and counts on the same list."""


class Login(LoginView):
    """The log-in page."""

    form_class = LoginForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:  # noqa: ARG002 - stub
        """Return where the person wanted to go; home instead of this very page."""
        wanted = super().get_redirect_url()
        return "" if wanted == self.request.path else wanted
