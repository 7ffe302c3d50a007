"""A thin stacked bar of points, as SVG with a title that says the same in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from emulation.vietnamese import format_points

Part = tuple[str, Decimal | None, str]
"""Label, value (None: not scored yet, negative: deducted) and tone.

Tones: "1" to "4" for the parts of a rubric from dark to pale, "plus" for bonus points, "minus"
for deductions; "" takes the next of "1" to "4".
"""

_HEIGHT = 14
_WIDTH = Decimal(1000)
_SHADES = 4


def stacked_bar(parts: Iterable[Part], total: Decimal) -> SafeString:
    """Return the bar; its full length stands for ``total`` points.

    Deductions are drawn over the end of what was gained.
    """
    known = [part for part in parts if part[1] is not None]
    scale = _WIDTH / total if total > 0 else Decimal(0)
    return format_html(
        '<svg class="bar" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img">'
        "<title>{}</title>{}</svg>",
        _WIDTH,
        _HEIGHT,
        _in_words(known),
        _drawn(known, scale),
    )


def _drawn(parts: Iterable[Part], scale: Decimal) -> SafeString:
    """Return the rectangles; all in them but the tone are numbers of our own making."""
    return mark_safe(  # noqa: S308 - the tone is escaped
        "".join(
            f'<rect class="bar-{escape(tone)}" x="{left}" width="{width}" y="0" '
            f'height="{_HEIGHT}"></rect>'
            for tone, left, width in _rectangles(parts, scale)
        )
    )


def _in_words(parts: Iterable[Part]) -> str:
    return " · ".join(f"{label} {format_points(value)}" for label, value, _ in parts) or "chưa chấm"


def _rectangles(parts: Iterable[Part], scale: Decimal) -> list[tuple[str, str, str]]:
    """Return tone, left edge and width of each part."""
    drawn: list[tuple[str, str, str]] = []
    end, shade = Decimal(0), 0
    for _, value, tone in parts:
        width = (value or Decimal(0)) * scale
        if width > 0 and not tone:
            shade = shade % _SHADES + 1
        left = end + min(width, Decimal(0))
        drawn.append((_tone(tone, width, shade), f"{max(left, Decimal(0)):.1f}", _size(width)))
        end += width
    return [each for each in drawn if each[2] != "0.0"]


def _tone(tone: str, width: Decimal, shade: int) -> str:
    return tone or ("minus" if width < 0 else str(shade))


def _size(width: Decimal) -> str:
    return f"{abs(width):.1f}"
