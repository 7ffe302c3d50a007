"""The inputs of an average of cases: a number for each level, in both forms and in the demo."""

from __future__ import annotations

from decimal import Decimal

from emulation.management.demo.sheets import raw_fields
from scoring.enums import CriterionKind as StoredKind
from scoring.forms.line_inputs import line_fields, shown_texts
from scoring.forms.self_score import draft_of, typed_texts
from scoring.models import Criterion
from scoring.rules.entries import EventsInput
from scoring.rules.enums import CriterionKind
from scoring.rules.inputs import parse_input, to_json
from scoring.rules.rubric import CriterionRules, Level
from scoring.views.sheet_fields import field_views

RULE = CriterionRules(
    code="C5",
    title="Phối hợp",
    max_points=Decimal(5),
    kind=CriterionKind.EVENT_AVERAGE,
    levels=(Level("Tốt", Decimal(5)), Level("Khá", Decimal("2.5"))),
)
ENTERED = EventsInput((2, 1))


def test_the_unit_types_a_number_for_each_level() -> None:
    views = field_views(7, RULE, draft_of(ENTERED, "", 1), {})
    assert [(view.id, view.before, view.value) for view in views] == [
        ("c7-cases_0", "Tốt", "2"),
        ("c7-cases_1", "Khá", "1"),
    ]
    assert parse_input(RULE, typed_texts(ENTERED)) == ENTERED


def test_the_appraiser_types_a_number_for_each_level() -> None:
    texts = shown_texts(RULE, to_json(ENTERED))
    fields = line_fields(RULE, "p", texts)
    assert [(field.name, field.label, field.value) for field in fields] == [
        ("p-cases_0", "Tốt (5 điểm)", "2"),
        ("p-cases_1", "Khá (2,5 điểm)", "1"),
    ]
    assert parse_input(RULE, texts) == ENTERED


def test_a_story_tells_cases_as_a_list() -> None:
    criterion = Criterion(kind=StoredKind.EVENT_AVERAGE)
    assert parse_input(RULE, raw_fields(criterion, "2;1")) == ENTERED
