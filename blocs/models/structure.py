"""What stands over the years: boards, units with their dated names, posts, blocs."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from blocs.enums import BlocKind, IssuingStyle, PostRole, UnitKind
from emulation.models import FoldedModel

# Words with which a province's name begins, written small within a sentence.
COMMON_WORDS = ("Tỉnh", "Thành phố")


class Board(FoldedModel):
    """A province's emulation board: the root of everything its users see.

    ``heir`` is the board that today stands in its place after one or more mergers: it reads and
    answers for this board's years. Empty while the board itself works.
    """

    name = models.CharField("tên tỉnh, thành phố", max_length=200, unique=True)
    council_name = models.CharField("Hội đồng", max_length=300)
    office_name = models.CharField("cơ quan thường trực", max_length=300)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    ended_on = models.DateField("ngày kết thúc", null=True, blank=True)
    heir = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forebears",
        verbose_name="Hội đồng kế tục",
    )
    is_example = models.BooleanField("ví dụ", default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "Hội đồng"
        verbose_name_plural = "Hội đồng"
        ordering = ["sorting", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(heir__isnull=True) | Q(ended_on__isnull=False),
                name="board_heir_after_end",
                violation_error_message="Chỉ Hội đồng đã kết thúc mới có Hội đồng kế tục.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The province as it stands within a sentence: "tỉnh Thái Bình"."""
        first = next((word for word in COMMON_WORDS if self.name.startswith(f"{word} ")), "")
        return f"{first.lower()}{self.name.removeprefix(first)}"


class BoardName(models.Model):
    """What a province and its Council were called, from ``starts_on`` to ``ends_on`` inclusive.

    Papers of a year print the names of that year.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="names", verbose_name="Hội đồng")
    name = models.CharField("tên tỉnh, thành phố", max_length=200)
    council_name = models.CharField("tên Hội đồng", max_length=300)
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "tên của Hội đồng"
        verbose_name_plural = "tên của Hội đồng"
        ordering = ["board", F("starts_on").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board"],
                condition=Q(ends_on__isnull=True),
                name="board_one_current_name",
                violation_error_message="Hội đồng chỉ có một tên hiện hành.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="board_name_dates_in_order",
                violation_error_message="Ngày thôi dùng tên phải sau ngày bắt đầu dùng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(FoldedModel):
    """An agency. ``name`` is today's name; :class:`UnitName` keeps every name with its dates."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="units", verbose_name="Hội đồng")
    name = models.CharField("tên đơn vị", max_length=300)
    kind = models.CharField(
        "loại hình", max_length=20, choices=UnitKind.choices, default=UnitKind.STATE
    )
    issuing_style = models.CharField(
        "thể thức văn bản",
        max_length=10,
        choices=IssuingStyle.choices,
        default=IssuingStyle.STATE,
    )
    established_on = models.DateField("ngày thành lập", null=True, blank=True)
    ended_on = models.DateField("ngày giải thể", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["sorting", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "folded"],
                condition=Q(ended_on__isnull=True),
                name="unit_name_once_per_board",
                violation_error_message="Hội đồng này đã có đơn vị mang tên đó.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitName(models.Model):
    """A name a unit carried, from ``starts_on`` to ``ends_on`` inclusive (null: still)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names", verbose_name="đơn vị")
    name = models.CharField("tên đơn vị", max_length=300)
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "tên của đơn vị"
        verbose_name_plural = "tên của đơn vị"
        ordering = ["unit", F("starts_on").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(ends_on__isnull=True),
                name="unit_one_current_name",
                violation_error_message="Đơn vị chỉ có một tên hiện hành.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="unit_name_dates_in_order",
                violation_error_message="Ngày thôi dùng tên phải sau ngày bắt đầu dùng.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person's dated post in a unit or in a board (exactly one of the two).

    ``ends_on`` is the last day; ``closed_at`` closes the access at once where a post is handed
    over in the middle of that day.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name="người giữ"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="đơn vị"
    )
    board = models.ForeignKey(
        Board, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="Hội đồng"
    )
    role = models.CharField("vai trò", max_length=20, choices=PostRole.choices)
    title = models.CharField("chức vụ", max_length=200, blank=True)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    closed_at = models.DateTimeField("đóng quyền truy cập lúc", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "chức vụ"
        verbose_name_plural = "chức vụ"
        ordering = ["role", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, board__isnull=True)
                | Q(unit__isnull=True, board__isnull=False),
                name="post_in_unit_or_board",
                violation_error_message="Chức vụ thuộc một đơn vị hoặc một Hội đồng.",
            ),
            models.CheckConstraint(
                condition=(Q(board__isnull=False) & Q(role=PostRole.BOARD_OFFICER))
                | (Q(board__isnull=True) & ~Q(role=PostRole.BOARD_OFFICER)),
                name="post_role_fits_place",
                violation_error_message=(
                    "Cán bộ Ban Thi đua - Khen thưởng thuộc Hội đồng; "
                    "lãnh đạo và cán bộ đầu mối thuộc đơn vị."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_dates_in_order",
                violation_error_message="Ngày thôi giữ chức vụ phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(ends_on__isnull=False),
                name="post_closed_has_last_day",
                violation_error_message="Chức vụ đã đóng quyền truy cập phải có ngày thôi giữ.",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(ends_on__isnull=True, unit__isnull=False),
                name="post_once_per_unit",
                violation_error_message="Người này đang giữ chức vụ đó tại đơn vị.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.title or self.get_role_display()}"

    def is_current(self, on: dt.date) -> bool:
        """Return whether the post gives access on that day."""
        if self.closed_at is not None:
            return False
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


class Bloc(FoldedModel):
    """A bloc or cluster over the years; each year carries the name it had."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="blocs", verbose_name="Hội đồng")
    name = models.CharField("tên khối", max_length=300)
    kind = models.CharField("loại", max_length=10, choices=BlocKind.choices, default=BlocKind.BLOC)
    ended_on = models.DateField("ngày kết thúc", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="khối kế tục",
    )
    is_example = models.BooleanField("ví dụ", default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "khối thi đua"
        verbose_name_plural = "khối thi đua"
        ordering = ["sorting", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(ended_on__isnull=False),
                name="bloc_successor_after_end",
                violation_error_message="Chỉ khối đã kết thúc mới có khối kế tục.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
