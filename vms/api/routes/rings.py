"""Rings around an incident or a place, and the standing rings of checkpoints."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from vms.api.guards import LookerCall, OfficeCall, PlannerCall, RoomsNow
from vms.api.models.rings import IncidentRing, NewRing, RingFeedNow, RingNow, StandingRingDetail, StandingRingList
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.api.show_feed import show_feed
from vms.api.show_rings import show_detail, show_row
from vms.core.errors import Conflict
from vms.core.geo import Wgs84
from vms.roads.travel import Travel
from vms.services.rings.find_ring import find_ring, read_minutes
from vms.services.rings.make_ring import RingAsked, make_ring, remove_ring
from vms.services.rings.ring_document import ring_document
from vms.services.rings.ring_feeds import ring_feeds
from vms.services.rings.road_memory import RoadMemory
from vms.services.rings.show_rings import ring_now, rings_now
from vms.store import incidents

router = APIRouter(tags=["rings"])

Minutes = Annotated[str, Query(max_length=60, description="a fan of minutes from now, e.g. 5,10,15")]
Shapes = Annotated[bool, Query(description="with the roads reached")]
ElapsedS = Annotated[float | None, Query(ge=0, le=604_800, allow_inf_nan=False, description="gone by already")]


@router.get("/incidents/{incident_id}/ring")
def ring_of_incident(
    incident_id: IdNumber,
    call: LookerCall,
    rooms: RoomsNow,
    minutes: Minutes = "5,10,15",
    travel: Travel = Travel.CAR,
    elapsed_s: ElapsedS = None,
    shapes: Shapes = False,
) -> IncidentRing:
    """Unless it is given, what has gone by is counted from when the incident was reported."""
    now, roads = rooms.clock(), _roads(rooms)
    with rooms.database.reading() as tx:
        incident, scene = incidents.get(tx, incident_id), incidents.scene(tx, incident_id)
    gone_by = max(0.0, (now - incident.reported_at).total_seconds()) if elapsed_s is None else elapsed_s
    times = read_minutes(minutes)
    found = find_ring(roads, incident.position, times, travel, elapsed_s=gone_by, with_lines=shapes)
    feeds = ring_feeds(roads.memory, found, scene, call.person, now)
    shown = [
        RingFeedNow(arc_id=one.arc_id, arrives_s=one.arrives_s, feed=show_feed(one.feed, incident_id)) for one in feeds
    ]
    return IncidentRing(incident_id=incident_id, feeds=shown, **ring_document(found))


@router.get("/coverage/ring")
def ring_of_place(
    _call: OfficeCall,
    rooms: RoomsNow,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
    minutes: Minutes = "5,10,15",
    travel: Travel = Travel.CAR,
    elapsed_s: ElapsedS = None,
    shapes: Shapes = False,
) -> RingNow:
    times = read_minutes(minutes)
    place = Wgs84(lon, lat)
    found = find_ring(_roads(rooms), place, times, travel, elapsed_s=elapsed_s or 0.0, with_lines=shapes)
    return RingNow(**ring_document(found))


@router.get("/rings")
def list_rings(_call: OfficeCall, rooms: RoomsNow) -> StandingRingList:
    return StandingRingList(items=[show_row(one) for one in rings_now(_roads(rooms))])


@router.get("/rings/{ring_id}")
def one_ring(ring_id: IdNumber, _call: OfficeCall, rooms: RoomsNow) -> StandingRingDetail:
    return show_detail(ring_now(_roads(rooms), ring_id))


@router.post("/rings", status_code=201)
def new_ring(body: NewRing, call: PlannerCall, rooms: RoomsNow) -> StandingRingDetail:
    """From an outline that somebody drew, or the smallest closed ring around a place; cars are what it stops."""
    roads, place = _roads(rooms), body.around
    asked = RingAsked(name=body.name, kind=body.kind, note=body.note, outline=body.outline)
    if place is not None:
        asked = replace(
            asked,
            around=Wgs84(place.lon, place.lat),
            inner_minutes=place.inner_minutes,
            beyond_minutes=place.beyond_minutes,
        )
    return show_detail(ring_now(roads, make_ring(roads, asked, call.person, rooms.clock())))


@router.delete("/rings/{ring_id}", status_code=204)
def delete_ring(ring_id: IdNumber, call: PlannerCall, rooms: RoomsNow) -> None:
    remove_ring(_roads(rooms), ring_id, call.person, rooms.clock())


def _roads(rooms: Rooms) -> RoadMemory:
    if rooms.roads is None:
        raise Conflict("there is no map with roads; `vms map import` takes one in", code="no_roads")
    return rooms.roads
