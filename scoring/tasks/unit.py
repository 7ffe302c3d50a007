"""What a unit does: score itself, hand in, explain, comment on the table; who makes the table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.urls import reverse

from blocs.enums import PostRole, YearStatus
from emulation import clock
from emulation.tasks import Task
from emulation.vietnamese import format_date, format_moment
from scoring.enums import PaperAnswer, RemarkKind, RubricStatus, SheetStatus
from scoring.models import Rubric, ScoreSheet
from scoring.permissions.results import appeal_ends_on
from scoring.selectors.rubrics import with_open_comments
from scoring.selectors.sheets import due_of
from scoring.tasks.seats import WITH_THE_UNIT, Seat

S = YearStatus
T = SheetStatus
HANDED_IN = (
    *(T.SUBMITTED, T.APPRAISING, T.SECOND_ROUND),
    *(T.EXPLANATION_REQUESTED, T.APPRAISED, T.APPROVED),
)


def unit_tasks(seat: Seat) -> Iterator[Task]:
    """Yield what the person's own units owe: the self-score, an explanation."""
    if seat.year.status in {S.SELF_SCORING, S.APPRAISING}:
        for sheet in seat.own(*WITH_THE_UNIT):
            yield _score_task(seat, sheet)
            yield from _review_task(seat, sheet)
            yield from _inside_task(seat, sheet)
        for sheet in seat.own(*HANDED_IN):
            yield from _confirm_task(seat, sheet)
        for sheet in seat.own(T.EXPLANATION_REQUESTED):
            if not getattr(sheet, "unspoken", True):
                continue
            yield Task(
                _of_unit(seat, sheet),
                "Giải trình điểm thẩm định",
                reverse("explanations", args=[sheet.pk]),
                detail="Trả lời các tiêu chí có chênh lệch; quá hạn coi như không có ý kiến.",
                due_on=sheet.explanation_due_on,
            )


def handed_in(seat: Seat) -> Iterator[Task]:
    """Yield the sheets of the person's own units that are handed in: when, and what comes next."""
    if seat.year.status not in {S.SELF_SCORING, S.APPRAISING}:
        return
    for sheet in seat.own(*HANDED_IN):
        when = f"Nộp lúc {format_moment(sheet.submitted_at)}. " if sheet.submitted_at else ""
        face = sheet.stage.face_of_round(is_spoken=not getattr(sheet, "unspoken", True))
        yield Task(
            _of_unit(seat, sheet),
            "Bảng tự chấm điểm: xem biên nhận",
            reverse("sheet_receipt", args=[sheet.pk]),
            detail=f"{when}{face.what_next}",
            count=face.unit,
        )


def published_tasks(seat: Seat) -> Iterator[Task]:
    """Yield where to read a published result, as long as an appeal may be filed."""
    last = appeal_ends_on(seat.year)
    if last is None or clock.today() > last or not seat.own(*T):
        return
    yield Task(
        seat.capacity("Đơn vị thành viên"),
        "Xem kết quả đã công bố",
        seat.page("ranking"),
        detail=f"Nhận kiến nghị về kết quả đến hết ngày {format_date(last)}.",
    )


def _of_unit(seat: Seat, sheet: ScoreSheet) -> str:
    leads = sheet.membership.unit_id in seat.leads
    role = PostRole.LEADER if leads else PostRole.OFFICER
    return f"{role.label} {sheet.membership.unit_name} · {seat.year}"


def _score_task(seat: Seat, sheet: ScoreSheet) -> Task:
    missing: int = getattr(sheet, "missing_lines")  # noqa: B009 - annotated by the seats
    is_whole = missing == 0
    leads = sheet.membership.unit_id in seat.leads
    title = "Nộp bảng tự chấm điểm" if is_whole or leads else "Tự chấm điểm"
    returned = bool(sheet.returned_due_on and sheet.first_submitted_at)
    detail = "Đã chấm đủ tiêu chí; xem lại một lượt rồi nộp."
    return Task(
        _of_unit(seat, sheet),
        f"{title} (Khối trả lại)" if returned else title,
        reverse("sheet", args=[sheet.pk]),
        detail=detail if is_whole else _how_far(sheet, missing),
        due_on=due_of(sheet),
        count=f"{missing} mục" if missing else "",
    )


def _review_task(seat: Seat, sheet: ScoreSheet) -> Iterator[Task]:
    count: int = getattr(sheet, "review_lines")  # noqa: B009 - annotated by the seats
    if count:
        yield Task(
            _of_unit(seat, sheet),
            f"Xem lại {count} dòng vì bảng chấm điểm ban hành lần {sheet.rubric.version}",
            reverse("sheet", args=[sheet.pk]),
            detail="Số liệu đã nhập được giữ; sửa nếu cần hoặc bấm “Đã xem lại” ở từng dòng.",
            due_on=due_of(sheet),
            count=f"{count} dòng",
        )


