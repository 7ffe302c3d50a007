"""People and their dated posts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from blocs.enums import PostRole
from blocs.models import Board, Membership, Post, SecretariatMember, Unit
from blocs.permissions import account_verdicts, can_appoint, can_register_people
from blocs.selectors.people import (
    namings_of,
    not_over,
    other_leaders,
    other_officers,
    people_known_to_unit,
    posts_not_over,
)
from blocs.selectors.units import has_any_post, people_known_to, works_for_board
from blocs.services.invitations import revoke_unwarranted
from blocs.services.writing import lock_board, save_checked, tidy
from emulation import clock
from emulation.access import require
from emulation.doors import note
from emulation.enums import DoorEvent
from emulation.models import User
from emulation.vietnamese import fold, format_date, nfc

NAMELESS = "nguoi.dung"
TAKEN_MEANWHILE = "Tên đăng nhập này vừa có người khác dùng. Đề nghị gửi lại."
USERNAME_STEM_MAX_LENGTH = 140


def username_stem(full_name: str) -> str:
    """Return a log-in name made from a person's name: "Nguyễn Văn Ân" gives nguyen.van.an."""
    stem = ".".join(re.findall(r"[a-z0-9]+", fold(full_name)))
    return stem[:USERNAME_STEM_MAX_LENGTH].rstrip(".") or NAMELESS


def free_username(full_name: str, taken: Collection[str]) -> str:
    """Return a log-in name for the person that is not among ``taken``, numbered from 2 if need be.

    Names are compared without regard to case. Whoever makes several adds each to ``taken``.
    """
    stem, used = username_stem(full_name), {name.casefold() for name in taken}
    name, number = stem, 1
    while name in used:
        number += 1
        name = f"{stem}{number}"
    return name


def taken_usernames(full_name: str) -> set[str]:
    """Return the log-in names in use that begin as this person's would: one query."""
    alike = User.objects.filter(username__istartswith=username_stem(full_name))
    return set(alike.order_by("pk").values_list("username", flat=True))


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody without an account; without ``username`` one is made from the name."""

    full_name: str
    phone: str = ""
    email: str = ""
    username: str = ""


@transaction.atomic
def create_person(
    *,
    actor: User,
    username: str,
    full_name: str,
    phone: str = "",
    email: str = "",
    password: str | None = None,
) -> User:
    """Register a person and return the account; without a password nobody logs in with it.

    An empty ``username`` is made from the name. Refused unless a board officer, a unit's leader or
    an administrator; ValidationError for a username taken, or a password too weak.
    """
    require(can_register_people(actor))
    name = tidy(full_name)
    user = User(
        username=nfc(username.strip()) or free_username(name, taken_usernames(name)),
        full_name=name,
        phone=tidy(phone),
        email=email.strip(),
    )
    if password:
        _check_password(password, user)
    user.set_password(password or None)
    try:
        with transaction.atomic():
            save_checked(user, actor)
    except IntegrityError as error:
        raise ValidationError({"username": TAKEN_MEANWHILE}) from error
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error


@transaction.atomic
def add_person(
    *,
    actor: User,
    person: NewPerson,
    role: str,
    title: str,
    starts_on: dt.date,
    unit: Unit | None = None,
    board: Board | None = None,
) -> Post:
    """Register a new person with a first post in a unit or a board, and return the post.

    Effects, in order: the account, without a password; the post. All or nothing.
    """
    require(can_appoint(actor, unit=unit, board=board))
    user = create_person(
        actor=actor,
        username=person.username,
        full_name=person.full_name,
        phone=person.phone,
        email=person.email,
    )
    return _give_post(
        actor, Post(user=user, unit=unit, board=board, role=role, title=title, starts_on=starts_on)
    )


@transaction.atomic
def edit_person(
    *, actor: User, person: User, full_name: str, phone: str = "", email: str = ""
) -> User:
    """Correct a person's name, telephone or mail address and return the account.

    By whoever looks after the account (``account_verdicts``). Papers and signatures keep the name
    as it was written on them. Effects, in order: the account; a line in the record of accounts.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    require(account_verdicts(actor, [person])[person.pk])
    before = person.full_name, person.phone, person.email
    person.full_name, person.phone, person.email = tidy(full_name), tidy(phone), email.strip()
    if (person.full_name, person.phone, person.email) != before:
        save_checked(person, actor)
        note(DoorEvent.ACCOUNT_CHANGED, user=person, actor=actor)
    return person


