"""The kit every page uses: formats as filters, pieces of a page as tags.

Small pieces that stand in table cells are built here, without a template each; larger ones have
their template in ``templates/components/``. How to use them: docs/ui.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe

from emulation import clock, vietnamese
from emulation.enums import Face
from emulation.forms import OPTIONAL
from emulation.history import Entry
from emulation.tasks import Awaited, Desk, Task
from emulation.templatetags.bars import Part, stacked_bar
from emulation.workflow import REASON_MAX_LENGTH, Offer

register = template.Library()

HISTORY_SHOWN = 10
NOTHING = mark_safe("")
_MARKS = {
    "good": mark_safe('<span aria-hidden="true">✓ </span>'),
    "bad": mark_safe('<span aria-hidden="true">! </span>'),
}
_DUE_TONES = {"overdue": "bad", "today": "warning", "soon": "warning", "later": "quiet"}

# ---------------------------------------------------------------- formats


@register.filter
def points(value: Decimal | None) -> str:
    """Return points as "97,25", or "chưa chấm" for None: unscored is not zero."""
    return vietnamese.format_points(value)


@register.filter
def signed(value: Decimal | None) -> str:
    """Return points with their sign, "+5,00" or "−1,00"; "chưa chấm" for None."""
    return vietnamese.format_points(value, sign=True)


@register.filter
def number(value: Decimal | int | None) -> str:
    """Return a number as people write it, "7,5"; nothing for None."""
    return "" if value is None else vietnamese.format_number(value)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Return a date as "09/12/2022" (a moment by its Vietnamese date); nothing for None."""
    if isinstance(value, dt.datetime):
        value = clock.local_date(value)
    return vietnamese.format_date(value) if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Return a moment as "23:59 ngày 20/12/2026"; nothing for None."""
    return vietnamese.format_moment(value) if value else ""


@register.simple_tag
def now_moment() -> str:
    """Return the present moment, for the line that a printed page carries."""
    return vietnamese.format_moment(clock.now())


# ---------------------------------------------------------------- small pieces


def _badge(words: str, tone: str, *, title: str = "") -> SafeString:
    hint = f' title="{escape(title)}"' if title else ""
    return mark_safe(  # noqa: S308 - every value in it is escaped
        f'<span class="badge badge-{escape(tone)}"{hint}>'
        f"{_MARKS.get(tone, NOTHING)}{conditional_escape(words)}</span>"
    )


@register.simple_tag
def badge(face: Face) -> SafeString:
    """Return a status badge in the words of officials."""
    return _badge(face.official, face.tone)


@register.simple_tag
def badge_unit(face: Face) -> SafeString:
    """Return a status badge in the words of the unit concerned."""
    return _badge(face.unit, face.tone)


@register.simple_tag
def chip(words: str, tone: str = "quiet") -> SafeString:
    """Return a badge with words of one's own; ``tone`` is one of emulation.enums.Tone."""
    return _badge(words, tone)


@register.simple_tag
def example(is_example: bool, note: str = "") -> SafeString:  # noqa: FBT001 - a model's field
    """Return the badge "ví dụ" for data made up for the demonstration, else nothing."""
    words = f"ví dụ: {note}" if note else "ví dụ"
    return _badge(words, "example") if is_example else NOTHING


@register.simple_tag
def due(on: dt.date | dt.datetime | None) -> SafeString:
    """Return how long is left and until when: a badge, then "20/12/2026, 23:59"."""
    if on is None:
        return NOTHING
    last = on if isinstance(on, dt.datetime) else clock.end_of(on)
    local = clock.local_time(last)
    left = vietnamese.remaining(local.date(), clock.today())
    return format_html(
        '<span class="due">{} <span class="due-date">{}, {}</span></span>',
        _badge(left.text, _DUE_TONES[left.state]),
        vietnamese.format_date(local),
        f"{local:%H:%M}",
    )


