"""Rubric versions: drafted, copied, consulted on, issued and frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from blocs.models import BlocYear, Meeting, Membership
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, Verdict, require
from emulation.models import User
from emulation.notices.announcing import announce
from emulation.workflow import REASON_MAX_LENGTH
from scoring.enums import CommentProposal, LatePolicy, RankStyle, RubricStatus
from scoring.models import Criterion, Rubric, RubricComment
from scoring.permissions.rubric import (
    can_comment_for,
    can_create_rubric,
    can_record_comment,
    can_reply,
)
from scoring.rules.numbers import CENT
from scoring.rules.rubric import GradeBand as GradeRules
from scoring.rules.rubric import RubricError, RubricRules, from_document, to_document
from scoring.selectors.rubrics import errors_of, rules_of
from scoring.services.rubric_rows import signed, write_grades, write_rows
from scoring.services.rubric_workflow import RUBRIC_WORKFLOW

TEXT_LENGTH = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricSettings:
    """What a table says as a whole; bounds that are None do not exist."""

    title: str
    scale_max: Decimal = Decimal(100)
    plus_cap: Decimal | None = None
    minus_cap: Decimal | None = None
    floor: Decimal | None = Decimal(0)
    ceiling: Decimal | None = None
    rounding: Decimal = CENT
    scale_back: bool = False
    rank_capped: bool = False
    rank_style: str = RankStyle.STANDARD
    tie_breaks: Sequence[str] = ()
    late_policy: str = LatePolicy.MINUS

    def columns(self) -> dict[str, Any]:
        """Return the settings as columns of the rubric's row."""
        return asdict(self) | {"tie_breaks": list(self.tie_breaks)}


# ---------------------------------------------------------------- drafting


def create_rubric(
    *,
    actor: User,
    bloc_year: BlocYear,
    document: Mapping[str, Any],
    is_example: bool = False,
    note: str = "",
    source: Rubric | None = None,
) -> Rubric:
    """Draft the next version from a JSON document as ``scoring.rules`` reads it.

    Effects, in order: the document read; the rubric's row, sections, criteria and grades
    written; the first record of its log. ``source`` is the table that the document was copied from.
    ``late_policy`` ("minus", "refuse") may stand in the
    document. Raises Refused, ValidationError (what cannot be read or kept, and where).
    """
    try:
        rules = from_document(document)
    except RubricError as error:
        raise ValidationError({"document": str(error)}) from error
    settings = settings_of(rules, str(document.get("late_policy", LatePolicy.MINUS)))
    with transaction.atomic():
        rubric = _new_version(actor, bloc_year, settings, is_example=is_example, note=note)
        write_rows(rubric, rules, actor, source)
    return rubric


def draft_rubric(
    *,
    actor: User,
    bloc_year: BlocYear,
    settings: RubricSettings,
    grades: Sequence[GradeRules] = (),
) -> Rubric:
    """Draft the next version from scratch: settings and grades, no section yet.

    Effects, in order: the rubric's row; the first record of its log; the grades. Raises Refused,
    ValidationError.
    """
    with transaction.atomic():
        rubric = _new_version(actor, bloc_year, settings)
        write_grades(rubric, grades)
    return rubric


def copy_rubric(*, actor: User, bloc_year: BlocYear, source: Rubric) -> Rubric:
    """Draft the next version as a copy of an issued table of the same bloc, of any year.

    Effects as of :func:`create_rubric`. Raises Refused, Conflict (not issued, another bloc).
    """
    same_bloc = source.bloc_year.bloc_id == bloc_year.bloc_id
    if not same_bloc or source.stage not in {RubricStatus.ISSUED, RubricStatus.SUPERSEDED}:
        raise Conflict("Chỉ sao chép được bảng chấm điểm đã ban hành của chính Khối này.")
    document = to_document(rules_of(source)) | {"late_policy": source.late_policy}
    return create_rubric(
        actor=actor,
        bloc_year=bloc_year,
        document=document,
        is_example=source.is_example,
        source=source,
    )


def settings_of(rules: RubricRules, late_policy: str) -> RubricSettings:
    """Return the settings that a rubric's rules state; ValidationError for a policy unknown."""
    if late_policy not in LatePolicy.values:
        raise ValidationError({"document": f"Không hiểu cách xử lý nộp muộn “{late_policy}”."})
    return RubricSettings(
        title=rules.title,
        scale_max=rules.scale_max,
        plus_cap=rules.plus_cap,
        minus_cap=rules.minus_cap,
        floor=rules.floor,
        ceiling=rules.ceiling,
        rounding=rules.rounding,
        scale_back=rules.scale_back,
        rank_capped=rules.rank_capped,
        rank_style=rules.rank_style.value,
        tie_breaks=rules.tie_breaks,
        late_policy=late_policy,
    )


