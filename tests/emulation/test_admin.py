"""The administrator's pages speak Vietnamese, and the words that make them do are fresh."""

from __future__ import annotations

import ast
import gettext
import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from emulation.models import User
from tests.attack.test_administrator import A, admin_pages
from tests.factories import PASSWORD, make_user, make_world

WORDS = Path(settings.BASE_DIR) / "emulation" / "locale" / "vi" / "LC_MESSAGES"
LINES = r'((?:".*"\n?)+)'
ENTRY = re.compile(
    rf"(?:msgctxt {LINES})?msgid {LINES}(?:msgid_plural {LINES})?msgstr(?:\[0\])? {LINES}"
)
UNSEEN = re.compile(r"(?s)<script.*?</script>|<style.*?</style>|<head>.*?</head>|<svg.*?</svg>")
SPOKEN = re.compile(r'\b(?:title|alt|placeholder|aria-label|value)="([^"]*)"')
# Words of which every English sentence of Django's pages has one, and no Vietnamese syllable is.
ENGLISH = """
the of and your for with from add change delete save select search home view site all users user
password skip main content toggle navigation history actions date time today error please correct
below none yes go run filter hold down enter required field page clear show login log out welcome
close remove another lookup breadcrumbs results link set
"""


def _text(quoted: str | None) -> str:
    return "".join(ast.literal_eval(line) for line in (quoted or "").split("\n") if line)


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_the_compiled_words_are_those_of_the_source(name: str) -> None:
    with (WORDS / f"{name}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    entries = ENTRY.findall((WORDS / f"{name}.po").read_text(encoding="utf-8"))
    assert len(entries) > 15
    for context, key, plural, said in entries[1:]:
        if plural:
            found = compiled.ngettext(_text(key), _text(plural), 2)
        elif context:
            found = compiled.pgettext(_text(context), _text(key))
        else:
            found = compiled.gettext(_text(key))
        assert found == _text(said), f"msgfmt -o {name}.mo {name}.po"


def english_in(page: str) -> list[str]:
    """The English words a person sees or hears."""
    page = UNSEEN.sub(" ", page)
    seen = re.sub(r"<[^>]*>", "\n", page) + "\n" + "\n".join(SPOKEN.findall(page))
    # Values of options and hidden fields are programs' words, in lower case with underscores.
    lines = [
        line for line in html.unescape(seen).split("\n") if " " in line.strip() or "_" not in line
    ]
    words = re.findall(r"(?<![\w\d])[A-Za-z]{2,}(?![\w\d])", "\n".join(lines))
    return sorted(
        {word for word in words if word.lower() in ENGLISH.split() and not word.isupper()}
    )


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def chief(self, as_user: Callable[[User], Client]) -> Client:
        return as_user(User.objects.create_superuser("quantri", PASSWORD, full_name="Quản Trị"))

    def test_no_english_is_left(self, chief: Client) -> None:
        world = make_world()
        pages = [page for page in admin_pages(world) if "jsi18n" not in page]
        pages = [page for page in pages if "nhat-ky" not in page and "autocomplete" not in page]
        found = {page: english_in(chief.get(page).content.decode()) for page in pages}
        assert {page: words for page, words in found.items() if words} == {}

    def test_nor_where_something_is_refused(self, chief: Client) -> None:
        world, person = make_world(), make_user()
        sent = {
            f"{A}emulation/user/add/": {"username": "a b!"},
            f"{A}emulation/user/{person.pk}/change/": {},
            f"{A}emulation/user/{person.pk}/password/": {},
            f"{A}blocs/post/add/": {"user": person.pk, "role": "leader", "starts_on": "sai"},
            f"{A}blocs/post/{world.secretary.posts.get().pk}/change/": {"ends_on": "1/1/1990"},
            f"{A}emulation/user/": {"action": "", "_selected_action": [person.pk]},
        }
        found = {page: chief.post(page, data, follow=True) for page, data in sent.items()}
        words = {page: english_in(answer.content.decode()) for page, answer in found.items()}
        assert {page: each for page, each in words.items() if each} == {}

    def test_the_scripts_speak_it_too(self, chief: Client) -> None:
        assert json.dumps("Chủ nhật") in chief.get(f"{A}jsi18n/").content.decode()

    def test_the_check_finds_english(self) -> None:
        assert english_in('<p>Skip to main content</p><img alt="Search">') == [
            "Search",
            "Skip",
            "content",
            "main",
        ]
