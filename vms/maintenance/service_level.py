"""Service levels (服务等级): how soon somebody must be there, how soon it must be repaired, for whom and for what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from vms.core.ids import MaintainerId
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.calendar import Calendar, deadline_if_any
from vms.maintenance.scope import Scope
from vms.places.land import Land


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """Empty: any."""

    point_classes: tuple[int, ...] = ()
    tiers: tuple[Tier, ...] = ()
    regions: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    maintainers: tuple[MaintainerId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    level_id: int = 0
    name: str
    fits: Fits = field(default_factory=Fits)
    respond_s: int
    """Until somebody is there; seconds of the calendar."""
    repair_s: int
    many_from: int | None = None
    """Where at least so many cameras fell together, `many_repair_s` holds."""
    many_repair_s: int | None = None
    calendar_id: int | None = None
    """None: day and night."""


class Deadlines(NamedTuple):
    """None: the calendar has not enough working time."""

    respond_by: datetime | None
    repair_by: datetime | None


HOUR_S = 3600
DEFAULT_LEVELS = (
    ServiceLevel(
        name="一类点位无画面 · class 1 without a picture",
        fits=Fits(point_classes=(1,), severities=(Severity.CRITICAL,)),
        respond_s=1 * HOUR_S,
        repair_s=2 * HOUR_S,
    ),
    ServiceLevel(
        name="一般 · usual",
        respond_s=4 * HOUR_S,
        repair_s=24 * HOUR_S,
        many_from=8,
        many_repair_s=48 * HOUR_S,
    ),
)
"""Published ones: critical on site within 1 h, cleared within 2 h; else 24 h, 48 h from 8 points down on. The 4 h for
the usual response are nobody's published figure: each contract says its own."""


def level_for(levels: Iterable[ServiceLevel], scope: Scope, land: Land) -> ServiceLevel | None:
    """The first that fits."""
    return next((level for level in levels if _fits(level.fits, scope, land)), None)


def longest_s(level: ServiceLevel) -> int:
    many_s = level.many_repair_s if level.many_from is not None else None
    return max(level.respond_s, level.repair_s, many_s or 0)


def deadlines(level: ServiceLevel, start: datetime, calendar: Calendar | None, cameras_down: int) -> Deadlines:
    """`cameras_down`: how many fell together."""
    repair_s = level.repair_s
    if level.many_from is not None and level.many_repair_s is not None and cameras_down >= level.many_from:
        repair_s = level.many_repair_s
    return Deadlines(
        respond_by=deadline_if_any(start, timedelta(seconds=level.respond_s), calendar),
        repair_by=deadline_if_any(start, timedelta(seconds=repair_s), calendar),
    )


def _fits(wanted: Fits, scope: Scope, land: Land) -> bool:
    return (
        (not wanted.point_classes or scope.point_class in wanted.point_classes)
        and (not wanted.tiers or scope.tier in wanted.tiers)
        and (not wanted.regions or any(land.holds(code, scope.region_code) for code in wanted.regions))
        and (not wanted.severities or scope.severity in wanted.severities)
        and (not wanted.maintainers or scope.maintainer_id in wanted.maintainers)
    )
