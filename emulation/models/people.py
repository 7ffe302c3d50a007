"""The person, and the two columns by which Vietnamese names are searched and ordered."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.validators import RegexValidator
from django.db import models

from emulation import clock
from emulation.enums import MailChoice
from emulation.vietnamese import fold, nfc, sort_key


class FoldedModel(models.Model):
    """Keeps a column for searching without diacritics and one for Vietnamese order.

    ``FOLDED_FROM`` names the fields searched; ``SORTED_BY`` the field that orders.
    """

    FOLDED_FROM: ClassVar[tuple[str, ...]] = ("name",)
    SORTED_BY: ClassVar[str] = "name"

    folded = models.CharField(max_length=600, editable=False, db_index=True, default="")
    sorting = models.CharField(max_length=1200, editable=False, db_index=True, default="")

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Save with the two derived columns brought up to date."""
        self.refold()
        fields = options.get("update_fields")
        if fields is not None and set(fields) & {*self.FOLDED_FROM, self.SORTED_BY}:
            options["update_fields"] = {*fields, "folded", "sorting"}
        super().save(*args, **options)

    def refold(self) -> None:
        """Recompute both columns from the named fields."""
        text = " ".join(str(getattr(self, name)) for name in self.FOLDED_FROM)
        self.folded = fold(text)[:600]
        self.sorting = sort_key(str(getattr(self, self.SORTED_BY)))[:1200]


phone_rule = RegexValidator(r"^[0-9+(). -]{6,20}$", "Số điện thoại chỉ gồm chữ số và dấu + ( ) . -")


class PersonManager(UserManager["User"]):
    """Creates people; one without a log-in gets an unusable password."""

    def _named(self, username: str, extra: dict[str, Any]) -> User:
        extra.setdefault("full_name", username)
        return self.model(username=nfc(username.strip()), **extra)

    def create_user(  # type: ignore[override]
        self, username: str, password: str | None = None, **extra: Any
    ) -> User:
        """Create a person; without a password the person cannot log in."""
        user = self._named(username, extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]
        self, username: str, password: str | None = None, **extra: Any
    ) -> User:
        """Create an administrator: accounts and posts only, no scores."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **extra)


class User(FoldedModel, AbstractBaseUser, PermissionsMixin):
    """A person. What a person may do follows from dated posts, never from flags here."""

    FOLDED_FROM = ("full_name", "username")
    SORTED_BY = "full_name"

    username = models.CharField(
        "tên đăng nhập",
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    full_name = models.CharField("họ và tên", max_length=200)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField(
        "điện thoại",
        max_length=20,
        blank=True,
        validators=[phone_rule],
    )
    mail_choice = models.CharField(
        "nhận thông báo qua thư",
        max_length=10,
        choices=MailChoice.choices,
        default=MailChoice.USUAL,
    )
    is_active = models.BooleanField("đang hoạt động", default=True)
    is_staff = models.BooleanField("quản trị tài khoản", default=False)
    date_joined = models.DateTimeField("ngày tạo", default=clock.now, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["sorting", "pk"]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """Return the person's name; Django's admin asks for it."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the person's name; Vietnamese names are not shortened."""
        return self.full_name
