"""People and their dated posts."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import Board, Post, Unit
from blocs.permissions import can_appoint, can_register_people
from blocs.selectors.units import has_any_post, people_known_to
from blocs.services.writing import lock_board, save_checked, tidy
from emulation.access import require
from emulation.models import User
from emulation.vietnamese import format_date, nfc


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

    Refused unless a board officer or administrator; ValidationError for a username taken, or a
    password too weak.
    """
    require(can_register_people(actor))
    user = User(
        username=nfc(username.strip()),
        full_name=tidy(full_name),
        phone=tidy(phone),
        email=email.strip(),
    )
    if password:
        _check_password(password, user)
    user.set_password(password or None)
    save_checked(user, actor)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error


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

    Refused unless an officer of the board concerned or an administrator. ValidationError where
    the person holds that post already, or is known to another board only.
    """
    if (unit is None) == (board is None):
        raise ValueError("A post stands in a unit or in a board.")
    board_id = unit.board_id if unit else board.pk if board else 0
    lock_board(board_id)
    require(can_appoint(actor, board_id))
    if not actor.is_superuser:
        _check_person_is_known(user, board_id)
    post = Post(
        user=user, unit=unit, board=board, role=role, title=tidy(title), starts_on=starts_on
    )
    _check_post_is_new(post)
    save_checked(post, actor)
    return post


def _check_person_is_known(user: User, board_id: int) -> None:
    """Boards never see each other: one does not reach for another's people."""
    known = people_known_to(board_id).filter(pk=user.pk).exists()
    if not known and has_any_post(user):
        raise ValidationError({"user": "Không có người này trong danh sách của Hội đồng."})


def _check_post_is_new(post: Post) -> None:
    same = Post.objects.filter(
        user=post.user, unit=post.unit, board=post.board, role=post.role, ends_on__isnull=True
    )
    if same.exists():
        place = "đơn vị" if post.unit else "Hội đồng"
        raise ValidationError({"user": f"Người này đang giữ chức vụ đó tại {place}."})


@transaction.atomic
def end_post(*, actor: User, post: Post, ends_on: dt.date) -> Post:
    """End a post with its last day ``ends_on`` and return it; the unit keeps all its data.

    Ending it again with another day corrects the day. ValidationError for a day before its first.
    """
    post = Post.objects.select_related("unit").get(pk=post.pk)
    board_id = post.unit.board_id if post.unit else post.board_id or 0
    lock_board(board_id)
    require(can_appoint(actor, board_id))
    if ends_on < post.starts_on:
        first = format_date(post.starts_on)
        raise ValidationError({"ends_on": f"Ngày thôi giữ phải từ ngày bắt đầu ({first}) trở đi."})
    post.ends_on = ends_on
    save_checked(post, actor)
    return post
