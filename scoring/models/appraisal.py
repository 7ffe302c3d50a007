"""Who appraises, cross-checks, the unit's explanations, disputes that go to the meeting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.enums import AppraisalRounds, AppraisedBy
from blocs.models import BlocYear, Meeting
from emulation import clock
from emulation.history import AppendOnlyModel
from scoring.models.sheet import ScoreLine, ScoreSheet


class AppraiserChange(AppendOnlyModel):
    """Who appraises a year's sheets, or in how many rounds, was set otherwise, before the first
    appraisal.
    """

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="appraiser_changes")
    before = models.CharField("trước", max_length=20, choices=AppraisedBy.choices)
    after = models.CharField("sau", max_length=20, choices=AppraisedBy.choices)
    rounds_before = models.PositiveSmallIntegerField(
        "số vòng trước", choices=AppraisalRounds.choices, default=AppraisalRounds.ONE
    )
    rounds_after = models.PositiveSmallIntegerField(
        "số vòng sau", choices=AppraisalRounds.choices, default=AppraisalRounds.ONE
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "thay đổi về người thẩm định"
        verbose_name_plural = "thay đổi về người thẩm định"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.bloc_year}: {self.get_after_display()}"


class CrossCheck(models.Model):
    """An officer of another member who checks a unit's sheet and gives an opinion.

    ``deal_number`` is the number from which the tool dealt it; null where it was named by hand.
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="cross_checks")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=clock.now, editable=False)
    deal_number = models.PositiveIntegerField("cách chia số", null=True, blank=True)
    opinion = models.TextField("ý kiến kiểm tra chéo", blank=True, max_length=10_000)
    opined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "kiểm tra chéo"
        verbose_name_plural = "kiểm tra chéo"
        ordering = ["assigned_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "checker"],
                condition=Q(ended_at__isnull=True),
                name="cross_check_once",
                violation_error_message="Người này đã được phân công kiểm tra bảng chấm điểm đó.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.checker}: {self.sheet}"


class Explanation(models.Model):
    """What a unit is asked about a cut line, what it says, and what it is answered.

    ``agrees`` is null until the unit has spoken; silence ends on the sheet's deadline and is
    written as ``is_silent``.
    """

    line = models.OneToOneField(ScoreLine, models.PROTECT, related_name="explanation")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    agrees = models.BooleanField("đơn vị đồng ý", null=True, blank=True)
    text = models.TextField("nội dung giải trình", blank=True, max_length=10_000)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    explained_at = models.DateTimeField(null=True, blank=True)
    is_silent = models.BooleanField("không có ý kiến", default=False)
    answer = models.TextField("trả lời", blank=True, max_length=10_000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "giải trình"
        verbose_name_plural = "giải trình"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agrees__isnull=True, explained_by__isnull=True)
                | Q(agrees__isnull=False, explained_by__isnull=False, explained_at__isnull=False),
                name="explanation_whole",
                violation_error_message="Giải trình phải ghi người và thời điểm giải trình.",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="explanation_answer_whole",
                violation_error_message="Trả lời giải trình phải ghi người và thời điểm trả lời.",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Dispute(models.Model):
    """A unit does not accept its result: listed for the meeting, settled there by resolution."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="disputes")
    line = models.ForeignKey(
        ScoreLine, models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    text = models.TextField("nội dung không đồng ý", max_length=10_000)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=clock.now, editable=False)
    resolution = models.TextField("kết luận của hội nghị", blank=True, max_length=10_000)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hội nghị"
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "nội dung không thống nhất"
        verbose_name_plural = "nội dung không thống nhất"
        ordering = ["raised_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolution="", resolved_by__isnull=True, resolved_at__isnull=True)
                | (~Q(resolution="") & Q(resolved_by__isnull=False, resolved_at__isnull=False)),
                name="dispute_resolution_whole",
                violation_error_message="Kết luận phải ghi người và thời điểm ghi nhận.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class StockPhrase(models.Model):
    """A reason that an appraiser likes to have at hand; his or her own, in every bloc."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.CharField("lý do mẫu", max_length=300)
    added_at = models.DateTimeField(default=clock.now, editable=False)
    removed_at = models.DateTimeField("bỏ lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lý do mẫu"
        verbose_name_plural = "lý do mẫu"
        ordering = ["text", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "text"],
                name="stock_phrase_once",
                violation_error_message="Lý do mẫu này đã có trong danh sách của đồng chí.",
            )
        ]

    def __str__(self) -> str:
        return self.text
