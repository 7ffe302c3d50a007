"""Registrations and reports as state machines: draft → sent, and back to the unit with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from blocs.selectors.standing import standing_in
from blocs.standing import Standing, overseer_of
from emulation.access import Verdict
from emulation.models import User
from emulation.workflow import Acting, Blocker, Transition, Workflow
from pledges.enums import RegistrationStatus, ReportStatus
from pledges.models import Registration, RegistrationTransition, Report, ReportTransition
from pledges.permissions import (
    can_register,
    can_return_registration,
    can_return_report,
    can_write_report,
)
from pledges.selectors.registrations import targets_in, titles_in
from pledges.selectors.reports import missing_in_report

SEND, RETURN = "send", "return"


def _overseeing(standing: Standing, unit_id: int) -> Acting:
    """Return on whose behalf a paper of ``unit_id`` is handed back."""
    if standing.is_board:
        return standing.acting_board
    overseer = overseer_of(standing, unit_id)
    if unit_id == standing.head and overseer in standing.units:
        return standing.acting_for(overseer, "Đơn vị thay Trưởng khối")
    return standing.acting_head


# ---------------------------------------------------------------- registrations


def _registration_permitted(
    user: User, registration: Registration, transition: Transition
) -> Verdict:
    standing = standing_in(user, registration.membership.bloc_year)
    if transition.name == RETURN:
        return can_return_registration(standing, registration)
    return can_register(standing, registration.membership, None)


def _registration_acting(user: User, registration: Registration, transition: Transition) -> Acting:
    standing = standing_in(user, registration.membership.bloc_year)
    unit_id = registration.membership.unit_id
    if transition.name == RETURN:
        return _overseeing(standing, unit_id)
    return standing.acting_member(unit_id)


def _registration_blockers(registration: Registration, transition: Transition) -> Iterable[Blocker]:
    if transition.name == SEND and not (targets_in(registration) or titles_in(registration)):
        yield Blocker("Bản đăng ký chưa có chỉ tiêu hay danh hiệu nào.")


REGISTRATION_WORKFLOW = Workflow(
    subject="registration",
    record=RegistrationTransition,
    transitions=(
        Transition(
            SEND,
            (RegistrationStatus.DRAFT,),
            RegistrationStatus.SENT,
            "Gửi bản đăng ký thi đua",
            "Cả Khối và Hội đồng đọc được; cần sửa thì Thư ký Khối trả lại cho đơn vị.",
        ),
        Transition(
            RETURN,
            (RegistrationStatus.SENT,),
            RegistrationStatus.DRAFT,
            "Trả lại bản đăng ký cho đơn vị",
            "Đơn vị sửa rồi gửi lại; ngày gửi lần đầu vẫn được giữ để tính hạn.",
            needs_reason=True,
        ),
    ),
    permitted=_registration_permitted,
    acting=_registration_acting,
    blockers=_registration_blockers,
)


# ---------------------------------------------------------------- reports


def _report_permitted(user: User, report: Report, transition: Transition) -> Verdict:
    standing = standing_in(user, report.bloc_year)
    if transition.name == RETURN:
        return can_return_report(standing, report)
    return can_write_report(standing, report.bloc_year, report.membership, None)


def _report_acting(user: User, report: Report, transition: Transition) -> Acting:
    standing = standing_in(user, report.bloc_year)
    if transition.name == SEND:
        return acting_author(standing, report.membership.unit_id if report.membership else None)
    if report.membership is None:
        return standing.acting_board
    return _overseeing(standing, report.membership.unit_id)


def acting_author(standing: Standing, unit_id: int | None) -> Acting:
    """Return on whose behalf a report is written: the unit, or the head for the bloc's own."""
    return standing.acting_head if unit_id is None else standing.acting_member(unit_id)


def _report_blockers(report: Report, transition: Transition) -> Iterable[Blocker]:
    if transition.name == SEND:
        yield from (Blocker(sentence) for sentence in missing_in_report(report))


REPORT_WORKFLOW = Workflow(
    subject="report",
    record=ReportTransition,
    transitions=(
        Transition(
            SEND,
            (ReportStatus.DRAFT,),
            ReportStatus.SENT,
            "Gửi báo cáo",
            "Cả Khối và Hội đồng đọc được; cần sửa thì báo cáo phải được trả lại.",
        ),
        Transition(
            RETURN,
            (ReportStatus.SENT,),
            ReportStatus.DRAFT,
            "Trả lại báo cáo",
            "Nơi gửi sửa rồi gửi lại; ngày gửi lần đầu vẫn được giữ để tính hạn.",
            needs_reason=True,
        ),
    ),
    permitted=_report_permitted,
    acting=_report_acting,
    blockers=_report_blockers,
)
