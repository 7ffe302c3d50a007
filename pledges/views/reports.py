"""Reports: the bloc's list, one report, writing, checking before sending, handing back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.standing import Standing
from blocs.views.answers import accepted, page_of
from blocs.views.frame import Crumb, frame, get_bloc_year_for_user, person
from emulation.access import Refused, require
from emulation.enums import Tone
from emulation.forms import ReasonForm
from emulation.models import User
from emulation.tasks import Desk
from emulation.vietnamese import fold, format_moment
from pledges.enums import ReportKind, ReportStatus
from pledges.forms.report import ReportForm
from pledges.models import Report
from pledges.permissions import can_return_report, can_write_report
from pledges.selectors.due import due_dates_of
from pledges.selectors.duties import DutyKind, YearFacts, facts_of
from pledges.selectors.members import contacts_of, current_members
from pledges.selectors.reports import (
    report_delivery,
    report_rows,
    unwritten_parts,
)
from pledges.services.reports import PARTS, return_report, save_report, send_report
from pledges.services.sending_workflows import REPORT_WORKFLOW
from pledges.tasks import awaited_in
from pledges.views.doors import (
    OpenedReport,
    get_bloc_report_for_user,
    get_unit_report_for_user,
)
from pledges.views.posting import posted, posted_version, save_versioned

TAB = "reports"
RETURN_PHRASES = (
    "Thiếu số liệu kết quả.",
    "Chưa nêu hạn chế, nguyên nhân.",
    "Gửi nhầm báo cáo của kỳ khác.",
)


@require_GET
def report_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show both reports of every unit: state for all, a link where readable."""
    bloc_year, standing = get_bloc_year_for_user(person(request), year_id)
    q = request.GET.get("q", "")[:100]
    members = current_members(bloc_year)
    if q.strip():
        members = members.filter(folded__contains=fold(q))
    page = page_of(request, members)
    facts = facts_of(bloc_year)
    context = frame(request, bloc_year, standing, tab=TAB, title="Báo cáo sơ kết, tổng kết")
    context |= {
        "q": q,
        "page_obj": page,
        "kinds": [_kind_state(facts, standing, kind) for kind in ReportKind],
        "rows": report_rows(page.object_list, facts.due, standing.units),
        "awaited_desk": _awaited(facts, standing),
    }
    return render(request, "pledges/report_list.html", context)


@dataclass(frozen=True, slots=True)
class KindState:
    """One kind of report over the whole bloc, as the head of the list shows it."""

    kind: ReportKind
    share: str
    due_on: dt.date | None
    bloc_words: str
    bloc_tone: Tone
    bloc_url: str


def _kind_state(facts: YearFacts, standing: Standing, kind: ReportKind) -> KindState:
    report = facts.reports.get((0, kind))
    sent = report.sent_at if report else None
    readable = standing.is_secretary or sent is not None
    words = "đang viết" if report and standing.is_secretary else "chưa gửi"
    return KindState(
        kind,
        facts.share(facts.not_reported(kind)),
        facts.due.of(kind.deadline),
        f"gửi lúc {format_moment(sent)}" if sent else words,
        Tone.GOOD if sent else Tone.QUIET,
        reverse("bloc_report", args=[facts.bloc_year.pk, kind.slug]) if readable else "",
    )


def _awaited(facts: YearFacts, standing: Standing) -> Desk:
    if not standing.is_secretary:
        return Desk()
    contacts = contacts_of(each.unit_id for each in facts.members)
    kinds = (DutyKind.INTERIM, DutyKind.YEAR_END)
    return Desk(awaited=tuple(awaited_in(facts, contacts, standing.units, kinds)))


# ---------------------------------------------------------------- one report


def _url(opened: OpenedReport, deed: str = "") -> str:
    suffix = f"_{deed}" if deed else ""
    if opened.membership is None:
        return reverse(f"bloc_report{suffix}", args=[opened.bloc_year.pk, opened.kind.slug])
    return reverse(f"unit_report{suffix}", args=[opened.membership.pk, opened.kind.slug])


