"""The floors: the least that Django could do for the same page, measured in the same run.

A floor reads the very rows that its page shows, as plain values, and puts them into one plain
template; or takes the same form, checks the versions and writes the same rows of history. It knows
no rules, no permissions beyond the person's posts, no frame and no navigation, and computes no
points. No page that shows the same can be faster by much.
"""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template import Context, Engine
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from blocs.models import BlocYear, Post
from emulation import clock
from emulation.models import User
from scoring.enums import PointStage
from scoring.models import (
    Evidence,
    PointChange,
    RankingRow,
    RankingSnapshot,
    ScoreLine,
    ScoreSheet,
    StageTotal,
)

SELF = PointStage.SELF
SHOWN = 100
PLAIN = Engine(dirs=[str(Path(__file__).parent / "templates")])
SHEET, RANKING = (PLAIN.get_template(f"floor_{name}.html") for name in ("sheet", "ranking"))

SHEET_COLUMNS = ("membership__unit_name", "bloc_year__name", "status", "rubric_id")
LINE_COLUMNS = (
    *("id", "criterion_id", "version", "self_input", "self_note", "self_points"),
    *("criterion__code", "criterion__title", "criterion__kind", "criterion__max_points"),
    "criterion__levels",
    *("criterion__section__code", "criterion__section__title"),
)
CHANGE_COLUMNS = (
    *("at", "actor__full_name", "acting_as", "line__criterion__code", "stage"),
    *("old_input", "new_input", "old_points", "new_points", "reason"),
)
ROW_COLUMNS = (
    *("rank", "membership__unit_name", "total", "grade", "explanation"),
    "membership__nomination__award__label",
)


def _who(request: HttpRequest) -> str:
    posts = (
        Post.objects.filter(user=request.user.pk).values_list("title", "unit__name").order_by("pk")
    )
    return ", ".join(f"{title} {unit}" for title, unit in posts)


def _levels(levels: list[Any]) -> list[tuple[int, str]]:
    return [(place, str(level)) for place, level in enumerate(levels or ())]


def _yes_or_no(_levels: list[Any]) -> list[tuple[bool, str]]:
    return [(True, "Đạt"), (False, "Không đạt")]


CHOICES = {"passfail": _yes_or_no}


def _points(value: Decimal | None) -> str:
    return "" if value is None else str(value).replace(".", ",")


# ---------------------------------------------------------------- the sheet shown


