"""The judgements counted: by group for the figures, camera by camera for the assessment, differences one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from vms.health.status import Status
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.judgements import names_in
from vms.store.region_scope import is_within
from vms.store.schema import cameras, judgements, watches
from vms.store.watch_sessions import latest_session
from vms.store.watching import status_column

_c, _j = cameras.c, judgements.c
GROUPS: dict[str, ColumnElement[Any]] = {
    "region": _c.region_code,
    "tier": _c.tier,
    "owner": _c.owner_id,
    "point_class": _j.point_class,
}


class Counted(NamedTuple):
    """So many cameras in service of one group that break the same rules."""

    key: str | int | None
    broken: str
    """As the judgement keeps it."""
    down: bool
    cameras: int
    complete: int
    filled: int
    required: int
    with_device: int
    consistent: int


class One(NamedTuple):
    camera_id: int
    broken: str
    down: bool
    filled: int
    required: int
    has_device: bool
    differing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceFilter:
    """Empty and None: whatever it is."""

    region: str = ""
    """The region and everything below it."""
    tier: str = ""
    owner: int | None = None
    field: str = ""
    hidden: frozenset[str] = frozenset()
    """Fields that the person may not see."""


def by_group(tx: Connection, group: str, now: datetime) -> list[Counted]:
    """`group`: one of GROUPS."""
    key, down = GROUPS[group], _is_down(tx, now)
    has_device = _c.device_id.is_not(None)
    sums = [
        func.count(),
        func.count().filter(_j.filled == _j.required),
        func.sum(_j.filled),
        func.sum(_j.required),
        func.count().filter(has_device),
        func.count().filter(and_(has_device, _j.differing == "")),
    ]
    statement = _in_service(select(key, _j.broken, down, *sums)).group_by(key, _j.broken, down)
    return [Counted._make((row[0], row[1], bool(row[2]), *row[3:])) for row in tx.execute(statement)]


def one_by_one(tx: Connection, now: datetime) -> Iterator[One]:
    """Of all cameras in service."""
    columns = (_j.camera_id, _j.broken, _is_down(tx, now), _j.filled, _j.required, _c.device_id, _j.differing)
    for row in tx.execution_options(yield_per=5000).execute(_in_service(select(*columns))):
        yield One(row[0], row[1], bool(row[2]), row[3], row[4], row[5] is not None, row[6])


def differing(tx: Connection, wanted: DifferenceFilter) -> list[tuple[int, str]]:
    """(camera, field) of all open differences of cameras in service, by camera."""
    statement = select(_j.camera_id, _j.differing).join(cameras, _c.id == _j.camera_id)
    statement = statement.where(_j.differing != "", _c.life_cycle.in_(IN_SERVICE_VALUES))
    if wanted.region:
        statement = statement.where(is_within(_c.region_code, wanted.region))
    if wanted.tier:
        statement = statement.where(_c.tier == wanted.tier)
    if wanted.owner is not None:
        statement = statement.where(_c.owner_id == wanted.owner)
    return [
        (row.camera_id, name)
        for row in tx.execute(statement.order_by(_j.camera_id))
        for name in names_in(row.differing)
        if wanted.field in ("", name) and name not in wanted.hidden
    ]


def _in_service(statement: Select[Any]) -> Select[Any]:
    joined = judgements.join(cameras, _c.id == _j.camera_id).outerjoin(watches, watches.c.camera_id == _j.camera_id)
    return statement.select_from(joined).where(_c.life_cycle.in_(IN_SERVICE_VALUES))


def _is_down(tx: Connection, now: datetime) -> ColumnElement[int]:
    return case((status_column(latest_session(tx), now) == Status.DOWN.value, 1), else_=0)
