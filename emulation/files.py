"""Uploaded files: what may come in, how it is kept, how it goes out.

A file is judged by its content, never by its name or by what the browser says. It is kept under
a random name outside every served folder and leaves as an attachment; PDF and pictures may also
be shown, in a sandbox.
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

import filetype
from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.http import FileResponse

from emulation import clock
from emulation.models import StoredFile, User
from emulation.office.archive import UnsafeArchive, office_extension

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
DEFAULT_MAX_BYTES = 20 * MEGABYTE
NAME_LENGTH = 150
ALLOWED_TEXT = "PDF, ảnh JPG hoặc PNG, Word (.docx), Excel (.xlsx)"

_HEAD_BYTES = 512
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,4})$")
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")


class Kind(Enum):
    """A kind of file that may be uploaded: its extensions, content type and Vietnamese name."""

    PDF = (("pdf",), "application/pdf", "tệp PDF")
    JPG = (("jpg", "jpeg"), "image/jpeg", "ảnh JPG")
    PNG = (("png",), "image/png", "ảnh PNG")
    DOCX = (
        ("docx",),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "tệp Word",
    )
    XLSX = (
        ("xlsx",),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "tệp Excel",
    )

    def __init__(self, extensions: tuple[str, ...], content_type: str, label: str) -> None:
        self.extensions = extensions
        self.content_type = content_type
        self.label = label


class FileRefused(Exception):  # noqa: N818 - a verdict, not a fault of the program
    """The file is not accepted; the message tells the user why and what to do, in Vietnamese."""


class FileGone(Exception):  # noqa: N818 - a state of affairs, shown as page 410
    """The row of a file is there and its content is not: shown as page 410, with whom to ask."""

    def __init__(self, stored: StoredFile) -> None:
        super().__init__(f"{stored.pk} ({stored.file.name})")
        self.stored = stored


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """What the checks found: the kind by content, the SHA-256 in hex, the true size in bytes,
    and the cleaned name, which always ends in an extension of the kind.
    """

    kind: Kind
    sha256: str
    size: int
    name: str


# ---------------------------------------------------------------- checking


def check_upload(uploaded: UploadedFile[bytes]) -> CheckedUpload:
    """Return what the file is, leaving it rewound; FileRefused when it may not be accepted."""
    name = clean_name(uploaded.name or "")
    size = _measured(uploaded, name)
    kind = _kind_by_content(uploaded, name)
    name = _name_of_kind(name, kind)
    return CheckedUpload(kind=kind, sha256=_hashed(uploaded), size=size, name=name)


def clean_name(name: str) -> str:
    """Return a file name fit to show and to download, at most ``NAME_LENGTH`` characters.

    Composed (NFC), without folders, control and direction-changing characters; the extension
    survives the cut.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(" " if char.isspace() else char for char in last if _is_shown(char))
    words = " ".join(shown.split()).strip(". ")
    suffix = PurePosixPath(words).suffix if _EXTENSION.search(words) else ""
    stem = words.removesuffix(suffix)[: NAME_LENGTH - len(suffix)].strip(". ")
    return f"{stem or 'tệp'}{suffix}"


def safe_name(text: str, length: int) -> str:
    """Return a text fit to name a file or folder on any system, at most ``length`` characters.

    As :func:`clean_name`, and without what Windows forbids: reserved characters, names of its
    devices, a point or space at the end.
    """
    plain = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", text))
    shown = "".join(" " if char.isspace() else char for char in plain if _is_shown(char))
    name = " ".join(shown.split())[:length].strip(". ")
    return f"_{name}" if _DEVICE.match(name) else name or "tệp"


def _is_shown(char: str) -> bool:
    return char.isspace() or not unicodedata.category(char).startswith("C")


def _measured(uploaded: UploadedFile[bytes], name: str) -> int:
    size: int = uploaded.seek(0, 2)
    uploaded.seek(0)
    limit: int = getattr(settings, "UPLOAD_MAX_BYTES", DEFAULT_MAX_BYTES)
    if size == 0:
        raise FileRefused(f"Tệp “{name}” không có nội dung. Đề nghị kiểm tra và chọn lại tệp.")
    if size > limit:
        raise FileRefused(
            f"Tệp “{name}” nặng {_megabytes(size)} MB, quá mức {_megabytes(limit)} MB cho một tệp. "
            "Đề nghị giảm dung lượng hoặc tách thành nhiều tệp."
        )
    return size


