"""The tabs of a bloc-year that belong to scoring."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.slots import Tab
from blocs.standing import Standing
from scoring.permissions.results import can_see_ranking


def year_tabs(bloc_year: BlocYear, standing: Standing) -> Iterable[Tab]:
    """Yield the tabs in the order of the year; those of a later step come with that step."""
    key = [bloc_year.pk]
    step = bloc_year.step
    yield Tab("rubric", "Bảng chấm điểm", reverse("rubric_list", args=key))
    if step.reached(YearStatus.SELF_SCORING):
        yield Tab("sheets", "Chấm điểm", reverse("sheet_list", args=key))
        yield Tab("appraisal", "Thẩm định", reverse("appraisal_list", args=key))
        if can_see_ranking(standing, bloc_year):
            yield Tab("results", "Kết quả", reverse("ranking", args=key))
    if not step.reached(YearStatus.SELF_SCORING) or not can_see_ranking(standing, bloc_year):
        yield Tab("results", "Chỉ tiêu", reverse("quota_list", args=key))
