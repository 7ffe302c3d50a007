"""Awards as the board calls them, and how many of each a bloc-year may propose."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear, Board
from blocs.selectors.standing import posts_today, standing_in
from emulation.access import allow_if, require
from emulation.models import User
from scoring.models import Award, AwardQuota, GradeBand
from scoring.permissions.results import can_set_quotas

NEEDS = {
    "pledge_signed": "Đã ký giao ước thi đua",
    "no_sanction": "Không có điểm trừ thuộc diện khống chế xếp loại",
}


def set_award(*, actor: User, board: Board, code: str, label: str, position: int) -> Award:
    """Name an award of the board, or rename it: the code stays, the words are the board's.

    Raises Refused unless the person is an officer of that board; ValidationError.
    """
    code, label = code.strip().upper(), label.strip()
    if not code or not label:
        field = "label" if code else "code"
        raise ValidationError({field: "Đề nghị ghi mã và tên hình thức khen thưởng."})
    with transaction.atomic():
        require(
            allow_if(
                posts_today(actor).filter(board=board).exists(),
                "Việc này do Ban Thi đua - Khen thưởng của Hội đồng thực hiện.",
            )
        )
        award, _ = Award.objects.update_or_create(
            board=board, code=code, defaults={"label": label, "position": position}
        )
    return award


def set_quota(
    *,
    actor: User,
    bloc_year: BlocYear,
    award: Award,
    max_count: int | None = None,
    max_share: Decimal | None = None,
    worst_rank: int | None = None,
    lowest_grade: str = "",
    lowest_total: Decimal | None = None,
    needs: Sequence[str] = (),
    extra_condition: str = "",
) -> AwardQuota:
    """Set how many of an award this bloc-year may propose, and for whom.

    Effects, in order: checks; writes the quota of that award, new or changed. A quota of 0 closes
    the award. Raises Refused, ValidationError.
    """
    with transaction.atomic():
        require(can_set_quotas(standing_in(actor, bloc_year), bloc_year))
        _check(bloc_year, award, max_count, max_share, lowest_grade, needs)
        quota, _ = AwardQuota.objects.update_or_create(
            bloc_year=bloc_year,
            award=award,
            defaults={
                "max_count": max_count,
                "max_share": max_share,
                "worst_rank": worst_rank,
                "lowest_grade": lowest_grade.strip(),
                "lowest_total": lowest_total,
                "needs": list(needs),
                "extra_condition": extra_condition.strip(),
            },
        )
    return quota


def _check(
    bloc_year: BlocYear,
    award: Award,
    max_count: int | None,
    max_share: Decimal | None,
    lowest_grade: str,
    needs: Sequence[str],
) -> None:
    if award.board_id != bloc_year.board_id:
        raise ValidationError({"award": "Hình thức khen thưởng thuộc Hội đồng khác."})
    if max_count is None and max_share is None:
        raise ValidationError({"max_count": "Đề nghị ghi số lượng hoặc tỷ lệ tối đa."})
    if max_share is not None and not 0 <= max_share <= 1:
        raise ValidationError({"max_share": "Tỷ lệ phải từ 0 đến 100 %."})
    if unknown := sorted(set(needs) - NEEDS.keys()):
        raise ValidationError({"needs": f"Không có điều kiện “{unknown[0]}”."})
    grades = GradeBand.objects.filter(rubric__bloc_year=bloc_year)
    grade = lowest_grade.strip()
    if grade and grades.exists() and not grades.filter(name=grade).exists():
        raise ValidationError({"lowest_grade": f"Bảng chấm điểm không có xếp loại “{grade}”."})
