"""The workbook of a rubric: its sheets, their columns, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.db.models import TextChoices

from scoring.enums import (
    Automatic,
    CriterionKind,
    LatePolicy,
    NotApplicable,
    RankStyle,
    Sanction,
    SectionKind,
    ShareBase,
)

YES, NO = "Có", "Không"
TIE_LABEL = "Khi bằng điểm, xét thứ"
TIE_ROWS = 6


class Holds(Enum):
    """What stands in a column's cells."""

    TEXT = auto()
    CODE = auto()
    POINTS = auto()
    SIGNED = auto()
    SHARE = auto()
    WHOLE = auto()
    FLAG = auto()
    CHOICE = auto()
    TIE = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a row of "Thông tin chung": its heading, what it holds and what to write."""

    key: str
    heading: str
    hint: str
    holds: Holds = Holds.TEXT
    width: float = 14
    required: bool = False
    longest: int = 300
    choices: type[TextChoices] | None = None

    @property
    def shown(self) -> str:
        """The heading as the workbook shows it: a star marks what must be filled in."""
        return f"{self.heading} *" if self.required else self.heading

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the drop-down list, none where anything may be written."""
        if self.holds is Holds.FLAG:
            return (YES, NO)
        return tuple(str(each.label) for each in self.choices) if self.choices else ()


H = Holds
INFO, GRADES, CONDITIONS = "Thông tin chung", "Xếp loại", "Điều kiện xếp loại"
SECTIONS, CRITERIA, LEVELS, LADDER = "Phần", "Tiêu chí", "Mức", "Ngưỡng"
GUIDE, LISTS = "Hướng dẫn", "Danh mục"

INFO_COLUMNS = (
    Column("label", "Mục", "Giữ nguyên tên mục.", width=48, required=True),
    Column("value", "Giá trị", "Ghi giá trị của mục bên trái.", width=60),
)
INFO_ROWS = (
    Column("title", "Tên bảng chấm điểm", "Tên đầy đủ của bảng.", required=True),
    Column("scale_max", "Thang điểm", "Tổng điểm chuẩn, ví dụ 100.", H.POINTS, required=True),
    Column("plus_cap", "Điểm cộng tối đa", "Để trống nếu không giới hạn.", H.POINTS),
    Column("minus_cap", "Điểm trừ tối đa", "Để trống nếu không giới hạn.", H.POINTS),
    Column("floor", "Tổng điểm thấp nhất", "Sàn; để trống nếu không có.", H.SIGNED),
    Column("ceiling", "Tổng điểm cao nhất", "Trần; để trống nếu không có.", H.SIGNED),
    Column("rounding", "Làm tròn tổng điểm đến", "Ví dụ 0,01 hoặc 0,5. Trống: 0,01.", H.POINTS),
    Column(
        "scale_back", "Quy đổi khi có tiêu chí không phát sinh", "Có hoặc Không. Trống: Không.",
        H.FLAG,
    ),
    Column(
        "rank_capped", "Xếp hạng theo tổng điểm không quá thang điểm",
        "Có hoặc Không. Trống: Không.", H.FLAG,
    ),
    Column(
        "rank_style", "Cách đánh số thứ hạng", "Số thứ hạng sau các đơn vị đồng hạng.",
        H.CHOICE, choices=RankStyle,
    ),
    Column(
        "late_policy", "Khi nộp muộn", "Trống: giữ cách đang dùng.", H.CHOICE, choices=LatePolicy
    ),
)  # fmt: skip

