"""Awards: quotas in order, open places, ties across a line, decisions."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules.awards import AwardDecision, AwardFacts, AwardQuota, places_of, propose
from scoring.rules.enums import GroundEffect, SanctionEffect
from scoring.rules.grounds import Ground, GroundFact
from scoring.rules.numbers import InputError
from scoring.rules.ranking import RankingSettings, rank
from scoring.rules.sheet import TriggeredSanction

from .tables import BANDS, D, unit

FLAG = AwardQuota(award="FLAG", label="Cờ", max_count=1, worst_rank=1)
SECOND = AwardQuota(award="SECOND", label="Cờ tỉnh", max_count=1, worst_rank=2)
MERIT = AwardQuota(award="MERIT", label="Bằng khen", max_count=2)


def table(*units, tie_breaks=(), grades=BANDS):
    return rank(units, RankingSettings(scale_max=D(100), grades=grades, tie_breaks=tie_breaks))


def ladder(*totals):
    return table(*(unit(i, total) for i, total in enumerate(totals, 1)))


def given_to(report):
    return {each.key: each.award for each in report.proposals}


class TestWalk:
    def test_awards_go_down_the_ranks(self):
        report = propose(ladder(95, 90, 85, 80, 75), [FLAG, SECOND, MERIT], {})
        assert given_to(report) == {1: "FLAG", 2: "SECOND", 3: "MERIT", 4: "MERIT"}
        assert report.proposals[0].reason == "Hạng 1 trên 5, xếp loại Xuất sắc, 95,00 điểm."
        json.dumps(report.to_json())

    def test_places_by_count_and_share(self):
        share = replace(MERIT, max_share=D("0.25"))
        assert [places_of(share, n) for n in (3, 4, 8, 40)] == [0, 1, 2, 2]
        assert places_of(replace(MERIT, max_count=None), 7) == 7

    def test_a_share_of_less_than_one_is_warned_about(self):
        quota = replace(MERIT, max_count=None, max_share=D("0.25"))
        report = propose(ladder(95, 90, 85), [quota], {})
        assert report.proposals == ()
        assert report.warnings == ("Bằng khen: 25% của 3 đơn vị chưa đủ 1 suất.",)

    def test_more_awards_than_units_is_warned_about(self):
        report = propose(ladder(95, 90), [FLAG, MERIT], {})
        assert report.warnings == (
            "Tổng số suất khen thưởng (3) nhiều hơn số đơn vị xếp hạng (2).",
        )
        assert given_to(report) == {1: "FLAG", 2: "MERIT"}
        (place,) = report.open_places
        assert (place.award, place.count, place.keys) == ("MERIT", 1, ())

    def test_units_below_the_worst_rank_are_not_reached(self):
        report = propose(ladder(95, 90, 85), [replace(MERIT, max_count=3, worst_rank=2)], {})
        assert given_to(report) == {1: "MERIT", 2: "MERIT"}
        assert report.open_places[0].count == 1

    def test_unscored_and_excluded_units_get_nothing(self):
        out = unit(1, 99, grounds=(GroundFact(Ground.NO_SHEET, "x"),))
        report = propose(table(out, unit(2, None, missing=1), unit(3, 90)), [FLAG, SECOND], {})
        assert given_to(report) == {3: "FLAG"}


class TestConditions:
    def failing(self, quota, standing, facts=None):
        report = propose(table(standing, unit(2, 70)), [quota], {1: facts or AwardFacts()})
        assert 1 not in given_to(report)
        return report.open_places[0].reason

    def test_each_condition_leaves_its_place_open(self):
        quota = replace(FLAG, lowest_grade="Tốt")
        low = unit(1, 79)
        assert "xếp loại Khá, cần từ Tốt" in self.failing(quota, low)
        assert "79,00 điểm, cần từ 80 điểm" in self.failing(replace(FLAG, lowest_total=D(80)), low)
        assert "chưa ký giao ước" in self.failing(replace(FLAG, needs=("pledge_signed",)), low)
        sanctioned = unit(1, 95, sanctions=(TriggeredSanction("F", "x", SanctionEffect.NOT_ABOVE),))
        reason = self.failing(replace(FLAG, needs=("no_sanction",)), sanctioned)
        assert "khống chế xếp loại" in reason
        denied = AwardFacts(confirmed={"FLAG": False})
        reason = self.failing(replace(FLAG, extra_condition="mô hình mới"), low, denied)
        assert "không đạt điều kiện “mô hình mới”" in reason
        inspected = unit(1, 95, grounds=(GroundFact(Ground.UNDER_INSPECTION, "x"),))
        assert "không xét khen thưởng" in self.failing(FLAG, inspected)

    def test_conditions_that_are_met_stop_nobody(self):
        quota = replace(
            FLAG,
            lowest_grade="Tốt",
            lowest_total=D(80),
            needs=("pledge_signed", "no_sanction"),
            extra_condition="mô hình mới",
        )
        met = AwardFacts({"pledge_signed": True}, {"FLAG": True})
        report = propose(ladder(80, 70), [quota], {1: met})
        assert given_to(report) == {1: "FLAG"}
        assert report.proposals[0].pending == ""

    def test_an_unconfirmed_condition_waits_and_holds_the_place(self):
        quota = replace(FLAG, extra_condition="mô hình mới")
        report = propose(ladder(95, 90), [quota, SECOND], {})
        assert given_to(report) == {1: "FLAG", 2: "SECOND"}
        assert report.proposals[0].pending == "chờ xác nhận điều kiện “mô hình mới”"

    def test_a_ground_that_needs_a_decision_marks_the_proposal(self):
        young = unit(1, 95, grounds=(GroundFact(Ground.TOO_SHORT, "4 tháng"),))
        report = propose(table(young), [FLAG], {})
        assert report.proposals[0].pending.startswith("chờ quyết định: Thời gian")

    def test_a_waiting_grade_marks_the_proposal(self):
        bands = (replace(BANDS[0], max_share_of_units=D("0.5")), *BANDS[1:])
        ranking = table(unit(1, 95), unit(2, 95), unit(3, 95), grades=bands)
        report = propose(ranking, [replace(MERIT, max_count=3, lowest_grade="Xuất sắc")], {})
        assert all(each.pending.startswith("Chờ quyết định") for each in report.proposals)
        assert len(report.proposals) == 3


class TestOpenPlaces:
    NEEDS = replace(MERIT, needs=("pledge_signed",))

    def signed(self, *keys):
        return {key: AwardFacts({"pledge_signed": True}) for key in keys}

    def test_nobody_moves_up(self):
        report = propose(ladder(95, 90, 85), [self.NEEDS], self.signed(2, 3))
        assert given_to(report) == {2: "MERIT"}
        (place,) = report.open_places
        assert (place.count, place.keys) == (1, (1,))

    def test_a_decision_moves_a_unit_up(self):
        decision = AwardDecision("MERIT", 3, True, "hội nghị thống nhất")
        report = propose(ladder(95, 90, 85), [self.NEEDS], self.signed(2, 3), [decision])
        assert given_to(report) == {2: "MERIT", 3: "MERIT"}
        assert report.open_places == ()
        assert "theo quyết định: hội nghị thống nhất" in report.proposals[-1].reason

    def test_a_decision_without_a_place_is_warned_about(self):
        decision = AwardDecision("FLAG", 2, True, "x")
        report = propose(ladder(95, 90), [FLAG], {}, [decision])
        assert given_to(report) == {1: "FLAG"}
        assert report.warnings == ("Cờ: không còn suất để chuyển.",)

    def test_a_failing_unit_is_considered_for_the_next_award(self):
        report = propose(ladder(95, 90), [replace(FLAG, needs=("x",)), SECOND], {})
        assert given_to(report) == {1: "SECOND"}

    def test_a_refusal_leaves_the_place_open(self):
        decision = AwardDecision("FLAG", 1, False, "đơn vị xin rút")
        report = propose(ladder(95, 90), [FLAG, SECOND], {}, [decision])
        assert given_to(report) == {1: "SECOND"}
        assert "đơn vị xin rút" in report.open_places[0].reason

    def test_within_one_rank_the_unit_that_meets_the_conditions_is_proposed(self):
        ranking = table(unit(1, 95), unit(2, 95))
        report = propose(ranking, [replace(self.NEEDS, max_count=1)], self.signed(2))
        assert given_to(report) == {2: "MERIT"}
        assert (report.open_places, report.ties) == ((), ())

    def test_a_decision_takes_one_of_several_places_left_open(self):
        decision = AwardDecision("MERIT", 3, True, "x")
        report = propose(ladder(95, 90, 85), [self.NEEDS], {}, [decision])
        assert given_to(report) == {3: "MERIT"}
        assert [place.count for place in report.open_places] == [1]

    @pytest.mark.parametrize(("places", "left"), [(3, [1]), (4, [2])])
    def test_a_decision_takes_one_of_the_places_nobody_reached(self, places, left):
        quota = replace(MERIT, max_count=places, worst_rank=1)
        decision = AwardDecision("MERIT", 3, True, "x")
        report = propose(ladder(95, 90, 85, 80), [quota], {}, [decision])
        assert given_to(report) == {1: "MERIT", 3: "MERIT"}
        assert [place.count for place in report.open_places] == left

    @pytest.mark.parametrize("wrong", [{"max_count": -1}, {"max_share": D("1.01")}])
    def test_an_impossible_quota_is_refused(self, wrong):
        with pytest.raises(InputError):
            replace(FLAG, **wrong)

    def test_a_decision_needs_a_reason(self):
        with pytest.raises(InputError):
            AwardDecision("FLAG", 1, True, "")


class TestTies:
    def test_a_tie_across_the_line_is_never_cut(self):
        report = propose(table(unit(1, 95), unit(2, 95), unit(3, 90)), [FLAG], {})
        assert report.proposals == ()
        (tie,) = report.ties
        assert (tie.award, tie.keys, tie.places) == ("FLAG", (1, 2), 1)
        assert tie.text == "2 đơn vị cùng hạng 1, còn 1 suất Cờ. Chờ quyết định."

    def test_the_places_below_are_kept_for_those_who_will_come_down(self):
        ranking = table(unit(1, 95), unit(2, 95), unit(3, 90), unit(4, 85))
        report = propose(ranking, [FLAG, SECOND, MERIT], {})
        assert given_to(report) == {3: "MERIT", 4: "MERIT"}
        assert [(tie.award, tie.places) for tie in report.ties] == [("FLAG", 1), ("SECOND", 1)]

    def test_what_one_award_cannot_hold_comes_down_further(self):
        ranking = table(unit(1, 95), unit(2, 95), unit(3, 95), unit(4, 85))
        report = propose(ranking, [FLAG, SECOND, MERIT], {})
        assert [(tie.award, tie.places) for tie in report.ties] == [
            ("FLAG", 1),
            ("SECOND", 1),
            ("MERIT", 1),
        ]
        assert given_to(report) == {4: "MERIT"}

    def test_a_decision_settles_the_tie(self):
        decision = AwardDecision("FLAG", 2, True, "biểu quyết")
        ranking = table(unit(1, 95), unit(2, 95), unit(3, 90))
        report = propose(ranking, [FLAG, SECOND, MERIT], {}, [decision])
        assert given_to(report) == {2: "FLAG", 1: "SECOND", 3: "MERIT"}
        assert report.ties == ()

    def test_too_many_decisions_settle_nothing(self):
        decisions = [AwardDecision("FLAG", key, True, "x") for key in (1, 2)]
        report = propose(table(unit(1, 95), unit(2, 95)), [FLAG], {}, decisions)
        assert report.proposals == ()
        assert report.ties[0].keys == (1, 2)

    def test_refusals_may_settle_it_too(self):
        decision = AwardDecision("FLAG", 1, False, "x")
        report = propose(table(unit(1, 95), unit(2, 95)), [FLAG], {}, [decision])
        assert given_to(report) == {2: "FLAG"}

    def test_a_tie_waiting_for_a_ballot_may_cross_the_worst_rank(self):
        ranking = table(unit(1, 95), unit(2, 95), tie_breaks=("ballot",))
        report = propose(ranking, [replace(FLAG, max_count=2)], {})
        assert report.proposals == ()
        assert report.ties[0].text.endswith("Chờ kết quả bỏ phiếu.")

    def test_a_waiting_tie_that_fits_is_proposed(self):
        ranking = table(unit(1, 95), unit(2, 95), tie_breaks=("ballot",))
        assert len(propose(ranking, [MERIT], {}).proposals) == 2

    def test_a_shared_rank_within_the_worst_rank_is_proposed(self):
        ranking = table(unit(1, 95), unit(2, 95))
        assert len(propose(ranking, [replace(FLAG, max_count=2)], {}).proposals) == 2


quota_counts = st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(1, 6)))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(90, 93), st.booleans()), max_size=8),
    st.lists(quota_counts, min_size=1, max_size=3),
    st.randoms(use_true_random=False),
)
def test_quotas_hold_nobody_overtakes_and_order_is_nothing(rows, counts, random):
    units = [unit(i, total) for i, (total, _) in enumerate(rows)]
    facts = {i: AwardFacts({"pledge_signed": ok}) for i, (_, ok) in enumerate(rows)}
    quotas = [
        AwardQuota(award=f"Q{i}", label="x", max_count=n, worst_rank=w, needs=("pledge_signed",))
        for i, (n, w) in enumerate(counts)
    ]
    ranking = table(*units)
    report = propose(ranking, quotas, facts)
    assert report == propose(table(*random.sample(units, len(units))), quotas, facts)
    assert len({each.key for each in report.proposals}) == len(report.proposals)
    for quota in quotas:
        own = [each for each in report.proposals if each.award == quota.award]
        waiting = sum(tie.places for tie in report.ties if tie.award == quota.award)
        free = sum(place.count for place in report.open_places if place.award == quota.award)
        assert len(own) + waiting + free == places_of(quota, len(units))
        for each in own:
            row = ranking.row(each.key)
            assert facts[each.key].conditions["pledge_signed"]
            assert quota.worst_rank is None or row.rank <= quota.worst_rank


class TestWords:
    """What the record of an award says, word for word."""

    def test_a_tied_unit_is_proposed_as_such(self):
        report = propose(ladder(95, 95), [replace(MERIT, label="Bằng khen")], {})
        first = report.proposals[0]
        assert first.reason == "Hạng 1 trên 2 (đồng hạng), xếp loại Xuất sắc, 95,00 điểm."
        assert (first.label, first.pending) == ("Bằng khen", "")

    def test_without_grades_the_reason_names_none(self):
        ranking = table(unit(1, 95), grades=())
        (first,) = propose(ranking, [FLAG], {}).proposals
        assert first.reason == "Hạng 1 trên 1, 95,00 điểm."

    def test_what_is_pending_and_failing_is_listed(self):
        quota = replace(FLAG, extra_condition="có mô hình mới")
        grounds = (GroundFact(Ground.OTHER, "đang xem xét", GroundEffect.NEEDS_DECISION),)
        (pending,) = propose(table(unit(1, 95, grounds=grounds)), [quota], {}).proposals
        assert pending.pending.startswith("chờ quyết định: ")
        assert pending.pending.endswith("; chờ xác nhận điều kiện “có mô hình mới”")
        strict = replace(
            MERIT, lowest_total=D(99), needs=("pledge_signed", "x"), lowest_grade="Xuất sắc"
        )
        (place,) = propose(table(unit(1, 70), unit(2, 70)), [strict], {}).open_places
        lacks = (
            "hạng 1: xếp loại Khá, cần từ Xuất sắc, 70,00 điểm, cần từ 99 điểm, "
            "chưa ký giao ước thi đua, chưa đạt điều kiện “x”"
        )
        assert (place.label, place.count, place.keys) == ("Bằng khen", 2, (1, 2))
        assert place.reason == f"Để trống 2 suất ({lacks}; {lacks})."

    def test_an_unlimited_award_leaves_no_place_open(self):
        free = AwardQuota(award="FREE", label="Khen", worst_rank=1)
        assert propose(ladder(95, 90), [free], {}).open_places == ()
        by_share = replace(free, max_share=D(1))
        (place,) = propose(ladder(95, 90), [by_share], {}).open_places
        assert (place.count, place.reason) == (1, "Còn 1 suất không có đơn vị đạt thứ hạng.")

    def test_a_tie_names_the_award_and_what_it_waits_for(self):
        ranking = table(unit(1, 95), unit(2, 95), unit(3, 90), tie_breaks=("ballot",))
        report = propose(ranking, [FLAG, replace(SECOND, worst_rank=3, max_count=2)], {})
        flag, second = report.ties
        waits = ranking.row(1).tie_pending
        assert (flag.label, flag.places) == ("Cờ", 1)
        assert flag.text == f"2 đơn vị cùng hạng 1, còn 1 suất Cờ. {waits}"
        assert (second.label, second.places) == ("Cờ tỉnh", 1)
        assert second.text == "Giữ 1 suất Cờ tỉnh chờ kết quả phân định hạng 1."
        assert given_to(report) == {3: "SECOND"}

    def test_places_left_open_twice_are_passed_on_one_by_one(self):
        strict = replace(MERIT, max_count=3, lowest_total=D(90))
        ranking = ladder(95, 80, 70, 60)
        decisions = [
            AwardDecision("MERIT", 3, True, "thành tích đột xuất"),
            AwardDecision("MERIT", 4, True, "thành tích đột xuất"),
        ]
        report = propose(ranking, [strict], {}, decisions)
        assert given_to(report) == {1: "MERIT", 3: "MERIT", 4: "MERIT"}
        assert report.open_places == ()
        third = next(each for each in report.proposals if each.key == 3)
        assert third.reason.endswith("; theo quyết định: thành tích đột xuất.")
