"""What blocks each step of the year: a literal list, each with how it comes about.

Hard: nobody passes. Soft: named, passable with a reason, the effect stated beforehand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError

from blocs.models import BlocYear, Deadline, HeadTerm, Membership
from blocs.services.meetings import record_attendance
from blocs.services.steps import YEAR_WORKFLOW, take_step
from blocs.services.terms import name_secretary
from emulation import clock
from emulation.access import Conflict
from emulation.workflow import Offer
from pledges.models import PledgeItem
from pledges.services.signatures import record_paper_signature
from scoring.models import NotConsidered
from scoring.services.appraisal import reopen_appraisal
from scoring.services.standing_decisions import revoke_standing_decision
from tests.matrix.conftest import undone
from tests.matrix.deeds import decide_appeals, issue
from tests.story import MOMENTS, Story

pytestmark = pytest.mark.django_db


def nothing(_story: Story) -> None:
    """It is so at this moment."""


def no_head(story: Story) -> None:
    """Neither head nor deputy: only a named officer is left to try."""
    officer = story.officer_of("own")
    name_secretary(actor=story.leader_of("head"), bloc_year=story.year, user=officer)
    HeadTerm.objects.filter(bloc=story.bloc, year=story.year.year).update(ended_on=clock.today())


def alone(story: Story) -> None:
    Membership.objects.filter(bloc_year=story.year).exclude(unit=story.units["head"]).delete()


def no_item(story: Story) -> None:
    PledgeItem.objects.update(dropped_at=clock.now())


def no_deadline(story: Story) -> None:
    issue(story)
    Deadline.objects.filter(bloc_year=story.year, kind="self_score").delete()


def reopened(unit: str, by: str) -> Callable[[Story], None]:
    def act(story: Story) -> None:
        reopen_appraisal(actor=story.leader_of(by), sheet=story.sheet(unit), reason="Cần xem lại")

    return act


def nobody_stands_in(story: Story) -> None:
    reopened("head", "deputy")(story)
    terms = HeadTerm.objects.filter(bloc=story.bloc, year=story.year.year, kind="deputy")
    terms.update(ended_on=clock.today())


def not_recorded(story: Story) -> None:
    """The missing unit signed late, and the decision about it was taken back."""
    record_paper_signature(
        actor=story.officer_of("head"),
        pledge=story.pledge,
        membership=story.membership("absent"),
        signatory="Giám đốc",
        office="Giám đốc",
        signed_on=story.day(),
    )
    decision = NotConsidered.objects.get(pk=story.keys["exclusion"])
    revoke_standing_decision(
        actor=story.leader_of("head"), decision=decision, reason="Đơn vị có giải trình"
    )


def three_came(story: Story) -> None:
    members = story.memberships()
    record_attendance(
        actor=story.officer_of("head"),
        meeting=story.meeting(),
        present={each.pk: (place < 3, "") for place, each in enumerate(members)},
    )


def all_came(story: Story) -> None:
    story._everyone_came(story.meeting())


def came_and_settled(story: Story) -> None:
    all_came(story)
    story.settle()


def came_and_voted(story: Story) -> None:
    all_came(story)
    story.vote()


def few_members(story: Story) -> None:
    BlocYear.objects.filter(pk=story.year.pk).update(min_members=9)


def joined_late(story: Story) -> None:
    first = dt.date(story.year.year, 10, 1)
    Membership.objects.filter(pk=story.membership("own").pk).update(starts_on=first)


@dataclass(frozen=True)
class Case:
    """A step, the moment, how the blocker comes about, what it says and whom it names."""

    step: str
    moment: str
    prepare: Callable[[Story], None]
    text: str
    names: tuple[str, ...] = ()
    hard: bool = True
    by: str = "head"
    days: int = 0


HARD = [
    Case("consult", "draft", no_head, "Chưa có Trưởng khối của năm này.", by="officer"),
    Case("consult", "draft", alone, "ít nhất 2 đơn vị; hiện có 1", by="secretary"),
    Case("consult", "draft", no_item, "Giao ước chưa có nội dung nào.", by="secretary"),
    Case("open_signing", "consulting", nothing, "Nội dung giao ước chưa được chốt."),
    Case("open_self_scoring", "running", nothing, "Chưa ban hành bảng chấm điểm."),
    Case("open_self_scoring", "running", no_deadline, "Chưa đặt hạn nộp bảng tự chấm điểm."),
    Case(
        "table", "approved", reopened("other", "head"), "Còn 1 bảng chấm điểm chưa được duyệt",
        ("Sở Công Thương",),
    ),
    Case(
        "table", "approved", not_recorded, "chưa được ghi là không xét thi đua", ("Sở Ngoại vụ",)
    ),
    Case(
        "table", "approved", reopened("head", "deputy"),
        "Đơn vị thay Trưởng khối chưa duyệt bảng chấm điểm của Trưởng khối", ("Sở Nội vụ",),
    ),
    Case("table", "approved", nobody_stands_in, "Khối chưa có Phó Trưởng khối", ("Sở Nội vụ",)),
    Case("adopt", "tabled", nothing, "Chưa ghi thành phần dự hội nghị tổng kết, bình xét."),
    Case("adopt", "tabled", three_came, "chưa đủ số đơn vị dự họp: 3/7 đơn vị"),
    Case(
        "adopt", "tabled", came_and_settled, "Các đơn vị cùng hạng 2 chưa được phân định",
        ("Sở Công Thương", "Sở Y tế"),
    ),
    Case(
        "adopt", "tabled", came_and_voted, "Hội nghị chưa kết luận về điểm chưa thống nhất",
        ("Sở Y tế",),
    ),
    Case(
        "submit", "adopted", nothing, "Trưởng khối chưa quyết định 6 đề nghị khen thưởng",
        ("Sở Công Thương", "Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp", "Sở Xây dựng", "Sở Y tế"),
    ),
    Case(
        "decide", "sent", nothing, "Chưa ghi quyết định của Hội đồng về 3 đề nghị",
        ("Sở Công Thương", "Sở Tài chính", "Sở Y tế"), by="board",
    ),
    Case(
        "return_dossier", "sent", Story.decide, "Đã ghi quyết định của Hội đồng",
        ("Sở Công Thương", "Sở Tài chính", "Sở Y tế"), by="board",
    ),
    Case("close", "decided", nothing, "Kết quả chưa được công bố.", by="board"),
    Case(
        "close", "published", decide_appeals, "Còn thời hạn kiến nghị đến hết ngày 04/02/2026",
        by="board", days=15,
    ),
    Case(
        "close", "published", nothing, "Còn 1 kiến nghị chưa giải quyết", ("Sở Ngoại vụ",),
        by="board", days=16,
    ),
    Case("reopen_decision", "published", nothing, "Kết quả đã công bố ngày", by="board"),
]  # fmt: skip

SOFT = [
    Case(
        "consult", "draft", few_members, "Khối có 7 đơn vị, ít hơn mức tối thiểu 9",
        ("Sở Công Thương", "Sở Ngoại vụ", "Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp",
         "Sở Xây dựng", "Sở Y tế"), hard=False, by="secretary",
    ),
    Case(
        "start_running", "signing", few_members, "Khối có 7 đơn vị, ít hơn mức tối thiểu 9",
        ("Sở Công Thương", "Sở Ngoại vụ", "Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp",
         "Sở Xây dựng", "Sở Y tế"), hard=False,
    ),
    Case(
        "table", "approved", joined_late, "1 đơn vị ở trong Khối chưa đủ 6 tháng",
        ("Sở Y tế (3 tháng)",), hard=False,
    ),
    Case(
        "start_running", "signing", nothing, "2 đơn vị chưa ký giao ước",
        ("Sở Ngoại vụ", "Sở Y tế"), hard=False,
    ),
    Case(
        "open_self_scoring", "running", issue, "2 đơn vị chưa gửi báo cáo sơ kết",
        ("Sở Ngoại vụ", "Sở Y tế"), hard=False,
    ),
    Case(
        "start_appraising", "submitted", nothing, "Còn 1 đơn vị chưa nộp bảng tự chấm điểm",
        ("Sở Ngoại vụ",), hard=False,
    ),
]  # fmt: skip

# A sheet whose line is before the meeting may come there unapproved.
FREE = [
    Case("table", "approved", nothing, ""),
    Case("table", "approved", reopened("own", "head"), ""),
    Case("adopt", "resolved", nothing, ""),
]

CASES = sorted([*HARD, *SOFT, *FREE], key=lambda case: MOMENTS.index(case.moment))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.step}-{case.moment}")
def test_blocker(case: Case, at: Callable[[str], Story]) -> None:
    story = at(case.moment)
    with undone(), story.clock(days=case.days):
        case.prepare(story)
        if not case.text:
            assert [each.text for each in _offer(case, story).blockers] == []
            return
        _is_shown(case, _offer(case, story))
        if case.hard:
            _nobody_passes(case, story)
        else:
            _a_reason_passes(case, story)


def _offer(case: Case, story: Story) -> Offer:
    person = story.person(case.by)
    assert person
    offer = YEAR_WORKFLOW.offer(person, story.year, case.step)
    assert offer.verdict, offer.verdict.reason
    return offer


def _is_shown(case: Case, offer: Offer) -> None:
    found = [each for each in offer.blockers if case.text in each.text]
    assert found, [each.text for each in offer.blockers]
    assert found[0].names == case.names
    assert found[0].hard is case.hard
    assert case.hard or found[0].effect.endswith("."), "the effect is stated beforehand"


def _nobody_passes(case: Case, story: Story) -> None:
    person = story.person(case.by)
    assert person
    with pytest.raises(Conflict) as caught:
        take_step(actor=person, bloc_year=story.year, name=case.step, reason="Vẫn chuyển")
    details = " ".join(caught.value.details)
    assert case.text in details
    assert all(name in details for name in case.names)


def _a_reason_passes(case: Case, story: Story) -> None:
    person = story.person(case.by)
    assert person
    with pytest.raises(ValidationError) as caught:
        take_step(actor=person, bloc_year=story.year, name=case.step)
    assert "reason" in caught.value.message_dict
    take_step(actor=person, bloc_year=story.year, name=case.step, reason="Sẽ bổ sung sau")
    last = story.year.transitions.order_by("-at", "-pk").first()
    assert last is not None
    assert (last.transition, last.reason) == (case.step, "Sẽ bổ sung sau")


def test_every_step_forward_is_listed() -> None:
    listed = {case.step for case in CASES}
    forward = {each.name for each in YEAR_WORKFLOW.transitions if not each.name.startswith("back")}
    assert forward == listed
