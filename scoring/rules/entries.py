"""What a line can hold: one frozen value per way of entering it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DirectInput:
    """Points as typed."""

    points: Decimal


@dataclass(frozen=True, slots=True)
class ChoiceInput:
    """The index of the chosen level, from 0."""

    level: int


@dataclass(frozen=True, slots=True)
class PassFailInput:
    """Yes or no; of a minus item yes means that it happened."""

    passed: bool


@dataclass(frozen=True, slots=True)
class CountInput:
    """A number of faults (`deduct`) or of merits, or of cases of a minus item (`count`)."""

    n: int


@dataclass(frozen=True, slots=True)
class RatioInput:
    """A numerator and a denominator, or a percentage."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    percent: Decimal | None = None

    @property
    def is_over_zero(self) -> bool:
        """Tell whether nothing of its kind arose: the denominator is 0."""
        return self.denominator == 0


@dataclass(frozen=True, slots=True)
class TargetInput:
    """What was reached, and the target."""

    actual: Decimal
    target: Decimal


@dataclass(frozen=True, slots=True)
class EventsInput:
    """How many cases stand at each level, in the order of the levels."""

    cases: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of its kind arose: there is no case."""
        return not any(self.cases)


@dataclass(frozen=True, slots=True)
class NotApplicableInput:
    """The declaration "không phát sinh"."""


LineInput = (
    DirectInput
    | ChoiceInput
    | PassFailInput
    | CountInput
    | RatioInput
    | TargetInput
    | EventsInput
    | NotApplicableInput
)
