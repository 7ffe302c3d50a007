"""A rubric as an official table: its facts, sections and findings in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from emulation.vietnamese import format_number
from scoring.enums import LatePolicy, RankStyle, Sanction, SectionKind, ShareBase
from scoring.models import Criterion, GradeBand, Rubric, Section
from scoring.rules import enums as rules
from scoring.rules.numbers import InputError
from scoring.rules.rubric import RubricError, sentence
from scoring.rules.tie_breaks import parse_tie_break
from scoring.selectors.rubrics import criteria_of, criterion_rules, grades_of

FINEST = Decimal("0.01")
_NA = {
    rules.NotApplicable.FULL.value: "không phát sinh: tính đủ điểm",
    rules.NotApplicable.EXCLUDED.value: "không phát sinh: bỏ ra khỏi điểm tối đa",
    rules.NotApplicable.ZERO.value: "không phát sinh: 0 điểm",
}


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion or part in the table."""

    id: int
    code: str
    title: str
    points: str
    rule: str
    conditions: tuple[str, ...]
    is_part: bool
    has_parts: bool
    comments: str = ""


@dataclass(frozen=True, slots=True)
class SectionTable:
    """A section with its rows."""

    id: int
    code: str
    title: str
    kind: str
    most: str
    rows: tuple[CriterionRow, ...]


def rubric_facts(rubric: Rubric) -> list[tuple[str, str]]:
    """Return what the table says as a whole: label and words."""
    facts = [
        ("Thang điểm", f"{format_number(rubric.scale_max)} điểm"),
        ("Điểm cộng tối đa", _points(rubric.plus_cap)),
        ("Điểm trừ tối đa", _points(rubric.minus_cap)),
        ("Tổng điểm", _bounds(rubric)),
        ("Xếp loại", "; ".join(_grade(band) for band in grades_of(rubric))),
        ("Khi bằng điểm", "; ".join(_tie_breaks(rubric.tie_breaks)) or "đồng hạng"),
        ("Số thứ hạng", RankStyle(rubric.rank_style).label),
        ("Khi nộp muộn", LatePolicy(rubric.late_policy).label),
    ]
    if rubric.rounding != FINEST:
        facts.append(("Làm tròn tổng điểm", f"đến {format_number(rubric.rounding)} điểm"))
    if rubric.scale_back:
        facts.append(("Không phát sinh", "quy đổi về thang điểm"))
    if rubric.rank_capped:
        facts.append(("Xếp hạng", "theo tổng điểm không quá thang điểm"))
    return [(label, words) for label, words in facts if words]


def _points(value: object) -> str:
    return "không giới hạn" if value is None else f"{format_number(value)} điểm"  # type: ignore[arg-type]


def _bounds(rubric: Rubric) -> str:
    low = f"từ {format_number(rubric.floor)}" if rubric.floor is not None else ""
    high = f"đến {format_number(rubric.ceiling)}" if rubric.ceiling is not None else ""
    return " ".join(filter(None, [low, high]))


def _grade(band: GradeBand) -> str:
    text = f"{band.name} từ {format_number(band.lower_bound)}"
    if band.min_criterion_share is not None:
        text += f", mỗi tiêu chí đạt {format_number(band.min_criterion_share * 100)}%"
    for code, lowest in band.section_floors:
        text += f", phần {code} {_at_least(lowest)}"
    return text + _share(band)


def _at_least(lowest: str | None) -> str:
    if lowest is None:
        return "phải đạt, văn bản không ghi ngưỡng"
    return f"đạt {format_number(Decimal(lowest) * 100)}%"


def _share(band: GradeBand) -> str:
    if band.max_share_of_units is None:
        return ""
    text = f", không quá {format_number(band.max_share_of_units * 100)}% số đơn vị"
    if band.share_base == ShareBase.NEXT_OR_HIGHER:
        text += " từ mức liền dưới trở lên"
    return f"{text}, vượt thì xếp {band.overflow}" if band.overflow else text


