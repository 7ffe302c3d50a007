"""The giao ước: text in ordered items, what members say of it, who signed it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.models import BlocYear, Meeting, Membership
from emulation import clock
from emulation.history import AppendOnlyModel
from emulation.models import StoredFile
from emulation.workflow import TransitionRecord
from pledges.enums import PledgeStatus, SignatureMethod, TextChangeKind


class Pledge(models.Model):
    """A bloc-year's pledge; its text is frozen once agreed."""

    bloc_year = models.OneToOneField(BlocYear, models.PROTECT, related_name="pledge")
    status = models.CharField(
        "trạng thái", max_length=12, choices=PledgeStatus.choices, default=PledgeStatus.DRAFT
    )
    title = models.CharField("tên giao ước", max_length=300)
    preamble = models.TextField("lời mở đầu", blank=True, max_length=10_000)
    closing = models.TextField("lời kết", blank=True, max_length=10_000)
    agreed_at = models.DateTimeField("chốt lúc", null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_example = models.BooleanField("ví dụ", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "giao ước"
        verbose_name_plural = "giao ước"
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="pledge_agreed_pair",
                violation_error_message="Thời điểm và người chốt giao ước phải ghi cùng nhau.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "consulting"], agreed_at__isnull=True)
                | Q(status__in=["agreed", "closed"], agreed_at__isnull=False),
                name="pledge_agreed_fits_status",
                violation_error_message="Giao ước đã chốt phải ghi thời điểm chốt.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stage(self) -> PledgeStatus:
        """The stored status as its enum."""
        return PledgeStatus(self.status)


class PledgeTransition(TransitionRecord):
    """A transition of a pledge."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="transitions")

    class Meta(TransitionRecord.Meta):
        verbose_name = "bước của giao ước"
        verbose_name_plural = "bước của giao ước"


class PledgeItem(models.Model):
    """One numbered item of the pledge. A dropped item keeps its comments."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField("thứ tự")
    text = models.TextField("nội dung", max_length=5000)
    dropped_at = models.DateTimeField("bỏ lúc", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "nội dung giao ước"
        verbose_name_plural = "nội dung giao ước"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.position}. {self.text[:80]}"


class PledgeTextChange(AppendOnlyModel):
    """One change of the text before it was agreed: who, what it was and what it became."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="text_changes")
    item = models.ForeignKey(
        PledgeItem, models.PROTECT, null=True, blank=True, related_name="changes"
    )
    kind = models.CharField("thay đổi", max_length=10, choices=TextChangeKind.choices)
    before = models.TextField("trước", blank=True, max_length=21_000)
    after = models.TextField("sau", blank=True, max_length=21_000)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField("lúc", default=clock.now, editable=False)

    class Meta:
        verbose_name = "thay đổi nội dung giao ước"
        verbose_name_plural = "thay đổi nội dung giao ước"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.after[:80]}"


class PledgeComment(models.Model):
    """What a member says of an item (or of the whole), and the head's reply.

    ``meeting`` is set where the secretary entered what was said at a meeting; ``author`` is the
    person who typed it.
    """

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="comments")
    item = models.ForeignKey(
        PledgeItem, models.PROTECT, null=True, blank=True, related_name="comments"
    )
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hội nghị"
    )
    text = models.TextField("ý kiến", max_length=5000)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    reply = models.TextField("trả lời của Trưởng khối", blank=True, max_length=5000)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "ý kiến góp ý giao ước"
        verbose_name_plural = "ý kiến góp ý giao ước"
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reply="", replied_by__isnull=True, replied_at__isnull=True)
                | (~Q(reply="") & Q(replied_by__isnull=False, replied_at__isnull=False)),
                name="pledge_comment_reply_whole",
                violation_error_message="Trả lời phải có nội dung, người và thời điểm trả lời.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class PledgeSignature(models.Model):
    """A unit's signature; name and office are the text of that day."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="signatures")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    method = models.CharField("cách ký", max_length=10, choices=SignatureMethod.choices)
    signatory = models.CharField("người ký", max_length=200, blank=True)
    office = models.CharField("chức vụ", max_length=200)
    signed_on = models.DateField("ngày ký")
    scan = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản chụp"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    acting_as = models.CharField("với tư cách", max_length=300)
    revoked_at = models.DateTimeField("hủy ghi nhận lúc", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người hủy ghi nhận",
    )
    revoked_as = models.CharField("hủy với tư cách", max_length=300, blank=True)
    revoked_reason = models.CharField("lý do hủy", max_length=500, blank=True)
    is_example = models.BooleanField("ví dụ", default=False)

    class Meta:
        verbose_name = "chữ ký giao ước"
        verbose_name_plural = "chữ ký giao ước"
        ordering = ["membership__sorting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "membership"],
                condition=Q(revoked_at__isnull=True),
                name="pledge_signed_once",
                violation_error_message="Đơn vị đã ký giao ước này.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_reason="")),
                name="pledge_signature_revoked_whole",
                violation_error_message="Hủy ghi nhận chữ ký phải ghi người, thời điểm và lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.signatory}"
