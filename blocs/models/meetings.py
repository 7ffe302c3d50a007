"""Meetings with who came and what was adopted; the bloc's papers; joint activities."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.enums import MeetingKind, PaperKind
from blocs.models.years import BlocYear, Membership
from emulation import clock
from emulation.models import StoredFile


class Meeting(models.Model):
    """A meeting of the bloc. ``held_at`` (time of day) is null where nobody noted it."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="meetings")
    kind = models.CharField("loại", max_length=10, choices=MeetingKind.choices)
    held_on = models.DateField("ngày họp")
    held_at = models.TimeField("giờ họp", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=300, blank=True)
    board_attends = models.BooleanField("có đại diện Hội đồng dự", default=False)
    minutes = models.TextField("nội dung biên bản", blank=True, max_length=50_000)
    is_example = models.BooleanField("ví dụ", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "hội nghị"
        verbose_name_plural = "hội nghị"
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ngày {self.held_on:%d/%m/%Y}"


class MeetingAttendance(models.Model):
    """Whether a unit came, and through whom."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    is_present = models.BooleanField("có mặt")
    representative = models.CharField("người dự", max_length=300, blank=True)
    is_example = models.BooleanField("ví dụ", default=False)

    class Meta:
        verbose_name = "thành phần dự họp"
        verbose_name_plural = "thành phần dự họp"
        ordering = ["membership__sorting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "membership"],
                name="attendance_once",
                violation_error_message="Đơn vị đã được ghi thành phần dự họp.",
            )
        ]

    def __str__(self) -> str:
        return str(self.membership)


class MeetingPaper(models.Model):
    """A paper presented at a meeting, adopted there or not."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="papers")
    title = models.CharField("văn bản", max_length=300)
    is_adopted = models.BooleanField("được thông qua", default=False)

    class Meta:
        verbose_name = "văn bản trình hội nghị"
        verbose_name_plural = "văn bản trình hội nghị"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class BlocPaper(models.Model):
    """A paper of the bloc: regulation, plan, notice. Number and date are as the clerk typed."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="papers")
    kind = models.CharField("loại", max_length=12, choices=PaperKind.choices)
    title = models.CharField("tên văn bản", max_length=300)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField("thôi áp dụng lúc", null=True, blank=True)

    class Meta:
        verbose_name = "văn bản của Khối"
        verbose_name_plural = "văn bản của Khối"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "kind", "title"],
                condition=Q(revoked_at__isnull=True),
                name="bloc_paper_once",
                violation_error_message="Khối đã có văn bản cùng loại, cùng tên trong năm này.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class JointActivity(models.Model):
    """Something the members did or plan together: culture, sports, charity."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="activities")
    title = models.CharField("hoạt động", max_length=300)
    held_on = models.DateField("ngày tổ chức", null=True, blank=True)
    description = models.TextField("nội dung, kết quả", blank=True, max_length=5000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "hoạt động chung"
        verbose_name_plural = "hoạt động chung"
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return self.title
