"""The administrator manages accounts and sees no scores: not by guessing, not by filtering."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from blocs.enums import PostRole
from blocs.models import Post
from emulation import doors
from emulation.enums import DoorEvent
from emulation.models import DoorRecord, User
from tests.factories import PASSWORD, World, make_post, make_user, make_world

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
A = "/quan-tri/"
REGISTERED = {("emulation", "user"), ("blocs", "post")}
OTHERS = sorted(
    {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()} - REGISTERED
)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("quantri", PASSWORD, full_name="Quản Trị Viên")


@pytest.fixture
def client(client: Client, chief: User) -> Client:
    client.force_login(chief)
    return client


def admin_pages(world: World) -> list[str]:
    """Every page that the two registers have, with all that an address may add."""
    user, post = world.secretary.pk, Post.objects.order_by("pk").first()
    assert post is not None
    return [
        A,
        f"{A}emulation/",
        f"{A}blocs/",
        f"{A}jsi18n/",
        f"{A}emulation/user/",
        f"{A}emulation/user/?q=Nguy",
        f"{A}emulation/user/?o=1&is_active__exact=1",
        f"{A}emulation/user/?_popup=1&_to_field=id",
        f"{A}emulation/user/add/",
        f"{A}emulation/user/{user}/change/",
        f"{A}emulation/user/{user}/history/",
        f"{A}emulation/user/{user}/password/",
        f"{A}blocs/post/",
        f"{A}blocs/post/?role__exact=leader",
        f"{A}blocs/post/add/",
        f"{A}blocs/post/{post.pk}/change/",
        f"{A}blocs/post/{post.pk}/history/",
        f"{A}autocomplete/?app_label=blocs&model_name=post&field_name=user&term=Nguy",
        f"{A}nhat-ky/",
    ]


# ---------------------------------------------------------------- what is not there


@pytest.mark.parametrize(("app", "model"), OTHERS, ids="-".join)
def test_no_other_table_has_a_page(client: Client, app: str, model: str) -> None:
    for rest in ("", "add/", "1/change/", "1/history/", "1/delete/", "export/", "import/"):
        assert client.get(f"{A}{app}/{model}/{rest}").status_code == 404


@pytest.mark.parametrize("register", ["emulation/user", "blocs/post"])
@pytest.mark.parametrize("rest", ["import/", "export/", "process_import/", "1/export/"])
def test_nothing_is_imported_or_exported(client: Client, register: str, rest: str) -> None:
    assert client.get(f"{A}{register}/{rest}").status_code in {302, 404}
    assert client.post(f"{A}{register}/{rest}").status_code in {302, 403, 404}


def test_nothing_is_deleted(client: Client, world: World) -> None:
    for path in (f"emulation/user/{world.secretary.pk}/delete/", "blocs/post/1/delete/"):
        assert client.post(f"{A}{path}", {"post": "yes"}).status_code in {302, 403}
    client.post(
        f"{A}emulation/user/",
        {"action": "delete_selected", "_selected_action": [world.secretary.pk], "post": "yes"},
    )
    assert User.objects.filter(pk=world.secretary.pk).exists()


def test_no_address_filters_by_what_belongs_to_others(client: Client, world: World) -> None:
    relations = [relation.name for model in (User, Post) for relation in model._meta.get_fields()]
    for register in ("emulation/user", "blocs/post"):
        for name in relations:
            for lookup in ("pk__gte", "isnull", "at__gte"):
                answer = client.get(f"{A}{register}/", {f"{name}__{lookup}": "0"})
                assert answer.status_code == 400, (register, name, lookup)


@pytest.mark.parametrize("field", ["phone", "password", "email", "folded"])
def test_a_window_of_choices_answers_with_keys_only(client: Client, field: str) -> None:
    assert client.get(f"{A}emulation/user/", {"_to_field": field}).status_code == 400


@pytest.mark.parametrize(
    ("model", "field"), [("post", "unit"), ("post", "board"), ("membership", "unit")]
)
def test_choices_are_searched_among_people_only(client: Client, model: str, field: str) -> None:
    asked = {"app_label": "blocs", "model_name": model, "field_name": field, "term": "S"}
    assert client.get(f"{A}autocomplete/", asked).status_code == 403


def test_no_telephone_number_stands_on_any_of_the_pages(client: Client, world: World) -> None:
    phones = set(User.objects.exclude(phone="").values_list("phone", flat=True))
    assert len(phones) > 5
    for path in admin_pages(world):
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == 200, path
        assert [phone for phone in phones if phone in page] == [], path
        assert "pbkdf2" not in page
        assert "md5$" not in page


def test_the_blocs_pages_are_not_the_administrators(client: Client, world: World) -> None:
    year = world.bloc_year.pk
    for path in (f"/nam/{year}/", f"/nam/{year}/xep-hang/", f"/nam/{year}/don-vi/"):
        assert client.get(path).status_code == 404
    assert world.bloc_year.name not in client.get("/khoi/").content.decode()


# ---------------------------------------------------------------- posts


def given(world: World, user: User) -> dict[str, object]:
    return {
        "user": user.pk,
        "unit": world.units[0].pk,
        "board": "",
        "role": PostRole.LEADER,
        "title": "Giám đốc",
        "starts_on": "01/01/2026",
    }


def test_a_post_is_given_through_the_service_and_noted(
    client: Client, chief: User, world: World
) -> None:
    person = make_user()
    answer = client.post(f"{A}blocs/post/add/", given(world, person))
    assert answer.status_code == 302
    post = Post.objects.get(user=person)
    assert (post.title, post.history.get().history_user) == ("Giám đốc", chief)
    row = DoorRecord.objects.get(event=DoorEvent.POST_CHANGED)
    assert (row.user, row.actor) == (person, chief)


def test_nobody_gives_a_post_to_himself(client: Client, chief: User, world: World) -> None:
    answer = client.post(f"{A}blocs/post/add/", given(world, chief))
    assert answer.status_code == 200
    assert "không tự ghi chức vụ cho mình" in answer.content.decode()
    assert not Post.objects.filter(user=chief).exists()


def test_nor_takes_over_anothers_nor_prolongs_the_own(
    client: Client, chief: User, world: World
) -> None:
    other = Post.objects.get(user=world.secretary)
    client.post(f"{A}blocs/post/{other.pk}/change/", {"user": chief.pk, "title": "Chuyên viên"})
    assert not Post.objects.filter(user=chief).exists()
    own = make_post(chief, unit=world.units[0], ends_on=world.units[0].established_on)
    answer = client.post(f"{A}blocs/post/{own.pk}/change/", {"title": "x", "ends_on": "31/12/2099"})
    assert answer.status_code == 403
    own.refresh_from_db()
    assert own.title == ""


def test_a_post_is_ended_and_not_opened_again(client: Client, world: World) -> None:
    post = Post.objects.get(user=world.secretary)
    page = f"{A}blocs/post/{post.pk}/change/"
    client.post(page, {"title": "Chuyên viên chính", "ends_on": "01/06/2026"})
    post.refresh_from_db()
    assert (post.title, str(post.ends_on)) == ("Chuyên viên chính", "2026-06-01")
    answer = client.post(page, {"title": "Chuyên viên chính", "ends_on": ""})
    assert "Đề nghị ghi một chức vụ mới" in answer.content.decode()
    post.refresh_from_db()
    assert str(post.ends_on) == "2026-06-01"


# ---------------------------------------------------------------- accounts


def test_an_account_is_made_without_password_and_noted(client: Client, chief: User) -> None:
    sent = {"username": "canbo.moi", "full_name": "Lê Thị Mới", "email": ""}
    assert client.post(f"{A}emulation/user/add/", sent).status_code == 302
    person = User.objects.get(username="canbo.moi")
    assert (person.has_usable_password(), person.is_staff) == (False, False)
    row = DoorRecord.objects.get(event=DoorEvent.ACCOUNT_ADDED)
    assert (row.user, row.actor) == (person, chief)
    again = client.post(f"{A}emulation/user/add/", {**sent, "username": "CanBo.Moi"})
    assert "đã có người dùng" in again.content.decode()


def test_deactivating_ends_the_sessions_and_is_noted(client: Client, world: World) -> None:
    person = world.secretary
    there = Client()
    there.post("/dang-nhap/", {"username": person.username, "password": PASSWORD})
    sent = {"username": person.username, "full_name": person.full_name, "email": ""}
    client.post(f"{A}emulation/user/{person.pk}/change/", sent)
    assert not User.objects.get(pk=person.pk).is_active
    assert there.get("/").status_code == 302
    assert doors.open_sessions(person, None) == []
    assert DoorRecord.objects.filter(event=DoorEvent.ACCOUNT_CHANGED, user=person).exists()


def test_a_password_set_by_the_administrator_is_noted_and_shown_to_its_owner(
    client: Client, chief: User, world: World
) -> None:
    person, there = world.secretary, Client()
    there.post("/dang-nhap/", {"username": person.username, "password": PASSWORD})
    page = reverse("admin:auth_user_password_change", args=[person.pk])
    weak = {"new_password1": "1234567890", "new_password2": "1234567890"}
    assert "dễ đoán" in client.post(page, weak).content.decode()
    new = {"new_password1": "mua-xuan-que-huong", "new_password2": "mua-xuan-que-huong"}
    assert client.post(page, new).status_code == 302
    assert there.get("/").status_code == 302
    row = DoorRecord.objects.get(event=DoorEvent.PASSWORD_SET)
    assert (row.user, row.actor) == (person, chief)
    sent = {"username": person.username, "password": new["new_password1"]}
    there.post("/dang-nhap/", sent)
    assert "Quản Trị Viên đặt lại lúc" in there.get("/tai-khoan/").content.decode()


def test_nobody_locks_himself_out(client: Client, chief: User) -> None:
    sent = {"username": chief.username, "full_name": "Tên Mới", "email": ""}
    client.post(f"{A}emulation/user/{chief.pk}/change/", sent)
    chief.refresh_from_db()
    assert (chief.full_name, chief.is_active, chief.is_superuser) == ("Tên Mới", True, True)
    own = client.get(reverse("admin:auth_user_password_change", args=[chief.pk]))
    assert own["Location"] == "/mat-khau/"