_CRITERION_REF = Column(
    "criterion", "Tiêu chí", "Mã tiêu chí như ở trang “Tiêu chí”.", H.CODE, 12,
    required=True, longest=20,
)  # fmt: skip
COLUMNS: Mapping[str, Sequence[Column]] = {
    INFO: INFO_COLUMNS,
    GRADES: (
        Column("name", "Xếp loại", "Tên loại, ví dụ Xuất sắc.", width=20, required=True,
               longest=60),
        Column("lower_bound", "Từ điểm", "Tổng điểm thấp nhất của loại.", H.SIGNED, required=True),
        Column("min_criterion_share", "Tỷ lệ thấp nhất từng tiêu chí",
               "Mỗi tiêu chí đạt ít nhất, ví dụ 50%. Để trống nếu không có.", H.SHARE, 18),
        Column("max_share_of_units", "Tỷ lệ đơn vị tối đa",
               "Ví dụ 25%. Để trống nếu không giới hạn.", H.SHARE, 16),
        Column("share_base", "Tính trên", "Tỷ lệ đơn vị tối đa tính trên số nào.", H.CHOICE, 34,
               choices=ShareBase),
        Column("overflow", "Vượt tỷ lệ thì xếp",
               "Tên loại dành cho đơn vị vượt tỷ lệ. Trống: loại liền dưới.", width=20, longest=60),
    ),
    CONDITIONS: (
        Column("grade", "Xếp loại", "Tên loại như ở trang “Xếp loại”.", width=20, required=True,
               longest=60),
        Column("section", "Phần", "Mã phần phải đạt.", H.CODE, 12, required=True, longest=20),
        Column("lowest_share", "Tỷ lệ thấp nhất",
               "Ví dụ 80%. Để trống nếu văn bản không ghi ngưỡng.", H.SHARE, 16),
    ),
    SECTIONS: (
        Column("code", "Mã", "Mã phần, ví dụ A hoặc I.", H.CODE, 10, required=True, longest=20),
        Column("kind", "Loại", "Điểm chuẩn, điểm cộng hay điểm trừ.", H.CHOICE, 16, required=True,
               choices=SectionKind),
        Column("title", "Tên phần", "Tên đầy đủ.", width=60, required=True, longest=500),
        Column("max_points", "Điểm tối đa",
               "Tối đa của phần điểm chuẩn; mức trần của phần cộng, trừ. Trống: tổng các tiêu chí.",
               H.POINTS),
    ),
    CRITERIA: (
        Column("code", "Mã", "Mã tiêu chí, ví dụ A1; ý nhỏ có mã riêng, ví dụ A1.a.", H.CODE, 10,
               required=True, longest=20),
        Column("section", "Thuộc phần", "Mã phần. Ý nhỏ có thể để trống.", H.CODE, 10, longest=20),
        Column("parent", "Thuộc tiêu chí",
               "Chỉ ghi cho ý nhỏ (a, b, c): mã tiêu chí mà ý thuộc về.", H.CODE, 12, longest=20),
        Column("title", "Nội dung", "Nội dung tiêu chí.", width=60, required=True, longest=1000),
        Column("kind", "Cách chấm", "Để trống chỉ khi tiêu chí chia thành các ý nhỏ.", H.CHOICE,
               26, choices=CriterionKind),
        Column("max_points", "Điểm tối đa", "Điểm tối đa của tiêu chí.", H.POINTS, required=True),
        Column("step", "Bước điểm", "Ví dụ 0,5. Trống: 0,01.", H.POINTS, 10),
        Column("per", "Điểm mỗi lần",
               "Điểm cho (hoặc trừ) mỗi lần, mỗi việc; chỉ với cách chấm theo số lần.", H.POINTS,
               12),
        Column("unit_label", "Đơn vị đếm", "Ví dụ văn bản, lần, bài.", longest=60),
        Column("relative", "So với đơn vị vượt cao nhất", "Chỉ với cách chấm theo chỉ tiêu.",
               H.FLAG, 16),
        Column("not_applicable", "Khi không phát sinh", "Trống: không áp dụng.", H.CHOICE, 34,
               choices=NotApplicable),
        Column("evidence_required", "Phải có minh chứng", "Có hoặc Không.", H.FLAG, 12),
        Column("evidence_hint", "Minh chứng cần có", "Nêu loại giấy tờ.", width=30, longest=500),
        Column("decision_required", "Phải ghi số quyết định", "Có hoặc Không.", H.FLAG, 12),
        Column("exclusive_group", "Nhóm chỉ tính một",
               "Các tiêu chí ghi cùng tên nhóm chỉ tính một.", width=16, longest=30),
        Column("sanction", "Khống chế xếp loại", "Chỉ với phần điểm trừ.", H.CHOICE, 28,
               choices=Sanction),
        Column("sanction_grade", "Không xếp trên loại",
               "Tên loại; chỉ ghi khi chọn “Không xếp trên loại ghi kèm”.", width=18, longest=60),
        Column("automatic", "Hệ thống tự tính", "Trống: đơn vị nhập.", H.CHOICE, 30,
               choices=Automatic),
        Column("checker", "Bộ phận thẩm định", "Cơ quan theo dõi nội dung này.", width=30,
               longest=200),
        Column("pledge_item", "Nội dung giao ước số", "Số thứ tự nội dung trong bản giao ước.",
               H.WHOLE, 12),
        Column("printed_max", "Điểm in trên văn bản",
               "Chỉ ghi khi văn bản in điểm tối đa khác với cách tính.", H.POINTS, 12),
        Column("note", "Ghi chú", "Ghi chú cho người đọc.", width=40, longest=500),
    ),
    LEVELS: (
        _CRITERION_REF,
        Column("label", "Tên mức", "Ví dụ Hoàn thành tốt.", width=50, required=True, longest=500),
        Column("points", "Điểm", "Điểm của mức.", H.POINTS, required=True),
        Column("knocks_out", "Điểm liệt", "Có: chọn mức này thì cả tiêu chí 0 điểm.", H.FLAG, 12),
    ),
    LADDER: (
        _CRITERION_REF,
        Column("threshold", "Từ tỷ lệ", "Ví dụ 80%.", H.SHARE, required=True),
        Column("points", "Điểm", "Điểm khi đạt từ tỷ lệ này.", H.POINTS, required=True),
    ),
}  # fmt: skip
UNREAD = (GUIDE, LISTS)


def column_of(sheet: str, key: str) -> Column:
    """Return a column of a sheet, or a row of "Thông tin chung", by its key."""
    known = INFO_ROWS if sheet == INFO else COLUMNS[sheet]
    return next(column for column in known if column.key == key)
