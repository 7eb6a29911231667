"""Which cameras, in which order: the conditions of a list, as SQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_

from vms.core.errors import BadInput
from vms.core.ids import DeviceId, OwnerId
from vms.health.status import Status
from vms.inventory.camera import IN_SERVICE_VALUES, LifeCycle
from vms.inventory.filter_expression import Expression
from vms.inventory.tier import Tier
from vms.store.filter_conditions import condition_of, has_status, speaking_session
from vms.store.schema import cameras
from vms.store.watch_sessions import latest_session
from vms.store.watching import status_column


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFilter:
    """None and empty: whatever it is."""

    tier: Tier | None = None
    region_code: str = ""
    """The region and everything below it: codes are prefixes of one another."""
    status: Status | None = None
    owner_id: OwnerId | None = None
    device_id: DeviceId | None = None
    life_cycle: LifeCycle | None = None
    in_service_only: bool = False
    text: str = ""
    """Somewhere in the name, common name, address, pole code, national id, serial number."""
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north; degrees."""
    expression: Expression | None = None
    """Of filter_expression.parse_filter."""


SORTS = ("id", "name", "tier", "region_code", "status", "changed_at", "life_cycle", "install_address")

_TEXT = ("name", "common_name", "install_address", "pole_code", "gb_device_id", "serial_no", "observed_name")


def conditions(tx: Connection, wanted: CameraFilter, now: datetime) -> list[ColumnElement[bool]]:
    """Over `cameras` alone: for any statement that selects from it."""
    c = cameras.c
    found: list[ColumnElement[bool]] = []
    if wanted.tier is not None:
        found.append(c.tier == wanted.tier.value)
    if wanted.region_code:
        found.append(c.region_code.startswith(wanted.region_code, autoescape=True))
    if wanted.owner_id is not None:
        found.append(c.owner_id == wanted.owner_id)
    if wanted.device_id is not None:
        found.append(c.device_id == wanted.device_id)
    if wanted.life_cycle is not None:
        found.append(c.life_cycle == wanted.life_cycle.value)
    if wanted.in_service_only:
        found.append(c.life_cycle.in_(IN_SERVICE_VALUES))
    if wanted.text.strip():
        found.append(or_(*(c[name].icontains(wanted.text.strip(), autoescape=True) for name in _TEXT)))
    if wanted.status is not None:
        found.append(has_status(frozenset({wanted.status.value}), speaking_session(latest_session(tx), now)))
    if wanted.bbox is not None:
        found.append(_inside(wanted.bbox))
    if wanted.expression is not None:
        found.append(condition_of(wanted.expression, speaking_session(latest_session(tx), now)))
    return found


def order(tx: Connection, sort: str, now: datetime) -> list[ColumnElement[Any]]:
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise BadInput(f"cannot be sorted by {name!r}; known are {', '.join(SORTS)}", where="sort")
    column: ColumnElement[Any]
    if name == "status":
        column = status_column(latest_session(tx), now)
    elif name == "name":
        column = func.coalesce(func.nullif(cameras.c.name, ""), cameras.c.observed_name)
    else:
        column = cameras.c[name]
    down = sort.startswith("-")
    return [column.desc() if down else column.asc(), cameras.c.id.desc() if down else cameras.c.id.asc()]


def _inside(bbox: tuple[float, float, float, float]) -> ColumnElement[bool]:
    west, south, east, north = bbox
    c = cameras.c
    declared = and_(c.lon.between(west, east), c.lat.between(south, north))
    observed = and_(c.lon.is_(None), c.observed_lon.between(west, east), c.observed_lat.between(south, north))
    return or_(declared, observed)
