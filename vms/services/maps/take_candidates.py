"""Cameras that a map knows become drafts of the archive: somebody completes and submits them, or throws them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vms.core.clock import Clock, system_clock
from vms.core.errors import BadInput
from vms.core.geo import M_PER_DEG, LocalFrame, Wgs84
from vms.inventory.camera import CoordinateSystem, Declared, LifeCycle
from vms.inventory.tier import Tier
from vms.maps.surveillance import MappedCamera, read_mapped_cameras
from vms.store import cameras, map_candidates
from vms.store.database import Database

NEAR_M = 5.0
"""Where the archive has a camera so near, it probably is this one."""
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    found: int
    """On the map."""
    drafts: int
    """Made now."""
    known: int
    """Taken in before."""
    near: int
    """Left out: the archive has a camera within `NEAR_M`."""


def take_candidates(
    database: Database,
    path: Path,
    *,
    tier: Tier | None = None,
    with_near: bool = False,
    clock: Clock = system_clock,
) -> Candidates:
    """None of them is polled, shown or ranked before a person has approved it. A second time only new ones come in.

    `tier`: of all; None: the government's where the map says that the camera watches the public, else a unit's.
    Raises BadInput as `read_town` does.
    """
    if not path.name.lower().endswith(".pbf"):
        raise BadInput("cameras are read from an extract of OpenStreetMap (.osm.pbf)", where=str(path))
    found = read_mapped_cameras(path)
    if not found:
        return Candidates(found=0, drafts=0, known=0, near=0)
    with database.reading() as tx:
        known = map_candidates.known(tx, [one.source_id for one in found])
        places = map_candidates.places_near(tx, _box(found))
    new = [one for one in found if one.source_id not in known]
    far = new if with_near else _far_from(new, places)
    made = sum(_store(database, far[first : first + BATCH], tier, clock) for first in range(0, len(far), BATCH))
    return Candidates(found=len(found), drafts=made, known=len(found) - len(new), near=len(new) - len(far))


def _store(database: Database, some: Sequence[MappedCamera], tier: Tier | None, clock: Clock) -> int:
    now = clock()
    with database.writing() as tx:
        known = map_candidates.known(tx, [one.source_id for one in some])
        wanted = {one.source_id: one for one in some if one.source_id not in known}
        rows = [
            cameras.new_columns(_declared(one, tier), life_cycle=LifeCycle.DRAFT, owner_id=None, now=now)
            for one in wanted.values()
        ]
        ids = cameras.add_many(tx, rows, now)
        map_candidates.add(tx, dict(zip(wanted, ids, strict=True)), now)
    return len(wanted)


def _declared(found: MappedCamera, tier: Tier | None) -> Declared:
    position = found.pose.position
    return Declared(
        name=found.name or f"OSM {found.source_id}",
        tier=tier or (Tier.GOVERNMENT if found.watches_public else Tier.UNIT),
        indoor=found.indoor,
        structure_type=found.structure_type,
        pose=found.pose,
        entered_x=position.lon,
        entered_y=position.lat,
        entered_system=CoordinateSystem.WGS84,
        mgmt_unit=found.operator,
    )


def _box(found: Sequence[MappedCamera]) -> tuple[float, float, float, float]:
    lonlat = np.array([(one.pose.position.lon, one.pose.position.lat) for one in found])
    margin_deg = 3.0 * NEAR_M / M_PER_DEG
    west, south = (lonlat.min(axis=0) - margin_deg).tolist()
    east, north = (lonlat.max(axis=0) + margin_deg).tolist()
    return west, south, east, north


def _far_from(found: Sequence[MappedCamera], places: Sequence[tuple[float, float]]) -> list[MappedCamera]:
    if not found or not places:
        return list(found)
    frame = LocalFrame(Wgs84(*places[0]))
    there = _squares(frame.to_xy_array(np.array(places)))
    ours = frame.to_xy_array(np.array([(one.pose.position.lon, one.pose.position.lat) for one in found]))
    return [one for one, (x, y) in zip(found, ours.tolist(), strict=True) if not _is_near(there, x, y)]


def _squares(xy_m: NDArray[np.float64]) -> dict[tuple[int, int], list[tuple[float, float]]]:
    squares: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for x, y in xy_m.tolist():
        squares.setdefault((int(x // NEAR_M), int(y // NEAR_M)), []).append((x, y))
    return squares


def _is_near(squares: dict[tuple[int, int], list[tuple[float, float]]], x: float, y: float) -> bool:
    column, row = int(x // NEAR_M), int(y // NEAR_M)
    around = ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
    return any((x - px) ** 2 + (y - py) ** 2 <= NEAR_M**2 for square in around for px, py in squares.get(square, ()))
