"""An uploaded file as the database knows it."""

from __future__ import annotations

import uuid

from django.db import models

from emulation import clock
from emulation.models.people import User


def _upload_path(stored: StoredFile, _filename: str) -> str:
    return f"evidence/{clock.today():%Y}/{stored.uuid}"


class StoredFile(models.Model):
    """An uploaded file: random name, no extension, hashed, never overwritten."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField("tệp", upload_to=_upload_path, max_length=200)
    original_name = models.CharField("tên tệp", max_length=150)
    content_type = models.CharField("loại tệp", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng")
    sha256 = models.CharField("mã băm", max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="người tải lên"
    )
    uploaded_at = models.DateTimeField("lúc", default=clock.now, editable=False)

    class Meta:
        verbose_name = "tệp"
        verbose_name_plural = "tệp"

    def __str__(self) -> str:
        return self.original_name
