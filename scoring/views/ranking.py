"""The ranking: live until adoption, then the numbered tables; the same as workbook and paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.frame import person
from emulation import clock
from emulation.access import require
from emulation.office import docx_response, xlsx_response
from emulation.vietnamese import format_date, format_moment
from scoring.exports.ranking import ranking_docx, ranking_xlsx
from scoring.models import RankingSnapshot
from scoring.permissions.results import (
    appeal_ends_on,
    can_appeal,
    can_decide_nominations,
    can_publish,
    can_record_ballot,
    can_see_decisions,
    can_see_others,
    can_see_ranking,
)
from scoring.selectors.ranking import live_ranking
from scoring.selectors.results import (
    get_results_year_for_user,
    get_snapshot,
    latest_snapshot,
    rows_of,
)
from scoring.selectors.shown_ranking import ShownRanking, shown_live, shown_snapshot
from scoring.views.result_pages import NextStep, outside_frame, result_frame

S = YearStatus


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person sees of a ranking: the table, where it comes from, with what."""

    bloc_year: BlocYear
    standing: Standing
    is_inside: bool
    shown: ShownRanking
    snapshot: RankingSnapshot | None
    latest_number: int
    with_decisions: bool
    ties: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_old(self) -> bool:
        """Whether a newer table has been adopted since."""
        return self.snapshot is not None and self.snapshot.number < self.latest_number

    @property
    def state(self) -> str:
        """Where the table comes from and how far the year is, in one or two sentences."""
        if self.snapshot is None:
            return f"Thứ hạng tạm tính lúc {format_moment(clock.now())}, chưa được thông qua."
        return f"{_adopted(self.snapshot)} {self._decided}"

    @property
    def _decided(self) -> str:
        published = self.bloc_year.published_at
        if published is not None:
            day = format_date(clock.local_date(published))
            return f"Hội đồng đã quyết định, công bố ngày {day}."
        if self.with_decisions and self.bloc_year.step.reached(S.DECIDED):
            return "Hội đồng đã quyết định, chưa công bố."
        return "Chưa công bố quyết định của Hội đồng."


def _adopted(snapshot: RankingSnapshot) -> str:
    day = format_date(clock.local_date(snapshot.adopted_at))
    held = (
        f"Thông qua tại hội nghị ngày {format_date(snapshot.meeting.held_on)}, "
        if (snapshot.meeting)
        else "Đã thông qua, "
    )
    return f"{held}bản số {snapshot.number} lưu ngày {day}."


# ---------------------------------------------------------------- what is seen


def _see(request: HttpRequest, year_id: int, number: int | None = None) -> Seen:
    """Return what the person sees; Http404, or Refused with the reason."""
    bloc_year, standing, is_inside = get_results_year_for_user(person(request), year_id)
    require(can_see_ranking(standing, bloc_year))
    snapshot = _snapshot_for(bloc_year, number)
    if snapshot is None:
        return _see_live(bloc_year, standing)
    latest = snapshot.number if number is None else _latest_number(bloc_year)
    with_decisions = bool(can_see_decisions(standing, bloc_year))
    rows = rows_of(snapshot, with_decisions=with_decisions)
    shown = shown_snapshot(rows, with_decisions=with_decisions)
    return Seen(
        bloc_year,
        standing,
        is_inside,
        shown,
        snapshot,
        latest,
        with_decisions and bloc_year.step.reached(S.SUBMITTED),
        warnings=tuple(snapshot.inputs.get("warnings", ())),
    )


def _snapshot_for(bloc_year: BlocYear, number: int | None) -> RankingSnapshot | None:
    if number is not None:
        return get_snapshot(bloc_year, number)
    return latest_snapshot(bloc_year) if bloc_year.step.reached(S.ADOPTED) else None


def _latest_number(bloc_year: BlocYear) -> int:
    latest = latest_snapshot(bloc_year)
    return latest.number if latest else 0


def _see_live(bloc_year: BlocYear, standing: Standing) -> Seen:
    require(can_see_others(standing, bloc_year))
    live = live_ranking(bloc_year, standing)
    return Seen(
        bloc_year,
        standing,
        is_inside=True,
        shown=shown_live(live),
        snapshot=None,
        latest_number=0,
        with_decisions=False,
        ties=tuple(live.names(keys) for keys in live.ranking.ties_pending),
        warnings=live.ranking.warnings,
    )


# ---------------------------------------------------------------- pages


