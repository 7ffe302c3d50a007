"""Workbooks of the register for tests, written as Excel would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADINGS: dict[str, list[str]] = {
    "Đơn vị": ["Tên đơn vị *", "Loại hình", "Thể thức văn bản", "Ngày thành lập"],
    "Người": [
        "Họ và tên *",
        "Tên đăng nhập",
        "Điện thoại",
        "Thư điện tử",
        "Đơn vị *",
        "Vai trò *",
        "Chức vụ",
        "Từ ngày",
    ],
    "Khối": [
        "Tên khối *",
        "Loại",
        "Năm *",
        "Số đơn vị theo văn bản",
        "Thể thức văn bản",
        "Trưởng khối",
        "Phó Trưởng khối",
    ],
    "Thành viên": ["Khối *", "Năm *", "Đơn vị *", "Từ ngày"],
}
Rows = Sequence[Sequence[Any]]
LEADER, OFFICER = "Lãnh đạo đơn vị", "Cán bộ đầu mối"


def workbook(
    units: Rows = (),
    people: Rows = (),
    blocs: Rows = (),
    members: Rows = (),
    *,
    headings: Mapping[str, Sequence[Any]] | None = None,
    without: Sequence[str] = (),
    extra: Sequence[str] = (),
) -> bytes:
    """The content of an .xlsx; ``headings`` replaces a sheet's first row."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in zip(HEADINGS, (units, people, blocs, members), strict=True):
        if title in without:
            continue
        page = book.create_sheet(title)
        page.append(list((headings or {}).get(title, HEADINGS[title])))
        for row in rows:
            page.append(list(row))
    for title in extra or ([] if book.sheetnames else ["Trống"]):
        book.create_sheet(title).append(["ghi chú"])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload(content: bytes, name: str = "danh-sach.xlsx") -> SimpleUploadedFile:
    """The content as a browser sends it."""
    return SimpleUploadedFile(name, content)


def province_workbook(units: int, year: int = 2026) -> bytes:
    """Units with a leader and two officers each, blocs of ten with head and deputy."""
    names = [f"Cơ quan số {n:04}" for n in range(1, units + 1)]
    people = [
        [f"{family} Văn {n}", "", f"09{n:08}", f"nguoi{n}.{place}@tinh.gov.vn", name, role, "", ""]
        for n, name in enumerate(names)
        for place, (family, role) in enumerate(
            [("Nguyễn", LEADER), ("Trần", OFFICER), ("Lê", OFFICER)]
        )
    ]
    tens = [names[n : n + 10] for n in range(0, units, 10)]
    blocs = [
        [f"Khối {n}", "", year, len(ten), "", ten[0], ten[1] if len(ten) > 1 else ""]
        for n, ten in enumerate(tens)
    ]
    members = [[f"Khối {n}", year, name, ""] for n, ten in enumerate(tens) for name in ten]
    return workbook([[name] for name in names], people, blocs, members)