def _inside_task(seat: Seat, sheet: ScoreSheet) -> Iterator[Task]:
    """What leader and officer hand each other inside the unit."""
    inside = getattr(sheet, "inside", None)
    leads = sheet.membership.unit_id in seat.leads
    url = f"{reverse('sheet', args=[sheet.pk])}#trao-doi"
    if inside == RemarkKind.RETURNED and not leads:
        yield Task(
            _of_unit(seat, sheet),
            "Sửa bảng tự chấm điểm theo ý kiến lãnh đạo",
            url,
            detail="Sửa xong bấm “Đã sửa, trình lãnh đạo”.",
            due_on=due_of(sheet),
        )
    if inside == RemarkKind.FORWARDED and leads:
        yield Task(
            _of_unit(seat, sheet),
            "Xem bảng tự chấm điểm cán bộ trình",
            reverse("sheet", args=[sheet.pk]),
            detail="Nộp, hoặc ghi ý kiến và trả lại cán bộ.",
            due_on=due_of(sheet),
        )


def _confirm_task(seat: Seat, sheet: ScoreSheet) -> Iterator[Task]:
    if getattr(sheet, "paper_answer", None) == "":
        yield Task(
            _of_unit(seat, sheet),
            "Xác nhận số liệu nhập hộ",
            reverse("paper_answer", args=[sheet.pk]),
            detail="Thư ký Khối đã nhập bảng từ bản giấy của đơn vị; đơn vị xem và xác nhận.",
        )


def paper_tasks(seat: Seat) -> Iterator[Task]:
    """Yield what the secretary does about papers whose unit objects to what was entered."""
    if not seat.is_secretary or seat.year.status not in {S.SELF_SCORING, S.APPRAISING}:
        return
    for sheet in seat.others(*HANDED_IN):
        if getattr(sheet, "paper_answer", None) == PaperAnswer.OBJECTED:
            yield Task(
                seat.capacity("Thư ký Khối"),
                f"Xử lý ý kiến về số liệu nhập hộ của {sheet.membership.unit_name}",
                reverse("sheet_return", args=[sheet.pk]),
                detail="Đơn vị không đồng ý số liệu nhập từ bản giấy; trả lại để đơn vị sửa.",
                ready=not seat.holds_back,
            )


def _how_far(sheet: ScoreSheet, missing: int) -> str:
    if not getattr(sheet, "base_done"):  # noqa: B009 - annotated by the seats
        return "Chưa chấm tiêu chí nào."
    return f"Còn {missing} tiêu chí chưa chấm; lưu được nhiều lần trước khi nộp."


def rubric_tasks(seats: Iterable[Seat]) -> Iterator[Task]:
    """The secretary prepares and answers, members comment, the head issues and moves sheets.

    Until the results are tabled: one query for all years.
    """
    early = [seat for seat in seats if not seat.year.step.reached(S.MEETING)]
    if not early:
        return
    versions: dict[int, list[Rubric]] = defaultdict(list)
    rubrics = with_open_comments(Rubric.objects.filter(bloc_year__in=[s.year for s in early]))
    for rubric in rubrics.order_by("version"):
        versions[rubric.bloc_year_id].append(rubric)
    for seat in early:
        found = {rubric.stage: rubric for rubric in versions[seat.year.pk]}
        yield from _rubric_task(seat, found)
        if RubricStatus.ISSUED in found:
            yield from _move_task(seat, found[RubricStatus.ISSUED])


def _rubric_task(seat: Seat, found: Mapping[RubricStatus, Rubric]) -> Iterator[Task]:
    consulting = found.get(RubricStatus.CONSULTING)
    if consulting is not None:
        yield from _consulting_tasks(seat, consulting)
    elif not found.keys() - {RubricStatus.DRAFT} and seat.is_secretary:
        yield Task(
            seat.capacity("Thư ký Khối"),
            "Soạn bảng chấm điểm",
            seat.page("rubric_list"),
            detail="Soạn mới hoặc sao chép bảng năm trước, rồi gửi các đơn vị góp ý.",
        )


def _consulting_tasks(seat: Seat, rubric: Rubric) -> Iterator[Task]:
    waiting: int = getattr(rubric, "open_comments")  # noqa: B009 - annotated
    comments = reverse("rubric_comments", args=[rubric.pk])
    if waiting and seat.is_secretary:
        yield Task(
            seat.capacity("Thư ký Khối"),
            f"Trả lời {waiting} ý kiến góp ý bảng chấm điểm",
            comments,
            detail="Trả lời từng ý kiến trước khi Trưởng khối ban hành.",
            count=f"{waiting} ý kiến",
        )
    if seat.leads_head:
        yield Task(
            seat.capacity("Trưởng khối"),
            "Ban hành bảng chấm điểm",
            reverse("rubric", args=[rubric.pk]),
            detail="Trả lời hết ý kiến góp ý rồi ban hành; ban hành xong không sửa được nữa.",
        )
    elif not seat.is_secretary:
        yield Task(
            seat.capacity("Đơn vị thành viên"),
            "Góp ý dự thảo bảng chấm điểm",
            comments,
            detail="Góp ý từng tiêu chí; thư ký Khối trả lời ngay tại trang này.",
        )


def _move_task(seat: Seat, rubric: Rubric) -> Iterator[Task]:
    behind = sum(1 for sheet in seat.sheets if sheet.rubric_id != rubric.pk)
    if behind and seat.leads_head:
        yield Task(
            seat.capacity("Trưởng khối"),
            f"Chuyển {behind} bảng tự chấm sang lần {rubric.version}",
            reverse("rubric_move", args=[rubric.pk]),
            detail="Bảng mới đã ban hành; số liệu, minh chứng của đơn vị được giữ nguyên.",
            count=f"{behind} bảng",
        )
