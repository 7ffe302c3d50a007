"""What in scoring stands in the way of a year's step, each with the units concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from django.db.models import QuerySet
from django.urls import reverse

from blocs.enums import DeadlineKind
from blocs.models import BlocYear, Membership
from blocs.selectors.standing import heads_of
from blocs.standing import NO_STAND_IN, Heads
from emulation import clock
from emulation.vietnamese import format_date
from emulation.workflow import Blocker, Transition
from scoring.enums import AppealStatus, RubricStatus, SheetStatus
from scoring.models import Appeal, CouncilDecision, Dispute, Rubric, RubricComment, ScoreSheet
from scoring.permissions.results import appeal_ends_on
from scoring.rules.grounds import Ground
from scoring.selectors.competing import competing
from scoring.selectors.gathering import rulebook_of
from scoring.selectors.ranking import is_too_short, live_ranking
from scoring.selectors.results import (
    awaiting_decision,
    latest_snapshot,
    undecided_nominations,
)
from scoring.selectors.rubric_versions import sheets_behind
from scoring.selectors.rubrics import issued_rubric

Check = Callable[[BlocYear], Iterable[Blocker]]

WITH_THE_UNIT = (SheetStatus.NOT_STARTED, SheetStatus.DRAFTING)


def year_blockers(bloc_year: BlocYear, transition: Transition) -> Iterable[Blocker]:
    """Yield what blocks ``transition`` by the table of the year, as far as scoring knows."""
    for check in CHECKS.get(transition.name, ()):
        yield from check(bloc_year)


def handed_in(membership: Membership, kind: str) -> bool:
    """Return whether the unit has handed its self-score in; then that deadline is not extended."""
    if kind != DeadlineKind.SELF_SCORE:
        return False
    sheets = ScoreSheet.objects.filter(membership=membership, first_submitted_at__isnull=False)
    return sheets.exists()


def first_received(year_ids: Collection[int], kind: str) -> Mapping[int, dt.datetime]:
    """Return when members first handed their self-score in, by membership id."""
    if kind != DeadlineKind.SELF_SCORE:
        return {}
    sheets = ScoreSheet.objects.filter(bloc_year__in=year_ids, first_submitted_at__isnull=False)
    rows = sheets.order_by("pk").values_list("membership_id", "first_submitted_at")
    return {member: at for member, at in rows if at}


# ---------------------------------------------------------------- up to the meeting


def _no_rubric(bloc_year: BlocYear) -> Iterator[Blocker]:
    if not Rubric.objects.filter(bloc_year=bloc_year, status=RubricStatus.ISSUED).exists():
        yield Blocker(
            "Chưa ban hành bảng chấm điểm.", url=reverse("rubric_list", args=[bloc_year.pk])
        )


def _comments_open(bloc_year: BlocYear) -> Iterator[Blocker]:
    """Comments on a draft that is out for comment wait for an answer; issued, they get none."""
    drafts = Rubric.objects.filter(bloc_year=bloc_year, status=RubricStatus.CONSULTING)
    waiting = RubricComment.objects.filter(rubric__in=drafts, reply="")
    count, rubric = waiting.count(), drafts.order_by("-version").first()
    if count and rubric:
        yield Blocker(
            f"Còn {count} ý kiến góp ý bảng chấm điểm chưa trả lời.",
            hard=False,
            effect="Ý kiến vẫn trả lời được cho đến khi ban hành lần chấm điểm mới.",
            url=reverse("rubric_comments", args=[rubric.pk]),
        )


def _mixed_versions(bloc_year: BlocYear) -> Iterator[Blocker]:
    """The table ranks sheets scored on one version: the one in force."""
    rubric = issued_rubric(bloc_year)
    behind = sheets_behind(rubric).select_related("membership") if rubric else ()
    names = tuple(sheet.membership.unit_name for sheet in behind)
    if rubric and names:
        yield Blocker(
            f"Còn {len(names)} bảng tự chấm theo lần ban hành trước, chưa chuyển sang lần "
            f"{rubric.version}:",
            names=names,
            url=reverse("rubric_move", args=[rubric.pk]),
        )


def _sheets_missing(bloc_year: BlocYear) -> Iterator[Blocker]:
    missing = _sheets(bloc_year).filter(status__in=WITH_THE_UNIT)
    names = tuple(sheet.membership.unit_name for sheet in missing)
    if names:
        yield Blocker(
            f"Còn {len(names)} đơn vị chưa nộp bảng tự chấm điểm:",
            hard=False,
            names=names,
            effect="Bảng nộp sau vẫn được thẩm định và bị tính nộp muộn; đơn vị không nộp phải "
            "được ghi là không xét thi đua trước khi trình hội nghị.",
            url=reverse("sheet_list", args=[bloc_year.pk]),
        )


def _sheets_untreated(bloc_year: BlocYear) -> Iterator[Blocker]:
    """Every sheet handed in is approved, or its dispute is listed for the meeting."""
    disputed = Dispute.objects.filter(sheet__bloc_year=bloc_year, resolved_at__isnull=True).values(
        "sheet_id"
    )
    yield from _waiting_for_approval(bloc_year, _unapproved(bloc_year).exclude(pk__in=disputed))


def _sheets_unapproved(bloc_year: BlocYear) -> Iterator[Blocker]:
    """At adoption a listed dispute is no excuse any more: its sheet has been settled, approved."""
    yield from _waiting_for_approval(bloc_year, _unapproved(bloc_year))


def _unapproved(bloc_year: BlocYear) -> QuerySet[ScoreSheet]:
    return _sheets(bloc_year).exclude(status__in=[*WITH_THE_UNIT, SheetStatus.APPROVED])


def _waiting_for_approval(bloc_year: BlocYear, waiting: QuerySet[ScoreSheet]) -> Iterator[Blocker]:
    heads = heads_of(bloc_year)
    head = heads.head
    others = tuple(s.membership.unit_name for s in waiting if s.membership.unit_id != head)
    if others:
        yield Blocker(
            f"Còn {len(others)} bảng chấm điểm chưa được duyệt:",
            names=others,
            url=reverse("appraisal_list", args=[bloc_year.pk]),
        )
    yield from _head_unapproved(bloc_year, waiting, heads)


def _head_unapproved(
    bloc_year: BlocYear, waiting: Iterable[ScoreSheet], heads: Heads
) -> Iterator[Blocker]:
    mine = [sheet for sheet in waiting if sheet.membership.unit_id == heads.head]
    if not mine:
        return
    text = "Đơn vị thay Trưởng khối chưa duyệt bảng chấm điểm của Trưởng khối:"
    yield Blocker(
        text if heads.stand_in else NO_STAND_IN,
        names=tuple(sheet.membership.unit_name for sheet in mine),
        url=reverse("appraisal_list", args=[bloc_year.pk]),
    )


def _missing_unrecorded(bloc_year: BlocYear) -> Iterator[Blocker]:
    """Every member without a submitted sheet is recorded as not considered."""
    live = live_ranking(bloc_year)
    names = tuple(each.unit for each in live.without_place if not each.is_submitted)
    if names:
        yield Blocker(
            f"Còn {len(names)} đơn vị không nộp bảng tự chấm điểm mà chưa được ghi là không xét "
            "thi đua:",
            names=names,
            url=reverse("standing_decision_list", args=[bloc_year.pk]),
        )


def _too_short(bloc_year: BlocYear) -> Iterator[Blocker]:
    """Members below the year's minimum of months on whom nobody has decided."""
    live, rulebook = live_ranking(bloc_year), rulebook_of(bloc_year)
    excluded = {each.key for each in live.ranking.excluded}
    names = tuple(
        f"{member.unit} ({member.months} tháng)"
        for member in live.competing
        if is_too_short(member, rulebook)
        and member.pk not in excluded
        and not any(each.ground is Ground.TOO_SHORT for each in member.decisions.values())
    )
    if names:
        yield Blocker(
            f"{len(names)} đơn vị ở trong Khối chưa đủ {rulebook.min_months} tháng:",
            hard=False,
            names=names,
            effect="Đơn vị vẫn có trong bảng tổng hợp, ghi rõ căn cứ; hội nghị quyết định có xét "
            "hay không.",
            url=reverse("standing_decision_list", args=[bloc_year.pk]),
        )


