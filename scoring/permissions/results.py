"""Who may see and who may decide about ranking, nominations, the Council's decision, appeals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.permissions import CLOSED, is_board, is_head, is_secretary
from blocs.standing import Standing, no_conflict, overseer_of
from emulation import clock
from emulation.access import ALLOWED, Verdict, all_of, allow_if, any_of, refuse
from emulation.vietnamese import format_date
from scoring.enums import NominationStatus
from scoring.models import Appeal, Nomination
from scoring.selectors.own_sheet import owing_unit, own_sheet_first

S = YearStatus

NOT_TABLED = (
    "Bảng xếp hạng được mở cho các đơn vị thành viên khi Trưởng khối trình bảng tổng hợp ra "
    "hội nghị."
)
NOT_PUBLISHED = "Kết quả chưa được công bố."


# ---------------------------------------------------------------- who sees what


def works_on_ranking(standing: Standing) -> bool:
    """Whether the person sees the ranking before it is tabled: head, secretariat, board."""
    return standing.is_secretary or standing.is_board


def can_see_ranking(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """See totals, ranks and proposals: who works on them, members from tabling, all when published.

    A unit's people also need their own sheet handed in: ``can_see_others``.
    """
    if bloc_year.published_at is not None:
        return ALLOWED
    if works_on_ranking(standing):
        return ALLOWED
    return allow_if(standing.sees_inside and bloc_year.step.reached(S.MEETING), NOT_TABLED)


def can_see_others(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Before tabling a unit's people see others' points only once their own sheet is in."""
    return own_sheet_first(standing, owing_unit(standing, bloc_year))


