"""Who may open, fill in and hand in a score sheet."""

from __future__ import annotations

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.permissions import is_board, is_secretary, works_for_unit
from blocs.standing import Standing
from emulation import clock
from emulation.access import ALLOWED, Verdict, all_of, allow_if, any_of, refuse
from scoring.models import ScoreSheet
from scoring.selectors.competing import still_in, why_out
from scoring.selectors.sheets import WITH_THE_UNIT, paper_of
from scoring.selectors.typed import is_typed_by_unit

TABLED = "Bảng tổng hợp đã trình hội nghị nên không tự chấm điểm được nữa."


def can_open_sheets(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Give every member its sheet: the secretary or the head, until the table is tabled."""
    return all_of(is_secretary(standing), scoring_is_on(bloc_year))


def can_open_newcomers_sheet(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Give a member that joined a year under way its sheet: whoever may record that it joined."""
    return all_of(any_of(is_board(standing), is_secretary(standing)), scoring_is_on(bloc_year))


def can_import_scores(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Bring in a whole score table: the secretary or the head; each row is judged by itself."""
    return all_of(is_secretary(standing), scoring_is_on(bloc_year))


def scoring_is_on(bloc_year: BlocYear) -> Verdict:
    """Units score themselves from the step "Tự chấm điểm" until the table is tabled."""
    step = bloc_year.step
    if not step.reached(YearStatus.SELF_SCORING):
        return refuse("Khối chưa mở tự chấm điểm. Trưởng khối mở khi bảng chấm điểm đã ban hành.")
    return allow_if(not step.reached(YearStatus.MEETING), TABLED)


def still_competes(sheet: ScoreSheet) -> Verdict:
    """A sheet of a unit that left, or was dissolved and is not considered, is kept as it is."""
    membership = sheet.membership
    gone = membership.unit.ended_on
    if membership.is_ranking and (gone is None or clock.today() < gone):
        return ALLOWED
    return allow_if(
        still_in(sheet),
        f"Đơn vị {why_out(membership)} nên bảng tự chấm điểm được giữ nguyên, không sửa được nữa.",
    )


def is_with_the_unit(sheet: ScoreSheet) -> Verdict:
    """Only a sheet that has not been handed in, or was returned, may be changed by its unit."""
    if sheet.stage in WITH_THE_UNIT:
        return ALLOWED
    return refuse(
        "Bảng tự chấm điểm đã nộp nên không sửa được nữa. Nếu cần sửa, đề nghị đơn vị "
        "liên hệ Thư ký Khối để được trả lại."
    )


def can_edit_sheet(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Enter, attach, correct: the unit's own officers and leaders, before handing in."""
    return all_of(
        works_for_unit(standing, sheet.membership.unit_id),
        still_competes(sheet),
        scoring_is_on(sheet.bloc_year),
        is_with_the_unit(sheet),
    )


def can_enter_on_paper(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Enter for another unit what it handed in on paper ("nhập hộ"): the secretary.

    Only where the unit has entered nothing itself: what it typed is its own until it hands in.
    """
    unit_id = sheet.membership.unit_id
    return (
        is_secretary(standing)
        and allow_if(
            unit_id not in standing.units, "Bảng của đơn vị mình thì nhập như đơn vị tự chấm điểm."
        )
        and all_of(still_competes(sheet), scoring_is_on(sheet.bloc_year), is_with_the_unit(sheet))
        and _untouched(sheet)
    )


def _untouched(sheet: ScoreSheet) -> Verdict:
    return allow_if(
        not is_typed_by_unit(sheet),
        "Đơn vị đã tự nhập bảng tự chấm điểm nên Thư ký Khối không nhập hộ; đề nghị đơn vị nhập "
        "tiếp và nộp.",
    )


def can_enter_sheet(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Fill a self-score from a table: the unit's own people, or the secretary for paper."""
    if sheet.membership.unit_id in standing.units:
        return can_edit_sheet(standing, sheet)
    if is_secretary(standing):
        return can_enter_on_paper(standing, sheet)
    return can_edit_sheet(standing, sheet)


def can_submit(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Hand the sheet in: the unit's leader, its officer naming the approving leader, or, of a
    sheet received on paper, the secretary who entered it.
    """
    return any_of(can_enter_on_paper(standing, sheet), can_edit_sheet(standing, sheet))


# ---------------------------------------------------------------- inside the unit


def can_hand_back(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Hand the unit's sheet back to its officer, before handing in: the unit's leaders."""
    return all_of(
        can_edit_sheet(standing, sheet),
        allow_if(
            sheet.membership.unit_id in standing.leads,
            "Lãnh đạo đơn vị mới trả lại cán bộ; cán bộ thì trình lãnh đạo.",
        ),
    )


# ---------------------------------------------------------------- paper


def can_record_paper(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Record that a sheet came on paper: the secretary, before the unit has begun it itself."""
    verdict, paper = can_enter_on_paper(standing, sheet), paper_of(sheet)
    if not verdict or (paper is not None and paper.is_open):
        return verdict
    begun = sheet.lines.exclude(self_note="", evidence__isnull=True)
    return allow_if(
        not begun.exists(),
        "Đơn vị đã ghi chú, đính kèm trên bảng của mình nên Thư ký Khối không nhập hộ.",
    )


def can_fill_sheet(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Fill in the sheet on its page: the unit's own people, or the secretary from a noted paper."""
    paper = paper_of(sheet)
    if paper is not None and paper.is_open and sheet.membership.unit_id not in standing.units:
        return any_of(can_enter_on_paper(standing, sheet), can_edit_sheet(standing, sheet))
    return can_edit_sheet(standing, sheet)


def can_answer_paper(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Confirm or object to what was entered from paper: the unit's own people, once handed in."""
    paper = paper_of(sheet)
    return all_of(
        works_for_unit(standing, sheet.membership.unit_id),
        allow_if(
            paper is not None and sheet.submitted_at is not None,
            "Bảng này không do Thư ký Khối nhập hộ từ bản giấy.",
        ),
        allow_if(paper is None or paper.is_open, "Đơn vị đã trả lời về số liệu nhập hộ rồi."),
        scoring_is_on(sheet.bloc_year),
    )
