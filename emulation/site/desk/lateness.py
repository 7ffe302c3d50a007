"""Which units are late with what, and which deadline of a bloc presses next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from blocs.enums import DeadlineKind, YearStatus
from blocs.selectors.board_deadlines import is_settled
from blocs.selectors.progress import Member
from emulation import clock
from emulation.site.desk.facts import YearFacts
from emulation.site.desk.rows import LatePaper, LateUnit, Nearest

S, K = YearStatus, DeadlineKind
# What units hand in, and the step from which they can.
OPEN_FROM: Mapping[DeadlineKind, YearStatus] = {
    K.REGISTRATION: S.SIGNING,
    K.INTERIM_REPORT: S.RUNNING,
    K.SELF_SCORE: S.SELF_SCORING,
    K.YEAR_END_REPORT: S.RUNNING,
}
# The deadline that a step works towards: passed, it presses until the step is over.
OF_STEP: Mapping[YearStatus, DeadlineKind] = {
    S.SELF_SCORING: K.SELF_SCORE,
    S.APPRAISING: K.APPRAISAL,
    S.ADOPTED: K.DOSSIER,
}


def late_units(facts: YearFacts) -> tuple[LateUnit, ...]:
    """Return the members whose deadline passed with nothing handed in, or that were late.

    Each by its own deadline: the bloc's, or the extension it was granted. From the tabling on
    lateness is settled and asks nothing of anybody.
    """
    today = clock.today()
    found = ((member.name, tuple(_papers(facts, member, today))) for member in facts.members)
    return tuple(LateUnit(name, papers) for name, papers in found if papers)


def _papers(facts: YearFacts, member: Member, today: dt.date) -> Iterator[LatePaper]:
    for kind, opens in OPEN_FROM.items():
        due_on = facts.due.of(kind, member.pk)
        if due_on is None or not facts.bloc_year.step.reached(opens):
            continue
        if is_settled(facts.bloc_year, kind):
            continue
        if kind is K.SELF_SCORE and not member.is_ranking:
            continue
        is_in, days = _days_late(facts, member, kind, due_on, today)
        if days > 0:
            extended = (kind, member.pk) in facts.due.extended
            yield LatePaper(kind, due_on, extended, days, is_in)


def _days_late(
    facts: YearFacts, member: Member, kind: DeadlineKind, due_on: dt.date, today: dt.date
) -> tuple[bool, int]:
    """Return whether the paper came in, and how many days late it was or is."""
    if kind is K.SELF_SCORE:
        sheet = facts.scoring.sheets.get(member.pk)
        if sheet is not None and sheet.first_at is not None:
            return True, sheet.days_late
        return False, (today - due_on).days
    receipt = facts.pledge.received.get(kind, {}).get(member.pk)
    if receipt is not None:
        return True, clock.days_late(receipt.first_at, due_on)
    return False, (today - due_on).days


def nearest_deadline(facts: YearFacts) -> Nearest | None:
    """Return the passed deadline that the present step works towards, else the next to come."""
    today, common = clock.today(), facts.due.common
    wanted = OF_STEP.get(facts.bloc_year.step)
    own = common.get(wanted) if wanted else None
    if wanted and own and own < today:
        return Nearest(wanted, own, (own - today).days)
    coming = [
        (due_on, kind)
        for kind in DeadlineKind
        if (due_on := common.get(kind))
        and due_on >= today
        and not is_settled(facts.bloc_year, kind)
    ]
    if not coming:
        return None
    due_on, kind = min(coming, key=lambda pair: pair[0])
    return Nearest(kind, due_on, (due_on - today).days)
