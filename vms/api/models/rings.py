"""Rings around a place, and the standing rings of checkpoints."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from vms.api.models.incidents import FeedNow
from vms.api.models.shape import Answer, Asked, Latitude, Longitude, LongText
from vms.roads.standing import OpenBecause
from vms.roads.travel import Travel
from vms.store.rings import MadeFrom, RingKind

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
    at_map_edge: bool = Field(description="its road is cut off here by the rim of the map, and leads on beyond it")
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
    closed: bool | None = Field(description="null: no road leads out, so nothing was closed")
    note: str = Field(description="what must be known before it is believed; empty: nothing")
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
    map_ends: bool = Field(description="within the longest time somebody can have come to the rim of the map")
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


class RingPlace(Asked):
    lon: Longitude
    lat: Latitude
    inner_minutes: Annotated[float, Field(gt=0, le=60)] = 5.0
    beyond_minutes: Annotated[float, Field(gt=0, le=60)] = 15.0


class NewRing(Asked):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    kind: RingKind = RingKind.OTHER
    note: LongText = ""
    outline: Annotated[tuple[tuple[Longitude, Latitude], ...], Field(max_length=500)] = ()
    around: RingPlace | None = Field(default=None, description="in place of an outline: the smallest closed ring")


class PointViewNow(Answer):
    camera_id: int
    name: str = Field(description="empty where the camera is not approved any more")
    px_per_m: float
    state: Literal["usable", "faulty", "no_consent"]


class RingPointNow(Answer):
    id: int
    lon: float
    lat: float
    bearing_deg: float
    road: str
    watched: bool
    because: OpenBecause | None = Field(description="why nobody sees it; null: somebody does")
    views: list[PointViewNow] = Field(description="usable ones first, best first")


class RingOpeningNow(Answer):
    because: OpenBecause
    name: str = Field(description="of the outage or the camera")
    points: list[int]
    camera_ids: list[int]
    opened_at: datetime
    told_at: datetime | None = Field(description="null: the ring was made like this, or it is too new")
    closed_at: datetime | None


class StandingRingRow(Answer):
    id: int
    name: str
    kind: RingKind
    made_from: MadeFrom
    note: str
    created_at: datetime
    created_by: str
    closed: bool = Field(description="every point is seen by a usable view")
    points: int
    watched: int
    openings: list[RingOpeningNow] = Field(description="those that count and last, oldest first")


class StandingRingList(Answer):
    items: list[StandingRingRow]


class StandingRingDetail(StandingRingRow):
    outline: Corners
    at: list[RingPointNow]
    past: list[RingOpeningNow] = Field(description="newest first")
