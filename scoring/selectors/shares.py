"""Whose line is whose on one sheet, where departments appraise.

A department's people judge its lines; the secretariat, or whoever stands in for the head, judges
those of no department, and those of a department whose people are all of the sheet's own unit.
Under every other setting the sheet is one whole, and in the second round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from blocs.enums import AppraisedBy
from blocs.standing import Standing
from scoring.models import Criterion, ScoreLine, ScoreSheet
from scoring.selectors.appraisal import unappraised
from scoring.selectors.departments import NOBODY, DepartmentPeople, department_key, department_of
from scoring.selectors.staffing import Staffing, staffing_of

SECRETARIAT, STAND_IN = "Tổ thư ký", "Đơn vị thay Trưởng khối"


@dataclass(frozen=True, slots=True)
class Shares:
    """Who judges which lines of a sheet, and which of them are a person's own.

    ``secretariat`` are the people who judge what no department does; ``rest`` is what they are
    called on this sheet.
    """

    user_id: int
    unit_id: int
    is_split: bool = False
    secretariat: frozenset[int] = NOBODY
    rest: str = SECRETARIAT
    departments: DepartmentPeople = field(default_factory=DepartmentPeople)

    def judges(self, criterion: Criterion) -> frozenset[int]:
        """Return who may judge this criterion on this sheet, where it is split."""
        key = department_key(department_of(criterion))
        if self._is_rest(key):
            return self.secretariat
        return self.departments.judges(key, self.unit_id)

    def is_mine(self, criterion: Criterion) -> bool:
        """Tell whether the person judges this criterion, as far as its department goes."""
        return not self.is_split or self.user_id in self.judges(criterion)

    def owner(self, criterion: Criterion) -> str:
        """Return who judges a criterion, in words; empty where the sheet is one whole."""
        if not self.is_split:
            return ""
        name = department_of(criterion)
        return self.rest if self._is_rest(department_key(name)) else f"Bộ phận {name}"

    def note(self, criterion: Criterion) -> str:
        """Return why somebody else than its department judges a criterion; mostly empty."""
        name = department_of(criterion)
        if not (self.is_split and name and self._is_rest(department_key(name))):
            return ""
        return f"Người của bộ phận {name} đều công tác tại đơn vị này nên {self.rest} thẩm định."

    def others(self, criteria: Iterable[Criterion]) -> dict[str, list[str]]:
        """Return the codes of those criteria that others judge, by who they are."""
        return self._by_owner(each for each in criteria if not self.is_mine(each))

    def owing(self, lines: Iterable[ScoreLine]) -> dict[str, list[str]]:
        """Return the codes of the lines not yet judged, by who judges them."""
        return self._by_owner(line.criterion for line in unappraised(lines))

    def _by_owner(self, criteria: Iterable[Criterion]) -> dict[str, list[str]]:
        """Return codes by owner, each called as its first criterion spells it."""
        names: dict[str, str] = {}
        found: dict[str, list[str]] = {}
        for each in criteria:
            owner = self.owner(each)
            name = names.setdefault(department_key(owner), owner)
            found.setdefault(name, []).append(each.code)
        return found

    def _is_rest(self, department: str) -> bool:
        return not department or self.departments.is_barred(department, self.unit_id)


def shares_of(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None) -> Shares:
    """Return whose line is whose; no query but where departments appraise, there three."""
    unit_id = sheet.membership.unit_id
    if standing.appraised_by != AppraisedBy.DEPARTMENTS or sheet.is_in_second_round:
        return Shares(standing.user_id, unit_id)
    staffing = staffing or staffing_of(standing, sheet.bloc_year_id)
    return Shares(
        standing.user_id,
        unit_id,
        is_split=True,
        secretariat=staffing.oversight(standing, unit_id).appraisers,
        rest=STAND_IN if unit_id == standing.head else SECRETARIAT,
        departments=staffing.departments,
    )
