"""Publishing a bloc-year's results: a step of its own, apart from the decision."""

from __future__ import annotations

from django.db import transaction

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from scoring.permissions.results import can_publish


def publish_results(*, actor: User, bloc_year: BlocYear) -> BlocYear:
    """Publish place, proposal and decision to every unit of the board.

    Effects, in order: locks the year; checks; writes who published and when, from which the days
    for appeals are counted. Raises Refused, Conflict (published already).
    """
    with transaction.atomic():
        locked = BlocYear.objects.select_for_update().get(pk=bloc_year.pk)
        if locked.published_at is not None:
            raise Conflict("Kết quả của Khối đã được công bố.")
        require(can_publish(standing_in(actor, locked), locked))
        locked.published_at, locked.published_by = clock.now(), actor
        locked.save(update_fields=["published_at", "published_by"])
        announce("bloc_year.publish", locked, actor)
    return locked
