"""What those acting on others' sheets do, and which units they wait for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from blocs.enums import AppraisedBy, YearStatus
from emulation import clock
from emulation.models import User
from emulation.tasks import Awaited, Task
from emulation.vietnamese import format_date
from pledges.selectors.members import Contact, contacts_of
from scoring.enums import NominationStatus, SheetStatus
from scoring.models import CrossCheck, Nomination, ScoreSheet
from scoring.selectors.competing import competing
from scoring.selectors.own_sheet import owed_sheets
from scoring.selectors.sheets import due_of
from scoring.tasks.seats import WITH_THE_UNIT, Seat

S = YearStatus
T = SheetStatus
TO_APPRAISE = (T.SUBMITTED, T.APPRAISING)
IN_APPRAISAL = (*TO_APPRAISE, T.EXPLANATION_REQUESTED)
CHECKING = ("Kiểm tra chéo", "cross_checks", "ghi ý kiến")
UNDECIDED = (NominationStatus.PROPOSED, NominationStatus.RETURNED)
SHOWN = 3
OWN_SHEET_FIRST = " Đơn vị nộp bảng tự chấm điểm của chính mình trước."


def appraisal_tasks(seat: Seat) -> Iterator[Task]:
    """Yield what those do on other units' sheets who appraise or approve them."""
    if seat.year.status not in {S.SELF_SCORING, S.APPRAISING}:
        return
    url = seat.page("appraisal_list")
    for role, deed, sheets in _deeds(seat):
        if sheets:
            yield _many(seat, seat.capacity(role), deed, url, sheets)
    by_checkers = seat.year.appraised_by == AppraisedBy.CROSS_CHECK
    if by_checkers:
        yield from _to_assign(seat)
    yield from _to_name(seat)
    for deed, page, sheets in (
        ("Thẩm định", "appraise", [] if by_checkers else _of_head_to_appraise(seat)),
        ("Duyệt điểm", "approve", seat.of_head(T.APPRAISED)),
    ):
        if sheets:
            yield Task(
                seat.capacity("Đơn vị thay Trưởng khối"),
                f"{deed} bảng chấm điểm của Trưởng khối",
                reverse(page, args=[sheets[0].pk]),
                detail=f"{sheets[0].membership.unit_name}.{_first(seat)}",
                due_on=seat.appraisal_due,
                ready=not seat.holds_back,
            )


def _of_head_to_appraise(seat: Seat) -> list[ScoreSheet]:
    return [sheet for sheet in seat.of_head(*TO_APPRAISE) if seat.owed_by_rest(sheet)]


def _deeds(seat: Seat) -> Iterator[tuple[str, str, list[ScoreSheet]]]:
    """Yield role, deed and sheets: the head's officers, its leaders, the deputies' officers."""
    head = seat.heads.head
    if head in seat.serves or seat.is_named:
        own = [each for each in seat.to_appraise(head, *TO_APPRAISE) if seat.owed_by_rest(each)]
        yield "Thư ký Khối", "Thẩm định", own
        yield "Thư ký Khối", "Trả lời và kết thúc giải trình", _explained(seat, head)
    if seat.leads_head:
        yield "Trưởng khối", "Duyệt điểm", seat.others(T.APPRAISED)
        yield "Trưởng khối", "Trả lời giải trình", _argued(seat)
    for deputy in seat.heads.deputies:
        if deputy in seat.serves:
            yield "Phó Trưởng khối", "Thẩm định", seat.to_appraise(deputy, *TO_APPRAISE)
            yield "Phó Trưởng khối", "Trả lời và kết thúc giải trình", _explained(seat, deputy)


def _to_name(seat: Seat) -> Iterator[Task]:
    """Yield that lines wait for a department for which nobody is named."""
    if seat.departments is None or not seat.is_secretary:
        return
    owing = {key for each in seat.sheets_in(TO_APPRAISE) for key in seat.left.get(each.pk, {})}
    nobody = {key for key in owing if key and not seat.departments.people.get(key)}
    if nobody:
        yield Task(
            seat.capacity("Thư ký Khối"),
            f"Cử người thẩm định cho {len(nobody)} bộ phận",
            seat.page("appraisers"),
            detail="Tiêu chí của bộ phận chưa có người thì chưa thẩm định được.",
            due_on=seat.appraisal_due,
            count=f"{len(nobody)} bộ phận",
        )


