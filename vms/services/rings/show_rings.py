"""Standing rings as they are at this minute, for lists and for the map."""

from collections.abc import Sequence
from dataclasses import dataclass

from vms.core.errors import Conflict
from vms.roads.standing import OpenBecause, Opening
from vms.roads.travel import Travel
from vms.services.rings.ring_state import PointState, point_states
from vms.services.rings.road_memory import RoadMemory
from vms.store import cameras, rings
from vms.store.rings import StandingRing

PAST_OPENINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RingNow:
    ring: StandingRing
    states: tuple[PointState, ...]
    openings: tuple[Opening, ...]
    """Those that count and last, oldest first."""
    past: tuple[Opening, ...] = ()
    names: dict[int, str]
    """Of the cameras at its points."""

    @property
    def closed(self) -> bool:
        return all(state.watched for state in self.states)


def rings_now(memory: RoadMemory) -> list[RingNow]:
    """By name."""
    with memory.memory.database.reading() as tx:
        standing = rings.every(tx)
    return _now(memory, standing, with_past=False)


def ring_now(memory: RoadMemory, ring_id: int) -> RingNow:
    """Raises NotFound."""
    with memory.memory.database.reading() as tx:
        ring = rings.get(tx, ring_id)
    return _now(memory, [ring], with_past=True)[0]


def _now(memory: RoadMemory, standing: Sequence[StandingRing], *, with_past: bool) -> list[RingNow]:
    ids = [ring.ring_id for ring in standing]
    if not ids:
        return []
    with memory.memory.database.reading() as tx:
        points, openings = rings.points_of(tx, ids), rings.open_now(tx, ids)
        past = {ring_id: rings.past(tx, ring_id, PAST_OPENINGS) if with_past else [] for ring_id in ids}
    try:
        with memory.roads(Travel.CAR) as roads:
            states = {ring_id: point_states(roads, points[ring_id]) for ring_id in ids}
    except Conflict:
        states = {
            ring_id: [PointState(point=point, because=OpenBecause.NO_ROAD, views=()) for point in points[ring_id]]
            for ring_id in ids
        }
    seers = {int(view.camera_id) for of_ring in states.values() for state in of_ring for view in state.views}
    with memory.memory.database.reading() as tx:
        names = {int(camera.camera_id): camera.name for camera in cameras.approved(tx, seers)}
    return [
        RingNow(
            ring=ring,
            states=tuple(states[ring.ring_id]),
            openings=tuple(one for one in openings[ring.ring_id] if one.counts),
            past=tuple(past[ring.ring_id]),
            names=names,
        )
        for ring in standing
    ]
