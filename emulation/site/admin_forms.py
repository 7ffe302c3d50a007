"""The administrator's forms: a new account, a new post, a post that ends."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.db.models import Model

from blocs.models import Post, Unit
from emulation.models import User

OWN_POST = "Quản trị không tự ghi chức vụ cho mình. Đề nghị quản trị khác hoặc Hội đồng ghi."
TAKEN = "Tên đăng nhập này đã có người dùng."


def free_name(name: str, own: int | None) -> str:
    """Return the name unless another account has it, capitals aside; ValidationError else."""
    if User.objects.filter(username__iexact=name).exclude(pk=own or 0).exists():
        raise ValidationError(TAKEN)
    return name


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person without a password yet: the board invites, or the administrator sets one."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email")
        field_classes = {"username": UsernameField}

    def clean_username(self) -> str:
        """Refuse a name that differs from another only by capitals."""
        return free_name(str(self.cleaned_data["username"]), None)

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        """Return the account; nobody can log in with it yet."""
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the administrator may change of an account; the password has a page of its own."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email", "is_active", "is_staff")
        field_classes = {"username": UsernameField}

    def clean_username(self) -> str:
        """Refuse a name that differs from another's only by capitals."""
        return free_name(str(self.cleaned_data["username"]), self.instance.pk)


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Units by name with their board: boards have units of the same name."""

    def label_from_instance(self, obj: Model) -> str:
        """Return "Trường Chính trị tỉnh – Tỉnh Thái Bình"."""
        return f"{obj} – {obj.board}" if isinstance(obj, Unit) else str(obj)


class NewPostForm(forms.ModelForm):  # type: ignore[type-arg]
    """A post, with its unit chosen by name and board."""

    actor: ClassVar[User]

    class Meta:
        model = Post
        fields = ("user", "unit", "board", "role", "title", "starts_on")
        field_classes = {"unit": UnitChoice}

    def clean(self) -> dict[str, Any]:
        """Refuse a post for oneself, and one that the person holds already."""
        cleaned = super().clean() or self.cleaned_data
        user = cleaned.get("user")
        if user and user.pk == self.actor.pk:
            self.add_error("user", OWN_POST)
        place = {"unit": cleaned.get("unit"), "board": cleaned.get("board")}
        held = Post.objects.filter(
            user=user, role=cleaned.get("role"), ends_on__isnull=True, **place
        )
        if user and held.exists():
            self.add_error("user", "Người này đang giữ chức vụ đó tại nơi này.")
        return cleaned


class EndedPostForm(forms.ModelForm):  # type: ignore[type-arg]
    """A post that is held: its title and its last day."""

    actor: ClassVar[User]

    class Meta:
        model = Post
        fields = ("title", "ends_on")

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first, and opening again what has ended."""
        cleaned = super().clean() or self.cleaned_data
        ends_on = cleaned.get("ends_on")
        if ends_on and ends_on < self.instance.starts_on:
            self.add_error("ends_on", "Ngày thôi giữ phải từ ngày bắt đầu trở đi.")
        if not ends_on and self.initial.get("ends_on"):
            self.add_error("ends_on", "Chức vụ đã kết thúc. Đề nghị ghi một chức vụ mới.")
        return cleaned