def _tie_breaks(texts: Iterable[str]) -> Iterable[str]:
    for place, text in enumerate(texts, start=1):
        try:
            yield f"{place}. {parse_tie_break(text).label}"
        except InputError:
            yield f"{place}. {text}"


def section_tables(
    rubric: Rubric, comments: Mapping[int, tuple[int, int]] | None = None
) -> list[SectionTable]:
    """Return the table's sections with their criteria and parts: two queries.

    ``comments`` are counted by criterion id: all, and those that wait for an answer.
    """
    criteria = list(criteria_of(rubric))
    parts: dict[int, list[Criterion]] = {}
    for each in criteria:
        if each.parent_id:
            parts.setdefault(each.parent_id, []).append(each)
    sections = Section.objects.filter(rubric=rubric).order_by("position", "pk")
    told = {key: _told(*counts) for key, counts in (comments or {}).items()}
    return [_section(section, criteria, parts, told) for section in sections]


def _told(total: int, waiting: int) -> str:
    return f"{total} ý kiến, {waiting} chưa trả lời" if waiting else f"{total} ý kiến"


def _section(
    section: Section,
    criteria: list[Criterion],
    parts: dict[int, list[Criterion]],
    told: Mapping[int, str],
) -> SectionTable:
    rows: list[CriterionRow] = []
    for top in criteria:
        if top.section_id != section.pk or top.parent_id:
            continue
        own = parts.get(top.pk, [])
        rows.append(_row(top, section, own, told))
        rows += [_row(part, section, [], told) for part in own]
    kind = SectionKind(section.kind)
    return SectionTable(
        section.pk, section.code, section.title, kind.label, _most(section), tuple(rows)
    )


def _most(section: Section) -> str:
    if section.max_points is not None:
        return f"tối đa {format_number(section.max_points)} điểm"
    is_base = section.kind == SectionKind.BASE
    return "tối đa bằng tổng các tiêu chí" if is_base else "không giới hạn"


def _row(
    row: Criterion, section: Section, parts: list[Criterion], told: Mapping[int, str]
) -> CriterionRow:
    return CriterionRow(
        id=row.pk,
        code=row.code,
        title=row.title,
        points=format_number(row.max_points),
        rule=_rule(row, section, parts),
        conditions=tuple(_conditions(row)),
        is_part=row.parent_id is not None,
        has_parts=bool(parts),
        comments=told.get(row.pk, ""),
    )


def _rule(row: Criterion, section: Section, parts: list[Criterion]) -> str:
    try:
        return sentence(criterion_rules(row, parts), rules.SectionKind(section.kind))
    except RubricError as error:
        return f"Chưa đọc được: {error.message}"


def _conditions(row: Criterion) -> Iterable[str]:
    if row.evidence_required:
        yield "phải có minh chứng"
    if row.decision_required:
        yield "phải ghi số, ngày quyết định"
    if row.not_applicable in _NA:
        yield _NA[row.not_applicable]
    if row.exclusive_group:
        yield f"nhóm {row.exclusive_group} chỉ tính một"
    if row.sanction:
        label = Sanction(row.sanction).label.lower()
        yield f"{label}: {row.sanction_grade}" if row.sanction_grade else label
    if row.automatic:
        yield "hệ thống tính theo số ngày nộp muộn"
    yield from _read_only(row)


def _read_only(row: Criterion) -> Iterable[str]:
    """Yield what a criterion tells its readers and no points follow from."""
    if row.evidence_hint:
        yield f"minh chứng: {row.evidence_hint}"
    if row.checker:
        yield f"thẩm định: {row.checker}"
    if row.pledge_item:
        yield f"nội dung {row.pledge_item.position} của giao ước"
    if row.printed_max is not None:
        yield f"văn bản in tối đa {format_number(row.printed_max)} điểm"
    if row.note:
        yield row.note
