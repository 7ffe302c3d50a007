"""Pages on which the secretary writes the text: draft, heading, items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.views.answers import accepted
from blocs.views.frame import Crumb, frame, get_bloc_year_for_user, person
from emulation.access import Conflict, require
from pledges.forms.pledge import DraftForm, HeadingForm, ItemForm
from pledges.permissions import can_draft_pledge, can_edit_text
from pledges.selectors.pledges import items_of, pledge_of
from pledges.services.items import Direction, add_item, drop_item, edit_item, move_item
from pledges.services.pledges import draft_pledge, edit_pledge
from pledges.views.doors import Opened, get_item_for_user, get_pledge_for_user
from pledges.views.posting import Saving, posted, save_versioned

TAB = "pledge"
DIRECTIONS: dict[str, Direction] = {"len": "up", "xuong": "down"}


def _frame(request: HttpRequest, opened: Opened, title: str, *crumbs: Crumb) -> dict[str, Any]:
    own: Crumb = (opened.pledge.title, reverse("pledge", args=[opened.bloc_year.pk]))
    return frame(
        request, opened.bloc_year, opened.standing, tab=TAB, title=title, crumbs=[own, *crumbs]
    )


def _to_text(opened: Opened) -> Crumb:
    return ("Sửa dự thảo", reverse("pledge_edit", args=[opened.bloc_year.pk]))


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, year_id: int) -> HttpResponse:
    """Begin the pledge."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(can_draft_pledge(standing, bloc_year))
    if pledge_of(bloc_year) is not None:
        if request.method == "GET":
            return redirect("pledge", year_id)
        raise Conflict("Khối đã có giao ước của năm này. Đề nghị sửa bản đang có.")
    initial = {"title": f"Giao ước thi đua năm {bloc_year.year}"}
    form = DraftForm(posted(request), initial=initial)
    if accepted(
        request,
        form,
        lambda: draft_pledge(actor=user, bloc_year=bloc_year, **form.cleaned_data),
    ):
        messages.success(
            request, "Đã lưu dự thảo giao ước. Khi đủ nội dung thì gửi lấy ý kiến các đơn vị."
        )
        return redirect("pledge_edit", year_id)
    back = reverse("pledge", args=[year_id])
    context = frame(
        request,
        bloc_year,
        standing,
        tab=TAB,
        title="Soạn giao ước thi đua",
        crumbs=[("Giao ước thi đua", back)],
    )
    return render(request, "pledges/draft.html", context | {"form": form, "back_url": back})


@require_GET
def edit(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the draft with what the secretary can do to each part."""
    opened = get_pledge_for_user(person(request), year_id)
    require(can_edit_text(opened.standing, opened.pledge))
    return _edit_page(request, opened, ItemForm())


def _edit_page(request: HttpRequest, opened: Opened, form: ItemForm) -> HttpResponse:
    items = items_of(opened.pledge)
    context = _frame(request, opened, "Sửa dự thảo")
    context |= {
        "pledge": opened.pledge,
        "items": items,
        "last": len(items),
        "face": opened.pledge.stage.face,
        "form": form,
        "back_url": reverse("pledge", args=[opened.bloc_year.pk]),
    }
    return render(request, "pledges/edit.html", context)


@require_http_methods(["GET", "POST"])
def heading(request: HttpRequest, year_id: int) -> HttpResponse:
    """Edit title, preamble and closing words."""
    user = person(request)
    opened = get_pledge_for_user(user, year_id)
    require(can_edit_text(opened.standing, opened.pledge))
    pledge = opened.pledge
    stored = {name: getattr(pledge, name) for name in ("title", "preamble", "closing")}
    form = HeadingForm(posted(request), initial=stored)
    saving = save_versioned(
        request,
        pledge.version,
        lambda version: accepted(
            request,
            form,
            lambda: edit_pledge(actor=user, pledge=pledge, version=version, **form.cleaned_data),
        ),
    )
    if saving.done:
        messages.success(request, "Đã lưu tên giao ước, lời mở đầu và lời kết.")
        return redirect("pledge_edit", year_id)
    context = _frame(request, opened, "Sửa tên, lời mở đầu, lời kết", _to_text(opened))
    return _versioned(request, context | {"form": form}, saving)


def _versioned(request: HttpRequest, context: dict[str, Any], saving: Saving) -> HttpResponse:
    """Show a form that carries its version; after a conflict also the text as stored."""
    context |= saving.context
    context |= {
        "submit": "Lưu nội dung",
        "back_url": reverse("pledge_edit", args=[context["bloc_year"].pk]),
    }
    return render(request, "pledges/versioned_form.html", context, status=saving.status)


# ---------------------------------------------------------------- items


@require_POST
def item_add(request: HttpRequest, year_id: int) -> HttpResponse:
    """Append an item."""
    user = person(request)
    opened = get_pledge_for_user(user, year_id)
    require(can_edit_text(opened.standing, opened.pledge))
    form = ItemForm(request.POST)
    if accepted(
        request,
        form,
        lambda: add_item(actor=user, pledge=opened.pledge, text=form.cleaned_data["text"]),
    ):
        messages.success(request, "Đã thêm nội dung vào cuối giao ước.")
        return redirect("pledge_edit", year_id)
    return _edit_page(request, opened, form)


@require_http_methods(["GET", "POST"])
def item_edit(request: HttpRequest, year_id: int, item_id: int) -> HttpResponse:
    """Edit an item's text; a second editor gets both texts."""
    user = person(request)
    opened, item = get_item_for_user(user, year_id, item_id)
    require(can_edit_text(opened.standing, opened.pledge))
    form = ItemForm(posted(request), initial={"text": item.text})
    saving = save_versioned(
        request,
        item.version,
        lambda version: accepted(
            request,
            form,
            lambda: edit_item(
                actor=user, item=item, text=form.cleaned_data["text"], version=version
            ),
        ),
    )
    if saving.done:
        messages.success(request, f"Đã lưu nội dung {item.position}.")
        return redirect("pledge_edit", year_id)
    context = _frame(request, opened, f"Sửa nội dung {item.position}", _to_text(opened))
    return _versioned(request, context | {"form": form}, saving)


@require_POST
def item_move(request: HttpRequest, year_id: int, item_id: int) -> HttpResponse:
    """Move an item one place up or down."""
    user = person(request)
    _, item = get_item_for_user(user, year_id, item_id)
    direction = DIRECTIONS.get(request.POST.get("huong", ""))
    if direction is None:
        raise Http404
    moved = move_item(actor=user, item=item, direction=direction)
    messages.success(request, f"Nội dung được chuyển đến vị trí {moved.position}.")
    return redirect("pledge_edit", year_id)


@require_http_methods(["GET", "POST"])
def item_drop(request: HttpRequest, year_id: int, item_id: int) -> HttpResponse:
    """Ask, then take an item out of the text."""
    user = person(request)
    opened, item = get_item_for_user(user, year_id, item_id)
    require(can_edit_text(opened.standing, opened.pledge))
    if request.method == "POST":
        drop_item(actor=user, item=item)
        messages.success(
            request, f"Đã bỏ nội dung {item.position}; các nội dung sau được đánh số lại."
        )
        return redirect("pledge_edit", year_id)
    context = _frame(request, opened, f"Bỏ nội dung {item.position}", _to_text(opened))
    context |= {
        "item": item,
        "comment_count": item.comments.count(),
        "back_url": reverse("pledge_edit", args=[year_id]),
    }
    return render(request, "pledges/item_drop.html", context)
