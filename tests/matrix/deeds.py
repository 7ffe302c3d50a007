"""How each transition is taken: at which moment of the story, on what, by which service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from blocs.models import BlocYear
from blocs.services.steps import take_step
from emulation.models import User
from pledges.services.pledges import agree_pledge, close_pledge, open_consultation, reopen_pledge
from pledges.services.registrations import return_registration, send_registration
from pledges.services.reports import return_report, send_report
from pledges.services.signatures import revoke_signature
from scoring.models import Appeal, Criterion, Explanation, Rubric, Section
from scoring.selectors.rubrics import errors_of
from scoring.services.appeals import decide_appeal
from scoring.services.appraisal import (
    accept_rest,
    back_to_first_round,
    finish_appraisal,
    reopen_appraisal,
    start_appraisal,
)
from scoring.services.approval import approve_sheet
from scoring.services.decisions import record_council_decision
from scoring.services.explanations import (
    answer_explanation,
    close_explanations,
    explain_line,
    request_explanation,
)
from scoring.services.nominations import confirm_nominations, decide_nomination
from scoring.services.paper import record_paper
from scoring.services.rubrics import (
    copy_rubric,
    create_rubric,
    issue_rubric,
    open_rubric_consultation,
    withdraw_rubric,
)
from scoring.services.sheet_moving import move_sheets
from scoring.services.sheets import LineDraft, return_sheet, save_lines, submit_sheet
from tests.story import Story
from tests.story_rubric import document

Act = Callable[[Story, User, str], Any]
Key = tuple[str, str, str]


def nothing(_story: Story) -> None:
    """The moment is as the deed needs it."""


def entered_from_paper(story: Story) -> None:
    """The secretary enters own's paper of today and hands it in."""
    secretary, sheet = story.officer_of("head"), story.sheet()
    record_paper(actor=secretary, sheet=sheet, received_on=story.day())
    lines = {code: story.line(code) for code in story.answers_of("own")}
    drafts = {
        lines[code].criterion_id: LineDraft(raw=raw, version=lines[code].version)
        for code, raw in story.answers_of("own").items()
    }
    save_lines(actor=secretary, sheet=sheet, lines=drafts)
    submit_sheet(
        actor=secretary,
        sheet=story.sheet(),
        approving_leader="Đồng chí Giám đốc",
        confirm_blanks=True,
    )


@dataclass(frozen=True)
class Deed:
    """A transition in the story: when, on what object, by which service."""

    moment: str
    find: Callable[[Story], Any]
    act: Act
    prepare: Callable[[Story], None] = nothing
    days: int = 0


# ---------------------------------------------------------------- the year


def step(name: str) -> Act:
    return lambda story, actor, reason: take_step(
        actor=actor, bloc_year=story.year, name=name, reason=reason
    )


def year(name: str, moment: str, prepare: Callable[[Story], None] = nothing, days: int = 0) -> Deed:
    return Deed(moment, lambda story: story.year, step(name), prepare, days)


def agree(story: Story) -> None:
    agree_pledge(actor=story.leader_of("head"), pledge=story.pledge)


def issue(story: Story) -> None:
    issue_rubric(actor=story.leader_of("head"), rubric=story.rubric, reason="Đã trả lời")


def decide_appeals(story: Story) -> None:
    appeal = Appeal.objects.get(pk=story.keys["appeal"])
    decide_appeal(actor=story.people["board"], appeal=appeal, decision="Giữ nguyên")


def confirm(story: Story) -> None:
    confirm_nominations(actor=story.leader_of("head"), bloc_year=story.year)


