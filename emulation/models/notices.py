"""What people are told: notices, and the one mail a day that reminds and gathers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from emulation import clock
from emulation.enums import Channel


class Notice(models.Model):
    """One event told to one person, in one sentence, with the page it is about.

    Never points, ranks, reasons or what a paper says: the page itself asks who may read them.
    ``mail`` is how this person gets it; ``tried_at`` claims the mail for whoever sends it, so that
    no two processes send it, ``mailed_at`` is set once the server took it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="người nhận"
    )
    event = models.CharField("sự việc", max_length=60)
    sentence = models.CharField("nội dung", max_length=300)
    path = models.CharField("trang", max_length=200)
    at = models.DateTimeField("lúc", default=clock.now, editable=False)
    read_at = models.DateTimeField("đã xem lúc", null=True, blank=True)
    mail = models.CharField(
        "gửi thư", max_length=10, choices=Channel.choices, default=Channel.IN_APP
    )
    tried_at = models.DateTimeField("gửi thư từ lúc", null=True, blank=True)
    mailed_at = models.DateTimeField("đã gửi thư lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_of_person"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(
                fields=["mail", "user"], condition=Q(mailed_at__isnull=True), name="notice_unmailed"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence


class DailyMail(models.Model):
    """That a person was looked after on a day: the tasks recalled, the notices gathered.

    The row is written before anything is sent: its unique pair of person and day is what keeps two
    runs, or two processes, from reminding twice. ``by_mail`` says whether a mail is to go out.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nhận"
    )
    day = models.DateField("ngày")
    tasks = models.PositiveSmallIntegerField("số việc nhắc", default=0)
    notices = models.PositiveSmallIntegerField("số thông báo gộp", default=0)
    by_mail = models.BooleanField("gửi thư", default=False)
    tried_at = models.DateTimeField("gửi thư từ lúc", null=True, blank=True)
    sent_at = models.DateTimeField("đã gửi thư lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thư nhắc việc trong ngày"
        verbose_name_plural = "thư nhắc việc trong ngày"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day"],
                name="daily_mail_once",
                violation_error_message="Mỗi người một ngày chỉ được nhắc việc một lần.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.day:%d/%m/%Y}"
