"""A bloc's year: members, head and deputies, deadlines, and the log of its steps."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from blocs.enums import (
    AppraisalRounds,
    AppraisedBy,
    DeadlineKind,
    IssuingStyle,
    TermKind,
    TermSource,
    YearStatus,
)
from blocs.models.structure import Bloc, Board, Unit
from emulation import clock
from emulation.history import AppendOnlyModel
from emulation.models import FoldedModel
from emulation.vietnamese import format_date
from emulation.workflow import TransitionRecord


class BlocYear(FoldedModel):
    """One emulation year of one bloc: the object everything else hangs on."""

    board = models.ForeignKey(
        Board, models.PROTECT, related_name="bloc_years", verbose_name="Hội đồng"
    )
    bloc = models.ForeignKey(Bloc, models.PROTECT, related_name="years", verbose_name="khối")
    year = models.PositiveSmallIntegerField("năm")
    name = models.CharField("tên khối trong năm", max_length=300)
    status = models.CharField(
        "bước", max_length=20, choices=YearStatus.choices, default=YearStatus.DRAFT
    )
    declared_count = models.PositiveSmallIntegerField(
        "số đơn vị theo văn bản", null=True, blank=True
    )
    issuing_style = models.CharField(
        "thể thức văn bản",
        max_length=10,
        choices=IssuingStyle.choices,
        default=IssuingStyle.STATE,
    )
    quorum_percent = models.DecimalField(
        "tỷ lệ dự họp tối thiểu (%)", max_digits=5, decimal_places=2, default="66.67"
    )
    appeal_days = models.PositiveSmallIntegerField(
        "số ngày được kiến nghị kể từ khi công bố", default=15
    )
    min_member_months = models.PositiveSmallIntegerField(
        "số tháng tối thiểu ở trong Khối để được xét", null=True, blank=True, default=6
    )
    min_members = models.PositiveSmallIntegerField(
        "số đơn vị tối thiểu của Khối", null=True, blank=True, default=3
    )
    appraised_by = models.CharField(
        "ai thẩm định",
        max_length=20,
        choices=AppraisedBy.choices,
        default=AppraisedBy.SECRETARIAT,
    )
    appraisal_rounds = models.PositiveSmallIntegerField(
        "số vòng thẩm định", choices=AppraisalRounds.choices, default=AppraisalRounds.ONE
    )
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người công bố",
    )
    is_example = models.BooleanField("ví dụ", default=False)
    note = models.TextField("ghi chú", blank=True, max_length=2000)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "năm thi đua của khối"
        verbose_name_plural = "năm thi đua của khối"
        ordering = ["-year", "sorting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc", "year"],
                name="bloc_year_once",
                violation_error_message="Khối đã có năm thi đua này.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1948) & Q(year__lte=2200),
                name="bloc_year_plausible",
                violation_error_message="Năm phải từ 1948 đến 2200.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="bloc_year_published_pair",
                violation_error_message="Thời điểm và người công bố phải ghi cùng nhau.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(status__in=["decided", "closed"]),
                name="bloc_year_published_after_decision",
                violation_error_message="Chỉ công bố khi đã có quyết định của Hội đồng.",
            ),
            models.CheckConstraint(
                condition=Q(quorum_percent__gt=0) & Q(quorum_percent__lte=100),
                name="bloc_year_quorum_range",
                violation_error_message=(
                    "Tỷ lệ dự họp tối thiểu phải trên 0 và không quá 100 phần trăm."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, năm {self.year}"

    @property
    def step(self) -> YearStatus:
        """The stored step as its enum."""
        return YearStatus(self.status)

    @property
    def what_next(self) -> str:
        """What happens now and who does it; a published result has its own sentence."""
        if self.published_at is None or self.step is YearStatus.CLOSED:
            return self.step.face.what_next
        last = clock.local_date(self.published_at) + dt.timedelta(days=self.appeal_days)
        return (
            f"Kết quả đã công bố ngày {format_date(clock.local_date(self.published_at))}; "
            f"nhận kiến nghị đến hết ngày {format_date(last)}."
        )


class BlocYearTransition(TransitionRecord):
    """A step the bloc-year took."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="transitions")

    class Meta(TransitionRecord.Meta):
        verbose_name = "bước đã chuyển"
        verbose_name_plural = "bước đã chuyển"


