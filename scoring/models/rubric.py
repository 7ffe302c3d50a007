"""The rubric: sections, criteria and their parts, grades; comments on it; its versions."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from blocs.models import BlocYear, Meeting, Membership
from emulation import clock
from emulation.history import AppendOnlyModel
from emulation.workflow import TransitionRecord
from pledges.models import PledgeItem
from scoring.enums import (
    Automatic,
    CommentProposal,
    CriterionKind,
    LatePolicy,
    NotApplicable,
    RankStyle,
    RubricStatus,
    Sanction,
    SectionKind,
    ShareBase,
    WhatIfDeed,
)
from scoring.models.fields import PointsField


class Rubric(models.Model):
    """One version of a bloc-year's table; frozen when issued. Numbers are data, never code.

    ``waivers``: list of ``{"rule", "place", "message", "reason"}``, the errors of the check that
    were let pass when the table was issued. ``what_if_open``: the board lets every member see what
    the draft would have done to past years.
    """

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="rubrics")
    version = models.PositiveSmallIntegerField("lần", default=1)
    status = models.CharField(
        "trạng thái", max_length=12, choices=RubricStatus.choices, default=RubricStatus.DRAFT
    )
    title = models.CharField("tên bảng chấm điểm", max_length=300)
    scale_max = PointsField("thang điểm", default=Decimal(100))
    plus_cap = PointsField("điểm cộng tối đa", null=True, blank=True)
    minus_cap = PointsField("điểm trừ tối đa", null=True, blank=True)
    floor = PointsField("tổng điểm thấp nhất", null=True, blank=True, default=Decimal(0))
    ceiling = PointsField("tổng điểm cao nhất", null=True, blank=True)
    rounding = PointsField("làm tròn tổng điểm đến", default=Decimal("0.01"))
    scale_back = models.BooleanField("quy đổi khi có tiêu chí không phát sinh", default=False)
    rank_capped = models.BooleanField("xếp hạng theo tổng điểm không quá thang điểm", default=False)
    rank_style = models.CharField(
        "cách đánh số thứ hạng",
        max_length=10,
        choices=RankStyle.choices,
        default=RankStyle.STANDARD,
    )
    tie_breaks = models.JSONField("thứ tự xét khi bằng điểm", default=list, blank=True)
    late_policy = models.CharField(
        "khi nộp muộn", max_length=10, choices=LatePolicy.choices, default=LatePolicy.MINUS
    )
    document_number = models.CharField("số, ký hiệu văn bản ban hành", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waivers = models.JSONField("lỗi được chấp nhận khi ban hành", default=list, blank=True)
    what_if_open = models.BooleanField("cho các đơn vị xem thử với năm trước", default=False)
    is_example = models.BooleanField("ví dụ", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "bảng chấm điểm"
        verbose_name_plural = "bảng chấm điểm"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "version"],
                name="rubric_version_once",
                violation_error_message="Lần ban hành này đã có bảng chấm điểm.",
            ),
            models.UniqueConstraint(
                fields=["bloc_year"],
                condition=Q(status="issued"),
                name="rubric_one_issued",
                violation_error_message="Khối đã có bảng chấm điểm đang áp dụng.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "consulting"],
                    issued_at__isnull=True,
                    issued_by__isnull=True,
                )
                | Q(
                    status__in=["issued", "superseded"],
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                ),
                name="rubric_issued_whole",
                violation_error_message="Bảng đã ban hành phải ghi người và thời điểm ban hành.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, lần {self.version}"

    @property
    def stage(self) -> RubricStatus:
        """The stored status as its enum."""
        return RubricStatus(self.status)


class RubricTransition(TransitionRecord):
    """A transition of a rubric version."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="transitions")

    class Meta(TransitionRecord.Meta):
        verbose_name = "bước của bảng chấm điểm"
        verbose_name_plural = "bước của bảng chấm điểm"


