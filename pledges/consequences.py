"""What it means for giao ước, registration and reports that a member leaves, that a unit joins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import BlocYear, Membership, Unit
from blocs.slots import Turnover
from emulation import clock
from emulation.clock import local_date
from emulation.vietnamese import format_date
from pledges.enums import PledgeStatus, RegistrationStatus, ReportKind, ReportStatus
from pledges.models import Registration
from pledges.selectors.due import DueDates, due_dates_of
from pledges.selectors.pledges import pledge_of
from pledges.selectors.reports import report_of
from pledges.selectors.signatures import signing_of

S = YearStatus
KEPT = "được giữ nguyên, chỉ để xem"


# ---------------------------------------------------------------- a member leaves


def leaving(membership: Membership, last_day: dt.date) -> Iterable[str]:
    """Yield what becomes of the unit's signature, registration and reports.

    Nothing once the result is adopted: what was sent stays as it is.
    """
    if membership.bloc_year.step.reached(S.ADOPTED):
        return
    yield from _signature(membership)
    yield from _registration(membership)
    due = due_dates_of(membership.bloc_year)
    for kind in ReportKind:
        yield from _report(membership, kind, due.of(kind.deadline, membership.pk), last_day)


def _signature(membership: Membership) -> Iterator[str]:
    pledge = pledge_of(membership.bloc_year)
    if pledge is None or pledge.stage is PledgeStatus.DRAFT:
        return
    signature = signing_of(membership.bloc_year).of(membership)
    if signature is not None:
        yield (
            f"Chữ ký giao ước ngày {format_date(signature.signed_on)} của đơn vị được giữ trong "
            "bản giao ước nhưng không còn tính."
        )
    elif membership.bloc_year.step.reached(S.SIGNING):
        yield "Đơn vị chưa ký giao ước và không còn phải ký."


def _registration(membership: Membership) -> Iterator[str]:
    registration = Registration.objects.filter(membership=membership).first()
    if registration is not None and registration.stage is RegistrationStatus.SENT:
        assert registration.sent_at is not None  # noqa: S101 - a CHECK holds it
        day = format_date(local_date(registration.sent_at))
        yield f"Bản đăng ký thi đua gửi ngày {day} {KEPT}."
    elif registration is not None:
        yield f"Bản đăng ký thi đua đang soạn {KEPT}."
    elif membership.bloc_year.step.reached(S.SIGNING):
        yield "Đơn vị không còn phải gửi bản đăng ký thi đua."


def _report(
    membership: Membership, kind: ReportKind, due_on: dt.date | None, last_day: dt.date
) -> Iterator[str]:
    report = report_of(membership.bloc_year, membership, kind)
    if report is not None and report.stage is ReportStatus.SENT:
        assert report.sent_at is not None  # noqa: S101 - a CHECK holds it
        yield f"{kind.label} gửi ngày {format_date(local_date(report.sent_at))} {KEPT}."
    elif due_on is not None and clock.today() <= due_on <= last_day:
        yield (
            f"Đơn vị vẫn gửi {kind.in_sentence} trước khi hết ngày {format_date(due_on)}, là ngày "
            "còn thuộc Khối."
        )
    elif report is not None:
        yield f"{kind.label} đang soạn {KEPT}."
    elif membership.bloc_year.step.reached(S.RUNNING):
        yield f"Đơn vị không còn phải gửi {kind.in_sentence}."


# ---------------------------------------------------------------- a unit joins


def joining(bloc_year: BlocYear, unit: Unit, first_day: dt.date) -> Iterable[str]:
    """Yield what a unit that joins from ``first_day`` on signs and sends, and until when."""
    if bloc_year.step is S.CLOSED:
        return
    yield from _to_sign(bloc_year, unit)
    if not bloc_year.step.reached(S.RUNNING):
        return
    due = due_dates_of(bloc_year)
    kinds = [
        ("bản đăng ký thi đua", DeadlineKind.REGISTRATION),
        *((kind.in_sentence, kind.deadline) for kind in ReportKind),
    ]
    for label, kind in kinds:
        yield from _to_send(label, kind, due, first_day)


def _to_sign(bloc_year: BlocYear, unit: Unit) -> Iterator[str]:
    pledge = pledge_of(bloc_year)
    if pledge is None or pledge.stage is PledgeStatus.DRAFT:
        return
    if pledge.stage is PledgeStatus.CONSULTING:
        yield f"{unit.name} góp ý dự thảo giao ước, sau đó ký như các đơn vị khác."
        return
    yield (
        f"{unit.name} phải ký giao ước đã chốt, không sửa nội dung; không ký thì không được xét "
        "thi đua theo quy định của năm."
    )


def _to_send(label: str, kind: str, due: DueDates, first_day: dt.date) -> Iterator[str]:
    due_on = due.of(kind)
    if due_on is None:
        return
    if due_on < max(first_day, clock.today()):
        yield (
            f"Hạn gửi {label} ({format_date(due_on)}) đã qua: đề nghị gia hạn cho đơn vị, nếu "
            "không sẽ ghi là gửi chậm."
        )
    else:
        yield f"Đơn vị gửi {label} trước khi hết ngày {format_date(due_on)}."


# ---------------------------------------------------------------- all of them together


def reckoning(turnover: Turnover) -> Iterable[str]:
    """Yield how many of those who are members afterwards have signed."""
    bloc_year = turnover.bloc_year
    pledge = pledge_of(bloc_year)
    if pledge is None or pledge.stage is PledgeStatus.DRAFT:
        return
    if not bloc_year.step.reached(S.SIGNING) or bloc_year.step.reached(S.ADOPTED):
        return
    gone = {row.pk for row, _ in turnover.leaving}
    rows = [row for row in signing_of(bloc_year).counted if row.membership.pk not in gone]
    signed = sum(1 for row in rows if row.signature is not None)
    yield f"Giao ước: {signed}/{len(rows) + len(turnover.joining)} đơn vị đã ký."