# ---------------------------------------------------------------- the meeting


def _ties_waiting(bloc_year: BlocYear) -> Iterator[Blocker]:
    live = live_ranking(bloc_year)
    for keys in live.ranking.ties_pending:
        row = live.ranking.row(keys[0])
        yield Blocker(
            f"Các đơn vị cùng hạng {row.rank} chưa được phân định. {row.tie_pending}",
            names=live.names(keys),
            url=reverse("ballot_list", args=[bloc_year.pk]),
        )
    if not live.ranking.ranked:
        yield Blocker("Chưa đơn vị nào có thứ hạng.")


def _disputes_open(bloc_year: BlocYear) -> Iterator[Blocker]:
    disputes = (
        Dispute.objects.filter(sheet__in=_sheets(bloc_year).order_by(), resolved_at__isnull=True)
        .select_related("sheet__membership")
        .order_by("sheet__membership__sorting", "pk")
    )
    names = tuple(dict.fromkeys(each.sheet.membership.unit_name for each in disputes))
    if names:
        yield Blocker(
            "Hội nghị chưa kết luận về điểm chưa thống nhất của:",
            names=names,
            url=reverse("appraisal_list", args=[bloc_year.pk]),
        )


# ---------------------------------------------------------------- the dossier


def _proposals_undecided(bloc_year: BlocYear) -> Iterator[Blocker]:
    url = reverse("nomination_list", args=[bloc_year.pk])
    if latest_snapshot(bloc_year) is None:
        yield Blocker("Chưa có bảng xếp hạng được thông qua.")
    names = tuple(each.membership.unit_name for each in undecided_nominations(bloc_year))
    if names:
        yield Blocker(
            f"Trưởng khối chưa quyết định {len(names)} đề nghị khen thưởng:", names=names, url=url
        )