def _new_version(
    actor: User,
    bloc_year: BlocYear,
    settings: RubricSettings,
    *,
    is_example: bool = False,
    note: str = "",
) -> Rubric:
    """Write the row of the next version and the first record of its log."""
    bloc_year = BlocYear.objects.select_for_update().get(pk=bloc_year.pk)
    standing = standing_in(actor, bloc_year)
    require(can_create_rubric(standing, bloc_year))
    latest = Rubric.objects.filter(bloc_year=bloc_year).aggregate(version=Max("version"))
    rubric = Rubric(
        bloc_year=bloc_year,
        version=(latest["version"] or 0) + 1,
        is_example=is_example,
        note=note,
        **settings.columns(),
    )
    rubric.full_clean()
    signed(rubric, actor).save()
    RUBRIC_WORKFLOW.begin(rubric, actor=actor, acting=standing.acting_head)
    return rubric


def locked_rubric(rubric: Rubric, actor: User) -> Rubric:
    """Return the rubric's row, locked, with its year; ``actor`` signs what is saved of it."""
    rows = Rubric.objects.select_for_update(of=("self",)).select_related("bloc_year__bloc")
    locked: Rubric = signed(rows.get(pk=rubric.pk), actor)
    return locked


# ---------------------------------------------------------------- steps


def open_rubric_consultation(*, actor: User, rubric: Rubric) -> Rubric:
    """Send a draft to the members for comment.

    Effects, in order: gateway (status, permission, blockers, record). Raises Conflict, Refused.
    """
    with transaction.atomic():
        rubric = locked_rubric(rubric, actor)
        RUBRIC_WORKFLOW.take("consult", rubric, actor=actor)
    return rubric


def withdraw_rubric(*, actor: User, rubric: Rubric, reason: str) -> Rubric:
    """Take a table back from consultation; comments stay.

    Effects, in order: gateway. Raises Conflict, Refused, ValidationError (no reason).
    """
    with transaction.atomic():
        rubric = locked_rubric(rubric, actor)
        RUBRIC_WORKFLOW.take("back_to_draft", rubric, actor=actor, reason=reason)
    return rubric


def issue_rubric(
    *,
    actor: User,
    rubric: Rubric,
    issued_on: dt.date | None = None,
    document_number: str = "",
    reason: str = "",
    waivers: Mapping[str, str] | None = None,
) -> Rubric:
    """Issue and freeze a table; number and date are what the clerk typed.

    Every error of the check is waived with a reason of its own: ``waivers`` has it by the
    finding's key. ``reason`` is for issuing with comments unanswered.

    Effects, in order: the errors waived; the version in force, if any, superseded (sheets stay
    pinned to it); gateway; issue data and waivers written. Raises Conflict, Refused,
    ValidationError.
    """
    with transaction.atomic():
        rubric = locked_rubric(rubric, actor)
        offer = RUBRIC_WORKFLOW.offer(actor, rubric, "issue")
        require(offer.verdict)
        if rubric.status in offer.transition.sources and not offer.hard:
            rubric.waivers = _waived(rubric, waivers or {})
            _supersede(actor, rubric)
        rubric.issued_on, rubric.document_number = issued_on, document_number.strip()
        rubric.issued_at, rubric.issued_by = clock.now(), actor
        also = ["issued_on", "document_number", "issued_at", "issued_by", "waivers"]
        RUBRIC_WORKFLOW.take("issue", rubric, actor=actor, reason=reason, also=also)
    return rubric


