"""A unit's score sheet: lines, totals per stage, evidence, and the history of points."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.models import BlocYear, Board, Membership
from emulation import clock
from emulation.history import AppendOnlyModel
from emulation.models import StoredFile
from emulation.workflow import TransitionRecord
from scoring.enums import PointStage, SheetStatus
from scoring.models.fields import PointsField
from scoring.models.rubric import Criterion, Rubric


class ScoreSheet(models.Model):
    """One member's sheet of one year, pinned to a rubric version.

    The row is the lock for totals and submission; the conflict version is on the line.
    ``first_submitted_at`` alone decides lateness; ``days_late`` are calendar days begun.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="+")
    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="sheets")
    membership = models.OneToOneField(Membership, models.PROTECT, related_name="sheet")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="sheets")
    status = models.CharField(
        "trạng thái", max_length=24, choices=SheetStatus.choices, default=SheetStatus.NOT_STARTED
    )
    blanks_confirmed = models.BooleanField(
        "xác nhận các mục cộng, trừ để trống là không có", default=False
    )
    first_submitted_at = models.DateTimeField("nộp lần đầu lúc", null=True, blank=True)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approving_leader = models.CharField("lãnh đạo đơn vị đồng ý nộp", max_length=300, blank=True)
    days_late = models.PositiveSmallIntegerField("số ngày nộp muộn", default=0)
    returned_due_on = models.DateField("hạn nộp lại", null=True, blank=True)
    explanation_due_on = models.DateField("hạn giải trình", null=True, blank=True)
    first_round_at = models.DateTimeField("xong vòng một lúc", null=True, blank=True)
    first_round_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    appraised_at = models.DateTimeField("thẩm định xong lúc", null=True, blank=True)
    appraised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_example = models.BooleanField("ví dụ", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "bảng chấm điểm của đơn vị"
        verbose_name_plural = "bảng chấm điểm của đơn vị"
        ordering = ["membership__sorting", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    first_submitted_at__isnull=False,
                ),
                name="sheet_submitted_pair",
                violation_error_message="Thời điểm và người nộp phải ghi cùng nhau.",
            ),
            models.CheckConstraint(
                condition=Q(first_round_at__isnull=True, first_round_by__isnull=True)
                | Q(first_round_at__isnull=False, first_round_by__isnull=False),
                name="sheet_first_round_pair",
                violation_error_message="Thời điểm và người xong vòng một phải ghi cùng nhau.",
            ),
            models.CheckConstraint(
                condition=~Q(status="second_round") | Q(first_round_at__isnull=False),
                name="sheet_second_round_follows",
                violation_error_message="Thẩm định vòng hai phải sau khi xong vòng một.",
            ),
            models.CheckConstraint(
                condition=Q(appraised_at__isnull=True, appraised_by__isnull=True)
                | Q(appraised_at__isnull=False, appraised_by__isnull=False),
                name="sheet_appraised_pair",
                violation_error_message="Thời điểm và người thẩm định phải ghi cùng nhau.",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="sheet_approved_pair",
                violation_error_message="Thời điểm và người duyệt phải ghi cùng nhau.",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", approved_at__isnull=False)
                | (~Q(status="approved") & Q(approved_at__isnull=True)),
                name="sheet_approved_fits_status",
                violation_error_message="Bảng đã duyệt phải ghi người và thời điểm duyệt.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bảng chấm điểm của {self.membership}"

    @property
    def stage(self) -> SheetStatus:
        """The stored status as its enum."""
        return SheetStatus(self.status)

    @property
    def is_in_second_round(self) -> bool:
        """Whether the second round runs, also while the unit is asked in it."""
        if self.stage is SheetStatus.EXPLANATION_REQUESTED:
            return self.first_round_at is not None
        return self.stage is SheetStatus.SECOND_ROUND


class SheetTransition(TransitionRecord):
    """A transition of a score sheet."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="transitions")

    class Meta(TransitionRecord.Meta):
        verbose_name = "bước của bảng chấm điểm"
        verbose_name_plural = "bước của bảng chấm điểm"


class SheetMove(AppendOnlyModel):
    """A sheet moved to a later version of the table; ``counts``: how many lines of each sort."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="moves")
    from_rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="+")
    to_rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "lần chuyển bảng chấm điểm"
        verbose_name_plural = "lần chuyển bảng chấm điểm"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.from_rubric_id} → {self.to_rubric_id}"


