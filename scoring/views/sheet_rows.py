"""The rows of the score sheet's page, every cell in words before the template sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from emulation.enums import Tone
from emulation.vietnamese import format_points
from scoring.forms.self_score import (
    NOT_APPLICABLE,
    NOTE,
    VERSION,
    draft_of,
    field_name,
    shown_mark,
)
from scoring.models import Criterion, Evidence
from scoring.rules.enums import LineFlag, NotApplicable, SectionKind
from scoring.rules.inputs import describe
from scoring.rules.numbers import short
from scoring.rules.rubric import CriterionRules, Place, sentence
from scoring.rules.sheet import SectionResult
from scoring.rules.wording import doubt
from scoring.selectors.own_facts import NOTHING_KNOWN, OwnFacts
from scoring.selectors.sheet_content import (
    ContentLine,
    ContentSection,
    Lack,
    SheetContent,
)
from scoring.selectors.twins import NO_TWINS, Twins
from scoring.services.sheets import LineClash, LineDraft
from scoring.views.evidence_cells import EvidenceCell, evidence_cell
from scoring.views.moved_lines import kept_words
from scoring.views.sheet_clash import ClashView, clash_view
from scoring.views.sheet_facts import last_year_words, pledge_words
from scoring.views.sheet_fields import FieldView, field_views

_NA_WORDS = {
    NotApplicable.FULL: "Không phát sinh: tính đủ điểm.",
    NotApplicable.EXCLUDED: "Không phát sinh: không tính vào điểm tối đa.",
    NotApplicable.ZERO: "Không phát sinh: tính 0 điểm.",
    NotApplicable.NOT_ALLOWED: "",
}


@dataclass(frozen=True, slots=True)
class RowView:
    """A row: a criterion or part to fill in, or (``is_heading``) the criterion above its parts."""

    anchor: str
    code: str
    title: str
    rule: str
    points: str = ""
    is_heading: bool = False
    is_part: bool = False
    is_automatic: bool = False
    criterion_id: int = 0
    fields: tuple[FieldView, ...] = ()
    na_name: str = ""
    na_checked: bool = False
    na_error: str = ""
    version_name: str = ""
    version: str = ""
    note_name: str = ""
    note: str = ""
    note_error: str = ""
    shown: str = ""
    needs: str = ""
    must_prove: bool = False
    evidence: tuple[EvidenceCell, ...] = ()
    state: str = ""
    tone: str = Tone.QUIET
    remarks: tuple[str, ...] = ()
    clash: ClashView | None = None
    is_unsaved: bool = False
    last_year: str = ""
    pledge: tuple[str, ...] = ()
    review: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with its subtotal, its bound and what it still wants."""

    anchor: str
    code: str
    title: str
    points: str
    bound: str
    state: str
    tone: str
    rows: list[RowView]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and not saved: drafts, errors by field, clashes; all by criterion id."""

    drafts: Mapping[int, LineDraft] = field(default_factory=dict)
    errors: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    clashes: Mapping[int, LineClash] = field(default_factory=dict)


NOTHING_TYPED = Typed()


def anchor_of(criterion_id: int) -> str:
    """Return the id of a criterion's row, for links to it."""
    return f"tieu-chi-{criterion_id}"


def section_views(
    content: SheetContent,
    evidence: Sequence[Evidence],
    sheet_id: int,
    typed: Typed = NOTHING_TYPED,
    twins: Mapping[int, Twins] | None = None,
    facts: OwnFacts = NOTHING_KNOWN,
) -> list[SectionView]:
    """Return the page's sections with their rows; ``twins`` as of ``twins_of``.

    ``facts`` are for the unit's own people.
    """
    by_line: dict[int, list[EvidenceCell]] = {}
    for each in evidence:
        cell = evidence_cell(each, sheet_id, (twins or {}).get(each.pk, NO_TWINS))
        by_line.setdefault(each.line_id, []).append(cell)
    return [
        _section(section, _rows(content, section, by_line, typed, facts))
        for section in content.sections
    ]


def _section(section: ContentSection, rows: list[RowView]) -> SectionView:
    rules, result = section.rules, section.result
    state, tone = _section_state(section)
    return SectionView(
        anchor=f"phan-{rules.code}",
        code=rules.code,
        title=rules.title,
        points=_section_points(section),
        bound=_bound(result, rules.kind),
        state=state,
        tone=tone,
        rows=rows,
    )


def _bound(result: SectionResult, kind: SectionKind) -> str:
    """Return a section's bound, and what stood before it where it cut something off.

    Base points name their maximum beside them; the bound only where it did something.
    """
    bound = f"tối đa {short(result.nominal_maximum)}"
    if result.raw > result.counted:
        return f"{bound}, đã nhập {short(result.raw)}"
    return "" if kind is SectionKind.BASE else bound


def _section_points(section: ContentSection) -> str:
    if section.rules.kind is SectionKind.BASE:
        return f"{format_points(section.result.counted)} / {short(section.result.maximum)}"
    return format_points(_with_sign(section.result.counted, section.rules.kind), sign=True)


def _with_sign(points: Decimal, kind: SectionKind) -> Decimal:
    return -points if kind is SectionKind.MINUS else points


def _section_state(section: ContentSection) -> tuple[str, str]:
    wanting = sum(1 for line in section.lines if _wants_something(line))
    if wanting:
        return f"còn {wanting} mục", Tone.WARNING
    blank = any(line.scored.is_missing for line in section.lines)
    if blank and section.rules.kind is not SectionKind.BASE:
        return "để trống", Tone.QUIET
    return "đủ", Tone.GOOD


def _wants_something(line: ContentLine) -> bool:
    base = line.scored.kind is SectionKind.BASE
    lacks_papers = {LineFlag.NO_EVIDENCE, LineFlag.NO_DECISION} & set(line.scored.flags)
    unscored = base and line.scored.is_missing
    return bool(lacks_papers or unscored or line.row.self_typed)


