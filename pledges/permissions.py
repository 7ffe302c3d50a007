"""Who may do what with a pledge, a registration, a report: predicates, each with its reason."""

from __future__ import annotations

from blocs.enums import YearStatus
from blocs.models import BlocYear, Membership
from blocs.permissions import (
    is_board,
    is_head,
    is_secretary,
    leads_unit,
    works_for_unit,
    year_is_open,
)
from blocs.selectors.members import has_left
from blocs.standing import Standing, no_conflict, overseer_of
from emulation.access import ALLOWED, Verdict, all_of, allow_if, any_of
from pledges.enums import PledgeStatus, RegistrationStatus, ReportStatus, SignatureMethod
from pledges.models import Pledge, PledgeSignature, Registration, Report

FROZEN = "Nội dung giao ước đã chốt nên không sửa được nữa."
NOT_CONSULTING = "Giao ước hiện không trong thời gian lấy ý kiến."
NOT_AGREED = "Nội dung giao ước chưa được Trưởng khối chốt."
NOT_SIGNING = "Trưởng khối chưa mở ký giao ước."
NOT_RUNNING = "Báo cáo viết được khi năm thi đua đã chuyển sang thực hiện."
DRAFTING = "Thư ký Khối đang soạn dự thảo; đơn vị đọc được khi Khối gửi lấy ý kiến."
HAS_LEFT = "Đơn vị đã rời Khối hoặc đã giải thể nên không thực hiện được việc này."


def _year_reached(bloc_year: BlocYear, step: YearStatus, reason: str) -> Verdict:
    return allow_if(bloc_year.step.reached(step), reason)


def _still_member(membership: Membership) -> Verdict:
    return allow_if(not has_left(membership), HAS_LEFT)


# ---------------------------------------------------------------- the text


def can_read_text(standing: Standing, pledge: Pledge) -> Verdict:
    """Everyone inside the bloc once consulting is open; a draft only secretary and board."""
    if pledge.stage is not PledgeStatus.DRAFT:
        return ALLOWED
    return allow_if(standing.is_secretary or standing.is_board, DRAFTING)


