"""The year as a state machine: its table, who takes which step, and what is taken along."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from blocs.enums import YearStatus
from blocs.models import BlocYear, BlocYearTransition
from blocs.permissions import is_board, is_head, is_secretary
from blocs.selectors.blockers import own_blockers
from blocs.selectors.standing import standing_in
from blocs.slots import slots
from emulation.access import Verdict
from emulation.models import User
from emulation.workflow import Acting, Blocker, Transition, Workflow

S = YearStatus

FORWARD = (
    Transition(
        "consult",
        (S.DRAFT,),
        S.CONSULTING,
        "Gửi lấy ý kiến",
        "Các đơn vị thành viên xem và góp ý dự thảo giao ước.",
    ),
    Transition(
        "open_signing",
        (S.CONSULTING,),
        S.SIGNING,
        "Mở ký giao ước",
        "Lãnh đạo các đơn vị ký giao ước trên hệ thống hoặc Thư ký ghi nhận bản giấy.",
    ),
    Transition(
        "start_running",
        (S.SIGNING,),
        S.RUNNING,
        "Chuyển sang thực hiện",
        "Các đơn vị đăng ký chỉ tiêu và thực hiện giao ước.",
    ),
    Transition(
        "open_self_scoring",
        (S.RUNNING,),
        S.SELF_SCORING,
        "Mở tự chấm điểm",
        "Mỗi đơn vị có một bảng chấm điểm để tự chấm và nộp trước hạn.",
    ),
    Transition(
        "start_appraising",
        (S.SELF_SCORING,),
        S.APPRAISING,
        "Chuyển sang thẩm định",
        "Các bảng đã nộp được thẩm định từng tiêu chí.",
    ),
    Transition(
        "table",
        (S.APPRAISING,),
        S.MEETING,
        "Trình bảng tổng hợp ra hội nghị",
        "Mọi đơn vị thành viên xem được tổng điểm và thứ hạng tạm tính.",
    ),
    Transition(
        "adopt",
        (S.MEETING,),
        S.ADOPTED,
        "Thông qua kết quả",
        "Kết quả được lưu thành bản có đánh số, kèm giải thích từng thứ hạng.",
    ),
    Transition(
        "submit",
        (S.ADOPTED,),
        S.SUBMITTED,
        "Trình Hội đồng Thi đua - Khen thưởng",
        "Hội đồng nhận được ngay danh sách đề nghị và bảng xếp hạng.",
    ),
    Transition(
        "decide",
        (S.SUBMITTED,),
        S.DECIDED,
        "Chốt quyết định của Hội đồng",
        "Quyết định được lưu riêng, không thay đổi thứ hạng của Khối; sau đó công bố.",
    ),
    Transition(
        "close",
        (S.DECIDED,),
        S.CLOSED,
        "Kết thúc năm thi đua",
        "Kết quả chỉ còn thay đổi khi giải quyết kiến nghị hoặc thu hồi.",
    ),
)

BACK = (
    *(
        Transition(
            f"back_to_{target.value}",
            (source,),
            target,
            f"Quay lại bước “{target.label}”",
            "Bước này được mở lại, các đơn vị thấy ngay.",
            needs_reason=True,
        )
        for source, target in zip(list(S)[1:8], list(S)[0:7], strict=True)
    ),
    Transition(
        "return_dossier",
        (S.SUBMITTED,),
        S.ADOPTED,
        "Trả lại hồ sơ cho Khối",
        "Trưởng khối xem lý do, sửa đề nghị khen thưởng và trình lại.",
        needs_reason=True,
    ),
    Transition(
        "reopen_decision",
        (S.DECIDED,),
        S.SUBMITTED,
        "Mở lại việc ghi quyết định",
        "Ban Thi đua - Khen thưởng sửa quyết định đã ghi.",
        needs_reason=True,
    ),
)

BY_SECRETARY = {"consult", "back_to_draft"}
BY_BOARD = {"decide", "close", "return_dossier", "reopen_decision"}


def permitted(user: User, bloc_year: BlocYear, transition: Transition) -> Verdict:
    """Return whether the person may take the step: secretary, head, or board by the table."""
    standing = standing_in(user, bloc_year)
    if transition.name in BY_BOARD:
        return is_board(standing)
    if transition.name in BY_SECRETARY:
        return is_secretary(standing)
    return is_head(standing)


def _acting(user: User, bloc_year: BlocYear, transition: Transition) -> Acting:
    standing = standing_in(user, bloc_year)
    return standing.acting_board if transition.name in BY_BOARD else standing.acting_head


def _blockers(bloc_year: BlocYear, transition: Transition) -> Iterable[Blocker]:
    yield from own_blockers(bloc_year, transition)
    for source in slots.blockers:
        yield from source(bloc_year, transition)


YEAR_WORKFLOW = Workflow(
    subject="bloc_year",
    record=BlocYearTransition,
    transitions=(*FORWARD, *BACK),
    permitted=permitted,
    acting=_acting,
    blockers=_blockers,
)


def take_step(*, actor: User, bloc_year: BlocYear, name: str, reason: str = "") -> BlocYear:
    """Take the bloc-year's step ``name``.

    Effects, in order: gateway (status, permission, blockers, reason; status and record written);
    then the effects that higher apps contributed. Raises Conflict, Refused, ValidationError.
    """
    with transaction.atomic():
        YEAR_WORKFLOW.take(name, bloc_year, actor=actor, reason=reason)
        transition = YEAR_WORKFLOW.named(name)
        for effect in slots.effects:
            effect(bloc_year, transition, actor, reason)
    return bloc_year