def _owner(opened: OpenedReport) -> str:
    return opened.membership.unit_name if opened.membership else opened.bloc_year.name


def _title(opened: OpenedReport) -> str:
    return f"{opened.kind.label} của {_owner(opened)}"


def _context(
    request: HttpRequest, opened: OpenedReport, title: str, *crumbs: Crumb
) -> dict[str, Any]:
    first: Crumb = ("Báo cáo", reverse("report_list", args=[opened.bloc_year.pk]))
    context = frame(
        request,
        opened.bloc_year,
        opened.standing,
        tab=TAB,
        title=title,
        crumbs=[first, *crumbs],
    )
    return context | {
        "kind": opened.kind,
        "owner": _owner(opened),
        "report": opened.report,
        "back_url": _url(opened),
        "edit_url": _url(opened, "edit"),
        "send_url": _url(opened, "send"),
        "return_url": _url(opened, "return"),
        "is_bloc": opened.membership is None,
    }


def _parts(report: Report | None) -> list[tuple[str, str]]:
    return [(label, getattr(report, name)) for name, label in PARTS] if report else []


def _show(request: HttpRequest, opened: OpenedReport) -> HttpResponse:
    report = opened.report
    due = due_dates_of(opened.bloc_year)
    is_sent = report is not None and report.stage is ReportStatus.SENT
    context = _context(request, opened, _title(opened))
    context |= {
        "parts": _parts(report),
        "face": None if is_sent and opened.membership else _stage(report).face,
        "delivery": report_delivery(report, opened.membership, opened.kind, due),
        "is_own": opened.writes,
        "writing": can_write_report(opened.standing, opened.bloc_year, opened.membership, report),
        "may_return": bool(is_sent and report and can_return_report(opened.standing, report)),
        "entries": REPORT_WORKFLOW.history(report, _label) if report else [],
    }
    return render(request, "pledges/report.html", context)


def _stage(report: Report | None) -> ReportStatus:
    return report.stage if report else ReportStatus.DRAFT


def _label(status: str) -> str:
    return ReportStatus(status).face.official


def _require_writing(opened: OpenedReport) -> None:
    require(can_write_report(opened.standing, opened.bloc_year, opened.membership, opened.report))


def _edit(request: HttpRequest, user: User, opened: OpenedReport) -> HttpResponse:
    _require_writing(opened)
    initial = {name: getattr(opened.report, name, "") for name, _ in PARTS}
    form = ReportForm(posted(request), initial=initial)
    saving = save_versioned(
        request,
        opened.report.version if opened.report else 0,
        lambda version: accepted(
            request,
            form,
            lambda: save_report(
                actor=user,
                bloc_year=opened.bloc_year,
                membership=opened.membership,
                kind=opened.kind,
                version=version,
                **form.cleaned_data,
            ),
        ),
    )
    if saving.done:
        return _after_saving(request, opened)
    title = f"Viết {opened.kind.in_sentence}"
    context = _context(request, opened, title, (_owner(opened), _url(opened)))
    context |= saving.context | {"form": form}
    return render(request, "pledges/report_edit.html", context, status=saving.status)


def _after_saving(request: HttpRequest, opened: OpenedReport) -> HttpResponse:
    if "gui" in request.POST:
        return redirect(_url(opened, "send"))
    messages.success(request, f"Đã lưu bản nháp {opened.kind.in_sentence}. Chưa gửi.")
    return redirect(_url(opened))


