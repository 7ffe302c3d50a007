"""What the board does: record decisions, publish, answer appeals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import Count, Q
from django.urls import reverse

from blocs.enums import YearStatus
from blocs.models import BlocYear
from emulation import clock
from emulation.tasks import Task
from scoring.enums import AppealStatus
from scoring.models import Appeal
from scoring.permissions.results import appeal_ends_on

S = YearStatus


def board_tasks(boards: set[int]) -> Iterator[Task]:
    """Decisions to record, results to publish, appeals to answer, by bloc."""
    if not boards:
        return
    waiting = Count(
        "nominations",
        filter=Q(nominations__award__isnull=False, nominations__decision__isnull=True),
        distinct=True,
    )
    years = (
        BlocYear.objects.filter(board__in=boards, status__in=[S.SUBMITTED, S.DECIDED])
        .select_related("board")
        .annotate(waiting=waiting)
        .order_by("-year", "sorting", "pk")
    )
    appeals = _open_appeals(boards)
    for year in years:
        yield from _board_task(year, appeals.get(year.pk, 0))


def _open_appeals(boards: set[int]) -> Mapping[int, int]:
    appeals = Appeal.objects.filter(bloc_year__board__in=boards, status=AppealStatus.OPEN)
    return dict(appeals.order_by().values_list("bloc_year_id").annotate(Count("pk")))


def _board_task(year: BlocYear, appeals: int) -> Iterator[Task]:
    capacity = f"{year.board.office_name} · {year}"
    waiting = int(getattr(year, "waiting", 0))
    if year.status == S.SUBMITTED and waiting:
        yield Task(
            capacity,
            "Ghi quyết định của Hội đồng",
            reverse("decision_list", args=[year.pk]),
            detail="Quyết định được lưu riêng, không thay đổi thứ hạng của Khối.",
            count=f"{waiting} đề nghị",
        )
    if year.status == S.SUBMITTED and not waiting:
        yield _step_task(capacity, year, "Chốt quyết định của Hội đồng")
    if _may_close(year) and not appeals:
        yield _step_task(capacity, year, "Kết thúc năm thi đua")
    if year.status == S.DECIDED and year.published_at is None:
        yield Task(
            capacity,
            "Công bố kết quả",
            reverse("publish", args=[year.pk]),
            detail="Kết quả chưa ai ngoài Ban Thi đua - Khen thưởng xem được.",
        )
    if appeals:
        yield Task(
            capacity,
            "Giải quyết kiến nghị",
            reverse("appeal_list", args=[year.pk]),
            detail="Đơn vị chờ kết quả giải quyết.",
            count=f"{appeals} kiến nghị",
        )


def _may_close(year: BlocYear) -> bool:
    """Whether the days for appeals have passed since publication."""
    last = appeal_ends_on(year)
    return year.status == S.DECIDED and last is not None and clock.today() > last


def _step_task(capacity: str, year: BlocYear, title: str) -> Task:
    return Task(capacity, title, reverse("bloc_year", args=[year.pk]))
