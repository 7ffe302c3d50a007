"""The inputs of one line of the score sheet, by the kind of its criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.forms.self_score import field_name
from scoring.rules.enums import CriterionKind
from scoring.rules.numbers import short
from scoring.rules.rubric import CriterionRules
from scoring.services.sheets import LineDraft


@dataclass(frozen=True, slots=True)
class FieldView:
    """One input: a short text, or a list to choose from; words stand before and after it."""

    id: str
    label: str
    value: str
    options: tuple[tuple[str, str, bool], ...] = ()
    before: str = ""
    after: str = ""
    error: str = ""


def field_views(
    key: int, leaf: CriterionRules, draft: LineDraft, errors: Mapping[str, str]
) -> tuple[FieldView, ...]:
    """Return the inputs that a criterion's kind needs, with what was typed or stored."""

    def view(name: str, label: str, before: str = "", after: str = "") -> FieldView:
        return FieldView(
            field_name(key, name),
            f"{leaf.code}: {label}",
            draft.raw.get(name, ""),
            error=errors.get(name, ""),
            before=before,
            after=after,
        )

    unit = leaf.unit_label
    match leaf.kind:
        case CriterionKind.DIRECT:
            return (view("points", "số điểm", after="điểm"),)
        case CriterionKind.CHOICE:
            levels = [f"{each.label} ({short(each.points)} điểm)" for each in leaf.levels]
            return (_choice(key, leaf, "level", "mức", levels, draft, errors),)
        case CriterionKind.PASSFAIL:
            return (_yes_no(key, leaf, draft, errors),)
        case CriterionKind.DEDUCT | CriterionKind.COUNT:
            fallback = "lỗi" if leaf.kind is CriterionKind.DEDUCT else "trường hợp"
            return (view("n", f"số {unit or fallback}", before="có", after=unit or fallback),)
        case CriterionKind.RATIO:
            return (
                view("numerator", "số đạt", before="đạt"),
                view("denominator", "tổng số", before="trên", after=unit),
                view("percent", "tỷ lệ phần trăm", before="hoặc", after="%"),
            )
        case CriterionKind.TARGET:
            return (
                view("actual", "kết quả", before="đạt"),
                view("target", "chỉ tiêu", before="trên chỉ tiêu", after=unit),
            )
        case CriterionKind.EVENT_AVERAGE:
            return tuple(
                view(f"cases_{at}", f"số trường hợp {level.label}", before=level.label)
                for at, level in enumerate(leaf.levels)
            )
    return ()


def _choice(
    key: int,
    leaf: CriterionRules,
    name: str,
    label: str,
    words: Sequence[str],
    draft: LineDraft,
    errors: Mapping[str, str],
) -> FieldView:
    chosen = draft.raw.get(name, "")
    options = [("", "— chọn mức —", False)]
    options += [(str(at), text, chosen == str(at)) for at, text in enumerate(words)]
    return FieldView(
        field_name(key, name),
        f"{leaf.code}: {label}",
        chosen,
        tuple(options),
        error=errors.get(name, ""),
    )


def _yes_no(
    key: int, leaf: CriterionRules, draft: LineDraft, errors: Mapping[str, str]
) -> FieldView:
    chosen = draft.raw.get("passed", "")
    words = [("", "— chọn —"), ("1", "Có"), ("0", "Không")]
    return FieldView(
        field_name(key, "passed"),
        f"{leaf.code}: có hoặc không",
        chosen,
        tuple((value, text, bool(value) and chosen == value) for value, text in words),
        error=errors.get("passed", ""),
    )