YEAR: dict[Key, Deed] = {
    ("year", "consult", "draft"): year("consult", "draft"),
    ("year", "open_signing", "consulting"): year("open_signing", "consulting", agree),
    ("year", "start_running", "signing"): year("start_running", "signing"),
    ("year", "open_self_scoring", "running"): year("open_self_scoring", "running", issue),
    ("year", "start_appraising", "self_scoring"): year("start_appraising", "submitted"),
    ("year", "table", "appraising"): year("table", "approved"),
    ("year", "adopt", "meeting"): year("adopt", "resolved"),
    ("year", "submit", "adopted"): year("submit", "adopted", confirm),
    ("year", "decide", "submitted"): year("decide", "sent", Story.decide),
    ("year", "close", "decided"): year("close", "published", decide_appeals, days=20),
    ("year", "back_to_draft", "consulting"): year("back_to_draft", "consulting"),
    ("year", "back_to_consulting", "signing"): year("back_to_consulting", "signing"),
    ("year", "back_to_signing", "running"): year("back_to_signing", "running"),
    ("year", "back_to_running", "self_scoring"): year("back_to_running", "self_scoring"),
    ("year", "back_to_self_scoring", "appraising"): year("back_to_self_scoring", "appraising"),
    ("year", "back_to_appraising", "meeting"): year("back_to_appraising", "tabled"),
    ("year", "back_to_meeting", "adopted"): year("back_to_meeting", "adopted"),
    ("year", "return_dossier", "submitted"): year("return_dossier", "sent"),
    ("year", "reopen_decision", "decided"): year("reopen_decision", "decided"),
}

# ---------------------------------------------------------------- the pledge and its papers


def pledge(
    moment: str, service: Callable[..., Any], prepare: Callable[[Story], None] = nothing
) -> Deed:
    return Deed(
        moment,
        lambda story: story.pledge,
        lambda story, actor, reason: service(actor=actor, pledge=story.pledge, reason=reason),
        prepare,
    )


def unsign(story: Story) -> None:
    """Take back every signature, each by whom it belongs to."""
    for signature in story.pledge.signatures.filter(revoked_at__isnull=True).order_by("pk"):
        by = signature.recorded_by
        revoke_signature(actor=by, signature=signature, reason="Văn bản phải sửa")


def on_member(service: Callable[..., Any], unit: str, **more: Any) -> Act:
    return lambda story, actor, reason: service(
        actor=actor, membership=story.membership(unit), **_reason(service, reason), **more
    )


def on_report(service: Callable[..., Any], unit: str) -> Act:
    return lambda story, actor, reason: service(
        actor=actor, report=story.report(unit), **_reason(service, reason)
    )


def _reason(service: Callable[..., Any], reason: str) -> dict[str, str]:
    return {"reason": reason} if service.__name__.startswith("return") else {}


def hand_over(story: Story) -> None:
    """Own sends what it has drafted, so that it may be handed back."""
    send_registration(actor=story.officer_of("own"), membership=story.membership())
    send_report(actor=story.officer_of("own"), report=story.report())


PLEDGE: dict[Key, Deed] = {
    ("pledge", "open_consultation", "draft"): pledge("draft", open_consultation),
    ("pledge", "agree", "consulting"): pledge("consulting", agree_pledge),
    ("pledge", "reopen", "agreed"): pledge("signing", reopen_pledge, unsign),
    ("pledge", "close", "agreed"): pledge("published", close_pledge),
    ("registration", "send", "draft"): Deed(
        "running", lambda story: story.registration(), on_member(send_registration, "own")
    ),
    ("registration", "return", "sent"): Deed(
        "running",
        lambda story: story.registration(),
        on_member(return_registration, "own"),
        hand_over,
    ),
    ("report", "send", "draft"): Deed(
        "running", lambda story: story.report(), on_report(send_report, "own")
    ),
    ("report", "return", "sent"): Deed(
        "running", lambda story: story.report(), on_report(return_report, "own"), hand_over
    ),
}

# ---------------------------------------------------------------- the rubric


def rubric(moment: str, act: Act, prepare: Callable[[Story], None] = nothing) -> Deed:
    return Deed(moment, lambda story: story.rubric, act, prepare)


def issue_by(story: Story, actor: User, reason: str) -> Any:
    return issue_rubric(actor=actor, rubric=story.rubric, reason=reason)


def draft_next(story: Story) -> None:
    """A second version lies ready."""
    create_rubric(
        actor=story.officer_of("head"), bloc_year=story.year, document=document(story.lines)
    )


def issue_next(story: Story, actor: User, reason: str) -> Any:
    return issue_rubric(actor=actor, rubric=Rubric.objects.get(version=2), reason=reason)


