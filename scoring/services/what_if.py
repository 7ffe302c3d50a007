"""A draft against past years: every run is logged, as is the opening to all members."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation.access import Conflict, require
from emulation.models import User
from scoring.enums import WhatIfDeed
from scoring.models import Rubric, WhatIfUse
from scoring.permissions.what_if import can_close_what_if, can_open_what_if, can_run_what_if
from scoring.selectors.what_if import past_years
from scoring.services.rubrics import locked_rubric


def run_what_if(*, actor: User, rubric: Rubric, years: Collection[int]) -> WhatIfUse:
    """Log a comparison of the table, as it stands, with past years of the bloc.

    Effects, in order: checks; the log's row, which addresses the result. Raises Refused,
    ValidationError (no year, or one without an adopted ranking).
    """
    with transaction.atomic():
        rubric = locked_rubric(rubric, actor)
        standing = standing_in(actor, rubric.bloc_year)
        require(can_run_what_if(standing, rubric))
        if not years:
            raise ValidationError({"years": "Đề nghị chọn ít nhất một năm để đối chiếu."})
        known = set(past_years(rubric).values_list("year", flat=True))
        if unknown := sorted(set(years) - known):
            text = f"Năm {unknown[0]} không có kết quả đã thông qua để đối chiếu."
            raise ValidationError({"years": text})
        return _log(WhatIfDeed.RUN, rubric, actor, standing, sorted(set(years), reverse=True))


def open_what_if(*, actor: User, rubric: Rubric) -> WhatIfUse:
    """Let every member of the bloc set the table against past years, all alike.

    Effects, in order: checks; the table's mark; the log's row. Raises Refused, Conflict (open).
    """
    with transaction.atomic():
        rubric = locked_rubric(rubric, actor)
        standing = standing_in(actor, rubric.bloc_year)
        require(can_open_what_if(standing, rubric))
        return _set(rubric, actor, standing, is_open=True)


def close_what_if(*, actor: User, rubric: Rubric) -> WhatIfUse:
    """Keep the comparison to the board again.

    Effects, in order: checks; the table's mark; the log's row. Raises Refused, Conflict (closed).
    """
    with transaction.atomic():
        rubric = locked_rubric(rubric, actor)
        standing = standing_in(actor, rubric.bloc_year)
        require(can_close_what_if(standing, rubric))
        return _set(rubric, actor, standing, is_open=False)


def _set(rubric: Rubric, actor: User, standing: Standing, *, is_open: bool) -> WhatIfUse:
    if rubric.what_if_open == is_open:
        state = "đã mở cho" if is_open else "không mở cho"
        raise Conflict(f"Việc xem thử với năm trước {state} các đơn vị từ trước.")
    rubric.what_if_open = is_open
    rubric.save(update_fields=["what_if_open"])
    deed = WhatIfDeed.OPENED if is_open else WhatIfDeed.CLOSED
    return _log(deed, rubric, actor, standing, ())


def _log(
    deed: WhatIfDeed, rubric: Rubric, actor: User, standing: Standing, years: Sequence[int]
) -> WhatIfUse:
    return WhatIfUse.objects.create(
        rubric=rubric,
        deed=deed,
        edit_version=rubric.edit_version,
        years=list(years),
        actor=actor,
        acting_as=_acting_as(standing),
    )


def _acting_as(standing: Standing) -> str:
    """Return in what place the person looks: for the board, for the head, for the own unit."""
    if standing.is_board:
        return standing.acting_board.label
    if standing.is_secretary:
        return standing.acting_head.label
    own = min(standing.own_members, default=None)
    return standing.acting_member(own).label if own else standing.acting_head.label
