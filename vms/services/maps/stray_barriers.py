"""Barriers of a map that stop nobody, because no road has a corner where they lie."""

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from sqlalchemy import Connection

from vms.maps.cell_code import PLACE, ROAD, decode, joined
from vms.places.packed import Corners, PackedPlaces, PackedRoads, to_degrees
from vms.places.town import Place
from vms.roads.barriers import on_corners, packed_barriers
from vms.store import map_cells, map_versions
from vms.store.map_cells import CellKey
from vms.store.map_versions import Box, MapVersion

MOST_TOLD = 20


def stray_barriers(tx: Connection, version: MapVersion) -> PackedPlaces:
    """Of this version, against its own roads and those of all other sources. Reads its cells of places, and those of
    roads near barriers alone, some hundred at a time."""
    own = [facts.key for facts in map_cells.facts(tx, [version.version_id]) if facts.key.layer == PLACE]
    places = (cast(PackedPlaces, decode(PLACE, content)) for _, content in map_cells.contents(tx, own))
    barriers: PackedPlaces = joined(PLACE, [packed_barriers(some) for some in places])
    if not len(barriers):
        return barriers
    others = [one.version_id for one in map_versions.current(tx) if one.source != version.source]
    cells = map_cells.facts(tx, [version.version_id, *others])
    near = [one.key for one in cells if one.key.layer == ROAD and _is_in(one.box, barriers.points)]
    is_on = on_corners(to_degrees(barriers.points), (to_degrees(corners) for corners in _corners(tx, near)))
    return barriers.taken(np.flatnonzero(~is_on))


def told_of(stray: PackedPlaces) -> list[str]:
    """The first of them, each by its name or its number on the map, and where it lies."""
    return [_told(stray[at]) for at in range(min(len(stray), MOST_TOLD))]


def sentence_of(count: int, told: Sequence[str]) -> str:
    """Empty: there is none."""
    if not count:
        return ""
    return f"{count} barriers lie on no corner of a road and stop nobody, among them {', '.join(told)}"


def _told(place: Place) -> str:
    where = f"{place.position.lon:.7f} {place.position.lat:.7f}"
    name = place.name or place.source_id
    return f"{name} ({where})" if name else where


def _corners(tx: Connection, keys: Sequence[CellKey]) -> Iterator[Corners]:
    for _, content in map_cells.contents(tx, keys):
        yield cast(PackedRoads, decode(ROAD, content)).lines.corners


def _is_in(box: Box, points: Corners) -> bool:
    west, south, east, north = box
    x, y = points[:, 0], points[:, 1]
    return bool(((x >= west) & (x <= east) & (y >= south) & (y <= north)).any())
