"""Rubrics: soundness, documents, and sentences."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scoring.rules.enums import (
    Automatic,
    CriterionKind,
    NotApplicable,
    SanctionEffect,
    SectionKind,
)
from scoring.rules.rubric import (
    CriterionRules,
    GradeBand,
    Level,
    RubricError,
    SectionFloor,
    from_document,
    sentence,
    to_document,
)

from .tables import (
    BANDS,
    D,
    choice,
    counting,
    deduct,
    direct,
    party_agencies,
    party_agencies_document,
    passfail,
    ratio,
    rubric,
    section,
    target,
    whole,
)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: direct(" "), "thiếu mã"),
        (lambda: replace(direct("A"), title=" "), "thiếu mã hoặc tên"),
        (lambda: replace(direct("A"), code=" "), "thiếu mã hoặc tên"),
        (lambda: direct("A", "-1"), "điểm tối đa phải từ 0"),
        (lambda: direct("A", "1.005"), "tối đa 2 chữ số thập phân"),
        (lambda: direct("A", "NaN"), "điểm tối đa"),
        (lambda: direct("A", 5, step=D(0)), "bước điểm phải lớn hơn 0"),
        (lambda: direct("A", 5, per=D(1)), "kiểu đếm"),
        (lambda: direct("A", 5, levels=(Level("x", D(1)),)), "kiểu chọn mức"),
        (lambda: direct("A", 5, ladder=((D(0), D(1)),)), "thang chỉ dùng cho tỷ lệ"),
        (lambda: direct("A", 5, automatic=Automatic.LATE_DAYS), "tự tính"),
        (lambda: direct("A", 5, automatic="late_days"), "không hiểu “late_days”"),
        (lambda: CriterionRules(code="A", title="A", max_points=D(5)), "phải có cách chấm"),
        (lambda: whole("A", 5, whole("a", 5, direct("x", 5))), "không chia tiếp"),
        (
            lambda: replace(choice("A", (5,)), max_points=D(4)),
            "mức “0” được 5 điểm, cao hơn điểm tối đa 4",
        ),
        (lambda: ratio("A", 5, ladder=[("1.1", 5)]), "từ 0 đến 1"),
        (lambda: ratio("A", 5, ladder=[("0.5", 5), ("0.5", 4)]), "trùng nhau"),
        (
            lambda: ratio("A", 5, ladder=[("0.5", 6)]),
            "ngưỡng 50% được 6 điểm, cao hơn điểm tối đa 5",
        ),
        (lambda: counting("F", 5, 1, sanction=SanctionEffect.NOT_ABOVE), "không xếp trên"),
        (lambda: counting("F", 5, 1, sanction_grade="Khá"), "không xếp trên"),
        (lambda: section("A:B", "BASE", direct("a")), "mã phần"),
        (
            lambda: section("A", "BASE", direct("a", sanction=SanctionEffect.EXCLUDED)),
            "chỉ điểm trừ",
        ),
        (lambda: section("F", "MINUS", choice("f", (1, True))), "điểm liệt"),
        (lambda: rubric(section("A", "BASE", direct("a"), direct("a"))), "“a” bị trùng"),
        (lambda: rubric(section("A", "BASE"), section("A", "PLUS")), "“A” bị trùng"),
        (lambda: rubric(floor=D(5), ceiling=D(4)), "sàn cao hơn trần"),
        (lambda: rubric(rounding=D(0)), "bước làm tròn"),
        (lambda: rubric(grades=(BANDS[0], BANDS[0])), "bị trùng"),
        (lambda: rubric(grades=(replace(BANDS[0], overflow="Giỏi"),)), "không có mức “Giỏi”"),
        (lambda: rubric(tie_breaks=("age:desc",)), "không hiểu quy tắc “age:desc”"),
        (lambda: rubric(tie_breaks=("section::desc",)), "không hiểu quy tắc"),
        (lambda: rubric(tie_breaks=("minus:up",)), "không hiểu quy tắc"),
    ],
)
def test_an_unsound_rubric_cannot_exist(make, message):
    with pytest.raises(RubricError) as caught:
        make()
    assert message in caught.value.message


def test_a_sanction_must_name_a_grade_of_the_rubric():
    above = {"sanction": SanctionEffect.NOT_ABOVE, "sanction_grade": "Giỏi"}
    with pytest.raises(RubricError, match="không có mức “Giỏi”"):
        rubric(section("F", "MINUS", counting("f", 5, 1, **above)), grades=BANDS)


def test_the_example_table_is_read():
    table = party_agencies()
    assert len(table.places) == 20
    assert table.places["A1"].leaf.step == D("0.25")
    assert table.places["D2"].leaf.not_applicable is NotApplicable.FULL
    assert table.places["F2"].leaf.sanction is SanctionEffect.NOT_EXCELLENT
    assert table.places["F1"].section.kind is SectionKind.MINUS
    assert (table.plus_cap, table.minus_cap, table.ceiling) == (10, 15, 110)


def test_documents_go_both_ways():
    table = rich_table()
    for each in (party_agencies(), table):
        assert from_document(json.loads(json.dumps(to_document(each)))) == each


def rich_table():
    bands = (
        GradeBand(
            name="Xuất sắc",
            lower_bound=D(90),
            min_criterion_share=D("0.85"),
            section_floors=(SectionFloor("A", D("0.5")), SectionFloor("B", None)),
            max_share_of_units=D("0.25"),
            overflow="Khá",
        ),
        *BANDS[1:],
    )
    parts = whole(
        "A1",
        10,
        choice("a", (4,), (0, True), evidence_required=True),
        ratio("b", 6, ladder=[("0.5", 6), ("0", 1)], step=D("0.25")),
        not_applicable=NotApplicable.EXCLUDED,
        note="Ghi chú",
    )
    minus = counting(
        *("F1", 5, "0.5"),
        sanction=SanctionEffect.NOT_ABOVE,
        sanction_grade="Khá",
        exclusive_group="late",
        unit_label="ngày",
        printed_max=D(3),
        automatic=Automatic.LATE_DAYS,
    )
    return rubric(
        section("A", "BASE", parts),
        section("F", "MINUS", minus, maximum=4),
        grades=bands,
        scale_back=True,
        rank_capped=True,
        floor=D(0),
        tie_breaks=("section:A:desc", "head"),
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("title"), "thiếu hoặc sai cấu trúc"),
        (lambda d: d.update(scale_max="x"), "không phải là số"),
        (lambda d: d.update(scale_max=True), "không phải là số"),
        (lambda d: d.update(floor="NaN"), "không phải là số"),
        (lambda d: d.update(scale_back="yes"), "đúng hoặc sai"),
        (lambda d: d.update(title=5), "phải là chữ"),
        (lambda d: d.update(rank_style="random"), "không hiểu “random”"),
        (lambda d: d.update(sections=7), "thiếu hoặc sai cấu trúc"),
        (lambda d: d.update(grade_conditions=[{"grade": "Giỏi"}]), "không có mức “Giỏi”"),
        (lambda d: d["sections"][0].update(colour=1), "không hiểu “colour”"),
        (lambda d: d["sections"][0]["criteria"][0].update(evidense=True), "“evidense”"),
        (lambda d: d["sections"][0]["criteria"][0].update(kind="average"), "“average”"),
        (lambda d: d["sections"][0]["criteria"][3].update(levels=["Tốt"]), "tên và điểm"),
    ],
)
def test_a_wrong_document_is_refused(change, message):
    document = party_agencies_document()
    change(document)
    with pytest.raises(RubricError) as caught:
        from_document(document)
    assert message in str(caught.value)


def test_json_fractions_are_read_by_their_digits():
    document = party_agencies_document()
    document["sections"][0]["criteria"][1]["per"] = json.loads("0.1")
    assert from_document(document).places["A2"].leaf.per == D("0.1")


def test_the_short_sanction_of_real_tables_is_read():
    document = party_agencies_document()
    document["sections"][5]["criteria"][1]["sanction"] = "not_above_fair"
    leaf = from_document(document).places["F2"].leaf
    assert (leaf.sanction, leaf.sanction_grade) == (SanctionEffect.NOT_ABOVE, "Khá")


def test_parts_take_over_what_their_criterion_demands():
    parent = whole(
        *("A", 10, direct("a", 5), direct("b", 5, not_applicable=NotApplicable.ZERO)),
        evidence_required=True,
        not_applicable=NotApplicable.FULL,
    )
    first, second = parent.leaves
    assert first.evidence_required
    assert not first.decision_required
    assert first.not_applicable is NotApplicable.FULL
    assert second.not_applicable is NotApplicable.ZERO


@pytest.mark.parametrize(
    ("rule", "kind", "text"),
    [
        (
            deduct("A", 10, "0.5", unit_label="văn bản chậm"),
            "BASE",
            "Trừ 0,5 điểm mỗi văn bản chậm, tối đa 10 điểm.",
        ),
        (counting("C", 6, 2), "BASE", "Được 2 điểm mỗi trường hợp, tối đa 6 điểm."),
        (counting("F", 6, 3), "MINUS", "Trừ 3 điểm mỗi trường hợp, tối đa 6 điểm."),
        (passfail("B", 4), "BASE", "Được 4 điểm nếu có; 0 điểm nếu không."),
        (passfail("F", 4), "MINUS", "Trừ 4 điểm nếu có; 0 điểm nếu không."),
        (direct("A", 5, step=D("0.5")), "BASE", "Chấm từ 0 đến 5 điểm, làm tròn đến 0,5 điểm."),
        (choice("A", (4,), (0, True)), "BASE", "Chọn một mức. 0: 4 điểm; 1: 0 điểm (điểm liệt)."),
        (ratio("A", 25), "BASE", "Tỷ lệ đạt × 25 điểm."),
        (
            ratio("A", 4, ladder=[("0.5", 4), ("0.3", 2)]),
            "BASE",
            "Theo tỷ lệ: từ 50% được 4 điểm; từ 30% được 2 điểm; thấp hơn 0 điểm.",
        ),
        (target("A", 6), "BASE", "Kết quả / chỉ tiêu × 6 điểm, tối đa 6 điểm."),
        (
            whole("A", 6, direct("a", 4), direct("b", 2)),
            "BASE",
            "Cộng điểm của 2 ý, tối đa 6 điểm.",
        ),
    ],
)
def test_rules_are_said_in_one_sentence(rule, kind, text):
    assert sentence(rule, SectionKind(kind)) == text


def test_every_kind_has_a_sentence():
    kinds = {place.leaf.kind for place in party_agencies().places.values()}
    absent = {CriterionKind.DIRECT, CriterionKind.TARGET, CriterionKind.EVENT_AVERAGE}
    assert set(CriterionKind) - kinds == absent
    assert all(sentence(place.leaf).endswith(".") for place in party_agencies().places.values())


def test_shares_of_units_are_only_rounded_down():
    document = party_agencies_document()
    limit = {"grade": "Tốt", "largest_share_of_units": "0.25", "rounding": "up"}
    with pytest.raises(RubricError, match="làm tròn xuống"):
        from_document(document | {"grade_conditions": [limit]})
