"""Who works where: new people, posts, their end, handing them over; in a unit and in a board."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.enums import PostRole
from blocs.forms.accounts import (
    AppointForm,
    BoardPostForm,
    EndPostForm,
    HandoverForm,
    NewPersonForm,
    PersonForm,
    newcomer_in,
)
from blocs.models import Board, Post, Unit
from blocs.permissions import (
    account_verdicts,
    board_works,
    can_appoint,
    can_manage_people,
    manages_board,
)
from blocs.selectors.people import people_known_to_unit, people_visible_to, roles_lacking
from blocs.selectors.units import people_known_to, units_visible_to
from blocs.services.handover import Handover, hand_over, losses_of, plan_handover
from blocs.services.people import add_person, appoint, edit_person, end_post
from blocs.views.boards import get_board_for_user
from blocs.views.form_page import FormPage, form_page
from blocs.views.frame import Crumb, person
from blocs.views.guided import GuidedPage, guided
from blocs.views.units import get_unit_for_user, unit_crumbs
from emulation.access import all_of, require
from emulation.models import User

NEXT_ROLE = {
    PostRole.LEADER: "Tiếp theo: thêm lãnh đạo đơn vị.",
    PostRole.OFFICER: "Tiếp theo: thêm cán bộ đầu mối.",
}
INVITE_NEXT = "Tiếp theo: cấp lời mời để người này tự đặt mật khẩu."

# ---------------------------------------------------------------- in a unit


def get_unit_to_staff(user: User, unit_id: int) -> Unit:
    """Return a visible unit; Refused unless one of its leaders or an officer of its board."""
    unit = get_unit_for_user(user, unit_id)
    require(can_manage_people(user, unit))
    return unit


def _post_in(unit: Unit, post_id: int) -> Post:
    post = Post.objects.filter(unit=unit, pk=post_id).select_related("user", "unit").first()
    if post is None:
        raise Http404
    return post


def _people_of(user: User, unit: Unit) -> Any:
    """Whom a person may choose from: the board all it knows, a leader those the unit knows."""
    if manages_board(user, unit.board_id):
        return people_known_to(unit.board_id)
    return people_known_to_unit(unit)


def _unit_page(user: User, unit: Unit, title: str, **words: Any) -> FormPage:
    back = reverse("unit", args=[unit.pk])
    crumbs = unit_crumbs(user, (unit.name, back), (title, None))
    return FormPage(title=title, crumbs=crumbs, back=back, **words)


@require_http_methods(["GET", "POST"])
def person_add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Register a new person with a first post in the unit."""
    user = person(request)
    unit = get_unit_to_staff(user, unit_id)
    page = _unit_page(
        user,
        unit,
        "Thêm người mới",
        submit="Thêm người mới",
        after="Người này làm được việc của đơn vị sau khi dùng lời mời để đặt mật khẩu.",
    )

    def add(data: dict[str, Any]) -> str:
        new = newcomer_in(data)
        assert new is not None  # noqa: S101 - the form requires the name
        fields = {name: data[name] for name in ("role", "title", "starts_on")}
        post = add_person(actor=user, person=new, unit=unit, **fields)
        who = f"{post.user.full_name}, tên đăng nhập {post.user.username}"
        lacking = roles_lacking(unit)
        following = NEXT_ROLE[lacking[0]] if lacking else INVITE_NEXT
        return f"Đã thêm {who}. {following}"

    first = next(iter(roles_lacking(unit)), PostRole.OFFICER)
    form = NewPersonForm(request.POST or None, initial={"role": first})
    return form_page(request, page, form, add)


@require_http_methods(["GET", "POST"])
def post_add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Give somebody known a post in the unit."""
    user = person(request)
    unit = get_unit_to_staff(user, unit_id)
    page = _unit_page(
        user,
        unit,
        "Ghi chức vụ cho người đã có",
        submit="Ghi chức vụ",
        after="Người này làm được việc của đơn vị từ ngày bắt đầu.",
    )

    def give(data: dict[str, Any]) -> str:
        appoint(actor=user, unit=unit, **data)
        return f"Đã ghi chức vụ của {data['user']}."

    form = AppointForm(request.POST or None, people=_people_of(user, unit))
    return form_page(request, page, form, give)


@require_http_methods(["GET", "POST"])
def post_end(request: HttpRequest, unit_id: int, post_id: int) -> HttpResponse:
    """End a post with its last day, the access at once where that is today."""
    user = person(request)
    unit = get_unit_to_staff(user, unit_id)
    post = _post_in(unit, post_id)
    page = _unit_page(
        user,
        unit,
        f"Ghi {post.user.full_name} thôi giữ chức vụ",
        submit="Ghi thôi giữ chức vụ",
        after="Số liệu, bản nháp và hồ sơ của đơn vị vẫn còn nguyên.",
        lede="Nếu đã có người nhận việc, đề nghị dùng “Bàn giao” thay cho trang này.",
        losses=losses_of(post),
    )

    def end(data: dict[str, Any]) -> str:
        end_post(actor=user, post=post, **data)
        return f"Đã ghi {post.user.full_name} thôi giữ chức vụ."

    return _unless_gone(
        user, unit, form_page(request, page, EndPostForm(request.POST or None), end)
    )


def _unless_gone(user: User, unit: Unit, answer: HttpResponse) -> HttpResponse:
    """Send home whoever has just ended the own post: the unit's page is no longer theirs."""
    if answer.status_code == 302 and not units_visible_to(user).filter(pk=unit.pk).exists():
        return redirect("home")
    return answer


