"""The rows of the list of sheets: state, progress, lateness, who is awaited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from blocs.models import BlocYear, Membership, Post
from blocs.selectors.members import all_members, has_left, people_of
from blocs.standing import Standing
from emulation import clock
from emulation.enums import Face, Tone
from emulation.models import User
from emulation.vietnamese import fold, format_date, format_moment, join_names, remaining
from scoring.enums import PaperAnswer, SheetStatus
from scoring.models import ScoreSheet
from scoring.permissions.sheet import scoring_is_on
from scoring.selectors.competing import competing_ids, why_out
from scoring.selectors.sheets import (
    WITH_THE_UNIT,
    due_of,
    first_due_of,
    may_read_content,
    paper_of,
    with_progress,
    year_sheets_for,
)
from scoring.selectors.typed import know_who_typed


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One unit in the list."""

    unit: str
    is_own: bool
    sheet_id: int | None = None
    url: str = ""
    face: Face | None = None
    progress: str = ""
    due: str = ""
    due_tone: str = Tone.QUIET
    contact: str = ""
    phone: str = ""
    waits: bool = False
    out: str = ""
    is_example: bool = False
    note: str = ""
    paper: str = ""
    paper_url: str = ""
    paper_label: str = ""


def sheet_list_rows(
    user: User, bloc_year: BlocYear, standing: Standing, text: str = ""
) -> list[SheetRow]:
    """Return a row for each member that ranks or has a sheet, in Vietnamese order: five queries.

    ``text`` narrows by name, without diacritics. A unit that left or was dissolved keeps its row
    with its sheet, and is not waited for.
    """
    sheets = {
        sheet.membership_id: sheet for sheet in with_progress(year_sheets_for(user, bloc_year))
    }
    counting = competing_ids(bloc_year)
    on_paper = [sheet for sheet in sheets.values() if paper_of(sheet)]
    if on_paper:
        know_who_typed(on_paper)
    members = [
        member
        for member in all_members(bloc_year)
        if fold(text) in member.folded and (member.pk in sheets or _to_open(member))
    ]
    people = people_of([member.unit_id for member in members])
    rows = []
    for member in members:
        sheet = sheets.get(member.pk)
        row = _row(standing, member, sheet, people.get(member.unit_id, []))
        if sheet is not None and sheet.pk not in counting:
            row = replace(row, out=why_out(member), waits=False, contact="", phone="")
            if sheet.submitted_at is None:
                row = replace(row, due="không chờ nộp", due_tone=Tone.QUIET)
        rows.append(row)
    return rows


def _to_open(member: Membership) -> bool:
    return member.is_ranking and not has_left(member)


def _row(
    standing: Standing, member: Membership, sheet: ScoreSheet | None, posts: Sequence[Post]
) -> SheetRow:
    own = member.unit_id in standing.units
    if sheet is None:
        return SheetRow(member.unit_name, own, waits=True)
    officer = next((post.user for post in posts if post.role == "officer"), None)
    contact = officer or next((post.user for post in posts), None)
    waits = sheet.submitted_at is None
    due, tone = _due(sheet)
    return SheetRow(
        unit=member.unit_name,
        is_own=own,
        sheet_id=sheet.pk,
        url=reverse("sheet", args=[sheet.pk]) if may_read_content(standing, sheet) else "",
        face=sheet.stage.face,
        progress=_progress(sheet),
        due=due,
        due_tone=tone,
        contact=contact.full_name if contact and waits else "",
        phone=contact.phone if contact and waits else "",
        waits=waits,
        is_example=sheet.is_example,
        note=sheet.note,
        paper=_paper(sheet),
        **_enter_on_paper(standing, sheet),
    )


def _paper(sheet: ScoreSheet) -> str:
    """Return that a handed-in paper waits for its unit's word, or what that was."""
    paper = paper_of(sheet)
    if paper is None or sheet.submitted_at is None:
        return ""
    return "nhập hộ, " + (
        PaperAnswer(paper.answer).label.lower() if paper.answer else "chưa được đơn vị xác nhận"
    )


def _enter_on_paper(standing: Standing, sheet: ScoreSheet) -> dict[str, str]:
    """Return where the secretary enters a paper; the page itself asks whether that may be."""
    own = sheet.membership.unit_id in standing.units
    if own or not standing.is_secretary or not scoring_is_on(sheet.bloc_year):
        return {}
    paper = paper_of(sheet)
    if paper and paper.is_open and sheet.stage in WITH_THE_UNIT:
        url = reverse("sheet", args=[sheet.pk])
        return {"paper_url": url, "paper_label": "Nhập tiếp bản giấy"}
    if sheet.stage is not SheetStatus.NOT_STARTED:
        return {}
    url = reverse("paper_entry", args=[sheet.pk])
    return {"paper_url": url, "paper_label": "Nhập hộ bản giấy"}


def _progress(sheet: ScoreSheet) -> str:
    done, lines = sheet.base_done, sheet.base_lines  # type: ignore[attr-defined]
    return f"{done}/{lines} tiêu chí"


def _due(sheet: ScoreSheet) -> tuple[str, str]:
    """Return the words on time of a sheet, and their tone."""
    if sheet.submitted_at is not None:
        late = f", muộn {sheet.days_late} ngày" if sheet.days_late else ", đúng hạn"
        tone = Tone.WARNING if sheet.days_late else Tone.GOOD
        return f"nộp {format_moment(sheet.submitted_at)}{late}", tone
    due_on = due_of(sheet)
    if due_on is None:
        return "chưa đặt hạn", Tone.QUIET
    left = remaining(due_on, clock.today())
    again = "hạn nộp lại" if due_on != first_due_of(sheet) else "hạn"
    tones = {"overdue": Tone.BAD, "today": Tone.WARNING, "soon": Tone.WARNING}
    return f"{left.text} ({again} {format_date(due_on)})", tones.get(left.state, Tone.QUIET)


def waiting_sentence(rows: Sequence[SheetRow]) -> str:
    """Return who is still awaited, in one sentence; empty before sheets exist."""
    opened = [row for row in rows if row.sheet_id and not row.out]
    if not opened:
        return ""
    names = [row.unit for row in opened if row.waits]
    if not names:
        return f"Cả {len(opened)} đơn vị đã nộp bảng tự chấm điểm."
    return f"Đang chờ {len(names)}/{len(opened)} đơn vị nộp: {join_names(names)}."
