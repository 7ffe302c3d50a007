"""Registrations: the bloc's list, a unit's own, writing, checking before sending, handing back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.enums import DeadlineKind
from blocs.models import Membership
from blocs.standing import Standing
from blocs.views.answers import accepted, page_of
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import Refused, require
from emulation.forms import ReasonForm
from emulation.tasks import Desk
from emulation.vietnamese import fold
from pledges.enums import RegistrationStatus
from pledges.forms.registration import RegistrationForm
from pledges.models import Pledge, PledgeItem, Registration
from pledges.permissions import can_register, can_return_registration
from pledges.selectors.due import due_dates_of
from pledges.selectors.duties import DutyKind, facts_of
from pledges.selectors.members import contacts_of, current_members
from pledges.selectors.pledges import items_of
from pledges.selectors.registrations import (
    registration_delivery,
    registration_of,
    registration_rows,
    targets_in,
    titles_in,
)
from pledges.services.registrations import (
    return_registration,
    save_registration,
    send_registration,
)
from pledges.services.sending_workflows import REGISTRATION_WORKFLOW
from pledges.tasks import awaited_in
from pledges.views.doors import get_membership_for_user, get_registration_for_user
from pledges.views.posting import Saving, posted, posted_version, save_versioned

TAB = "registrations"
RETURN_PHRASES = (
    "Chỉ tiêu chưa có số cụ thể.",
    "Chỉ tiêu thấp hơn chỉ tiêu được giao.",
    "Thiếu danh hiệu, hình thức khen thưởng đăng ký.",
)


@require_GET
def registration_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show every unit's registration: state for all, content where sent."""
    bloc_year, standing = get_bloc_year_for_user(person(request), year_id)
    q = request.GET.get("q", "")[:100]
    members = current_members(bloc_year)
    if q.strip():
        members = members.filter(folded__contains=fold(q))
    page = page_of(request, members)
    context = frame(request, bloc_year, standing, tab=TAB, title="Đăng ký thi đua")
    facts = facts_of(bloc_year)
    missing = facts.not_registered()
    contacts = contacts_of(each.unit_id for each in missing) if standing.is_secretary else {}
    awaited = awaited_in(facts, contacts, standing.units, (DutyKind.REGISTER,))
    context |= {
        "q": q,
        "page_obj": page,
        "rows": registration_rows(page.object_list, facts.due, standing.units),
        "due_on": facts.due.of(DeadlineKind.REGISTRATION),
        "share": facts.share(missing),
        "missing": [each.unit_name for each in missing],
        "own": [each for each in facts.members if each.unit_id in standing.units],
        "awaited_desk": Desk(awaited=tuple(awaited) if standing.is_secretary else ()),
    }
    return render(request, "pledges/registration_list.html", context)


def _context(
    request: HttpRequest, membership: Membership, standing: Standing, title: str, *, own: bool
) -> dict[str, Any]:
    year = membership.bloc_year
    crumbs: list[tuple[str, str | None]] = [
        ("Đăng ký thi đua", reverse("registration_list", args=[year.pk]))
    ]
    if not own:
        url = reverse("registration", args=[membership.pk])
        crumbs.append((membership.unit_name, url))
    return frame(request, year, standing, tab=TAB, title=title, crumbs=crumbs) | {
        "membership": membership,
        "back_url": reverse("registration", args=[membership.pk]),
    }


