"""Every deed that nobody does on his or her own unit, and the clause that stops it.

A clause is a call of ``no_conflict`` (or of ``_competes_not``) in one function. Each deed is tried
by a person who has every right to it but for a post in the unit concerned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from blocs.enums import PostRole
from blocs.models import BlocYear
from blocs.services.deadlines import extend_deadline
from blocs.services.members import add_member
from blocs.services.people import appoint
from blocs.services.structure.moves import end_membership
from emulation.models import User
from pledges.services.registrations import return_registration
from pledges.services.reports import return_report
from scoring.models import Appeal, CrossCheck, Dispute, Explanation, NotConsidered, Rubric
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.appraisal import AppraisalDraft, appraise_lines, finish_appraisal
from scoring.services.approval import approve_sheet
from scoring.services.ballots import record_tie_decision
from scoring.services.cross_checks import assign_cross_check, give_opinion
from scoring.services.decisions import record_council_decision
from scoring.services.disputes import settle_dispute
from scoring.services.explanations import answer_explanation
from scoring.services.nominations import decide_nomination
from scoring.services.quotas import set_quota
from scoring.services.sheets import return_sheet
from scoring.services.standing_decisions import (
    exclude_member,
    override_ground,
    revoke_standing_decision,
    set_ground_rule,
)
from tests.story import Story

BLOCS, PLEDGES = "blocs.permissions", "pledges.permissions"
APPRAISAL, RESULTS = "scoring.permissions.appraisal", "scoring.permissions.results"
CHECKS = "scoring.permissions.cross_check"
Clause = tuple[str, str]


@dataclass(frozen=True)
class Deed:
    """``who`` does ``act`` at ``moment``; ``unit`` is where he or she has a post besides."""

    clause: Clause
    moment: str
    who: str
    act: Callable[[Story, User], Any]
    unit: str = "own"
    days: int = 0


def in_both(story: Story, deed: Deed) -> User:
    """The person of the deed, with a post in the unit concerned."""
    person = story.person(deed.who)
    assert person
    appoint(
        actor=story.people["board"],
        user=person,
        unit=story.unit(deed.unit),
        role=PostRole.OFFICER,
        title="Kiêm nhiệm",
        starts_on=dt.date(2020, 1, 1),
    )
    return person


# ---------------------------------------------------------------- the deeds


def appraise(story: Story, actor: User) -> None:
    line = story.line("A2")
    draft = AppraisalDraft(line.version, raw={"n": "1"}, reason="Bớt một lỗi")
    appraise_lines(actor=actor, sheet=story.sheet(), lines={line.criterion_id: draft})


def appraised_by(who: str, act: Callable[[Story, User], Any]) -> Callable[[Story, User], Any]:
    """The deed in a year whose setting says that ``who`` appraises."""

    def acts(story: Story, actor: User) -> None:
        BlocYear.objects.filter(pk=story.keys["year"]).update(appraised_by=who)
        act(story, actor)

    return acts


def go_through_again(story: Story, actor: User) -> None:
    """The second round, after the head's officer has finished the first."""
    BlocYear.objects.filter(pk=story.keys["year"]).update(appraisal_rounds=2)
    finish_appraisal(actor=story.officer_of("head"), sheet=story.sheet())
    finish_appraisal(actor=actor, sheet=story.sheet(), reason="Đã rõ")


def give_back(story: Story, actor: User) -> None:
    return_sheet(actor=actor, sheet=story.sheet(), reason="Thiếu", due_on=story.day(3))


def approve(story: Story, actor: User) -> None:
    approve_sheet(actor=actor, sheet=story.sheet())


def answer(story: Story, actor: User) -> None:
    explanation = Explanation.objects.get(pk=story.keys["explanation"])
    answer_explanation(actor=actor, explanation=explanation, answer="Chấp nhận.")


def settle(story: Story, actor: User) -> None:
    dispute = Dispute.objects.select_related("sheet__membership").get(pk=story.keys["dispute"])
    settle_dispute(actor=actor, dispute=dispute, resolution="Giữ nguyên.", meeting=story.meeting())


def assign_checker(story: Story, actor: User) -> None:
    assign_cross_check(actor=actor, sheet=story.sheet(), checker=story.officer_of("next"))


def opine(story: Story, actor: User) -> None:
    check = CrossCheck.objects.get(pk=story.keys["check"])
    give_opinion(actor=actor, check=check, opinion="Tốt.")


def extend(story: Story, actor: User) -> None:
    extend_deadline(
        actor=actor,
        deadline=story.deadline(),
        membership=story.membership(),
        due_on=dt.date(2025, 12, 20),
        reason="Đơn vị bận",
    )


def exclude(story: Story, actor: User) -> None:
    exclude_member(
        actor=actor, membership=story.membership(), ground="under_inspection", reason="Thanh tra"
    )


def include(story: Story, actor: User) -> None:
    decision = NotConsidered.objects.get(pk=story.keys["exclusion"])
    revoke_standing_decision(actor=actor, decision=decision, reason="Xét lại")


def override(story: Story, actor: User) -> None:
    override_ground(
        actor=actor,
        membership=story.membership("absent"),
        ground="pledge_not_signed",
        reason="Đơn vị mới lập",
    )


def break_tie(story: Story, actor: User) -> None:
    Rubric.objects.filter(pk=story.keys["rubric"]).update(tie_breaks=["head"])
    order = [story.membership(unit).pk for unit in ("own", "other")]
    record_tie_decision(actor=actor, bloc_year=story.year, order=order, reason="Mô hình mới")


