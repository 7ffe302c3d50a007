"""What pledges tell people: the draft, comments, signatures, registrations, reports."""

from __future__ import annotations

from dataclasses import replace

from blocs.notices import about_member, about_year
from blocs.selectors.audiences import BLOC, BOARD, HEAD, SECRETARIAT, UNIT
from emulation.enums import Channel
from emulation.notices.table import About, Happening, Matter, Page, Source, Telling
from pledges.enums import ReportKind
from pledges.models import Pledge, PledgeComment, PledgeSignature, Registration, Report

AT_ONCE, DIGEST, IN_APP = Channel.AT_ONCE, Channel.DIGEST, Channel.IN_APP

PLEDGE = Page("pledge", ("year_id",))
REGISTRATION = Page("registration", ("membership_id",))
UNIT_REPORT = Page("unit_report", ("membership_id", "kind"))
BLOC_REPORT = Page("bloc_report", ("year_id", "kind"))

TELLINGS = (
    Telling(
        "pledge.open_consultation",
        (BLOC,),
        AT_ONCE,
        "Dự thảo giao ước thi đua của {year} được gửi lấy ý kiến.",
        PLEDGE,
    ),
    Telling(
        "pledge.agree", (BLOC,), DIGEST, "Nội dung giao ước thi đua của {year} được chốt.", PLEDGE
    ),
    Telling(
        "pledge.reopen",
        (BLOC,),
        DIGEST,
        "Nội dung giao ước thi đua của {year} được mở lại để sửa.",
        PLEDGE,
    ),
    Telling(
        "pledge_comment.add",
        (HEAD, SECRETARIAT),
        DIGEST,
        "{unit} góp ý dự thảo giao ước thi đua, {year}.",
        PLEDGE,
    ),
    Telling(
        "pledge_comment.reply",
        (UNIT,),
        DIGEST,
        "Ý kiến của {unit} về dự thảo giao ước thi đua được trả lời, {year}.",
        PLEDGE,
    ),
    Telling(
        "signature.sign", (SECRETARIAT,), DIGEST, "{unit} ký giao ước thi đua, {year}.", PLEDGE
    ),
    Telling(
        "signature.sign",
        (UNIT,),
        IN_APP,
        "Lãnh đạo {unit} ký giao ước thi đua, {year}.",
        PLEDGE,
    ),
    Telling(
        "signature.record",
        (UNIT,),
        DIGEST,
        "Thư ký Khối ghi nhận bản giao ước {unit} ký giấy, {year}.",
        PLEDGE,
    ),
    Telling(
        "signature.revoke",
        (UNIT, SECRETARIAT),
        AT_ONCE,
        "Chữ ký giao ước thi đua của {unit} bị hủy ghi nhận, {year}.",
        PLEDGE,
    ),
    Telling(
        "registration.send",
        (SECRETARIAT,),
        DIGEST,
        "{unit} gửi bản đăng ký thi đua, {year}.",
        REGISTRATION,
    ),
    Telling(
        "registration.send",
        (UNIT,),
        IN_APP,
        "Bản đăng ký thi đua của {unit} được gửi, {year}.",
        REGISTRATION,
    ),
    Telling(
        "registration.return",
        (UNIT,),
        AT_ONCE,
        "Bản đăng ký thi đua của {unit} được trả lại để sửa, {year}.",
        REGISTRATION,
    ),
    Telling("report.send", (SECRETARIAT,), DIGEST, "{unit} gửi {kind}, {year}.", UNIT_REPORT),
    Telling("report.send", (UNIT,), IN_APP, "{Kind} của {unit} được gửi, {year}.", UNIT_REPORT),
    Telling(
        "report.return",
        (UNIT,),
        AT_ONCE,
        "{Kind} của {unit} được trả lại để sửa, {year}.",
        UNIT_REPORT,
    ),
    Telling("bloc_report.send", (BLOC, BOARD), DIGEST, "{Kind} của {year} được gửi.", BLOC_REPORT),
    Telling(
        "bloc_report.return",
        (HEAD, SECRETARIAT),
        AT_ONCE,
        "{Kind} của {year} được trả lại để sửa.",
        BLOC_REPORT,
    ),
)

UNTOLD = {"pledge.close": "told with the closing of the year"}


def source() -> Source:
    """Return the rows of pledges."""
    return Source(TELLINGS, ABOUT, UNTOLD)


def _pledge(happening: Happening) -> Matter:
    pledge: Pledge = happening.subject
    return about_year(pledge.bloc_year)


def _of_member(happening: Happening) -> Matter:
    row: PledgeComment | PledgeSignature | Registration = happening.subject
    return about_member(row.membership)


def _report(happening: Happening) -> Matter:
    """A unit's report, or the bloc's own, of which others are told."""
    row: Report = happening.subject
    kind = ReportKind(row.kind)
    words = {"kind": kind.label.lower(), "Kind": kind.label}
    if row.membership is None:
        matter = about_year(row.bloc_year, **words)
        event = happening.event.replace("report.", "bloc_report.")
    else:
        matter, event = about_member(row.membership, **words), ""
    return replace(matter, keys={**matter.keys, "kind": kind.slug}, event=event)


_MEMBER = ("membership__bloc_year",)
ABOUT = {
    "pledge": About(_pledge, ("bloc_year",)),
    "pledge_comment": About(_of_member, _MEMBER),
    "signature": About(_of_member, _MEMBER),
    "registration": About(_of_member, _MEMBER),
    "report": About(_report, ("bloc_year", *_MEMBER)),
}
