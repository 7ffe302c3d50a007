"""Who came in, who was turned away, and how often: log-ins, sessions, refusals, counted posts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from emulation import clock
from emulation.enums import DoorEvent
from emulation.history import AppendOnlyModel


class LoginFailure(models.Model):
    """A refused log-in, counted against the name and the address it came from."""

    username = models.CharField(max_length=150, db_index=True)
    address = models.CharField(max_length=45, db_index=True)
    at = models.DateTimeField(default=clock.now, db_index=True, editable=False)

    class Meta:
        verbose_name = "lần đăng nhập sai"
        verbose_name_plural = "lần đăng nhập sai"

    def __str__(self) -> str:
        return f"{self.username} {self.at:%d/%m/%Y %H:%M}"


class PersonSession(models.Model):
    """A log-in of a person on one device, so that its owner can see and close it.

    ``session_key`` names the row of ``django_session``; when the person was last seen is kept
    there, for looking at a page writes nothing here.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="log_ins", verbose_name="người dùng"
    )
    session_key = models.CharField("phiên", max_length=40, unique=True)
    address = models.CharField("địa chỉ mạng", max_length=45, blank=True)
    device = models.CharField("thiết bị", max_length=100, blank=True)
    began_at = models.DateTimeField("đăng nhập lúc", default=clock.now, editable=False)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"
        ordering = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}, {self.device}"


class DoorRecord(AppendOnlyModel):
    """A log-in, a refusal or a deed on an account, for the administrator: never points or notes.

    ``user`` is the account concerned, ``actor`` who did it where that is somebody else.
    ``username`` is what was typed only where such an account exists: people type passwords there.
    ``place`` is a path without its query.
    """

    event = models.CharField("sự việc", max_length=20, choices=DoorEvent.choices, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tài khoản",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thực hiện",
    )
    username = models.CharField("tên đăng nhập", max_length=150, blank=True)
    address = models.CharField("địa chỉ mạng", max_length=45, blank=True)
    place = models.CharField("nơi", max_length=200, blank=True)
    at = models.DateTimeField("lúc", default=clock.now, db_index=True, editable=False)

    class Meta:
        verbose_name = "nhật ký truy cập"
        verbose_name_plural = "nhật ký truy cập"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.at:%d/%m/%Y %H:%M}"


class Tally(models.Model):
    """How often something was done within the present window, by its key: "post:17"."""

    key = models.CharField("việc", max_length=200, unique=True)
    began_at = models.DateTimeField("từ lúc", default=clock.now, editable=False)
    count = models.PositiveIntegerField("số lần", default=0)

    class Meta:
        verbose_name = "số lần gửi"
        verbose_name_plural = "số lần gửi"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
