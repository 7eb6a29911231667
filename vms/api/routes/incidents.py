"""Incidents and their ranked feeds."""

from typing import Annotated

from fastapi import APIRouter, Query

from vms.api.guards import LookerCall, RoomsNow, StaffCall
from vms.api.models.incidents import (
    FeedList,
    IncidentNow,
    IncidentPage,
    NewIncident,
    StatusChange,
)
from vms.api.models.shape import IdNumber
from vms.api.show import show_incident
from vms.api.show_feed import show_feed
from vms.services.open_incident import Report, open_incident, set_incident_status
from vms.store import incidents

router = APIRouter(tags=["incidents"])


@router.post("/incidents", status_code=201)
def new_incident(body: NewIncident, call: LookerCall, rooms: RoomsNow) -> IncidentNow:
    report = Report(
        x=body.lon,
        y=body.lat,
        system=body.coordinate_system,
        address_text=body.address_text,
        pole_code=body.pole_code,
        category=body.category,
        level=body.level,
        source=body.source,
        summary=body.summary,
        incident_no=body.incident_no,
        reported_at=body.reported_at,
    )
    return show_incident(open_incident(rooms.database, report, call.person, rooms.coverage.locate, rooms.clock()))


@router.get("/incidents")
def list_incidents(
    _call: StaffCall,
    rooms: RoomsNow,
    open: Annotated[bool | None, Query(description="true: open ones only, false: those that are over")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> IncidentPage:
    with rooms.database.reading() as tx:
        page = incidents.page(tx, still_open=open, limit=limit, offset=offset)
    return IncidentPage(total=page.total, items=[show_incident(incident) for incident in page.items])


@router.get("/incidents/{incident_id}")
def one_incident(incident_id: IdNumber, _call: StaffCall, rooms: RoomsNow) -> IncidentNow:
    with rooms.database.reading() as tx:
        return show_incident(incidents.get(tx, incident_id))


@router.post("/incidents/{incident_id}/status")
def change_status(incident_id: IdNumber, body: StatusChange, _call: LookerCall, rooms: RoomsNow) -> IncidentNow:
    return show_incident(set_incident_status(rooms.database, incident_id, body.status, rooms.clock()))


@router.get("/incidents/{incident_id}/feeds")
def ranked_feeds(
    incident_id: IdNumber, call: LookerCall, rooms: RoomsNow, limit: Annotated[int, Query(ge=1, le=50)] = 12
) -> FeedList:
    now = rooms.clock()
    with rooms.database.reading() as tx:
        incident = incidents.get(tx, incident_id)
        scene = incidents.scene(tx, incident_id)
    feeds = [show_feed(feed, incident_id) for feed in rooms.coverage.feeds(scene, call.person, limit, now)]
    kept = [feed.model_dump(mode="json", exclude={"still_at", "live"}) for feed in feeds]
    with rooms.database.writing() as tx:
        incidents.keep_shown(tx, incident_id, call.person.user_id, kept, now)
    return FeedList(incident=show_incident(incident), shown_at=now, feeds=feeds)
