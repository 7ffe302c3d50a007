"""The pledge as a state machine: draft → consulting → agreed → closed."""

from __future__ import annotations

from collections.abc import Iterable

from blocs.permissions import is_board, is_head, is_secretary, year_is_open
from blocs.selectors.standing import standing_in
from emulation.access import Verdict, all_of
from emulation.models import User
from emulation.workflow import Acting, Blocker, Transition, Workflow
from pledges.enums import PledgeStatus
from pledges.models import Pledge, PledgeTransition
from pledges.permissions import can_reopen_text
from pledges.selectors.pledges import items_of
from pledges.selectors.signatures import signatures_in_effect

S = PledgeStatus

OPEN_CONSULTATION = Transition(
    "open_consultation",
    (S.DRAFT,),
    S.CONSULTING,
    "Gửi dự thảo lấy ý kiến",
    "Các đơn vị thành viên đọc được dự thảo và góp ý từng nội dung.",
)
AGREE = Transition(
    "agree",
    (S.CONSULTING,),
    S.AGREED,
    "Chốt nội dung giao ước",
    "Nội dung không sửa được nữa; khi mở ký, lãnh đạo các đơn vị ký đúng bản này.",
)
REOPEN = Transition(
    "reopen",
    (S.AGREED,),
    S.CONSULTING,
    "Mở lại nội dung giao ước",
    "Nội dung sửa được trở lại và phải chốt lại trước khi ký.",
    needs_reason=True,
)
CLOSE = Transition(
    "close",
    (S.AGREED,),
    S.CLOSED,
    "Kết thúc giao ước",
    "Giao ước được lưu cùng năm thi đua; không ký thêm được nữa.",
)


def permitted(user: User, pledge: Pledge, transition: Transition) -> Verdict:
    """Secretary consults, head agrees and reopens, the board closes it with the year."""
    standing = standing_in(user, pledge.bloc_year)
    if transition.name == CLOSE.name:
        return is_board(standing)
    if transition.name == REOPEN.name:
        return can_reopen_text(standing, pledge)
    who = is_head(standing) if transition.name == AGREE.name else is_secretary(standing)
    return all_of(who, year_is_open(pledge.bloc_year))


def _acting(user: User, pledge: Pledge, transition: Transition) -> Acting:
    standing = standing_in(user, pledge.bloc_year)
    return standing.acting_board if transition.name == CLOSE.name else standing.acting_head


def _blockers(pledge: Pledge, transition: Transition) -> Iterable[Blocker]:
    if transition.name in {OPEN_CONSULTATION.name, AGREE.name} and not items_of(pledge):
        yield Blocker("Giao ước chưa có nội dung nào.")
    if transition.name == REOPEN.name:
        signed = [each.membership.unit_name for each in signatures_in_effect(pledge.bloc_year)]
        if signed:
            yield Blocker(
                "Đã có đơn vị ký bản này; phải hủy ghi nhận các chữ ký trước.", names=tuple(signed)
            )


PLEDGE_WORKFLOW = Workflow(
    subject="pledge",
    record=PledgeTransition,
    transitions=(OPEN_CONSULTATION, AGREE, REOPEN, CLOSE),
    permitted=permitted,
    acting=_acting,
    blockers=_blockers,
)