RUBRIC: dict[Key, Deed] = {
    ("rubric", "consult", "draft"): rubric(
        "draft",
        lambda story, actor, _: open_rubric_consultation(actor=actor, rubric=story.rubric),
    ),
    ("rubric", "back_to_draft", "consulting"): rubric(
        "consulting",
        lambda story, actor, reason: withdraw_rubric(
            actor=actor, rubric=story.rubric, reason=reason
        ),
    ),
    ("rubric", "issue", "draft"): rubric("draft", issue_by),
    ("rubric", "issue", "consulting"): rubric("consulting", issue_by),
    ("rubric", "supersede", "issued"): rubric("self_scoring", issue_next, draft_next),
}

# ---------------------------------------------------------------- sheets


def sheet(unit: str, moment: str, act: Act, prepare: Callable[[Story], None] = nothing) -> Deed:
    return Deed(moment, lambda story: story.sheet(unit), act, prepare)


def start(unit: str) -> Act:
    def act(story: Story, actor: User, _reason: str) -> None:
        line = story.line("A2", unit)
        draft = LineDraft(raw={"n": "3"}, version=line.version)
        save_lines(actor=actor, sheet=story.sheet(unit), lines={line.criterion_id: draft})

    return act


def submit(unit: str) -> Act:
    return lambda story, actor, _: submit_sheet(
        actor=actor, sheet=story.sheet(unit), approving_leader="Giám đốc", confirm_blanks=True
    )


def give_back(unit: str) -> Act:
    return lambda story, actor, reason: return_sheet(
        actor=actor, sheet=story.sheet(unit), reason=reason, due_on=story.day(3)
    )


def on_sheet(service: Callable[..., Any], unit: str, *names: str) -> Act:
    return lambda story, actor, reason: service(
        actor=actor, sheet=story.sheet(unit), **dict.fromkeys(names, reason)
    )


def ask(story: Story, actor: User, _reason: str) -> Any:
    return request_explanation(actor=actor, sheet=story.sheet(), due_on=story.day(5))


def answer(story: Story) -> None:
    explanation = Explanation.objects.get(pk=story.keys["explanation"])
    answer_explanation(actor=story.leader_of("head"), explanation=explanation, answer="Giữ điểm")


def close_round(story: Story) -> None:
    answer(story)
    close_explanations(actor=story.officer_of("head"), sheet=story.sheet())


def in_two_rounds(story: Story) -> None:
    """The year has two rounds, set before anybody began."""
    BlocYear.objects.filter(pk=story.keys["year"]).update(appraisal_rounds=2)


def in_second_round(story: Story) -> None:
    """The head's officer has finished the first round of own's sheet."""
    in_two_rounds(story)
    finish_appraisal(actor=story.officer_of("head"), sheet=story.sheet())


def argued_in_second_round(story: Story) -> None:
    """Own was asked in the second round, argued and was answered."""
    in_second_round(story)
    request_explanation(actor=story.officer_of("deputy"), sheet=story.sheet(), due_on=story.day(5))
    said = explain_line(
        actor=story.officer_of("own"), line=story.line("B1"), agrees=False, text="Đã tổ chức đủ."
    )
    story.keys["explanation"] = said.pk
    answer(story)


def both(*steps: Callable[[Story], object]) -> Callable[[Story], None]:
    """One preparation after the other."""

    def prepare(story: Story) -> None:
        for step in steps:
            step(story)

    return prepare


def fill_head(story: Story) -> None:
    story._fill("head")


def appraise_head(story: Story) -> None:
    accept_rest(actor=story.officer_of("deputy"), sheet=story.sheet("head"))


def reissued(change: Callable[[Rubric], object]) -> Callable[[Story], None]:
    """A second version of the table, changed, is in force while sheets stand on the first."""

    def prepare(story: Story) -> None:
        rubric = copy_rubric(
            actor=story.officer_of("head"), bloc_year=story.year, source=story.rubric
        )
        change(rubric)
        issue_rubric(
            actor=story.leader_of("head"),
            rubric=rubric,
            reason="Sửa theo góp ý",
            waivers={finding.key: "Sửa theo góp ý" for finding in errors_of(rubric)},
        )

    return prepare


