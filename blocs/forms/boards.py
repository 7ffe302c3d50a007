"""Forms of boards: founding with the first officer, data and names, mergers."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from blocs.forms.people import set_choices
from blocs.models import Board
from blocs.selectors.board_mergers import Merger
from blocs.selectors.boards import working_boards
from blocs.services.boards import BoardFacts
from blocs.services.people import NewPerson
from emulation import clock
from emulation.forms import DayField, OfficialForm, PhoneField

COUNCIL = "Hội đồng Thi đua - Khen thưởng"
OFFICE = "Ban Thi đua - Khen thưởng"
BOARD_FIELDS = ("name", "council_name", "office_name", "phone")
OFFICER_FIELDS = ("full_name", "title", "email", "officer_phone", "username")


def name_field() -> forms.CharField:
    """Return the field for the province."""
    return forms.CharField(
        label="Tỉnh, thành phố", max_length=200, help_text="Ví dụ: Tỉnh Thái Bình."
    )


class BoardFoundForm(OfficialForm):
    """A new board with the person who will work for it first."""

    name = name_field()
    council_name = forms.CharField(label="Tên Hội đồng", max_length=300, initial=COUNCIL)
    office_name = forms.CharField(label="Cơ quan thường trực", max_length=300, initial=OFFICE)
    phone = PhoneField(label="Điện thoại của cơ quan thường trực")
    full_name = forms.CharField(label="Họ và tên", max_length=200)
    title = forms.CharField(label="Chức vụ", max_length=200, required=False)
    email = forms.EmailField(label="Thư điện tử", max_length=254, required=False)
    officer_phone = PhoneField()
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        required=False,
        help_text="Để trống thì lấy theo họ tên, ví dụ nguyen.van.an.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper.layout = Layout(
            Fieldset("Hội đồng", *BOARD_FIELDS),
            Fieldset("Cán bộ đầu tiên của cơ quan thường trực", *OFFICER_FIELDS),
        )

    @property
    def facts(self) -> BoardFacts:
        """What the board is called."""
        return BoardFacts(**{name: self.cleaned_data[name] for name in BOARD_FIELDS})

    @property
    def officer(self) -> NewPerson:
        """Who works for it first."""
        data = self.cleaned_data
        own = {name: data[name] for name in ("full_name", "email", "username")}
        return NewPerson(phone=data["officer_phone"], **own)


class BoardForm(OfficialForm):
    """A board's data; the province's name only where the person may change it."""

    name = name_field()
    council_name = forms.CharField(label="Tên Hội đồng", max_length=300)
    office_name = forms.CharField(label="Cơ quan thường trực", max_length=300)
    phone = PhoneField(label="Điện thoại của cơ quan thường trực")
    from_day = DayField(
        label="Dùng tên mới từ ngày",
        required=False,
        help_text="Ghi khi đổi tên: văn bản của các năm trước giữ tên cũ. "
        "Để trống nếu chỉ sửa lỗi ghi: tên sửa áp dụng cho mọi năm.",
    )

    def __init__(
        self, *args: Any, board: Board, renames: bool, edits: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.board = board
        hidden = [] if renames else ["name"]
        hidden += [] if edits else ["council_name", "office_name", "phone"]
        for each in hidden:
            del self.fields[each]

    @property
    def facts(self) -> BoardFacts:
        """The board's data with what the person changed."""
        return BoardFacts(
            **{
                name: self.cleaned_data.get(name, getattr(self.board, name))
                for name in BOARD_FIELDS
            }
        )


class MergeForm(OfficialForm):
    """Which boards merge into which, from when, on what ground."""

    formers = forms.ModelMultipleChoiceField(
        label="Hội đồng hợp nhất (kết thúc hoạt động)",
        queryset=Board.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    heir = forms.ModelChoiceField(
        label="Hợp nhất vào Hội đồng (tiếp tục hoạt động)", queryset=Board.objects.none()
    )
    day = DayField(label="Hợp nhất từ ngày")
    basis = forms.CharField(
        label="Căn cứ",
        max_length=500,
        help_text="Số, ngày của nghị quyết hoặc quyết định.",
    )
    reason = forms.CharField(
        label="Lý do", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("formers", "heir"):
            set_choices(self, name, working_boards())
        self.fields["day"].initial = clock.today()


def merger_of(data: dict[str, Any]) -> Merger:
    """Return the merger that the form's cleaned data describe."""
    return Merger(tuple(data["formers"]), data["heir"], data["day"], data["basis"], data["reason"])
