"""The tree of regions, as rows."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from vms.places.land import Land
from vms.places.regions import Region, RegionLevel, RegionTree
from vms.store.schema import regions


def tree(tx: Connection) -> RegionTree:
    rows = tx.execute(select(regions).order_by(regions.c.code)).mappings()
    return RegionTree.of(
        Region(
            code=row["code"],
            name=row["name"],
            level=RegionLevel(row["level"]),
            parent=row["parent_code"],
            box=None if row["box"] is None else tuple(row["box"]),
        )
        for row in rows
    )


def land(tx: Connection) -> Land:
    """What lies where, without the rest of the tree."""
    return Land({row.code: row.parent_code for row in tx.execute(select(regions.c.code, regions.c.parent_code))})


def replace(tx: Connection, wanted: Iterable[Region]) -> None:
    """This tree instead of the old one. Raises BadInput where it is no tree."""
    valid = RegionTree.of(wanted)
    tx.execute(delete(regions))
    rows = [
        {
            "code": region.code,
            "name": region.name,
            "level": region.level.value,
            "parent_code": region.parent,
            "box": None if region.box is None else list(region.box),
        }
        for region in valid.regions.values()
    ]
    if rows:
        tx.execute(insert(regions), rows)


def names(tx: Connection) -> dict[str, str]:
    return {row.code: row.name for row in tx.execute(select(regions.c.code, regions.c.name))}


def boxes(tx: Connection) -> dict[str, tuple[float, float, float, float]]:
    """Of the regions whose extent is known, by code."""
    found = tx.execute(select(regions.c.code, regions.c.box))
    return {row.code: tuple(row.box) for row in found if row.box is not None}
