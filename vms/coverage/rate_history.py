"""Coverage of any days, exactly: metres and places times the time for which they were covered and anybody measured."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vms.core.intervals import Interval
from vms.coverage.totals import Covered, FigureKey

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """From `at` on, until the next of its figure."""

    at: datetime
    key: FigureKey
    covered: Covered


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredTime:
    """Whole numbers: millimetres × microseconds, places × microseconds."""

    length: int = 0
    covered_length: int = 0
    places: int = 0
    covered_places: int = 0
    known_us: int = 0
    """How long it was known at all, of the figure known longest."""

    def __add__(self, other: "CoveredTime") -> "CoveredTime":
        return CoveredTime(
            length=self.length + other.length,
            covered_length=self.covered_length + other.covered_length,
            places=self.places + other.places,
            covered_places=self.covered_places + other.covered_places,
            known_us=max(self.known_us, other.known_us),
        )

    @property
    def road_rate(self) -> float | None:
        """0 … 1; None: nothing was asked for, or nobody measured."""
        return self.covered_length / self.length if self.length else None

    @property
    def place_rate(self) -> float | None:
        return self.covered_places / self.places if self.places else None


def covered_time(
    changes: Iterable[RateChange], known: Sequence[Interval], window: Interval
) -> dict[FigureKey, CoveredTime]:
    """`changes`: of each figure the last one before the window and all within. `known`: when coverage was measured;
    sorted, apart from each other. What was not measured counts neither as covered nor as missing."""
    of_figure: dict[FigureKey, list[RateChange]] = defaultdict(list)
    for change in changes:
        of_figure[change.key].append(change)
    found: dict[FigureKey, CoveredTime] = {}
    for key, steps in of_figure.items():
        steps.sort(key=lambda step: step.at)
        together = CoveredTime()
        for step, until in zip(steps, [*(later.at for later in steps[1:]), window.end], strict=True):
            us = _known_us(known, max(step.at, window.start), min(until, window.end))
            if us > 0:
                together += _times(step.covered, us, together.known_us)
        found[key] = together
    return found


def grouped(found: Mapping[FigureKey, CoveredTime], by: str) -> dict[str, dict[FigureKey, CoveredTime]]:
    """`class` (the ground) or `need` (px/m); day and night apart is for whoever chooses the keys."""
    groups: dict[str, dict[FigureKey, CoveredTime]] = defaultdict(dict)
    for key, time in found.items():
        groups[{"class": key.ground.value, "need": f"{key.px_per_m:g}"}[by]][key] = time
    return dict(groups)


def _times(covered: Covered, us: int, known_us: int) -> CoveredTime:
    return CoveredTime(
        length=covered.length_mm * us,
        covered_length=covered.covered_mm * us,
        places=covered.places * us,
        covered_places=covered.covered_places * us,
        known_us=known_us + us,
    )


def _known_us(known: Sequence[Interval], start: datetime, end: datetime) -> int:
    spans = ((max(one.start, start), min(one.end, end)) for one in known if one.start < end and one.end > start)
    return sum((until - begun) // _MICROSECOND for begun, until in spans if until > begun)