def department_tasks(user: User, seats: Iterable[Seat]) -> Iterator[Task]:
    """Yield the sheets with lines that the person judges or answers for a department: no query."""
    for seat in seats:
        if seat.departments is None or seat.year.status not in {S.SELF_SCORING, S.APPRAISING}:
            continue
        asked = (T.EXPLANATION_REQUESTED,)
        for deed, statuses, lines_of in (
            ("Thẩm định tiêu chí của bộ phận ở", TO_APPRAISE, seat.owed_by),
            ("Trả lời giải trình tiêu chí của bộ phận ở", asked, seat.owes_answers),
        ):
            owed = [(sheet, lines_of(user.pk, sheet)) for sheet in seat.sheets_in(statuses)]
            sheets = [sheet for sheet, lines in owed if lines]
            if sheets:
                capacity, url = seat.capacity("Bộ phận chuyên môn"), seat.page("appraisal_list")
                count = f"{sum(lines for _, lines in owed)} tiêu chí"
                yield replace(_many(seat, capacity, deed, url, sheets), count=count)


def second_round_tasks(user: User, seats: Iterable[Seat]) -> Iterator[Task]:
    """Yield the sheets that wait for a second round by somebody else than who finished the first:
    to be gone through, and once the unit was asked, to be answered and closed. No query.
    """
    for seat in seats:
        if seat.year.status not in {S.SELF_SCORING, S.APPRAISING}:
            continue
        mine = [
            sheet
            for sheet in seat.sheets_in((T.SECOND_ROUND, T.EXPLANATION_REQUESTED))
            if sheet.is_in_second_round
            and sheet.first_round_by_id != user.pk
            and seat.reads_again(sheet)
        ]
        asked = [sheet for sheet in mine if sheet.stage is T.EXPLANATION_REQUESTED]
        for deed, sheets in (
            ("Thẩm định vòng hai", [sheet for sheet in mine if sheet.stage is T.SECOND_ROUND]),
            ("Trả lời và kết thúc giải trình", _ready_to_close(asked)),
        ):
            if sheets:
                capacity, url = seat.capacity("Thẩm định vòng hai"), seat.page("appraisal_list")
                yield _many(seat, capacity, deed, url, sheets)


def _to_assign(seat: Seat) -> Iterator[Task]:
    """Yield that sheets wait for somebody to be assigned, where the assigned ones appraise."""
    others = seat.others(*TO_APPRAISE) if seat.is_secretary else []
    for role, sheets in (
        ("Thư ký Khối", others),
        ("Đơn vị thay Trưởng khối", seat.of_head(*TO_APPRAISE)),
    ):
        waiting = [sheet for sheet in sheets if not getattr(sheet, "is_checked", True)]
        if waiting:
            yield Task(
                seat.capacity(role),
                f"Phân công người kiểm tra chéo cho {len(waiting)} bảng chấm điểm",
                seat.page("cross_check_deal"),
                detail="Người được phân công thẩm định bảng; chưa phân công thì chưa thẩm định "
                "được.",
                due_on=seat.appraisal_due,
                count=f"{len(waiting)} bảng",
            )


def _argued(seat: Seat) -> list[ScoreSheet]:
    """Return the sheets on which a unit argues and nobody has answered.

    Whoever cut a line does not answer it, so the head is told as well.
    """
    return [s for s in seat.others(T.EXPLANATION_REQUESTED) if getattr(s, "argued", False)]


def _explained(seat: Seat, appraiser: int | None) -> list[ScoreSheet]:
    """Return the sheets whose round waits for its appraisers: argued, all said, or over."""
    asked = seat.to_appraise(appraiser, T.EXPLANATION_REQUESTED)
    return _ready_to_close([sheet for sheet in asked if not sheet.is_in_second_round])


def _ready_to_close(asked: list[ScoreSheet]) -> list[ScoreSheet]:
    return [s for s in asked if getattr(s, "argued", False) or not _owes_words(s)]


def _owes_words(sheet: ScoreSheet) -> bool:
    """Whether the unit has lines left to explain and time left to do so."""
    due_on = sheet.explanation_due_on
    in_time = due_on is None or due_on >= clock.today()
    return in_time and bool(getattr(sheet, "unspoken", True))


def _many(seat: Seat, capacity: str, deed: str, url: str, sheets: list[ScoreSheet]) -> Task:
    names = [sheet.membership.unit_name for sheet in sheets]
    more = f" và {len(names) - SHOWN} đơn vị khác" if len(names) > SHOWN else ""
    return Task(
        capacity,
        f"{deed} {len(sheets)} bảng chấm điểm",
        url,
        detail=f"{', '.join(names[:SHOWN])}{more}.{_first(seat)}",
        due_on=seat.appraisal_due,
        count=f"{len(sheets)} bảng",
        ready=not seat.holds_back,
    )


def _first(seat: Seat) -> str:
    return OWN_SHEET_FIRST if seat.holds_back else ""


