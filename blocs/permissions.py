"""Who may do what in a bloc-year: predicates over a :class:`Standing`, each with its reason."""

from __future__ import annotations

import datetime as dt

from blocs.enums import MeetingKind, TermKind, YearStatus
from blocs.models import Bloc, BlocYear, HeadTerm, Meeting
from blocs.selectors.standing import posts_today
from blocs.selectors.units import boards_of, works_for_board
from blocs.standing import Standing, no_conflict, overseer_of
from emulation.access import ALLOWED, Verdict, all_of, allow_if, any_of, refuse
from emulation.models import User

CLOSED = "Năm thi đua đã kết thúc nên không sửa được nữa."


def year_is_open(bloc_year: BlocYear) -> Verdict:
    """Nothing of a closed year changes except by a decided appeal."""
    return allow_if(bloc_year.status != YearStatus.CLOSED, CLOSED)


def is_board(standing: Standing) -> Verdict:
    """Only officers of the bloc's own board."""
    return allow_if(
        standing.is_board, "Việc này do Ban Thi đua - Khen thưởng của Hội đồng thực hiện."
    )


def is_secretary(standing: Standing) -> Verdict:
    """The head unit's people and the officers it named: the year's clerical work."""
    return allow_if(standing.is_secretary, "Việc này do Thư ký Khối thực hiện.")


def is_head(standing: Standing) -> Verdict:
    """Only leaders of the head unit."""
    return allow_if(standing.leads_head, "Việc này do lãnh đạo đơn vị Trưởng khối thực hiện.")


def leads_unit(standing: Standing, unit_id: int) -> Verdict:
    """Only leaders of the unit concerned."""
    return allow_if(unit_id in standing.leads, "Việc này do lãnh đạo đơn vị thực hiện.")


def works_for_unit(standing: Standing, unit_id: int) -> Verdict:
    """Only people with a post in the unit concerned."""
    return allow_if(unit_id in standing.units, "Việc này do chính đơn vị thực hiện.")


