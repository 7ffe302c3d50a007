"""The second round of an appraisal: what its page says, and the way back to the first round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import Verdict
from emulation.forms import given_reason
from emulation.workflow import Offer
from scoring.models import ScoreSheet
from scoring.selectors.staffing import staffing_of
from scoring.services.appraisal import back_to_first_round
from scoring.services.sheet_workflow import BACK_TO_FIRST_ROUND
from scoring.views.appraisal_pages import open_appraisal, refused

BACK_PHRASES = (
    "Nhiều tiêu chí chưa đối chiếu minh chứng",
    "Áp dụng chưa đúng quy tắc tính điểm",
)
NOBODY_LEFT = (
    "Không còn ai làm vòng hai của bảng này ngoài người đã hoàn thành vòng một. Đề nghị cử thêm "
    "người vào tổ thư ký, ghi thêm Phó Trưởng khối, hoặc bổ sung cán bộ cho đơn vị thẩm định."
)
LOOK = (
    "Vòng hai: xem các tiêu chí khác điểm và toàn bảng. Tiêu chí không sửa được coi là đã xác "
    "nhận; sửa thì ghi lý do mới, lịch sử giữ cả hai vòng."
)


def second_round_words(sheet: ScoreSheet, standing: Standing, verdict: Verdict) -> dict[str, Any]:
    """Return what the page says while the second round runs: who may, who not and why, the way
    back. No query in a year of one round.
    """
    if not sheet.is_in_second_round:
        return {"second_round": "", "second_problem": "", "back": None}
    own = sheet.membership.unit_id in standing.units
    runs = sheet.stage in BACK_TO_FIRST_ROUND.sources
    return {
        "second_round": LOOK if runs and verdict else "",
        "second_problem": "" if own or verdict else _problem(sheet, standing, verdict),
        "back": Offer(BACK_TO_FIRST_ROUND, verdict) if runs and verdict else None,
        "back_phrases": BACK_PHRASES,
    }


def _problem(sheet: ScoreSheet, standing: Standing, verdict: Verdict) -> str:
    """Return why the reader does not make the second round, and that nobody can where so."""
    staffing = staffing_of(standing, sheet.bloc_year_id)
    others = staffing.second_readers(standing, sheet.membership.unit_id) - {sheet.first_round_by_id}
    return verdict.reason if others else NOBODY_LEFT


@require_POST
def appraise_back(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Send a sheet from the second round back to the first."""
    sheet, _ = open_appraisal(request, sheet_id)
    try:
        back_to_first_round(actor=person(request), sheet=sheet, reason=given_reason(request.POST))
    except ValidationError as error:
        messages.error(request, " ".join(refused(error).values()))
        return redirect("appraise", sheet_id)
    messages.success(
        request,
        f"Đã trả bảng chấm điểm của {sheet.membership.unit_name} về vòng một. Người thẩm định vòng "
        "một sửa rồi hoàn thành lại.",
    )
    return redirect("appraise", sheet_id)
