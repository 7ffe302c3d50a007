"""The sheets "Đơn vị", "Khối" and "Thành viên"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from blocs.enums import BlocKind, IssuingStyle, UnitKind, YearStatus
from blocs.selectors.register import BlocEntry, MemberEntry, UnitEntry
from blocs.services.imports.cells import (
    BlocWidget,
    CellWidget,
    ChoiceWidget,
    Column,
    DayWidget,
    NumberWidget,
    UnitsWidget,
    UnitWidget,
)
from blocs.services.imports.rows import Fault, SheetResource
from emulation.vietnamese import fold, format_date

STYLES = ChoiceWidget(
    IssuingStyle,
    {"Đảng": IssuingStyle.PARTY, "Hành chính": IssuingStyle.STATE, "Nhà nước": IssuingStyle.STATE},
)
YEAR = NumberWidget(1948, 2200)
AT_YEAR = "Đề nghị sửa tại trang năm thi đua của khối, hoặc để trống ô này."


class UnitSheet(SheetResource):
    """Units of the board: new ones, and kind, style, day of founding of those there."""

    title = "Đơn vị"
    entry = UnitEntry
    in_label = ("name",)

    name = Column(
        "name",
        "Tên đơn vị",
        CellWidget(300),
        required=True,
        width=48,
        hint="Tên đầy đủ. Đơn vị đã có thì nhận ra theo tên, không phân biệt hoa thường và dấu.",
    )
    kind = Column(
        "kind",
        "Loại hình",
        ChoiceWidget(UnitKind),
        width=28,
        hint="Chọn trong danh sách. Để trống ở đơn vị mới: Cơ quan nhà nước.",
    )
    issuing_style = Column(
        "issuing_style",
        "Thể thức văn bản",
        STYLES,
        width=30,
        hint="Chọn trong danh sách. Để trống ở đơn vị mới: của Đảng với cơ quan Đảng, "
        "hành chính với các đơn vị khác.",
    )
    established_on = Column(
        "established_on",
        "Ngày thành lập",
        DayWidget(),
        width=16,
        hint="Ngày/tháng/năm, ví dụ 01/07/2025. Không bắt buộc.",
    )

    def label(self, entry: UnitEntry) -> str:
        """Return what the row is about."""
        return entry.name

    def find(self, row: Any) -> UnitEntry | None:
        """Return the unit of that name."""
        return self.register.units.get(fold(self.value(row, "name") or ""))

    def faults(self, entry: UnitEntry, row: Any, is_new: bool) -> Iterator[Fault]:  # noqa: ARG002, FBT001
        """Yield what is wrong; a name spelt otherwise stays as it is."""
        name = fold(entry.name)
        if not name:
            return
        yield from self.twice(name, "name", "Đơn vị này")
        if is_new:
            yield from self._new(entry, name)
        elif entry.name != self.before.name:
            if entry.name.casefold() != self.before.name.casefold():
                self.note("Tên viết khác tên đang có: giữ tên đang có. Đổi tên ở trang đơn vị.")
            entry.name = self.before.name

    def _new(self, entry: UnitEntry, name: str) -> Iterator[Fault]:
        entry.kind = entry.kind or UnitKind.STATE
        party = entry.kind == UnitKind.PARTY
        entry.issuing_style = entry.issuing_style or (
            IssuingStyle.PARTY if party else IssuingStyle.STATE
        )
        if became := self.register.former.get(name):
            yield (
                "name",
                (
                    f"{became} Đề nghị ghi tên hiện nay; nếu là đơn vị mới lập, thêm ở trang “Đơn "
                    "vị” của hệ thống rồi nhập lại."
                ),
            )
        self.desk.units.setdefault(name, entry.name)


class BlocSheet(SheetResource):
    """Blocs and their years in preparation; head and deputies where none is set."""

    title = "Khối"
    entry = BlocEntry
    in_label = ("name", "year")

    name = Column(
        "name",
        "Tên khối",
        CellWidget(300),
        required=True,
        width=40,
        hint="Tên đầy đủ của khối, cụm. Khối đã có thì nhận ra theo tên.",
    )
    kind = Column(
        "kind",
        "Loại",
        ChoiceWidget(BlocKind, {"Khối": BlocKind.BLOC, "Cụm": BlocKind.CLUSTER}),
        width=16,
        hint="Chọn trong danh sách. Để trống ở khối mới: Khối thi đua.",
    )
    year = Column(
        "year",
        "Năm",
        YEAR,
        required=True,
        width=8,
        hint="Năm thi đua, ví dụ 2026. Năm chưa có được lập ở bước “Chuẩn bị”.",
    )
    declared_count = Column(
        "declared_count",
        "Số đơn vị theo văn bản",
        NumberWidget(1, 1000),
        width=14,
        hint="Số đơn vị ghi trong quyết định chia khối; chỉ để đối chiếu. Không bắt buộc.",
    )
    issuing_style = Column(
        "issuing_style",
        "Thể thức văn bản",
        STYLES,
        width=30,
        hint="Thể thức văn bản của khối trong năm. Để trống ở năm mới: hành chính.",
    )
    head = Column(
        "head",
        "Trưởng khối",
        UnitWidget(),
        width=40,
        hint="Tên đơn vị. Chỉ ghi được khi năm đó chưa có Trưởng khối.",
    )
    deputies = Column(
        "deputies",
        "Phó Trưởng khối",
        UnitsWidget(),
        width=40,
        hint="Tên đơn vị; nhiều đơn vị thì cách nhau bằng dấu chấm phẩy (;), theo thứ tự.",
    )

    def label(self, entry: BlocEntry) -> str:
        """Return what the row is about."""
        return f"{entry.name}, năm {entry.year}"

    def before_import(self, dataset: Any, **options: Any) -> None:  # noqa: ARG002
        """Begin without knowing any new bloc."""
        self.kinds: dict[str, str] = {}

    def find(self, row: Any) -> BlocEntry | None:
        """Return the bloc-year of that bloc's name and year."""
        name, year = fold(self.value(row, "name") or ""), self.value(row, "year")
        return self.register.years.get((name, year or 0))

    def init_instance(self, row: Any = None) -> BlocEntry:
        """Return an entry for a new year, of a bloc there already or a new one."""
        name, year = fold(self.value(row, "name") or ""), self.value(row, "year")
        bloc = self.register.blocs.get(name)
        if bloc is None:
            return BlocEntry()
        led = self.register.terms.get((bloc.bloc_pk or 0, year or 0), BlocEntry())
        return BlocEntry(
            kind=bloc.kind,
            head=led.head,
            deputies=led.deputies,
            head_fixed=led.head_fixed,
            last_position=led.last_position,
            bloc_pk=bloc.bloc_pk,
        )

    def faults(self, entry: BlocEntry, row: Any, is_new: bool) -> Iterator[Fault]:  # noqa: FBT001
        """Yield what is wrong; what is there is not changed here, save for heads not set."""
        name = fold(entry.name)
        if not name:
            return
        if refusal := self.desk.bloc_refusal(entry.name):
            yield "name", refusal
        self.desk.blocs.setdefault(name, entry.name)
        entry.name = self.desk.blocs[name]
        if self.value(row, "year") is not None:
            yield from self.twice((name, entry.year), "name", "Khối và năm này")
            self.desk.years.add((name, entry.year or 0))
        yield from self._settle(entry, row, is_new)
        yield from self._leaders(entry, row)

    def _settle(self, entry: BlocEntry, row: Any, is_new: bool) -> Iterator[Fault]:  # noqa: FBT001
        if entry.bloc_pk is not None:
            yield from self.kept(self.before, row, ["kind"], AT_YEAR)
            entry.kind = self.before.kind
        else:
            yield from self._new_kind(entry)
        if is_new:
            entry.issuing_style = entry.issuing_style or IssuingStyle.STATE
            return
        yield from self.kept(self.before, row, ["declared_count", "issuing_style"], AT_YEAR)

    def _new_kind(self, entry: BlocEntry) -> Iterator[Fault]:
        """Settle the kind of a new bloc, which may stand in several rows, one for each year."""
        first = self.kinds.setdefault(fold(entry.name), entry.kind or BlocKind.BLOC)
        if entry.kind not in ("", first):
            yield "kind", f"Khác với loại “{BlocKind(first).label}” ghi cho khối này ở dòng trên."
        entry.kind = first

    def _leaders(self, entry: BlocEntry, row: Any) -> Iterator[Fault]:
        before = self.before
        if before.head:
            yield from self.kept(before, row, ["head"], AT_YEAR)
        elif before.head_fixed and entry.head:
            yield (
                "head",
                (
                    "Trưởng khối của năm này là đơn vị đã giải thể, sáp nhập. Đề nghị ghi thôi giữ "
                    "vai trò đó tại trang năm thi đua trước."
                ),
            )
        if before.last_position:
            yield from self.kept(before, row, ["deputies"], AT_YEAR)
        named = [entry.head, *entry.deputies] if entry.head else list(entry.deputies)
        if len(set(named)) != len(named):
            yield "deputies", "Một đơn vị chỉ giữ một vai trò trong năm. Đề nghị bỏ tên ghi trùng."
        if before.status == YearStatus.CLOSED and (entry.head, entry.deputies) != (
            before.head,
            before.deputies,
        ):
            yield "head", "Năm thi đua đã kết thúc nên không ghi Trưởng khối, Phó Trưởng khối nữa."
        yield from self._held(entry)

    def _held(self, entry: BlocEntry) -> Iterator[Fault]:
        """Yield a fault for a unit named now that holds another role of the year."""
        held = self.register.holders.get((entry.bloc_pk or 0, entry.year or 0), {})
        said = [("head", entry.head)] if entry.head != self.before.head else []
        if entry.deputies != self.before.deputies:
            said += [("deputies", name) for name in entry.deputies]
        for attribute, name in said:
            if role := held.get(fold(name)):
                yield attribute, f"“{name}” đang là {role} của năm này. Đề nghị xem lại."


