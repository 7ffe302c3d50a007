"""The rows of the appraisal's page, every cell in words before the template sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from emulation.enums import Tone
from emulation.vietnamese import format_points
from scoring.forms.line_inputs import LineField, line_fields, shown_texts, typed_texts
from scoring.rules.enums import SectionKind
from scoring.rules.rubric import CriterionRules
from scoring.selectors.appraisal_content import AppraisalLine, AppraisalSection, Paper
from scoring.selectors.shares import Shares
from scoring.services.appraisal import AppraisalDraft
from scoring.services.appraisal_work import Clash
from scoring.views.evidence_cells import EvidenceCell, evidence_cell
from scoring.views.moved_lines import kept_words

NOT_COUNTED = "không tính"
NOT_YET = "chưa tính"


@dataclass(frozen=True, slots=True)
class LineView:
    """A row of the table. Posted names begin with ``prefix``."""

    prefix: str
    criterion_id: int
    line_id: int
    code: str
    title: str
    rule: str
    declared: str
    note: str
    remarks: tuple[str, ...]
    papers: tuple[EvidenceCell, ...]
    own: str
    points: str
    corrected: str
    difference: Decimal | None
    chip: str
    tone: str
    judge: str
    needs_judging: bool
    is_flagged: bool
    stored_reason: str = ""
    last_year: str = ""
    said: str = ""
    fields: tuple[LineField, ...] = ()
    reason: str = ""
    reason_error: str = ""
    version: int = 0
    mark: str = ""
    is_open: bool = False
    clash: str = ""
    review: str = ""
    kept: str = ""
    editable: bool = False
    may_confirm: bool = False
    owner: str = ""
    owner_note: str = ""
    is_given_back: bool = False


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section: its head, its sums, its rows."""

    section_id: int
    code: str
    title: str
    own: str
    judged: str
    difference: Decimal
    rows: tuple[LineView, ...]

    @property
    def left(self) -> int:
        """How many lines wait for the reader's judgement."""
        return sum(1 for row in self.rows if row.needs_judging and row.editable)

    @property
    def cut(self) -> int:
        """How many lines count otherwise than the unit scored them."""
        return sum(1 for row in self.rows if row.is_flagged)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was posted and not saved, with what is wrong: shown again exactly as it was typed."""

    data: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    clashes: Mapping[int, Clash] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The errors for the top of the page, each with the field it leads to."""
        wrong = [(_field_id(key), text) for key, text in self.errors.items()]
        changed = [(f"dong-{key}", clash.sentence) for key, clash in self.clashes.items()]
        return [*wrong, *changed]


NOTHING_TYPED = Typed()


def _field_id(key: str) -> str:
    if key == "reason":
        return "ly-do-mo-lai"
    return f"o-c{key}" if "-" in key else f"dong-{key}"


def signed(points: Decimal | None, kind: SectionKind) -> str:
    """Return points as they move the total: plus and minus with their sign."""
    if points is None:
        return NOT_COUNTED
    if kind is SectionKind.BASE:
        return format_points(points)
    return format_points(-points if kind is SectionKind.MINUS else points, sign=True)


def _judged_points(line: AppraisalLine, kind: SectionKind) -> str:
    if line.needs_judging:
        return ""
    return NOT_YET if line.judged.is_pending else signed(line.points, kind)


def effect(difference: Decimal | None, kind: SectionKind) -> Decimal | None:
    """Return a difference as it moves the total: more minus points lower it."""
    if difference is None:
        return None
    return -difference if kind is SectionKind.MINUS else difference


# ---------------------------------------------------------------- rows


def section_view(
    section: AppraisalSection,
    sheet_id: int,
    typed: Typed,
    *,
    editable: bool,
    last_year: Mapping[int, Decimal] | None = None,
    shares: Shares | None = None,
) -> SectionView:
    """Return a section for the page; ``editable`` draws the fields, with ``shares`` only of the
    reader's own lines.

    ``last_year``: what its criteria came to then, by criterion id.
    """
    kind, before = section.rules.kind, last_year or {}
    return SectionView(
        section_id=section.section_id,
        code=section.rules.code,
        title=section.rules.title,
        own=signed(section.own, kind),
        judged=signed(section.judged, kind),
        difference=effect(section.judged - section.own, kind) or Decimal(0),
        rows=tuple(
            line_view(
                line,
                sheet_id,
                typed,
                editable=editable,
                last_year=before.get(line.row.criterion_id),
                shares=shares,
            )
            for line in section.lines
        ),
    )


