"""Looks into a .docx or .xlsx before anyone opens it: a ZIP archive is the classic trap.

Nothing is extracted. Sizes are first read from the archive's own table, then every entry is
decompressed in small pieces to prove that the table told the truth.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO, Any
from xml.parsers import expat

MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 10 * 1024 * 1024
"""Below this unpacked size a high ratio does no harm: an empty sheet compresses very well."""

_TYPES_PART = "[Content_Types].xml"
_MAX_TYPES_PART = 2 * 1024 * 1024
_MAX_TABLE = MAX_ENTRIES * 300  # bytes of the table of entries, names included
_MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet")
_MACRO_NAMES = ("vbaproject.bin", "vbadata.xml")
_CHUNK = 64 * 1024

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_ZIP64_MARK = b"PK\x06\x07"
_ZIP64_LOCATOR_SIZE = 20
_COMMENT_MAX = 0xFFFF

DAMAGED = "bị hỏng, không mở được. Đề nghị mở lại bằng Word hoặc Excel, lưu và chọn lại tệp."
NOT_OFFICE = "là tệp nén, không phải tệp Word (.docx) hay Excel (.xlsx)."
TOO_BIG = "có dung lượng sau khi giải nén lớn bất thường nên không được nhận."
MACROS = "có chứa macro. Đề nghị lưu lại dưới dạng .docx hoặc .xlsx không có macro."
STRANGE_PATHS = "có cấu trúc bất thường nên không được nhận."
PASSWORD = "có đặt mật khẩu. Đề nghị bỏ mật khẩu rồi chọn lại tệp."  # noqa: S105 - a message


class UnsafeArchive(Exception):  # noqa: N818 - a verdict, not a fault of the program
    """The archive is refused; the message continues "Tệp “…” " in Vietnamese."""


def office_extension(file: IO[bytes] | Any) -> str:
    """Return "docx" or "xlsx" as the content says; UnsafeArchive for anything else.

    Refused: damaged archives, macros, passwords, absolute or ".." paths, more than
    ``MAX_ENTRIES`` entries, more than ``MAX_UNPACKED`` bytes or a suspicious compression ratio.
    """
    size = _check_table(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_entries(entries, size)
            _check_content(archive, entries)
            return _main_part(_content_types(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as fault:
        raise UnsafeArchive(DAMAGED) from fault


def _check_table(file: IO[bytes] | Any) -> int:
    """Refuse a huge table of entries before Python reads it whole; return the file's size."""
    size = int(file.seek(0, 2))
    file.seek(max(0, size - _COMMENT_MAX - _END.size - _ZIP64_LOCATOR_SIZE))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise UnsafeArchive(DAMAGED)
    _, _, _, _, entries, table_size, _, _ = _END.unpack_from(tail, at)
    zip64 = tail[max(0, at - _ZIP64_LOCATOR_SIZE) : at].startswith(_ZIP64_MARK)
    if zip64 or entries > MAX_ENTRIES or table_size > _MAX_TABLE:
        raise UnsafeArchive(TOO_BIG)
    return size


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    names = [entry.orig_filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise UnsafeArchive(TOO_BIG)
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * size:
        raise UnsafeArchive(TOO_BIG)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnsafeArchive(PASSWORD)
    if names.count(_TYPES_PART) != 1:
        raise UnsafeArchive(NOT_OFFICE)
    if any(map(_leaves_folder, names)):
        raise UnsafeArchive(STRANGE_PATHS)
    if any(name.lower().endswith(_MACRO_NAMES) for name in names):
        raise UnsafeArchive(MACROS)


def _leaves_folder(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or ":" in parts[0] or "\0" in name


def _check_content(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Decompress everything piece by piece; a wrong size or checksum raises BadZipFile."""
    for entry in entries:
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise UnsafeArchive(STRANGE_PATHS)
        with archive.open(entry) as part:
            while part.read(_CHUNK):
                pass


def _content_types(archive: zipfile.ZipFile) -> set[str]:
    """Return the content types the package declares, lower case."""
    if archive.getinfo(_TYPES_PART).file_size > _MAX_TYPES_PART:
        raise UnsafeArchive(TOO_BIG)
    found: set[str] = set()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda _name, attributes: found.add(
        attributes.get("ContentType", "").lower()
    )
    try:
        parser.Parse(archive.read(_TYPES_PART), True)  # noqa: FBT003 - expat takes it so
    except expat.ExpatError as fault:
        raise UnsafeArchive(DAMAGED) from fault
    return found


def _refuse_doctype(*_declaration: object) -> None:
    """Refuse entity declarations: no office program writes them, attackers do."""
    raise UnsafeArchive(STRANGE_PATHS)


def _main_part(content_types: set[str]) -> str:
    if any(macro in declared for declared in content_types for macro in _MACRO_TYPES):
        raise UnsafeArchive(MACROS)
    kinds = {_MAIN_PARTS[declared] for declared in content_types & _MAIN_PARTS.keys()}
    if len(kinds) != 1:
        raise UnsafeArchive(NOT_OFFICE)
    return kinds.pop()
