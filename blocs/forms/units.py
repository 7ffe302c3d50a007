"""Forms of the register of units and of people's posts."""

from __future__ import annotations

from typing import Any

from django import forms

from blocs.enums import IssuingStyle, PostRole, UnitKind
from blocs.models import Board
from blocs.selectors.units import people_known_to
from emulation.forms import DayField, OfficialForm
from emulation.models import User

UNIT_ROLES = [(role.value, role.label) for role in (PostRole.LEADER, PostRole.OFFICER)]


class BoardChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among the person's boards; hidden where there is one."""

    def label_from_instance(self, obj: Any) -> str:
        """Show the province."""
        return str(obj)


class UnitForm(OfficialForm):
    """A new unit."""

    board = BoardChoice(label="Hội đồng", queryset=Board.objects.none())
    name = forms.CharField(label="Tên đơn vị", max_length=300)
    kind = forms.ChoiceField(label="Loại hình", choices=UnitKind.choices, initial=UnitKind.STATE)
    issuing_style = forms.ChoiceField(
        label="Thể thức văn bản", choices=IssuingStyle.choices, initial=IssuingStyle.STATE
    )
    established_on = DayField(label="Ngày thành lập", required=False)

    def __init__(self, *args: Any, boards: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        narrow_boards(self, boards)


class RenameForm(OfficialForm):
    """Another name from a day on."""

    name = forms.CharField(label="Tên mới", max_length=300)
    from_day = DayField(label="Dùng tên mới từ ngày")


class DissolveForm(OfficialForm):
    """The day on which a unit was dissolved or merged."""

    ended_on = DayField(label="Giải thể, sáp nhập từ ngày")


class AppointForm(OfficialForm):
    """A post for somebody the board knows."""

    user = forms.ModelChoiceField(label="Người giữ chức vụ", queryset=User.objects.none())
    role = forms.ChoiceField(label="Vai trò", choices=UNIT_ROLES, initial=PostRole.OFFICER)
    title = forms.CharField(label="Chức vụ", max_length=200, required=False)
    starts_on = DayField(label="Từ ngày")

    def __init__(self, *args: Any, board_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = people_known_to(board_id).filter(is_active=True)


class NewPersonForm(OfficialForm):
    """A person not registered yet, with a first post."""

    full_name = forms.CharField(label="Họ và tên", max_length=200)
    role = forms.ChoiceField(label="Vai trò", choices=UNIT_ROLES, initial=PostRole.OFFICER)
    title = forms.CharField(label="Chức vụ", max_length=200, required=False)
    starts_on = DayField(label="Từ ngày")
    phone = forms.CharField(label="Điện thoại", max_length=20, required=False)
    email = forms.EmailField(label="Thư điện tử", max_length=254, required=False)
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        help_text="Chữ cái, chữ số và các dấu @ . + - _, viết liền.",
    )
    password = forms.CharField(
        label="Mật khẩu ban đầu",
        max_length=128,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ít nhất 10 ký tự. Để trống nếu người này chưa cần đăng nhập.",
    )


class EndPostForm(OfficialForm):
    """The last day of a post."""

    ends_on = DayField(label="Ngày cuối cùng giữ chức vụ")


def narrow_boards(form: forms.Form, boards: Any) -> None:
    """Offer only the person's boards; with one board there is nothing to choose."""
    field = form.fields["board"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared by each form
    field.queryset = boards
    known = list(boards[:2])
    if len(known) == 1:
        field.initial = known[0].pk
        field.widget = field.hidden_widget()
