"""Ranking, ballots, nominations, decisions, appeals."""

from __future__ import annotations

from typing import Any

from scoring.models import Appeal, NotConsidered, Rubric
from scoring.services.appeal_corrections import Correction, preview_upholding
from scoring.services.appeals import file_appeal
from tests.matrix.cases.frame import REASON, Case, body, day, unit_of, year
from tests.matrix.cases.sheets import hand_in_own
from tests.matrix.cases.years import member
from tests.story import Story

# ---------------------------------------------------------------- results


def tied(story: Story) -> dict[str, Any]:
    return {"don-vi": [story.membership("own").pk, story.membership("other").pk]}


def ballot(story: Story, _role: str) -> dict[str, Any]:
    return {
        "meeting": story.meeting().pk,
        "method": "secret",
        **dict.fromkeys(("eligible", "issued", "returned", "valid"), "7"),
        "invalid": "0",
        "counters": "Tổ kiểm phiếu",
        f"votes_{story.membership('own').pk}": "4",
        f"votes_{story.membership('other').pk}": "3",
    }


def let_the_head_decide(story: Story) -> None:
    Rubric.objects.filter(pk=story.keys["rubric"]).update(tie_breaks=["head"])


def order(story: Story, _role: str) -> dict[str, Any]:
    return {
        f"place_{story.membership('own').pk}": "2",
        f"place_{story.membership('other').pk}": "1",
        "reason": "Đơn vị có mô hình mới",
    }


def award(story: Story) -> dict[str, Any]:
    return year(story) | {"award_id": story.award("PROV_MERIT").pk}


def grounds(story: Story, _role: str) -> dict[str, Any]:
    from scoring.views.quotas import effects_of

    return effects_of(story.year) | {"dossier_late": "ranked_no_award"}


def exclusion(story: Story) -> dict[str, Any]:
    decision = NotConsidered.objects.get(pk=story.keys["exclusion"])
    return year(story) | {"decision_id": decision.pk}


def nomination(story: Story) -> dict[str, Any]:
    return year(story) | {"nomination_id": story.nomination().pk}


def as_proposed(story: Story, _role: str) -> dict[str, Any]:
    return {"award": story.award("PROV_FLAG").pk}


def council(story: Story, _role: str) -> dict[str, Any]:
    return {"outcome": "approved", "document_number": "12/QĐ-UBND", "decided_on": day(story)}


def snapshot(story: Story) -> dict[str, Any]:
    return year(story) | {"number": 1}


def own_appeal(story: Story) -> None:
    story.keys["appeal:own"] = file_appeal(
        actor=story.officer_of("own"), membership=story.membership(), text="Xem lại điểm B1"
    ).pk


def appeal(story: Story) -> dict[str, Any]:
    return year(story) | {"appeal_id": Appeal.objects.get(pk=story.keys["appeal:own"]).pk}


def correction(story: Story, _role: str) -> dict[str, Any]:
    """A corrected line of the appealing unit, and the mark of what the board has read."""
    line, decision = story.line("B1"), "Chấp nhận kiến nghị"
    key, raw, reason = f"c{line.criterion_id}", {"points": "1"}, "Đối chiếu hồ sơ"
    upheld = preview_upholding(
        actor=story.people["board"],
        appeal=Appeal.objects.get(pk=story.keys["appeal:own"]),
        lines={line.criterion_id: Correction(line.version, raw, reason)},
        decision=decision,
    )
    typed = {f"{key}-v": str(line.version), f"{key}-points": "1", f"{key}-reason": reason}
    return typed | {"decision": decision, "seen": upheld.fingerprint}


def new_appeal(story: Story, role: str) -> dict[str, Any]:
    return {"membership": story.membership(unit_of(role)).pk, "text": "Xem lại điểm B1"}


QUOTA = body(max_count="2")
EXCLUDE = body(ground="under_inspection", reason="Đang bị thanh tra")

RESULTS = {
    "ranking": Case("appraised"),
    "ranking@tabled": Case("tabled"),
    "ranking@head_waits": Case("drafting", prepare=hand_in_own),
    "ranking@published": Case("published"),
    "ranking_xlsx": Case("tabled"),
    "ranking_xlsx@published": Case("published"),
    "ranking_docx": Case("tabled"),
    "ranking_docx@published": Case("published"),
    "ranking_snapshot": Case("adopted", snapshot),
    "ranking_snapshot@published": Case("published", snapshot),
    "ballot_list": Case("tabled"),
    "ballot_new": Case("tabled", post=ballot, query=tied),
    "ballot_new@late": Case("adopted", post=ballot, query=tied),
    "tie_decision": Case("tabled", post=order, query=tied, prepare=let_the_head_decide),
    "quota_list": Case("running"),
    "quota_edit": Case("running", award, QUOTA),
    "quota_edit@late": Case("sent", award, QUOTA),
    "award_new": Case("running", post=body(code="TITLE", label="Danh hiệu", position="4")),
    "ground_rules": Case("running", post=grounds),
    "standing_decision_list": Case("approved"),
    "standing_decision_list@tabled": Case("tabled"),
    "exclude_member": Case("approved", member("own"), EXCLUDE),
    "exclude_member@head_unit": Case("approved", member("head"), EXCLUDE),
    "exclude_member@late": Case("adopted", member("own"), EXCLUDE),
    "override_ground": Case(
        "approved", member("absent"), body(ground="pledge_not_signed", reason="Đơn vị mới lập")
    ),
    "revoke_standing_decision": Case("approved", exclusion, REASON),
    "nomination_list": Case("adopted"),
    "nominations_confirm": Case("adopted"),
    "nomination_decide": Case("adopted", nomination, as_proposed),
    "nomination_decide@late": Case("sent", nomination, as_proposed),
    "decision_list": Case("sent"),
    "decision_list@published": Case("published"),
    "decision_record": Case("sent", nomination, council),
    "decision_record@early": Case("adopted", nomination, council),
    "publish": Case("decided"),
    "publish@early": Case("sent"),
    "appeal_list": Case("published"),
    "appeal_new": Case("published", post=new_appeal),
    "appeal_new@early": Case("decided", post=new_appeal),
    "appeal_decide": Case("published", appeal, body(decision="Giữ nguyên"), prepare=own_appeal),
    "appeal_correct": Case("published", appeal, correction, prepare=own_appeal),
}
