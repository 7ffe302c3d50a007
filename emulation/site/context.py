"""What the base template needs on every page: navigation and who is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from blocs.models import Post
from blocs.selectors.standing import known_posts
from emulation.models import User
from emulation.site.people import unread_notices


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the main navigation."""

    label: str
    url: str
    current: bool


def site(request: HttpRequest) -> dict[str, Any]:
    """Return ``nav`` and ``whoami``, worked out only if the template shows them, and ``unread``."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"nav": [], "whoami": "", "unread": 0}
    frame = SimpleLazyObject(lambda: _frame(request, known_posts(user)))
    return {
        "nav": SimpleLazyObject(lambda: frame["nav"]),
        "whoami": SimpleLazyObject(lambda: frame["whoami"]),
        "unread": unread_notices(user),
    }


def _frame(request: HttpRequest, posts: list[Post]) -> dict[str, Any]:
    entries = [("Việc cần làm", reverse("home")), ("Khối thi đua", reverse("bloc_list"))]
    unit = _own_unit(posts)
    if unit:
        entries.append(("Đơn vị của tôi", reverse("unit", args=[unit])))
    if any(post.board_id for post in posts):
        entries.insert(1, ("Toàn tỉnh", reverse("board_desk")))
        entries.append(("Đơn vị", reverse("unit_list")))
        entries += _boards(posts)
    if getattr(request.user, "is_staff", False):
        entries.append(("Quản trị tài khoản", reverse("admin:index")))
    nav = [NavItem(label, url, _is_current(request.path, url)) for label, url in entries]
    return {"nav": nav, "whoami": " · ".join(dict.fromkeys(_place(post) for post in posts))}


def _boards(posts: list[Post]) -> list[tuple[str, str]]:
    """The page of each board the person works for, named where there are several."""
    boards = {post.board.pk: post.board for post in posts if post.board}
    several = len(boards) > 1
    return [
        (f"Hội đồng {board.place}" if several else "Hội đồng", reverse("board", args=[key]))
        for key, board in boards.items()
    ]


def _own_unit(posts: list[Post]) -> int | None:
    """Return the unit whose page the person needs most: one led, else one served."""
    own = sorted((post for post in posts if post.unit_id), key=lambda post: post.role)
    return own[0].unit_id if own else None


def _place(post: Post) -> str:
    place = post.unit.name if post.unit else f"Hội đồng {post.board.place if post.board else ''}"
    return f"{post.title or post.get_role_display()}, {place}"


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
