"""For every URL name: at which moment of the story it is asked, with what arguments and body."""

from __future__ import annotations

from tests.matrix.cases.frame import Case
from tests.matrix.cases.pledges import PLEDGES
from tests.matrix.cases.results import RESULTS
from tests.matrix.cases.sheets import APPRAISAL, RUBRIC, SHEETS
from tests.matrix.cases.site import SITE
from tests.matrix.cases.years import BLOCS

CASES: dict[str, Case] = {
    **SITE,
    **BLOCS,
    **PLEDGES,
    **RUBRIC,
    **SHEETS,
    **APPRAISAL,
    **RESULTS,
}

__all__ = ["CASES", "Case"]
