"""Uploads that are kept: the row and its file, rollbacks, and downloads."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from emulation.files import FileRefused, atomic_with_files, download_response, store
from emulation.models import StoredFile, User

PDF = b"%PDF-1.7\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
EXE = b"MZ\x90\x00\x03" + bytes(200)


def upload(content: bytes, name: str = "báo cáo.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


# ---------------------------------------------------------------- what is kept


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def lan(db) -> User:
    return User.objects.create_user("lan", full_name="Nguyễn Thị Lan")


def on_disk(media: Path) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


class Failed(Exception):  # noqa: N818 - it stands for any failure
    """What a service raises after it has stored a file."""


def test_store_writes_the_row_and_the_file(media, lan):
    with atomic_with_files():
        stored = store(uploaded=upload(PDF, "Quyết định.pdf"), actor=lan)
    row = StoredFile.objects.get()
    assert row == stored
    assert (row.original_name, row.size, row.uploaded_by) == ("Quyết định.pdf", len(PDF), lan)
    assert (row.content_type, row.sha256) == ("application/pdf", hashlib.sha256(PDF).hexdigest())
    assert re.fullmatch(rf"evidence/\d{{4}}/{row.uuid}", row.file.name)
    assert (media / row.file.name).read_bytes() == PDF


def test_a_refused_file_leaves_nothing(media, lan):
    with pytest.raises(FileRefused), atomic_with_files():
        store(uploaded=upload(EXE), actor=lan)
    assert on_disk(media) == []
    assert not StoredFile.objects.exists()


def test_store_needs_its_transaction(media, lan):
    with pytest.raises(RuntimeError, match="atomic_with_files"):
        store(uploaded=upload(PDF), actor=lan)
    with atomic_with_files():
        pass
    with pytest.raises(RuntimeError, match="atomic_with_files"), transaction.atomic():
        store(uploaded=upload(PDF), actor=lan)
    assert on_disk(media) == []


@pytest.mark.django_db(transaction=True)
def test_the_outermost_block_must_be_the_outermost_transaction(media, lan):
    with (
        pytest.raises(RuntimeError, match="durable"),
        transaction.atomic(),
        atomic_with_files(),
    ):
        pytest.fail("entered")
    with atomic_with_files():
        store(uploaded=upload(PDF), actor=lan)
    assert len(on_disk(media)) == 1


@pytest.mark.django_db(transaction=True)
def test_it_serves_as_a_decorator_of_a_service(media, lan):
    @atomic_with_files()
    def attach(*, fail: bool) -> StoredFile:
        stored = store(uploaded=upload(PDF), actor=lan)
        if fail:
            raise Failed
        return stored

    for _ in range(2):
        with pytest.raises(Failed):
            attach(fail=True)
    assert on_disk(media) == []
    stored = attach(fail=False)
    assert on_disk(media) == [str(stored.uuid)]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_removes_the_file(media, lan):
    with pytest.raises(Failed), atomic_with_files():  # noqa: PT012 - leaving it is the test
        store(uploaded=upload(PDF), actor=lan)
        assert len(on_disk(media)) == 1
        raise Failed
    assert on_disk(media) == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_rolled_back_without_an_exception_removes_the_file(media, lan):
    with atomic_with_files():
        store(uploaded=upload(PDF), actor=lan)
        transaction.set_rollback(True)
    assert on_disk(media) == []


@pytest.mark.django_db(transaction=True)
def test_a_failure_outside_an_inner_block_removes_the_file(media, lan):
    with pytest.raises(Failed), atomic_with_files():  # noqa: PT012 - leaving it is the test
        with atomic_with_files():
            store(uploaded=upload(PDF), actor=lan)
        assert len(on_disk(media)) == 1
        raise Failed
    assert on_disk(media) == []


@pytest.mark.django_db(transaction=True)
def test_a_handled_failure_inside_removes_only_its_own_file(media, lan):
    with atomic_with_files():
        kept = store(uploaded=upload(PDF), actor=lan)
        with pytest.raises(Failed), transaction.atomic():  # noqa: PT012 - leaving it is the test
            store(uploaded=upload(PNG, "a.png"), actor=lan)
            raise Failed
    assert on_disk(media) == [str(kept.uuid)]
    assert list(StoredFile.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_a_failure_after_the_commit_keeps_the_file(media, lan):
    def fail() -> None:
        raise Failed

    with pytest.raises(Failed), atomic_with_files():  # noqa: PT012 - leaving it is the test
        stored = store(uploaded=upload(PDF), actor=lan)
        transaction.on_commit(fail)
    assert on_disk(media) == [str(stored.uuid)]
    assert StoredFile.objects.get() == stored


def test_a_half_written_file_is_removed(media, lan, monkeypatch):
    storage = StoredFile._meta.get_field("file").storage

    def save(name: str, content: object) -> str:
        path = media / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(storage, "save", save)
    with pytest.raises(OSError, match="No space"), atomic_with_files():
        store(uploaded=upload(PDF), actor=lan)
    assert on_disk(media) == []


def test_in_doubt_the_file_stays(media, lan, monkeypatch, caplog):
    def unreachable(**_: object) -> None:
        raise DatabaseError

    with pytest.raises(Failed), atomic_with_files():  # noqa: PT012 - leaving it is the test
        store(uploaded=upload(PDF), actor=lan)
        monkeypatch.setattr(StoredFile.objects, "filter", unreachable)
        raise Failed
    assert len(on_disk(media)) == 1
    assert on_disk(media)[0] in caplog.text


def test_a_block_without_files_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(2), atomic_with_files():  # SAVEPOINT and its release
        pass


# ---------------------------------------------------------------- what goes out


def test_download_is_an_attachment_that_nothing_runs_or_keeps(media, lan):
    with atomic_with_files():
        stored = store(uploaded=upload(PDF, "Quyết định số 5.pdf"), actor=lan)
    response = download_response(StoredFile.objects.get(pk=stored.pk))
    assert b"".join(response.streaming_content) == PDF
    response.close()
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(PDF))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert {"private", "no-store"} <= set(re.split(r",\s*", response["Cache-Control"]))
