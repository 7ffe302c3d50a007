"""Criteria that say the same: what the check finds by words alone, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scoring.rules.enums import CriterionKind, NotApplicable, Severity
from scoring.rules.lint import LintRule, lint
from scoring.rules.rubric import CriterionRules

from .lint_tables import checked, minus, named, plus
from .tables import BANDS, counting, deduct, direct, rubric, section, whole

NOTE = Severity.NOTE
R = LintRule


def base_and_minus(good: str, bad: str, rule: CriterionRules | None = None) -> set[LintRule]:
    base = named(rule or deduct("a", 100, 1, evidence_required=True), good)
    return {each.rule for each in minus(named(counting("f", 5, 1), bad), base=base)()}


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("Gửi báo cáo kịp thời", "Nộp báo cáo muộn (mỗi lần)"),
        ("Báo cáo đúng thời hạn", "Báo cáo quá hạn"),
        ("Dự họp giao ban đầy đủ", "Vắng họp, dự họp giao ban không đầy đủ"),
        ("Văn bản ban hành đúng pháp luật", "Ban hành văn bản trái pháp luật"),
        ("Không có cán bộ, đảng viên bị kỷ luật", "Cán bộ bị kỷ luật từ khiển trách trở lên"),
        ("Cán bộ, đảng viên vi phạm kỷ luật", "Có cán bộ vi phạm kỷ luật"),
    ],
)
def test_one_fault_named_in_two_ways_is_punished_twice(good, bad):
    assert R.PUNISHED_TWICE in base_and_minus(good, bad)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("Gửi báo cáo đúng hạn", "Nộp bảng tự chấm muộn"),
        ("Tự chấm điểm đúng mẫu", "Tự chấm điểm chậm"),
        ("Báo cáo đúng hạn", "Báo cáo sai sự thật"),
        ("Thực hiện kết luận", "Không thực hiện kết luận cấp tỉnh giao"),
        ("Kết luận giám sát chuyên đề", "Không có kết luận giám sát thường xuyên"),
    ],
)
def test_different_deeds_are_left_alone(good, bad):
    assert base_and_minus(good, bad) <= {R.NEAR_DUPLICATE}


def test_what_is_counted_names_the_fault_too():
    base = deduct("a", 100, 1, evidence_required=True, unit_label="văn bản chậm")
    assert R.PUNISHED_TWICE in base_and_minus("Tham mưu văn bản", "Văn bản tham mưu quá hạn", base)


def test_two_minus_items_punish_one_deed():
    found = minus(
        named(counting("f", 5, 1), "Báo cáo quý chậm"),
        named(counting("g", 5, 1), "Chậm báo cáo"),
        named(counting("h", 5, 1), "Vắng họp"),
    )()
    assert [(each.rule, each.node, each.others) for each in found] == [
        (R.PUNISHED_TWICE, "f", ("g",))
    ]


def test_near_duplicates_within_a_section_are_only_noted():
    found = checked(
        section(
            "E",
            "BASE",
            named(direct("e", 4), "Tỷ lệ hộ nghèo giảm trong năm"),
            named(direct("h", 4), "Tỷ lệ hộ cận nghèo giảm trong năm"),
            named(direct("i", 4), "Nhiệm vụ chuyên môn số 1 của đơn vị"),
            named(direct("j", 4), "Nhiệm vụ chuyên môn số 2 của đơn vị"),
        )
    )()
    near = [each for each in found if each.rule is R.NEAR_DUPLICATE]
    assert [(each.severity, each.node, each.others) for each in near] == [(NOTE, "e", ("h",))]


def test_parts_are_compared_with_what_they_belong_to():
    def parts(title: str, one: str, two: str) -> CriterionRules:
        a, b = (named(direct(f"{title}{i}", 5), words) for i, words in enumerate((one, two)))
        return named(whole(title, 10, a, b), title)

    apart = plus(parts("Họp", "Đủ", "Có kết luận"), parts("Tập huấn", "Đủ", "Có tài liệu"))()
    assert apart == []
    (alike,) = plus(parts("Họp", "Đủ", "đủ"))()
    assert (alike.rule, alike.place) == (R.DUPLICATE, "Tiêu chí Họp0, Họp1")
    (tops,) = plus(replace(parts("Họp", "Đủ", "Có kết luận")), _again(parts("Họp", "Đủ", "Khác")))()
    assert (tops.rule, tops.others) == (R.DUPLICATE, ("Họp'",))


def _again(rule: CriterionRules) -> CriterionRules:
    parts = tuple(replace(part, code=f"{part.code}'") for part in rule.parts)
    return replace(rule, code=f"{rule.code}'", parts=parts)


def test_three_of_a_kind_are_one_finding():
    same = [named(direct(code, 1), "Mô hình mới") for code in "egh"]
    (finding,) = plus(*same)()
    assert (finding.place, finding.others) == ("Tiêu chí e, g, h", ("g", "h"))


SUBJECTS = (
    *("kế hoạch", "báo cáo", "kiểm tra", "giám sát", "tuyên truyền", "khen thưởng", "đào tạo"),
    *("chuyển đổi số", "cải cách hành chính", "dân vận", "tiếp công dân", "phòng cháy", "y tế"),
)
DEEDS = (
    *("Xây dựng và ban hành", "Tổ chức thực hiện", "Tham mưu cho cấp ủy về", "Sơ kết, tổng kết"),
    *("Công khai kết quả", "Phối hợp các đơn vị trong", "Bố trí kinh phí cho", "Đổi mới nội dung"),
)


def test_three_hundred_criteria_are_compared():
    titles = [f"{deed} {subject} đúng hạn" for deed in DEEDS for subject in SUBJECTS]
    nodes = [
        named(deduct(f"c{i}", 10, 1, not_applicable=NotApplicable.FULL), titles[i % len(titles)])
        for i in range(300)
    ]
    table = rubric(
        section("A", "BASE", *nodes[:150]),
        section("E", "PLUS", *(replace(node, kind=CriterionKind.COUNT) for node in nodes[150:220])),
        section("F", "MINUS", *(replace(node, kind=CriterionKind.COUNT) for node in nodes[220:])),
        grades=BANDS,
    )
    assert lint(table)
