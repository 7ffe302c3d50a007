"""The administrator's two registers: accounts and posts. No scores, no pledges, no blocs."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model

from blocs.models import Post, Unit
from emulation.models import User
from emulation.site.accounts import StaffLoginForm

admin.site.site_header = "Giao Ước – quản trị tài khoản"
admin.site.site_title = "Giao Ước"
admin.site.login_form = StaffLoginForm
admin.site.index_title = "Tài khoản và chức vụ"
admin.site.enable_nav_sidebar = False
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """People and their log-ins; a person is deactivated, never deleted."""

    list_display = ("username", "full_name", "email", "phone", "is_active")
    list_filter = ("is_active", "is_staff")
    search_fields = ("folded", "username")
    ordering = ("sorting",)
    filter_horizontal = ()
    show_facets = admin.ShowFacets.NEVER
    add_form_template = "admin/change_form.html"
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Người dùng", {"fields": ("full_name", "email", "phone")}),
        ("Tài khoản", {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "full_name", "password1", "password2"),
            },
        ),
    )

    def has_delete_permission(self, *_args: object) -> bool:
        """Never: records keep their authors."""
        return False


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Units by name with their board: boards have units of the same name."""

    def label_from_instance(self, obj: Model) -> str:
        """Return "Trường Chính trị tỉnh – Tỉnh Thái Bình"."""
        return f"{obj} – {obj.board}" if isinstance(obj, Unit) else str(obj)


class PostForm(forms.ModelForm):  # type: ignore[type-arg]
    """A post, with its unit chosen by name."""

    class Meta:
        model = Post
        fields = ("user", "unit", "board", "role", "title", "starts_on", "ends_on")

    unit = UnitChoice(
        label="Đơn vị",
        queryset=Unit.objects.select_related("board").order_by("sorting", "pk"),
        required=False,
        empty_label="Không",
    )


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    """Dated posts; a post ends, it is never deleted."""

    list_display = ("user", "role", "title", "unit", "board", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "unit", "board")
    search_fields = ("user__folded", "unit__folded")
    show_facets = admin.ShowFacets.NEVER
    form = PostForm
    autocomplete_fields = ("user",)

    def has_delete_permission(self, *_args: object) -> bool:
        """Never: a post is ended by its last day."""
        return False