@transaction.atomic
def appoint(
    *,
    actor: User,
    user: User,
    role: str,
    title: str,
    starts_on: dt.date,
    unit: Unit | None = None,
    board: Board | None = None,
) -> Post:
    """Give a person a post in a unit or in a board (one of the two), and return it.

    Effects, in order: the post; an open invitation of the person that its giver might not give any
    more is revoked. Refused unless an officer of the board concerned, a leader of the unit, or an
    administrator (never for himself). ValidationError where the person holds that post already, or
    is known neither to the unit (for its leaders) nor to the board, or works elsewhere by now.
    """
    if (unit is None) == (board is None):
        raise ValueError("A post stands in a unit or in a board.")
    require(can_appoint(actor, unit=unit, board=board, person=user))
    if not actor.is_superuser:
        _check_person_is_known(
            actor, user, unit, unit.board_id if unit else board.pk if board else 0
        )
    return _give_post(
        actor, Post(user=user, unit=unit, board=board, role=role, title=title, starts_on=starts_on)
    )


def _give_post(actor: User, post: Post) -> Post:
    lock_board(post.unit.board_id if post.unit else post.board_id or 0)
    post.title = tidy(post.title)
    _check_unit_works(post)
    _check_not_prolonged(actor, post)
    _check_post_is_new(post)
    save_checked(post, actor)
    revoke_unwarranted(person=post.user)
    return post


def _check_person_is_known(actor: User, user: User, unit: Unit | None, board_id: int) -> None:
    """Boards never see each other, nor do units: one does not reach for another's people.

    Not for former ones either: a post makes partial, and who appraises the unit would be put out.
    """
    by_board = works_for_board(actor, board_id)
    _check_person_is_not_elsewhere(user, unit, board_id, by_board=by_board)
    if by_board:
        known = people_known_to(board_id).filter(pk=user.pk).exists()
        fits = known or not (has_any_post(user) or user.is_staff)
        where = "Hội đồng"
    else:
        fits = unit is not None and people_known_to_unit(unit).filter(pk=user.pk).exists()
        where = "đơn vị"
    if not fits:
        raise ValidationError({"user": f"Không có người này trong danh sách của {where}."})


def _check_person_is_not_elsewhere(
    user: User, unit: Unit | None, board_id: int, *, by_board: bool
) -> None:
    held = posts_not_over([user]).get(user.pk, [])
    if by_board:
        places = {board_id, *Board.objects.filter(heir=board_id).values_list("pk", flat=True)}
        here = any((p.unit.board_id if p.unit else p.board_id) in places for p in held)
        asked = "Hội đồng khác. Đề nghị quản trị tài khoản"
    else:
        here = unit is not None and any(post.unit_id == unit.pk for post in held)
        asked = "nơi khác. Đề nghị Ban Thi đua - Khen thưởng"
    if held and not here:
        raise ValidationError({"user": f"Người này đang giữ chức vụ ở {asked} ghi."})


def _check_unit_works(post: Post) -> None:
    """A post in a unit that ended would open its papers anew."""
    unit = Unit.objects.get(pk=post.unit.pk) if post.unit else None
    if unit is not None and unit.ended_on is not None:
        day = format_date(unit.ended_on)
        raise ValidationError(
            f"{unit.name} đã kết thúc hoạt động từ ngày {day} nên không ghi chức vụ được nữa."
        )


def _check_not_prolonged(actor: User, post: Post) -> None:
    """Whoever set a last day to somebody's post is not overruled by that person."""
    held = Post.objects.filter(user=post.user, unit=post.unit, board=post.board, role=post.role)
    if post.user_id == actor.pk and held.filter(not_over(clock.today())).exists():
        raise ValidationError({"user": "Đồng chí không tự ghi tiếp chức vụ mình đang giữ."})


def _check_post_is_new(post: Post) -> None:
    """One person holds the same post in one place once at a time; a closed one has been left."""
    same = Post.objects.filter(
        user=post.user, unit=post.unit, board=post.board, role=post.role
    ).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=post.starts_on))
    same = same.exclude(closed_at__isnull=False, ends_on=post.starts_on)
    if same.exists():
        place = "đơn vị" if post.unit else "Hội đồng"
        raise ValidationError({"user": f"Người này đang giữ chức vụ đó tại {place}."})


