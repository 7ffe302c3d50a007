"""Who may do what in a bloc-year: predicates over a :class:`Standing`, each with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from blocs.enums import MeetingKind, TermKind, YearStatus
from blocs.models import Bloc, BlocYear, Board, HeadTerm, Meeting, Unit
from blocs.selectors.people import (
    entrusted_among,
    is_leader_of,
    leads_any_unit,
    posts_not_over,
    reach_of,
)
from blocs.selectors.standing import posts_today
from blocs.selectors.units import boards_of, works_for_board
from blocs.standing import Standing, no_conflict, overseer_of, within_reach
from emulation import clock
from emulation.access import ALLOWED, Verdict, all_of, allow_if, any_of, refuse
from emulation.models import User
from emulation.vietnamese import format_date

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
    standing: Standing,
    bloc_year: BlocYear,
    due_on: dt.date | None,
    today: dt.date,
    *,
    common: dt.date | None = None,
) -> Verdict:
    """Set a bloc's deadline; one that has passed is the board's, for it would waive lateness.

    Where the board has a ``common`` day for all its blocs, only the board sets another for one of
    them. Board officers with a post in a member are in the same conflict as the head's people.
    """
    verdict = all_of(
        can_prepare_year(standing, bloc_year), _not_common(standing, bloc_year, common)
    )
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


def _not_common(standing: Standing, bloc_year: BlocYear, common: dt.date | None) -> Verdict:
    if common is None or standing.is_board:
        return ALLOWED
    return refuse(
        f"Hạn chung của tỉnh là {format_date(common)}; "
        f"đề nghị {bloc_year.board.office_name} đặt riêng cho Khối."
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


def is_administrator(user: User) -> Verdict:
    """Found boards, merge them: the administrator, who sees no scores for it."""
    return allow_if(user.is_superuser, "Việc này do quản trị của hệ thống thực hiện.")


def can_merge_boards(user: User, boards: Iterable[Board]) -> Verdict:
    """Merge boards: the administrator, in none of whose posts another province would pass."""
    verdict = is_administrator(user)
    held = posts_not_over([user]).get(user.pk, [])
    own = next((each for each in boards for post in held if post.board_id == each.pk), None)
    if not verdict or own is None:
        return verdict
    return refuse(
        f"Đồng chí đang là cán bộ của Hội đồng {own.place}, hợp nhất sẽ mở cho đồng chí cả Hội "
        "đồng kia; việc này do quản trị khác thực hiện."
    )


def can_edit_board(user: User, board: Board) -> Verdict:
    """Edit the Council's name, the office and its telephone: officers of the board itself."""
    return all_of(manages_board(user, board.pk), board_works(board))


def can_rename_province(user: User, board: Board) -> Verdict:
    """Change a province's name, by which boards are told apart: the administrator."""
    return all_of(is_administrator(user), board_works(board))


def board_works(board: Board) -> Verdict:
    """A board merged into another is read, and no longer changed."""
    if board.ended_on is None:
        return ALLOWED
    heir = f" Việc này làm tại Hội đồng {board.heir.place}." if board.heir else ""
    return refuse(
        f"Hội đồng {board.place} đã kết thúc từ ngày {format_date(board.ended_on)}.{heir}"
    )


def manages_board(user: User, board_id: int) -> Verdict:
    """Only officers of that board, today: units, people, blocs."""
    return allow_if(
        works_for_board(user, board_id),
        "Việc này do cán bộ Ban Thi đua - Khen thưởng của Hội đồng thực hiện.",
    )


def can_change_structure(user: User, board_id: int, unit_ids: Iterable[int] = ()) -> Verdict:
    """Merge, split, dissolve, move: officers of the board, none of them of a unit concerned."""
    verdict = manages_board(user, board_id)
    concerned = set(unit_ids)
    if not verdict or not concerned:
        return verdict
    held = posts_today(user).filter(unit_id__in=concerned).first()
    if held is None or held.unit is None:
        return verdict
    return refuse(
        f"Đồng chí đang công tác tại {held.unit.name} nên không được quyết định việc của "
        "chính đơn vị mình."
    )


def can_manage_people(user: User, unit: Unit) -> Verdict:
    """Record who works in a unit: its board, or its own leaders."""
    return allow_if(
        works_for_board(user, unit.board_id) or is_leader_of(user, unit.pk),
        "Việc này do lãnh đạo đơn vị hoặc Ban Thi đua - Khen thưởng thực hiện.",
    )


def can_appoint(
    user: User, *, unit: Unit | None = None, board: Board | None = None, person: User | None = None
) -> Verdict:
    """Record a post: in a unit its board or its leaders, in a board its officers.

    An administrator of accounts may for both, but never gives a post to himself (``person``).
    """
    if user.is_superuser:
        return not_to_oneself(user, person)
    if unit is not None:
        return can_manage_people(user, unit)
    return manages_board(user, board.pk) if board else refuse("Chức vụ này không thuộc nơi nào.")


def not_to_oneself(user: User, person: User | None) -> Verdict:
    """An administrator of accounts does not let himself in to see what a post shows."""
    is_administrator_himself = user.is_superuser or user.is_staff
    return allow_if(
        person is None or person.pk != user.pk or not is_administrator_himself,
        "Quản trị tài khoản không tự ghi chức vụ cho mình; việc này do người khác thực hiện.",
    )


def can_register_people(user: User) -> Verdict:
    """Register a person: officers of any board, leaders of a unit, an administrator."""
    return allow_if(
        user.is_superuser or boards_of(user).exists() or leads_any_unit(user),
        "Việc này do lãnh đạo đơn vị, cán bộ Ban Thi đua - Khen thưởng hoặc quản trị tài khoản "
        "thực hiện.",
    )


# ---------------------------------------------------------------- other people's accounts


def looks_after_accounts(user: User) -> Verdict:
    """See who has come in and who has not: boards, leaders of a unit, an administrator."""
    return allow_if(
        bool(reach_of(user)),
        "Danh sách tài khoản do lãnh đạo đơn vị, cán bộ Ban Thi đua - Khen thưởng và quản trị "
        "tài khoản quản lý.",
    )


def can_invite(user: User, person: User) -> Verdict:
    """Give one person a code that sets a password; see ``invitation_verdicts``."""
    return invitation_verdicts(user, [person])[person.pk]


def invitation_verdicts(user: User, people: Collection[User]) -> dict[int, Verdict]:
    """Return for each person, by key, whether ``user`` may give a code that sets the password.

    Whoever holds the code can become that person. So nobody gives one who would reach further
    by it: see ``within_reach``; and nobody for the own account, which asks for the old password.
    """
    found = account_verdicts(user, people)
    if user.pk in found:
        found[user.pk] = refuse(
            "Đồng chí đổi mật khẩu của chính mình tại mục “Đổi mật khẩu”, không qua lời mời."
        )
    return found


def account_verdicts(user: User, people: Collection[User]) -> dict[int, Verdict]:
    """Return for each person, by key, whether ``user`` looks after the account: six queries."""
    reach, today = reach_of(user), clock.today()
    posts, trusted = posts_not_over(people), entrusted_among(people)
    return {
        each.pk: within_reach(
            reach, each, posts.get(each.pk, []), is_trusted=each.pk in trusted, today=today
        )
        for each in people
    }


def can_create_year(user: User, bloc: Bloc, year: int) -> Verdict:
    """Create a bloc's year: its board, or people of the unit elected head for that year."""
    if bloc.ended_on:
        return refuse(
            f"Khối đã kết thúc từ ngày {format_date(bloc.ended_on)} nên không lập năm mới được nữa."
        )
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
