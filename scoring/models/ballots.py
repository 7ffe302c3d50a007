"""Votes that break a tie, and the head's order where the rubric lets the head decide."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from blocs.models import BlocYear, Meeting, Membership
from emulation import clock
from emulation.history import AppendOnlyModel
from scoring.enums import BallotMethod


class Ballot(models.Model):
    """A vote that breaks a tie. Who voted for whom is never stored."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="ballots")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="ballots")
    method = models.CharField("hình thức", max_length=10, choices=BallotMethod.choices)
    eligible = models.PositiveSmallIntegerField("số người có quyền bỏ phiếu")
    issued = models.PositiveSmallIntegerField("số phiếu phát ra")
    returned = models.PositiveSmallIntegerField("số phiếu thu về")
    valid = models.PositiveSmallIntegerField("số phiếu hợp lệ")
    invalid = models.PositiveSmallIntegerField("số phiếu không hợp lệ")
    counters = models.CharField("người kiểm phiếu", max_length=500)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    voided_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    voided_reason = models.CharField("lý do hủy", max_length=500, blank=True)

    class Meta:
        verbose_name = "cuộc bỏ phiếu"
        verbose_name_plural = "cuộc bỏ phiếu"
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned=F("valid") + F("invalid"))
                & Q(returned__lte=F("issued"))
                & Q(issued__lte=F("eligible")),
                name="ballot_sums",
                violation_error_message=(
                    "Số phiếu thu về phải bằng số hợp lệ cộng số không hợp lệ, không quá số phát "
                    "ra; số phát ra không quá số người có quyền bỏ phiếu."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.recorded_at:%d/%m/%Y}"


class BallotVote(models.Model):
    """How many votes a unit received."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    votes = models.PositiveSmallIntegerField("số phiếu")

    class Meta:
        verbose_name = "số phiếu của đơn vị"
        verbose_name_plural = "số phiếu của đơn vị"
        ordering = ["-votes", "membership__sorting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "membership"],
                name="ballot_vote_once",
                violation_error_message="Đơn vị đã được ghi số phiếu.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.votes}"


class TieDecision(AppendOnlyModel):
    """The head's order among tied units, where the rubric lets the head decide."""

    bloc_year = models.ForeignKey(BlocYear, models.PROTECT, related_name="tie_decisions")
    order = models.JSONField("thứ tự các đơn vị")
    reason = models.TextField("lý do", max_length=2000)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey("blocs.Unit", models.PROTECT, null=True, related_name="+")
    acting_as = models.CharField("với tư cách", max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "quyết định thứ tự khi bằng điểm"
        verbose_name_plural = "quyết định thứ tự khi bằng điểm"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.reason[:80]
