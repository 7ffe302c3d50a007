"""The log of what was changed in the text before it was agreed."""

from __future__ import annotations

from emulation import clock
from emulation.models import User
from emulation.workflow import Acting
from pledges.enums import TextChangeKind
from pledges.models import Pledge, PledgeItem, PledgeTextChange


def log_change(
    pledge: Pledge,
    kind: TextChangeKind,
    *,
    actor: User,
    acting: Acting,
    item: PledgeItem | None = None,
    before: str = "",
    after: str = "",
) -> None:
    """Append one change of the pledge's text."""
    PledgeTextChange.objects.create(
        pledge=pledge,
        item=item,
        kind=kind,
        before=before,
        after=after,
        actor=actor,
        acting_as=acting.label,
        at=clock.now(),
    )
