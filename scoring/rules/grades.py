"""Grades: bands by points, their conditions, sanctions, and the share of units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.enums import GroundEffect, SanctionEffect, ShareBase
from scoring.rules.numbers import short, show, show_percent
from scoring.rules.ranking_inputs import RankingInputs
from scoring.rules.standings import GradeDecision, Key, UnitStanding
from scoring.rules.structure import GradeBand


@dataclass(frozen=True)
class Graded:
    """A unit's grade, the one its points alone would give, and why it is not higher.

    `pending` says what decision a grade still waits for.
    """

    grade: str
    by_points: str
    why_not_higher: tuple[str, ...] = ()
    pending: str = ""


def descending(grades: Sequence[GradeBand]) -> tuple[GradeBand, ...]:
    """Return the bands, the highest first."""
    return tuple(sorted(grades, key=lambda band: band.lower_bound, reverse=True))


def grade_unit(unit: UnitStanding, total: Decimal, grades: Sequence[GradeBand]) -> Graded:
    """Return the grade by bands, then conditions, then sanctions and ceilings."""
    bands = descending(grades)
    if not bands:
        return Graded("", "")
    start = next((i for i, band in enumerate(bands) if total >= band.lower_bound), len(bands) - 1)
    reasons = _points_short(bands, start, total)
    place = start
    while place < len(bands) - 1 and (unmet := list(_unmet(bands[place], unit))):
        reasons += unmet
        place += 1
    for lowered, reason in _restrictions(bands, place, unit):
        if lowered > place:
            place = lowered
            reasons.append(reason)
    return Graded(bands[place].name, bands[start].name, tuple(reasons))


def _points_short(bands: Sequence[GradeBand], start: int, total: Decimal) -> list[str]:
    if start == 0:
        return []
    higher = bands[start - 1]
    lacking = show(higher.lower_bound - total)
    return [f"Xếp {higher.name} cần từ {short(higher.lower_bound)} điểm, còn thiếu {lacking} điểm."]


def _unmet(band: GradeBand, unit: UnitStanding) -> Iterator[str]:
    """Yield a sentence for each condition of the grade that the unit does not meet."""
    lowest = band.min_criterion_share
    for code, share in unit.criterion_shares.items():
        if lowest is not None and share < Fraction(lowest):
            yield _too_low(band, f"tiêu chí {code}", share, lowest)
    for floor in band.section_floors:
        reached = unit.section_shares.get(floor.section)
        lowest = floor.lowest_share
        if reached is not None and lowest is not None and reached < Fraction(lowest):
            yield _too_low(band, f"phần {floor.section}", reached, lowest)


def _too_low(band: GradeBand, what: str, share: Fraction, lowest: Decimal) -> str:
    needed, reached = show_percent(Fraction(lowest)), show_percent(share)
    return f"Xếp {band.name} cần {what} đạt từ {needed} điểm tối đa; mới đạt {reached}."


def _restrictions(
    bands: Sequence[GradeBand], place: int, unit: UnitStanding
) -> Iterator[tuple[int, str]]:
    """Yield (lowest place allowed, reason): falls from the grade earned, then ceilings."""
    last = len(bands) - 1
    for sanction in unit.sanctions:
        if sanction.effect is SanctionEffect.ONE_GRADE_DOWN:
            place = min(place + 1, last)
            yield place, f"{sanction.code}. {sanction.title}: hạ một mức xếp loại."
    for sanction in unit.sanctions:
        if sanction.effect in (SanctionEffect.NOT_EXCELLENT, SanctionEffect.NOT_ABOVE):
            ceiling = _ceiling(bands, sanction.grade)
            yield ceiling, _held(f"{sanction.code}. {sanction.title}", bands[ceiling])
    for ground in unit.grounds_with(GroundEffect.GRADE_CEILING):
        ceiling = _ceiling(bands, ground.grade)
        yield ceiling, _held(ground.text, bands[ceiling])


def _ceiling(bands: Sequence[GradeBand], grade: str) -> int:
    """Return the place of the highest grade allowed; unnamed, the one below the top."""
    names = [band.name for band in bands]
    return names.index(grade) if grade in names else min(1, len(bands) - 1)


def _held(why: str, band: GradeBand) -> str:
    return f"{why}: không xếp trên mức {band.name}."


@dataclass(frozen=True)
class CappedGrades:
    """The grades after the share caps, with warnings for the bloc."""

    grades: Mapping[Key, Graded]
    warnings: tuple[str, ...]


def cap_shares(
    inputs: RankingInputs, places: Sequence[Sequence[Key]], grades: Mapping[Key, Graded]
) -> CappedGrades:
    """Return the grades with each capped grade given to the best-ranked units only.

    `places` are the ranked units by rank. A tie across the line stays as it is, marked
    as waiting for a decision, until one is recorded.
    """
    current, warnings = dict(grades), []
    ranked = sum(len(place) for place in places)
    for band in descending(inputs.settings.grades):
        if band.max_share_of_units is None or not ranked:
            continue
        cap = _ShareCap(inputs, band, _share_base(band, inputs.settings.grades, current, ranked))
        if cap.limit == 0:
            warnings.append(cap.warning)
        current.update(cap.apply(places, current))
    return CappedGrades(current, tuple(warnings))


def _share_base(
    band: GradeBand, grades: Sequence[GradeBand], current: Mapping[Key, Graded], ranked: int
) -> int:
    """Return of how many units the share is taken: the ranked ones, or those graded high enough."""
    if band.share_base is ShareBase.RANKED:
        return ranked
    names = [each.name for each in descending(grades)]
    enough = names[: names.index(_overflow(grades, band) or band.name) + 1]
    return sum(graded.grade in enough for graded in current.values())


class _ShareCap:
    """The cap of one grade: at most this share of its base of units, rounded down."""

    def __init__(self, inputs: RankingInputs, band: GradeBand, base: int) -> None:
        self.band = band
        self.base = base
        self.share = Fraction(band.max_share_of_units or 0)
        self.limit = int(self.share * base)
        self.overflow = _overflow(inputs.settings.grades, band)
        self.decisions = {
            decision.key: decision
            for decision in inputs.grade_decisions
            if decision.grade == band.name
        }

    @property
    def warning(self) -> str:
        """The sentence for a cap that leaves no place."""
        share = show_percent(self.share)
        return (
            f"{share} của {self.base} đơn vị chưa đủ 1 đơn vị: "
            f"không đơn vị nào được xếp {self.band.name}."
        )

    def apply(
        self, places: Sequence[Sequence[Key]], grades: Mapping[Key, Graded]
    ) -> dict[Key, Graded]:
        """Return the grades that the cap changes."""
        left, changed = self.limit, {}
        for place in places:
            held = [key for key in place if grades[key].grade == self.band.name]
            if len(held) <= left:
                left -= len(held)
            elif left:
                changed.update(self._across(held, left, grades))
                left = 0
            else:
                changed.update({key: self._lowered(grades[key], self._full) for key in held})
        return changed

    def _across(
        self, held: Sequence[Key], left: int, grades: Mapping[Key, Graded]
    ) -> dict[Key, Graded]:
        """Settle a tie across the line by recorded decisions, or mark it as waiting."""
        decided = {key: self.decisions[key] for key in held if key in self.decisions}
        granted = [key for key, decision in decided.items() if decision.granted]
        if len(granted) > left or (len(decided) < len(held) and len(granted) < left):
            text = f"Chờ quyết định: {len(held)} đơn vị đồng hạng, {left} suất {self.band.name}."
            return {key: replace(grades[key], pending=text) for key in held}
        others = [key for key in held if key not in granted]
        return {key: self._lowered(grades[key], self._refusal(decided.get(key))) for key in others}

    def _refusal(self, decision: GradeDecision | None) -> str:
        return f"Theo quyết định: {decision.reason}" if decision else self._full

    @property
    def _full(self) -> str:
        share = show_percent(self.share)
        return (
            f"Mức {self.band.name} tối đa {share} {self._counted} "
            f"({self.limit} trên {self.base}), đã hết suất."
        )

    @property
    def _counted(self) -> str:
        if self.band.share_base is ShareBase.RANKED:
            return "số đơn vị xếp hạng"
        return f"số đơn vị xếp từ mức {self.overflow or self.band.name} trở lên"

    def _lowered(self, graded: Graded, reason: str) -> Graded:
        if not self.overflow:
            return graded
        reasons = (*graded.why_not_higher, reason)
        return replace(graded, grade=self.overflow, why_not_higher=reasons)


def _overflow(grades: Sequence[GradeBand], band: GradeBand) -> str:
    """Return where the cap's surplus goes: the grade named, or the next lower one."""
    names = [each.name for each in descending(grades)]
    following = names[names.index(band.name) + 1 :]
    return band.overflow or next(iter(following), "")
