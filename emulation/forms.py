"""Fields and forms that speak to people as an official form does: exact, polite, in Vietnamese."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError

from emulation.models import phone_rule
from emulation.vietnamese import format_date, format_number
from emulation.workflow import REASON_MAX_LENGTH

DAY_ERROR = "Ngày phải theo dạng ngày/tháng/năm, ví dụ 20/12/2026."
OPTIONAL = " (không bắt buộc)"
NUMBER_ERROR = "Đề nghị nhập một số, ví dụ 7,5."
_DAY_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%Y"]
_LOOKS_LIKE_A_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_EARLIEST_YEAR = 1900
_LATEST_YEAR = 2200
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+|[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}")
_TWO_READINGS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")


# ---------------------------------------------------------------- fields


class DayField(forms.DateField):
    """A date typed as ngày/tháng/năm; also 20-12-2026, 20.12.2026 and 20122026."""

    widget = forms.DateInput
    default_error_messages = {"invalid": DAY_ERROR}

    def __init__(self, **options: Any) -> None:
        attrs = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric", "autocomplete": "off"}
        options.setdefault("input_formats", _DAY_FORMATS)
        options.setdefault(
            "widget", forms.DateInput(format="%d/%m/%Y", attrs={**attrs, "class": "input-day"})
        )
        super().__init__(**options)

    def to_python(self, value: Any) -> dt.date | None:
        """Return the date; refuses years that no deadline or signature can have."""
        value = value.strip() if isinstance(value, str) else value
        try:
            found = super().to_python(value)
        except ValidationError as error:
            if isinstance(value, str) and _LOOKS_LIKE_A_DAY.fullmatch(value):
                text = f"Không có ngày {value}. Đề nghị xem lại ngày và tháng."
                raise ValidationError(text, code="invalid") from error
            raise
        if found and not _EARLIEST_YEAR <= found.year <= _LATEST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        """Show a stored date day first; leave what was typed as it was typed."""
        return format_date(value) if isinstance(value, dt.date) else value


class PhoneField(forms.CharField):
    """A telephone number, by the rule of the column it is kept in; it may be left empty."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "tel", "autocomplete": options.pop("autocomplete", "off")}
        options = {"label": "Điện thoại", "required": False, **options}
        options.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_length=20, validators=[phone_rule], **options)


def parse_number(text: str) -> Decimal:
    """Return the number a person typed: 7,5 or 7.5 or 1.234,5; ValueError with a sentence.

    "1.000" is refused because it reads as one thousand and as one.
    """
    plain = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if _TWO_READINGS.fullmatch(plain):
        whole = plain.replace(".", "")
        other = plain.replace(".", ",")
        raise ValueError(f"“{plain}” đọc được hai cách. Đề nghị viết {whole} hoặc {other}.")
    if _GROUPED.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    if not _NUMBER.fullmatch(plain):
        raise ValueError(NUMBER_ERROR)
    return Decimal(plain.replace(",", "."))


class NumberField(forms.DecimalField):
    """A number as people type it, with comma or point; its error names the bound."""

    widget = forms.TextInput
    default_error_messages = {
        "max_digits": "Số này quá dài: nhiều nhất %(max)s chữ số.",
        "max_decimal_places": "Nhiều nhất %(max)s chữ số sau dấu phẩy.",
        "max_whole_digits": "Số này quá lớn: nhiều nhất %(max)s chữ số trước dấu phẩy.",
    }

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "input-number"}
        options.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**options)
        bound = _bound_sentence(self.min_value, self.max_value)
        self.error_messages = {
            "min_value": bound,
            "max_value": bound,
            **{key: text for key, text in self.error_messages.items() if "_value" not in key},
            **(options.get("error_messages") or {}),
        }

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the number typed, or None for an empty field that may be empty."""
        if value in self.empty_values:
            return None
        if isinstance(value, (int, Decimal)):
            return Decimal(value)
        if not str(value).strip():
            return None
        try:
            return parse_number(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number with a decimal comma; leave what was typed as it was typed."""
        return format_number(value) if isinstance(value, (Decimal, int)) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether the number changed, not how it was written."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def _bound_sentence(lowest: Any, highest: Any) -> str:
    lowest, highest = (
        format_number(Decimal(str(each))) if each is not None else "" for each in (lowest, highest)
    )
    if lowest and highest:
        return f"Phải là số từ {lowest} đến {highest}."
    return f"Phải là số từ {lowest} trở lên." if lowest else f"Phải là số không quá {highest}."


# ---------------------------------------------------------------- wording


def _wording(field: forms.Field, label: str) -> dict[str, str]:
    """Return the sentences with which ``field`` refuses, by Django's error code."""
    return {
        "required": _required(field, label),
        "max_length": f"“{label}” dài %(show_value)d ký tự; tối đa %(limit_value)d ký tự. "
        "Đề nghị viết gọn lại.",
        "min_length": f"“{label}” dài %(show_value)d ký tự; ít nhất %(limit_value)d ký tự.",
        "invalid_choice": f"Lựa chọn không có trong danh sách “{label}”. Đề nghị chọn lại.",
        "invalid_list": f"Lựa chọn không có trong danh sách “{label}”. Đề nghị chọn lại.",
        "invalid_pk_value": f"Lựa chọn không có trong danh sách “{label}”. Đề nghị chọn lại.",
        "min_value": f"“{label}” nhỏ nhất là %(limit_value)s.",
        "max_value": f"“{label}” lớn nhất là %(limit_value)s.",
        "missing": f"Đề nghị chọn tệp “{label}”.",
        "empty": f"Tệp “{label}” không có nội dung. Đề nghị chọn tệp khác.",
        "invalid": _invalid(field, label),
    }