class ScoreLine(models.Model):
    """One criterion (or part) on one sheet. None is "not scored", never zero.

    Inputs are the JSON documents of ``scoring.rules.inputs``; points are what the rules made of
    them. ``self_typed`` holds the one number of a pair whose other is still to come, by its field:
    no input yet, but nothing that was typed is lost. ``final_input`` is the appraised one as
    approved, or what the meeting resolved on a dispute. ``version`` rises with every change of the
    line's own content. ``review`` says what to look at again after the sheet moved to a later
    version of the table; ``kept_input`` holds what had been entered (``{"self": …, "appraised": …,
    "typed": …, "words": …}``) where the new rule cannot read it. A line whose criterion the later
    version dropped stays on the old criterion.
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="lines")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="lines")
    self_input = models.JSONField("số liệu tự chấm", null=True, blank=True)
    self_typed = models.JSONField("số liệu nhập dở", null=True, blank=True)
    self_points = PointsField("điểm tự chấm", null=True, blank=True)
    self_note = models.TextField("ghi chú của đơn vị", blank=True, max_length=5000)
    appraised_input = models.JSONField("số liệu thẩm định", null=True, blank=True)
    appraised_points = PointsField("điểm thẩm định", null=True, blank=True)
    appraised_reason = models.TextField("lý do thẩm định", blank=True, max_length=5000)
    appraised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    final_input = models.JSONField("số liệu chính thức", null=True, blank=True)
    final_points = PointsField("điểm chính thức", null=True, blank=True)
    kept_input = models.JSONField("số liệu nhập theo lần ban hành trước", null=True, blank=True)
    review = models.CharField("cần xem lại", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "dòng chấm điểm"
        verbose_name_plural = "dòng chấm điểm"
        ordering = ["criterion__section__position", "criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion"],
                name="line_once",
                violation_error_message="Tiêu chí đã có trên bảng chấm điểm này.",
            ),
            models.CheckConstraint(
                condition=Q(self_typed__isnull=True) | Q(self_input__isnull=True),
                name="line_typed_or_entered",
                violation_error_message="Số liệu nhập dở không đi cùng số liệu đã nhập đủ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.criterion_id}"


class StageTotal(models.Model):
    """A sheet's totals at one stage, written in the transaction that changed its lines.

    ``total`` is null while a base line is unscored. ``sections`` maps section code to counted
    points, ``facts`` holds what ranking needs besides (shares, sanctions): decimals as strings.
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="totals")
    stage = models.CharField("cột", max_length=10, choices=PointStage.choices)
    total = PointsField("tổng điểm", null=True, blank=True)
    base = PointsField("điểm chuẩn", null=True, blank=True)
    plus = PointsField("điểm cộng", null=True, blank=True)
    minus = PointsField("điểm trừ", null=True, blank=True)
    missing = models.PositiveSmallIntegerField("số tiêu chí chưa chấm", default=0)
    sections = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = "tổng điểm"
        verbose_name_plural = "tổng điểm"
        ordering = ["sheet", "stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "stage"],
                name="stage_total_once",
                violation_error_message="Cột điểm này đã có tổng.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.stage}: {self.total}"


class Evidence(models.Model):
    """Evidence for one line: a file, or the citation of a decision or paper kept elsewhere.

    ``source`` is the evidence whose file this one refers to, of a predecessor or of another line
    of the same sheet; the file is one. ``replaces`` is the evidence of the same line that this one
    came instead of: that row and its file are kept.
    """

    line = models.ForeignKey(ScoreLine, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp"
    )
    source = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="minh chứng gốc",
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="thay cho minh chứng",
    )
    title = models.CharField("tên minh chứng", max_length=300, blank=True)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=300, blank=True)
    kept_at = models.CharField("nơi lưu", max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now, editable=False)
    removed_at = models.DateTimeField("gỡ lúc", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | (~Q(number="") & Q(issued_on__isnull=False)),
                name="evidence_file_or_citation",
                violation_error_message="Minh chứng phải có tệp, hoặc số và ngày văn bản.",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="evidence_removed_pair",
                violation_error_message="Thời điểm và người gỡ minh chứng phải ghi cùng nhau.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.number


class EvidenceView(AppendOnlyModel):
    """A person opened the file of a piece of evidence: the first time, once."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", default=clock.now, editable=False)

    class Meta:
        verbose_name = "lần mở minh chứng"
        verbose_name_plural = "lần mở minh chứng"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "user"],
                name="evidence_view_once",
                violation_error_message="Đã ghi nhận người này mở minh chứng.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.user_id}"


class PointChange(AppendOnlyModel):
    """Every change of a line's input or points: old, new, reason, author, time."""

    line = models.ForeignKey(ScoreLine, models.PROTECT, related_name="changes")
    stage = models.CharField("cột", max_length=10, choices=PointStage.choices)
    old_input = models.JSONField(null=True)
    new_input = models.JSONField(null=True)
    old_points = PointsField(null=True)
    new_points = PointsField(null=True)
    reason = models.TextField("lý do", blank=True, max_length=5000)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey("blocs.Unit", models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "thay đổi điểm"
        verbose_name_plural = "thay đổi điểm"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.line_id} {self.stage}: {self.old_points} → {self.new_points}"
