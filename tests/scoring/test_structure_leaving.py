"""What a person reads before a member leaves or a unit joins, and what a newcomer is given."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from blocs.enums import YearStatus
from blocs.models import Deadline, Membership, StructureChange, Succession, Unit
from blocs.services.members import add_member
from blocs.slots import Turnover
from emulation import clock
from emulation.access import Refused
from emulation.vietnamese import format_date
from scoring.consequences import joining, leaving, reckoning
from scoring.models import AwardQuota, Ballot, BallotVote, Explanation, ScoreSheet, SheetTransition
from scoring.services.cross_checks import assign_cross_check
from scoring.services.disputes import raise_dispute
from scoring.services.sheet_opening import open_newcomers_sheet
from tests.factories import UnitFactory, World, make_membership, make_world
from tests.scoring.appraisal.builders import asked, submitted_scene
from tests.scoring.builders import fill, hand_in, make_scoring_world, sheet_of
from tests.scoring.results.builders import Points, adopt, make_quotas, tabled_world

pytestmark = pytest.mark.django_db


def yesterday() -> dt.date:
    return clock.today() - dt.timedelta(days=1)


def due(world: World) -> str:
    return format_date(Deadline.objects.get(bloc_year=world.bloc_year).due_on)


def base(before: int, after: int, turns: str = "còn") -> str:
    return f"Cơ sở tính tỷ lệ chỉ tiêu khen thưởng của Khối từ {before} {turns} {after} đơn vị."


def left(membership: Membership, last_day: dt.date) -> list[str]:
    """What all of it means when this member alone leaves."""
    return list(reckoning(Turnover(membership.bloc_year, leaving=((membership, last_day),))))


# ---------------------------------------------------------------- the sheet


def test_a_submitted_sheet_is_kept_and_the_base_shrinks() -> None:
    world = make_scoring_world(12)
    hand_in(world, 3)
    assert list(leaving(world.memberships[3], yesterday())) == [
        (
            f"Bảng tự chấm điểm nộp ngày {format_date(clock.today())} được giữ nguyên, không xếp "
            f"hạng vì đơn vị rời Khối trước hạn tự chấm điểm {due(world)}."
        ),
    ]
    assert left(world.memberships[3], yesterday()) == [base(12, 11)]


def test_a_sheet_in_work_and_one_not_begun_are_told_apart() -> None:
    world = make_scoring_world(3)
    fill(world, 1)
    why = f"được giữ nguyên, không xếp hạng vì đơn vị rời Khối trước hạn tự chấm điểm {due(world)}."
    in_work, untouched = (next(iter(leaving(world.memberships[n], yesterday()))) for n in (1, 2))
    assert in_work == f"Bảng tự chấm điểm đang nhập {why}"
    assert untouched == f"Bảng tự chấm điểm chưa nhập {why}"


def test_before_sheets_are_opened_there_is_nothing_to_keep() -> None:
    world = make_world(3, status=YearStatus.RUNNING, year=2026)
    (first,) = leaving(world.memberships[2], dt.date(2026, 6, 30))
    assert first == (
        "Đơn vị không chấm điểm, không xếp hạng vì rời Khối trước hạn tự chấm điểm 31/12/2026."
    )
    assert left(world.memberships[2], dt.date(2026, 6, 30)) == [base(3, 2)]


def test_a_member_on_the_day_that_counts_stays_ranked() -> None:
    world = make_scoring_world(3)
    last_day = Deadline.objects.get(bloc_year=world.bloc_year).due_on
    assert list(leaving(world.memberships[2], last_day)) == [
        (
            f"Đơn vị là thành viên vào hạn tự chấm điểm {due(world)} nên vẫn chấm điểm và xếp "
            "hạng tại Khối này."
        )
    ]


def test_a_dissolved_unit_is_not_considered_whenever_it_ends() -> None:
    world = make_scoring_world(3)
    hand_in(world, 2)
    membership = world.memberships[2]
    last_day = Deadline.objects.get(bloc_year=world.bloc_year).due_on
    membership.unit.ended_on = last_day + dt.timedelta(days=1)  # planned, not stored yet
    (first,) = leaving(membership, last_day)
    assert first.endswith(
        "được giữ nguyên, không xếp hạng vì đơn vị giải thể, không thuộc diện xét thi đua."
    )
    assert left(membership, last_day) == [base(3, 2)]


def test_a_guest_changes_nothing() -> None:
    world = make_scoring_world(3)
    guest = make_membership(world.bloc_year, UnitFactory(board=world.board), is_ranking=False)
    [sentence] = leaving(guest, yesterday())
    assert "không thay đổi" in sentence
    assert left(guest, yesterday()) == []


# ---------------------------------------------------------------- shares and quotas


def test_a_quota_by_share_says_what_becomes_of_it() -> None:
    world = make_scoring_world(4)
    _, flag, merit = make_quotas(world)
    AwardQuota.objects.filter(pk=flag.pk).update(max_count=None, max_share=Decimal("0.25"))
    AwardQuota.objects.filter(pk=merit.pk).update(max_count=None, max_share=Decimal("0.5"))
    sentences = left(world.memberships[3], yesterday())
    assert base(4, 3) in sentences
    label = "Chỉ tiêu “Cờ thi đua của UBND tỉnh” tính theo tỷ lệ từ 1 thành 0 suất."
    assert label in sentences
    assert "Chỉ tiêu “Bằng khen của UBND tỉnh” tính theo tỷ lệ từ 2 thành 1 suất." in sentences


# ---------------------------------------------------------------- checks and rounds


def test_checks_given_to_its_people_need_somebody_else() -> None:
    scene = submitted_scene()
    officer = scene.world.officers[3]
    assign_cross_check(actor=scene.secretary, sheet=scene.sheet(2), checker=officer)
    sentences = list(leaving(scene.world.memberships[3], yesterday()))
    assert (
        f"{officer.full_name} của đơn vị đang được giao kiểm tra chéo bảng chấm điểm của "
        f"{scene.world.units[2].name}: đề nghị Thư ký Khối phân công người khác."
    ) in sentences


def test_rounds_on_its_own_sheet_end_with_it() -> None:
    scene = submitted_scene()
    officer = scene.world.officers[3]
    assign_cross_check(actor=scene.secretary, sheet=scene.sheet(2), checker=officer)
    asked(scene)
    sentences = list(leaving(scene.world.memberships[2], yesterday()))
    assert f"{officer.full_name} không còn phải kiểm tra chéo bảng chấm điểm của đơn vị." in (
        sentences
    )
    assert "Đơn vị không còn phải giải trình 1 tiêu chí đang được hỏi." in sentences
    Explanation.objects.update(
        agrees=False, text="Không đúng", explained_by=officer, explained_at=clock.now()
    )
    sentences = list(leaving(scene.world.memberships[2], yesterday()))
    assert "1 ý kiến giải trình chưa được trả lời được lưu cùng bảng chấm điểm." in sentences


def test_disputes_do_not_come_to_the_meeting() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    raise_dispute(
        actor=world.officers[2], sheet=ScoreSheet.objects.get(membership=world.memberships[2]),
        text="Không đồng ý",
    )  # fmt: skip
    membership = world.memberships[2]
    membership.unit.ended_on = clock.today()
    sentences = list(leaving(membership, yesterday()))
    assert "1 nội dung đơn vị chưa thống nhất không còn phải đưa ra hội nghị." in sentences


def test_votes_are_kept_and_still_serve_the_others() -> None:
    world = tabled_world([Points("95.00"), Points("95.00"), Points("85.00")])
    meeting = world.bloc_year.meetings.get()
    ballot = Ballot.objects.create(
        bloc_year=world.bloc_year, meeting=meeting, method="secret", eligible=3, issued=3,
        returned=3, valid=3, invalid=0, counters="Tổ kiểm phiếu", recorded_by=world.secretary,
    )  # fmt: skip
    BallotVote.objects.create(ballot=ballot, membership=world.memberships[0], votes=2)
    membership = world.memberships[0]
    membership.unit.ended_on = clock.today()
    assert any(
        "Kết quả bỏ phiếu có tên đơn vị" in each for each in leaving(membership, yesterday())
    )


# ---------------------------------------------------------------- once the result stands


def test_an_adopted_result_is_not_touched() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    adopt(world)
    membership = world.memberships[0]
    membership.bloc_year.refresh_from_db()
    day = format_date(clock.today())
    assert list(leaving(membership, yesterday())) == [
        f"Bảng xếp hạng đã thông qua ngày {day} không thay đổi: hạng 1 của đơn vị được giữ nguyên.",
        (
            "Đề nghị tặng “Cờ thi đua của Chính phủ” cho đơn vị còn trong danh sách: đề nghị "
            "Trưởng khối xem lại trước khi trình."
        ),
    ]


# ---------------------------------------------------------------- joining


def test_a_unit_joins_while_others_score_and_gets_its_sheet_at_once() -> None:
    world = make_scoring_world(3)
    unit = UnitFactory(board=world.board)
    first = dt.date(world.bloc_year.year, 1, 1)
    sentences = list(joining(world.bloc_year, unit, first))
    assert sentences[0] == (
        f"Đơn vị nhận ngay bảng tự chấm điểm theo “Bảng chấm điểm kiểm thử”, hạn nộp {due(world)}."
    )
    joins = Turnover(world.bloc_year, joining=((unit, first),))
    assert list(reckoning(joins)) == [base(3, 4, "thành")]
    add_member(actor=world.board_officer, bloc_year=world.bloc_year, unit=unit)
    sheet = ScoreSheet.objects.get(membership__unit=unit)
    assert sheet.rubric == sheet_of(world, 0).rubric
    assert sheet.lines.count() == sheet_of(world, 0).lines.count()
    [begun] = SheetTransition.objects.filter(sheet=sheet)
    assert (begun.transition, begun.from_status) == ("create", "")
    assert begun.acting_as.startswith("Ban Thi đua")


def test_a_short_stay_and_predecessors_are_told() -> None:
    world = make_world(3, status=YearStatus.RUNNING, year=2026)
    before = UnitFactory(board=world.board, ended_on=yesterday())
    after = UnitFactory(board=world.board)
    succeed(world, before, after)
    Unit.objects.filter(pk=before.pk).update(ended_on=clock.today())
    sentences = list(joining(world.bloc_year, after, dt.date(2026, 9, 1)))
    assert sentences == [
        "Đơn vị nhận bảng tự chấm điểm cùng các đơn vị khác khi Khối mở tự chấm điểm.",
        (
            "Đến cuối năm đơn vị ở trong Khối 4 tháng, chưa đủ 6 tháng: hội nghị quyết định có xét "
            "thi đua hay không."
        ),
        f"Minh chứng của {before.name} dẫn được vào bảng chấm điểm của đơn vị.",
    ]


def succeed(world: World, before: Unit, after: Unit) -> None:
    change = StructureChange.objects.create(
        board=world.board, kind="units_merged", title="Sáp nhập", effective_on=clock.today(),
        reason="Sắp xếp tổ chức", actor=world.board_officer, acting_as="Ban",
    )  # fmt: skip
    Succession.objects.create(change=change, predecessor=before, successor=after)


def test_two_that_become_one_are_reckoned_together() -> None:
    world = make_scoring_world(4)
    first = dt.date(world.bloc_year.year, 1, 1)
    new = UnitFactory(board=world.board)
    gone = tuple((row, yesterday()) for row in world.memberships[2:4])
    merged = Turnover(world.bloc_year, gone, ((new, first),))
    assert list(reckoning(merged)) == [base(4, 3)]
    swapped = Turnover(world.bloc_year, gone[:1], ((new, first),))
    assert list(reckoning(swapped)) == [
        "Cơ sở tính tỷ lệ chỉ tiêu khen thưởng của Khối vẫn là 4 đơn vị."
    ]
    world.set_status(YearStatus.ADOPTED)
    assert list(reckoning(merged)) == []


def test_too_late_to_be_ranked() -> None:
    world = make_scoring_world(3)
    unit = UnitFactory(board=world.board)
    day = Deadline.objects.get(bloc_year=world.bloc_year).due_on + dt.timedelta(days=1)
    [sentence] = joining(world.bloc_year, unit, day)
    assert "không xếp hạng" in sentence
    world.set_status(YearStatus.MEETING)
    [sentence] = joining(world.bloc_year, unit, day)
    assert "đã trình hội nghị" in sentence


@pytest.mark.parametrize("status", [YearStatus.RUNNING, YearStatus.MEETING])
def test_outside_the_scoring_no_sheet_is_given(status: str) -> None:
    world = make_scoring_world(3)
    world.set_status(status)
    member = make_membership(world.bloc_year, UnitFactory(board=world.board))
    assert open_newcomers_sheet(actor=world.board_officer, membership=member) is None
    assert not ScoreSheet.objects.filter(membership=member).exists()


def test_a_guest_gets_none_and_a_stranger_may_give_none() -> None:
    world = make_scoring_world(3)
    guest = make_membership(world.bloc_year, UnitFactory(board=world.board), is_ranking=False)
    assert open_newcomers_sheet(actor=world.board_officer, membership=guest) is None
    member = make_membership(world.bloc_year, UnitFactory(board=world.board))
    with pytest.raises(Refused):
        open_newcomers_sheet(actor=world.officers[2], membership=member)


def test_the_sheet_is_given_once() -> None:
    world = make_scoring_world(3)
    by = world.secretary
    sheet = open_newcomers_sheet(actor=by, membership=world.memberships[2])
    assert sheet == sheet_of(world, 2)