def can_draft_pledge(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """The secretary, until the year is closed."""
    return all_of(is_secretary(standing), year_is_open(bloc_year))


def can_edit_text(standing: Standing, pledge: Pledge) -> Verdict:
    """The secretary, until the head has agreed the text."""
    return all_of(
        is_secretary(standing),
        year_is_open(pledge.bloc_year),
        allow_if(pledge.stage in {PledgeStatus.DRAFT, PledgeStatus.CONSULTING}, FROZEN),
    )


def can_reopen_text(standing: Standing, pledge: Pledge) -> Verdict:
    """The head, while the year has not moved on from signing."""
    return all_of(
        is_head(standing),
        allow_if(
            not pledge.bloc_year.step.reached(YearStatus.RUNNING),
            "Năm thi đua đã chuyển sang thực hiện nên không mở lại nội dung giao ước được nữa.",
        ),
    )


# ---------------------------------------------------------------- comments


def _consulting(pledge: Pledge) -> Verdict:
    return all_of(
        year_is_open(pledge.bloc_year),
        allow_if(pledge.stage is PledgeStatus.CONSULTING, NOT_CONSULTING),
    )


def can_comment(standing: Standing, pledge: Pledge, membership: Membership) -> Verdict:
    """The unit's own people, while the draft is being consulted on."""
    return all_of(
        works_for_unit(standing, membership.unit_id),
        _still_member(membership),
        _consulting(pledge),
    )


def can_record_comment(standing: Standing, pledge: Pledge) -> Verdict:
    """The secretary enters what a unit said at a meeting."""
    return all_of(is_secretary(standing), _consulting(pledge))


def can_reply(standing: Standing, pledge: Pledge) -> Verdict:
    """The head answers, also after the text was agreed on the same afternoon."""
    return all_of(is_head(standing), year_is_open(pledge.bloc_year))


# ---------------------------------------------------------------- signatures


def _signing(pledge: Pledge) -> Verdict:
    """Signing is possible from the year's signing step until the year is closed, late or not."""
    return all_of(
        year_is_open(pledge.bloc_year),
        allow_if(pledge.stage is PledgeStatus.AGREED, NOT_AGREED),
        _year_reached(pledge.bloc_year, YearStatus.SIGNING, NOT_SIGNING),
    )


def can_sign(standing: Standing, pledge: Pledge, membership: Membership) -> Verdict:
    """A leader signs for his or her own unit only."""
    return all_of(
        leads_unit(standing, membership.unit_id), _still_member(membership), _signing(pledge)
    )


def can_record_signature(standing: Standing, pledge: Pledge, membership: Membership) -> Verdict:
    """The secretary records what was signed on paper."""
    return all_of(is_secretary(standing), _still_member(membership), _signing(pledge))


def can_record_signatures(standing: Standing, pledge: Pledge) -> Verdict:
    """The secretary may record paper signatures at this moment at all."""
    return all_of(is_secretary(standing), _signing(pledge))


def can_revoke_signature(standing: Standing, signature: PledgeSignature) -> Verdict:
    """The secretary takes back a paper recording; a unit's leader its signature in the browser."""
    if signature.method == SignatureMethod.PAPER:
        who = is_secretary(standing)
    else:
        who = allow_if(
            signature.membership.unit_id in standing.leads,
            "Chữ ký trên hệ thống do chính lãnh đạo đơn vị hủy.",
        )
    return all_of(who, year_is_open(signature.pledge.bloc_year))


# ---------------------------------------------------------------- registrations


def can_read_registration(standing: Standing, registration: Registration) -> Verdict:
    """Everyone inside the bloc once sent; a draft only its own unit."""
    return allow_if(
        registration.stage is RegistrationStatus.SENT
        or registration.membership.unit_id in standing.units,
        "Đơn vị chưa gửi bản đăng ký.",
    )


def can_register(
    standing: Standing, membership: Membership, registration: Registration | None
) -> Verdict:
    """The unit's own people, from the signing step on, until the registration is sent."""
    is_sent = registration is not None and registration.stage is RegistrationStatus.SENT
    return all_of(
        works_for_unit(standing, membership.unit_id),
        _still_member(membership),
        year_is_open(membership.bloc_year),
        _year_reached(
            membership.bloc_year,
            YearStatus.SIGNING,
            "Đăng ký thi đua mở khi Khối chuyển sang bước ký giao ước.",
        ),
        allow_if(
            not is_sent,
            "Bản đăng ký đã gửi. Cần sửa thì đề nghị Thư ký Khối trả lại cho đơn vị.",
        ),
    )


def can_return_registration(standing: Standing, registration: Registration) -> Verdict:
    """The secretary, the board, or the stand-in for the head's own: never for one's own unit."""
    unit_id = registration.membership.unit_id
    return all_of(_hands_back(standing, unit_id), year_is_open(registration.membership.bloc_year))


def _hands_back(standing: Standing, unit_id: int) -> Verdict:
    if overseer_of(standing, unit_id) in standing.units:
        return no_conflict(standing, unit_id)
    who = any_of(is_board(standing), is_secretary(standing))
    return all_of(who, no_conflict(standing, unit_id))


# ---------------------------------------------------------------- reports


def can_read_report(standing: Standing, report: Report) -> Verdict:
    """Everyone inside the bloc once sent; a draft only those who write it."""
    if report.stage is ReportStatus.SENT:
        return ALLOWED
    return allow_if(bool(_writes(standing, report.membership)), "Báo cáo chưa được gửi.")


def _writes(standing: Standing, membership: Membership | None) -> Verdict:
    if membership is None:
        return is_secretary(standing)
    return works_for_unit(standing, membership.unit_id)


def can_write_report(
    standing: Standing,
    bloc_year: BlocYear,
    membership: Membership | None,
    report: Report | None,
) -> Verdict:
    """The unit's own people (for the bloc's report: the secretary), from running on, until sent."""
    is_sent = report is not None and report.stage is ReportStatus.SENT
    return all_of(
        _writes(standing, membership),
        _still_member(membership) if membership else ALLOWED,
        year_is_open(bloc_year),
        _year_reached(bloc_year, YearStatus.RUNNING, NOT_RUNNING),
        allow_if(not is_sent, _sent_reason(membership)),
    )


def _sent_reason(membership: Membership | None) -> str:
    if membership is None:
        return "Báo cáo của Khối đã gửi. Cần sửa thì đề nghị Ban Thi đua - Khen thưởng trả lại."
    return "Báo cáo đã gửi. Cần sửa thì đề nghị Thư ký Khối trả lại cho đơn vị."


def can_return_report(standing: Standing, report: Report) -> Verdict:
    """As for a registration; the bloc's own report is returned by the board."""
    if report.membership is None:
        who = is_board(standing)
    else:
        who = _hands_back(standing, report.membership.unit_id)
    return all_of(who, year_is_open(report.bloc_year))
