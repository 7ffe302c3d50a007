"""Forms of changes of structure: what the board decides before it reads the effects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from blocs.enums import IssuingStyle, UnitKind
from blocs.forms.people import UnitChoice, set_choices
from blocs.models import Bloc, BlocYear, Unit
from blocs.services.structure.mergers import Merger, NewUnit
from blocs.services.structure.records import Ground
from blocs.services.structure.splits import Split
from emulation.forms import DayField, ReasonForm

BY_RESOLUTION = (
    "Thực hiện nghị quyết về sắp xếp tổ chức bộ máy",
    "Thực hiện quyết định của Ủy ban nhân dân tỉnh",
)
BY_DIVISION = (
    "Thực hiện quyết định phân chia lại khối thi đua",
    "Theo đề nghị của đơn vị, được Hội đồng đồng ý",
)
BASIS_HELP = "Số, ngày của quyết định, ví dụ: Quyết định số 15/QĐ-UBND ngày 20/06/2026."
MOST_NEW_UNITS = 4


class GroundForm(ReasonForm):
    """What every change has: its day, the paper, the reason. Other fields stand before them."""

    effective_on = DayField(label="Có hiệu lực từ ngày")
    basis = forms.CharField(label="Căn cứ", max_length=500, required=False, help_text=BASIS_HELP)

    PHRASES: Sequence[str] = BY_RESOLUTION
    LAST = ("effective_on", "basis", "phrase", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, phrases=self.PHRASES, **options)
        self.fields["phrase"].label = "Lý do thường gặp"
        self.fields["reason"].label = "Lý do khác hoặc ghi thêm"
        self.order_fields([*(name for name in self.fields if name not in self.LAST), *self.LAST])

    @property
    def ground(self) -> Ground:
        """The day, the reason and the paper."""
        data = self.cleaned_data
        return Ground(data["effective_on"], self.given, data["basis"])

    def arrange(self, *groups: tuple[str, Sequence[Any]]) -> None:
        """Lay the fields out under headings; the ground comes last."""
        parts = [Fieldset(heading, *names, css_class="form-group") for heading, names in groups]
        self.helper.layout = Layout(
            *parts, Fieldset("Căn cứ, lý do", *self.LAST, css_class="form-group")
        )


# ---------------------------------------------------------------- names


class UnitNameForm(GroundForm):
    """Another name of a unit."""

    name = forms.CharField(label="Tên mới", max_length=300)


class BlocNameForm(GroundForm):
    """Another name of a bloc."""

    PHRASES = BY_DIVISION
    name = forms.CharField(label="Tên mới của khối", max_length=300)


class DissolutionForm(GroundForm):
    """The end of a unit: nothing but its ground."""


class BlocEndForm(GroundForm):
    """The end of a bloc, with or without another after it."""

    PHRASES = BY_DIVISION
    successor = UnitChoice(
        label="Khối kế tục",
        queryset=Bloc.objects.none(),
        required=False,
        empty_label="Không có khối kế tục",
    )

    def __init__(self, *args: Any, blocs: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        set_choices(self, "successor", blocs)


# ---------------------------------------------------------------- members


class MoveForm(GroundForm):
    """Another bloc of the same year."""

    PHRASES = BY_DIVISION
    to = UnitChoice(label="Chuyển sang khối", queryset=BlocYear.objects.none())

    def __init__(self, *args: Any, bloc_years: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["effective_on"].label = "Thuộc khối mới từ ngày"
        set_choices(self, "to", bloc_years)


class LeavingForm(ReasonForm):
    """The last day of a member, the paper and the reason."""

    ends_on = DayField(label="Ngày cuối cùng thuộc khối")
    basis = forms.CharField(label="Căn cứ", max_length=500, required=False, help_text=BASIS_HELP)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, phrases=BY_DIVISION, **options)
        self.fields["phrase"].label = "Lý do thường gặp"
        self.fields["reason"].label = "Lý do khác hoặc ghi thêm"
        self.order_fields(["ends_on", "basis", "phrase", "reason"])


# ---------------------------------------------------------------- mergers and splits

NEW = "new"
MOVE, END = "move", "end"
PEOPLE_CHOICES = (
    (MOVE, "Chuyển sang đơn vị sau sáp nhập, giữ chức vụ hiện có"),
    (END, "Thôi giữ chức vụ; ghi chức vụ mới khi có quyết định"),
)


def offer_years(form: forms.Form, bloc_years: Iterable[BlocYear], chosen: set[int]) -> list[str]:
    """Add a choice of bloc for each year and return the fields' names; ``chosen`` are proposed."""
    by_year: dict[int, list[BlocYear]] = {}
    for each in bloc_years:
        by_year.setdefault(each.year, []).append(each)
    names = []
    for year, known in by_year.items():
        name = f"join_{year}"
        field = forms.TypedChoiceField(
            label=f"Khối trong năm {year}",
            choices=[("", "Chưa vào khối nào"), *((each.pk, each.name) for each in known)],
            coerce=int,
            empty_value=None,
            required=False,
            initial=next((each.pk for each in known if each.pk in chosen), ""),
        )
        form.fields[name] = field
        names.append(name)
    return names


