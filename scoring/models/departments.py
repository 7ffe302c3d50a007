"""Who appraises for a department that the table of criteria names, and how that came about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.models import BlocYear
from emulation import clock
from emulation.history import AppendOnlyModel


class DepartmentPerson(models.Model):
    """An officer of a member who appraises, for one year, the criteria of a department.

    ``department`` is the name as the table wrote it then; names are compared by ``key``.
    """

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="department_people")
    department = models.CharField("bộ phận thẩm định", max_length=200)
    key = models.CharField(max_length=400, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thẩm định"
    )
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "người thẩm định của bộ phận"
        verbose_name_plural = "người thẩm định của bộ phận"
        ordering = ["named_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bloc_year", "key", "person"],
                condition=Q(ended_at__isnull=True),
                name="department_person_once",
                violation_error_message="Người này đã được cử thẩm định cho bộ phận đó.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.department}"


class DepartmentChange(AppendOnlyModel):
    """Somebody was named to appraise for a department, or appraises for it no longer."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="department_changes")
    department = models.CharField("bộ phận thẩm định", max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_named = models.BooleanField("được cử")
    note = models.CharField("ghi chú", max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "thay đổi người thẩm định của bộ phận"
        verbose_name_plural = "thay đổi người thẩm định của bộ phận"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.department}: {self.person}"
