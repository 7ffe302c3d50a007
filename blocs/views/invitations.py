"""Accounts and invitations: who has not come in, codes by mail or on paper, the first password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.enums import AccountState
from blocs.forms.accounts import CodeForm
from blocs.models import Invitation, Unit
from blocs.permissions import invitation_verdicts, looks_after_accounts
from blocs.selectors.people import (
    WAITING,
    Account,
    account_of,
    in_state,
    people_within,
    place_names,
    reach_of,
    search_people,
    state_counts,
    with_invitations,
    with_places,
)
from blocs.selectors.standing import posts_today
from blocs.selectors.units import units_visible_to
from blocs.services.invitation_mail import Mailing, mail_invitations, mail_is_set
from blocs.services.invitations import (
    Issued,
    NotValid,
    accept_invitation,
    grouped,
    invitation_of,
    invite,
    plain_code,
)
from blocs.views.answers import accepted, number_in, page_of
from blocs.views.frame import person
from emulation import clock, doors, throttle
from emulation.access import Verdict, allow_if, require
from emulation.enums import DoorEvent
from emulation.forms import NewPasswordForm
from emulation.models import User

ATTEMPTS, WINDOW_SECONDS = 20, 15 * 60
# So many sheets or mails are made in one answer; the page says how many people are left.
AT_ONCE = 200
TITLE = "Tài khoản và lời mời"
NO_MAIL = "Hệ thống chưa nối máy chủ thư điện tử nên không gửi thư được. Đề nghị in lời mời."
NOBODY = "Chưa chọn người nào. Đề nghị đánh dấu những người cần mời."

# ---------------------------------------------------------------- who has not come in


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the list shows it; ``verdict`` says whether he or she may be invited."""

    person: User
    places: Sequence[str]
    account: Account
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to: a state, words, one unit."""

    state: str = WAITING
    q: str = ""
    unit: Unit | None = None


def _wanted(request: HttpRequest, user: User) -> Wanted:
    data = request.POST if request.method == "POST" else request.GET
    state = data.get("tinhtrang", WAITING)
    known = {"", WAITING, *AccountState.values}
    key = number_in(data.get("don-vi"))
    unit = units_visible_to(user).filter(pk=key).first() if key else None
    return Wanted(state if state in known else WAITING, data.get("q", "")[:200], unit)


@require_GET
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Show whose accounts the person looks after, and who has not come in yet."""
    user = person(request)
    require(looks_after_accounts(user))
    wanted = _wanted(request, user)
    everybody = with_invitations(people_within(reach_of(user), wanted.unit))
    found = in_state(search_people(everybody, wanted.q), wanted.state)
    page = page_of(request, with_places(found))
    counts = state_counts(everybody)
    context = {
        "title": TITLE,
        "crumbs": _crumbs(wanted.unit),
        "wanted": wanted,
        "page": page,
        "rows": _rows(user, list(page.object_list)),
        "tabs": _tabs(counts),
        "mail_is_set": mail_is_set(),
        "counts": {
            "all": counts[""],
            "come": counts[AccountState.COME],
            "waiting": counts[WAITING],
            "listed": found.filter(last_login__isnull=True).count(),
        },
    }
    return render(request, "blocs/invitation_list.html", context)


def _crumbs(unit: Unit | None) -> list[tuple[str, str | None]]:
    return [(unit.name, reverse("unit", args=[unit.pk])), (TITLE, None)] if unit else []


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    named = [(WAITING, "Chưa vào"), *AccountState.choices, ("", "Tất cả")]
    return [(str(value), str(label), counts[str(value)]) for value, label in named]


def _rows(user: User, people: list[User]) -> list[PersonRow]:
    verdicts, now = invitation_verdicts(user, people), clock.now()
    return [
        PersonRow(each, place_names(_places(each)), account_of(each, now), verdicts[each.pk])
        for each in people
    ]


def _places(person: User) -> list[Any]:
    return list(getattr(person, "places", ()))


# ---------------------------------------------------------------- giving codes


