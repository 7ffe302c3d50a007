"""How people and units come in: invitations to an account, workbooks of the whole register."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.models.structure import Board
from emulation import clock
from emulation.models import StoredFile


class Invitation(models.Model):
    """A single-use code with which a person sets the first password; only its hash is kept.

    ``sent_to`` is the mail address it went to, empty where it was printed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="invitations",
        verbose_name="người được mời",
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_to = models.EmailField("gửi tới", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("cấp lúc", default=clock.now, editable=False)
    expires_at = models.DateTimeField("hết hạn lúc")
    used_at = models.DateTimeField("dùng lúc", null=True, blank=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lời mời"
        verbose_name_plural = "lời mời"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open",
                violation_error_message="Người này đang có một lời mời chưa dùng.",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
                violation_error_message="Lời mời đã dùng thì không thu hồi được.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%d/%m/%Y}"


class BoardImport(models.Model):
    """A workbook a board uploaded: previewed, then applied as a whole or left.

    ``fingerprint`` is the digest of the plan the person saw; ``summary`` one sentence of what was
    written.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="imports")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("tải lên lúc", default=clock.now, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    applied_at = models.DateTimeField("nhập lúc", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    summary = models.CharField("kết quả", max_length=500, blank=True)

    class Meta:
        verbose_name = "lần nhập danh sách"
        verbose_name_plural = "lần nhập danh sách"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="board_import_applied_pair",
                violation_error_message="Thời điểm và người nhập phải ghi cùng nhau.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.uploaded_at:%d/%m/%Y %H:%M}"
