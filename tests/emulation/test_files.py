"""Uploads: what is accepted, what is refused and in what words."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import unicodedata
import zipfile
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from emulation import files
from emulation.files import (
    FileRefused,
    Kind,
    check_upload,
    clean_name,
)
from emulation.office import Paper, Sheet, archive, workbook_bytes

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40)
EXE = b"MZ\x90\x00\x03" + bytes(200)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"


def types_xml(*content_types: str) -> str:
    parts = "".join(f'<Override PartName="/p" ContentType="{name}"/>' for name in content_types)
    return f'<?xml version="1.0"?><Types xmlns="urn:t">{parts}</Types>'


def zipped(entries: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return buffer.getvalue()


def office(types: str | bytes = types_xml(WORD), **more: bytes | str) -> bytes:
    return zipped({"[Content_Types].xml": types, "word/document.xml": "<document/>", **more})


def upload(content: bytes, name: str = "báo cáo.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(FileRefused) as caught:
        check_upload(upload(content, name))
    return str(caught.value)


# ---------------------------------------------------------------- what comes in


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "Quyết định.pdf", Kind.PDF),
        (JPG, "ảnh.jpg", Kind.JPG),
        (JPG, "ảnh.JPEG", Kind.JPG),
        (PNG, "ảnh.png", Kind.PNG),
        (office(), "báo cáo.docx", Kind.DOCX),
        (office(types_xml(EXCEL)), "bảng.xlsx", Kind.XLSX),
    ],
)
def test_allowed_kinds(content, name, kind):
    found = check_upload(upload(content, name))
    assert found.kind is kind
    assert found.size == len(content)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.name == name


def test_our_own_office_files_are_accepted():
    paper = Paper()
    paper.paragraph("Nội dung")
    assert check_upload(upload(paper.to_bytes(), "a.docx")).kind is Kind.DOCX
    workbook = workbook_bytes([Sheet("Điểm", ["A"], [["x"]])])
    assert check_upload(upload(workbook, "a.xlsx")).kind is Kind.XLSX


def test_a_big_upload_on_disk_is_read_and_left_rewound():
    with TemporaryUploadedFile("a.pdf", "text/html", len(PDF), None) as uploaded:
        uploaded.write(PDF)
        assert check_upload(uploaded).sha256 == hashlib.sha256(PDF).hexdigest()
        assert uploaded.read() == PDF


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "rỗng.pdf", "không có nội dung"),
        (EXE, "quyết định.pdf", "là chương trình"),
        (b"\x7fELF" + bytes(99), "a.docx", "là chương trình"),
        (b"#!/bin/sh\nrm -rf /\n", "a.pdf", "là chương trình"),
        (b"<html><script>alert(1)</script>", "a.pdf", "không thuộc loại được nhận"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "không thuộc loại được nhận"),
        (b"GIF89a" + bytes(40), "a.png", "không thuộc loại được nhận"),
        (OLE, "cũ.doc", "định dạng cũ"),
        (OLE, "mới.docx", "đặt mật khẩu"),
        (PDF, "a.exe", "đuôi “.exe” nhưng nội dung là tệp PDF"),
        (PDF, "a.pdf.exe", "đuôi “.exe”"),
        (PNG, "a.jpg", "đuôi “.jpg” nhưng nội dung là ảnh PNG"),
        (office(), "a.xlsx", "đuôi “.xlsx” nhưng nội dung là tệp Word"),
        (office(), "a.docm", "đuôi “.docm”"),
        (b"PK\x03\x04" + bytes(60), "a.docx", "bị hỏng"),
        (office()[:-30], "a.docx", "bị hỏng"),
        (zipped({"a.png": PNG}), "a.docx", "là tệp nén"),
        (office(types_xml("text/xml")), "a.docx", "là tệp nén"),
        (office(types_xml(WORD, EXCEL)), "a.docx", "là tệp nén"),
        (office("<Types"), "a.docx", "bị hỏng"),
        (office(**{"word/vbaProject.bin": b"x"}), "a.docx", "macro"),
        (office(**{"WORD/VBAPROJECT.BIN": b"x"}), "a.docx", "macro"),
        (office(types_xml(MACRO_WORD)), "a.docx", "macro"),
        (office(types_xml(WORD, "application/vnd.ms-office.vbaProject")), "a.docx", "macro"),
        (office(types_xml(WORD, MACRO_WORD.replace("m", "&#109;"))), "a.docx", "macro"),
        (office(types_xml(WORD, MACRO_WORD).encode("utf-16")), "a.docx", "macro"),
        (office(types_xml(WORD, "application/vnd.ms-excel.macrosheet+xml")), "a.docx", "macro"),
        (office(**{"../../etc/cron.d/x": b"x"}), "a.docx", "bất thường"),
        (office(**{"word/..\\..\\x": b"x"}), "a.docx", "bất thường"),
        (office(**{"/etc/passwd": b"x"}), "a.docx", "bất thường"),
        (office(**{"C:\\x": b"x"}), "a.docx", "bất thường"),
    ],
)
def test_refused(content, name, words):
    message = refusal(content, name)
    assert words in message
    assert f"“{name}”" in message


def test_entities_in_the_content_types_are_refused():
    bomb = '<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + types_xml(WORD)[21:]
    assert "bất thường" in refusal(office(bomb), "a.docx")


def test_a_huge_list_of_content_types_is_not_parsed():
    padded = types_xml(WORD) + " " * (2 * 1024 * 1024)
    assert "lớn bất thường" in refusal(office(padded), "a.docx")


def test_two_lists_of_content_types_are_refused():
    buffer = io.BytesIO(office())
    with zipfile.ZipFile(buffer, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("[Content_Types].xml", types_xml(MACRO_WORD))
    assert "là tệp nén" in refusal(buffer.getvalue(), "a.docx")


def test_an_encrypted_entry_is_refused():
    content = bytearray(office())
    flags = content.find(b"PK\x01\x02") + 8
    content[flags] |= 1
    assert "mật khẩu" in refusal(bytes(content), "a.docx")


def test_an_unusual_compression_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as target:
        target.writestr("[Content_Types].xml", types_xml(WORD))
    assert "bất thường" in refusal(buffer.getvalue(), "a.docx")


# ---------------------------------------------------------------- bombs


def bomb(megabytes: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", types_xml(WORD))
        with target.open("word/document.xml", "w") as part:
            for _ in range(megabytes):
                part.write(bytes(1024 * 1024))
    return buffer.getvalue()


def test_a_bomb_is_refused_by_its_size_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "_check_content", lambda *_: pytest.fail("unpacked"))
    monkeypatch.setattr(archive, "MAX_RATIO", 10_000)
    assert "giải nén lớn bất thường" in refusal(bomb(201), "a.docx")


def test_a_bomb_is_refused_by_its_ratio():
    assert "giải nén lớn bất thường" in refusal(bomb(11), "a.docx")
    assert check_upload(upload(bomb(9), "a.docx")).kind is Kind.DOCX


def test_a_bomb_that_understates_its_size_is_refused():
    honest = office(**{"word/big.xml": b"A" * 1_000_003})
    assert check_upload(upload(honest, "a.docx")).kind is Kind.DOCX
    lying = honest.replace(struct.pack("<L", 1_000_003), struct.pack("<L", 7))
    assert lying != honest
    assert "bị hỏng" in refusal(lying, "a.docx")


def test_too_many_entries_are_refused():
    few = {f"word/{n}.xml": b"" for n in range(archive.MAX_ENTRIES - 2)}
    assert check_upload(upload(office(**few), "a.docx")).kind is Kind.DOCX
    many = office(**few, **{"word/last.xml": b""})
    assert "lớn bất thường" in refusal(many, "a.docx")


def test_too_many_entries_are_refused_even_if_their_count_is_forged():
    many = bytearray(office(**{f"word/{n}.xml": b"" for n in range(archive.MAX_ENTRIES)}))
    end = many.rfind(b"PK\x05\x06")
    many[end + 8 : end + 12] = struct.pack("<2H", 1, 1)
    assert "lớn bất thường" in refusal(bytes(many), "a.docx")


def test_a_huge_table_of_entries_is_not_even_read(monkeypatch):
    content = bytearray(office())
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<L", 50_000_000)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("opened"))
    assert "lớn bất thường" in refusal(bytes(content), "a.docx")


def test_the_64_bit_format_is_refused():
    content = office()
    end = content.rfind(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    assert "lớn bất thường" in refusal(content[:end] + locator + content[end:], "a.docx")


@given(st.data())
def test_a_damaged_archive_is_accepted_or_refused_never_a_crash(data):
    content = bytearray(office())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    with suppress(FileRefused):
        assert check_upload(upload(bytes(content), "a.docx")).kind in {Kind.DOCX, Kind.XLSX}


@given(st.binary(max_size=300), st.sampled_from([b"", PDF[:5], PNG[:8], b"PK\x03\x04", OLE[:8]]))
def test_any_content_is_accepted_or_refused_never_a_crash(content, start):
    with suppress(FileRefused):
        assert check_upload(upload(start + content, "a")).size == len(start + content)


# ---------------------------------------------------------------- size and name


def test_the_size_limit_is_inclusive(settings):
    settings.UPLOAD_MAX_BYTES = len(PDF)
    assert check_upload(upload(PDF)).size == len(PDF)
    assert "quá mức" in refusal(PDF + b"\n", "a.pdf")


def test_the_size_limit_has_a_default(settings):
    del settings.UPLOAD_MAX_BYTES
    message = refusal(PDF + bytes(20 * 1024 * 1024), "to.pdf")
    assert "nặng 20,1 MB, quá mức 20 MB" in message


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("C:\\Users\\Lan\\Báo cáo.pdf", "Báo cáo.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (unicodedata.normalize("NFD", "Quyết định.pdf"), "Quyết định.pdf"),
        ("a\x00b\r\nc\x7f.pdf", "ab c.pdf"),
        ("hoa\u202efdp.exe", "hoafdp.exe"),
        ("  nhiều   dấu  cách .pdf", "nhiều dấu cách.pdf"),
        ("", "tệp"),
        ("...", "tệp"),
        ("/", "tệp"),
        (".pdf", "pdf"),
        ("ế" * 300 + ".docx", "ế" * 145 + ".docx"),
        ("a" * 300, "a" * 150),
        ("QĐ 12.2022", "QĐ 12.2022"),
    ],
)
def test_clean_name(name, expected):
    assert clean_name(name) == expected


@given(st.text())
def test_a_cleaned_name_is_short_visible_and_stable(name):
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= files.NAME_LENGTH
    assert not re.search(r"[/\\]", cleaned)
    assert all(not unicodedata.category(char).startswith("C") for char in cleaned)
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize("name", ["quyết định", "QĐ số 12.2022", "a." + "b" * 200])
def test_a_missing_extension_is_added(name):
    found = check_upload(upload(PDF, name)).name
    assert found.endswith(".pdf")
    assert len(found) <= files.NAME_LENGTH