@require_safe
def ranking(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the ranking as it stands: live, or the latest adopted table."""
    return _page(request, _see(request, year_id))


@require_safe
def ranking_snapshot(request: HttpRequest, year_id: int, number: int) -> HttpResponse:
    """Show an adopted table by its number; older ones stay readable."""
    return _page(request, _see(request, year_id, number))


def _page(request: HttpRequest, seen: Seen) -> HttpResponse:
    title = f"Xếp hạng năm {seen.bloc_year.year}"
    context = (
        result_frame(request, seen.bloc_year, seen.standing, page="ranking", title=title)
        if seen.is_inside
        else outside_frame(seen.bloc_year, seen.standing, title)
    )
    return render(request, "scoring/ranking.html", context | _context(seen))


def _context(seen: Seen) -> dict[str, Any]:
    bloc_year, number = seen.bloc_year, seen.snapshot.number if seen.snapshot else None
    return {
        "seen": seen,
        "shown": seen.shown,
        "bar_total": seen.shown.bar_total,
        "snapshot": seen.snapshot,
        "numbers": _numbers(seen),
        "step": _next_step(seen),
        "with_awards": seen.snapshot is not None,
        "own_units": seen.standing.units,
        "links_sheets": seen.is_inside,
        "xlsx_url": _export("ranking_xlsx", bloc_year, number),
        "docx_url": _export("ranking_docx", bloc_year, number),
        "latest_url": reverse("ranking", args=[bloc_year.pk]),
    }


def _numbers(seen: Seen) -> list[tuple[int, str, bool]]:
    """Return number, address and "shown now" of each adopted table, where there are several."""
    if seen.latest_number < 2:
        return []
    shown = seen.snapshot.number if seen.snapshot else 0
    return [
        (each, reverse("ranking_snapshot", args=[seen.bloc_year.pk, each]), each == shown)
        for each in range(seen.latest_number, 0, -1)
    ]


def _export(name: str, bloc_year: BlocYear, number: int | None) -> str:
    url = reverse(name, args=[bloc_year.pk])
    return f"{url}?ban={number}" if number else url


def _next_step(seen: Seen) -> NextStep | None:
    """Return the one thing this person does next here, if any."""
    bloc_year, standing = seen.bloc_year, seen.standing
    if seen.is_old:
        return None
    key = [bloc_year.pk]
    if seen.ties and can_record_ballot(standing, bloc_year):
        return NextStep(
            "Phân định các đơn vị bằng nhau",
            reverse("ballot_list", args=key),
            "Sau khi phân định, Trưởng khối thông qua kết quả.",
        )
    if bloc_year.step is S.MEETING and standing.leads_head:
        return NextStep(
            "Đến bước “Thông qua kết quả”",
            reverse("bloc_year", args=key),
            "Kết quả được lưu thành bản có đánh số, kèm giải thích từng thứ hạng.",
        )
    if can_decide_nominations(standing, bloc_year):
        return NextStep(
            "Quyết định đề nghị khen thưởng",
            reverse("nomination_list", args=key),
            "Khi mọi đề nghị đã được quyết định, Trưởng khối trình Hội đồng.",
        )
    return _boards_step(seen) or _members_step(seen)


def _boards_step(seen: Seen) -> NextStep | None:
    key = [seen.bloc_year.pk]
    if seen.standing.is_board and seen.bloc_year.step is S.SUBMITTED:
        return NextStep(
            "Ghi quyết định của Hội đồng",
            reverse("decision_list", args=key),
            "Quyết định được lưu riêng, không thay đổi thứ hạng của Khối.",
        )
    if can_publish(seen.standing, seen.bloc_year):
        return NextStep(
            "Công bố kết quả",
            reverse("publish", args=key),
            "Trang sau cho biết ai sẽ xem được gì trước khi công bố.",
        )
    return None


def _members_step(seen: Seen) -> NextStep | None:
    mine = seen.standing.own_members
    if not any(can_appeal(seen.standing, seen.bloc_year, unit) for unit in mine):
        return None
    ends_on = appeal_ends_on(seen.bloc_year)
    until = f"Nhận kiến nghị đến hết ngày {format_date(ends_on)}." if ends_on else ""
    return NextStep(
        "Gửi kiến nghị về kết quả", reverse("appeal_list", args=[seen.bloc_year.pk]), until
    )


# ---------------------------------------------------------------- workbook and paper


@require_safe
def ranking_workbook(request: HttpRequest, year_id: int) -> HttpResponse:
    """Download as a workbook exactly what the page shows."""
    seen = _see(request, year_id, _asked_number(request))
    content = ranking_xlsx(
        seen.bloc_year, seen.shown, seen.state, with_decisions=seen.with_decisions
    )
    return xlsx_response(content, f"Xếp hạng {seen.bloc_year}")


@require_safe
def ranking_paper(request: HttpRequest, year_id: int) -> HttpResponse:
    """Download as a paper exactly what the page shows."""
    seen = _see(request, year_id, _asked_number(request))
    content = ranking_docx(
        seen.bloc_year, seen.shown, seen.state, with_decisions=seen.with_decisions
    )
    return docx_response(content, f"Bảng tổng hợp điểm và xếp hạng {seen.bloc_year}")


def _asked_number(request: HttpRequest) -> int | None:
    asked = request.GET.get("ban", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