def can_see_decisions(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """See what the Council decided: the board at once, everybody else after publication."""
    if bloc_year.published_at is not None or standing.is_board:
        return ALLOWED
    return refuse(NOT_PUBLISHED)


def can_see_quotas(standing: Standing) -> Verdict:
    """Read quotas, grounds and standing decisions: everybody inside the bloc."""
    return allow_if(standing.sees_inside, "Nội dung này dành cho các đơn vị trong Khối.")


def can_see_standing_decisions(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Read who is not considered and why: as the ranking itself."""
    return can_see_ranking(standing, bloc_year)


# ---------------------------------------------------------------- moments


def _before(bloc_year: BlocYear, step: YearStatus, reason: str) -> Verdict:
    return allow_if(not bloc_year.step.reached(step), reason)


def _at(bloc_year: BlocYear, step: YearStatus, reason: str) -> Verdict:
    return allow_if(bloc_year.step is step, reason)


# ---------------------------------------------------------------- quotas and grounds


def _competes_not(standing: Standing) -> Verdict:
    return allow_if(
        not standing.is_within,
        "Đồng chí đang công tác tại một đơn vị của Khối nên không đặt chỉ tiêu, căn cứ cho Khối.",
    )


def can_set_quotas(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Set quotas: the board, until the dossier is with it; nobody who competes under them."""
    return all_of(
        is_board(standing),
        _competes_not(standing),
        _before(bloc_year, S.SUBMITTED, "Khối đã trình hồ sơ nên không sửa chỉ tiêu được nữa."),
    )


def can_set_grounds(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Set what the grounds for not considering do: the board, until the result is adopted.

    Nobody who competes under them.
    """
    return all_of(
        is_board(standing),
        _competes_not(standing),
        _before(bloc_year, S.ADOPTED, "Kết quả đã thông qua nên không sửa căn cứ được nữa."),
    )


def can_decide_standing(standing: Standing, bloc_year: BlocYear, unit_id: int) -> Verdict:
    """Exclude, include in spite of a ground, revoke: head (stand-in for the head) or board.

    Never for one's own unit. Before adoption; later the board alone, while appeals may be decided.
    """
    return all_of(
        no_conflict(standing, unit_id),
        any_of(is_board(standing), leads_overseer(standing, unit_id)),
        _standing_is_open(standing, bloc_year),
    )


def _standing_is_open(standing: Standing, bloc_year: BlocYear) -> Verdict:
    step = bloc_year.step
    if not step.reached(S.RUNNING):
        return refuse("Việc xét hay không xét thi đua bắt đầu từ bước thực hiện giao ước.")
    if not step.reached(S.ADOPTED):
        return ALLOWED
    if step is S.CLOSED:
        return refuse(CLOSED)
    if standing.is_board and bloc_year.published_at is not None:
        return ALLOWED
    return refuse("Kết quả đã được hội nghị thông qua nên không thay đổi được nữa.")


def leads_overseer(standing: Standing, unit_id: int) -> Verdict:
    """Leads the head unit, or its stand-in where the head's own matter is concerned."""
    overseer = overseer_of(standing, unit_id)
    return allow_if(
        overseer is not None and overseer in standing.leads,
        "Việc này do lãnh đạo đơn vị Trưởng khối thực hiện; với đơn vị Trưởng khối do đơn vị "
        "thay Trưởng khối thực hiện.",
    )


# ---------------------------------------------------------------- ties


NOT_AT_MEETING = "Việc này thực hiện ở bước “Hội nghị bình xét”."


def can_record_ballot(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Enter the result of a vote: the secretary or the head, during the meeting's step."""
    return all_of(is_secretary(standing), _at(bloc_year, S.MEETING, NOT_AT_MEETING))


def can_break_tie(standing: Standing, bloc_year: BlocYear, unit_ids: Iterable[int]) -> Verdict:
    """Decide the order of tied units: the head, unless a unit of his or her own is among them."""
    return all_of(
        is_head(standing),
        *(no_conflict(standing, unit_id) for unit_id in unit_ids),
        _at(bloc_year, S.MEETING, NOT_AT_MEETING),
    )


# ---------------------------------------------------------------- nominations


def can_decide_nominations(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Confirm what the quotas propose: the head, between adoption and submission."""
    return all_of(
        is_head(standing),
        _at(bloc_year, S.ADOPTED, "Đề nghị khen thưởng được quyết định ở bước “Đã thông qua”."),
    )


def may_decide_any(standing: Standing, bloc_year: BlocYear) -> bool:
    """Whether the person leads a unit that may have to decide some nomination: for the links."""
    deciders = {standing.head, *standing.deputies, standing.named_stand_in}
    return bloc_year.step is S.ADOPTED and (standing.is_board or bool(deciders & standing.leads))


def can_depart(standing: Standing, bloc_year: BlocYear, unit_ids: Iterable[int]) -> Verdict:
    """Decide otherwise than the quotas propose: never on what concerns one's own unit.

    Where the head unit is concerned, the first deputy or stand-in that is not concerned decides;
    where all of them are, the board.
    """
    units = list(unit_ids)
    return all_of(
        _decides_for(standing, units),
        *(no_conflict(standing, unit_id) for unit_id in units),
        _at(bloc_year, S.ADOPTED, "Đề nghị khen thưởng được quyết định ở bước “Đã thông qua”."),
    )


def unconcerned_decider(standing: Standing, units: Iterable[int]) -> int | None:
    """Return the head, else the first deputy or stand-in, that is not among ``units``."""
    concerned = set(units)
    in_order = (standing.head, *standing.deputies, standing.named_stand_in)
    return next((each for each in in_order if each is not None and each not in concerned), None)


def _decides_for(standing: Standing, units: list[int]) -> Verdict:
    decider = unconcerned_decider(standing, units)
    if decider is None:
        return is_board(standing)
    if decider == standing.head:
        return is_head(standing)
    return allow_if(
        decider in standing.leads,
        "Đề nghị liên quan đến đơn vị Trưởng khối do Phó Trưởng khối hoặc đơn vị thay Trưởng "
        "khối quyết định.",
    )


# ---------------------------------------------------------------- the Council's decision


def can_record_decision(standing: Standing, bloc_year: BlocYear, nomination: Nomination) -> Verdict:
    """Record what the Council decided: the board, while the dossier is with it."""
    return all_of(
        is_board(standing),
        no_conflict(standing, nomination.membership.unit_id),
        _at(bloc_year, S.SUBMITTED, "Quyết định được ghi khi hồ sơ của Khối đang ở Hội đồng."),
        allow_if(nomination.stage is not NominationStatus.REVOKED, "Đề nghị này đã bị thu hồi."),
    )


def can_publish(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Publish: the board, once every decision is recorded and fixed."""
    if bloc_year.published_at is not None:
        return refuse("Kết quả đã được công bố.")
    return all_of(
        is_board(standing),
        _at(
            bloc_year,
            S.DECIDED,
            "Công bố sau khi đã ghi đủ và chốt quyết định của Hội đồng (bước “Có quyết định”).",
        ),
    )


# ---------------------------------------------------------------- appeals


def appeal_ends_on(bloc_year: BlocYear) -> dt.date | None:
    """Return the last day for an appeal: days are counted from publication; None before it."""
    if bloc_year.published_at is None:
        return None
    published = clock.local_date(bloc_year.published_at)
    return published + dt.timedelta(days=bloc_year.appeal_days)


def can_appeal(standing: Standing, bloc_year: BlocYear, unit_id: int) -> Verdict:
    """File an appeal: the unit's own people, within the window after publication."""
    ends_on = appeal_ends_on(bloc_year)
    if ends_on is None:
        return refuse("Kiến nghị được nhận sau khi kết quả được công bố.")
    return all_of(
        allow_if(unit_id in standing.units, "Kiến nghị do chính đơn vị gửi."),
        allow_if(bloc_year.step is S.DECIDED, "Năm thi đua đã kết thúc."),
        allow_if(
            clock.today() <= ends_on, f"Thời hạn kiến nghị đã hết ngày {format_date(ends_on)}."
        ),
    )


def can_decide_appeal(standing: Standing, appeal: Appeal) -> Verdict:
    """Decide an appeal: the board, nobody with a post in the unit that appeals."""
    return all_of(
        is_board(standing),
        no_conflict(standing, appeal.membership.unit_id),
    )


def can_correct(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Make a corrected snapshot: the board, after publication."""
    return all_of(
        is_board(standing),
        allow_if(bloc_year.published_at is not None, NOT_PUBLISHED),
    )