def _chosen(request: HttpRequest, user: User, wanted: Wanted) -> list[User]:
    """Return whom the form names: those ticked, or everybody of the list who has not come."""
    people = people_within(reach_of(user), wanted.unit)
    if request.POST.get("ca-danh-sach"):
        found = in_state(search_people(with_invitations(people), wanted.q), wanted.state)
        people = found.filter(last_login__isnull=True)
    else:
        keys = [number_in(text) for text in request.POST.getlist("nguoi")]
        people = people.filter(pk__in=[key for key in keys if key is not None])
    return list(with_places(people))


def _back(wanted: Wanted) -> str:
    unit = f"&don-vi={wanted.unit.pk}" if wanted.unit else ""
    return f"{reverse('invitation_list')}?tinhtrang={wanted.state}{unit}"


@require_POST
def invitation_send(request: HttpRequest) -> HttpResponse:
    """Invite the people chosen by mail, and say who was not reached."""
    user = person(request)
    require(looks_after_accounts(user))
    require(allow_if(mail_is_set(), NO_MAIL))
    wanted = _wanted(request, user)
    people = _chosen(request, user, wanted)
    if not people:
        messages.error(request, NOBODY)
        return redirect(_back(wanted))
    mailing = mail_invitations(
        actor=user, people=people[:AT_ONCE], link=_link_from(request), contact=_contact_of(user)
    )
    context = {
        "title": "Kết quả gửi lời mời",
        "crumbs": [(TITLE, _back(wanted)), ("Kết quả gửi", None)],
        "mailing": mailing,
        "lists": _mailing_lists(mailing),
        "left": len(people[AT_ONCE:]),
        "at_once": AT_ONCE,
        "back": _back(wanted),
    }
    return _secret(render(request, "blocs/invitation_sent.html", context))


def _mailing_lists(mailing: Mailing) -> list[tuple[str, list[str]]]:
    unsent = [f"{each.person.full_name} ({each.person.email})" for each in mailing.unsent]
    lists = [
        ("Máy chủ thư không nhận", unsent),
        ("Chưa có địa chỉ thư điện tử", [each.full_name for each in mailing.without_address]),
        ("Không được mời", [f"{each.full_name}: {reason}" for each, reason in mailing.refused]),
    ]
    return [(title, names) for title, names in lists if names]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed page: the code with everything the person needs to come in."""

    issued: Issued
    places: Sequence[str]
    link: str
    picture: SafeString


@require_POST
def invitation_print(request: HttpRequest) -> HttpResponse:
    """Invite the people chosen on paper: one A4 page each, shown once as the answer."""
    user = person(request)
    require(looks_after_accounts(user))
    wanted = _wanted(request, user)
    people = _chosen(request, user, wanted)
    if not people:
        messages.error(request, NOBODY)
        return redirect(_back(wanted))
    done = invite(actor=user, people=people[:AT_ONCE])
    places = {each.pk: place_names(_places(each)) for each in people}
    link = _link_from(request)
    context = {
        "title": "In lời mời",
        "crumbs": [(TITLE, _back(wanted)), ("In lời mời", None)],
        "sheets": [_sheet(each, places[each.person.pk], link) for each in done.issued],
        "refused": done.refused,
        "left": len(people[AT_ONCE:]),
        "at_once": AT_ONCE,
        "site": request.build_absolute_uri("/"),
        "enter": request.build_absolute_uri(reverse("invitation_enter")),
        "contact": _contact_of(user),
        "back": _back(wanted),
    }
    return _secret(render(request, "blocs/invitation_print.html", context))


def _sheet(issued: Issued, places: Sequence[str], link: Callable[[str], str]) -> Sheet:
    address = link(issued.code)
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=4, border=2)
    return Sheet(issued, places, address, mark_safe(drawn))  # noqa: S308 - drawn from our own address


def _link_from(request: HttpRequest) -> Callable[[str], str]:
    return lambda code: request.build_absolute_uri(reverse("invitation", args=[code]))


def _contact_of(user: User) -> str:
    """Return whom to call: the board's office number, or the own one to people of the unit."""
    posts = list(posts_today(user))
    board = next((post.board for post in posts if post.board), None)
    if board is not None:
        place, phone = f"{board.office_name}, {board}", board.phone
    else:
        unit = next((post.unit for post in posts if post.unit), None)
        place, phone = (unit.name, user.phone) if unit else ("quản trị tài khoản", "")
    return f"{user.full_name}, {place}" + (f", điện thoại {phone}" if phone else "")


