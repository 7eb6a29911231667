"""How many cameras of a list fall into each group, and how they are: counted by the database in one statement."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select

from vms.health.status import Status
from vms.places.region_counts import Counts, RegionNode, roll_up
from vms.store import owners, regions
from vms.store.camera_filter import CameraFilter, conditions
from vms.store.schema import cameras, watches
from vms.store.watch_sessions import latest_session
from vms.store.watching import status_column

MOST_GROUPS = 2000
_STREET_DIGITS = 9


class GroupBy(StrEnum):
    REGION = "region"
    STREET = "street"
    """The first nine digits of the region's code."""
    OWNER = "owner"
    TIER = "tier"
    STATUS = "status"
    MANUFACTURER = "manufacturer"
    MODEL = "model"
    LIFE_CYCLE = "life_cycle"
    POINT_CLASS = "point_class"
    ASSET_STATUS = "asset_status"
    STRUCTURE_TYPE = "structure_type"
    POLE = "pole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    key: str
    """Empty: not filled in. Of owners the id."""
    name: str
    """For people: of regions and owners the name; else the key."""
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerNode:
    owner_id: int | None
    """None: cameras that no owner is known of."""
    name: str
    tier: str
    counts: Counts


def groups(tx: Connection, by: GroupBy, wanted: CameraFilter, now: datetime) -> list[Group]:
    """The largest first, at most MOST_GROUPS."""
    found = _counted(tx, [_KEYS[by] if by is not GroupBy.STATUS else _status(tx, now)], wanted, now, most=MOST_GROUPS)
    keys = ["" if key is None else str(key) for (key,), _ in found]
    names = _names(tx, by, keys)
    return [
        Group(key=key, name=names.get(key, key), counts=counts) for key, (_, counts) in zip(keys, found, strict=True)
    ]


def region_tree(tx: Connection, wanted: CameraFilter, now: datetime) -> list[RegionNode]:
    found = _counted(tx, [cameras.c.region_code], wanted, now)
    return roll_up(regions.tree(tx), {str(code): counts for (code,), counts in found})


def owner_tree(tx: Connection, wanted: CameraFilter, now: datetime) -> list[OwnerNode]:
    """One node per tier and owner; by tier, the largest first."""
    found = _counted(tx, [cameras.c.tier, cameras.c.owner_id, cameras.c.shown_owner], wanted, now)
    nodes = [
        OwnerNode(owner_id=owner_id, name=name, tier=tier, counts=counts) for (tier, owner_id, name), counts in found
    ]
    return sorted(nodes, key=lambda node: (node.tier, -node.counts.total, node.name))


def _counted(
    tx: Connection, keys: list[ColumnElement[Any]], wanted: CameraFilter, now: datetime, *, most: int | None = None
) -> list[tuple[tuple[Any, ...], Counts]]:
    status, total = _status(tx, now), func.count()
    columns = [key.label(f"key{place}") for place, key in enumerate(keys)]
    statement = (
        select(*columns, total, *(total.filter(status == one.value) for one in _ORDER))
        .select_from(cameras.outerjoin(watches, watches.c.camera_id == cameras.c.id))
        .where(cameras.c.id > 0, *conditions(tx, wanted, now))
        .group_by(*columns)
        .order_by(total.desc(), *columns)
    )
    rows = tx.execute(statement if most is None else statement.limit(most)).all()
    width = len(columns)
    return [
        (
            tuple(row[:width]),
            Counts(total=row[width], **{one.value: row[width + 1 + n] for n, one in enumerate(_ORDER)}),
        )
        for row in rows
    ]


def _status(tx: Connection, now: datetime) -> ColumnElement[str]:
    return status_column(latest_session(tx), now)


def _names(tx: Connection, by: GroupBy, keys: list[str]) -> dict[str, str]:
    if by in (GroupBy.REGION, GroupBy.STREET):
        return regions.names(tx)
    if by is GroupBy.OWNER:
        return {str(owner_id): name for owner_id, name in owners.names(tx, map(int, filter(None, keys))).items()}
    return {}


_ORDER = (Status.UP, Status.SUSPECT, Status.DOWN, Status.UNKNOWN)
_c = cameras.c
_KEYS: dict[GroupBy, ColumnElement[Any]] = {
    GroupBy.REGION: _c.region_code,
    GroupBy.STREET: func.substr(_c.region_code, 1, _STREET_DIGITS),
    GroupBy.OWNER: _c.owner_id,
    GroupBy.TIER: _c.tier,
    GroupBy.MANUFACTURER: _c.shown_manufacturer,
    GroupBy.MODEL: _c.shown_model,
    GroupBy.LIFE_CYCLE: _c.life_cycle,
    GroupBy.POINT_CLASS: cast(_c.point_class, Text),
    GroupBy.ASSET_STATUS: cast(_c.asset_status, Text),
    GroupBy.STRUCTURE_TYPE: cast(_c.structure_type, Text),
    GroupBy.POLE: _c.pole_code,
}
