"""Barriers of a map that stop nobody: no road has a corner where they lie, or they do not say whom they stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from sqlalchemy import Connection

from vms.maps.cell_code import PLACE, ROAD, decode, joined
from vms.places.packed import Corners, PackedPlaces, PackedRoads, to_degrees
from vms.places.town import Place
from vms.roads.barriers import on_corners, packed_barriers, stops_somebody
from vms.store import map_cells
from vms.store.map_cells import CellKey
from vms.store.map_versions import Box, MapVersion

MOST_TOLD = 20
OFF_ROADS, OF_NO_KIND = "barriers_off_roads", "barriers_of_no_kind"
"""Among the counts of a version, where there are any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleBarriers:
    barriers_off_roads: int = 0
    """On no corner of a road of any source."""
    off_roads: tuple[str, ...] = ()
    """The first of them, each by its name or its number on the map, and where it lies."""
    barriers_of_no_kind: int = 0
    """They say no known word for whom they stop, and are taken to stop nobody."""
    of_no_kind: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        counts = {OFF_ROADS: self.barriers_off_roads, OF_NO_KIND: self.barriers_of_no_kind}
        return {name: count for name, count in counts.items() if count}

    def counted_in(self, counts: Mapping[str, int]) -> dict[str, int]:
        """In place of what was counted before."""
        return {name: count for name, count in counts.items() if name not in (OFF_ROADS, OF_NO_KIND)} | self.counts()

    def sentences(self) -> list[str]:
        told = []
        if n := self.barriers_off_roads:
            which = ", ".join(self.off_roads)
            told.append(f"{n} barriers lie on no corner of a road and stop nobody, among them {which}")
        if n := self.barriers_of_no_kind:
            which = ", ".join(self.of_no_kind)
            unsaid = f"{n} barriers do not say whom they stop (`category`: car, bicycle, foot)"
            told.append(f"{unsaid} and are taken to stop nobody, among them {which}")
        return told


def idle_barriers(tx: Connection, version_id: int, others: Sequence[int]) -> IdleBarriers:
    """Of this version, against its own roads and those of the others. Reads its cells of places, and those of roads
    near barriers alone, some hundred at a time."""
    own = [facts.key for facts in map_cells.facts(tx, [version_id]) if facts.key.layer == PLACE]
    places = (cast(PackedPlaces, decode(PLACE, content)) for _, content in map_cells.contents(tx, own))
    barriers: PackedPlaces = joined(PLACE, [packed_barriers(some) for some in places])
    if not len(barriers):
        return IdleBarriers()
    cells = map_cells.facts(tx, [version_id, *others])
    near = [one.key for one in cells if one.key.layer == ROAD and _is_in(one.box, barriers.points)]
    is_on = on_corners(to_degrees(barriers.points), (to_degrees(corners) for corners in _corners(tx, near)))
    stops = np.array([stops_somebody(category) for category in barriers.categories], dtype=bool)
    stray, unknown = (barriers.taken(np.flatnonzero(~is_good)) for is_good in (is_on, stops))
    return IdleBarriers(
        barriers_off_roads=len(stray),
        off_roads=_first(stray),
        barriers_of_no_kind=len(unknown),
        of_no_kind=_first(unknown),
    )


def renewed_counts(
    tx: Connection, versions: Sequence[MapVersion], further: Sequence[int] = ()
) -> dict[int, dict[str, int]]:
    """Of these versions, which are the town together with the further ones: the counts of those whose barriers are idle
    otherwise than was counted before."""
    renewed = {}
    for version in versions:
        others = [one.version_id for one in versions if one is not version]
        counts = idle_barriers(tx, version.version_id, [*others, *further]).counted_in(version.counts)
        if counts != dict(version.counts):
            renewed[version.version_id] = counts
    return renewed


def _first(barriers: PackedPlaces) -> tuple[str, ...]:
    return tuple(_told(barriers[at]) for at in range(min(len(barriers), MOST_TOLD)))


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
