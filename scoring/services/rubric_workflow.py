"""A rubric version as a state machine: consultation, issue, replacement."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation.access import Verdict
from emulation.models import User
from emulation.workflow import Acting, Blocker, Offer, Transition, Workflow
from scoring.enums import RubricStatus
from scoring.models import Rubric, RubricTransition
from scoring.permissions.rubric import can_consult, can_issue
from scoring.rules.lint import errors
from scoring.rules.rubric import RubricError, RubricRules
from scoring.selectors.rubrics import open_comment_count, rules_of

S = RubricStatus

CONSULT = Transition(
    "consult",
    (S.DRAFT,),
    S.CONSULTING,
    "Gửi các đơn vị góp ý",
    "Các đơn vị thành viên xem dự thảo và góp ý từng tiêu chí.",
)
BACK_TO_DRAFT = Transition(
    "back_to_draft",
    (S.CONSULTING,),
    S.DRAFT,
    "Rút về để soạn lại",
    "Các đơn vị không xem được dự thảo cho đến khi gửi góp ý lại; ý kiến đã có được giữ nguyên.",
    needs_reason=True,
)
ISSUE = Transition(
    "issue",
    (S.DRAFT, S.CONSULTING),
    S.ISSUED,
    "Ban hành bảng chấm điểm",
    "Bảng được khóa, không sửa được nữa; các đơn vị tự chấm điểm theo bảng này.",
)
SUPERSEDE = Transition(
    "supersede",
    (S.ISSUED,),
    S.SUPERSEDED,
    "Thay thế bảng chấm điểm",
    "Bảng cũ được lưu để tra cứu; bảng chấm điểm đã mở theo bảng cũ giữ nguyên.",
)

BY: dict[str, Callable[[Standing, Rubric], Verdict]] = {
    CONSULT.name: can_consult,
    BACK_TO_DRAFT.name: can_consult,
    ISSUE.name: can_issue,
    SUPERSEDE.name: can_issue,
}


def _permitted(user: User, rubric: Rubric, transition: Transition) -> Verdict:
    return BY[transition.name](standing_in(user, rubric.bloc_year), rubric)


def _acting(user: User, rubric: Rubric, _transition: Transition) -> Acting:
    return standing_in(user, rubric.bloc_year).acting_head


def _blockers(rubric: Rubric, transition: Transition) -> Iterable[Blocker]:
    if transition.name not in {CONSULT.name, ISSUE.name}:
        return
    try:
        rules = rules_of(rubric)
    except RubricError as error:
        yield Blocker(f"{error.place}: {error.message}")
        return
    if not rules.places:
        yield Blocker("Bảng chấm điểm chưa có tiêu chí nào.")
    if transition.name == ISSUE.name:
        yield from _errors(rubric, rules)
        yield from _unanswered(rubric)


def _errors(rubric: Rubric, rules: RubricRules) -> Iterable[Blocker]:
    """Yield the errors that the rubric's waivers do not cover, as official tables need some."""
    waived = {(each["rule"], each["place"]) for each in rubric.waivers}
    for finding in errors(rules):
        if (finding.rule.value, finding.place) not in waived:
            yield Blocker(
                f"{finding.place}: {finding.message}",
                hard=False,
                effect="Ban hành như vậy thì phải ghi lý do riêng của lỗi này.",
            )


def _unanswered(rubric: Rubric) -> Iterable[Blocker]:
    count = open_comment_count(rubric)
    if count:
        yield Blocker(
            f"Còn {count} ý kiến góp ý chưa trả lời.",
            hard=False,
            effect="Ban hành rồi thì không trả lời được nữa.",
        )


RUBRIC_WORKFLOW = Workflow(
    subject="rubric",
    record=RubricTransition,
    transitions=(CONSULT, BACK_TO_DRAFT, ISSUE, SUPERSEDE),
    permitted=_permitted,
    acting=_acting,
    blockers=_blockers,
)


def offers_for(standing: Standing, rubric: Rubric) -> dict[str, Offer]:
    """Return what leaves the version's present status, for a person whose standing is known."""
    return {
        each.name: Offer(each, BY[each.name](standing, rubric), tuple(_blockers(rubric, each)))
        for each in RUBRIC_WORKFLOW.transitions
        if rubric.status in each.sources
    }
