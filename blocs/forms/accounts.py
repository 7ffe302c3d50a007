"""Forms of people: somebody new, a post, its end, handing it over, an invitation's code."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from blocs.enums import PostRole
from blocs.services.people import NewPerson
from emulation import clock
from emulation.forms import DayField, OfficialForm, PhoneField
from emulation.models import User

UNIT_ROLES = [(role.value, role.label) for role in (PostRole.LEADER, PostRole.OFFICER)]
USERNAME_HELP = "Để trống thì lấy theo họ tên, ví dụ nguyen.van.an; sau này không đổi được."
ONE_OF_TWO = "Đề nghị chọn một người trong danh sách hoặc ghi họ tên người mới, không cả hai."


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among people; namesakes are told apart by their log-in names."""

    def label_from_instance(self, obj: Any) -> str:
        """Return "Nguyễn Văn An (nguyen.van.an)"."""
        return f"{obj.full_name} ({obj.username})"


def _name_field(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label="Họ và tên",
        max_length=200,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _email_field() -> forms.EmailField:
    return forms.EmailField(
        label="Thư điện tử",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Có thì gửi được lời mời qua thư; không có thì in lời mời ra giấy.",
    )


def _username_field() -> forms.CharField:
    return forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=USERNAME_HELP,
    )


def _title_field() -> forms.CharField:
    return forms.CharField(
        label="Chức vụ", max_length=200, required=False, help_text="Ví dụ: Phó Giám đốc."
    )


def _narrow(form: forms.Form, people: QuerySet[User]) -> None:
    field = form.fields["user"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared by each form
    field.queryset = people.filter(is_active=True)


# ---------------------------------------------------------------- people


class NewPersonForm(OfficialForm):
    """A person not registered yet, with a first post in a unit."""

    full_name = _name_field()
    role = forms.ChoiceField(label="Vai trò", choices=UNIT_ROLES, initial=PostRole.OFFICER)
    title = _title_field()
    starts_on = DayField(label="Từ ngày", initial=clock.today)
    phone = PhoneField()
    email = _email_field()
    username = _username_field()


class PersonForm(OfficialForm):
    """What is written of a person: a name spelled wrong, another telephone."""

    full_name = _name_field()
    phone = PhoneField()
    email = _email_field()


def newcomer_in(data: dict[str, Any]) -> NewPerson | None:
    """Return the new person that a form's cleaned data describe, or None without a name."""
    if not data["full_name"]:
        return None
    return NewPerson(data["full_name"], data["phone"], data["email"], data["username"])


class _SomebodyForm(OfficialForm):
    """Somebody known, or somebody new: exactly one of the two."""

    KNOWN = "Người đã có trong danh sách"
    NEW = "Hoặc người mới"
    LAST: tuple[str, ...] = ("title",)

    user = PersonChoice(
        label="Chọn người",
        queryset=User.objects.none(),
        required=False,
        empty_label="Người mới, ghi ở dưới",
    )
    full_name = _name_field(required=False)
    phone = PhoneField()
    email = _email_field()
    username = _username_field()
    title = _title_field()

    def __init__(self, *args: Any, people: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        _narrow(self, people)
        self.helper.layout = Layout(
            Fieldset(self.KNOWN, "user"),
            Fieldset(self.NEW, "full_name", "phone", "email", "username"),
            Fieldset("Chức vụ", *self.LAST),
        )

    def clean(self) -> dict[str, Any]:
        """Require one of the two, and not both."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("user")) == bool(data.get("full_name")) and not self.errors:
            raise ValidationError(ONE_OF_TWO)
        return data


class HandoverForm(_SomebodyForm):
    """Who takes a post over."""

    KNOWN = "Người nhận đã có trong danh sách của đơn vị"


class BoardPostForm(_SomebodyForm):
    """One more officer of the board."""

    KNOWN = "Người đã có trong danh sách của Hội đồng"
    LAST = ("title", "starts_on")

    starts_on = DayField(label="Từ ngày", initial=clock.today)


# ---------------------------------------------------------------- posts


class AppointForm(OfficialForm):
    """A post in a unit for somebody known."""

    user = PersonChoice(label="Người giữ chức vụ", queryset=User.objects.none())
    role = forms.ChoiceField(label="Vai trò", choices=UNIT_ROLES, initial=PostRole.OFFICER)
    title = _title_field()
    starts_on = DayField(label="Từ ngày", initial=clock.today)

    def __init__(self, *args: Any, people: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        _narrow(self, people)


class EndPostForm(OfficialForm):
    """The last day of a post; where that is today, the access may close at once."""

    ends_on = DayField(label="Ngày cuối cùng giữ chức vụ", initial=clock.today)
    close_now = forms.BooleanField(
        label="Đóng quyền truy cập ngay, nếu ngày cuối cùng là hôm nay",
        required=False,
        initial=True,
    )

    def clean(self) -> dict[str, Any]:
        """The tick counts for today only, as its words say."""
        data = super().clean() or self.cleaned_data
        data["close_now"] = data.get("close_now", False) and data.get("ends_on") == clock.today()
        return data


# ---------------------------------------------------------------- invitations


class CodeForm(OfficialForm):
    """The code of an invitation, as it stands on paper."""

    code = forms.CharField(
        label="Mã mời",
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text="16 chữ và số; viết hoa, viết thường, có hay không có dấu gạch đều được.",
    )
