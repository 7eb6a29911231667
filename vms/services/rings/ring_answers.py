"""What is answered about a ring: the edge of where somebody can be, who watches it, the smallest closed ring."""

from dataclasses import dataclass

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.roads.travel import Travel

Line = tuple[tuple[float, float], ...]
"""Longitude and latitude of each corner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcView:
    """A usable view of an arc."""

    camera_id: CameraId
    px_per_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RingArc:
    arc_id: int
    """Of this way of travel, the same as long as the map stays."""
    road: str
    kind: str
    lon: float
    lat: float
    """Where somebody is on it at the minute asked for; of the cut, its middle."""
    bearing_deg: float
    """Which way they are going."""
    arrives_s: float
    """From the start, when its near end is reached at the earliest."""
    leads_out: bool
    """False: its far end is reached in time another way."""
    watched: bool
    views: tuple[ArcView, ...]
    """Best first."""
    line: Line
    at_map_edge: bool = False
    """Its road is cut off here by the rim of the map, and leads on to what the map does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingMinute:
    minutes: float
    """As asked."""
    limit_s: float
    """From the start: what has gone by, plus the minutes."""
    boundary: tuple[RingArc, ...]
    """Every arc that can be entered in time and not left, earliest first; also those that lead back inside."""
    outline: tuple[Line, ...]
    """Closed rings around everything that can be reached."""
    lines: tuple[Line, ...]
    """Every stretch reached; empty where they are too many to draw."""

    @property
    def watched(self) -> tuple[RingArc, ...]:
        """Ways out that somebody sees."""
        return tuple(arc for arc in self.boundary if arc.leads_out and arc.watched)

    @property
    def leaks(self) -> tuple[RingArc, ...]:
        """Ways out that nobody sees."""
        return tuple(arc for arc in self.boundary if arc.leads_out and not arc.watched)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRing:
    """The fewest watched arcs that every way out crosses; the arcs that nobody watches are its leaks."""

    inner_s: float
    beyond_s: float
    cost: int
    """Watched arcs + 1000 × leaks."""
    arcs: tuple[RingArc, ...]

    @property
    def closed(self) -> bool | None:
        """None: no road leads out, so nothing was closed."""
        return all(arc.watched for arc in self.arcs) if self.arcs else None

    @property
    def note(self) -> str:
        """What must be known before it is believed; empty: nothing."""
        if not self.arcs:
            return "no road leads farther than the longest time, so there is nothing to close"
        edge = sum(arc.at_map_edge for arc in self.arcs)
        return f"the map ends at {edge} of its roads: whether they lead on is not known" if edge else ""

    @property
    def leaks(self) -> tuple[RingArc, ...]:
        return tuple(arc for arc in self.arcs if not arc.watched)


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAnswer:
    place: Wgs84
    travel: Travel
    elapsed_s: float
    """Gone by already, counted."""
    elapsed_cut: bool
    """More has gone by than is counted: half the town can be reached."""
    start: Wgs84
    """On the road."""
    start_road: str
    off_road_m: float
    minutes: tuple[RingMinute, ...]
    map_ends: bool
    """Within the longest time somebody can have come to where the map ends."""
    cut: ClosedRing