def nomination_tasks(seats: Iterable[Seat]) -> Iterator[Task]:
    """Yield what the head has to decide before the dossier goes to the board."""
    adopted = [seat for seat in seats if seat.year.status == S.ADOPTED and seat.leads_head]
    if not adopted:
        return
    counts = dict(
        Nomination.objects.filter(
            bloc_year__in=[seat.year for seat in adopted], status__in=UNDECIDED
        )
        .order_by()
        .values_list("bloc_year_id")
        .annotate(Count("pk"))
    )
    for seat in adopted:
        if counts.get(seat.year.pk):
            yield Task(
                seat.capacity("Trưởng khối"),
                "Quyết định đề nghị khen thưởng",
                seat.page("nomination_list"),
                detail="Quyết định từng đề nghị, kể cả không đề nghị, rồi trình Hội đồng.",
                count=f"{counts[seat.year.pk]} đề nghị",
            )


def check_tasks(user: User) -> Iterator[Task]:
    """Yield the sheets that the person was assigned to check and has not yet.

    Where cross-checkers appraise, a sheet stays until their round is finished.
    """
    open_sheets = ScoreSheet.objects.filter(bloc_year__status__in=[S.SELF_SCORING, S.APPRAISING])
    appraises = Q(sheet__bloc_year__appraised_by=AppraisedBy.CROSS_CHECK)
    first_round = Q(sheet__status__in=IN_APPRAISAL, sheet__first_round_at__isnull=True)
    checks = (
        CrossCheck.objects.filter(
            ~appraises & Q(opined_at__isnull=True) | appraises & first_round,
            checker=user,
            ended_at__isnull=True,
            sheet__in=competing(open_sheets).order_by().values("pk"),
        )
        .exclude(sheet__status__in=WITH_THE_UNIT)
        .select_related("sheet__membership", "sheet__bloc_year")
        .annotate(
            waits=Exists(owed_sheets(user.pk).filter(bloc_year=OuterRef("sheet__bloc_year_id")))
        )
        .order_by("assigned_at", "pk")
    )
    for check in checks:
        yield _check_task(check)


def _check_task(check: CrossCheck) -> Task:
    year, waits = check.sheet.bloc_year, bool(getattr(check, "waits", False))
    appraises = year.appraised_by == AppraisedBy.CROSS_CHECK
    deed, page, what = ("Thẩm định", "appraise", "chấm từng tiêu chí") if appraises else CHECKING
    return Task(
        f"Kiểm tra chéo · {year}",
        f"{deed} bảng chấm điểm của {check.sheet.membership.unit_name}",
        reverse(page, args=[check.sheet_id]),
        detail=f"Xem minh chứng từng tiêu chí và {what}.{OWN_SHEET_FIRST if waits else ''}",
        ready=not waits,
    )


def awaited_units(seats: Iterable[Seat]) -> Iterator[Awaited]:
    """Units that have not handed in, or have not explained; for the secretary to telephone."""
    owing = [
        (seat, sheet)
        for seat in seats
        if seat.is_secretary and seat.year.status in {S.SELF_SCORING, S.APPRAISING}
        for sheet in seat.sheets
        if sheet.membership.unit_id not in seat.units
        and (sheet.stage in WITH_THE_UNIT or _is_asked(sheet))
    ]
    contacts = contacts_of(sheet.membership.unit_id for _, sheet in owing) if owing else {}
    for seat, sheet in owing:
        yield _awaited_unit(seat, sheet, contacts.get(sheet.membership.unit_id, Contact()))


def _is_asked(sheet: ScoreSheet) -> bool:
    return sheet.stage is T.EXPLANATION_REQUESTED and bool(getattr(sheet, "unspoken", True))


def _awaited_unit(seat: Seat, sheet: ScoreSheet, contact: Contact) -> Awaited:
    explains = sheet.stage is T.EXPLANATION_REQUESTED
    due_on = sheet.explanation_due_on if explains else due_of(sheet)
    what = "giải trình điểm thẩm định" if explains else "nộp bảng tự chấm điểm"
    until = f" Thời hạn: hết ngày {format_date(due_on)}." if due_on else ""
    unit = sheet.membership.unit_name
    return Awaited(
        capacity=seat.capacity("Thư ký Khối"),
        what=what,
        unit=unit,
        contact=contact.words,
        phone=contact.phone,
        reminder=f"Kính gửi {unit}: {seat.year} đề nghị đơn vị {what} trên hệ thống.{until} "
        "Trân trọng cảm ơn.",
        note=_note(due_on),
    )


def _note(due_on: dt.date | None) -> str:
    if due_on is None:
        return ""
    late = (clock.today() - due_on).days
    return f"quá hạn {late} ngày" if late > 0 else f"hạn {format_date(due_on)}"