def can_prepare_year(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Edit members, meetings, papers, activities, deadlines: the secretary or the board."""
    return all_of(
        any_of(is_board(standing), is_secretary(standing)),
        year_is_open(bloc_year),
    )


def can_set_members(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Change the list of members: not once the table has been tabled."""
    if YearStatus(bloc_year.status).reached(YearStatus.MEETING):
        return refuse("Bảng tổng hợp đã trình hội nghị nên không thay đổi thành viên được nữa.")
    return can_prepare_year(standing, bloc_year)


def can_add_member(standing: Standing, bloc_year: BlocYear, unit_id: int) -> Verdict:
    """Add a unit; once the year has begun not by its own people."""
    verdict = can_set_members(standing, bloc_year)
    if bloc_year.status == YearStatus.DRAFT:
        return verdict
    return all_of(verdict, no_conflict(standing, unit_id))


def can_remove_member(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Take a unit off the list as if it had never stood there: only while preparing."""
    return all_of(
        can_set_members(standing, bloc_year),
        allow_if(
            bloc_year.status == YearStatus.DRAFT,
            "Năm thi đua đã bắt đầu nên không xóa khỏi danh sách được; "
            "đề nghị ghi nhận đơn vị rời khối.",
        ),
    )


def can_end_membership(standing: Standing, bloc_year: BlocYear, unit_id: int) -> Verdict:
    """Record that a unit left the bloc, never by its own people."""
    return all_of(can_set_members(standing, bloc_year), no_conflict(standing, unit_id))


def can_edit_year(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Edit the name, declared count and settings: before the table is tabled."""
    if YearStatus(bloc_year.status).reached(YearStatus.MEETING):
        return refuse("Bảng tổng hợp đã trình hội nghị nên không sửa thông tin năm được nữa.")
    return can_prepare_year(standing, bloc_year)


def can_set_terms(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Name head, deputies and stand-in: the board only (an election is recorded apart)."""
    return all_of(is_board(standing), year_is_open(bloc_year))


def can_name_stand_in(standing: Standing, bloc_year: BlocYear, *, minuted: bool) -> Verdict:
    """Name who appraises the head's own sheet: the board, or the members in a minuted meeting.

    The head's people do not choose their own appraiser: without minutes they are refused.
    """
    by_meeting = all_of(
        is_secretary(standing),
        allow_if(
            minuted,
            "Chỉ Ban Thi đua - Khen thưởng, hoặc hội nghị của Khối có ghi biên bản và thành phần "
            "dự họp, được phân công đơn vị thay Trưởng khối.",
        ),
    )
    return all_of(any_of(is_board(standing), by_meeting), year_is_open(bloc_year))


def can_record_election(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Record who was elected for the next year: once the year-end meeting has come."""
    return all_of(
        any_of(is_board(standing), is_secretary(standing)),
        year_is_open(bloc_year),
        allow_if(
            YearStatus(bloc_year.status).reached(YearStatus.MEETING),
            "Kết quả bầu Trưởng khối năm sau được ghi từ bước “Hội nghị bình xét”.",
        ),
    )


def can_name_secretary(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Name an officer of another member to the secretariat: leaders of the head unit."""
    return all_of(is_head(standing), year_is_open(bloc_year))


def can_set_deadline(
    standing: Standing, bloc_year: BlocYear, due_on: dt.date | None, today: dt.date
) -> Verdict:
    """Set a common deadline; one that has passed is the board's, for it would waive lateness.

    Board officers with a post in a member are in the same conflict as the head's people.
    """
    verdict = can_prepare_year(standing, bloc_year)
    if due_on is None or today <= due_on:
        return verdict
    return all_of(
        verdict,
        allow_if(
            standing.is_board and not standing.is_within,
            "Hạn đã qua nên chỉ Ban Thi đua - Khen thưởng đổi được; "
            "đề nghị gia hạn cho từng đơn vị, có lý do.",
        ),
    )


def can_extend(standing: Standing, bloc_year: BlocYear, unit_id: int) -> Verdict:
    """Grant a unit more time: the board, or whoever approves its sheet; never its own people."""
    oversees = overseer_of(standing, unit_id) in standing.leads
    return all_of(
        no_conflict(standing, unit_id),
        any_of(
            is_board(standing),
            allow_if(
                oversees,
                "Việc này do lãnh đạo đơn vị Trưởng khối thực hiện; với Trưởng khối thì do đơn vị "
                "thay Trưởng khối hoặc Ban Thi đua - Khen thưởng.",
            ),
        ),
        year_is_open(bloc_year),
    )


def can_record_attendance(standing: Standing, meeting: Meeting) -> Verdict:
    """Record who came; the meeting that adopted the results is not rewritten afterwards."""
    bloc_year = meeting.bloc_year
    adopted = YearStatus(bloc_year.status).reached(YearStatus.ADOPTED)
    return all_of(
        can_prepare_year(standing, bloc_year),
        allow_if(
            not (adopted and meeting.kind == MeetingKind.YEAR_END),
            "Kết quả đã được thông qua tại hội nghị này nên không sửa thành phần dự họp được nữa.",
        ),
    )


# ---------------------------------------------------------------- outside a bloc-year


def manages_board(user: User, board_id: int) -> Verdict:
    """Only officers of that board, today: units, people, blocs."""
    return allow_if(
        works_for_board(user, board_id),
        "Việc này do cán bộ Ban Thi đua - Khen thưởng của Hội đồng thực hiện.",
    )


def can_appoint(user: User, board_id: int) -> Verdict:
    """Record posts: officers of the board, or an administrator of accounts."""
    if user.is_superuser:
        return ALLOWED
    return manages_board(user, board_id)


def can_register_people(user: User) -> Verdict:
    """Register a person: officers of any board, or an administrator of accounts."""
    return allow_if(
        user.is_superuser or boards_of(user).exists(),
        "Việc này do cán bộ Ban Thi đua - Khen thưởng hoặc quản trị tài khoản thực hiện.",
    )


def can_create_year(user: User, bloc: Bloc, year: int) -> Verdict:
    """Create a bloc's year: its board, or people of the unit elected head for that year."""
    elected = HeadTerm.objects.filter(
        bloc=bloc, year=year, kind=TermKind.HEAD, ended_on__isnull=True
    )
    posts = posts_today(user).filter(unit_id__in=elected.values("unit_id"))
    return any_of(
        manages_board(user, bloc.board_id),
        allow_if(
            posts.exists(),
            f"Năm {year} do Ban Thi đua - Khen thưởng hoặc đơn vị được bầu làm Trưởng khối "
            "năm đó lập.",
        ),
    )
