"""What a change of structure means for people: posts that end, posts that go along, namings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from blocs.models import BlocYear, Membership, Post, SecretariatMember, Unit
from blocs.selectors.structure import posts_reaching, secretaries_among
from blocs.services.structure.records import Ground
from blocs.services.writing import save_checked
from emulation import clock
from emulation.models import User
from emulation.plans import Effect
from emulation.vietnamese import join_names

PEOPLE = "Người, quyền truy cập"


@dataclass
class PeopleChanges:
    """The posts that end, the unit (not always saved yet) they move to, the namings that end."""

    ground: Ground
    posts: list[Post] = field(default_factory=list)
    heir: Unit | None = None
    namings: list[SecretariatMember] = field(default_factory=list)

    def effects(self) -> Iterator[Effect]:
        """Yield whose access ends, and who goes along with which unit."""
        units = {post.unit_id: post.unit.name for post in self.posts if post.unit}
        for key, name in units.items():
            people = list(dict.fromkeys(p.user.full_name for p in self.posts if p.unit_id == key))
            yield Effect(PEOPLE, self._sentence(name, people))
        if not self.posts:
            yield Effect(PEOPLE, "Không có ai đang giữ chức vụ; không quyền truy cập nào thay đổi.")
        for row in self.namings:
            yield Effect(PEOPLE, f"{row.user.full_name} thôi tham gia tổ thư ký {row.bloc_year}.")

    def _sentence(self, unit: str, people: list[str]) -> str:
        who = f"{len(people)} người của {unit} ({join_names(people)})"
        if self.heir:
            return (
                f"{who} sang {self.heir.name}, giữ chức vụ hiện có {self.ground.since}; "
                "đăng nhập như cũ."
            )
        return (
            f"{who} thôi giữ chức vụ, không mở được việc của đơn vị nữa ngay khi xác nhận; "
            "tài khoản vẫn còn để ghi chức vụ mới."
        )

    def end(self, actor: User) -> None:
        """End the posts with the last day and close their access now; end the namings."""
        for post in self.posts:
            post.ends_on = max(post.starts_on, self.ground.last_day)
            post.closed_at = clock.now()
            save_checked(post, actor)
        for row in self.namings:
            row.ended_at = clock.now()
            save_checked(row, actor)

    def moving(self) -> list[Post]:
        """Return the posts that go along, as they begin in the new unit; to be asked before end.

        Those that were over by today do not.
        """
        today, first = clock.today(), self.ground.effective_on
        return [
            Post(
                user=each.user,
                role=each.role,
                title=each.title,
                starts_on=max(first, each.starts_on),
                ends_on=each.ends_on,
            )
            for each in self.posts
            if self.heir and (each.ends_on is None or each.ends_on >= today)
        ]


def posts_ending(units: Iterable[Unit], ground: Ground) -> PeopleChanges:
    """Return the changes that ending these units brings: every post there ends."""
    return PeopleChanges(ground, posts_reaching(units, ground.effective_on))


def end_namings(changes: PeopleChanges, stays_in: Iterable[BlocYear]) -> None:
    """End the namings of people who afterwards work for no member of that bloc-year.

    ``stays_in`` are the years in which the unit that the people move to is or becomes a member.
    """
    kept = {year.pk for year in stays_in} if changes.heir else set()
    people = {post.user_id for post in changes.posts}
    leaving = {post.unit_id for post in changes.posts if post.unit_id}
    rows = secretaries_among(people)
    elsewhere = _places(people, leaving)
    changes.namings = [
        row
        for row in rows
        if row.bloc_year_id not in kept and (row.user_id, row.bloc_year_id) not in elsewhere
    ]


def _places(people: set[int], leaving: set[int]) -> set[tuple[int, int]]:
    """Return (person, bloc-year) for whoever has a post today in another member of it."""
    posts = Post.objects.filter(user_id__in=people, closed_at__isnull=True, unit__isnull=False)
    today = clock.today()
    others = [
        post for post in posts.exclude(unit_id__in=leaving).order_by("pk") if post.is_current(today)
    ]
    units = {post.unit_id for post in others if post.unit_id}
    rows = Membership.objects.filter(unit_id__in=units, ends_on__isnull=True).order_by("pk")
    years: dict[int, list[int]] = {}
    for unit_id, year_id in rows.values_list("unit_id", "bloc_year_id"):
        years.setdefault(unit_id, []).append(year_id)
    return {(post.user_id, year) for post in others for year in years.get(post.unit_id or 0, ())}


def move_posts(posts: Iterable[Post], unit: Unit, actor: User) -> None:
    """Give the people the posts of :meth:`PeopleChanges.moving`; nobody holds one twice."""
    held = set(Post.objects.filter(unit=unit, ends_on__isnull=True).values_list("user_id", "role"))
    for post in posts:
        if (post.user_id, post.role) not in held:
            held.add((post.user_id, post.role))
            post.unit = unit
            save_checked(post, actor)
