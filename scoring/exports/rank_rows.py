"""The ranking of a year as plain rows: the adopted table, or the ranking as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from blocs.enums import YearStatus
from blocs.models import BlocYear
from scoring.models import Nomination
from scoring.rules.awards import AwardReport
from scoring.selectors.ranking import award_report, live_ranking, quotas_of
from scoring.selectors.results import latest_snapshot, nominations_of, rows_of
from scoring.selectors.shown_ranking import ShownRanking, ShownRow, shown_live, shown_snapshot

ADOPTED, PROVISIONAL = "adopted", "provisional"
COLUMNS = ("Hạng", "Đơn vị", "Tổng", "Chuẩn", "Cộng", "Trừ", "Xếp loại", "Đề nghị", "Ghi chú")
_STATUS = {ADOPTED: "đã thông qua", PROVISIONAL: "tạm tính"}


def rank_rows(bloc_year: BlocYear) -> list[dict[str, Any]]:
    """Return the units in rank order, then those without a place, the excluded last.

    The adopted table while the year stands at "đã thông qua" or later, else the live ranking with
    what the quotas would propose.
    """
    snapshot = latest_snapshot(bloc_year)
    if snapshot is not None and bloc_year.step.reached(YearStatus.ADOPTED):
        shown = shown_snapshot(rows_of(snapshot), with_decisions=False)
        return _rows(shown, _nominated(nominations_of(bloc_year)), ADOPTED)
    live = live_ranking(bloc_year)
    report = award_report(live, quotas_of(bloc_year))
    return _rows(shown_live(live), _proposed(report), PROVISIONAL)


def _nominated(nominations: Iterable[Nomination]) -> dict[int, str]:
    return {each.membership_id: each.award.code for each in nominations if each.award}


def _proposed(report: AwardReport) -> dict[int, str]:
    return {
        int(each.key): each.award for each in report.proposals if each.award and not each.pending
    }


def _rows(shown: ShownRanking, awards: Mapping[int, str], status: str) -> list[dict[str, Any]]:
    ranked = sorted(shown.ranked, key=lambda row: row.rank or 0)
    rows = [*ranked, *shown.without_result, *shown.excluded]
    return [_row(row, awards, status) for row in rows]


def _row(row: ShownRow, awards: Mapping[int, str], status: str) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "rank": row.rank,
        "tied": row.is_tied,
        "total": _points(row.total),
        "base": _points(row.base),
        "plus": _points(row.plus),
        "minus": _points(row.minus),
        "grade": row.grade,
        "nomination": awards.get(row.membership_id),
        "excluded_because": [] if row.rank is not None else _reasons(row),
        "status": status,
    }


def _reasons(row: ShownRow) -> list[str]:
    return list(row.reasons) or [row.note or "Không xếp hạng tại Khối này."]


def _points(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def rank_table(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows as a table of text in Vietnamese."""
    rows = list(rows)
    lines = [list(COLUMNS), *(_texts(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(COLUMNS))]
    shown = [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    status = _STATUS[rows[0]["status"]] if rows else "chưa có đơn vị"
    return "\n".join([f"Bảng xếp hạng ({status})", *shown])


def _texts(row: Mapping[str, Any]) -> list[str]:
    place = "" if row["rank"] is None else str(row["rank"])
    figures = [(row[key] or "").replace(".", ",") for key in ("total", "base", "plus", "minus")]
    return [
        f"{place} (đồng hạng)" if row["tied"] else place,
        row["unit"],
        *figures,
        row["grade"],
        row["nomination"] or "",
        "; ".join(row["excluded_because"]),
    ]