def line_view(
    line: AppraisalLine,
    sheet_id: int,
    typed: Typed,
    *,
    editable: bool,
    last_year: Decimal | None = None,
    shares: Shares | None = None,
) -> LineView:
    """Return one row, with what was typed in place of what is stored."""
    row, leaf, kind = line.row, line.place.leaf, line.place.section.kind
    mine = shares is None or shares.is_mine(row.criterion)
    editable = editable and mine
    split = shares if shares and leaf.automatic is None else None
    prefix = f"c{row.criterion_id}"
    chip, tone = _chip(line)
    drawn = _drawn(line, leaf, prefix, typed) if editable and leaf.automatic is None else {}
    return LineView(
        prefix=prefix,
        criterion_id=row.criterion_id,
        line_id=row.pk,
        code=leaf.code,
        title=leaf.title,
        rule=line.rule,
        declared=line.declared,
        note=row.self_note,
        remarks=tuple(line.notes),
        papers=tuple(paper_view(paper, sheet_id) for paper in line.papers),
        own=NOT_YET if line.own.is_pending else signed(line.own.counted, kind),
        points=_judged_points(line, kind),
        corrected=line.corrected if line.is_corrected else "",
        difference=effect(line.difference, kind),
        chip=chip,
        tone=tone,
        judge=row.appraised_by.full_name if row.appraised_by else "",
        needs_judging=line.needs_judging,
        is_flagged=line.differs,
        is_given_back=_is_given_back(line),
        stored_reason=row.appraised_reason,
        last_year="" if last_year is None else signed(last_year, kind),
        said=said_of(line),
        review=row.review,
        kept=kept_words(row),
        editable=editable and leaf.automatic is None,
        may_confirm=editable,
        owner=split.owner(row.criterion) if split and not mine else "",
        owner_note=split.note(row.criterion) if split else "",
        **{"reason": row.appraised_reason, **drawn},
    )


def _chip(line: AppraisalLine) -> tuple[str, str]:
    if line.place.leaf.automatic is not None:
        return "hệ thống tính", Tone.QUIET
    if line.needs_judging:
        return "chưa thẩm định", Tone.WARNING
    if line.is_corrected:
        return "đã sửa", Tone.WARNING
    return ("giữ", Tone.GOOD) if line.is_judged else ("", Tone.QUIET)


def _is_given_back(line: AppraisalLine) -> bool:
    """Whether the unit argued, was answered, and got back what it had entered."""
    found = line.explanation
    answered = bool(found and found.agrees is False and found.answer)
    return answered and line.is_kept and not line.differs


def said_of(line: AppraisalLine) -> str:
    """Return in a few words how the explanation of a line stands; empty where none was asked."""
    found = line.explanation
    if found is None:
        return ""
    if found.is_silent:
        return "Đơn vị không có ý kiến."
    if found.agrees is None:
        return "Chờ đơn vị giải trình."
    if found.agrees:
        return "Đơn vị đồng ý."
    if not found.answer:
        return "Đơn vị không đồng ý, chờ trả lời."
    if line.differs:
        return "Đơn vị không đồng ý; đã trả lời, điểm thẩm định vẫn khác."
    end = "được lấy lại số liệu đơn vị tự chấm" if line.is_kept else "điểm bằng điểm tự chấm"
    return f"Đơn vị không đồng ý; đã trả lời, {end}."


def _drawn(line: AppraisalLine, leaf: CriterionRules, prefix: str, typed: Typed) -> dict[str, Any]:
    row = line.row
    stored = shown_texts(leaf, row.self_input if line.needs_judging else row.appraised_input)
    clash = typed.clashes.get(row.criterion_id)
    errors = {f"c{key}": text for key, text in typed.errors.items()}
    own_errors = [key for key in errors if key == prefix or key.startswith(f"{prefix}-")]
    was_typed = f"{prefix}-v" in typed.data
    texts = typed_texts(leaf, prefix, typed.data) if was_typed else stored
    reason = typed.data.get(f"{prefix}-reason", "") if was_typed else row.appraised_reason
    mark = mark_of(stored, row.appraised_reason)
    return {
        "fields": tuple(line_fields(leaf, prefix, texts, errors)),
        "reason": reason,
        "reason_error": errors.get(f"{prefix}-reason", errors.get(prefix, "")),
        "version": row.version,
        "mark": mark,
        "is_open": bool(own_errors or clash) or (was_typed and mark_of(texts, reason) != mark),
        "clash": clash.sentence if clash else "",
    }


def mark_of(texts: Mapping[str, str], reason: str) -> str:
    """Return a mark of what a line's fields showed, so that an untouched line is left alone."""
    return urlencode(sorted({**texts, "reason": _plain(reason).strip()}.items()))


def _plain(text: str) -> str:
    """Return a text with the line breaks that are stored: a browser sends its own."""
    return text.replace("\r\n", "\n")


def paper_view(paper: Paper, sheet_id: int) -> EvidenceCell:
    """Return one piece of evidence for a cell."""
    return evidence_cell(paper.evidence, sheet_id, paper.twins, paper.detail)


# ---------------------------------------------------------------- reading back


def posted_drafts(
    lines: Mapping[int, CriterionRules], data: Mapping[str, str]
) -> dict[int, AppraisalDraft]:
    """Return the drafts of the lines a person touched, by criterion id.

    A line is touched when its fields no longer read as they were shown. The button "Giữ" of a
    line keeps the unit's figures whatever its fields say.
    """
    drafts: dict[int, AppraisalDraft] = {}
    for criterion_id, leaf in lines.items():
        prefix = f"c{criterion_id}"
        version = data.get(f"{prefix}-v", "")
        if not version.isdecimal() or len(version) > 9:
            continue
        if data.get("keep") == str(criterion_id):
            drafts[criterion_id] = AppraisalDraft(int(version), accept=True)
            continue
        texts = typed_texts(leaf, prefix, data)
        reason = _plain(data.get(f"{prefix}-reason", ""))
        if mark_of(texts, reason) != data.get(f"{prefix}-o", ""):
            drafts[criterion_id] = AppraisalDraft(int(version), raw=texts, reason=reason)
    return drafts