def _decisions_missing(bloc_year: BlocYear) -> Iterator[Blocker]:
    names = tuple(each.membership.unit_name for each in awaiting_decision(bloc_year))
    if names:
        yield Blocker(
            f"Chưa ghi quyết định của Hội đồng về {len(names)} đề nghị:",
            names=names,
            url=reverse("decision_list", args=[bloc_year.pk]),
        )


def _decisions_recorded(bloc_year: BlocYear) -> Iterator[Blocker]:
    recorded = CouncilDecision.objects.filter(nomination__bloc_year=bloc_year)
    names = tuple(
        recorded.order_by("nomination__membership__sorting").values_list(
            "nomination__membership__unit_name", flat=True
        )
    )
    if names:
        yield Blocker(
            "Đã ghi quyết định của Hội đồng nên không trả lại hồ sơ được:",
            names=names,
            url=reverse("decision_list", args=[bloc_year.pk]),
        )


def _is_published(bloc_year: BlocYear) -> Iterator[Blocker]:
    if bloc_year.published_at is not None:
        yield Blocker("Kết quả đã được công bố; chỉ còn thay đổi khi giải quyết kiến nghị.")


# ---------------------------------------------------------------- closing


def _not_published(bloc_year: BlocYear) -> Iterator[Blocker]:
    ends_on = appeal_ends_on(bloc_year)
    if ends_on is None:
        yield Blocker("Kết quả chưa được công bố.", url=reverse("publish", args=[bloc_year.pk]))
    elif clock.today() <= ends_on:
        yield Blocker(f"Còn thời hạn kiến nghị đến hết ngày {format_date(ends_on)}.")


def _appeals_open(bloc_year: BlocYear) -> Iterator[Blocker]:
    appeals = (
        Appeal.objects.filter(bloc_year=bloc_year, status=AppealStatus.OPEN)
        .select_related("membership")
        .order_by("membership__sorting", "pk")
    )
    names = tuple(each.membership.unit_name for each in appeals)
    if names:
        yield Blocker(
            f"Còn {len(names)} kiến nghị chưa giải quyết:",
            names=names,
            url=reverse("appeal_list", args=[bloc_year.pk]),
        )


# ---------------------------------------------------------------- shared


def _sheets(bloc_year: BlocYear) -> QuerySet[ScoreSheet]:
    """Return the sheets that matter: one that is only kept holds nobody up."""
    return (
        competing(ScoreSheet.objects.filter(bloc_year=bloc_year))
        .select_related("membership")
        .order_by("membership__sorting", "pk")
    )


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "open_self_scoring": (_no_rubric, _comments_open),
    "start_appraising": (_sheets_missing,),
    "table": (_mixed_versions, _sheets_untreated, _missing_unrecorded, _too_short),
    "adopt": (_ties_waiting, _disputes_open, _sheets_unapproved),
    "submit": (_proposals_undecided,),
    "return_dossier": (_decisions_recorded,),
    "decide": (_decisions_missing,),
    "reopen_decision": (_is_published,),
    "close": (_not_published, _appeals_open),
}
