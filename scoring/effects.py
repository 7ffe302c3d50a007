"""What a step of the bloc-year takes along in scoring."""

from __future__ import annotations

from blocs.models import BlocYear
from emulation.models import User
from emulation.workflow import Transition
from scoring.services.ballots import void_ballots
from scoring.services.nominations import return_nominations, send_nominations
from scoring.services.ranking import adopt_ranking
from scoring.services.relative import settle_relative
from scoring.services.sheet_opening import open_sheets


def year_effects(bloc_year: BlocYear, transition: Transition, actor: User, reason: str) -> None:
    """Carry out what a step means for sheets, ranking and nominations, in its transaction."""
    match transition.name:
        case "open_self_scoring":
            open_sheets(actor=actor, bloc_year=bloc_year)
        case "table":
            settle_relative(actor=actor, bloc_year=bloc_year)
        case "adopt":
            adopt_ranking(actor=actor, bloc_year=bloc_year, reason=reason)
        case "submit":
            send_nominations(actor=actor, bloc_year=bloc_year)
        case "return_dossier":
            return_nominations(actor=actor, bloc_year=bloc_year, reason=reason)
        case "back_to_appraising" | "back_to_meeting":
            void_ballots(bloc_year, reason)
            settle_relative(actor=actor, bloc_year=bloc_year)