def reworded(rubric: Rubric) -> object:
    return Criterion.objects.filter(rubric=rubric, code="A2").update(title="Tiêu chí sửa")


def enlarged(rubric: Rubric) -> object:
    section = Section.objects.get(rubric=rubric, code="B")
    return Criterion.objects.create(
        rubric=rubric, section=section, code="B99", title="Tiêu chí mới", kind="passfail",
        max_points=1, position=99,
    )  # fmt: skip


def move_all(story: Story, actor: User, _reason: str) -> Any:
    return move_sheets(actor=actor, rubric=Rubric.objects.get(version=2), due_on=story.day(3))


SHEET: dict[Key, Deed] = {
    **{
        ("sheet", "move_back", status): sheet("own", status, move_all, reissued(reworded))
        for status in ("appraised", "approved")
    },
    **{
        ("sheet", "move_return", status): sheet("own", moment, move_all, reissued(enlarged))
        for status, moment in (
            ("submitted", "submitted"),
            ("appraising", "appraising"),
            ("explanation_requested", "explaining"),
            ("appraised", "appraised"),
            ("approved", "approved"),
        )
    },
    ("sheet", "finish_first_round", "appraising"): sheet(
        "own", "appraising", on_sheet(finish_appraisal, "own", "reason"), in_two_rounds
    ),
    ("sheet", "back_to_first_round", "second_round"): sheet(
        "own", "appraising", on_sheet(back_to_first_round, "own", "reason"), in_second_round
    ),
    ("sheet", "request_explanation", "second_round"): sheet(
        "own", "appraising", ask, in_second_round
    ),
    ("sheet", "close_in_second_round", "explanation_requested"): sheet(
        "own", "appraising", on_sheet(close_explanations, "own"), argued_in_second_round
    ),
    ("sheet", "finish_second_round", "second_round"): sheet(
        "own", "appraising", on_sheet(finish_appraisal, "own", "reason"), in_second_round
    ),
    ("sheet", "return_to_unit", "second_round"): sheet(
        "own", "appraising", give_back("own"), in_second_round
    ),
    ("sheet", "move_back", "second_round"): sheet(
        "own", "appraising", move_all, both(in_second_round, reissued(reworded))
    ),
    ("sheet", "move_return", "second_round"): sheet(
        "own", "appraising", move_all, both(in_second_round, reissued(enlarged))
    ),
    ("sheet", "start", "not_started"): sheet("own", "self_scoring", start("own")),
    ("sheet", "submit", "drafting"): sheet("own", "drafting", submit("own")),
    **{
        ("sheet", "return_to_unit", status): sheet("own", moment, give_back("own"))
        for status, moment in (
            ("submitted", "submitted"),
            ("appraising", "appraising"),
            ("explanation_requested", "explaining"),
            ("appraised", "appraised"),
            ("approved", "approved"),
        )
    },
    ("sheet", "start_appraisal", "submitted"): sheet(
        "own", "submitted", on_sheet(start_appraisal, "own")
    ),
    ("sheet", "request_explanation", "appraising"): sheet("own", "appraising", ask),
    ("sheet", "close_explanation", "explanation_requested"): sheet(
        "own", "explaining", on_sheet(close_explanations, "own"), answer
    ),
    ("sheet", "finish_appraisal", "appraising"): sheet(
        "own", "explaining", on_sheet(finish_appraisal, "own", "reason"), close_round
    ),
    ("sheet", "approve", "appraised"): sheet("own", "appraised", on_sheet(approve_sheet, "own")),
    ("sheet", "reopen_appraisal", "appraised"): sheet(
        "own", "appraised", on_sheet(reopen_appraisal, "own", "reason")
    ),
    ("sheet", "reopen_appraisal", "approved"): sheet(
        "own", "approved", on_sheet(reopen_appraisal, "own", "reason")
    ),
    ("head_sheet", "start", "not_started"): sheet("head", "self_scoring", start("head")),
    ("head_sheet", "submit", "drafting"): sheet("head", "drafting", submit("head"), fill_head),
    ("head_sheet", "return_to_unit", "submitted"): sheet("head", "submitted", give_back("head")),
    ("head_sheet", "start_appraisal", "submitted"): sheet(
        "head", "submitted", on_sheet(start_appraisal, "head")
    ),
    ("head_sheet", "finish_appraisal", "appraising"): sheet(
        "head", "appraising", on_sheet(finish_appraisal, "head", "reason"), appraise_head
    ),
    ("head_sheet", "approve", "appraised"): sheet(
        "head", "appraised", on_sheet(approve_sheet, "head")
    ),
    ("head_sheet", "reopen_appraisal", "approved"): sheet(
        "head", "approved", on_sheet(reopen_appraisal, "head", "reason")
    ),
}

