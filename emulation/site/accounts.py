"""Logging in and out, and changing one's password: every way leaves a line in the record."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from emulation import doors
from emulation.enums import DoorEvent
from emulation.forms import PasswordForm
from emulation.middleware import CLOSED_BECAUSE, NOT_RECEIVED, closed_sentence
from emulation.models import User
from emulation.site.failures import TOO_MANY, begin_attempt, forgive
from emulation.vietnamese import nfc


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
        """Check the limits before the password, and count and note whatever is refused."""
        typed = self.cleaned_data.get("username")
        if not (typed and self.cleaned_data.get("password")):
            return super().clean()
        address = doors.address_of(self.request) if self.request else ""
        try:
            attempt = begin_attempt(typed, address)
            cleaned = super().clean()
        except ValidationError as error:
            self._note_refusal(typed, blocked=error.code == TOO_MANY)
            raise
        forgive(attempt)
        return cleaned

    def _note_refusal(self, typed: str, *, blocked: bool) -> None:
        """Name the account, where there is one: people type passwords into the field above."""
        account = User.objects.filter(username=nfc(typed.strip())).first()
        event = DoorEvent.LOG_IN_BLOCKED if blocked else DoorEvent.LOG_IN_REFUSED
        doors.note_attempt(event, request=self.request, account=account)


class Login(LoginView):
    """The log-in page; it says why a session was closed and leads back to where it was."""

    form_class = LoginForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:  # noqa: ARG002 - stub
        """Return where the person wanted to go; home instead of this very page."""
        wanted = super().get_redirect_url()
        return "" if wanted == self.request.path else wanted

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """Add why the session was closed, and whether a form was lost with it."""
        session = self.request.session
        return super().get_context_data(
            closed=closed_sentence(session.get(CLOSED_BECAUSE, "")),
            not_received=bool(session.get(NOT_RECEIVED)),
            **values,
        )

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Open the session and lead on."""
        user = form.get_user()
        if isinstance(user, User):
            doors.log_in(self.request, user)
        for name in (CLOSED_BECAUSE, NOT_RECEIVED):
            self.request.session.pop(name, None)
        return HttpResponseRedirect(self.get_success_url())


class LogOut(LogoutView):
    """Log out; the browser is told to forget the pages it kept."""

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """End the session and note it."""
        if user := doors.person_of(request):
            doors.note(DoorEvent.LOGGED_OUT, request=request, user=user)
            doors.end_session(request.session.session_key)
        response = super().post(request, *args, **options)
        response["Clear-Site-Data"] = '"cache"'
        return response


class ChangePassword(PasswordChangeView):
    """Change one's own password; every other session of the person ends."""

    form_class = PasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep this session under its new key, end the others, note it."""
        user, old = form.user, self.request.session.session_key
        response = super().form_valid(form)
        doors.follow_key(old, self.request)
        doors.end_other_sessions(user, self.request.session.session_key)
        doors.note(DoorEvent.PASSWORD_CHANGED, request=self.request, user=user)
        return response
