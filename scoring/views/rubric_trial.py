"""Chấm thử: a sheet filled in against a table, computed step by step and stored nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from blocs.views.frame import person
from emulation.access import require
from emulation.forms import parse_number
from scoring.forms.line_inputs import LineField, line_fields, typed_texts
from scoring.permissions.rubric import can_try_rubric
from scoring.rules.enums import Automatic, SectionKind, Stage
from scoring.rules.grades import Graded, grade_unit
from scoring.rules.inputs import parse_input
from scoring.rules.numbers import InputError
from scoring.rules.rubric import Place, RubricError, RubricRules, sentence
from scoring.rules.sheet import LineFacts, SheetLine, SheetResult
from scoring.rules.standings import standing_of
from scoring.rules.totals import compute_sheet
from scoring.selectors.rubrics import get_rubric_for_user, rules_of
from scoring.views.rubric import rubric_frame

MOST_DAYS = 365
STAGES = {
    Stage.LINE: "Giấy tờ của dòng",
    Stage.KNOCK_OUT: "Điểm liệt",
    Stage.GROUP: "Nhóm chỉ tính một",
    Stage.ITEM_MAXIMUM: "Điểm tối đa của tiêu chí",
    Stage.SECTION: "Cộng từng phần",
    Stage.SCALE_BACK: "Quy đổi",
    Stage.RUBRIC_CAP: "Mức tối đa cả bảng",
    Stage.SUM: "Cộng cả bảng",
    Stage.CLAMP: "Sàn và trần",
}


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A line to fill in, and its points once computed."""

    code: str
    title: str
    rule: str
    prefix: str
    fields: tuple[LineField, ...]
    is_automatic: bool
    needs_evidence: bool
    has_evidence: bool
    needs_decision: bool
    has_decision: bool
    is_relative: bool
    leader: str
    leader_error: str
    result: SheetLine | None


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed: facts by line code, errors by field, the days late."""

    facts: dict[str, LineFacts]
    leaders: dict[str, Fraction]
    errors: dict[str, str]
    days: int


def _filled(rules: RubricRules, data: Mapping[str, str]) -> Filled:
    facts: dict[str, LineFacts] = {}
    leaders: dict[str, Fraction] = {}
    errors: dict[str, str] = {}
    for prefix, place in _places(rules):
        leaf = place.leaf
        try:
            given = parse_input(leaf, typed_texts(leaf, prefix, data), place.section.kind)
        except InputError as error:
            errors[f"{prefix}-{error.field or _first(leaf, prefix)}"] = error.message
            continue
        if given is not None:
            evidence, decision = f"{prefix}-evidence" in data, f"{prefix}-decision" in data
            facts[leaf.code] = LineFacts(given, evidence, decision)
        if leaf.relative and (text := data.get(f"{prefix}-leader", "").strip()):
            try:
                leaders[leaf.code] = Fraction(parse_number(text[:20].removesuffix("%"))) / 100
            except ValueError as error:
                errors[f"{prefix}-leader"] = str(error)
    text = data.get("days_late", "").strip() or "0"
    is_count = text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= MOST_DAYS
    if not is_count:
        errors["days_late"] = f"Số ngày nộp muộn phải là số nguyên từ 0 đến {MOST_DAYS}."
    return Filled(facts, leaders, errors, int(text) if is_count else 0)


def _first(leaf: Any, prefix: str) -> str:
    fields = line_fields(leaf, prefix, {})
    return fields[0].key if fields else ""


def _places(rules: RubricRules) -> list[tuple[str, Place]]:
    return [(f"d{number}", place) for number, place in enumerate(rules.places.values(), start=1)]


def _line(
    prefix: str, place: Place, data: Mapping[str, str], errors: Mapping[str, str], result: Any
) -> TrialLine:
    leaf = place.leaf
    texts = typed_texts(leaf, prefix, data)
    return TrialLine(
        code=leaf.code,
        title=leaf.title,
        rule=sentence(leaf, place.section.kind),
        prefix=prefix,
        fields=tuple(line_fields(leaf, prefix, texts, errors)),
        is_automatic=leaf.automatic is Automatic.LATE_DAYS,
        needs_evidence=leaf.evidence_required,
        has_evidence=f"{prefix}-evidence" in data if data else True,
        needs_decision=leaf.decision_required,
        has_decision=f"{prefix}-decision" in data if data else True,
        is_relative=leaf.relative,
        leader=data.get(f"{prefix}-leader", "")[:20],
        leader_error=errors.get(f"{prefix}-leader", ""),
        result=result,
    )


def _sections(
    rules: RubricRules, data: Mapping[str, str], errors: Mapping[str, str], sheet: Any
) -> list[dict[str, Any]]:
    results = {line.code: line for line in sheet.lines} if sheet else {}
    lines: dict[str, list[TrialLine]] = {}
    for prefix, place in _places(rules):
        row = _line(prefix, place, data, errors, results.get(place.leaf.code))
        lines.setdefault(place.section.code, []).append(row)
    return [
        {"section": each, "lines": lines.get(each.code, []), "result": _of(sheet, each.code)}
        for each in rules.sections
    ]


def _of(sheet: SheetResult | None, code: str) -> Any:
    return sheet.section(code) if sheet else None


def _graded(rules: RubricRules, sheet: SheetResult) -> Graded | None:
    if sheet.total is None or not rules.grades:
        return None
    return grade_unit(standing_of("thu", sheet), sheet.total, rules.grades)


def _outcome(rules: RubricRules, sheet: SheetResult | None) -> dict[str, Any]:
    if sheet is None:
        return {}
    standing = standing_of("thu", sheet)
    return {
        "sheet": sheet,
        "steps": [(STAGES[step.stage], step) for step in sheet.steps],
        "grade": _graded(rules, sheet),
        "exclusions": standing.exclusions,
        "capped": [band for band in rules.grades if band.max_share_of_units is not None],
        "has_minus": any(each.kind is SectionKind.MINUS for each in rules.sections),
    }


@require_http_methods(["GET", "POST"])
def rubric_trial(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Fill in a sheet against the table and see the points, the steps and the grade."""
    found, standing = get_rubric_for_user(person(request), rubric_id)
    require(can_try_rubric(standing, found))
    context = rubric_frame(request, found, standing, "Chấm thử", below=True)
    context["rubric"] = found
    data: Mapping[str, str] = request.POST
    try:
        rules = rules_of(found)
    except RubricError as error:
        context["unreadable"] = f"{error.place}: {error.message}"
        return render(request, "scoring/rubric_trial.html", context)
    filled, sheet = Filled({}, {}, {}, 0), None
    if request.method == "POST":
        filled = _filled(rules, data)
        if not filled.errors:
            sheet = compute_sheet(
                rules,
                filled.facts,
                blanks_confirmed=True,
                days_late=filled.days,
                leaders=filled.leaders,
            )
    context |= {
        "sections": _sections(rules, data, filled.errors, sheet),
        "days_late": data.get("days_late", "0")[:6],
        "days_error": filled.errors.get("days_late", ""),
        "error_lines": _error_lines(rules, filled.errors),
        **_outcome(rules, sheet),
    }
    return render(request, "scoring/rubric_trial.html", context)


def _error_lines(rules: RubricRules, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each error with the place it leads to, named by its criterion."""
    codes = {prefix: place.leaf.code for prefix, place in _places(rules)}
    return [
        (_target(name), f"{codes[prefix]}: {text}" if prefix in codes else text)
        for name, text in errors.items()
        for prefix in [name.partition("-")[0]]
    ]


def _target(name: str) -> str:
    return name if name == "days_late" else f"o-{name}"