class GradeBand(models.Model):
    """A grade from its lower bound up to the next; gaps and overlaps cannot be written.

    ``section_floors``: list of ``[section code, lowest share as text or null]``. ``overflow`` names
    the grade of those above the largest share; empty: the next lower one.
    """

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="grades")
    name = models.CharField("xếp loại", max_length=60)
    lower_bound = PointsField("từ điểm")
    min_criterion_share = models.DecimalField(
        "tỷ lệ thấp nhất của từng tiêu chí", max_digits=5, decimal_places=4, null=True, blank=True
    )
    max_share_of_units = models.DecimalField(
        "tỷ lệ đơn vị tối đa", max_digits=5, decimal_places=4, null=True, blank=True
    )
    share_base = models.CharField(
        "tỷ lệ tính trên", max_length=20, choices=ShareBase.choices, default=ShareBase.RANKED
    )
    overflow = models.CharField("vượt tỷ lệ thì xếp", max_length=60, blank=True)
    section_floors = models.JSONField("điều kiện theo phần", default=list, blank=True)

    class Meta:
        verbose_name = "xếp loại"
        verbose_name_plural = "xếp loại"
        ordering = ["rubric", "-lower_bound"]
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "lower_bound"],
                name="grade_bound_once",
                violation_error_message="Hai xếp loại không được cùng mức điểm bắt đầu.",
            ),
            models.UniqueConstraint(
                fields=["rubric", "name"],
                name="grade_name_once",
                violation_error_message="Tên xếp loại đã có trong bảng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A part of the table; ``max_points`` is the maximum of a base part, the cap of the others."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    code = models.CharField("mã", max_length=20)
    kind = models.CharField(
        "loại", max_length=5, choices=SectionKind.choices, default=SectionKind.BASE
    )
    title = models.CharField("tên phần", max_length=500)
    max_points = PointsField("điểm tối đa", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "phần"
        verbose_name_plural = "phần"
        ordering = ["rubric", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "code"],
                name="section_code_once",
                violation_error_message="Mã phần đã có trong bảng.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class Criterion(models.Model):
    """A criterion, or a part (a, b, c) of one. ``levels`` and ``ladder`` as the rules read them.

    ``origin`` is the criterion of the version before, or of another year, that it was copied from.
    ``printed_max`` is the maximum as the paper prints it, where that differs from the rule.

    ``levels``: list of ``{"label", "points", "knocks_out"}``; ``ladder``: list of
    ``[threshold, points]``; decimals as strings.
    """

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    section = models.ForeignKey(Section, models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    code = models.CharField("mã", max_length=20)
    title = models.CharField("nội dung", max_length=1000)
    kind = models.CharField(
        "cách chấm", max_length=20, choices=CriterionKind.choices, default=CriterionKind.DIRECT
    )
    max_points = PointsField("điểm tối đa")
    step = PointsField("bước điểm", null=True, blank=True)
    per = PointsField("điểm mỗi lần", null=True, blank=True)
    unit_label = models.CharField("đơn vị đếm", max_length=60, blank=True)
    relative = models.BooleanField("so với đơn vị vượt chỉ tiêu cao nhất", default=False)
    levels = models.JSONField("các mức", default=list, blank=True)
    ladder = models.JSONField("các ngưỡng", default=list, blank=True)
    not_applicable = models.CharField(
        "khi không phát sinh",
        max_length=12,
        choices=NotApplicable.choices,
        default=NotApplicable.NOT_ALLOWED,
    )
    evidence_required = models.BooleanField("phải có minh chứng", default=False)
    evidence_hint = models.CharField("minh chứng cần có", max_length=500, blank=True)
    decision_required = models.BooleanField("phải ghi số, ngày quyết định", default=False)
    exclusive_group = models.CharField("nhóm chỉ tính một", max_length=30, blank=True)
    sanction = models.CharField(
        "khống chế xếp loại", max_length=20, choices=Sanction.choices, blank=True, default=""
    )
    sanction_grade = models.CharField("không xếp trên loại", max_length=60, blank=True)
    automatic = models.CharField(
        "hệ thống tự tính", max_length=12, choices=Automatic.choices, blank=True, default=""
    )
    checker = models.CharField("bộ phận thẩm định", max_length=200, blank=True)
    pledge_item = models.ForeignKey(
        PledgeItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nội dung giao ước",
    )
    printed_max = PointsField("điểm tối đa in trên văn bản", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    origin = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "tiêu chí"
        verbose_name_plural = "tiêu chí"
        ordering = ["section__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "code"],
                name="criterion_code_once",
                violation_error_message="Mã tiêu chí đã có trong bảng.",
            ),
            models.CheckConstraint(
                condition=Q(max_points__gt=0),
                name="criterion_max_positive",
                violation_error_message="Điểm tối đa của tiêu chí phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(per__isnull=True) | Q(per__gt=0),
                name="criterion_per_positive",
                violation_error_message="Điểm mỗi lần phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(step__isnull=True) | Q(step__gt=0),
                name="criterion_step_positive",
                violation_error_message="Bước điểm phải lớn hơn 0.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class RubricComment(models.Model):
    """What a member says of the table or of one criterion, and the secretary's answer."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="comments")
    criterion = models.ForeignKey(
        Criterion, models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    criterion_code = models.CharField("tiêu chí", max_length=20, blank=True)
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hội nghị"
    )
    proposal = models.CharField(
        "đề nghị", max_length=10, choices=CommentProposal.choices, default=CommentProposal.OTHER
    )
    text = models.TextField("ý kiến", max_length=5000)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    reply = models.TextField("trả lời", blank=True, max_length=5000)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "ý kiến góp ý bảng chấm điểm"
        verbose_name_plural = "ý kiến góp ý bảng chấm điểm"
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reply="", replied_by__isnull=True, replied_at__isnull=True)
                | (~Q(reply="") & Q(replied_by__isnull=False, replied_at__isnull=False)),
                name="rubric_comment_reply_whole",
                violation_error_message="Trả lời phải có nội dung, người và thời điểm trả lời.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class WhatIfUse(AppendOnlyModel):
    """Who looked at what a draft would have done to past years, and when; members may read it."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="what_if_uses")
    deed = models.CharField("việc", max_length=10, choices=WhatIfDeed.choices)
    edit_version = models.PositiveIntegerField("lần sửa của dự thảo")
    years = models.JSONField("các năm đối chiếu", default=list)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "lần xem thử bảng chấm điểm"
        verbose_name_plural = "lần xem thử bảng chấm điểm"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rubric_id} {self.deed} {self.at:%d/%m/%Y}"