# ---------------------------------------------------------------- nominations


def nomination(
    moment: str, act: Act, prepare: Callable[[Story], None] = nothing, unit: str = "own"
) -> Deed:
    return Deed(moment, lambda story: story.nomination(unit), act, prepare)


def decide(story: Story, actor: User, reason: str) -> Any:
    """As the quotas propose: own is second."""
    return decide_nomination(
        actor=actor, nomination=story.nomination(), award=story.award("PROV_FLAG"), reason=reason
    )


def decided(story: Story) -> None:
    decide(story, story.leader_of("head"), "")


def to_meeting(story: Story) -> None:
    """The year goes back to its meeting, and the tie is voted on anew."""
    story.step("back_to_meeting", reason="Bỏ phiếu lại")
    story.vote()


def checked_to_meeting(story: Story) -> None:
    confirm(story)
    to_meeting(story)


def give_dossier_back(story: Story) -> None:
    story.step("return_dossier", by="board", reason="Thiếu báo cáo thành tích")


def returned_to_meeting(story: Story) -> None:
    give_dossier_back(story)
    to_meeting(story)


def council(outcome: str) -> Act:
    def act(story: Story, actor: User, reason: str) -> Any:
        lower = story.award("PROV_MERIT") if outcome == "lowered" else None
        return record_council_decision(
            actor=actor,
            nomination=story.nomination(),
            outcome=outcome,
            award=lower,
            document_number="12/QĐ-UBND",
            decided_on=story.day(),
            reason=reason,
        )

    return act


def council_said(outcome: str) -> Callable[[Story], None]:
    return lambda story: council(outcome)(story, story.people["board"], "Theo hồ sơ")


def free_a_place(story: Story) -> None:
    """Other is not proposed after all, so that its award is free."""
    decide_nomination(
        actor=story.leader_of("head"),
        nomination=story.nomination("other"),
        award=None,
        reason="Chưa đủ điều kiện",
    )


def favour_head(story: Story, actor: User, reason: str) -> Any:
    return decide_nomination(
        actor=actor,
        nomination=story.nomination("head"),
        award=story.award("PROV_MERIT"),
        reason=reason,
    )


OUTCOMES = {"approve": "approved", "lower": "lowered", "reject": "rejected"}

NOMINATION: dict[Key, Deed] = {
    ("nomination", "propose", "proposed"): nomination("adopted", step("adopt"), to_meeting),
    ("nomination", "propose", "checked"): nomination("adopted", step("adopt"), checked_to_meeting),
    ("nomination", "propose", "returned"): nomination("sent", step("adopt"), returned_to_meeting),
    ("nomination", "decide", "proposed"): nomination("adopted", decide),
    ("nomination", "decide", "checked"): nomination("adopted", decide, decided),
    ("nomination", "decide", "returned"): nomination("sent", decide, give_dossier_back),
    ("nomination", "send", "checked"): nomination("adopted", step("submit"), confirm),
    ("nomination", "return", "sent"): nomination("sent", step("return_dossier")),
    **{
        ("nomination", name, "sent"): nomination("sent", council(outcome))
        for name, outcome in OUTCOMES.items()
    },
    **{
        ("nomination", name, before): nomination("sent", council(outcome), council_said(before))
        for name, outcome in OUTCOMES.items()
        for before in OUTCOMES.values()
    },
    ("head_nomination", "decide", "proposed"): nomination(
        "adopted", favour_head, free_a_place, unit="head"
    ),
}

DEEDS: dict[Key, Deed] = {**YEAR, **PLEDGE, **RUBRIC, **SHEET, **NOMINATION}
