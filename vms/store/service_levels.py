"""Service levels, as rows in their order."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from vms.core.errors import BadInput
from vms.core.ids import MaintainerId
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.calendar import Calendar
from vms.maintenance.service_level import DEFAULT_LEVELS, Fits, ServiceLevel
from vms.store import calendars, settings
from vms.store.schema import maintainers, service_levels

_MADE = "service_levels.defaults_made"


def every(tx: Connection) -> list[ServiceLevel]:
    """In their order; the first that fits decides."""
    statement = select(service_levels).order_by(service_levels.c.position, service_levels.c.id)
    return [_level(row) for row in tx.execute(statement).mappings()]


def defaults_made(tx: Connection) -> bool:
    return bool(settings.get(tx, _MADE))


def ensure_defaults(tx: Connection, now: datetime) -> None:
    """The published ones, once: an office that takes them out does not get them again."""
    if defaults_made(tx):
        return
    if not every(tx):
        replace(tx, DEFAULT_LEVELS)
    settings.put(tx, _MADE, True, now)


def replace(tx: Connection, wanted: Sequence[ServiceLevel]) -> None:
    """These in place of those that were; one that keeps its name keeps its id. Raises BadInput."""
    names = [level.name for level in wanted]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise BadInput(f"two levels are called {name}", where=f"levels.{number}")
    there = set(calendars.by_id(tx))
    for number, level in enumerate(wanted):
        if level.calendar_id is not None and level.calendar_id not in there:
            raise BadInput(f"there is no calendar {level.calendar_id}", where=f"levels.{number}.calendar_id")
    s = service_levels.c
    tx.execute(delete(service_levels).where(s.name.not_in(names)))
    for position, level in enumerate(wanted):
        values = {
            "position": position,
            "fits": _fits_to_json(level.fits),
            "respond_s": level.respond_s,
            "repair_s": level.repair_s,
            "many_from": level.many_from,
            "many_repair_s": level.many_repair_s,
            "calendar_id": level.calendar_id,
        }
        if tx.execute(update(service_levels).where(s.name == level.name).values(values)).rowcount == 0:
            tx.execute(insert(service_levels).values(name=level.name, **values))


def calendar_of(tx: Connection, level_id: int | None, maintainer_id: int | None) -> Calendar | None:
    """The level's calendar, else the firm's; None: day and night."""
    s, m = service_levels.c, maintainers.c
    found = None
    if level_id is not None:
        found = tx.execute(select(s.calendar_id).where(s.id == level_id)).scalar_one_or_none()
    if found is None and maintainer_id is not None:
        found = tx.execute(select(m.calendar_id).where(m.id == maintainer_id)).scalar_one_or_none()
    return None if found is None else calendars.by_id(tx).get(found)


def _fits_to_json(fits: Fits) -> dict[str, list[object]]:
    return {
        "point_classes": list(fits.point_classes),
        "tiers": [tier.value for tier in fits.tiers],
        "regions": list(fits.regions),
        "severities": [severity.value for severity in fits.severities],
        "maintainers": list(fits.maintainers),
    }


def _level(row: RowMapping) -> ServiceLevel:
    fits = row["fits"]
    return ServiceLevel(
        level_id=row["id"],
        name=row["name"],
        fits=Fits(
            point_classes=tuple(fits.get("point_classes", ())),
            tiers=tuple(Tier(value) for value in fits.get("tiers", ())),
            regions=tuple(fits.get("regions", ())),
            severities=tuple(Severity(value) for value in fits.get("severities", ())),
            maintainers=tuple(MaintainerId(value) for value in fits.get("maintainers", ())),
        ),
        respond_s=row["respond_s"],
        repair_s=row["repair_s"],
        many_from=row["many_from"],
        many_repair_s=row["many_repair_s"],
        calendar_id=row["calendar_id"],
    )
