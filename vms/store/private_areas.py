"""Windows and yards that nobody may see into, as polygons with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from vms.core.errors import NotFound
from vms.store.page import Page
from vms.store.schema import private_areas

_BATCH = 500
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArea:
    name: str
    reason: str
    shape: Mapping[str, Any]
    """A GeoJSON Polygon."""
    box: Box
    """West, south, east, north."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateArea:
    area_id: int
    name: str
    reason: str
    shape: dict[str, Any]
    added_by: str
    added_at: datetime


def add_many(tx: Connection, areas: Sequence[NewArea], who: str, now: datetime) -> None:
    rows = [
        {
            "name": area.name[:120],
            "reason": area.reason,
            "shape": dict(area.shape),
            "west": area.box[0],
            "south": area.box[1],
            "east": area.box[2],
            "north": area.box[3],
            "added_by": who[:80],
            "added_at": now,
        }
        for area in areas
    ]
    for start in range(0, len(rows), _BATCH):
        tx.execute(insert(private_areas), rows[start : start + _BATCH])


def within(tx: Connection, box: Box, *, limit: int) -> tuple[PrivateArea, ...]:
    """Those whose own box touches it."""
    c = private_areas.c
    west, south, east, north = box
    touches = (c.west <= east, c.east >= west, c.south <= north, c.north >= south)
    rows = tx.execute(select(private_areas).where(*touches).order_by(c.id).limit(limit)).mappings()
    return tuple(_area(row) for row in rows)


def page(tx: Connection, *, limit: int, offset: int) -> Page[PrivateArea]:
    total = tx.execute(select(func.count()).select_from(private_areas)).scalar_one()
    statement = select(private_areas).order_by(private_areas.c.id).limit(limit).offset(offset)
    return Page(items=tuple(_area(row) for row in tx.execute(statement).mappings()), total=total)


def shapes(tx: Connection, names: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """Of these names, to know what is there already."""
    c = private_areas.c
    found: list[tuple[str, dict[str, Any]]] = []
    for start in range(0, len(names), _BATCH):
        statement = select(c.name, c.shape).where(c.name.in_(names[start : start + _BATCH]))
        found += [(name, shape) for name, shape in tx.execute(statement)]
    return found


def remove(tx: Connection, area_id: int) -> None:
    """Raises NotFound."""
    if tx.execute(delete(private_areas).where(private_areas.c.id == area_id)).rowcount == 0:
        raise NotFound(f"there is no private area {area_id}")


def _area(row: Mapping[Any, Any]) -> PrivateArea:
    return PrivateArea(
        area_id=row["id"],
        name=row["name"],
        reason=row["reason"],
        shape=row["shape"],
        added_by=row["added_by"],
        added_at=row["added_at"],
    )