@transaction.atomic
def end_post(*, actor: User, post: Post, ends_on: dt.date, close_now: bool = False) -> Post:
    """End a post with its last day ``ends_on`` and return it; the unit keeps all its data.

    Effects, in order: the last day and, with ``close_now``, the end of the access this minute; the
    person's part in secretariats that rested on the post; invitations the person gave, or was
    given, that no longer have their ground. Ending it again with another day corrects the day.
    ValidationError for a day before its first, for a later one where the post is over or the own,
    for the last officer of a board, and for a unit's last leader unless the board ends it.
    """
    post = locked_post(post)
    require(can_appoint(actor, unit=post.unit, board=post.board))
    _check_last_day(post, ends_on, close_now=close_now)
    _check_not_reopened(actor, post, ends_on)
    _check_somebody_stays(actor, post, ends_on)
    return close_post(actor=actor, post=post, ends_on=ends_on, close_now=close_now)


def locked_post(post: Post) -> Post:
    """Return the post as it stands once its board is locked: somebody may just have ended it."""
    lock_board(post.unit.board_id if post.unit else post.board_id or 0)
    return Post.objects.select_related("unit__board", "board", "user").get(pk=post.pk)


def close_post(*, actor: User, post: Post, ends_on: dt.date, close_now: bool) -> Post:
    """Write the end of a post whose right and day have been checked; see ``end_post``."""
    post.ends_on = ends_on
    if close_now and post.closed_at is None:
        post.closed_at = clock.now()
    save_checked(post, actor)
    for row in lapsing_namings(post, ends_on, close_now=close_now):
        row.ended_at = clock.now()
        save_checked(row, actor)
    revoke_unwarranted(person=post.user)
    return post


def lapsing_namings(post: Post, ends_on: dt.date, *, close_now: bool) -> list[SecretariatMember]:
    """Return the secretariats a person leaves at once by leaving the post.

    One stays in a secretariat while holding some post in a member of the bloc that year.
    """
    if not close_now and ends_on >= clock.today():
        return []
    others = Post.objects.filter(not_over(clock.today()), user=post.user_id).exclude(pk=post.pk)
    units = others.filter(unit__isnull=False).order_by().values("unit_id")
    kept = Membership.objects.filter(bloc_year=OuterRef("bloc_year"), unit__in=units)
    return list(namings_of(post.user).filter(~Exists(kept)))


def _check_last_day(post: Post, ends_on: dt.date, *, close_now: bool) -> None:
    today = clock.today()
    if ends_on < post.starts_on:
        first = format_date(post.starts_on)
        raise ValidationError({"ends_on": f"Ngày thôi giữ phải từ ngày bắt đầu ({first}) trở đi."})
    if close_now and ends_on != today:
        raise ValidationError(
            {"close_now": "Chỉ đóng ngay khi ngày cuối cùng là hôm nay; đề nghị xem lại ngày."}
        )
    if post.closed_at and ends_on > clock.local_date(post.closed_at):
        raise ValidationError(
            {"ends_on": "Quyền truy cập đã đóng. Đề nghị ghi chức vụ mới thay vì kéo dài."}
        )


def _check_not_reopened(actor: User, post: Post, ends_on: dt.date) -> None:
    """A last day once written is moved on by others, and only while the post is held."""
    today = clock.today()
    if post.ends_on is None or ends_on <= post.ends_on:
        return
    if post.ends_on < today <= ends_on:
        over = format_date(post.ends_on)
        raise ValidationError(
            {"ends_on": f"Chức vụ đã kết thúc ngày {over}. Đề nghị ghi một chức vụ mới."}
        )
    if post.user_id == actor.pk:
        raise ValidationError(
            {"ends_on": "Đồng chí không tự kéo dài chức vụ của mình; việc này do người khác ghi."}
        )


def _check_somebody_stays(actor: User, post: Post, ends_on: dt.date) -> None:
    if post.board_id and not other_officers(post, ends_on).exists():
        raise ValidationError(
            {"ends_on": "Đây là cán bộ duy nhất của Hội đồng. Đề nghị ghi người kế nhiệm trước."}
        )
    if post.unit is None or post.role != PostRole.LEADER:
        return
    may_stay_empty = actor.is_superuser or works_for_board(actor, post.unit.board_id)
    if not may_stay_empty and not other_leaders(post, ends_on).exists():
        raise ValidationError(
            {
                "ends_on": "Đây là lãnh đạo duy nhất của đơn vị. Đề nghị dùng “Bàn giao” để ghi "
                "người kế nhiệm, hoặc đề nghị Ban Thi đua - Khen thưởng ghi."
            }
        )
