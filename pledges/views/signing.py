"""Signing in the browser with its receipt; paper signatures; taking one back; the scan."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.models import Membership
from blocs.views.answers import accepted
from blocs.views.frame import frame, person
from emulation import clock
from emulation.access import require
from emulation.files import download_response
from emulation.vietnamese import format_moment
from pledges.enums import SignatureMethod
from pledges.forms.pledge import REVOKE_PHRASES, PaperSignatureForm, RevokeForm
from pledges.permissions import can_record_signature, can_revoke_signature, can_sign
from pledges.selectors.pledges import items_of
from pledges.selectors.signatures import signing_of
from pledges.services.signatures import (
    office_of,
    record_paper_signature,
    revoke_signature,
    sign_pledge,
)
from pledges.views.doors import (
    Opened,
    get_member_of_pledge,
    get_signature_for_user,
    get_text_for_user,
)
from pledges.views.posting import posted, posted_version

TAB = "pledge"


def _context(request: HttpRequest, opened: Opened, title: str) -> dict[str, object]:
    back = reverse("pledge", args=[opened.bloc_year.pk])
    context = frame(
        request,
        opened.bloc_year,
        opened.standing,
        tab=TAB,
        title=title,
        crumbs=[(opened.pledge.title, back)],
    )
    return context | {"pledge": opened.pledge, "back_url": back}


def _opened_member(
    request: HttpRequest, year_id: int, membership_id: int
) -> tuple[Opened, Membership]:
    opened = get_text_for_user(person(request), year_id)
    return opened, get_member_of_pledge(opened, membership_id)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, year_id: int, membership_id: int) -> HttpResponse:
    """Show everything that is about to be signed; then sign."""
    user = person(request)
    opened, membership = _opened_member(request, year_id, membership_id)
    require(can_sign(opened.standing, opened.pledge, membership))
    if request.method == "POST":
        signature = sign_pledge(
            actor=user,
            pledge=opened.pledge,
            membership=membership,
            version=posted_version(request),
        )
        messages.success(request, f"{membership.unit_name} đã ký giao ước.")
        return redirect("pledge_receipt", year_id, signature.pk)
    context = _context(request, opened, "Xem lại trước khi ký giao ước")
    context |= {
        "membership": membership,
        "items": items_of(opened.pledge),
        "signatory": user.full_name,
        "office": office_of(user, membership.unit_id),
        "today": clock.today(),
        "signed": signing_of(opened.bloc_year).of(membership),
    }
    return render(request, "pledges/sign.html", context)


@require_GET
def receipt(request: HttpRequest, year_id: int, signature_id: int) -> HttpResponse:
    """Show the receipt of a signature: number, time, what comes next."""
    opened, signature = get_signature_for_user(person(request), year_id, signature_id)
    context = _context(request, opened, "Giấy ghi nhận chữ ký giao ước")
    context |= {
        "signature": signature,
        "number": f"GU{opened.bloc_year.year}-{signature.pk:05d}",
        "method": SignatureMethod(signature.method).label,
        "recorded": format_moment(signature.recorded_at),
        "signing": signing_of(opened.bloc_year),
        "is_own": signature.membership.unit_id in opened.standing.units,
        "registration_url": reverse("registration", args=[signature.membership_id]),
    }
    return render(request, "pledges/receipt.html", context)


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, year_id: int, membership_id: int) -> HttpResponse:
    """Record what a unit signed on paper."""
    user = person(request)
    opened, membership = _opened_member(request, year_id, membership_id)
    require(can_record_signature(opened.standing, opened.pledge, membership))
    form = PaperSignatureForm(posted(request), request.FILES or None)
    if accepted(
        request,
        form,
        lambda: record_paper_signature(
            actor=user, pledge=opened.pledge, membership=membership, **form.cleaned_data
        ),
    ):
        share = signing_of(opened.bloc_year).share
        messages.success(request, f"Đã ghi nhận chữ ký của {membership.unit_name}. {share}.")
        return redirect("pledge", year_id)
    context = _context(request, opened, f"Ghi nhận bản ký giấy của {membership.unit_name}")
    context |= {
        "form": form,
        "membership": membership,
        "signed": signing_of(opened.bloc_year).of(membership),
    }
    return render(request, "pledges/paper.html", context)


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, year_id: int, signature_id: int) -> HttpResponse:
    """Take back a signature that was recorded wrongly, with a reason."""
    user = person(request)
    opened, signature = get_signature_for_user(user, year_id, signature_id)
    require(can_revoke_signature(opened.standing, signature))
    form = RevokeForm(posted(request))
    if accepted(
        request,
        form,
        lambda: revoke_signature(
            actor=user, signature=signature, reason=form.cleaned_data["reason"]
        ),
    ):
        unit = signature.membership.unit_name
        messages.success(
            request, f"Đã hủy ghi nhận chữ ký của {unit}. Đơn vị ký hoặc ghi nhận lại được."
        )
        return redirect("pledge", year_id)
    context = _context(request, opened, "Hủy ghi nhận chữ ký")
    context |= {"form": form, "signature": signature, "phrases": REVOKE_PHRASES}
    return render(request, "pledges/revoke.html", context)


@require_GET
def scan(request: HttpRequest, year_id: int, signature_id: int) -> HttpResponseBase:
    """Hand out the scan of a paper signature."""
    _, signature = get_signature_for_user(person(request), year_id, signature_id)
    if signature.scan is None:
        raise Http404
    return download_response(signature.scan)
