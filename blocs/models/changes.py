"""What changed in the structure: mergers, splits, new names, moves; who came after whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from blocs.enums import ChangeKind
from blocs.models.structure import Bloc, Board, Unit
from emulation import clock
from emulation.history import AppendOnlyModel


class StructureChange(AppendOnlyModel):
    """One decided change of a province's structure, written once with its effects as confirmed.

    ``basis`` is the decision it rests on, as the clerk typed it; ``effects`` are the sentences the
    person read and confirmed. ``unit`` and ``bloc`` name what it concerns first.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="changes")
    kind = models.CharField("việc", max_length=20, choices=ChangeKind.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name="đơn vị"
    )
    bloc = models.ForeignKey(
        Bloc, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name="khối"
    )
    title = models.CharField("nội dung", max_length=500)
    effective_on = models.DateField("có hiệu lực từ ngày")
    basis = models.CharField("căn cứ", max_length=500, blank=True)
    reason = models.TextField("lý do", max_length=2000)
    effects = models.JSONField("ảnh hưởng", default=list)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "thay đổi tổ chức"
        verbose_name_plural = "thay đổi tổ chức"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="structure_change_reasoned",
                violation_error_message="Thay đổi tổ chức phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Succession(AppendOnlyModel):
    """A unit came after another by a merger or a split; one row for each pair."""

    change = models.ForeignKey(StructureChange, models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(
        Unit, models.PROTECT, related_name="successions", verbose_name="đơn vị trước"
    )
    successor = models.ForeignKey(
        Unit, models.PROTECT, related_name="origins", verbose_name="đơn vị kế thừa"
    )

    class Meta:
        verbose_name = "kế thừa"
        verbose_name_plural = "kế thừa"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="succession_once",
                violation_error_message="Việc kế thừa này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_of_another",
                violation_error_message="Đơn vị không kế thừa chính mình.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
