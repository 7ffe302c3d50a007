"""Who is not considered, quotas, the adopted table, nominations, decisions, appeals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from blocs.models import BlocYear, Board, Meeting, Membership
from emulation import clock
from emulation.history import AppendOnlyModel
from emulation.workflow import TransitionRecord
from scoring.enums import (
    AppealStatus,
    DecisionOutcome,
    GroundEffect,
    NominationStatus,
)
from scoring.models.fields import PointsField


class Award(models.Model):
    """An award as the board calls it, highest first by ``position``."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="awards")
    code = models.CharField("mã", max_length=30)
    label = models.CharField("tên hình thức khen thưởng", max_length=200)
    position = models.PositiveSmallIntegerField("thứ tự", default=1)

    class Meta:
        verbose_name = "hình thức khen thưởng"
        verbose_name_plural = "hình thức khen thưởng"
        ordering = ["board", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "code"],
                name="award_code_once",
                violation_error_message="Hội đồng đã có hình thức khen thưởng này.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class AwardQuota(models.Model):
    """How many of an award a bloc-year may propose, and for whom.

    ``needs`` lists conditions: "pledge_signed", "no_sanction"; ``extra_condition`` is free text
    that the board's officer confirms unit by unit.
    """

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="quotas")
    award = models.ForeignKey(Award, models.PROTECT, related_name="+")
    max_count = models.PositiveSmallIntegerField("số lượng tối đa", null=True, blank=True)
    max_share = models.DecimalField(
        "tỷ lệ tối đa", max_digits=5, decimal_places=4, null=True, blank=True
    )
    worst_rank = models.PositiveSmallIntegerField("thứ hạng thấp nhất", null=True, blank=True)
    lowest_grade = models.CharField("xếp loại thấp nhất", max_length=60, blank=True)
    lowest_total = PointsField("tổng điểm thấp nhất", null=True, blank=True)
    needs = models.JSONField("điều kiện", default=list, blank=True)
    extra_condition = models.CharField("điều kiện khác", max_length=500, blank=True)

    class Meta:
        verbose_name = "chỉ tiêu khen thưởng"
        verbose_name_plural = "chỉ tiêu khen thưởng"
        ordering = ["award__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "award"],
                name="quota_once",
                violation_error_message="Hình thức khen thưởng này đã có chỉ tiêu.",
            ),
            models.CheckConstraint(
                condition=Q(max_count__isnull=False) | Q(max_share__isnull=False),
                name="quota_limited",
                violation_error_message="Chỉ tiêu phải ghi số lượng hoặc tỷ lệ tối đa.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.award)


class GroundRule(models.Model):
    """What a ground for not considering does in this bloc-year, where the board changed it."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="ground_rules")
    ground = models.CharField("căn cứ", max_length=30)
    effect = models.CharField("hệ quả", max_length=20, choices=GroundEffect.choices)

    class Meta:
        verbose_name = "căn cứ không xét thi đua"
        verbose_name_plural = "căn cứ không xét thi đua"
        ordering = ["ground"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "ground"],
                name="ground_rule_once",
                violation_error_message="Căn cứ này đã có hệ quả.",
            )
        ]

    def __str__(self) -> str:
        return self.ground


class NotConsidered(models.Model):
    """A dated decision on a member: not considered on a ground, or considered in spite of it.

    ``is_override`` marks the latter (a unit that never signed is excluded by rule unless someone
    decides otherwise, with a reason).
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="standing_decisions")
    ground = models.CharField("căn cứ", max_length=30)
    effect = models.CharField("hệ quả", max_length=20, choices=GroundEffect.choices)
    is_override = models.BooleanField("vẫn xét thi đua", default=False)
    grade_ceiling = models.CharField("không xếp trên loại", max_length=60, blank=True)
    reason = models.TextField("lý do", max_length=2000)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    decided_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField("rút lại lúc", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_reason = models.TextField("lý do rút lại", blank=True, max_length=2000)

    class Meta:
        verbose_name = "quyết định không xét thi đua"
        verbose_name_plural = "quyết định không xét thi đua"
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "ground"],
                condition=Q(revoked_at__isnull=True),
                name="not_considered_once",
                violation_error_message="Đơn vị đã có quyết định về căn cứ này.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="not_considered_reasoned",
                violation_error_message="Quyết định phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.ground}"


