"""What pages of a sheet say of its version: which it is, what to look at again, what was kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from emulation.vietnamese import format_points
from scoring.models import Evidence, ScoreLine, ScoreSheet
from scoring.rules.inputs import describe, from_json
from scoring.rules.numbers import InputError
from scoring.selectors.rubric_versions import version_words
from scoring.selectors.rubrics import criterion_rules
from scoring.selectors.sheet_content import citation, evidence_title
from scoring.selectors.sheet_lines import all_evidence_of, dropped_lines
from scoring.selectors.sheets import was_moved


def basis_words(sheet: ScoreSheet) -> str:
    """Return on which version a sheet is scored, as one sentence."""
    return f"Chấm theo bảng ban hành {version_words(sheet.rubric)}."


def criterion_number(text: str) -> int:
    """Return the id of a criterion as posted; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@dataclass(frozen=True, slots=True)
class MovedNote:
    """The banner of a sheet that was moved: what to look at, and where the difference is read."""

    text: str
    url: str


def moved_note(sheet: ScoreSheet, lines: Iterable[ScoreLine]) -> MovedNote | None:
    """Return the banner of a sheet that was moved to a later version; None for any other."""
    if not was_moved(sheet):
        return None
    codes = [line.criterion.code for line in lines if line.review]
    to = f"Bảng này đã chuyển sang bảng chấm điểm {version_words(sheet.rubric)}; "
    left = f"còn {len(codes)} tiêu chí cần xem lại: {', '.join(codes)}."
    text = to + (left if codes else "mọi tiêu chí thay đổi đã được xem lại.")
    return MovedNote(text, reverse("rubric_difference", args=[sheet.rubric_id]))


def kept_words(line: ScoreLine) -> str:
    """Return what had been entered on a line and cannot be read any more, in words."""
    return str(line.kept_input.get("words", "")) if line.kept_input and line.review else ""


@dataclass(frozen=True, slots=True)
class DroppedView:
    """A line that counts no more, with everything that was entered on it."""

    code: str
    title: str
    version: int
    shown: str
    points: str
    note: str
    papers: tuple[tuple[str, str, str], ...]


def dropped_views(sheet: ScoreSheet) -> list[DroppedView]:
    """Return the lines that a later version dropped: two queries, none unless it was moved."""
    if not was_moved(sheet):
        return []
    papers: dict[int, list[Evidence]] = {}
    for each in all_evidence_of(sheet).exclude(line__criterion__rubric_id=sheet.rubric_id):
        papers.setdefault(each.line_id, []).append(each)
    return [_dropped(sheet, line, papers.get(line.pk, [])) for line in dropped_lines(sheet)]


def _dropped(sheet: ScoreSheet, line: ScoreLine, papers: list[Evidence]) -> DroppedView:
    return DroppedView(
        code=line.criterion.code,
        title=line.criterion.title,
        version=line.criterion.rubric.version,
        shown=_shown(line),
        points=format_points(line.self_points, empty=""),
        note=line.self_note,
        papers=tuple((evidence_title(each), citation(each), _url(sheet, each)) for each in papers),
    )


def _shown(line: ScoreLine) -> str:
    rule = criterion_rules(line.criterion, sanctioned=False)
    try:
        return describe(rule, from_json(rule, line.self_input))
    except InputError:
        return ""


def _url(sheet: ScoreSheet, each: Evidence) -> str:
    return reverse("evidence", args=[sheet.pk, each.pk]) if each.file else ""
