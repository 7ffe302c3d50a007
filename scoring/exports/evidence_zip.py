"""All evidence of a sheet as one ZIP: a folder for each criterion, and an index in Excel.

Built in a temporary file and sent from there, so that a sheet's 200 MB need little memory. A file
shared between criteria is packed once, under the first; the index says where it lies.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath

from django.http import FileResponse

from emulation import clock
from emulation.files import MEGABYTE, FileGone, opened, safe_name
from emulation.models import StoredFile
from emulation.office.sheets import Sheet, workbook_bytes
from emulation.vietnamese import format_moment
from scoring.models import Evidence, ScoreLine, ScoreSheet
from scoring.selectors.sheet_content import evidence_title, origin, replaced
from scoring.selectors.sheet_lines import evidence_of, lines_of

FOLDER_LENGTH = 60
FILE_LENGTH = 90
INDEX = "00 Danh mục minh chứng.xlsx"
LOST = "thiếu: tệp không còn trong kho lưu"
_IN_MEMORY = 2 * MEGABYTE
_CHUNK = MEGABYTE
_HEADER = (
    "Mã", "Tiêu chí", "Minh chứng", "Số, ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Nơi lưu",
    "Tệp trong gói", "Dung lượng (byte)", "Mã băm SHA-256", "Thêm lúc", "Ghi chú",
)  # fmt: skip
_PLACE = _HEADER.index("Tệp trong gói")
_WIDTHS = (8, 40, 40, 16, 14, 28, 28, 50, 16, 66, 18, 40)


def evidence_archive(sheet: ScoreSheet) -> FileResponse:
    """Return the ZIP of a sheet's standing evidence as an attachment. Two queries."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(file, "w") as archive:
        rows = list(_packed(archive, sheet))
        archive.writestr(INDEX, workbook_bytes([_index(sheet, rows)]))
    file.seek(0)
    unit = sheet.membership.unit_name
    name = f"Minh chứng {unit} năm {sheet.bloc_year.year}"
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{safe_name(name, FILE_LENGTH)}.zip",
        content_type="application/zip",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _packed(archive: zipfile.ZipFile, sheet: ScoreSheet) -> Iterable[tuple[object, ...]]:
    """Pack the files in the order of the table; yield the rows of the index."""
    by_line: dict[int, list[Evidence]] = {}
    for each in evidence_of(sheet):
        by_line.setdefault(each.line_id, []).append(each)
    packed: dict[object, str] = {}
    for line in lines_of(sheet):
        folder = safe_name(f"{line.criterion.code} {line.criterion.title}", FOLDER_LENGTH)
        for number, each in enumerate(by_line.get(line.pk, ()), start=1):
            yield _row(line, each, _place(archive, each, f"{folder}/{number:02d}", packed))


def _place(archive: zipfile.ZipFile, each: Evidence, start: str, packed: dict[object, str]) -> str:
    """Return where the file lies in the ZIP, packing it if it is not there yet."""
    stored = each.file
    if stored is None:
        return "không có tệp, chỉ dẫn văn bản"
    if stored.pk not in packed:
        path = PurePosixPath(stored.original_name)
        stem = safe_name(path.stem, FILE_LENGTH - len(path.suffix))
        name = f"{start} {stem}{path.suffix}"
        packed[stored.pk] = name if _copied(archive, stored, name) else LOST
    return packed[stored.pk]


def _copied(archive: zipfile.ZipFile, stored: StoredFile, name: str) -> bool:
    """Copy a file into the ZIP piece by piece; return False where its content is missing."""
    try:
        source = opened(stored)
    except FileGone:
        return False
    day = clock.local_time(stored.uploaded_at).timetuple()[:6]
    with source, archive.open(zipfile.ZipInfo(name, day), "w") as target:
        while piece := source.read(_CHUNK):
            target.write(piece)
    return True


def _row(line: ScoreLine, each: Evidence, place: str) -> tuple[object, ...]:
    stored = each.file
    return (
        line.criterion.code,
        line.criterion.title,
        evidence_title(each),
        each.number,
        each.issued_on,
        each.issuer,
        each.kept_at,
        place,
        stored.size if stored else None,
        stored.sha256 if stored else "",
        each.added_at,
        "; ".join(filter(None, (origin(each), replaced(each)))),
    )


def _index(sheet: ScoreSheet, rows: list[tuple[object, ...]]) -> Sheet:
    above = [
        f"Danh mục minh chứng của {sheet.membership.unit_name}, năm {sheet.bloc_year.year}",
        f"Lập lúc {format_moment(clock.now())}",
    ]
    lost = sum(row[_PLACE] == LOST for row in rows)
    if lost:
        above.append(
            f"Thiếu {lost} minh chứng vì tệp không còn trong kho lưu của hệ thống; xem cột "
            f"“{_HEADER[_PLACE]}”. Đề nghị báo quản trị hệ thống khôi phục từ bản sao lưu."
        )
    return Sheet("Minh chứng", _HEADER, rows, _WIDTHS, places=None, above=above)
