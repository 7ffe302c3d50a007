"""The rules for a new password, each with its sentence before typing and its refusal after.

``AUTH_PASSWORD_VALIDATORS`` lists them in the order in which people read them.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth import password_validation as django_rules

from emulation.vietnamese import fold

_NOT_LETTERS = re.compile(r"[^a-z]+")
# Long enough once a year or "@" is added, and the first that anybody here would try.
_HABITS = frozenset(
    {"abc", "abcd", "abcdef", "qwerty", "asdfgh", "password", "admin", "administrator"}
    | {"matkhau", "matkhaumoi", "quantri", "quantrivien", "giaouoc", "khenthuong", "vietnam"}
    | {"thiduakhenthuong", "anhyeuem", "emyeuanh"}
)


class Length(django_rules.MinimumLengthValidator):
    """A password has a least number of characters."""

    def get_error_message(self) -> str:
        """Return the refusal."""
        return f"Mật khẩu quá ngắn: cần ít nhất {self.min_length} ký tự."

    def get_help_text(self) -> str:
        """Return the rule as it is shown before typing."""
        return f"Có ít nhất {self.min_length} ký tự; nên gõ không dấu để máy nào cũng gõ được."


class NotOnlyDigits(django_rules.NumericPasswordValidator):
    """A password of digits alone is a date or a telephone number."""

    def get_error_message(self) -> str:
        """Return the refusal."""
        return "Mật khẩu chỉ gồm chữ số thì dễ đoán. Đề nghị thêm chữ."

    def get_help_text(self) -> str:
        """Return the rule as it is shown before typing."""
        return "Không chỉ gồm chữ số."


class NotCommon(django_rules.CommonPasswordValidator):
    """Neither one of the world's 20,000 commonest passwords nor one of our own habits."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a common one, whatever digits and signs surround it."""
        letters = _NOT_LETTERS.sub("", fold(password))
        super().validate("password" if letters in _HABITS else password, user)

    def get_error_message(self) -> str:
        """Return the refusal."""
        return "Mật khẩu này nhiều người dùng nên dễ đoán. Đề nghị chọn mật khẩu khác."

    def get_help_text(self) -> str:
        """Return the rule as it is shown before typing."""
        return "Không phải mật khẩu quen dùng như “matkhau2026”, “abcd@12345”."
