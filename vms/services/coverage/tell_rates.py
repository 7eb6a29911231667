"""Rates of coverage against their targets: of now, and of any days exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from vms.core.intervals import Interval
from vms.coverage.ground import GROUNDS, Ground
from vms.coverage.needs import Needs
from vms.coverage.rate_history import CoveredTime, by_group, covered_time
from vms.places.regions import RegionTree
from vms.services.coverage.demand_now import needs_now
from vms.store import coverage_rates, regions

By = Literal["region", "class", "need"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRate:
    key: str
    """Code of the region, name of the class, or the density needed; `all`: together."""
    name: str
    road_m: float
    """Asked for, on average over the time."""
    road_rate: float | None
    places: float
    place_rate: float | None
    target: float | None
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesTold:
    start: datetime
    end: datetime
    by: By
    by_night: bool
    known_share: float
    """Of the time: how much of it anybody measured."""
    groups: tuple[GroupRate, ...]
    total: GroupRate


def tell_rates(tx: Connection, window: Interval, by: By, *, by_night: bool, region: str = "") -> RatesTold:
    """Within a region and all below it; empty: everywhere. What was not measured counts neither way."""
    tree, needs = regions.tree(tx), needs_now(tx)
    known = coverage_rates.spells(tx, window.start, window.end)
    found = covered_time(coverage_rates.between(tx, window.start, window.end), known, window)
    chosen = {
        key: time
        for key, time in found.items()
        if key.by_night == by_night and (time.length or time.places) and (not region or tree.within(key.region, region))
    }
    together = sum(chosen.values(), CoveredTime())
    groups = by_group(chosen, by)
    known_s = sum(_inside_s(one, window) for one in known)
    return RatesTold(
        start=window.start,
        end=window.end,
        by=by,
        by_night=by_night,
        known_share=known_s / window.length.total_seconds(),
        groups=tuple(_rate(key, _name(key, by, tree), groups[key], _target(key, by, needs)) for key in sorted(groups)),
        total=_rate("all", "", together, None),
    )


def targets(needs: Needs) -> Mapping[Ground, float]:
    """Of each class, where the rules set one: of the first rule for the whole town that does, else of the first."""
    found: dict[Ground, float] = {}
    for everywhere in (True, False):
        for rule in needs.rules:
            if rule.target is not None and (not rule.area or not everywhere):
                found.setdefault(rule.ground, rule.target)
    return found


def _target(key: str, by: By, needs: Needs) -> float | None:
    return targets(needs).get(Ground(key)) if by == "class" and key in GROUNDS else None


def _rate(key: str, name: str, time: CoveredTime, target: float | None) -> GroupRate:
    us = max(time.known_us, 1)
    rates = [rate for rate in (time.road_rate, time.place_rate) if rate is not None]
    return GroupRate(
        key=key,
        name=name,
        road_m=round(time.length / us / 1000.0, 3),
        road_rate=time.road_rate,
        places=round(time.places / us, 3),
        place_rate=time.place_rate,
        target=target,
        met=None if target is None or not rates else min(rates) >= target,
    )


def _name(key: str, by: By, tree: RegionTree) -> str:
    return tree.regions[key].name if by == "region" and key in tree else ""


def _inside_s(one: Interval, window: Interval) -> float:
    return (min(one.end, window.end) - max(one.start, window.start)).total_seconds()
