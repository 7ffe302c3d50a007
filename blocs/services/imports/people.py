"""The sheet "Người": people and their posts, one post in a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from blocs.enums import PostRole
from blocs.selectors.register import PersonEntry, PostKey, role_is_of_board
from blocs.services.imports.cells import (
    CellWidget,
    ChoiceWidget,
    Column,
    DayWidget,
    EmailWidget,
    PhoneWidget,
    UnitWidget,
    UsernameWidget,
    cell_text,
    lost_zero,
)
from blocs.services.imports.desk import Someone
from blocs.services.imports.rows import Fault, SheetResource
from emulation import clock
from emulation.vietnamese import fold, format_date

ROLES = ChoiceWidget(
    PostRole,
    {
        "Lãnh đạo": PostRole.LEADER,
        "Đầu mối": PostRole.OFFICER,
        "Cán bộ Ban TĐKT": PostRole.BOARD_OFFICER,
        "Cán bộ Ban Thi đua Khen thưởng": PostRole.BOARD_OFFICER,
    },
)
CONTACT = ("phone", "email")
LOST_ZERO = "Số điện thoại thiếu số 0 ở đầu (Excel tự bỏ): hệ thống ghi thêm số 0."


class PeopleSheet(SheetResource):
    """People of the board and its units: new accounts, telephone, mail, titles, new posts."""

    title = "Người"
    entry = PersonEntry
    in_label = ("full_name", "unit")

    full_name = Column(
        "full_name",
        "Họ và tên",
        CellWidget(200),
        required=True,
        width=28,
        hint="Họ, tên đệm và tên. Một người giữ hai chức vụ thì ghi hai dòng.",
    )
    username = Column(
        "username",
        "Tên đăng nhập",
        UsernameWidget(150),
        width=22,
        hint="Để trống: hệ thống đặt theo họ tên (nguyen.van.an), thêm số nếu trùng. "
        "Ghi khi một người có ở hai đơn vị, hoặc để phân biệt người cùng họ tên.",
    )
    phone = Column(
        "phone",
        "Điện thoại",
        PhoneWidget(20),
        width=16,
        hint="Chỉ khối của người đó và Hội đồng xem được. Không bắt buộc.",
    )
    email = Column(
        "email",
        "Thư điện tử",
        EmailWidget(254),
        width=28,
        hint="Nơi nhận lời mời đăng nhập. Không bắt buộc: lời mời in ra giấy được.",
    )
    unit = Column(
        "unit",
        "Đơn vị",
        UnitWidget(),
        starred=True,
        width=48,
        hint="Tên đơn vị như ở trang “Đơn vị”. Để trống với Cán bộ Ban Thi đua - Khen thưởng.",
    )
    role = Column(
        "role",
        "Vai trò",
        ROLES,
        required=True,
        width=30,
        hint="Chọn trong danh sách. Lãnh đạo ký và trình; cán bộ đầu mối nhập số liệu.",
    )
    title_held = Column(
        "title",
        "Chức vụ",
        CellWidget(200),
        width=24,
        hint="Ví dụ: Giám đốc, Phó Chánh Văn phòng. Không bắt buộc.",
    )
    starts_on = Column(
        "starts_on",
        "Từ ngày",
        DayWidget(),
        width=14,
        hint="Ngày bắt đầu chức vụ. Để trống: tính từ ngày nhập danh sách.",
    )

    def before_import(self, dataset: Any, **options: Any) -> None:  # noqa: ARG002
        """Keep every log-in name the sheet gives from being made for somebody else."""
        column = str(self.fields["username"].column_name)
        if column in (dataset.headers or []):
            self.desk.reserved = {cell_text(each).casefold() for each in dataset[column]} - {""}

    def label(self, entry: PersonEntry) -> str:
        """Return the person and the place."""
        return f"{entry.full_name} – {entry.unit or self.register.board.office_name}"

    # ------------------------------------------------------------ who the row speaks of

    def find(self, row: Any) -> PersonEntry | None:
        """Settle who it is and return the post as it stands, if it does."""
        self.someone: Someone | None = None
        self.doubts: list[Fault] = []
        name, role = self.value(row, "full_name"), self.value(row, "role")
        unit = self.value(row, "unit") or ""
        self.place = fold(unit)
        settled = unit or not cell_text(self.raw(row, "unit"))
        if name and settled:
            self.someone = self._person(name, row)
        self.key: PostKey | None = None
        if self.someone is None or not role:
            return None
        self.key = (self.someone.key, self.place, role)
        return self.register.posts.get(self.key)

    def init_instance(self, row: Any = None) -> PersonEntry:  # noqa: ARG002
        """Return an entry without a post: of the person, if it is known who that is."""
        return self.someone.blank_entry() if self.someone else PersonEntry()

    def _person(self, name: str, row: Any) -> Someone | None:
        username = self.value(row, "username")
        if not username and cell_text(self.raw(row, "username")):
            return None
        person = self._under(username, name) if username else self._by_name(name)
        if person:
            self.desk.place(person, name, self.place)
        return person

    def _under(self, username: str, name: str) -> Someone | None:
        """Return the person of that log-in name, whom the name must fit."""
        person = self.desk.people.get(username.casefold())
        if person and fold(person.full_name) != fold(name):
            self.doubts.append(
                (
                    "username",
                    (
                        f"Tên đăng nhập này là của “{person.full_name}”. Đề nghị sửa họ tên cho "
                        "khớp hoặc ghi tên đăng nhập khác."
                    ),
                )
            )
            return None
        if person:
            return person
        if username.casefold() in self.register.usernames:
            self.doubts.append(
                ("username", "Tên đăng nhập đã có người dùng. Đề nghị ghi tên khác.")
            )
            return None
        self._note_namesakes(name)
        return self.desk.bring_in(name, username, self.number)

    def _by_name(self, name: str) -> Someone | None:
        """Return the person of that name in that place, or a new one; None where it is unclear."""
        alike = self.desk.at(self.place, name)
        same = [each for each in alike if each.is_called(name)]
        if len(same) == 1:
            return same[0]
        known = ", ".join(each.username for each in same or alike)
        if same:
            self.doubts.append(
                (
                    "username",
                    (
                        f"Ở đây có {len(same)} người cùng họ tên này ({known}). Đề nghị ghi tên "
                        "đăng nhập của người cần ghi."
                    ),
                )
            )
            return None
        if any(each.known for each in alike):
            called = " và ".join(f"“{each.full_name}”" for each in alike)
            self.doubts.append(
                (
                    "full_name",
                    (
                        f"Ở đây đã có {called}, chỉ khác dấu. Nếu là một người, đề nghị ghi tên "
                        f"đăng nhập {known}; nếu là người khác, ghi một tên đăng nhập mới."
                    ),
                )
            )
            return None
        self._note_namesakes(name)
        return self.desk.bring_in(name, "", self.number)

    def _note_namesakes(self, name: str) -> None:
        others = self.desk.namesakes(name)
        if others:
            known = ", ".join(each.username for each in others)
            self.note(
                f"Hội đồng đã có người tên “{name}” ({known}). Dòng này lập tài khoản khác; nếu "
                "là một người, đề nghị ghi tên đăng nhập đó vào tệp rồi tải lên lại."
            )

    # ------------------------------------------------------------ what is wrong

    def faults(self, entry: PersonEntry, row: Any, is_new: bool) -> Iterator[Fault]:  # noqa: FBT001
        """Yield what is wrong with the person or the post."""
        yield from self.doubts
        yield from self._wrong_place(entry, row)
        if lost_zero(self.raw(row, "phone")):
            self.note(LOST_ZERO)
        if self.someone is None:
            return
        entry.username = self.someone.username
        yield from self._wrong_person(entry, row, self.someone)
        if self.key is None:
            return
        yield from self.twice(self.key, "full_name", "Người và vai trò này")
        if is_new:
            yield from self._wrong_start(entry, self.key)
        else:
            yield from self.kept(
                self.before,
                row,
                ["starts_on"],
                "Đề nghị để trống ô này. Nếu là chức vụ mới, ghi thôi giữ chức vụ cũ trước.",
            )

    def _wrong_place(self, entry: PersonEntry, row: Any) -> Iterator[Fault]:
        said = cell_text(self.raw(row, "unit"))
        if not entry.role:
            return
        if role_is_of_board(entry.role) and said:
            yield "unit", "Cán bộ Ban Thi đua - Khen thưởng thuộc Hội đồng. Đề nghị để trống ô này."
        elif not role_is_of_board(entry.role) and not said:
            yield "unit", "Chưa ghi “Đơn vị”. Đề nghị ghi tên đơn vị của người này."

    def _wrong_person(self, entry: PersonEntry, row: Any, person: Someone) -> Iterator[Fault]:
        if person.is_called(entry.full_name):
            entry.full_name = person.full_name
        for attribute in ("full_name", *CONTACT):
            given = self.value(row, attribute)
            if given is None:
                continue
            said, number = person.said.setdefault(attribute, (given, self.number))
            if said.casefold() != given.casefold():
                yield attribute, f"Khác với “{said}” ghi cho người này ở dòng {number}."
        if person.known is None:
            return
        if not person.known.is_active:
            yield "username", "Tài khoản này đã khóa. Đề nghị liên hệ quản trị tài khoản."
        if person.known.is_guarded:
            where = "Thông tin của tài khoản này không sửa ở đây; đề nghị để trống ô này."
            yield from self.kept(person.known, row, ("full_name", *CONTACT), where)

    def _wrong_start(self, entry: PersonEntry, key: PostKey) -> Iterator[Fault]:
        ended = self.register.ended.get(key)
        if ended is None:
            return
        if (entry.starts_on or clock.today()) <= ended:
            yield (
                "starts_on",
                (
                    f"Người này đã giữ vai trò đó đến ngày {format_date(ended)}. Ngày bắt đầu phải "
                    "sau ngày đó."
                ),
            )
        self.note("Người này từng giữ vai trò đó và đã thôi: dòng này ghi chức vụ mới.")