class MemberSheet(SheetResource):
    """Members of bloc-years in preparation."""

    title = "Thành viên"
    entry = MemberEntry
    in_label = ("bloc", "year", "unit")

    bloc = Column(
        "bloc",
        "Khối",
        BlocWidget(),
        required=True,
        width=40,
        hint="Tên khối như ở trang “Khối”.",
    )
    year = Column("year", "Năm", YEAR, required=True, width=8, hint="Năm thi đua, ví dụ 2026.")
    unit = Column(
        "unit",
        "Đơn vị",
        UnitWidget(),
        required=True,
        width=48,
        hint="Tên đơn vị như ở trang “Đơn vị”.",
    )
    starts_on = Column(
        "starts_on",
        "Từ ngày",
        DayWidget(),
        width=14,
        hint="Để trống nếu là thành viên từ đầu năm.",
    )

    def label(self, entry: MemberEntry) -> str:
        """Return what the row is about."""
        return f"{entry.unit} – {entry.bloc}, năm {entry.year}"

    def _key(self, row: Any) -> tuple[str, int, str]:
        bloc, unit = (fold(self.value(row, name) or "") for name in ("bloc", "unit"))
        return bloc, self.value(row, "year") or 0, unit

    def find(self, row: Any) -> MemberEntry | None:
        """Return the membership of that unit in that bloc-year."""
        return self.register.members.get(self._key(row))

    def faults(self, entry: MemberEntry, row: Any, is_new: bool) -> Iterator[Fault]:  # noqa: FBT001
        """Yield what is wrong with the membership."""
        key = self._key(row)
        bloc, year, _ = key
        if bloc and year and (bloc, year) not in self.desk.years:
            yield (
                "year",
                f"Khối này chưa có năm {year}. Đề nghị thêm khối với năm {year} ở trang “Khối”.",
            )
        if not all(key):
            return
        yield from self.twice(key, "unit", "Đơn vị này trong khối và năm này")
        if is_new:
            yield from self._joins(entry, key)
            yield from self._ranks_once(entry, key)
        else:
            yield from self._stands(row)

    def _joins(self, entry: MemberEntry, key: tuple[str, int, str]) -> Iterator[Fault]:
        stored = self.register.years.get(key[:2])
        if stored and stored.status != YearStatus.DRAFT:
            yield (
                "bloc",
                (
                    f"Năm {entry.year} của khối này đã qua bước “Chuẩn bị”. Đề nghị thêm đơn vị "
                    "tại trang năm thi đua, nơi nêu rõ ảnh hưởng."
                ),
            )
        if entry.starts_on and entry.starts_on > dt.date(key[1], 12, 31):
            yield "starts_on", f"Ngày vào khối phải trong năm {entry.year} hoặc trước đó."

    def _ranks_once(self, entry: MemberEntry, key: tuple[str, int, str]) -> Iterator[Fault]:
        _, year, unit = key
        stored = self.register.units.get(unit)
        ranked = self.register.ranked.get((stored.pk or 0, year)) if stored else None
        if ranked:
            yield (
                "unit",
                (
                    f"Đơn vị đã được xếp hạng tại {ranked}. Mỗi năm một đơn vị chỉ xếp hạng tại "
                    "một khối: đề nghị ghi chuyển khối ở trang đơn vị, hoặc bỏ dòng này."
                ),
            )
        first = self.seen.setdefault(("ranked", unit, year), self.number)
        if first != self.number and self.seen[key] == self.number:
            yield (
                "unit",
                (
                    f"Đơn vị đã ở khối khác năm {entry.year}, tại dòng {first}. Mỗi năm một đơn vị "
                    "chỉ xếp hạng tại một khối."
                ),
            )

    def _stands(self, row: Any) -> Iterator[Fault]:
        if self.before.ends_on:
            yield (
                "unit",
                (
                    f"Đơn vị đã ghi rời khối từ ngày {format_date(self.before.ends_on)}. "
                    "Đề nghị bỏ dòng này."
                ),
            )
        yield from self.kept(
            self.before, row, ["starts_on"], "Đề nghị để trống ô này hoặc ghi đúng ngày đó."
        )
