"""A rubric written as a workbook is read back as the same rubric."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from scoring.exports.rubric_workbook import empty_rubric, rubric_workbook
from scoring.rules.difference import rubric_difference
from scoring.rules.rubric import CriterionRules, RubricRules, from_document
from scoring.services.rubric_import import settled
from scoring.services.rubric_import.assembling import Assembly
from scoring.services.rubric_import.layout import COLUMNS, GUIDE, LISTS
from scoring.services.rubric_import.reading import read_book
from tests.scoring.rubric.strategies import rubrics
from tests.scoring.rubric.tables import commune, party_agencies


def read(content: bytes) -> tuple[RubricRules | None, str | None, list[str]]:
    """Return what a workbook says: the rubric, the late policy, the errors."""
    book = read_book(content)
    assembly = Assembly(book)
    rules = assembly.rubric()
    return rules, assembly.late_policy, [f"{e.sheet}!{e.row} {e.message}" for e in book.errors]


@pytest.mark.parametrize("table", [party_agencies, commune])
def test_real_rubrics_go_round(table):
    rules = from_document(table())
    found, late, errors = read(rubric_workbook(rules, "refuse"))
    assert errors == []
    assert late == "refuse"
    assert found is not None
    assert rubric_difference(rules, found) == ()
    assert found == settled(rules)


def test_the_commune_s_table_keeps_its_three_levels_and_its_errors():
    found, _, _ = read(rubric_workbook(from_document(commune())))
    assert found is not None
    assert any(c.parts for section in found.sections for c in section.criteria)
    printed = [p.leaf for p in found.places.values() if p.leaf.printed_max is not None]
    assert [(leaf.code, leaf.printed_max) for leaf in printed] == [("IX.6", Decimal(3))]
    best = found.grades[0]
    assert [(floor.section, floor.lowest_share) for floor in best.section_floors] == [("V", None)]


@given(rubrics())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_rubric_goes_round(rules):
    found, late, errors = read(rubric_workbook(rules))
    assert errors == []
    assert late == "minus"
    assert found is not None
    assert rubric_difference(settled(rules), found) == ()
    assert found == settled(rules)


def test_settling_changes_no_rule_of_real_rubrics():
    for table in (party_agencies, commune):
        rules = from_document(table())
        assert rubric_difference(rules, settled(rules)) == ()


def test_text_that_looks_like_a_formula_is_no_formula():
    texts = ["=1+1", "'=1+1", "''@x", "+84 912", "-5", "'-5", "#N/A", "'#REF!", "@a", "85%"]
    rules = from_document(party_agencies())
    section = rules.sections[0]
    criteria = tuple(
        CriterionRules(code=f"X{n}", title=text, note=text, max_points=Decimal(1),
                       kind=section.criteria[0].leaves[0].kind,
                       per=section.criteria[0].leaves[0].per,
                       levels=section.criteria[0].leaves[0].levels)
        for n, text in enumerate(texts)
    )  # fmt: skip
    document = rules.__class__(
        title="=HYPERLINK(1)",
        scale_max=rules.scale_max,
        sections=(type(section)(code="A", kind=section.kind, title="+A", max_points=Decimal(9),
                                criteria=criteria),),
    )  # fmt: skip
    content = rubric_workbook(document)
    book = openpyxl.load_workbook(io.BytesIO(content))
    types = {cell.data_type for page in book for row in page for cell in row}
    assert not types & {"f", "e"}
    found, _, errors = read(content)
    assert errors == []
    assert found == document


def test_the_empty_template_has_lists_guide_and_frozen_headings():
    book = openpyxl.load_workbook(io.BytesIO(empty_rubric()))
    assert book.sheetnames == [GUIDE, *COLUMNS, LISTS]
    assert book[LISTS].sheet_state == "hidden"
    criteria = book["Tiêu chí"]
    assert criteria.freeze_panes == "A2"
    assert criteria.max_row == 1
    listed = [v for v in criteria.data_validations.dataValidation if v.type == "list"]
    assert len(listed) == 7
    guide = [cell.value for row in book[GUIDE] for cell in row if cell.value]
    assert "Ví dụ (không nhập):" in guide
    for columns in COLUMNS.values():
        assert {column.hint for column in columns if columns[0].key != "label"} <= set(guide)


def test_the_empty_template_lacks_only_what_must_be_written():
    _, _, errors = read(empty_rubric())
    assert [error.split()[0:2] for error in errors] == [["Thông", "tin"], ["Thông", "tin"]]