class Membership(FoldedModel):
    """A unit in a bloc for one year, under the name it had then.

    ``year`` repeats the bloc-year's so that a unit ranks in one bloc a year at most.
    ``starts_on``/``ends_on`` are inclusive; null is open. ``scored_from``/``scored_to`` differ
    from the calendar year for school-year units.
    """

    FOLDED_FROM = ("unit_name",)
    SORTED_BY = "unit_name"

    bloc_year = models.ForeignKey(
        BlocYear, models.PROTECT, related_name="memberships", verbose_name="năm thi đua"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="memberships", verbose_name="đơn vị"
    )
    year = models.PositiveSmallIntegerField("năm", editable=False)
    unit_name = models.CharField("tên đơn vị trong năm", max_length=300)
    is_ranking = models.BooleanField("được xếp hạng tại khối này", default=True)
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    scored_from = models.DateField("kỳ chấm từ ngày", null=True, blank=True)
    scored_to = models.DateField("kỳ chấm đến ngày", null=True, blank=True)
    is_example = models.BooleanField("ví dụ", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "đơn vị thành viên"
        verbose_name_plural = "đơn vị thành viên"
        ordering = ["sorting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "unit"],
                name="membership_once",
                violation_error_message="Đơn vị đã có trong danh sách của Khối năm này.",
            ),
            models.UniqueConstraint(
                fields=["unit", "year"],
                condition=Q(is_ranking=True),
                name="membership_one_ranking_per_year",
                violation_error_message="Mỗi năm một đơn vị chỉ được xếp hạng tại một khối.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="membership_dates_in_order",
                violation_error_message="Ngày rời khối phải sau ngày vào khối.",
            ),
            models.CheckConstraint(
                condition=Q(scored_from__isnull=True)
                | Q(scored_to__isnull=True)
                | Q(scored_to__gte=F("scored_from")),
                name="membership_scored_period_in_order",
                violation_error_message="Ngày cuối kỳ chấm phải sau ngày đầu kỳ.",
            ),
        ]

    def __str__(self) -> str:
        return self.unit_name


class HeadTerm(models.Model):
    """A unit is head, deputy or named stand-in of a bloc for one year.

    Keyed by bloc and year, not by the bloc-year row: the election at year Y's meeting creates the
    terms of Y+1 before anyone has created Y+1. ``position`` orders the deputies from 1.
    """

    bloc = models.ForeignKey(Bloc, models.PROTECT, related_name="terms", verbose_name="khối")
    year = models.PositiveSmallIntegerField("năm")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="terms", verbose_name="đơn vị")
    kind = models.CharField("giữ vai trò", max_length=10, choices=TermKind.choices)
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    source = models.CharField(
        "hình thức", max_length=12, choices=TermSource.choices, default=TermSource.ANNOUNCED
    )
    decided_on = models.DateField("ngày bầu, thông báo", null=True, blank=True)
    ended_on = models.DateField("thôi giữ từ ngày", null=True, blank=True)
    note = models.CharField("căn cứ", max_length=500, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Trưởng khối, Phó Trưởng khối"
        verbose_name_plural = "Trưởng khối, Phó Trưởng khối"
        ordering = ["-year", "kind", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc", "year"],
                condition=Q(kind=TermKind.HEAD, ended_on__isnull=True),
                name="term_one_head",
                violation_error_message="Năm này Khối đã có Trưởng khối.",
            ),
            models.UniqueConstraint(
                fields=["bloc", "year"],
                condition=Q(kind=TermKind.STAND_IN, ended_on__isnull=True),
                name="term_one_stand_in",
                violation_error_message="Năm này đã có đơn vị được phân công thay Trưởng khối.",
            ),
            models.UniqueConstraint(
                fields=["bloc", "year", "unit"],
                condition=Q(ended_on__isnull=True),
                name="term_one_role_per_unit",
                violation_error_message="Đơn vị đã giữ một vai trò trong năm này.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.unit}"


class SecretariatMember(models.Model):
    """An officer of another member whom the head named to the secretariat for the year.

    Officers of the head unit belong to it without being named.
    """

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="secretariat")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="cán bộ"
    )
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "thành viên tổ thư ký"
        verbose_name_plural = "thành viên tổ thư ký"
        ordering = ["named_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "user"],
                condition=Q(ended_at__isnull=True),
                name="secretariat_once",
                violation_error_message="Người này đã có trong tổ thư ký.",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class Deadline(models.Model):
    """The last day for something; on time means received before the next day begins."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="deadlines")
    kind = models.CharField("việc", max_length=20, choices=DeadlineKind.choices)
    due_on = models.DateField("hạn")
    is_exception = models.BooleanField("khác hạn chung của tỉnh", default=False)
    exception_reason = models.CharField("lý do đặt riêng", max_length=500, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "thời hạn"
        verbose_name_plural = "thời hạn"
        ordering = ["due_on", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_exception=False) | ~Q(exception_reason=""),
                name="deadline_exception_reasoned",
                violation_error_message="Hạn đặt riêng cho một khối phải ghi lý do.",
            ),
            models.UniqueConstraint(
                fields=["bloc_year", "kind"],
                name="deadline_once",
                violation_error_message="Việc này đã có thời hạn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.due_on:%d/%m/%Y}"


class BoardDeadline(models.Model):
    """The last day for something in every bloc of a board in one year, save for exceptions."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="deadlines")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("việc", max_length=20, choices=DeadlineKind.choices)
    due_on = models.DateField("hạn chung")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "thời hạn chung của tỉnh"
        verbose_name_plural = "thời hạn chung của tỉnh"
        ordering = ["-year", "due_on", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "year", "kind"],
                name="board_deadline_once",
                violation_error_message="Việc này đã có thời hạn chung trong năm.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, năm {self.year}: {self.due_on:%d/%m/%Y}"


class DeadlineExtension(AppendOnlyModel):
    """More time for one unit, logged with its reason; it changes no timestamp."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="extensions")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="extensions")
    due_on = models.DateField("hạn mới")
    reason = models.TextField("lý do", max_length=2000)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "gia hạn"
        verbose_name_plural = "gia hạn"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.membership}: {self.due_on:%d/%m/%Y}"
