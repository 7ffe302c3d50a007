"""What stands around a sheet and changes no status: receipts, words inside the unit, paper."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from emulation import clock
from emulation.history import AppendOnlyModel
from scoring.enums import PaperAnswer, RemarkKind
from scoring.models.sheet import ScoreSheet


class SheetReceipt(AppendOnlyModel):
    """One handing-in: what was declared, and the SHA-256 of the sheet's content at that moment.

    The content is the canonical document of ``scoring.selectors.sheet_hash``. ``declaration`` is
    empty where a whole table was brought in without the page.
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="receipts")
    content_hash = models.CharField("mã nội dung", max_length=64)
    declaration = models.CharField("cam đoan", max_length=500, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "biên nhận bảng tự chấm điểm"
        verbose_name_plural = "biên nhận bảng tự chấm điểm"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.content_hash[:12]}"


class SheetRemark(AppendOnlyModel):
    """What was said or done around a sheet without changing its status.

    Inside the unit: a comment, handed back to the officer, handed to the leader. On paper:
    received, confirmed or objected to by the unit.
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="remarks")
    kind = models.CharField("việc", max_length=12, choices=RemarkKind.choices)
    text = models.TextField("nội dung", blank=True, max_length=2000)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "trao đổi về bảng chấm điểm"
        verbose_name_plural = "trao đổi về bảng chấm điểm"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="", kind__in=["comment", "returned", "objected"]),
                name="remark_says_something",
                violation_error_message="Ý kiến, trả lại, không đồng ý phải có nội dung.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.kind}: {self.text[:80]}"


class PaperEntry(models.Model):
    """A sheet that came on paper and the secretary enters: when it came, what its unit answers."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="paper_entries")
    received_on = models.DateField("ngày nhận bản giấy")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    acting_as = models.CharField("với tư cách", max_length=300)
    answer = models.CharField(
        "đơn vị trả lời", max_length=10, choices=PaperAnswer.choices, blank=True, default=""
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)

    class Meta:
        verbose_name = "bản giấy nhập hộ"
        verbose_name_plural = "bản giấy nhập hộ"
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"],
                condition=Q(answered_at__isnull=True),
                name="paper_entry_open_once",
                violation_error_message="Bảng này đang có một bản giấy chờ đơn vị xác nhận.",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="paper_entry_answer_whole",
                violation_error_message="Trả lời của đơn vị phải ghi người và thời điểm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.received_on}"