def sheet_shown(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show a sheet: five queries, one plain template."""
    who = _who(request)
    sheet = ScoreSheet.objects.values(*SHEET_COLUMNS).get(pk=sheet_id)
    papers: dict[int, list[dict[str, Any]]] = {}
    evidence = Evidence.objects.filter(line__sheet=sheet_id, removed_at__isnull=True)
    for each in evidence.values("id", "line_id", "title", "number", "issued_on", "issuer"):
        papers.setdefault(each["line_id"], []).append(each)
    rows = list(_lines(sheet_id, papers))
    sections = [
        {"code": code, "title": title, "rows": list(found)}
        for (code, title), found in groupby(
            rows,
            key=lambda row: (row["criterion__section__code"], row["criterion__section__title"]),
        )
    ]
    changes = PointChange.objects.filter(line__sheet=sheet_id).order_by("-at")
    context = {
        "who": who,
        "sheet": sheet,
        "sections": sections,
        "total": _points(sum((row["self_points"] or Decimal(0) for row in rows), Decimal(0))),
        "history": list(changes.values(*CHANGE_COLUMNS)[:SHOWN]),
    }
    return HttpResponse(SHEET.render(Context(context)))


def _lines(sheet_id: int, papers: dict[int, list[dict[str, Any]]]) -> Any:
    found = ScoreLine.objects.filter(sheet=sheet_id).order_by(
        "criterion__section__position", "criterion__position", "criterion_id"
    )
    for row in found.values(*LINE_COLUMNS):
        entered = row["self_input"] or {}
        options = CHOICES.get(row["criterion__kind"], _levels)(row["criterion__levels"])
        fields = [(name, value, options) for name, value in entered.items() if name != "kind"]
        yield row | {
            "fields": fields,
            "papers": papers.get(row["id"], ()),
            "points": _points(row["self_points"]),
            "rule": f"{row['criterion__kind']}, tối đa {_points(row['criterion__max_points'])}",
            "state": "Đã nhập" if entered else "Chưa nhập",
        }


# ---------------------------------------------------------------- the sheet saved


def sheet_saved(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Save every line of a sheet: lock, posts, lines, lines written, history, total."""
    body, user = request.POST, request.user
    assert isinstance(user, User)
    with transaction.atomic():
        ScoreSheet.objects.select_for_update().values_list("status").get(pk=sheet_id)
        _who(request)
        lines = list(ScoreLine.objects.filter(sheet=sheet_id).order_by("pk"))
        changes = [change for line in lines if (change := _take(user, line, body))]
        _write(sheet_id, lines, changes)
    return HttpResponseRedirect(f"/phieu/{sheet_id}/")


def _take(user: User, line: ScoreLine, body: QueryDict) -> PointChange | None:
    key = f"c{line.criterion_id}-"
    if int(body[f"{key}v"].partition(".")[0]) != line.version:
        return None
    entered = {
        name: body[key + name]
        for name in ("n", "points", "numerator", "denominator", "level", "passed")
        if key + name in body
    }
    change = PointChange(
        line=line,
        stage=SELF,
        old_input=line.self_input,
        new_input=entered,
        old_points=line.self_points,
        new_points=line.self_points,
        actor=user,
        acting_as="Cán bộ đầu mối",
        at=clock.now(),
    )
    line.self_input, line.self_note, line.version = entered, body[f"{key}note"], line.version + 1
    return change


def _write(sheet_id: int, lines: list[ScoreLine], changes: list[PointChange]) -> None:
    columns = ["self_input", "self_note", "self_points", "version"]
    ScoreLine.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )
    PointChange.objects.bulk_create(changes)
    base = sum((line.self_points or Decimal(0) for line in lines), Decimal(0))
    StageTotal.objects.filter(sheet=sheet_id, stage=SELF).update(total=base, base=base)


# ---------------------------------------------------------------- the ranking


def ranking(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the newest adopted ranking: four queries, one plain template."""
    year = BlocYear.objects.values("name", "year").get(pk=year_id)
    snapshot = RankingSnapshot.objects.filter(bloc_year=year_id).order_by("-number")
    rows = RankingRow.objects.filter(snapshot=snapshot.values_list("pk", flat=True)[0])
    context = {
        "who": _who(request),
        "year": year,
        "rows": [
            row | {"total": _points(row["total"])}
            for row in rows.order_by("rank", "pk").values(*ROW_COLUMNS)
        ],
    }
    return HttpResponse(RANKING.render(Context(context)))


# ---------------------------------------------------------------- a year's score table


def _cells(bloc_year: int) -> dict[str, dict[str, str]]:
    """Every input of a year by unit and code, as plain text: one query."""
    cells: dict[str, dict[str, str]] = {}
    lines = ScoreLine.objects.filter(sheet__bloc_year=bloc_year).order_by("pk")
    for unit, code, entered in lines.values_list(
        "sheet__membership__unit_name", "criterion__code", "self_input"
    ):
        told = "/".join(str(value) for name, value in entered.items() if name != "kind")
        cells.setdefault(unit, {})[code] = told
    return cells


def table_written(bloc_year: int) -> bytes:
    """Write a year's inputs as one page of a workbook, no cell checked or styled."""
    cells = _cells(bloc_year)
    book = Workbook(write_only=True)
    page = book.create_sheet()
    codes = list(next(iter(cells.values())))
    page.append(["Đơn vị", *codes])
    for unit, row in cells.items():
        page.append([unit, *(row[code] for code in codes)])
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def table_read(bloc_year: int, content: bytes) -> int:
    """Read every cell of a workbook as a number or a text; count those that differ."""
    cells = _cells(bloc_year)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    head, *rows = book.get_sheet_by_index(0).to_python()
    differing = 0
    for row in rows:
        known = cells.get(str(row[0]), {})
        for code, cell in zip(head, row, strict=True):
            text = str(cell)
            value = Decimal(text) if text.isdigit() else text
            differing += known.get(str(code)) != str(value)
    return differing
