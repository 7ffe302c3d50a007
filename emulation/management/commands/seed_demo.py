"""``manage.py seed_demo``: the demonstration, built through the services. Needs ``DEMO=1``."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.management.base import BaseCommand, CommandError, CommandParser

from blocs.enums import PostRole
from blocs.models import Bloc, Board
from blocs.services.people import create_person
from emulation import clock
from emulation.management.demo.cast import (
    Cast,
    appoint_administrator,
    engage,
    found_board,
)
from emulation.management.demo.example_province import tell_example_province
from emulation.management.demo.real_blocs import (
    tell_can_tho_2018,
    tell_can_tho_2023,
    tell_kien_giang_2018,
    tell_quang_binh_2016,
)
from emulation.management.demo.stories import day_of, load, moment
from emulation.management.demo.thai_binh import tell_thai_binh_2022
from emulation.models import User
from emulation.notices.announcing import only_since

Story = dict[str, Any]
# What happened in the last days is news to the people of the demonstration; years ago is not.
NEWS = dt.timedelta(days=14)


class Command(BaseCommand):
    """Builds five real blocs as reported and one fictitious province."""

    help = "Builds the demonstration (needs DEMO=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--seed", type=int, default=1, help="shuffles the order of telling")
        parser.add_argument("--if-empty", action="store_true", help="keep data that is there")
        parser.add_argument("--accounts", action="store_true", help="print the demo accounts")
        parser.add_argument("--today", default="", help="seed as if today were YYYY-MM-DD")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Build the demonstration, or leave it where it stands."""
        if not settings.DEMO:
            raise CommandError("seed_demo builds example data and runs only with DEMO=1.")
        if not Board.objects.exists():
            self._build(options["seed"], options["today"])
        elif not options["if_empty"]:
            raise CommandError("There is data already. Use --if-empty to keep it.")
        if options["accounts"]:
            self._print_accounts()

    def _build(self, seed: int, today: str) -> None:
        began = time.monotonic()
        day = day_of(today) if today else clock.today()
        with clock.allow_setting(), only_since(day - NEWS):
            tell_everything(random.Random(seed), day)  # noqa: S311
        self.stdout.write(f"Demonstration built in {time.monotonic() - began:.0f} s")

    def _print_accounts(self) -> None:
        password = load("real_blocs")["password"]
        self.stdout.write(f"\nPassword: {password}\nAccounts:")
        known = User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk")
        for user in known.prefetch_related("posts__unit", "posts__board"):
            places = [str(post.unit or post.board) for post in user.posts.all()]
            role = ", ".join(places) or "tài khoản và chức vụ"
            self.stdout.write(f"  {user.username:<14} {user.full_name} – {role}")


def tell_everything(dice: random.Random, today: dt.date) -> None:
    """Tell every story; the order of the real boards is shuffled by the seed."""
    facts, example = load("real_blocs"), load("example_province")
    password: str = facts["password"]
    account = example["administrator"]
    administrator = appoint_administrator(account["account"], account["name"], password)
    example_cast = found_board(
        administrator, example["board"], password, today - dt.timedelta(days=1100), example=True
    )
    tell_example_province(example_cast, example, password, today)
    boards = list(facts["boards"])
    dice.shuffle(boards)
    for board in boards:
        blocs = [each for each in facts["blocs"] if each["board"] == board["name"]]
        first = min(day_of(each["meeting"]["date"]) for each in blocs)
        cast = found_board(
            administrator, board, password, first.replace(month=1, day=2), example=False
        )
        _tell_board(cast, blocs, password)


def _tell_board(cast: Cast, blocs: list[Story], password: str) -> None:
    told: dict[str, Bloc] = {}
    tellers: dict[str, Callable[[Cast, Story], Bloc | None]] = {
        "cantho-2018": tell_can_tho_2018,
        "kiengiang-2018": tell_kien_giang_2018,
        "quangbinh-2016": tell_quang_binh_2016,
        "thaibinh-2022": tell_thai_binh_2022,
    }
    for story in sorted(blocs, key=lambda each: int(each["year"])):
        if "continues" in story:
            tell_can_tho_2023(cast, story, told[story["continues"]])
        elif bloc := tellers[story["key"]](cast, story):
            told[story["key"]] = bloc
        if "account" in story:
            _open_account(cast, story, password)


def _open_account(cast: Cast, story: Story, password: str) -> None:
    """Give visitors an officer's account in a real unit, named by office."""
    account = story["account"]
    day = day_of(story["meeting"]["date"])
    with clock.at(moment(day, dt.time(17, 30))):
        person = create_person(
            actor=cast.clerk,
            username=account["username"],
            full_name=f"Cán bộ {account['unit']}",
            password=password,
        )
        engage(cast, account["unit"], person, PostRole.OFFICER, "Cán bộ đầu mối", day)
