"""The cells that the versions of a map consist of: what lies in each, packed."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, func, insert, select, tuple_

from vms.store.map_versions import Box
from vms.store.schema import map_cells

AT_ONCE = 200
Cell = tuple[int, int]


class CellKey(NamedTuple):
    version_id: int
    layer: str
    cell: Cell


class CellFacts(NamedTuple):
    """A cell without its content."""

    key: CellKey
    items: int
    digest: str
    box: Box


class NewCell(NamedTuple):
    layer: str
    cell: Cell
    items: int
    digest: str
    box: Box
    content: bytes


def put_many(tx: Connection, version_id: int, cells: Sequence[NewCell]) -> None:
    rows = [
        {
            "version_id": version_id,
            "layer": one.layer,
            "cell_column": one.cell[0],
            "cell_row": one.cell[1],
            "item_count": one.items,
            "digest": one.digest,
            "west_e7": one.box[0],
            "south_e7": one.box[1],
            "east_e7": one.box[2],
            "north_e7": one.box[3],
            "content": one.content,
        }
        for one in cells
    ]
    if rows:
        tx.execute(insert(map_cells), rows)


def facts(tx: Connection, version_ids: Collection[int]) -> list[CellFacts]:
    """Of all cells of these versions; thousands for a large town."""
    c = map_cells.c
    columns = (c.version_id, c.layer, c.cell_column, c.cell_row, c.item_count, c.digest)
    edges = (c.west_e7, c.south_e7, c.east_e7, c.north_e7)
    statement = select(*columns, *edges).where(c.version_id.in_(list(version_ids)))
    ordered = statement.order_by(c.version_id, c.layer, c.cell_column, c.cell_row)
    return [
        CellFacts(CellKey(row[0], row[1], (row[2], row[3])), row[4], row[5], (row[6], row[7], row[8], row[9]))
        for row in tx.execute(ordered)
    ]


def contents(tx: Connection, keys: Sequence[CellKey]) -> Iterator[tuple[CellKey, bytes]]:
    """Some hundred at a time are in memory."""
    c = map_cells.c
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        by_place: dict[tuple[int, str], list[Cell]] = {}
        for key in some:
            by_place.setdefault((key.version_id, key.layer), []).append(key.cell)
        for (version_id, layer), cells in by_place.items():
            wanted = and_(
                c.version_id == version_id, c.layer == layer, tuple_(c.cell_column, c.cell_row).in_(sorted(cells))
            )
            for row in tx.execute(select(c.cell_column, c.cell_row, c.content).where(wanted)):
                yield CellKey(version_id, layer, (row[0], row[1])), bytes(row[2])


def box_of(tx: Connection, version_ids: Collection[int], layer: str) -> Box | None:
    """Around all items of a layer; None: there are none."""
    c = map_cells.c
    edges = (func.min(c.west_e7), func.min(c.south_e7), func.max(c.east_e7), func.max(c.north_e7))
    west, south, east, north = tx.execute(
        select(*edges).where(c.version_id.in_(list(version_ids)), c.layer == layer)
    ).one()
    return None if west is None else (west, south, east, north)


def remove_some(tx: Connection, version_id: int) -> bool:
    """A column of cells at a time, so that nobody waits long; False: there are none left."""
    c = map_cells.c
    first = select(c.layer, c.cell_column).where(c.version_id == version_id).limit(1)
    found = tx.execute(first).one_or_none()
    if found is None:
        return False
    tx.execute(delete(map_cells).where(c.version_id == version_id, c.layer == found[0], c.cell_column == found[1]))
    return True
