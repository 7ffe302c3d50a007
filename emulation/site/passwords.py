"""The rule for passwords that must know where a person works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError

from blocs.models import Post
from emulation.models import User
from emulation.vietnamese import fold

SIMILAR = 0.7
_SHORTEST = 4
_SIGNS = re.compile(r"[^a-z0-9]+")


class NotOwnWords:
    """A password is neither the person's own name, number or address nor the name of the unit."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError naming what the password is too much like."""
        if not isinstance(user, User):
            return
        plain = _plain(password)
        for what, words in _own_words(user):
            if _is_like(plain, _plain(words)):
                raise ValidationError(
                    f"Mật khẩu quá giống {what}. Đề nghị chọn mật khẩu khác.",
                    code="password_too_similar",
                )

    def get_help_text(self) -> str:
        """Return the rule as it is shown before typing."""
        return "Không giống tên đăng nhập, họ tên, điện thoại, thư điện tử hay tên đơn vị."


def _own_words(user: User) -> Iterator[tuple[str, str]]:
    yield "tên đăng nhập", user.username
    yield "họ và tên", user.full_name
    yield "số điện thoại", user.phone
    yield "địa chỉ thư điện tử", user.email.partition("@")[0]
    posts = Post.objects.filter(user_id=user.pk or 0).select_related("unit", "board").order_by("pk")
    for post in posts:
        yield ("tên đơn vị", post.unit.name) if post.unit else ("tên Hội đồng", str(post.board))


def _plain(text: str) -> str:
    """Return the letters and digits, without diacritics, spaces and signs."""
    return _SIGNS.sub("", fold(text))


def _is_like(password: str, words: str) -> bool:
    """Tell whether the words are most of the password, or nearly the password itself."""
    if len(words) < _SHORTEST:
        return False
    if words in password:
        return 2 * len(words) >= len(password)
    longest = max(len(words), len(password))
    if 2 * min(len(words), len(password)) < SIMILAR * longest:
        return False
    return SequenceMatcher(a=password, b=words, autojunk=False).ratio() >= SIMILAR