def chosen_years(form: forms.Form, bloc_years: Iterable[BlocYear]) -> list[BlocYear]:
    """Return the bloc-years chosen in the fields of :func:`offer_years`."""
    wanted = {value for name, value in form.cleaned_data.items() if name.startswith("join_")}
    return [each for each in bloc_years if each.pk in wanted]


def row(*names: str) -> Div:
    """Return fields that stand side by side."""
    return Div(*names, css_class="field-row")


def style_field(**options: Any) -> forms.ChoiceField:
    """Return the field for the heading of an agency's papers."""
    return forms.ChoiceField(label="Thể thức văn bản", choices=IssuingStyle.choices, **options)


class MergerForm(GroundForm):
    """Which unit stands after the merger, in which blocs, with whose roles and people."""

    into = forms.ChoiceField(label="Sau khi sáp nhập", widget=forms.RadioSelect)
    name = forms.CharField(
        label="Tên đơn vị mới",
        max_length=300,
        required=False,
        help_text="Được trùng tên một đơn vị bị sáp nhập.",
    )
    kind = forms.ChoiceField(label="Loại hình", choices=UnitKind.choices)
    issuing_style = style_field()
    keeps_roles = forms.BooleanField(
        label="Giữ tiếp vai trò trong khối của đơn vị bị sáp nhập", required=False, initial=True
    )
    people = forms.ChoiceField(
        label="Lãnh đạo và cán bộ đầu mối",
        choices=PEOPLE_CHOICES,
        widget=forms.RadioSelect,
        initial=MOVE,
    )

    def __init__(
        self,
        *args: Any,
        units: Sequence[Unit],
        bloc_years: Sequence[BlocYear],
        joined: set[int],
        roles: Sequence[str],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.units, self.bloc_years = units, bloc_years
        into = self.fields["into"]
        assert isinstance(into, forms.ChoiceField)  # noqa: S101 - declared above
        into.choices = [
            (NEW, "Thành lập đơn vị mới, các đơn vị đã chọn kết thúc"),
            *((str(unit.pk), f"Nhập vào {unit.name}, đơn vị này giữ nguyên") for unit in units),
        ]
        into.initial = NEW
        self.fields["name"].label = "Tên đơn vị mới"
        self.fields["kind"].initial = units[0].kind
        self.fields["issuing_style"].initial = units[0].issuing_style
        years = offer_years(self, bloc_years, joined)
        self._place(years, roles)

    def _place(self, years: Sequence[str], roles: Sequence[str]) -> None:
        in_blocs = [*years]
        if roles:
            self.fields["keeps_roles"].help_text = "; ".join(roles)
            in_blocs.append("keeps_roles")
        else:
            del self.fields["keeps_roles"]
        groups: list[tuple[str, Sequence[Any]]] = [
            (
                "Đơn vị sau sáp nhập",
                ["into", Div("name", row("kind", "issuing_style"), css_class="only-new")],
            ),
        ]
        if in_blocs:
            groups.append(("Trong các khối", in_blocs))
        self.arrange(*groups, ("Người của đơn vị bị sáp nhập", ["people"]))

    @property
    def merger(self) -> Merger:
        """What was filled in."""
        data = self.cleaned_data
        into = next((unit for unit in self.units if str(unit.pk) == data["into"]), None)
        new = None if into else NewUnit(data["name"], data["kind"], data["issuing_style"])
        return Merger(
            self.units,
            self.ground,
            into,
            new,
            chosen_years(self, self.bloc_years),
            bool(data.get("keeps_roles")),
            data["people"] == MOVE,
        )


class SplitForm(GroundForm):
    """The units founded out of one, and what becomes of that one."""

    continues = forms.ChoiceField(
        label="Sau khi chia, tách",
        choices=[
            ("no", "Chia: đơn vị gốc kết thúc, các đơn vị mới kế thừa"),
            ("yes", "Tách: đơn vị gốc vẫn hoạt động"),
        ],
        widget=forms.RadioSelect,
        initial="no",
    )
    heir = forms.TypedChoiceField(
        label="Đơn vị nhận người và vai trò của đơn vị gốc",
        coerce=int,
        required=False,
        empty_value=None,
        choices=[
            ("", "Không đơn vị nào: người thôi giữ chức vụ, vai trò trong khối kết thúc"),
            *((n, f"Đơn vị mới thứ {n}") for n in range(1, MOST_NEW_UNITS + 1)),
        ],
        help_text="Chỉ áp dụng khi chia; khi tách, đơn vị gốc giữ người và vai trò của mình.",
    )

    def __init__(
        self,
        *args: Any,
        unit: Unit,
        bloc_years: Sequence[BlocYear],
        joined: set[int],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.unit, self.bloc_years = unit, bloc_years
        rows = [self._row(n) for n in range(1, MOST_NEW_UNITS + 1)]
        years = offer_years(self, bloc_years, joined)
        groups: list[tuple[str, Sequence[Any]]] = [
            ("Cách chia, tách", ["continues"]),
            ("Các đơn vị mới", rows),
        ]
        if years:
            groups.append(("Các đơn vị mới trong các khối", years))
        self.arrange(*groups, ("Người và vai trò của đơn vị gốc", ["heir"]))

    def _row(self, n: int) -> Any:
        self.add_field(
            f"name_{n}",
            forms.CharField(label=f"Tên đơn vị mới thứ {n}", max_length=300, required=n == 1),
        )
        kinds = forms.ChoiceField(
            label="Loại hình", choices=UnitKind.choices, initial=self.unit.kind, required=False
        )
        self.fields[f"kind_{n}"] = kinds
        self.fields[f"name_{n}"].label = f"Tên đơn vị mới thứ {n}"
        return row(f"name_{n}", f"kind_{n}")

    @property
    def split(self) -> Split:
        """What was filled in; rows without a name are left out."""
        data = self.cleaned_data
        places = [n for n in range(1, MOST_NEW_UNITS + 1) if data[f"name_{n}"].strip()]
        style = self.unit.issuing_style
        news = [
            NewUnit(data[f"name_{n}"], data[f"kind_{n}"] or self.unit.kind, style) for n in places
        ]
        heir = data["heir"]
        place = None
        if heir is not None:
            place = places.index(heir) if heir in places else len(places)
        return Split(
            self.unit,
            self.ground,
            news,
            data["continues"] == "yes",
            chosen_years(self, self.bloc_years),
            place,
            keeps_roles=heir is not None,
            moves_people=heir is not None,
        )
