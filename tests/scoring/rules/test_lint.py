"""The check of a rubric: every rule with a table that breaks it and one that keeps it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import emulation.management.demo
from scoring.rules.enums import Severity
from scoring.rules.lint import Finding, LintRule, errors, lint, unreadable
from scoring.rules.rubric import (
    GradeBand,
    Level,
    RubricError,
    RubricRules,
    SectionFloor,
    from_document,
)

from .lint_tables import Found, checked, floors, grouped, in_year, minus, named, plus
from .tables import (
    BANDS,
    D,
    choice,
    counting,
    deduct,
    direct,
    party_agencies,
    ratio,
    rubric,
    section,
    whole,
)

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
R = LintRule
HERE = Path(__file__).parent
DEMO = Path(emulation.management.demo.__file__).parent


def unread() -> list[Finding]:
    with pytest.raises(RubricError) as caught:
        direct("a", 5, per=D(1))
    return [unreadable(caught.value)]


REPORT = named(deduct("a", 100, 1, evidence_required=True), "Báo cáo đủ, đúng hạn, đúng mẫu")
LATE = named(counting("f", 5, 1), "Báo cáo chậm")
IDEA = "Sáng kiến được công nhận cấp tỉnh"

# rule: severity, place, node, what the message says, a table that breaks it, one that keeps it.
CASES: dict[LintRule, tuple[Severity, str, str, str, Found, Found]] = {
    R.UNREADABLE: (ERROR, "Tiêu chí a", "", "kiểu đếm", unread, checked()),
    R.SECTIONS_SUM: (
        *(ERROR, "Bảng chấm điểm", "", "cộng lại 100 điểm, thang điểm là 90"),
        checked(scale_max=D(90)),
        checked(scale_max=D(100)),
    ),
    R.CRITERIA_SUM: (
        *(ERROR, "Phần B", "B", "cộng lại 4,5 điểm, phần ghi 5"),
        checked(section("B", "BASE", direct("b", "4.5"), maximum=5)),
        checked(section("B", "BASE", direct("b", 5), maximum=5)),
    ),
    R.PARTS_SUM: (
        *(ERROR, "Tiêu chí a", "a", "Các ý cộng lại 90 điểm, tiêu chí ghi 100"),
        checked(base=whole("a", 100, direct("x", 40), direct("y", 50))),
        checked(base=whole("a", 100, direct("x", 50), direct("y", 50))),
    ),
    R.PRINTED_MAX: (
        *(ERROR, "Tiêu chí f", "f", "in tối đa 3 điểm, cách chấm cho đến 6 điểm"),
        minus(counting("f", 6, 3, printed_max=D(3))),
        minus(counting("f", 6, 3, printed_max=D("6.00"))),
    ),
    R.DEDUCT_OUTSIDE_BASE: (
        *(ERROR, "Tiêu chí x", "x", "chỉ dùng trong phần điểm nội dung"),
        plus(whole("e", 5, deduct("x", 5, 1))),
        checked(base=deduct("a", 100, 1)),
    ),
    R.MIXED_GROUP: (
        *(ERROR, "Nhóm g", "", "vừa có điểm cộng vừa có điểm trừ: e, f."),
        checked(
            section("E", "PLUS", grouped(direct("e", 5))),
            section("F", "MINUS", grouped(counting("f", 5, 1))),
        ),
        minus(
            grouped(counting("f", 5, 1)), base=grouped(deduct("a", 100, 1, evidence_required=True))
        ),
    ),
    R.TIE_BREAK_NAMES_NOTHING: (
        *(ERROR, "Quy tắc phân hạng thứ 2", "", "không có phần Z"),
        checked(tie_breaks=("section:A:desc", "section:Z:desc")),
        checked(tie_breaks=("section:A:desc", "base:desc", "ballot", "head", "share")),
    ),
    R.NO_GRADES: (ERROR, "Xếp loại", "", "Chưa có mức", checked(grades=()), checked()),
    R.GRADE_BOUNDS: (
        *(ERROR, "Xếp loại", "", "khác nhau và giảm dần, đang là 90, 90, 0"),
        checked(grades=(BANDS[0], replace(BANDS[1], lower_bound=D(90)), BANDS[3])),
        checked(grades=(BANDS[0], BANDS[1], BANDS[3])),
    ),
    R.LOWEST_GRADE: (
        *(ERROR, "Xếp loại", "", "đang từ 80"),
        checked(grades=BANDS[:2]),
        checked(grades=BANDS),
    ),
    R.FLOOR_NAMES_NOTHING: (
        *(ERROR, "Mức Xuất sắc, điều kiện về phần Z", "", "Không có phần Z"),
        floors(SectionFloor("Z", D("0.5"))),
        floors(SectionFloor("A", D("0.5"))),
    ),
    R.FLOOR_WITHOUT_THRESHOLD: (
        *(ERROR, "Mức Xuất sắc, điều kiện về phần A", "A", "không nêu ngưỡng"),
        floors(SectionFloor("A", None)),
        floors(SectionFloor("A", D(0))),
    ),
    R.GRADE_OUT_OF_REACH: (
        *(WARNING, "Xếp loại Xuất sắc", "", "Cần từ 90 điểm, tổng điểm cao nhất là 89"),
        checked(ceiling=D(89)),
        checked(ceiling=D(90)),
    ),
    R.MAX_OUT_OF_REACH: (
        *(WARNING, "Tiêu chí e", "e", "cao nhất 3 điểm, tiêu chí ghi 4"),
        plus(replace(choice("e", (3,), (0,)), max_points=D(4))),
        plus(choice("e", (4,), (0,))),
    ),
    R.CASE_POINTS: (
        *(WARNING, "Tiêu chí e", "e", "Mỗi trường hợp 5 điểm, tối đa 3"),
        plus(counting("e", 3, 5)),
        plus(counting("e", 5, 5)),
    ),
    R.LADDER_FALLS: (
        *(WARNING, "Tiêu chí e", "e", "Từ 90% được 2 điểm, ít hơn mức từ 50% (4 điểm)"),
        plus(ratio("e", 4, ladder=[("0.9", 2), ("0.5", 4)])),
        plus(ratio("e", 4, ladder=[("0.9", 4), ("0.5", 2)])),
    ),
    R.LEVEL_TWICE: (
        *(WARNING, "Tiêu chí e", "e", "hai mức cùng tên “Tốt”"),
        plus(replace(choice("e", (4,)), levels=(Level("Tốt", D(4)), Level("tốt ", D(2))))),
        plus(replace(choice("e", (4,)), levels=(Level("Tốt", D(4)), Level("Khá", D(2))))),
    ),
    R.CAP_IDLE: (
        *(WARNING, "Phần E", "E", "cộng lại 4 điểm, tối đa ghi 5"),
        plus(counting("e", 4, 2), maximum=5),
        plus(counting("e", 4, 2), maximum=4),
    ),
    R.GROUP_OF_ONE: (
        *(WARNING, "Tiêu chí e", "e", "Nhóm “g” chỉ có một tiêu chí"),
        plus(grouped(direct("e", 4))),
        plus(grouped(direct("e", 4)), grouped(direct("h", 4))),
    ),
    R.DUPLICATE: (
        *(WARNING, "Tiêu chí e, h", "e", "e “Mô hình mới” (cộng tối đa 4 điểm); h “Mo hinh MỚI”"),
        plus(named(direct("e", 4), "Mô hình mới"), named(direct("h", 3), "Mo hinh MỚI")),
        plus(named(direct("e", 4), "Mô hình mới"), named(direct("h", 3), "Mô hình cũ")),
    ),
    R.NEAR_DUPLICATE: (
        *(
            WARNING,
            "Tiêu chí a, b",
            "a",
            "Gần giống nhau: a “Thực hiện quy chế dân chủ” (100 điểm)",
        ),
        checked(
            section("B", "BASE", named(direct("b"), "Thực hiện tốt quy chế dân chủ ở cơ quan")),
            base=named(direct("a"), "Thực hiện quy chế dân chủ"),
        ),
        checked(
            section("B", "BASE", named(direct("b"), "Thực hiện quy chế chi tiêu nội bộ")),
            base=named(direct("a"), "Thực hiện quy chế dân chủ"),
        ),
    ),
    R.PUNISHED_TWICE: (
        *(WARNING, "Tiêu chí a, f", "a", "Một việc có thể bị trừ hai lần: a “Báo cáo đủ"),
        minus(LATE, base=REPORT),
        minus(grouped(LATE), base=grouped(REPORT)),
    ),
    R.REWARDED_TWICE: (
        *(WARNING, "Tiêu chí e, h", "e", "Một việc có thể được cộng hai lần"),
        plus(named(direct("e", 4), IDEA), named(direct("h", 2), f"Có {IDEA.lower()} trở lên")),
        plus(named(direct("e", 4), IDEA), named(direct("h", 2), "Mô hình mới cấp tỉnh")),
    ),
    R.AWARDS_ABOVE_MEMBERS: (
        *(WARNING, "Khen thưởng", "", "suất khen thưởng là 4, Khối có 3 đơn vị"),
        in_year(awards=4, members=3),
        in_year(awards=3, members=3),
    ),
    R.NO_DEADLINE: (
        *(WARNING, "Hạn nộp", "", "chưa có hạn nộp"),
        in_year(has_deadline=False),
        in_year(awards=None, members=3),
    ),
    R.ITEMS_ABOVE_CAP: (
        *(NOTE, "Phần E", "E", "cộng lại 9 điểm, tính tối đa 8"),
        plus(direct("e", 5), direct("h", 4), maximum=8),
        plus(direct("e", 4), direct("h", 4), maximum=8),
    ),
    R.NO_EVIDENCE_RULE: (
        *(NOTE, "Bảng chấm điểm", "", "1 trên 1 tiêu chí điểm nội dung không nêu minh chứng: a."),
        checked(base=direct("a")),
        checked(base=whole("a", 100, direct("x", evidence_hint="Báo cáo năm"))),
    ),
}


def test_every_rule_has_its_cases():
    assert set(CASES) == set(LintRule)


@pytest.mark.parametrize("rule", LintRule)
def test_a_rule_finds_what_breaks_it(rule):
    severity, place, node, message, breaks, keeps = CASES[rule]
    (finding,) = [each for each in breaks() if each.rule is rule]
    assert (finding.severity, finding.place, finding.node) == (severity, place, node)
    assert message in finding.message
    assert finding.advice.endswith(".")
    assert finding.key == f"{rule.value}:{place}"
    assert rule not in {each.rule for each in keeps()}


@pytest.mark.parametrize(
    "rule", [each for each in LintRule if each not in {R.NO_EVIDENCE_RULE, R.UNREADABLE}]
)
def test_a_broken_rule_is_the_only_error(rule):
    severity, *_, breaks, _keeps = CASES[rule]
    found = [each.rule for each in breaks() if each.severity is ERROR]
    extra = {R.SECTIONS_SUM} if rule in {R.CRITERIA_SUM, R.NEAR_DUPLICATE} else set()
    assert set(found) - extra == ({rule} if severity is ERROR else set())


# ---------------------------------------------------------------- whole tables


def words(findings: list[Finding]) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    return [
        (each.severity.value, each.place, each.message, each.node, each.others) for each in findings
    ]


def thanh_hoa() -> RubricRules:
    text = (HERE / "thanh_hoa_commune.json").read_text(encoding="utf-8")
    return from_document(json.loads(text))


def test_the_draft_of_thanh_hoa_shows_its_real_faults():
    twice = "Một việc có thể bị trừ hai lần: "
    floor = "Điều kiện về phần V (Đổi mới, mô hình mới) không nêu ngưỡng."
    assert words(lint(thanh_hoa())) == [
        *[
            (
                *("error", "Tiêu chí IX.6"),
                "Văn bản in tối đa 3 điểm, cách chấm cho đến 6 điểm.",
                *("IX.6", ()),
            ),
            ("error", "Mức Xuất sắc, điều kiện về phần V", floor, "V", ()),
            ("error", "Mức Tốt, điều kiện về phần V", floor, "V", ()),
            (
                "warning",
                "Tiêu chí I.3, IX.1",
                (
                    f"{twice}I.3 “Nghị quyết đúng pháp luật” (6 điểm); "
                    "IX.1 “Nghị quyết trái pháp luật” (trừ tối đa 5 điểm)."
                ),
                "I.3",
                ("IX.1",),
            ),
            (
                "warning",
                "Tiêu chí VII.1, IX.3",
                (
                    f"{twice}VII.1 “Báo cáo đủ, đúng hạn, đúng mẫu” (3 điểm); "
                    "IX.3 “Báo cáo chậm” (trừ tối đa 5 điểm)."
                ),
                "VII.1",
                ("IX.3",),
            ),
            (
                "warning",
                "Tiêu chí III.2, IX.5",
                (
                    f"{twice}III.2 “Kiến nghị được trả lời đúng hạn” (6 điểm); "
                    "IX.5 “Kiến nghị quá hạn” (trừ tối đa 5 điểm)."
                ),
                "III.2",
                ("IX.5",),
            ),
            ("note", "Phần IX", "Các mục cộng lại 54 điểm, tính tối đa 20.", "IX", ()),
            (
                "note",
                "Bảng chấm điểm",
                (
                    "21 trên 22 tiêu chí điểm nội dung không nêu minh chứng: I.1, I.2, I.3, I.4, "
                    "II.1, II.2, II.3, II.4, III.1, III.2, III.3, III.4, IV.1, IV.2, IV.3, V.2, "
                    "VI.1, VI.2, VI.3, VII.1, VII.2."
                ),
                "",
                (),
            ),
        ]
    ]


def test_the_example_tables_have_no_fault():
    text = (DEMO / "party_agencies.json").read_text(encoding="utf-8")
    for table in (from_document(json.loads(text)), party_agencies()):
        assert [each.rule for each in lint(table)] == [R.NO_EVIDENCE_RULE]
        assert errors(table) == []


def test_a_thoroughly_broken_table():
    broken = rubric(
        section("A", "BASE", direct("a", 40), maximum=50),
        section("E", "PLUS", deduct("e", 5, 1), direct("p", 5)),
        tie_breaks=("section:Z:desc", "minus:asc"),
        grades=(
            GradeBand(
                name="Tốt",
                lower_bound=D(50),
                section_floors=(SectionFloor("Y", D(1)), SectionFloor("A", None)),
            ),
            GradeBand(name="Khá", lower_bound=D(60)),
        ),
    )
    found = [(each.place, each.message) for each in lint(broken) if each.severity is ERROR]
    assert found == [
        ("Bảng chấm điểm", "Các phần cộng lại 50 điểm, thang điểm là 100."),
        ("Phần A", "Các tiêu chí cộng lại 40 điểm, phần ghi 50."),
        ("Tiêu chí e", "Kiểu trừ dần chỉ dùng trong phần điểm nội dung."),
        ("Quy tắc phân hạng thứ 1", "“Điểm phần Z”: không có phần Z."),
        ("Quy tắc phân hạng thứ 2", "“Điểm trừ”: bảng không có phần nào như vậy."),
        ("Xếp loại", "Mốc điểm của các mức phải khác nhau và giảm dần, đang là 50, 60."),
        ("Xếp loại", "Mức thấp nhất phải từ 0 điểm, đang từ 60."),
        ("Mức Tốt, điều kiện về phần Y", "Không có phần Y."),
        ("Mức Tốt, điều kiện về phần A", "Điều kiện về phần A (Phần A) không nêu ngưỡng."),
    ]
    assert len({each.key for each in lint(broken)}) == len(lint(broken))
