"""The cells that every line of a score sheet has, drawn in Python.

A sheet has sixty lines, and a template takes five times as long for them.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from emulation.templatetags.giao_uoc import chip
from scoring.views.sheet_fields import FieldView
from scoring.views.sheet_rows import RowView

register = template.Library()

_FEEDBACK = '<div class="invalid-feedback d-block"{}>{}</div>'


@register.simple_tag
def score_inputs(row: RowView) -> SafeString:
    """Return what a unit fills in on one line: its kind's inputs, "không phát sinh", the note."""
    errors = (_error(field.error, field.id) for field in row.fields)
    drawn = (*map(_field, row.fields), *errors, "</div>", _not_applicable(row), _note(row))
    version = (
        f'<input type="hidden" name="{escape(row.version_name)}" value="{escape(row.version)}">'
    )
    return mark_safe(  # noqa: S308 - every value in it is escaped
        f'{version}<div class="sheet-fields">{"".join(drawn)}'
    )


@register.simple_tag
def line_state(row: RowView) -> SafeString:
    """Return how a line stands, and why it counts as it does."""
    remarks = "".join(f'<span class="quiet">{escape(each)}</span>' for each in row.remarks)
    return chip(row.state, row.tone) + mark_safe(remarks)  # noqa: S308 - escaped


@register.simple_tag
def evidence_wanted(row: RowView, editable: bool) -> SafeString:  # noqa: FBT001 - the page's flag
    """Return what evidence a line without any needs, and the button that adds some."""
    if row.is_automatic:
        return mark_safe("–")
    name = "sheet-needs" if row.must_prove else "quiet"
    needs = "" if row.evidence else f'<span class="{name}">{escape(row.needs)}</span>'
    return mark_safe(needs + (_add_evidence(row) if editable else ""))  # noqa: S308 - escaped


def _add_evidence(row: RowView) -> str:
    return (
        '<button class="btn-link-plain no-print" type="submit" name="next" '
        f'value="{row.criterion_id}" aria-label="Lưu và thêm minh chứng cho {escape(row.code)}">'
        "+ Thêm minh chứng</button>"
    )


def _field(field: FieldView) -> str:
    before, after = (
        f"<span>{escape(words)}</span>" if words else "" for words in (field.before, field.after)
    )
    control = _list(field) if field.options else _text(field)
    return f'<span class="sheet-field">{before}{control}{after}</span>'


def _list(field: FieldView) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if selected else ""}>{escape(words)}</option>'
        for value, words, selected in field.options
    )
    return f'<select class="{_class("form-select", field.error)}"{_named(field)}>{options}</select>'


def _text(field: FieldView) -> str:
    return (
        f'<input class="{_class("form-control input-number", field.error)}" type="text" '
        f'inputmode="decimal" autocomplete="off" placeholder=" "{_named(field)} '
        f'value="{escape(field.value)}">'
    )


def _named(field: FieldView) -> str:
    """Return what a control is called, and where its error stands."""
    key = escape(field.id)
    wrong = f' aria-invalid="true" aria-describedby="{key}-loi"' if field.error else ""
    return f' id="{key}" name="{key}" aria-label="{escape(field.label)}"{wrong}'


def _not_applicable(row: RowView) -> str:
    error = _error(row.na_error)
    if not row.na_name:
        return error
    name = escape(row.na_name)
    checked = " checked" if row.na_checked else ""
    return (
        '<label class="form-check"><input class="form-check-input" type="checkbox" '
        f'id="{name}" name="{name}" value="1"{checked}> Không phát sinh trong năm</label>{error}'
    )


def _note(row: RowView) -> str:
    name = escape(row.note_name)
    return (
        f'<textarea class="{_class("form-control sheet-note", row.note_error)}" '
        f'id="{name}" name="{name}" rows="1" maxlength="5000" placeholder="Ghi chú" '
        f'aria-label="{escape(row.code)}: ghi chú">{escape(row.note)}</textarea>'
        f"{_error(row.note_error)}"
    )


def _class(names: str, error: str) -> str:
    return f"{names} is-invalid" if error else names


def _error(message: str, key: str = "") -> str:
    if not message:
        return ""
    return _FEEDBACK.format(f' id="{escape(key)}-loi"' if key else "", escape(message))
