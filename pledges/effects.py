"""What a step of the year takes along in its pledge."""

from __future__ import annotations

from blocs.models import BlocYear
from emulation.models import User
from emulation.workflow import Transition
from pledges.enums import PledgeStatus
from pledges.selectors.pledges import pledge_of
from pledges.services.pledges import close_pledge, open_consultation


def year_effects(bloc_year: BlocYear, transition: Transition, actor: User, reason: str) -> None:
    """Open the consultation with the year's ``consult``, close the pledge with its ``close``.

    A pledge that is already further on is left as it is.
    """
    pledge = pledge_of(bloc_year)
    if pledge is None:
        return
    if transition.name == "consult" and pledge.stage is PledgeStatus.DRAFT:
        open_consultation(actor=actor, pledge=pledge, reason=reason)
    if transition.name == "close" and pledge.stage is PledgeStatus.AGREED:
        close_pledge(actor=actor, pledge=pledge, reason=reason)