def _megabytes(size: int) -> str:
    """Return a size in megabytes, rounded up to a tenth, so that too much never reads as fits."""
    tenths = -(-size * 10 // MEGABYTE)
    return f"{tenths / 10:g}".replace(".", ",")


def _kind_by_content(uploaded: UploadedFile[bytes], name: str) -> Kind:
    head = uploaded.read(_HEAD_BYTES)
    uploaded.seek(0)
    if head.startswith(_ZIP):
        return _office_kind(uploaded, name)
    if head.startswith(_OLE):
        raise FileRefused(
            f"Tệp “{name}” theo định dạng cũ (.doc, .xls) hoặc có đặt mật khẩu. "
            "Đề nghị bỏ mật khẩu và lưu lại dưới dạng .docx, .xlsx hoặc PDF."
        )
    found = filetype.guess_mime(head)
    for kind in (Kind.PDF, Kind.JPG, Kind.PNG):
        if found == kind.content_type:
            return kind
    what = "là chương trình" if head.startswith(_PROGRAMS) else "không thuộc loại được nhận"
    raise FileRefused(f"Tệp “{name}” {what}. Chỉ nhận {ALLOWED_TEXT}.")


def _office_kind(uploaded: UploadedFile[bytes], name: str) -> Kind:
    try:
        return Kind[office_extension(uploaded).upper()]
    except UnsafeArchive as refusal:
        raise FileRefused(f"Tệp “{name}” {refusal}") from refusal
    finally:
        uploaded.seek(0)


def _name_of_kind(name: str, kind: Kind) -> str:
    """Return the name with an extension of its kind; a missing one is added, a false one refused.

    What follows the last dot is an extension when it starts with a letter: "QĐ 12.2022" has none.
    """
    extension = _EXTENSION.search(name)
    if extension is None:
        suffix = f".{kind.extensions[0]}"
        return name[: NAME_LENGTH - len(suffix)].strip(". ") + suffix
    if extension[1].lower() not in kind.extensions:
        raise FileRefused(
            f"Tệp “{name}” có đuôi “{extension[0]}” nhưng nội dung là {kind.label}. "
            f"Đề nghị đổi đuôi tệp thành “.{kind.extensions[0]}” hoặc chọn lại tệp."
        )
    return name


def _hashed(uploaded: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in uploaded.chunks():
        digest.update(chunk)
    uploaded.seek(0)
    return digest.hexdigest()


# ---------------------------------------------------------------- keeping

# Files written inside the open scope: (key of the row, name in storage). None: no scope is open.
_written: ContextVar[list[tuple[uuid.UUID, str]] | None] = ContextVar("written", default=None)


@contextmanager
def atomic_with_files() -> Iterator[None]:
    """Open a transaction in which ``store`` may be called; replaces ``transaction.atomic``.

    A database rolls back rows, not files. So when the outermost block is left, in whatever way,
    the database itself is asked which of the files written inside have a row, and the others are
    removed: after an exception, a failed commit, or an inner savepoint whose error was handled.
    A file goes only when its row is known to be missing; in doubt (connection lost) it stays.

    May be nested in itself. Django raises RuntimeError when the outermost one stands inside a
    plain ``transaction.atomic``, since then its end would not be the end of the transaction.
    """
    if _written.get() is not None:
        with transaction.atomic():
            yield
        return
    written: list[tuple[uuid.UUID, str]] = []
    token = _written.set(written)
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        _written.reset(token)
        _remove_without_row(written)


def _remove_without_row(written: list[tuple[uuid.UUID, str]]) -> None:
    if not written:
        return
    try:
        keys = [key for key, _ in written]
        kept = set(StoredFile.objects.filter(pk__in=keys).values_list("pk", flat=True))
    except DatabaseError:
        logger.exception("Files without a row may remain: %s", [name for _, name in written])
        return
    for key, name in written:
        if key not in kept:
            StoredFile(file=name).file.delete(save=False)


def store(*, uploaded: UploadedFile[bytes], actor: User) -> StoredFile:
    """Check an upload, write it under a random name, and return its new row.

    Only inside ``atomic_with_files``, else RuntimeError; FileRefused as by ``check_upload``.
    """
    written = _written.get()
    if written is None:
        raise RuntimeError("store() is called inside atomic_with_files() only.")
    checked = check_upload(uploaded)
    stored = StoredFile(
        original_name=checked.name,
        content_type=checked.kind.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=actor,
        uploaded_at=clock.now(),
    )
    # Noted before it is written: a half-written file is removed too.
    name = stored.file.field.generate_filename(stored, checked.name)
    written.append((stored.pk, name))
    stored.file.name = stored.file.storage.save(name, uploaded)
    stored.save(force_insert=True)
    return stored


# ---------------------------------------------------------------- handing out


def opened(stored: StoredFile) -> File[bytes]:
    """Return the content, open for reading; FileGone where the store no longer has it."""
    try:
        return stored.file.open("rb")
    except FileNotFoundError as error:
        logger.exception("The content of a file is missing: %s", stored.pk)
        raise FileGone(stored) from error


def require_kept(stored: StoredFile) -> None:
    """Raise FileGone where the store no longer has the content."""
    opened(stored).close()


_SHOWN_INLINE = frozenset(kind.content_type for kind in (Kind.PDF, Kind.JPG, Kind.PNG))


def is_viewable(stored: StoredFile) -> bool:
    """Return whether browsers show the file themselves: PDF and pictures, by their content."""
    return stored.content_type in _SHOWN_INLINE


def download_response(stored: StoredFile) -> FileResponse:
    """Return the file as an attachment that no browser will interpret and no cache will keep."""
    return _response(stored, as_attachment=True)


def inline_response(stored: StoredFile) -> FileResponse:
    """Return a PDF or picture to be shown, on its own or in a frame of our own pages.

    It stays in a sandbox: nothing in it runs, and it reaches nothing of ours. Anything else is an
    attachment, as by :func:`download_response`.
    """
    if not is_viewable(stored):
        return download_response(stored)
    response = _response(stored, as_attachment=False)
    response["Content-Security-Policy"] += "; frame-ancestors 'self'"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _response(stored: StoredFile, *, as_attachment: bool) -> FileResponse:
    response = FileResponse(
        opened(stored),
        as_attachment=as_attachment,
        filename=stored.original_name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
