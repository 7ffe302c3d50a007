"""Results as plain data for storing: decimals and fractions as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any


def to_plain(value: object) -> Any:
    """Return the JSON form of a value made of frozen dataclasses, tuples and numbers."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (Decimal, Fraction)):
        return str(value)
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    return value


class PlainForm:
    """A result that can be stored."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Return the stored form of the result."""
        plain: dict[str, Any] = to_plain(self)
        return plain
