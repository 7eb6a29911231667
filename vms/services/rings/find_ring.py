"""Where can they be by now, which ways out are watched, and where would a ring close: for a place, a time, a travel.

The area grows: minutes count from now, and what has gone by since the report is added. The cut lies between the area of
the fewest minutes and what is beyond that of the most; for a single time, half as long again is beyond.
"""

from collections.abc import Sequence

import numpy as np

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.coverage.sightings import ViewState
from vms.roads.area import outline, reached_lines, stretches_reached
from vms.roads.cut import RingCut, ring_cut
from vms.roads.network import RoadNetwork
from vms.roads.reach import Boundary, Reach, share_reached
from vms.roads.travel import Travel
from vms.services.rings.ring_answers import ArcView, ClosedRing, Line, RingAnswer, RingArc, RingMinute
from vms.services.rings.road_memory import RoadMemory, Roads
from vms.services.rings.watched import Watcher

LONGEST_S = 3600.0
"""In an hour a car is out of every town; a longer search would say nothing more."""
MOST_TIMES = 6
MOST_LINES = 6_000
_BEYOND = 1.5
_DIGITS = 6


def find_ring(
    memory: RoadMemory,
    place: Wgs84,
    minutes: Sequence[float],
    travel: Travel = Travel.CAR,
    *,
    elapsed_s: float = 0.0,
    with_lines: bool = False,
) -> RingAnswer:
    """Raises BadInput for times or a place that make no sense, Conflict where there is no map."""
    asked = check_minutes(minutes)
    counted = min(max(0.0, elapsed_s), LONGEST_S - 60.0 * asked[-1])
    limits = [counted + 60.0 * one for one in asked]
    beyond_s = limits[-1] if len(limits) > 1 else _BEYOND * limits[0]
    with memory.roads(travel) as roads:
        network = roads.network
        start = roads.finder.nearest(*network.frame.to_xy(place), roads.arcs.mainland)
        if start is None:
            raise BadInput(f"there is no road for {travel.value} near {place.lon:.6f}, {place.lat:.6f}", where="place")
        reach = roads.reacher.from_place(start, [*limits, beyond_s])
        cut = ring_cut(reach, limits[0], beyond_s, roads.watched.watched)
        views = _views(roads, reach, cut)
        times = tuple(
            _minute(reach, boundary, one, views, with_lines)
            for one, boundary in zip(asked, reach.boundaries[: len(asked)], strict=True)
        )
        x, y, _ = network.spot_m(start.stretch, start.along)
        return RingAnswer(
            place=place,
            travel=travel,
            elapsed_s=counted,
            elapsed_cut=elapsed_s > counted,
            start=network.frame.to_wgs84(x, y),
            start_road=network.name(start.stretch),
            off_road_m=start.away_m,
            minutes=times,
            map_ends=reach.map_ends,
            cut=_closed(reach, cut, views),
        )


def check_minutes(minutes: Sequence[float]) -> list[float]:
    """Each once, the shortest first. Raises BadInput."""
    asked = sorted(set(minutes))
    if not asked or len(asked) > MOST_TIMES:
        raise BadInput(f"1 … {MOST_TIMES} different times are wanted", where="minutes")
    if not all(0.0 < one <= LONGEST_S / 60.0 for one in asked):
        raise BadInput(f"more than 0 and at most {LONGEST_S / 60.0:g} minutes are wanted", where="minutes")
    return asked


def read_minutes(text: str) -> list[float]:
    """Of `5,10,15`. Raises BadInput."""
    try:
        return check_minutes([float(part) for part in text.split(",") if part.strip()])
    except ValueError:
        raise BadInput(f"{text[:60]!r} is no list of minutes such as 5,10,15", where="minutes") from None


Views = dict[int, tuple[ArcView, ...]]


def _views(roads: Roads, reach: Reach, cut: RingCut) -> Views:
    """Usable views by stretch, of the boundaries and the cut."""
    arcs = np.unique(np.concatenate([cut.arcs, *(boundary.arcs for boundary in reach.boundaries)]))
    found: dict[int, list[Watcher]] = {}
    for watcher in roads.watched.watchers((reach.arcs.table.code[arcs] // 2).tolist()):
        if watcher.state is ViewState.USABLE:
            found.setdefault(watcher.stretch, []).append(watcher)
    return {
        stretch: tuple(ArcView(camera_id=one.camera_id, px_per_m=round(one.px_per_m, 1)) for one in watchers)
        for stretch, watchers in found.items()
    }


def _minute(reach: Reach, boundary: Boundary, minutes: float, views: Views, with_lines: bool) -> RingMinute:
    seconds = reach.arcs.table.seconds
    arcs = [
        _arc(reach, arc, arrives_s, leads_out, share_reached(float(seconds[arc]), arrives_s, boundary.limit_s), views)
        for arc, arrives_s, leads_out in zip(
            boundary.arcs.tolist(), boundary.arrives_s.tolist(), boundary.leads_out.tolist(), strict=True
        )
    ]
    drawn = with_lines and stretches_reached(reach, boundary.limit_s) <= MOST_LINES
    network = reach.arcs.network
    return RingMinute(
        minutes=minutes,
        limit_s=boundary.limit_s,
        boundary=tuple(sorted(arcs, key=lambda one: (one.arrives_s, one.arc_id))),
        outline=tuple(_line(network, ring) for ring in outline(reach, boundary.limit_s)) if with_lines else (),
        lines=tuple(_line(network, line) for line in reached_lines(reach, boundary)) if drawn else (),
    )


def _closed(reach: Reach, cut: RingCut, views: Views) -> ClosedRing:
    times = dict(zip(reach.junctions.tolist(), reach.times_s.tolist(), strict=True))
    arcs = [_arc(reach, arc, times[int(reach.arcs.tail[arc])], True, 0.5, views) for arc in cut.arcs.tolist()]
    arcs.sort(key=lambda one: (one.arrives_s, one.arc_id))
    return ClosedRing(inner_s=cut.inner_s, beyond_s=cut.beyond_s, cost=cut.cost, arcs=tuple(arcs))


def _arc(reach: Reach, arc: int, arrives_s: float, leads_out: bool, share: float, views: Views) -> RingArc:
    network, code = reach.arcs.network, int(reach.arcs.table.code[arc])
    stretch, against = code // 2, code % 2 == 1
    at_map_edge = bool(np.isinf(reach.arcs.table.seconds[arc]))
    share = 1.0 if at_map_edge else share
    x, y, bearing_deg = network.spot_m(stretch, 1.0 - share if against else share)
    spot = network.frame.to_wgs84(x, y)
    line = network.line_m(stretch)
    return RingArc(
        arc_id=code,
        road=network.name(stretch),
        kind=network.roads[int(network.road[stretch])].kind,
        lon=round(spot.lon, _DIGITS),
        lat=round(spot.lat, _DIGITS),
        bearing_deg=round((bearing_deg + 180.0) % 360.0 if against else bearing_deg, 1),
        arrives_s=round(max(0.0, arrives_s), 1),
        leads_out=leads_out,
        watched=stretch in views,
        views=views.get(stretch, ()),
        line=_line(network, line[::-1] if against else line),
        at_map_edge=at_map_edge,
    )


def _line(network: RoadNetwork, xy_m: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Line:
    corners = network.frame.to_lonlat_array(xy_m).round(_DIGITS).tolist()
    return tuple((lon, lat) for lon, lat in corners)
