"""Who would repair this camera and until when: by the rules and levels that hold, or by others that are tried."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.health.fault import Severity
from vms.maintenance.assignment import AssignmentRule, deciding, fits
from vms.maintenance.scope import Scope
from vms.maintenance.service_level import DEFAULT_LEVELS, Deadlines, ServiceLevel, deadlines, level_for
from vms.services.work_orders.order_book import WorkingHours
from vms.store import cameras, maintainers, regions, service_levels
from vms.store.scope_counts import cameras_by_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """A fault that is only thought of. None: what is stored."""

    camera_id: CameraId
    layer: str = ""
    severity: Severity = Severity.MAJOR
    cameras: int = 1
    """How many fall together."""
    rules: Sequence[AssignmentRule] | None = None
    levels: Sequence[ServiceLevel] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    scope: Scope
    rule: int | None
    """Its place among the rules; None: none fits, and nobody is sent."""
    crew: str
    level: int | None
    """Its place among the levels."""
    level_name: str
    in_calendar: bool
    """False: the clock runs day and night."""
    deadlines: Deadlines | None


def try_out(tx: Connection, supposed: Supposed, now: datetime) -> Arranged:
    """Raises NotFound for the camera."""
    camera = cameras.get(tx, supposed.camera_id)
    rules = maintainers.rules(tx) if supposed.rules is None else supposed.rules
    land = regions.land(tx)
    levels = _levels(tx) if supposed.levels is None else supposed.levels
    scope = Scope(
        region_code=camera.declared.region_code,
        tier=camera.declared.tier,
        point_class=camera.declared.point_class,
        owner_id=camera.owner_id,
        layer=supposed.layer,
        severity=supposed.severity,
    )
    place = next((number for number, rule in enumerate(rules) if fits(rule, scope, land)), None)
    rule = None if place is None else rules[place]
    scope = replace(scope, maintainer_id=None if rule is None else rule.maintainer_id)
    level = level_for(levels, scope, land)
    hours = WorkingHours(tx)
    calendar = None if level is None else hours.of_calendar(level.calendar_id, scope.maintainer_id)
    return Arranged(
        scope=scope,
        rule=place,
        crew="" if rule is None else rule.crew,
        level=None if level is None else next(n for n, one in enumerate(levels) if one is level),
        level_name="" if level is None else level.name,
        in_calendar=calendar is not None,
        deadlines=None if level is None else deadlines(level, now, calendar, supposed.cameras),
    )


def reach(tx: Connection, rules: Sequence[AssignmentRule] | None, layer: str) -> tuple[list[int], int]:
    """How many cameras each rule decides for a fault of this layer, and how many none does. No rules: the stored."""
    tried = maintainers.rules(tx) if rules is None else rules
    counted = cameras_by_scope(tx, layer=layer, owners=any(rule.owner_id is not None for rule in tried))
    of_rule, nobodys = [0] * len(tried), 0
    places = deciding(tried, [scope for scope, _ in counted], regions.land(tx))
    for place, (_, n) in zip(places, counted, strict=True):
        if place is None:
            nobodys += n
        else:
            of_rule[place] += n
    return of_rule, nobodys


def _levels(tx: Connection) -> Sequence[ServiceLevel]:
    """Before anybody looked at them the published ones are not stored yet."""
    return service_levels.every(tx) if service_levels.defaults_made(tx) else DEFAULT_LEVELS