def _waived(rubric: Rubric, waivers: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rubric's errors with their reasons; ValidationError where one has none."""
    waived, refused = [], []
    for finding in errors_of(rubric):
        reason = waivers.get(finding.key, "").strip()
        if not reason:
            refused.append(
                f"{finding.place}: {finding.message} Đề nghị sửa, hoặc ghi lý do chấp nhận lỗi này."
            )
        elif len(reason) > REASON_MAX_LENGTH:
            refused.append(
                f"{finding.place}: lý do dài {len(reason)} ký tự; tối đa {REASON_MAX_LENGTH} "
                "ký tự. Đề nghị viết gọn lại."
            )
        waived.append(
            {
                "rule": finding.rule.value,
                "place": finding.place,
                "message": finding.message,
                "reason": reason,
            }
        )
    if refused:
        raise ValidationError({"waivers": refused})
    return waived


def _supersede(actor: User, successor: Rubric) -> None:
    in_force = Rubric.objects.filter(
        bloc_year_id=successor.bloc_year_id, status=RubricStatus.ISSUED
    ).first()
    if in_force is not None:
        RUBRIC_WORKFLOW.take("supersede", signed(in_force, actor), actor=actor)


# ---------------------------------------------------------------- comments


def comment_on_rubric(
    *,
    actor: User,
    rubric: Rubric,
    membership: Membership | None,
    text: str,
    criterion: Criterion | None = None,
    proposal: str = CommentProposal.OTHER,
    meeting: Meeting | None = None,
    merge_with: Criterion | None = None,
) -> RubricComment:
    """Comment on a criterion, or on the whole table where ``criterion`` is None.

    ``merge_with`` is the other criterion of a proposal to merge; the text begins by naming it.
    People of the unit comment for it; the secretary enters what any member, or nobody in
    particular (``membership`` None), said at ``meeting``. Effects, in order: the comment written.
    Raises Refused, ValidationError.
    """
    with transaction.atomic():
        rubric = locked_rubric(rubric, actor)
        standing = standing_in(actor, rubric.bloc_year)
        require(_may_speak(standing, rubric, membership))
        _check_comment(rubric, membership, text, criterion, proposal, meeting)
        text = _with_merge(criterion, proposal, merge_with, text.strip())
        own = membership is not None and membership.unit_id in standing.units
        if not own and meeting is None:
            raise ValidationError({"meeting": "Đề nghị chọn hội nghị tại đó ý kiến được nêu."})
        comment = RubricComment.objects.create(
            rubric=rubric,
            criterion=criterion,
            criterion_code=criterion.code if criterion else "",
            membership=membership,
            author=actor,
            meeting=meeting,
            proposal=proposal,
            text=text,
            made_at=clock.now(),
        )
        announce("rubric_comment.add", comment, actor)
    return comment


def _with_merge(
    criterion: Criterion | None, proposal: str, other: Criterion | None, text: str
) -> str:
    """Return the text of a comment; that of a proposal to merge names the other criterion first."""
    if proposal != CommentProposal.MERGE:
        return text
    errors = {}
    if criterion is None:
        errors["criterion"] = "Đề nghị chọn tiêu chí được đề nghị gộp."
    if other is None:
        errors["merge_with"] = "Đề nghị chọn tiêu chí gộp cùng."
    elif criterion and (other.pk == criterion.pk or other.rubric_id != criterion.rubric_id):
        errors["merge_with"] = "Đề nghị chọn một tiêu chí khác của bảng này."
    if errors or other is None:
        raise ValidationError(errors)
    whole = f"Gộp với tiêu chí {other.code}: {other.title}\n{text}"
    too_long = _text_errors("text", whole, "ý kiến góp ý")
    if too_long:
        raise ValidationError(too_long)
    return whole


def _may_speak(standing: Standing, rubric: Rubric, membership: Membership | None) -> Verdict:
    if membership is not None and membership.unit_id in standing.units:
        return can_comment_for(standing, rubric, membership.unit_id)
    return can_record_comment(standing, rubric)


def _check_comment(
    rubric: Rubric,
    membership: Membership | None,
    text: str,
    criterion: Criterion | None,
    proposal: str,
    meeting: Meeting | None,
) -> None:
    errors = _text_errors("text", text, "ý kiến góp ý")
    if membership is not None and membership.bloc_year_id != rubric.bloc_year_id:
        errors["membership"] = "Đơn vị không thuộc Khối của năm này."
    if criterion is not None and criterion.rubric_id != rubric.pk:
        errors["criterion"] = "Tiêu chí không thuộc bảng chấm điểm này."
    if meeting is not None and meeting.bloc_year_id != rubric.bloc_year_id:
        errors["meeting"] = "Hội nghị không thuộc năm thi đua này."
    if proposal not in CommentProposal.values:
        errors["proposal"] = "Đề nghị chọn một đề nghị trong danh sách."
    if errors:
        raise ValidationError(errors)


def _text_errors(field: str, text: str, what: str) -> dict[str, Any]:
    if not text.strip():
        return {field: f"Đề nghị ghi {what}."}
    if len(text.strip()) > TEXT_LENGTH:
        return {
            field: f"Nội dung dài {len(text.strip())} ký tự; tối đa {TEXT_LENGTH} ký tự. "
            "Đề nghị viết gọn lại."
        }
    return {}


def reply_to_rubric_comment(*, actor: User, comment: RubricComment, reply: str) -> RubricComment:
    """Answer a comment, once, for the head.

    Effects, in order: the reply written with its author and time. Raises Refused, Conflict
    (already answered), ValidationError.
    """
    with transaction.atomic():
        rubric = locked_rubric(comment.rubric, actor)
        comment = RubricComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        comment.rubric = rubric
        require(can_reply(standing_in(actor, rubric.bloc_year), comment))
        errors = _text_errors("reply", reply, "nội dung trả lời")
        if errors:
            raise ValidationError(errors)
        if comment.reply:
            raise Conflict("Ý kiến này đã được trả lời.", [comment.reply, reply.strip()])
        comment.reply, comment.replied_by, comment.replied_at = reply.strip(), actor, clock.now()
        comment.save(update_fields=["reply", "replied_by", "replied_at"])
        announce("rubric_comment.reply", comment, actor)
    return comment
