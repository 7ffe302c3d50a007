"""Bodies that are too large, fields that are too many: a page that says so, read or not."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from emulation.middleware import BodyLimitMiddleware
from emulation.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/tai-khoan/lien-he/"


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(make_user())
    return client


MAIL = User._meta.get_field("mail_choice").default


def test_the_largest_sheet_passes(client: Client) -> None:
    fields = {f"truong-{number}": "1" for number in range(300 * 5)}
    assert (
        client.post(PAGE, {**fields, "phone": "0912 345 678", "mail_choice": MAIL}).status_code
        == 302
    )


def test_too_many_fields_are_refused_in_words(client: Client) -> None:
    fields = {f"t{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = client.post(PAGE, fields)
    assert answer.status_code == 413
    assert "quá nhiều ô" in answer.content.decode()
    assert "Nội dung đã nhập không mất" in answer.content.decode()


def test_too_much_text_is_refused_in_words(client: Client) -> None:
    answer = client.post(PAGE, {"phone": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert answer.status_code == 413
    assert "Nội dung gửi đi quá lớn" in answer.content.decode()


def test_too_large_a_body_is_refused_in_words(client: Client, settings: Any) -> None:
    settings.REQUEST_MAX_BYTES = 1000
    answer = client.post(PAGE, {"file": SimpleUploadedFile("a.pdf", b"x" * 2000)})
    assert answer.status_code == 413
    assert "Mỗi tệp không quá 20 MB" in answer.content.decode()


def test_and_nothing_of_it_is_read() -> None:
    class Unread:
        def read(self, *_args: object) -> bytes:
            raise AssertionError("the body was read")

    request = RequestFactory().post(PAGE)
    request.META["CONTENT_LENGTH"] = str(settings.REQUEST_MAX_BYTES + 1)
    request._stream = Unread()
    with pytest.raises(Exception, match="REQUEST_MAX_BYTES"):
        BodyLimitMiddleware(lambda _request: None)(request)


@pytest.mark.parametrize("length", ["", "không", "-1", "99999999999999999999999"])
def test_an_odd_length_does_no_harm(client: Client, length: str) -> None:
    answer = client.post(PAGE, {"phone": ""}, CONTENT_LENGTH=length)
    assert answer.status_code in {200, 302, 400, 413}


def test_somebody_not_logged_in_is_not_read_either(settings: Any) -> None:
    settings.REQUEST_MAX_BYTES = 10
    assert Client().post("/dang-nhap/", {"username": "x" * 100}).status_code == 413


def test_a_nul_character_is_a_plain_400(client: Client) -> None:
    answer = client.post(PAGE, {"phone": "0\x00"})
    assert answer.status_code == 400
    assert "Yêu cầu chưa đọc được" in answer.content.decode()
