"""For whom a command acts: whoever has the shell says so, or the bloc-year's secretary does."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db.models import Q, QuerySet

from blocs.enums import PostRole
from blocs.models import BlocYear, Post, SecretariatMember
from blocs.selectors.standing import heads_of, held_on, standing_in
from emulation import clock
from emulation.models import User


def bloc_year_of(key: int) -> BlocYear:
    """Return the bloc-year; CommandError where there is none."""
    bloc_year = BlocYear.objects.select_related("bloc").filter(pk=key).first()
    if bloc_year is None:
        raise CommandError(f"Không có năm thi đua số {key}.")
    return bloc_year


def actor_of(bloc_year: BlocYear, username: str) -> User:
    """Return the account named, else the first officer who is secretary of the bloc-year."""
    if username:
        named = User.objects.filter(username=username, is_active=True).first()
        if named is None:
            raise CommandError(f"Không có tài khoản “{username}” đang hoạt động.")
        return named
    near = Q(unit=heads_of(bloc_year).head) | Q(user__in=_secretariat(bloc_year))
    posts = Post.objects.filter(held_on(clock.today()), near, role=PostRole.OFFICER)
    for post in posts.select_related("user").order_by("pk"):
        if standing_in(post.user, bloc_year).is_secretary:
            return post.user
    raise CommandError(
        "Năm thi đua này chưa có Thư ký. Đề nghị ghi người thực hiện: --actor TÊN_ĐĂNG_NHẬP."
    )


def _secretariat(bloc_year: BlocYear) -> QuerySet[SecretariatMember, int]:
    return SecretariatMember.objects.filter(bloc_year=bloc_year).values_list("user", flat=True)
