"""The administrator's two registers: accounts and posts. No scores, no pledges, no blocs.

Whatever the administrator does here to an account or a post is noted in the record of log-ins.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters

from blocs.models import Board, Post, Unit
from blocs.services.people import appoint, end_post
from blocs.services.writing import save_checked, tidy
from emulation import doors
from emulation.enums import DoorEvent
from emulation.forms import NewPasswordForm
from emulation.models import User
from emulation.site.admin_forms import AccountForm, EndedPostForm, NewAccountForm, NewPostForm

admin.site.unregister(Group)


class _NarrowAdmin:
    """Filters by the columns offered and by nothing else.

    Django lets an address filter by any field of a related table: "who has a line above 90 points"
    would be answered by the length of the list.
    """

    list_filter: ClassVar[Any]

    def lookup_allowed(
        self,
        lookup: str,
        value: str,  # noqa: ARG002 - Django's signature
        request: HttpRequest | None = None,  # noqa: ARG002 - Django's signature
    ) -> bool:
        """Return whether an address may filter by this."""
        return lookup in {f"{name}__exact" for name in self.list_filter}

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:  # noqa: ARG002 - Django's signature
        """Return whether a window of choices may answer with this field: with the key only."""
        return to_field == "id"


def _administrator(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the site lets only administrators in
    return user


@admin.register(User)
class PersonAdmin(_NarrowAdmin, UserAdmin[User]):
    """People and their log-ins; a person is deactivated, never deleted.

    No telephone numbers: those are for the bloc and its board.
    """

    list_display = ("username", "full_name", "email", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("folded", "username")
    ordering = ("sorting", "pk")
    filter_horizontal = ()
    show_facets = admin.ShowFacets.NEVER
    add_form_template = "admin/change_form.html"
    form = AccountForm
    add_form = NewAccountForm
    fieldsets = (
        (None, {"fields": ("username", "password_state")}),
        ("Người dùng", {"fields": ("full_name", "email")}),
        ("Tài khoản", {"fields": ("is_active", "is_staff")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "full_name", "email")}),)

    def has_delete_permission(self, *_args: object) -> bool:
        """Never: records keep their authors."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody closes the own account by mistake."""
        own = obj is not None and obj.pk == request.user.pk
        return ("password_state", "is_active", "is_staff") if own else ("password_state",)

    @admin.display(description="Mật khẩu")
    def password_state(self, person: User) -> SafeString:
        """Say whether there is a password, with the way to set one; never anything of it."""
        words = "Đã có mật khẩu." if person.has_usable_password() else "Chưa có mật khẩu."
        url = reverse("admin:auth_user_password_change", args=[person.pk])
        return format_html('{} <a href="{}">Đặt mật khẩu</a>', words, url)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save and note it; a deactivated person's sessions end now."""
        obj.is_superuser = obj.is_staff
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            doors.end_other_sessions(obj, None)
        if not change or form.has_changed():
            event = DoorEvent.ACCOUNT_CHANGED if change else DoorEvent.ACCOUNT_ADDED
            doors.note(event, request=request, user=obj, actor=_administrator(request))

    @method_decorator(sensitive_post_parameters())
    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - Django's signature
        form_url: str = "",  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Set another's password on a page of the house: the rules stand above the fields."""
        person = self.get_object(request, unquote(id))
        if person is None:
            raise Http404
        if person.pk == request.user.pk:
            return redirect("password_change")
        form = NewPasswordForm(person, request.POST or None)
        if request.method == "POST" and form.is_valid():
            form.save()
            self._password_was_set(request, person)
            return redirect("admin:emulation_user_change", person.pk)
        return render(request, "site/password_set.html", _password_page(form, person))

    def _password_was_set(self, request: HttpRequest, person: User) -> None:
        """End the sessions opened with the old password, note it, and say so."""
        self.log_change(request, person, "Đặt lại mật khẩu.")
        doors.end_other_sessions(person, None)
        doors.note(
            DoorEvent.PASSWORD_SET, request=request, user=person, actor=_administrator(request)
        )
        messages.success(
            request, f"Đã đặt mật khẩu cho {person.full_name}. Các phiên đang mở đã được đóng."
        )


def _password_page(form: NewPasswordForm, person: User) -> dict[str, Any]:
    title = f"Đặt mật khẩu cho {person.full_name}"
    change = reverse("admin:emulation_user_change", args=[person.pk])
    crumbs = [("Quản trị tài khoản", reverse("admin:index")), (person.full_name, change)]
    return {"title": title, "crumbs": [*crumbs, (title, None)], "form": form, "back_url": change}


@admin.register(Post)
class PostAdmin(_NarrowAdmin, admin.ModelAdmin[Post]):
    """Dated posts, given and ended through the same services as the board's; never deleted.

    Nobody gives a post to himself or herself: the administrator would come to the scores by it.
    """

    list_display = ("user", "role", "title", "unit", "board", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "unit", "board")
    search_fields = ("user__folded", "unit__folded")
    show_facets = admin.ShowFacets.NEVER
    autocomplete_fields = ("user",)

    def has_delete_permission(self, *_args: object) -> bool:
        """Never: a post is ended by its last day."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """One's own posts are only looked at."""
        own = obj is not None and obj.user_id == request.user.pk
        return not own and super().has_change_permission(request, obj)

    def get_form(
        self,
        request: HttpRequest,
        obj: Post | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **options: Any,
    ) -> type[Any]:
        """Give a new post as a whole; of an old one only title and last day change."""
        options["form"] = EndedPostForm if change else NewPostForm
        form: type[Any] = super().get_form(request, obj, change, **options)
        form.actor = request.user
        return form

    def get_fields(self, request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:  # noqa: ARG002 - Django's signature
        """Return the fields in the order in which people think of them."""
        whole = ("user", "unit", "board", "role", "title", "starts_on")
        return whole if obj is None else (*whole, "ends_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:  # noqa: ARG002 - Django's signature
        """A post that was held is not rewritten."""
        return () if obj is None else ("user", "unit", "board", "role", "starts_on")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show what a service refuses as a message."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Give or end the post through the services, and note it."""
        actor = _administrator(request)
        if not change:
            obj.pk = _given(actor, obj).pk
        elif "ends_on" in form.changed_data and obj.ends_on:
            end_post(actor=actor, post=obj, ends_on=obj.ends_on)
        if change and "title" in form.changed_data:
            obj.title = tidy(obj.title)
            save_checked(obj, actor, only=("title",))
        if not change or form.has_changed():
            doors.note(DoorEvent.POST_CHANGED, request=request, user=obj.user, actor=actor)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the units and boards that still work."""
        working: dict[str, QuerySet[Any]] = {
            "unit": Unit.objects.filter(ended_on__isnull=True)
            .select_related("board")
            .order_by("sorting", "pk"),
            "board": Board.objects.filter(ended_on__isnull=True).order_by("sorting", "pk"),
        }
        if db_field.name in working:
            options["queryset"] = working[db_field.name]
        return super().formfield_for_foreignkey(db_field, request, **options)


def _given(actor: User, post: Post) -> Post:
    return appoint(
        actor=actor,
        user=post.user,
        role=post.role,
        title=post.title,
        starts_on=post.starts_on,
        unit=post.unit,
        board=post.board,
    )
