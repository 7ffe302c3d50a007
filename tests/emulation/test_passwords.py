"""The rules for a new password: said before typing, in Vietnamese, and held everywhere."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from emulation.forms import NewPasswordForm, PasswordForm
from emulation.models import User
from tests.factories import PASSWORD, UnitFactory, make_post, make_user

pytestmark = pytest.mark.django_db

SHORT = "Mật khẩu quá ngắn: cần ít nhất 10 ký tự."
DIGITS = "Mật khẩu chỉ gồm chữ số thì dễ đoán. Đề nghị thêm chữ."
COMMON = "Mật khẩu này nhiều người dùng nên dễ đoán. Đề nghị chọn mật khẩu khác."
GOOD = "mua-xuan-que-huong"


def like(what: str) -> str:
    return f"Mật khẩu quá giống {what}. Đề nghị chọn mật khẩu khác."


def officer() -> User:
    user = make_user(
        username="canbo.nnmt",
        full_name="Trần Thị Bích Hằng",
        phone="0938 271 604",
        email="hangttb@vidu.gov.vn",
    )
    make_post(user, unit=UnitFactory(name="Sở Nông nghiệp và Môi trường"))
    return user


@pytest.mark.parametrize(
    ("password", "refusals"),
    [
        ("ngan", [SHORT]),
        ("739164820571", [DIGITS]),
        ("qwertyuiop", [COMMON]),
        ("Matkhau@2026", [COMMON]),
        ("Mật khẩu 2026", [COMMON]),
        ("abcd@12345", [COMMON]),
        ("1234567890", [DIGITS, COMMON]),
        ("canbo.nnmt1", [like("tên đăng nhập")]),
        ("TranThiBichHang", [like("họ và tên")]),
        ("Trần Thị Bích Hằng 85", [like("họ và tên")]),
        ("0938271604a", [like("số điện thoại")]),
        ("hangttb2026", [like("địa chỉ thư điện tử")]),
        ("SoNongnghiepvaMoitruong", [like("tên đơn vị")]),
        (GOOD, []),
        ("hang di cho mua rau", []),
    ],
)
def test_what_is_refused_and_with_what_words(password: str, refusals: list[str]) -> None:
    try:
        validate_password(password, officer())
        said = []
    except ValidationError as error:
        said = error.messages
    assert said == refusals


def test_a_board_officers_board_is_no_password() -> None:
    user = make_user()
    make_post(user, board=UnitFactory(board__name="Tỉnh Thái Bình").board)
    with pytest.raises(ValidationError, match="tên Hội đồng"):
        validate_password("tinhthaibinh1", user)


def test_the_rules_stand_on_the_page_before_typing(client: Client) -> None:
    client.force_login(make_user())
    page = client.get("/mat-khau/").content.decode()
    assert "ít nhất 10 ký tự" in page
    assert "Không giống tên đăng nhập" in page


@pytest.mark.parametrize("form", [NewPasswordForm, PasswordForm])
def test_a_refusal_stands_at_the_first_field_and_a_difference_at_the_second(form: type) -> None:
    user = make_user()
    given = {"old_password": PASSWORD, "new_password1": "ngan", "new_password2": "ngan"}
    assert form(user, given).errors == {"new_password1": [SHORT]}
    given |= {"new_password1": GOOD, "new_password2": "khac-han-di-roi"}
    assert list(form(user, given).errors) == ["new_password2"]
    given |= {"new_password2": GOOD}
    assert form(user, given).errors == {}


def test_empty_fields_are_named() -> None:
    errors = NewPasswordForm(make_user(), {}).errors
    assert errors == {
        "new_password1": ["Đề nghị nhập “Mật khẩu mới”."],
        "new_password2": ["Đề nghị nhập “Nhập lại mật khẩu mới”."],
    }
