"""Rings around a place, and the standing rings of checkpoints."""

from pydantic import Field

from vms.api.models.incidents import FeedNow
from vms.api.models.shape import Answer
from vms.roads.travel import Travel

Corners = list[tuple[float, float]]


class ArcViewNow(Answer):
    camera_id: int
    px_per_m: float


class WayOut(Answer):
    arc_id: int = Field(description="of this way of travel, the same as long as the map stays")
    road: str
    kind: str
    lon: float
    lat: float
    bearing_deg: float = Field(description="which way they are going")
    arrives_s: float = Field(description="from the start, when its near end is reached at the earliest")
    leads_out: bool = Field(description="false: its far end is reached in time another way")
    watched: bool
    views: list[ArcViewNow] = Field(description="usable ones, best first")


class RingArcNow(WayOut):
    line: Corners


class BoundaryWay(WayOut):
    minutes: float


class BoundaryArc(RingArcNow):
    minutes: float


class RingStart(Answer):
    lon: float
    lat: float
    road: str
    off_road_m: float


class RingMinuteNow(Answer):
    minutes: float
    limit_s: float = Field(description="from the start: what has gone by, plus the minutes")
    boundary: int
    watched: int
    leaks: int
    outline: list[Corners]
    lines: list[Corners] = Field(description="every road reached; empty unless asked for and few enough")


class ClosedRingNow(Answer):
    inner_s: float
    beyond_s: float
    cost: int = Field(description="watched arcs + 1000 × leaks")
    closed: bool
    arcs: list[RingArcNow]
    leaks: list[WayOut]


class RingNow(Answer):
    lon: float
    lat: float
    travel: Travel
    elapsed_s: float
    elapsed_cut: bool = Field(description="more has gone by than is counted")
    start: RingStart
    minutes: list[RingMinuteNow]
    boundary: list[BoundaryArc]
    watched: list[BoundaryWay]
    leaks: list[BoundaryWay]
    cut: ClosedRingNow


class RingFeedNow(Answer):
    arc_id: int
    arrives_s: float
    feed: FeedNow


class IncidentRing(RingNow):
    incident_id: int
    feeds: list[RingFeedNow] = Field(description="in the order in which somebody can come past them")
