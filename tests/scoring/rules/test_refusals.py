"""Every refusal of the rules, word for word and with its place: what an official reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scoring.rules.conditions import AwardQuota
from scoring.rules.enums import Automatic, SanctionEffect
from scoring.rules.rubric import (
    CriterionRules,
    Level,
    RubricError,
    from_document,
)

from .tables import (
    BANDS,
    D,
    choice,
    counting,
    direct,
    party_agencies_document,
    ratio,
    rubric,
    section,
    whole,
)

ABOVE = SanctionEffect.NOT_ABOVE
POINTS = "phải từ 0 đến 9999,99, tối đa 2 chữ số thập phân."
MEND = "Đề nghị sửa một trong hai số."
NOT_ABOVE = "mức xếp loại đi kèm và chỉ đi kèm điều kiện “không xếp trên”."


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: replace(direct("A"), title=" "), "Tiêu chí A: thiếu mã hoặc tên."),
        (lambda: direct("A", "-1"), f"Tiêu chí A: điểm tối đa {POINTS}"),
        (lambda: direct("A", 5, step=D("0.001")), f"Tiêu chí A: bước điểm {POINTS}"),
        (lambda: direct("A", 5, step=D(0)), "Tiêu chí A: bước điểm phải lớn hơn 0."),
        (
            lambda: direct("A", 5, automatic="late_days"),
            "Tiêu chí A: không hiểu “late_days”.",
        ),
        (
            lambda: CriterionRules(code="A", title="A", max_points=D(5)),
            "Tiêu chí A: phải có cách chấm, hoặc có ý nhỏ.",
        ),
        (
            lambda: whole("A", 5, whole("a", 5, direct("x", 5))),
            "Tiêu chí A: ý nhỏ không chia tiếp được.",
        ),
        (
            lambda: direct("A", 5, levels=(Level("x", D(1)),)),
            "Tiêu chí A: các mức dùng cho và chỉ cho kiểu chọn mức và kiểu trung bình các việc.",
        ),
        (
            lambda: replace(choice("A", (5,)), max_points=D(4)),
            f"Tiêu chí A: mức “0” được 5 điểm, cao hơn điểm tối đa 4 của tiêu chí. {MEND}",
        ),
        (lambda: choice("A", ("-1",), (5,)), f"Tiêu chí A: mức “0” {POINTS}"),
        (
            lambda: ratio("A", 5, ladder=[("0.5", "1.234")]),
            f"Tiêu chí A: ngưỡng 50% {POINTS}",
        ),
        (
            lambda: direct("A", 5, per=D(1)),
            "Tiêu chí A: điểm mỗi lần chỉ đi với kiểu đếm.",
        ),
        (lambda: counting("A", 5, "-1"), f"Tiêu chí A: điểm mỗi lần {POINTS}"),
        (
            lambda: direct("A", 5, automatic=Automatic.LATE_DAYS),
            "Tiêu chí A: chỉ tiêu chí đếm số lần mới tự tính được.",
        ),
        (
            lambda: direct("A", 5, ladder=((D(0), D(1)),)),
            "Tiêu chí A: thang chỉ dùng cho tỷ lệ.",
        ),
        (
            lambda: ratio("A", 5, ladder=[("0.5", 5), ("0.5", 4)]),
            "Tiêu chí A: thang có hai ngưỡng trùng nhau.",
        ),
        (
            lambda: ratio("A", 5, ladder=[("1.1", 5)]),
            "Tiêu chí A: ngưỡng của thang phải từ 0 đến 1.",
        ),
        (
            lambda: ratio("A", 5, ladder=[("0.5", 6)]),
            f"Tiêu chí A: ngưỡng 50% được 6 điểm, cao hơn điểm tối đa 5 của tiêu chí. {MEND}",
        ),
        (lambda: counting("F", 5, 1, sanction=ABOVE), f"Tiêu chí F: {NOT_ABOVE}"),
        (lambda: counting("F", 5, 1, sanction_grade="Khá"), f"Tiêu chí F: {NOT_ABOVE}"),
        (lambda: section("A:B", "BASE", direct("a")), "Phần A:B: mã phần không hợp lệ."),
        (
            lambda: replace(section("A", "BASE"), kind="BASE"),
            "Phần A: không hiểu “BASE”.",
        ),
        (lambda: section("A", "BASE", maximum="-1"), f"Phần A: điểm tối đa {POINTS}"),
        (
            lambda: section("A", "BASE", counting("a", 5, 1, sanction=SanctionEffect.EXCLUDED)),
            "Tiêu chí a: chỉ điểm trừ mới khống chế xếp loại.",
        ),
        (
            lambda: section("F", "MINUS", choice("f", (1, True))),
            "Tiêu chí f: điểm trừ không có mức điểm liệt.",
        ),
        (lambda: rubric(scale_max=D("-1")), f"Bảng chấm điểm: thang điểm {POINTS}"),
        (lambda: rubric(plus_cap=D("-1")), f"Bảng chấm điểm: mức cộng {POINTS}"),
        (lambda: rubric(minus_cap=D("-1")), f"Bảng chấm điểm: mức trừ {POINTS}"),
        (lambda: rubric(floor=D(5), ceiling=D(4)), "Bảng chấm điểm: sàn cao hơn trần."),
        (lambda: rubric(rounding=D(0)), "Bảng chấm điểm: bước làm tròn phải lớn hơn 0."),
        (
            lambda: rubric(section("A", "BASE"), section("A", "PLUS")),
            "Bảng chấm điểm: mã phần “A” bị trùng.",
        ),
        (
            lambda: rubric(section("A", "BASE", direct("a"), direct("a"))),
            "Bảng chấm điểm: mã tiêu chí “a” bị trùng.",
        ),
        (
            lambda: rubric(grades=(BANDS[0], BANDS[0])),
            "Bảng chấm điểm: tên mức xếp loại “Xuất sắc” bị trùng.",
        ),
        (
            lambda: rubric(grades=(replace(BANDS[0], overflow="Giỏi"),)),
            "Mức Xuất sắc: không có mức “Giỏi”.",
        ),
        (
            lambda: rubric(
                section("F", "MINUS", counting("f", 5, 1, sanction=ABOVE, sanction_grade="Giỏi")),
                grades=BANDS,
            ),
            "Tiêu chí f: không có mức “Giỏi”.",
        ),
        (
            lambda: rubric(tie_breaks=("age:desc",)),
            "Tiêu chí phân hạng: không hiểu quy tắc “age:desc”.",
        ),
    ],
)
def test_a_rubric_that_cannot_exist(make, sentence):
    with pytest.raises(RubricError) as caught:
        make()
    error = caught.value
    assert str(error) == sentence
    assert f"{error.place}: {error.message}" == sentence


def test_bounds_are_inclusive():
    """What stands exactly on a bound is sound."""
    assert ratio("A", 5, ladder=[("1", 5), ("0", 0)]).ladder
    assert rubric(floor=D(5), ceiling=D(5)).floor == 5
    assert AwardQuota(award="X", label="X", max_share=D(0)).max_share == 0
    assert AwardQuota(award="X", label="X", max_share=D(1), max_count=0).max_share == 1


# ---------------------------------------------------------------- documents


def in_document(**more):
    return from_document(party_agencies_document() | more)


def in_section(**more):
    document = party_agencies_document()
    document["sections"][0] = document["sections"][0] | more
    return from_document(document)


def in_criterion(place=0, **more):
    document = party_agencies_document()
    criteria = document["sections"][0]["criteria"]
    criteria[place] = criteria[place] | more
    return from_document(document)


def in_grades(**condition):
    return in_document(grade_conditions=[condition])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: from_document([]), None),
        (lambda: in_document(scale_max="x"), "scale_max: “x” không phải là số."),
        (lambda: in_document(scale_max=True), "scale_max: “True” không phải là số."),
        (lambda: in_document(rounding="x"), "rounding: “x” không phải là số."),
        (lambda: in_document(plus_cap="x"), "plus_cap: “x” không phải là số."),
        (lambda: in_document(rank_style="x"), "rank_style: không hiểu “x”."),
        (lambda: in_document(title=1), "Bảng chấm điểm: “title” phải là chữ."),
        (
            lambda: in_document(scale_back="yes"),
            "Bảng chấm điểm: “scale_back” phải là đúng hoặc sai.",
        ),
        (lambda: in_section(colour=1), "Phần A: không hiểu “colour”."),
        (lambda: in_section(kind="x"), "Phần A: không hiểu “x”."),
        (lambda: in_section(max="x"), "Phần A: “x” không phải là số."),
        (lambda: in_criterion(colour=1), "Tiêu chí A1: không hiểu “colour”."),
        (lambda: in_criterion(max="x"), "Tiêu chí A1: “x” không phải là số."),
        (lambda: in_criterion(kind="x"), "Tiêu chí A1: không hiểu “x”."),
        (lambda: in_criterion(step="x"), "Tiêu chí A1: “x” không phải là số."),
        (lambda: in_criterion(not_applicable="x"), "Tiêu chí A1: không hiểu “x”."),
        (lambda: in_criterion(automatic="x"), "Tiêu chí A1: không hiểu “x”."),
        (lambda: in_criterion(sanction="x"), "Tiêu chí A1: không hiểu “x”."),
        (lambda: in_criterion(ladder=[["x", 1]]), "Tiêu chí A1: “x” không phải là số."),
        (lambda: in_criterion(ladder=[[1, "y"]]), "Tiêu chí A1: “y” không phải là số."),
        (
            lambda: in_criterion(decision_required="x"),
            "Bảng chấm điểm: “decision_required” phải là đúng hoặc sai.",
        ),
        (lambda: in_criterion(3, levels=["xy"]), "Tiêu chí A4: mỗi mức gồm tên và điểm."),
        (lambda: in_criterion(3, levels=[["x"]]), "Tiêu chí A4: mỗi mức gồm tên và điểm."),
        (lambda: in_criterion(3, levels=[7]), "Tiêu chí A4: mỗi mức gồm tên và điểm."),
        (lambda: in_criterion(3, levels=[["x", "y"]]), "Tiêu chí A4: “y” không phải là số."),
        (
            lambda: in_criterion(3, levels=[{"label": "x", "points": "y"}]),
            "Tiêu chí A4: “y” không phải là số.",
        ),
        (lambda: in_document(grades=[["Tốt", "x"]]), "Mức Tốt: “x” không phải là số."),
        (lambda: in_grades(grade="Giỏi"), "Xếp loại: không có mức “Giỏi”."),
        (
            lambda: in_grades(grade="Tốt", lowest_criterion_share="x"),
            "Mức Tốt: “x” không phải là số.",
        ),
        (
            lambda: in_grades(grade="Tốt", largest_share_of_units="x"),
            "Mức Tốt: “x” không phải là số.",
        ),
        (
            lambda: in_grades(grade="Tốt", largest_share_of_units="0.2", rounding="up"),
            "Mức Tốt: số đơn vị theo tỷ lệ chỉ được làm tròn xuống.",
        ),
    ],
)
def test_a_document_that_cannot_be_read(make, sentence):
    with pytest.raises(RubricError) as caught:
        make()
    if sentence is None:
        assert str(caught.value).startswith("Bảng chấm điểm: tài liệu thiếu hoặc sai cấu trúc: ")
        assert caught.value.place == "Bảng chấm điểm"
    else:
        assert str(caught.value) == sentence


def test_what_a_document_leaves_out_has_its_default():
    made = from_document({"title": "T", "scale_max": 10, "sections": []})
    assert (made.grades, made.tie_breaks, made.rounding) == ((), (), D("0.01"))
    assert from_document(
        {"title": "T", "scale_max": 0, "sections": [{"code": "A", "kind": "BASE", "title": "A",
                                                     "max": 0}]}
    ).sections[0].criteria == ()  # fmt: skip
    band = in_grades(grade="Tốt", largest_share_of_units="0.2").grades[1]
    assert (band.max_share_of_units, band.overflow) == (D("0.2"), "")
    assert in_document(rounding="0.25", grade_conditions=[]).rounding == D("0.25")
    assert in_criterion(decision_required=True).places["A1"].leaf.decision_required
