"""The ground that a plan is made on: town, demand and the views of this minute, loaded once and let go again."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from vms.access.agreement import Agreements
from vms.core.clock import Clock
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.coverage.sightings import ViewState
from vms.inventory.tier import Tier
from vms.planning.plan import Ground
from vms.planning.turning import select_rows
from vms.services.coverage.memory import CoverageMemory, sightless
from vms.store import cameras
from vms.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedGround:
    ground: Ground
    camera_ids: tuple[CameraId, ...]
    """Per row of the views."""
    names: dict[CameraId, str]


def load_ground(database: Database, agreements: Agreements, clock: Clock, *, count_faulty: bool) -> LoadedGround:
    """Seconds for a hundred thousand cameras; nothing is written. Raises BadInput where there is no map."""
    memory = CoverageMemory(database, agreements, clock)
    memory.load(tell=False)
    if not memory.town.roads:
        raise BadInput("there is no map with roads yet: import one first", where="map")
    index = memory.index
    alive = np.flatnonzero(index.buckets.alive[: index.packed.rows]).astype(np.int64)
    ids = [CameraId(camera_id) for camera_id in index.buckets.ids[alive].tolist()]
    state = index.buckets.state[alive]
    counts = state == ViewState.USABLE
    if count_faulty:
        counts |= state == ViewState.FAULTY
    with database.reading() as tx:
        known = {camera.camera_id: camera for camera in cameras.by_ids(tx, dict.fromkeys(ids))}
    dark = {camera_id for camera_id, camera in known.items() if sightless(camera)}
    lenses = Counter(ids)
    ours = {camera_id for camera_id, camera in known.items() if camera.declared.tier is Tier.GOVERNMENT}
    ground = Ground(
        town=memory.town,
        walls=memory.walls,
        demand=memory.demand,
        views=select_rows(index.packed, alive),
        counts=counts,
        may_turn=np.array([camera_id in ours and lenses[camera_id] == 1 for camera_id in ids], dtype=bool),
        sees_by_night=np.array([camera_id not in dark for camera_id in ids], dtype=bool),
        camera=np.array(ids, dtype=np.int64),
    )
    return LoadedGround(
        ground=ground, camera_ids=tuple(ids), names={camera_id: one.name for camera_id, one in known.items()}
    )
