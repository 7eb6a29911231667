"""A standing ring is made: from a polygon drawn on the map, or from the smallest closed ring around a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely

from vms.access.roles import Person
from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.roads.standing import step
from vms.roads.travel import Travel
from vms.services.rings.find_ring import find_ring
from vms.services.rings.ring_state import holes_now, point_states
from vms.services.rings.road_memory import RoadMemory, Roads
from vms.store import events, rings
from vms.store.rings import MadeFrom, RingKind, RingPoint

MOST_CORNERS = 500
MOST_POINTS = 500
_DIGITS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAsked:
    """`outline`, or `around` with the minutes of the inner area and of what is beyond."""

    name: str
    kind: RingKind
    note: str = ""
    outline: tuple[tuple[float, float], ...] = ()
    around: Wgs84 | None = None
    inner_minutes: float = 5.0
    beyond_minutes: float = 15.0


def make_ring(memory: RoadMemory, asked: RingAsked, person: Person, now: datetime) -> int:
    """Cars are what it stops. As it stands now is told to nobody. Raises BadInput, Conflict."""
    if not asked.name.strip():
        raise BadInput("a ring needs a name", where="name")
    if bool(asked.outline) == (asked.around is not None):
        raise BadInput("either an outline or a place is wanted", where="outline")
    points = _from_cut(memory, asked) if asked.around is not None else _from_outline(memory, asked.outline)
    if not points:
        raise BadInput("it crosses no road that cars may use", where="outline" if asked.outline else "around")
    if len(points) > MOST_POINTS:
        raise BadInput(f"it crosses {len(points)} roads; at most {MOST_POINTS} make a ring", where="outline")
    with memory.roads(Travel.CAR) as roads, memory.memory.database.writing() as tx:
        ring_id = rings.add(
            tx,
            name=asked.name.strip(),
            kind=asked.kind,
            made_from=MadeFrom.POLYGON if asked.outline else MadeFrom.CUT,
            outline=asked.outline,
            note=asked.note,
            points=points,
            by=person.name,
            now=now,
        )
        kept = rings.points_of(tx, [ring_id])[ring_id]
        as_it_is = step((), holes_now(tx, point_states(roads, kept)), None, now, silently=True)
        rings.keep(tx, ring_id, as_it_is.openings)
        events.append(tx, "ring.made", ring_id, {"name": asked.name.strip(), "by": person.name}, now)
    return ring_id


def remove_ring(memory: RoadMemory, ring_id: int, person: Person, now: datetime) -> None:
    """Raises NotFound."""
    with memory.memory.database.writing() as tx:
        ring = rings.get(tx, ring_id)
        rings.remove(tx, ring_id)
        events.append(tx, "ring.removed", ring_id, {"name": ring.name, "by": person.name}, now)


def _from_outline(memory: RoadMemory, outline: Sequence[tuple[float, float]]) -> list[RingPoint]:
    if not 3 <= len(outline) <= MOST_CORNERS:
        raise BadInput(f"3 … {MOST_CORNERS} corners are wanted", where="outline")
    with memory.roads(Travel.CAR) as roads:
        corners = roads.network.frame.to_xy_array(np.array([*outline, outline[0]], dtype=np.float64))
        ring = shapely.LineString(corners)
        if shapely.Polygon(corners).area < 1.0:
            raise BadInput("its corners enclose nothing", where="outline")
        return _crossings(roads, ring)


def _crossings(roads: Roads, ring: shapely.LineString) -> list[RingPoint]:
    """Where the ring crosses each stretch; a stretch that it crosses twice or runs along is one point: it is watched or
    not as a whole."""
    network = roads.network
    counts = network.last_corner - network.first_corner + 1
    begins = np.cumsum(counts) - counts
    rows = np.repeat(network.first_corner - begins, counts) + np.arange(int(counts.sum()))
    lines = shapely.linestrings(network.corners_m[rows], indices=np.repeat(np.arange(len(network)), counts))
    shapely.prepare(ring)
    points = []
    for stretch in np.flatnonzero(shapely.intersects(ring, lines)).tolist():
        crossing = shapely.get_coordinates(shapely.intersection(lines[stretch], ring))[0]
        along = shapely.line_locate_point(lines[stretch], shapely.Point(crossing), normalized=True)
        points.append(_point(roads, stretch, float(along)))
    return points


def _from_cut(memory: RoadMemory, asked: RingAsked) -> list[RingPoint]:
    assert asked.around is not None, "asked for around a place"
    if asked.inner_minutes >= asked.beyond_minutes:
        raise BadInput("beyond must be more minutes than the inner area's", where="beyond_minutes")
    found = find_ring(memory, asked.around, [asked.inner_minutes, asked.beyond_minutes], Travel.CAR)
    if not found.cut.arcs:
        raise BadInput(found.cut.note, where="around")
    stretches: dict[int, RingPoint] = {}
    for arc in found.cut.arcs:
        point = RingPoint(lon=arc.lon, lat=arc.lat, bearing_deg=arc.bearing_deg, road=arc.road)
        stretches.setdefault(arc.arc_id // 2, point)
    return list(stretches.values())


def _point(roads: Roads, stretch: int, along: float) -> RingPoint:
    x, y, bearing_deg = roads.network.spot_m(stretch, along)
    spot = roads.network.frame.to_wgs84(x, y)
    return RingPoint(
        lon=round(spot.lon, _DIGITS),
        lat=round(spot.lat, _DIGITS),
        bearing_deg=round(bearing_deg, 1),
        road=roads.network.name(stretch),
    )