# ---------------------------------------------------------------- rows


def _rows(
    content: SheetContent,
    section: ContentSection,
    by_line: Mapping[int, list[EvidenceCell]],
    typed: Typed,
    facts: OwnFacts,
) -> list[RowView]:
    rows: list[RowView] = []
    heading = ""
    for line in section.lines:
        criterion = line.place.criterion
        if criterion.parts and criterion.code != heading:
            heading = criterion.code
            rows.append(_heading(content, line.place))
        rows.append(_row(line, tuple(by_line.get(line.row.pk, ())), typed, facts))
    return rows


def _heading(content: SheetContent, place: Place) -> RowView:
    criterion = place.criterion
    item = content.result.item(criterion.code)
    return RowView(
        anchor=f"tieu-chi-{criterion.code}",
        code=criterion.code,
        title=criterion.title,
        rule=sentence(criterion, place.section.kind),
        points=f"{format_points(item.counted)} / {short(item.maximum)}",
        is_heading=True,
    )


def _row(
    line: ContentLine, evidence: tuple[EvidenceCell, ...], typed: Typed, facts: OwnFacts
) -> RowView:
    row, leaf, key = line.row, line.place.leaf, line.row.criterion_id
    stored = stored_draft(line)
    draft = typed.drafts.get(key, stored)
    errors, clash = typed.errors.get(key, {}), typed.clashes.get(key)
    state, tone = _state(line)
    allowed = leaf.not_applicable is not NotApplicable.NOT_ALLOWED
    return RowView(
        anchor=anchor_of(key),
        code=leaf.code,
        title=leaf.title,
        rule=" ".join(filter(None, [_rule(line.place), _NA_WORDS[leaf.not_applicable]])),
        points=_points(line),
        last_year=last_year_words(line, facts),
        pledge=pledge_words(line, facts),
        is_part=bool(line.place.criterion.parts),
        is_automatic=leaf.automatic is not None,
        criterion_id=key,
        fields=() if leaf.automatic else field_views(key, leaf, draft, errors),
        na_name=field_name(key, NOT_APPLICABLE) if allowed else "",
        na_checked=draft.not_applicable,
        na_error=errors.get("not_applicable", ""),
        version_name=field_name(key, VERSION),
        version=shown_mark(stored),
        note_name=field_name(key, NOTE),
        note=draft.note,
        note_error=errors.get("note", ""),
        shown=_shown(line),
        needs=needs_of(leaf),
        must_prove=leaf.decision_required or leaf.evidence_required,
        evidence=evidence,
        state=state,
        tone=tone,
        remarks=_remarks(line),
        clash=clash_view(clash, leaf, draft) if clash else None,
        is_unsaved=key in typed.drafts,
        review=row.review,
        kept=kept_words(row),
    )


def stored_draft(line: ContentLine) -> LineDraft:
    """Return a line as it is stored, as if it had just been typed."""
    row = line.row
    return draft_of(line.entered, row.self_note, row.version, row.self_typed)


def _rule(place: Place) -> str:
    if place.leaf.automatic:
        return f"{sentence(place.leaf, place.section.kind)} Hệ thống tính theo số ngày nộp muộn."
    return sentence(place.leaf, place.section.kind)


def _points(line: ContentLine) -> str:
    scored = line.scored
    if scored.is_pending:
        return "chưa tính"
    if scored.counted is None:
        return "không tính" if scored.not_applicable else "chưa chấm"
    if scored.kind is SectionKind.BASE:
        return f"{format_points(scored.counted)} / {short(scored.maximum)}"
    return format_points(_with_sign(scored.counted, scored.kind), sign=True)


def _shown(line: ContentLine) -> str:
    if line.place.leaf.automatic:
        return "Hệ thống tính khi nộp"
    if LineFlag.BLANK_CONFIRMED in line.scored.flags:
        return "Không có"
    return describe(line.place.leaf, line.entered)


def _state(line: ContentLine) -> tuple[str, str]:
    flags = set(line.scored.flags)
    if line.place.leaf.automatic:
        return "tự tính", Tone.QUIET
    if line.row.self_typed:
        return Lack.HALF_TYPED, Tone.WARNING
    if LineFlag.MISSING in flags:
        base = line.scored.kind is SectionKind.BASE
        return ("chưa nhập", Tone.WARNING) if base else ("để trống", Tone.QUIET)
    if LineFlag.NO_EVIDENCE in flags:
        return Lack.NO_EVIDENCE, Tone.BAD
    if LineFlag.NO_DECISION in flags:
        return Lack.NO_DECISION, Tone.BAD
    if LineFlag.NOT_APPLICABLE in flags:
        return "không phát sinh", Tone.QUIET
    if LineFlag.BLANK_CONFIRMED in flags:
        return "không có", Tone.QUIET
    return "đủ", Tone.GOOD


def _remarks(line: ContentLine) -> tuple[str, ...]:
    """Return why the line counts otherwise than its own input says, and what looks mistyped."""
    told = {LineFlag.KNOCKED_OUT, LineFlag.GROUP_DROPPED, LineFlag.GROUP_RESTORED}
    pairs = zip(line.scored.flags, line.scored.notes, strict=True)
    notes = tuple(note for flag, note in pairs if flag in told)
    doubted = doubt(line.place.leaf, line.entered)
    return (*notes, doubted) if doubted else notes


def needs_of(leaf: CriterionRules | Criterion) -> str:
    """Return what papers a criterion wants, in a word."""
    if leaf.decision_required:
        return "cần số, ngày quyết định"
    return "bắt buộc" if leaf.evidence_required else "không bắt buộc"
