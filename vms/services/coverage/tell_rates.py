"""Rates of coverage against their targets: of now, and of any days exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from vms.core.intervals import Interval
from vms.coverage.ground import Ground
from vms.coverage.rate_history import CoveredTime, covered_time, grouped
from vms.coverage.totals import FigureKey
from vms.places.land import Land
from vms.services.coverage.demand_now import needs_now
from vms.services.coverage.rate_targets import place_target, road_target, targets
from vms.services.coverage.region_rates import by_region
from vms.services.coverage.totals_then import STILL_MEASURED
from vms.store import coverage_rates, regions

By = Literal["region", "class", "need"]
Figures = Mapping[FigureKey, CoveredTime]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRate:
    key: str
    """Code of the region, name of the class, or the density needed; `all`: together."""
    name: str
    depth: int
    """Of a region: how deep below those that stand at the top."""
    rest: bool
    """What lies in the region and in none of those below it; any other row of a region holds all below it."""
    road_m: float
    """Asked for, on average over the time."""
    road_rate: float | None
    road_target: float | None
    """Of several classes: by the metres asked for; None: one of them has none."""
    places: float
    place_rate: float | None
    place_target: float | None

    @property
    def target(self) -> float | None:
        """Where one figure is the target of both."""
        told = {one for one in (self.road_target, self.place_target) if one is not None}
        return told.pop() if len(told) == 1 else None

    @property
    def met(self) -> bool | None:
        pairs = ((self.road_rate, self.road_target), (self.place_rate, self.place_target))
        told = [rate >= target for rate, target in pairs if rate is not None and target is not None]
        return all(told) if told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesTold:
    start: datetime
    end: datetime
    by: By
    by_night: bool
    measured_until: datetime | None
    """So far it is written down; what comes after is not counted. None: nobody ever measured."""
    known_share: float | None
    """Of the time until then: how much of it anybody measured. None: all of it came after."""
    groups: tuple[GroupRate, ...]
    total: GroupRate


def tell_rates(
    tx: Connection, window: Interval, by: By, *, now: datetime, by_night: bool, region: str = ""
) -> RatesTold:
    """Within a region and all below it; empty: everywhere. What was not measured counts neither way."""
    tree, of_class = regions.tree(tx), targets(needs_now(tx))
    land = Land.of(tree.regions.values())
    until = coverage_rates.last_known(tx)
    told_until = min(window.end, _told_until(until, now))
    known = coverage_rates.spells(tx, window.start, window.end)
    found = covered_time(coverage_rates.between(tx, window.start, window.end), known, window)
    chosen = {
        key: time
        for key, time in found.items()
        if key.by_night == by_night and (time.length or time.places) and land.holds(region, key.region)
    }
    if by == "region":
        groups = [
            _rate(row.code, row.name, row.figures, of_class, depth=row.depth, rest=row.rest)
            for row in by_region(chosen, tree, region)
        ]
    else:
        groups = [_rate(key, "", figures, of_class) for key, figures in sorted(grouped(chosen, by).items())]
    known_s, whole_s = sum(_inside_s(one, window) for one in known), (told_until - window.start).total_seconds()
    return RatesTold(
        start=window.start,
        end=window.end,
        by=by,
        by_night=by_night,
        measured_until=until,
        known_share=min(1.0, known_s / whole_s) if whole_s > 0.0 else None,
        groups=tuple(groups),
        total=_rate("all", "", chosen, of_class),
    )


def _told_until(until: datetime | None, now: datetime) -> datetime:
    """A process that measures says so once a minute: the seconds since are not time in which nobody measured."""
    return until if until is not None and now - STILL_MEASURED <= until <= now else now


def _rate(
    key: str, name: str, figures: Figures, of_class: Mapping[Ground, float], *, depth: int = 0, rest: bool = False
) -> GroupRate:
    time = sum(figures.values(), CoveredTime())
    us = max(time.known_us, 1)
    return GroupRate(
        key=key,
        name=name,
        depth=depth,
        rest=rest,
        road_m=round(time.length / us / 1000.0, 3),
        road_rate=time.road_rate,
        road_target=road_target(figures, of_class),
        places=round(time.places / us, 3),
        place_rate=time.place_rate,
        place_target=place_target(figures, of_class),
    )


def _inside_s(one: Interval, window: Interval) -> float:
    return (min(one.end, window.end) - max(one.start, window.start)).total_seconds()
