"""How a clock goes from day to day, with what is not known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HALF_A_SECOND_S = 0.5
"""Clocks are told in whole seconds."""
LEAST_DAYS = 3
"""For a drift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDay:
    """Device minus ours."""

    day: date
    readings: int
    mean_s: float
    least_s: float
    most_s: float
    uncertainty_s: float
    """The true offset of one reading lies within ± this."""


def uncertainty_s(answer_s: float | None) -> float:
    """Of a clock whose device answered within so long: it read its clock at some moment of that."""
    return HALF_A_SECOND_S + (answer_s or 0.0) / 2


def drift_s_per_day(days: Sequence[ClockDay]) -> float | None:
    """The straight line through the days' means (least squares). None: too few days to say."""
    if len(days) < LEAST_DAYS:
        return None
    numbers = [one.day.toordinal() for one in days]
    middle, mean_s = sum(numbers) / len(days), sum(one.mean_s for one in days) / len(days)
    spread = sum((number - middle) ** 2 for number in numbers)
    together = sum((number - middle) * (one.mean_s - mean_s) for number, one in zip(numbers, days, strict=True))
    return together / spread
