"""What a unit registers after signing, and its two narrative reports."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.models import BlocYear, Membership
from emulation import clock
from emulation.workflow import TransitionRecord
from pledges.enums import RegistrationStatus, ReportKind, ReportStatus
from pledges.models.pledge import PledgeItem


class Registration(models.Model):
    """A unit's registration for the year: numeric targets and titles."""

    membership = models.OneToOneField(Membership, models.PROTECT, related_name="registration")
    status = models.CharField(
        "trạng thái",
        max_length=10,
        choices=RegistrationStatus.choices,
        default=RegistrationStatus.DRAFT,
    )
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_sent_at = models.DateTimeField("gửi lần đầu lúc", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_example = models.BooleanField("ví dụ", default=False)

    class Meta:
        verbose_name = "bản đăng ký thi đua"
        verbose_name_plural = "bản đăng ký thi đua"
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", sent_at__isnull=True, sent_by__isnull=True)
                | Q(
                    status="sent",
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    first_sent_at__isnull=False,
                ),
                name="registration_sent_whole",
                violation_error_message="Bản đăng ký đã gửi phải ghi người và thời điểm gửi.",
            )
        ]

    def __str__(self) -> str:
        return f"Đăng ký thi đua của {self.membership}"

    @property
    def stage(self) -> RegistrationStatus:
        """The stored status as its enum."""
        return RegistrationStatus(self.status)


class RegistrationTransition(TransitionRecord):
    """A sending of a registration, or its return to the unit."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="transitions")

    class Meta(TransitionRecord.Meta):
        verbose_name = "bước của bản đăng ký"
        verbose_name_plural = "bước của bản đăng ký"


class Target(models.Model):
    """A numeric target: "Tỷ lệ hồ sơ đúng hạn", 98 %."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="targets")
    item = models.ForeignKey(
        PledgeItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nội dung"
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    title = models.CharField("chỉ tiêu", max_length=300)
    value = models.DecimalField("số đăng ký", max_digits=12, decimal_places=2)
    measure = models.CharField("đơn vị tính", max_length=50)
    dropped_at = models.DateTimeField("bỏ lúc", null=True, blank=True)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gt=0),
                name="target_positive",
                violation_error_message="Số đăng ký của chỉ tiêu phải lớn hơn 0.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class RegisteredTitle(models.Model):
    """A title or award a unit strives for ("Cờ thi đua của UBND tỉnh")."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="titles")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    title = models.CharField("danh hiệu, hình thức khen thưởng", max_length=300)
    dropped_at = models.DateTimeField("bỏ lúc", null=True, blank=True)

    class Meta:
        verbose_name = "danh hiệu đăng ký"
        verbose_name_plural = "danh hiệu đăng ký"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class Report(models.Model):
    """A narrative report of a unit, or of the whole bloc where ``membership`` is null."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="reports")
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    kind = models.CharField("loại", max_length=10, choices=ReportKind.choices)
    status = models.CharField(
        "trạng thái", max_length=10, choices=ReportStatus.choices, default=ReportStatus.DRAFT
    )
    results = models.TextField("kết quả", blank=True, max_length=50_000)
    limitations = models.TextField("hạn chế, nguyên nhân", blank=True, max_length=50_000)
    next_tasks = models.TextField("nhiệm vụ thời gian tới", blank=True, max_length=50_000)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_sent_at = models.DateTimeField("gửi lần đầu lúc", null=True, blank=True)
    saved_at = models.DateTimeField("lưu lúc", default=clock.now, editable=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    is_example = models.BooleanField("ví dụ", default=False)

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        ordering = ["kind", "membership__sorting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "kind"],
                condition=Q(membership__isnull=False),
                name="report_once_per_unit",
                violation_error_message="Đơn vị đã có báo cáo này.",
            ),
            models.UniqueConstraint(
                fields=["bloc_year", "kind"],
                condition=Q(membership__isnull=True),
                name="report_once_per_bloc",
                violation_error_message="Khối đã có báo cáo này.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", sent_at__isnull=True, sent_by__isnull=True)
                | Q(
                    status="sent",
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    first_sent_at__isnull=False,
                ),
                name="report_sent_whole",
                violation_error_message="Báo cáo đã gửi phải ghi người và thời điểm gửi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} của {self.membership or self.bloc_year}"

    @property
    def stage(self) -> ReportStatus:
        """The stored status as its enum."""
        return ReportStatus(self.status)

    @property
    def which(self) -> ReportKind:
        """The stored kind as its enum."""
        return ReportKind(self.kind)


class ReportTransition(TransitionRecord):
    """A sending of a report, or its return to whoever wrote it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="transitions")

    class Meta(TransitionRecord.Meta):
        verbose_name = "bước của báo cáo"
        verbose_name_plural = "bước của báo cáo"
