"""The administrator's two registers: accounts and posts. No scores, no pledges, no blocs."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group

from blocs.models import Post
from emulation.models import User

admin.site.site_header = "Giao Ước – quản trị tài khoản"
admin.site.site_title = "Giao Ước"
admin.site.index_title = "Tài khoản và chức vụ"
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """People and their log-ins; a person is deactivated, never deleted."""

    list_display = ("username", "full_name", "email", "phone", "is_active")
    list_filter = ("is_active", "is_staff")
    search_fields = ("folded", "username")
    ordering = ("sorting",)
    filter_horizontal = ()
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
                "fields": ("username", "full_name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def has_delete_permission(self, *_args: object) -> bool:
        """Never: records keep their authors."""
        return False


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    """Dated posts; a post ends, it is never deleted."""

    list_display = ("user", "role", "title", "unit", "board", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "unit", "board")
    search_fields = ("user__folded", "unit__folded")
    autocomplete_fields = ("user",)
    raw_id_fields = ("unit", "board")

    def has_delete_permission(self, *_args: object) -> bool:
        """Never: a post is ended by its last day."""
        return False