def depart(story: Story, actor: User) -> None:
    decide_nomination(
        actor=actor,
        nomination=story.nomination("other"),
        award=None,
        reason="Đơn vị xin rút",
    )


def decide(story: Story, actor: User) -> None:
    record_council_decision(
        actor=actor,
        nomination=story.nomination(),
        outcome="approved",
        document_number="1/QĐ",
        decided_on=story.day(),
    )


def settle_appeal(story: Story, actor: User) -> None:
    appeal = Appeal.objects.filter(membership=story.membership()).first() or file_appeal(
        actor=story.leader_of("own"), membership=story.membership(), text="Xem lại điểm"
    )
    decide_appeal(actor=actor, appeal=appeal, decision="Chấp nhận.")


def bring_in(story: Story, actor: User) -> None:
    add_member(actor=actor, bloc_year=story.year, unit=story.unit("last"))


def take_out(story: Story, actor: User) -> None:
    end_membership(
        actor=actor, membership=story.membership(), ends_on=story.day(), reason="Quyết định 9"
    )


def return_targets(story: Story, actor: User) -> None:
    return_registration(actor=actor, membership=story.membership(), reason="Bổ sung")


def return_account(story: Story, actor: User) -> None:
    return_report(actor=actor, report=story.report(), reason="Bổ sung")


def change_quota(story: Story, actor: User) -> None:
    set_quota(actor=actor, bloc_year=story.year, award=story.award("PROV_MERIT"), max_count=3)


def change_ground(story: Story, actor: User) -> None:
    set_ground_rule(
        actor=actor, bloc_year=story.year, ground="dossier_late", effect="ranked_no_award"
    )


DEEDS: dict[str, Deed] = {
    "return_registration": Deed(
        (PLEDGES, "_hands_back"), "self_scoring", "secretary", return_targets
    ),
    "return_report": Deed((PLEDGES, "_hands_back"), "self_scoring", "board", return_account),
    "add_own_unit": Deed((BLOCS, "can_add_member"), "running", "board", bring_in, unit="last"),
    "record_own_unit_leaving": Deed((BLOCS, "can_end_membership"), "running", "board", take_out),
    "set_quota": Deed((RESULTS, "can_set_quotas"), "running", "board", change_quota),
    "set_ground": Deed((RESULTS, "can_set_grounds"), "running", "board", change_ground),
    "extend": Deed((BLOCS, "can_extend"), "self_scoring", "head", extend),
    "extend_by_the_board": Deed((BLOCS, "can_extend"), "self_scoring", "board", extend),
    "waive_lateness": Deed((BLOCS, "can_extend"), "drafting", "board", extend, days=12),
    "assign_cross_check": Deed(
        (CHECKS, "can_assign_cross_check"), "submitted", "secretary", assign_checker
    ),
    "cross_check": Deed((CHECKS, "is_checker"), "submitted", "cross_checker", opine),
    "return_sheet": Deed((APPRAISAL, "is_approver"), "submitted", "head", give_back),
    "return_sheet_as_officer": Deed(
        (APPRAISAL, "is_appraiser"), "submitted", "secretary", give_back
    ),
    "appraise": Deed((APPRAISAL, "is_appraiser"), "appraising", "secretary", appraise),
    "answer_explanation": Deed((APPRAISAL, "is_approver"), "explaining", "head", answer),
    "approve": Deed((APPRAISAL, "is_approver"), "appraised", "head", approve),
    "exclude": Deed((RESULTS, "can_decide_standing"), "approved", "head", exclude),
    "exclude_by_the_board": Deed((RESULTS, "can_decide_standing"), "approved", "board", exclude),
    "include": Deed((RESULTS, "can_decide_standing"), "approved", "head", include, unit="absent"),
    "override_condition": Deed(
        (RESULTS, "can_decide_standing"), "approved", "head", override, unit="absent"
    ),
    "appraise_as_deputy": Deed(
        (APPRAISAL, "is_appraiser"),
        "appraising",
        "deputy:officer",
        appraised_by("deputy", appraise),
    ),
    "appraise_as_cross_checker": Deed(
        (APPRAISAL, "is_appraiser"),
        "appraising",
        "cross_checker",
        appraised_by("cross_check", appraise),
    ),
    "answer_as_deputy": Deed(
        (APPRAISAL, "is_appraiser"),
        "explaining",
        "deputy:officer",
        appraised_by("deputy", answer),
    ),
    "return_as_cross_checker": Deed(
        (APPRAISAL, "is_appraiser"),
        "submitted",
        "cross_checker",
        appraised_by("cross_check", give_back),
    ),
    "make_second_round": Deed(
        (APPRAISAL, "is_second_reader"), "appraising", "deputy:officer", go_through_again
    ),
    "settle_dispute": Deed((APPRAISAL, "is_clerk"), "tabled", "secretary", settle),
    "break_tie": Deed((RESULTS, "can_break_tie"), "tabled", "head", break_tie),
    "depart_from_quota": Deed((RESULTS, "can_depart"), "adopted", "head", depart, unit="other"),
    "decide_for_the_council": Deed((RESULTS, "can_record_decision"), "sent", "board", decide),
    "decide_appeal": Deed((RESULTS, "can_decide_appeal"), "published", "board", settle_appeal),
}