@register.simple_tag
def diff(value: Decimal | None) -> SafeString:
    """Return a difference of points by sign, colour and icon; "–" while one side is missing."""
    if value is None:
        return format_html(
            '<span class="diff diff-none"><span aria-hidden="true">–</span>'
            '<span class="visually-hidden">{}</span></span>',
            "chưa có",
        )
    kind, icon = ("same", "") if value == 0 else ("up", "▲ ") if value > 0 else ("down", "▼ ")
    return format_html(
        '<span class="diff diff-{}"><span aria-hidden="true">{}</span>{}</span>',
        kind,
        icon,
        vietnamese.format_points(value, sign=True),
    )


@register.simple_tag
def bar(parts: Iterable[Part], total: Decimal) -> SafeString:
    """Return a thin stacked bar; each part is (label, value, tone), ``total`` the whole length."""
    return stacked_bar(parts, total)


@register.simple_tag
def names(each: Sequence[str]) -> str:
    """Return names as a phrase: "A, B và C"."""
    return vietnamese.join_names(each)


@register.simple_tag(takes_context=True)
def back_url(context: Context) -> str:
    """Return the page of ours the person came from, or "" when unknown."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return ""
    came_from = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return came_from if ours else ""


# ---------------------------------------------------------------- pieces with a template


@register.inclusion_tag("components/offer.html", name="offer")
def show_offer(
    offer: Offer, url: str, phrases: Sequence[str] = (), *, quiet: bool = False
) -> dict[str, Any]:
    """Show one transition: a button, or a disabled one with its reason, or a form for a reason.

    Posts to ``url`` the fields ``transition``, ``phrase`` and ``reason``; read the last two with
    :func:`emulation.forms.given_reason`. ``quiet`` is for every offer but the page's first.
    """
    return {
        "offer": offer,
        "url": url,
        "phrases": phrases,
        "style": "btn-quiet" if quiet else "btn-primary",
        "reason_max": REASON_MAX_LENGTH,
    }


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[Any], label: str = "Các bước của năm thi đua") -> dict[str, Any]:
    """Show the steps of a year.

    Each step is an object or dict with ``label``, ``state`` (done, current, blocked, later) and,
    if it has them, ``when``, ``note`` and ``url``.
    """
    return {"steps": list(steps), "label": label}


@register.inclusion_tag("components/tasks.html")
def tasks(desk: Desk) -> dict[str, Any]:
    """Show what a person has to do: pressing first, open, what comes later; then what is done."""
    today = clock.today()
    ready = [task for task in desk.tasks if task.ready]
    pressing = [task for task in ready if _presses(task, today)]
    groups = [
        ("Quá hạn và đến hạn", pressing),
        ("Đang mở", [task for task in ready if not _presses(task, today)]),
        ("Sắp tới", [task for task in desk.tasks if not task.ready]),
        ("Đã nộp", list(desk.done)),
    ]
    return {
        "groups": [group for group in groups if group[1]],
        "nothing_ready": not ready,
        "waiting": _waiting(desk.awaited),
        "many_capacities": len({task.capacity for task in (*desk.tasks, *desk.done)}) > 1,
    }


def _presses(task: Task, today: dt.date) -> bool:
    return task.due_on is not None and vietnamese.remaining(task.due_on, today).state != "later"


def _waiting(awaited: Sequence[Awaited]) -> list[tuple[str, list[Awaited]]]:
    """Return those awaited, grouped by what they owe, in order of appearance."""
    groups: dict[str, list[Awaited]] = {}
    for each in awaited:
        groups.setdefault(each.what, []).append(each)
    return list(groups.items())


@register.inclusion_tag("components/awaited.html")
def awaited(desk: Desk) -> dict[str, Any]:
    """Show whom the person is waiting for, with the contact and a reminder to copy."""
    return {"groups": _waiting(desk.awaited)}


@register.inclusion_tag("components/history.html")
def history(entries: Iterable[Entry], label: str = "Lịch sử") -> dict[str, Any]:
    """Show who did what, newest first; beyond ten the older ones are folded."""
    ordered = [_entry(each) for each in Entry.newest_first(list(entries))]
    return {
        "label": label,
        "shown": ordered[:HISTORY_SHOWN],
        "folded": ordered[HISTORY_SHOWN:],
        "count": len(ordered),
    }


def _entry(entry: Entry) -> SafeString:
    """Return one entry; a page has a hundred, and a template for each takes ten times as long."""
    place = _if('<span class="history-place">{}</span>', entry.place)
    change = _if('<span class="history-change">{}</span>', entry.change)
    reason = _if('<p class="history-reason">Lý do: {}</p>', entry.reason)
    return mark_safe(  # noqa: S308 - every value in it is escaped
        f'<li class="history-entry"><time class="history-at" datetime="{entry.at.isoformat()}">'
        f"{vietnamese.format_moment(entry.at)}</time><div>"
        f'<p class="history-what">{escape(entry.what)}{place}{change}</p>'
        f'<p class="quiet">{escape(entry.who)}{_if("· {}", entry.acting_as)}</p>'
        f"{reason}</div></li>"
    )


def _if(markup: str, words: str) -> str:
    """Return a blank and the markup with the words in it, or nothing where there are none."""
    return f" {markup.replace('{}', escape(words))}" if words else ""


@register.inclusion_tag("components/pager.html")
def pager(page_obj: Page[Any], noun: str = "mục") -> dict[str, Any]:
    """Show where one is in a long list, keeping the query; ``noun`` names what is listed."""
    return {"page": page_obj, "noun": noun}


@register.inclusion_tag("components/search_box.html", takes_context=True)
def search_box(
    context: Context, q: str, placeholder: str = "Tìm theo tên", name: str = "q"
) -> dict[str, Any]:
    """Show a search field that keeps the page's other filters."""
    request = context["request"]
    kept = [
        (key, value)
        for key, values in request.GET.lists()
        for value in values
        if key not in {name, "page"}
    ]
    return {"q": q, "placeholder": placeholder, "name": name, "kept": kept, "path": request.path}