# ---------------------------------------------------------------- using a code

View = Callable[..., HttpResponse]


def _secret(response: HttpResponse) -> HttpResponse:
    """Keep a page with a code out of caches, and its address out of what browsers pass on."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "strict-origin"
    return response


def secret(view: View) -> View:
    """Answer through ``_secret``."""

    @wraps(view)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        return _secret(view(request, **parts))

    return answer


@login_not_required
@secret
@require_http_methods(["GET", "POST"])
def invitation_enter(request: HttpRequest) -> HttpResponse:
    """Type the code that stands on paper."""
    if _is_blocked(request):
        return _too_often(request)
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _enter_page(request, form)
    try:
        invitation_of(form.cleaned_data["code"])
    except NotValid as error:
        return _refuse(request, form, error.invitation)
    code = grouped(plain_code(form.cleaned_data["code"]))
    return redirect("invitation", code)


@login_not_required
@secret
@require_http_methods(["GET", "POST"])
def invitation_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show who is invited; set the password, log the person in."""
    if _is_blocked(request):
        return _too_often(request)
    try:
        invitation = invitation_of(code)
    except NotValid as error:
        return _refuse(request, CodeForm(), error.invitation)
    if request.user.is_authenticated and request.user != invitation.user:
        status = 409 if request.method == "POST" else 200
        return render(request, "registration/invitation_other.html", {"code": code}, status=status)
    form = NewPasswordForm(invitation.user, request.POST or None)

    def enter() -> None:
        _enter(request, code, form.cleaned_data["new_password1"])

    try:
        if accepted(request, form, enter):
            messages.success(request, "Đã đặt mật khẩu. Những lần sau đăng nhập bằng mật khẩu này.")
            return redirect("home")
    except NotValid as error:
        return _refuse(request, CodeForm(), error.invitation)
    context = {
        "invitation": invitation,
        "form": form,
        "is_reset": invitation.user.has_usable_password(),
        "places": place_names(list(posts_today(invitation.user))),
    }
    return render(request, "registration/invitation.html", context)


@transaction.atomic
def _enter(request: HttpRequest, code: str, password: str) -> None:
    """The password, the record and the session, or none of them."""
    user = accept_invitation(code=code, password=password)
    doors.note(DoorEvent.INVITATION_USED, request=request, user=user)
    doors.log_in(request, user)
    doors.end_other_sessions(user, request.session.session_key)


# ---------------------------------------------------------------- what is refused


def _enter_page(request: HttpRequest, form: CodeForm, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    context = {"form": form, "refused": False, "blocked": False, **more}
    return render(request, "registration/invitation_enter.html", context, status=status)


def _key(request: HttpRequest) -> str:
    return f"invitation@{doors.network_of(doors.address_of(request))}"


def _is_blocked(request: HttpRequest) -> bool:
    return throttle.is_spent(_key(request), allowed=ATTEMPTS, window_seconds=WINDOW_SECONDS)


def _too_often(request: HttpRequest) -> HttpResponse:
    return _enter_page(request, CodeForm(), blocked=True, status=429)


def _refuse(request: HttpRequest, form: CodeForm, invitation: Invitation | None) -> HttpResponse:
    """One page for every code that opens nothing; a sent one is counted and noted."""
    if request.method == "POST":
        throttle.hit(_key(request), allowed=ATTEMPTS, window_seconds=WINDOW_SECONDS)
        owner = invitation.user if invitation else None
        doors.note(DoorEvent.INVITATION_REFUSED, request=request, user=owner)
    return _enter_page(request, form, refused=True, status=404)