class RankingSnapshot(AppendOnlyModel):
    """The adopted table, numbered: the inputs it was computed from and the explanation.

    ``inputs`` recomputes to exactly the rows. A correction is a new number with a reason.
    """

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField("bản số")
    rubric = models.ForeignKey("scoring.Rubric", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hội nghị"
    )
    inputs = models.JSONField()
    reason = models.TextField("lý do", blank=True, max_length=2000)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "bảng xếp hạng đã thông qua"
        verbose_name_plural = "bảng xếp hạng đã thông qua"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "number"],
                name="snapshot_number_once",
                violation_error_message="Bản số này đã có.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bloc_year}, bản số {self.number}"


class RankingRow(AppendOnlyModel):
    """One unit in an adopted table. ``rank`` is null for a unit without a place."""

    snapshot = models.ForeignKey(RankingSnapshot, models.PROTECT, related_name="rows")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField("hạng", null=True)
    is_tied = models.BooleanField("đồng hạng", default=False)
    total = PointsField("tổng điểm", null=True)
    base = PointsField(null=True)
    plus = PointsField(null=True)
    minus = PointsField(null=True)
    sections = models.JSONField(default=dict)
    grade = models.CharField("xếp loại", max_length=60, blank=True)
    explanation = models.JSONField(default=dict)

    class Meta:
        verbose_name = "dòng xếp hạng"
        verbose_name_plural = "dòng xếp hạng"
        ordering = ["snapshot", F("rank").asc(nulls_last=True), "membership__sorting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "membership"],
                name="ranking_row_once",
                violation_error_message="Đơn vị đã có trong bảng xếp hạng.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.membership}"


class Nomination(models.Model):
    """What the bloc proposes for a unit; ``award`` null means "không đề nghị", decided too."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="nominations")
    membership = models.OneToOneField(Membership, models.PROTECT, related_name="nomination")
    award = models.ForeignKey(Award, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(
        "trạng thái",
        max_length=10,
        choices=NominationStatus.choices,
        default=NominationStatus.PROPOSED,
    )
    reason = models.TextField("lý do", blank=True, max_length=2000)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "đề nghị khen thưởng"
        verbose_name_plural = "đề nghị khen thưởng"
        ordering = ["membership__sorting", "pk"]

    def __str__(self) -> str:
        return f"{self.membership}: {self.award or 'không đề nghị'}"

    @property
    def stage(self) -> NominationStatus:
        """The stored status as its enum."""
        return NominationStatus(self.status)


class NominationTransition(TransitionRecord):
    """A transition of a nomination."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="transitions")

    class Meta(TransitionRecord.Meta):
        verbose_name = "bước của đề nghị khen thưởng"
        verbose_name_plural = "bước của đề nghị khen thưởng"


class CouncilDecision(models.Model):
    """What the Council decided on a nomination: stored apart, never over the bloc's own result.

    ``award`` is what is given (null when refused).
    """

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="decision")
    outcome = models.CharField("quyết định", max_length=10, choices=DecisionOutcome.choices)
    award = models.ForeignKey(Award, models.PROTECT, null=True, blank=True, related_name="+")
    document_number = models.CharField("số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    reason = models.TextField("lý do", blank=True, max_length=2000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "quyết định của Hội đồng"
        verbose_name_plural = "quyết định của Hội đồng"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved") | ~Q(reason=""),
                name="decision_reasoned",
                violation_error_message="Quyết định khác đề nghị của Khối phải ghi lý do.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="rejected", award__isnull=True)
                | Q(outcome="lowered", award__isnull=False)
                | Q(outcome="approved"),
                name="decision_award_fits",
                violation_error_message="Hình thức khen thưởng phải khớp với quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.get_outcome_display()}"


class Appeal(models.Model):
    """A unit's complaint about the published result, within the window of days."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="appeals")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="appeals")
    text = models.TextField("nội dung kiến nghị", max_length=10_000)
    status = models.CharField(
        "trạng thái", max_length=10, choices=AppealStatus.choices, default=AppealStatus.OPEN
    )
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=clock.now, editable=False)
    decision = models.TextField("kết quả giải quyết", blank=True, max_length=10_000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "kiến nghị"
        verbose_name_plural = "kiến nghị"
        ordering = ["filed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", decided_by__isnull=True, decision="")
                | (Q(status="decided", decided_by__isnull=False) & ~Q(decision="")),
                name="appeal_decided_whole",
                violation_error_message="Kiến nghị đã giải quyết phải ghi kết quả và người ghi.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]