@register.inclusion_tag("components/error_summary.html")
def error_summary(source: forms.BaseForm | Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Show every error at the top, each a link to its field.

    ``source`` is a form, or lines ``(id of the field or "", sentence)`` of a hand-written sheet.
    """
    lines = form_errors(source) if isinstance(source, forms.BaseForm) else list(source)
    return {"lines": lines}


def form_errors(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Return ``(id of the field, sentence)`` for each error; "" where it concerns the whole."""
    lines = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or f"{field.auto_id}_0"  # the first of several choices
        lines += [(target, _named(str(field.label), str(error))) for error in field.errors]
    return lines


def _named(label: str, error: str) -> str:
    """Return the sentence with its field's name, where it does not name it itself."""
    name = label.removesuffix(OPTIONAL).removesuffix(".")
    return error if name.lower() in error.lower() else f"{name}: {error}"


@register.simple_tag
def copy(text: str, label: str) -> SafeString:
    """Return a button that copies ``text``; without JavaScript the text itself is shown."""
    return format_html(
        '<span class="copy"><button type="button" class="btn-link-plain" data-copy="{}" hidden>'
        '{}</button><span class="copy-text">{}</span>'
        '<span class="copy-done" role="status"></span></span>',
        text,
        label,
        text,
    )


@register.simple_tag
def fact(label: str, value: object, note: str = "") -> SafeString:
    """Return one figure of a ``<dl class="facts">``: label, value, and a quiet note if any."""
    small = format_html_join("", '<dd class="fact-note">{}</dd>', [(note,)] if note else [])
    return format_html("<div><dt>{}</dt><dd>{}</dd>{}</div>", label, value, small)
