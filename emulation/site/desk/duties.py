"""What the board itself has to do for a bloc, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from blocs.enums import YearStatus
from blocs.selectors.blockers import MINIMUM_MEMBERS
from emulation import clock
from emulation.site.desk.facts import YearFacts
from emulation.site.desk.rows import Duty
from scoring.permissions.results import appeal_ends_on

S = YearStatus


def duties_for(facts: YearFacts) -> tuple[Duty, ...]:
    """Return the board's open duties in a bloc-year, in the order of the year."""
    if facts.bloc_year.step is S.CLOSED:
        return ()
    return (*_setting_up(facts), *_concluding(facts))


def _setting_up(facts: YearFacts) -> Iterator[Duty]:
    step, heads = facts.bloc_year.step, facts.led.heads
    if step is S.DRAFT and len(facts.members) < MINIMUM_MEMBERS:
        yield _duty(facts, "Ghi đơn vị thành viên", "member_list")
    if heads.head is None:
        yield _duty(facts, "Ghi Trưởng khối", "term_add")
    elif heads.is_acting:
        yield _duty(facts, "Ghi Trưởng khối mới", "term_add")
    if heads.head and heads.stand_in is None and not step.reached(S.MEETING):
        yield _duty(facts, "Phân công đơn vị thay Trưởng khối", "stand_in")
    if step.reached(S.SELF_SCORING) and not step.reached(S.ADOPTED) and not facts.scoring.has_quota:
        yield _duty(facts, "Đặt chỉ tiêu khen thưởng", "quota_list")


def _concluding(facts: YearFacts) -> Iterator[Duty]:
    year, scoring = facts.bloc_year, facts.scoring
    if year.step is S.SUBMITTED and scoring.undecided_by_council:
        count = scoring.undecided_by_council
        yield _duty(facts, f"Xem hồ sơ, ghi quyết định về {count} đề nghị", "decision_list")
    if year.step is S.SUBMITTED and not scoring.undecided_by_council:
        yield _duty(facts, "Chốt quyết định của Hội đồng", "bloc_year")
    if year.step is S.DECIDED and year.published_at is None:
        yield _duty(facts, "Công bố kết quả", "publish")
    if scoring.open_appeals:
        yield _duty(facts, f"Giải quyết {scoring.open_appeals} kiến nghị", "appeal_list")
    elif _may_close(facts):
        yield _duty(facts, "Kết thúc năm thi đua", "bloc_year")


def _may_close(facts: YearFacts) -> bool:
    last = appeal_ends_on(facts.bloc_year)
    return facts.bloc_year.step is S.DECIDED and last is not None and clock.today() > last


def _duty(facts: YearFacts, label: str, page: str) -> Duty:
    return Duty(label, reverse(page, args=[facts.bloc_year.pk]))