@require_http_methods(["GET", "POST"])
def post_hand_over(request: HttpRequest, unit_id: int, post_id: int) -> HttpResponse:
    """Hand a post over: choose who comes, read the effects, confirm."""
    user = person(request)
    unit = get_unit_to_staff(user, unit_id)
    post = _post_in(unit, post_id)
    back, title = reverse("unit", args=[unit.pk]), f"Bàn giao chức vụ của {post.user.full_name}"
    page = GuidedPage(
        title=title,
        crumbs=unit_crumbs(user, (unit.name, back), (title, None)),
        back=back,
        confirm="Ghi bàn giao",
        after="Người thôi giữ mất quyền truy cập ngay; người nhận làm được việc từ lúc đó.",
        lede=f"{post.get_role_display()} tại {unit.name}. Đơn vị giữ nguyên mọi số liệu.",
    )
    people = _people_of(user, unit).exclude(pk=post.user_id)
    form = HandoverForm(request.POST or None, people=people, initial={"title": post.title})
    new: list[Post] = []
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda data: plan_handover(_handover(post, data)),
        deed=lambda data, seen: new.append(
            hand_over(actor=user, handover=_handover(post, data), seen=seen)
        ),
    )
    if answer is not None:
        return answer
    more = "" if new[0].user.last_login else f" {INVITE_NEXT}"
    messages.success(request, f"Đã bàn giao cho {new[0].user.full_name}.{more}")
    return _unless_gone(user, unit, redirect(back))


def _handover(post: Post, data: dict[str, Any]) -> Handover:
    return Handover(post, data["user"], newcomer_in(data), data["title"])


# ---------------------------------------------------------------- a person


@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, person_id: int) -> HttpResponse:
    """Correct a name, a telephone number, a mail address."""
    user = person(request)
    other = people_visible_to(user).filter(pk=person_id).first()
    if other is None:
        raise Http404
    require(account_verdicts(user, [other])[other.pk])
    title = f"Sửa thông tin của {other.full_name}"
    page = FormPage(
        title=title,
        crumbs=[("Tài khoản và lời mời", reverse("invitation_list")), (title, None)],
        back=_home_of(user, other),
        submit="Lưu thông tin",
        after="Văn bản và chữ ký đã ghi giữ nguyên tên khi đó.",
        lede=f"Tên đăng nhập {other.username} không đổi.",
    )
    initial = {name: getattr(other, name) for name in ("full_name", "phone", "email")}

    def save(data: dict[str, Any]) -> str:
        return f"Đã lưu thông tin của {edit_person(actor=user, person=other, **data).full_name}."

    return form_page(request, page, PersonForm(request.POST or None, initial=initial), save)


def _home_of(user: User, other: User) -> str:
    """Return the page that lists the person: the unit's, else everybody's."""
    visible = units_visible_to(user).filter(posts__user=other).order_by("pk").first()
    return reverse("unit", args=[visible.pk]) if visible else reverse("invitation_list")


# ---------------------------------------------------------------- in a board


def _board_page(board: Board, title: str, **words: Any) -> FormPage:
    back = reverse("board", args=[board.pk])
    crumbs: list[Crumb] = [(f"Hội đồng {board}", back), (title, None)]
    return FormPage(title=title, crumbs=crumbs, back=back, **words)


def _get_board_to_staff(user: User, board_id: int) -> Board:
    board = get_board_for_user(user, board_id)
    require(all_of(can_appoint(user, board=board), board_works(board)))
    return board


@require_http_methods(["GET", "POST"])
def board_post_add(request: HttpRequest, board_id: int) -> HttpResponse:
    """Record one more officer of the board."""
    user = person(request)
    board = _get_board_to_staff(user, board_id)
    page = _board_page(
        board,
        "Thêm cán bộ của cơ quan thường trực",
        submit="Thêm cán bộ",
        after="Cán bộ làm được mọi việc của Ban trên toàn tỉnh từ ngày bắt đầu.",
    )

    def add(data: dict[str, Any]) -> str:
        new = newcomer_in(data)
        place: dict[str, Any] = {"board": board, "role": PostRole.BOARD_OFFICER}
        place |= {name: data[name] for name in ("title", "starts_on")}
        if new is None:
            post = appoint(actor=user, user=data["user"], **place)
            return f"Đã ghi {post.user.full_name} là cán bộ của {board.office_name}."
        post = add_person(actor=user, person=new, **place)
        who = f"{post.user.full_name}, tên đăng nhập {post.user.username}"
        return f"Đã thêm {who}. {INVITE_NEXT}"

    form = BoardPostForm(request.POST or None, people=people_known_to(board.pk))
    return form_page(request, page, form, add)


@require_http_methods(["GET", "POST"])
def board_post_end(request: HttpRequest, board_id: int, post_id: int) -> HttpResponse:
    """End a board officer's post; never the last one's."""
    user = person(request)
    board = _get_board_to_staff(user, board_id)
    post = Post.objects.filter(board=board, pk=post_id).select_related("user", "board").first()
    if post is None:
        raise Http404
    page = _board_page(
        board,
        f"Ghi {post.user.full_name} thôi giữ chức vụ",
        submit="Ghi thôi giữ chức vụ",
        after="Việc đã làm vẫn ghi tên người này.",
        losses=losses_of(post),
    )

    def end(data: dict[str, Any]) -> str:
        end_post(actor=user, post=post, **data)
        return f"Đã ghi {post.user.full_name} thôi giữ chức vụ."

    answer = form_page(request, page, EndPostForm(request.POST or None), end)
    gone = post.user_id == user.pk and answer.status_code == 302
    return redirect("home") if gone else answer
