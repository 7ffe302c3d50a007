"""For every URL name: at which moment of the story it is asked, with what arguments and body."""

from __future__ import annotations

from tests.matrix.cases.accounts import ACCOUNTS
from tests.matrix.cases.boards import BOARDS
from tests.matrix.cases.desk import DESK
from tests.matrix.cases.evidence_links import EVIDENCE_LINKS
from tests.matrix.cases.frame import Case
from tests.matrix.cases.imports import IMPORTS
from tests.matrix.cases.people import PEOPLE
from tests.matrix.cases.pledges import PLEDGES
from tests.matrix.cases.results import RESULTS
from tests.matrix.cases.sheets import APPRAISAL, RUBRIC, SHEETS
from tests.matrix.cases.site import SITE
from tests.matrix.cases.structure import STRUCTURE
from tests.matrix.cases.waiting import WAITING
from tests.matrix.cases.what_if import WHAT_IF
from tests.matrix.cases.years import BLOCS

CASES: dict[str, Case] = {
    **SITE,
    **ACCOUNTS,
    **BLOCS,
    **STRUCTURE,
    **BOARDS,
    **DESK,
    **IMPORTS,
    **PEOPLE,
    **PLEDGES,
    **RUBRIC,
    **WHAT_IF,
    **SHEETS,
    **EVIDENCE_LINKS,
    **APPRAISAL,
    **RESULTS,
    **WAITING,
}

__all__ = ["CASES", "Case"]