def _send(request: HttpRequest, user: User, opened: OpenedReport) -> HttpResponse:
    _require_writing(opened)
    if opened.report is None:
        raise Refused("Báo cáo chưa được viết. Đề nghị viết và lưu trước khi gửi.")
    if request.method == "POST":
        sent = send_report(actor=user, report=opened.report, version=posted_version(request))
        messages.success(
            request,
            f"Đã gửi {opened.kind.in_sentence}, số ghi nhận BC{opened.bloc_year.year}-"
            f"{sent.pk:05d}. Cả Khối và Hội đồng đọc được.",
        )
        return redirect(_url(opened))
    due = due_dates_of(opened.bloc_year)
    title = f"Xem lại {opened.kind.in_sentence} trước khi gửi"
    context = _context(request, opened, title, (_owner(opened), _url(opened)))
    context |= {
        "parts": _parts(opened.report),
        "unwritten": unwritten_parts(opened.report),
        "offer": REPORT_WORKFLOW.offer(user, opened.report, "send"),
        "delivery": report_delivery(opened.report, opened.membership, opened.kind, due),
    }
    return render(request, "pledges/report_send.html", context)


def _hand_back(request: HttpRequest, user: User, opened: OpenedReport) -> HttpResponse:
    report = opened.report
    if report is None:
        raise Refused("Báo cáo chưa được gửi.")
    require(can_return_report(opened.standing, report))
    form = ReasonForm(posted(request), phrases=RETURN_PHRASES)
    if accepted(request, form, lambda: return_report(actor=user, report=report, reason=form.given)):
        messages.success(request, f"Đã trả lại {opened.kind.in_sentence} cho {_owner(opened)}.")
        return redirect("report_list", opened.bloc_year.pk)
    context = _context(
        request, opened, f"Trả lại {opened.kind.in_sentence}", (_owner(opened), _url(opened))
    )
    context |= {
        "offer": REPORT_WORKFLOW.offer(user, report, "return"),
        "form": form,
        "url": _url(opened, "return"),
    }
    return render(request, "take.html", context)


# ---------------------------------------------------------------- addresses: a unit's, the bloc's


@require_GET
def unit_report(request: HttpRequest, membership_id: int, kind: str) -> HttpResponse:
    """Show a unit's report."""
    return _show(request, get_unit_report_for_user(person(request), membership_id, kind))


@require_http_methods(["GET", "POST"])
def unit_report_edit(request: HttpRequest, membership_id: int, kind: str) -> HttpResponse:
    """Write a unit's report."""
    user = person(request)
    return _edit(request, user, get_unit_report_for_user(user, membership_id, kind))


@require_http_methods(["GET", "POST"])
def unit_report_send(request: HttpRequest, membership_id: int, kind: str) -> HttpResponse:
    """Check and send a unit's report."""
    user = person(request)
    return _send(request, user, get_unit_report_for_user(user, membership_id, kind))


@require_http_methods(["GET", "POST"])
def unit_report_return(request: HttpRequest, membership_id: int, kind: str) -> HttpResponse:
    """Hand a unit's report back."""
    user = person(request)
    return _hand_back(request, user, get_unit_report_for_user(user, membership_id, kind))


@require_GET
def bloc_report(request: HttpRequest, year_id: int, kind: str) -> HttpResponse:
    """Show the bloc's own report."""
    return _show(request, get_bloc_report_for_user(person(request), year_id, kind))


@require_http_methods(["GET", "POST"])
def bloc_report_edit(request: HttpRequest, year_id: int, kind: str) -> HttpResponse:
    """Write the bloc's own report."""
    user = person(request)
    return _edit(request, user, get_bloc_report_for_user(user, year_id, kind))


@require_http_methods(["GET", "POST"])
def bloc_report_send(request: HttpRequest, year_id: int, kind: str) -> HttpResponse:
    """Check and send the bloc's own report."""
    user = person(request)
    return _send(request, user, get_bloc_report_for_user(user, year_id, kind))


@require_http_methods(["GET", "POST"])
def bloc_report_return(request: HttpRequest, year_id: int, kind: str) -> HttpResponse:
    """Hand the bloc's own report back, as the board."""
    user = person(request)
    return _hand_back(request, user, get_bloc_report_for_user(user, year_id, kind))