def _required(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.BooleanField):
        return f"Đề nghị đánh dấu “{label}”."
    if isinstance(field, forms.FileField):
        return f"Đề nghị chọn tệp “{label}”."
    chooses = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField))
    return f"Đề nghị {'chọn' if chooses else 'nhập'} “{label}”."


def _invalid(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.DateField):
        return DAY_ERROR
    if isinstance(field, forms.EmailField):
        return f"“{label}” phải có dạng ten@donvi.vn."
    if isinstance(field, forms.IntegerField):
        return f"“{label}” phải là số nguyên, ví dụ 12."
    return f"“{label}” chưa đúng dạng. Đề nghị xem lại."


def _own_words(field: forms.Field) -> set[str]:
    """Return the error codes for which the form's author or our fields already have words."""
    djangos: dict[str, Any] = {}
    for cls in reversed(type(field).__mro__):
        if cls.__module__.startswith("django."):
            djangos |= getattr(cls, "default_error_messages", {})
    return {code for code, text in field.error_messages.items() if djangos.get(code) != text}


class OfficialFormMixin:
    """Gives a form its helper and its Vietnamese sentences; optional fields say so.

    The form tag, the error summary and the buttons stand in ``components/form.html``.
    """

    fields: dict[str, forms.Field]
    marks_optional = True

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for name, field in self.fields.items():
            _teach(name, field, marks_optional=self.marks_optional)

    def add_field(self, name: str, field: forms.Field) -> None:
        """Add a field that depends on the data, with the same sentences as the others."""
        _teach(name, field, marks_optional=self.marks_optional)
        self.fields[name] = field


def _teach(name: str, field: forms.Field, *, marks_optional: bool) -> None:
    label = str(field.label or name)
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------":
        field.empty_label = "Chọn trong danh sách"
    own = _own_words(field)
    known = {code: text for code, text in _wording(field, label).items() if code not in own}
    if not isinstance(field, _WITH_INVALID):
        known.pop("invalid", None)
    field.error_messages = {**field.error_messages, **known}
    optional = marks_optional and not field.required and not isinstance(field, forms.BooleanField)
    if optional and field.label and not field.disabled and not field.widget.is_hidden:
        field.label = f"{label}{OPTIONAL}"


# Elsewhere "invalid" is the code of a validator that has its own sentence.
_WITH_INVALID = (forms.DateField, forms.EmailField, forms.IntegerField, forms.FileField)


class OfficialForm(OfficialFormMixin, forms.Form):
    """An ordinary form of this product."""


class OfficialModelForm(OfficialFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A form over a model; give dates ``field_classes = {"due_on": DayField}`` in its Meta."""


# ---------------------------------------------------------------- passwords


class _NewPasswordMixin(OfficialFormMixin):
    """Says what a new password must be before it is typed, and which field is refused."""

    error_messages = {
        "password_mismatch": "Hai lần nhập mật khẩu mới chưa giống nhau. Đề nghị nhập lại cả hai.",
        "password_incorrect": "Mật khẩu đang dùng chưa đúng. Đề nghị nhập lại.",
    }
    LABELS = {
        "old_password": "Mật khẩu đang dùng",
        "new_password1": "Mật khẩu mới",
        "new_password2": "Nhập lại mật khẩu mới",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in self.LABELS.items():
            if field := self.fields.get(name):
                field.label, field.help_text = label, ""
                field.error_messages["required"] = f"Đề nghị nhập “{label}”."

    @property
    def rules(self) -> list[str]:
        """The rules in words, for ``components/password_rules.html``."""
        return password_validators_help_texts()

    def validate_password_for_user(self, user: Any, *_field: str) -> None:
        """Put a refusal at the field where the password was chosen."""
        form = cast("SetPasswordForm[Any]", self)
        typed = form.cleaned_data.get("new_password1")
        if not typed:
            return
        try:
            validate_password(typed, user)
        except ValidationError as error:
            form.add_error("new_password1", error)


class PasswordForm(_NewPasswordMixin, PasswordChangeForm):  # type: ignore[misc]
    """Changing one's own password."""


class NewPasswordForm(_NewPasswordMixin, SetPasswordForm):  # type: ignore[misc, type-arg]
    """Choosing a first password, twice: ``NewPasswordForm(user, request.POST)``, then ``save()``.

    Show ``{% include "components/password_rules.html" %}`` above it.
    """


# ---------------------------------------------------------------- reasons


def given_reason(data: Mapping[str, Any]) -> str:
    """Return the reason out of a POST: the stock phrase, the person's own words, or both."""
    said = (str(data.get(name) or "").strip() for name in ("phrase", "reason"))
    phrase, own = said
    if phrase and own:
        return f"{phrase.rstrip('.')}. {own}"
    return phrase or own


class ReasonForm(OfficialForm):
    """A reason: a stock phrase, one's own words, or both. ``given`` is what to record."""

    reason = forms.CharField(
        label="Lý do",
        max_length=REASON_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, phrases: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = "Lý do"
        if phrases:
            phrase = forms.ChoiceField(
                label="Chọn lý do có sẵn, hoặc tự viết bên dưới",
                choices=[(each, each) for each in phrases],
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields = {"phrase": phrase, **self.fields}

    @property
    def given(self) -> str:
        """The reason as it will be recorded."""
        return given_reason(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        """Require at least one of the two, and that both together fit."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        reason = given_reason(cleaned)
        if not reason:
            self.add_error("reason", "Đề nghị ghi lý do.")
        elif len(reason) > REASON_MAX_LENGTH:
            self.add_error(
                "reason",
                f"Lý do dài {len(reason)} ký tự; tối đa {REASON_MAX_LENGTH} ký tự. "
                "Đề nghị viết gọn lại.",
            )
        return cleaned