@require_GET
def registration(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Show a unit's registration."""
    user = person(request)
    membership, standing, found = get_registration_for_user(user, membership_id)
    title = f"Đăng ký thi đua của {membership.unit_name}"
    context = _context(request, membership, standing, title, own=True)
    returning = can_return_registration(standing, found) if found else None
    stage = found.stage if found else RegistrationStatus.DRAFT
    is_sent = stage is RegistrationStatus.SENT
    context |= _content(found) | {
        "registration": found,
        "face": stage.face,
        "is_sent": is_sent,
        "delivery": registration_delivery(found, membership, due_dates_of(membership.bloc_year)),
        "is_own": membership.unit_id in standing.units,
        "writing": can_register(standing, membership, found),
        "return_url": reverse("registration_return", args=[membership.pk])
        if returning and is_sent
        else "",
        "entries": REGISTRATION_WORKFLOW.history(found, _label) if found else [],
    }
    return render(request, "pledges/registration.html", context)


def _label(status: str) -> str:
    return RegistrationStatus(status).face.official


def _content(found: Registration | None) -> dict[str, Any]:
    return {
        "targets": targets_in(found) if found else [],
        "titles": titles_in(found) if found else [],
    }


# ---------------------------------------------------------------- writing


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Write the draft; a second editor gets both versions."""
    user = person(request)
    membership, standing = get_membership_for_user(user, membership_id)
    found = registration_of(membership)
    require(can_register(standing, membership, found))
    form = _form(request, membership, found)
    stored = found.version if found else 0
    adds_rows = "them-dong" in request.POST
    saving = (
        Saving(posted_version(request))
        if adds_rows
        else save_versioned(
            request,
            stored,
            lambda version: form.accepts(
                lambda: save_registration(
                    actor=user,
                    membership=membership,
                    targets=form.drafts,
                    titles=form.names,
                    version=version,
                )
            ),
        )
    )
    if saving.done:
        return _after_saving(request, membership)
    context = _context(request, membership, standing, "Sửa bản đăng ký thi đua", own=False)
    context |= saving.context
    context |= {"form": form, "errors": [] if adds_rows else form.error_lines()}
    return render(request, "pledges/registration_edit.html", context, status=saving.status)


def _form(
    request: HttpRequest, membership: Membership, found: Registration | None
) -> RegistrationForm:
    return RegistrationForm(
        items=_items_of(membership),
        targets=targets_in(found) if found else (),
        titles=titles_in(found) if found else (),
        data=posted(request),
        more="them-dong" in request.POST,
    )


def _items_of(membership: Membership) -> list[PledgeItem]:
    pledge = Pledge.objects.filter(bloc_year=membership.bloc_year).first()
    return items_of(pledge) if pledge else []


def _after_saving(request: HttpRequest, membership: Membership) -> HttpResponse:
    if "gui" in request.POST:
        return redirect("registration_send", membership.pk)
    messages.success(request, "Đã lưu bản nháp. Chỉ đơn vị xem được cho đến khi gửi.")
    return redirect("registration", membership.pk)


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Show everything that will be sent; then send."""
    user = person(request)
    membership, standing = get_membership_for_user(user, membership_id)
    found = registration_of(membership)
    require(can_register(standing, membership, found))
    if request.method == "POST":
        sent = send_registration(actor=user, membership=membership, version=posted_version(request))
        messages.success(
            request,
            f"Đã gửi bản đăng ký thi đua, số ghi nhận DK{membership.year}-{sent.pk:05d}. "
            "Cả Khối và Hội đồng đọc được; các chỉ tiêu này được dùng khi tự chấm điểm.",
        )
        return redirect("registration", membership.pk)
    if found is None:
        raise Refused("Đơn vị chưa lưu bản đăng ký nào. Đề nghị nhập chỉ tiêu rồi gửi.")
    found.membership = membership
    context = _context(request, membership, standing, "Xem lại trước khi gửi", own=False)
    context |= _content(found) | {
        "registration": found,
        "offer": REGISTRATION_WORKFLOW.offer(user, found, "send"),
        "delivery": registration_delivery(found, membership, due_dates_of(membership.bloc_year)),
    }
    return render(request, "pledges/registration_send.html", context)


@require_http_methods(["GET", "POST"])
def hand_back(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Hand a sent registration back to the unit, with a reason."""
    user = person(request)
    membership, standing, found = get_registration_for_user(user, membership_id)
    if found is None:
        raise Refused("Đơn vị chưa gửi bản đăng ký nào.")
    require(can_return_registration(standing, found))
    form = ReasonForm(posted(request), phrases=RETURN_PHRASES)
    if accepted(
        request,
        form,
        lambda: return_registration(actor=user, membership=membership, reason=form.given),
    ):
        messages.success(request, f"Đã trả lại bản đăng ký cho {membership.unit_name}.")
        return redirect("registration_list", membership.bloc_year_id)
    context = _context(request, membership, standing, "Trả lại bản đăng ký", own=False)
    context |= {
        "offer": REGISTRATION_WORKFLOW.offer(user, found, "return"),
        "form": form,
        "url": reverse("registration_return", args=[membership.pk]),
    }
    return render(request, "take.html", context)
