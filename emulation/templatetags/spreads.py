"""How far totals lie apart, as a strip of SVG with a title that says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from emulation.vietnamese import format_points

register = template.Library()

_WIDTH = Decimal(1000)
_HEIGHT = 20
_THIN, _THICK = Decimal(4), Decimal(10)

Box = tuple[str, str, str, int, int]


@register.simple_tag
def spread(
    label: str, totals: Sequence[Decimal], middle: Decimal, lowest: Decimal, highest: Decimal
) -> SafeString:
    """Return a strip from ``lowest`` to ``highest``: a stroke for each total, a thick one amid.

    Strips with the same ends can be read one below the other.
    """
    boxes = _boxes(totals, middle, lowest, highest) if totals else []
    return format_html(
        '<svg class="spread" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img">'
        "<title>{}</title>{}</svg>",
        _WIDTH,
        _HEIGHT,
        _in_words(label, totals, middle),
        format_html_join(
            "", '<rect class="{}" x="{}" width="{}" y="{}" height="{}"></rect>', boxes
        ),
    )


def _in_words(label: str, totals: Sequence[Decimal], middle: Decimal) -> str:
    if not totals:
        return f"{label}: chưa có điểm"
    low, high = format_points(min(totals)), format_points(max(totals))
    return (
        f"{label}: {len(totals)} đơn vị, từ {low} đến {high} điểm, trung vị {format_points(middle)}"
    )


def _boxes(
    totals: Sequence[Decimal], middle: Decimal, lowest: Decimal, highest: Decimal
) -> list[Box]:
    room = highest - lowest
    scale = (_WIDTH - _THICK) / room if room > 0 else Decimal(0)

    def place(value: Decimal) -> Decimal:
        return _THICK / 2 + (value - lowest) * scale

    left, right = place(min(totals)), place(max(totals))
    return [
        ("spread-reach", f"{left:.1f}", f"{right - left:.1f}", 8, 4),
        *(
            ("spread-unit", f"{place(value) - _THIN / 2:.1f}", f"{_THIN:.1f}", 3, 14)
            for value in sorted(totals)
        ),
        ("spread-middle", f"{place(middle) - _THICK / 2:.1f}", f"{_THICK:.1f}", 0, _HEIGHT),
    ]
