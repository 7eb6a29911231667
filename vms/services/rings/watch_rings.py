"""Standing rings are looked at again and again: whoever opens or closes is kept, and people are told once."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock
from vms.core.errors import Conflict
from vms.health.fault import Severity
from vms.health.status import Status
from vms.roads.cut import ring_cut
from vms.roads.snap import OnRoad
from vms.roads.standing import Cause, Hole, OpenBecause, Opening, Step, step
from vms.roads.travel import Travel
from vms.services.follow_news import News
from vms.services.rings.ring_regions import regions_of_points
from vms.services.rings.ring_state import holes_now, point_states
from vms.services.rings.ring_words import opened_because
from vms.services.rings.road_memory import RoadMemory
from vms.store import events, rings, watching
from vms.store.rings import RingPoint, StandingRing

log = logging.getLogger(__name__)
LOOK_EVERY_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RingWatch:
    """Call it with the news; runs until cancelled. What it decides is in the store: it may be killed at any moment."""

    roads: RoadMemory
    clock: Clock

    async def __call__(self, _news: News) -> None:
        ready = False
        while True:
            try:
                if not ready:
                    ready = await asyncio.to_thread(make_ready, self.roads)
                await asyncio.to_thread(look_at_rings, self.roads, self.clock())
            except SQLAlchemyError as problem:
                log.warning("standing rings could not be looked at: %s", problem)
            await asyncio.sleep(LOOK_EVERY_S)


def make_ready(memory: RoadMemory) -> bool:
    """Lays out the roads and compiles what searches them, before somebody waits for it. False: there is no map yet."""
    try:
        with memory.roads(Travel.CAR) as roads:
            start = OnRoad(stretch=0, along=0.5, away_m=0.0)
            reach = roads.reacher.from_place(start, [1.0, 2.0])
            ring_cut(reach, 1.0, 2.0, roads.watched.watched)
            roads.finder.nearest(0.0, 0.0, roads.arcs.mainland)
    except Conflict:
        return False
    return True


def look_at_rings(memory: RoadMemory, now: datetime) -> int:
    """How many rings changed."""
    database = memory.memory.database
    with database.reading() as tx:
        standing = rings.every(tx)
        if not standing:
            return 0
        points = rings.points_of(tx, [ring.ring_id for ring in standing])
    try:
        with memory.roads(Travel.CAR) as roads:
            states = {ring.ring_id: point_states(roads, points[ring.ring_id]) for ring in standing}
    except Conflict:
        return 0  # without a map nobody can say whether a ring is closed
    changed = 0
    with database.reading() as tx:
        holes = {ring_id: holes_now(tx, of_ring) for ring_id, of_ring in states.items()}
        before = rings.open_now(tx, list(states))
        told_last = rings.told_last(tx, list(states))
        for ring_id, openings in before.items():
            holes[ring_id] = _still_open(tx, openings, now) | holes[ring_id]
    for ring in standing:
        done = step(before[ring.ring_id], holes[ring.ring_id], told_last.get(ring.ring_id), now)
        if list(done.openings) == before[ring.ring_id] and not done.passed:
            continue
        changed += 1
        with database.writing() as tx:
            _keep(tx, ring, done, before[ring.ring_id], points[ring.ring_id], now)
    return changed


def _still_open(tx: Connection, openings: Sequence[Opening], now: datetime) -> dict[Cause, Hole]:
    """A failed camera of which nobody knows anything just now, for the poller starts anew, has not come back."""
    failed = [one for one in openings if one.cause.because in (OpenBecause.FAULTY, OpenBecause.OUTAGE)]
    ids = sorted(frozenset[int]().union(*(one.hole.cameras for one in failed)))
    shown = watching.statuses(tx, now, ids) if ids else {}
    unknown = {int(camera_id) for camera_id, watch in shown.items() if watch.status is Status.UNKNOWN}
    return {one.cause: one.hole for one in failed if one.hole.cameras & unknown}


def _keep(
    tx: Connection, ring: StandingRing, done: Step, before: list[Opening], points: Sequence[RingPoint], now: datetime
) -> None:
    rings.keep(tx, ring.ring_id, [one for one in done.openings if one not in before])
    rings.forget(tx, done.passed)
    if done.told:
        content = _told(ring, done.told, len(points))
        missing, ill = _taken(done.told)
        content["regions"] = regions_of_points(tx, [one for one in points if one.point_id in missing], sorted(ill))
        events.append(tx, "ring.opened", ring.ring_id, content, now)
    if done.closed:
        content = {"name": ring.name, "cause": "", "severity": Severity.MINOR.value, "points": 0, "of": len(points)}
        content |= {"cameras": 0, "regions": regions_of_points(tx, points, sorted(_taken(before)[1]))}
        events.append(tx, "ring.closed", ring.ring_id, content, now)


def _told(ring: StandingRing, openings: Iterable[Opening], points: int) -> dict[str, object]:
    chosen = list(openings)
    missing, ill = _taken(chosen)
    return {
        "name": ring.name,
        "cause": opened_because(chosen),
        "severity": Severity.CRITICAL.value,
        "points": len(missing),
        "of": points,
        "cameras": len(ill),
        "camera_ids": sorted(ill)[:100],
    }


def _taken(openings: Iterable[Opening]) -> tuple[frozenset[int], frozenset[int]]:
    """Points that nobody watches, and the cameras that failed there."""
    holes = [one.hole for one in openings]
    none = frozenset[int]()
    return none.union(*(hole.points for hole in holes)), none.union(*(hole.cameras for hole in holes))
