"""The list of cameras, and the points for the map."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from vms.access.decide import LookKind
from vms.access.roles import Person, Role
from vms.api.guards import AnyCall, RoomsNow
from vms.api.listing import FilterText, SearchText, follow_archive, in_service_only, owner_seen_by, visible_to
from vms.api.models.cameras import CameraPage
from vms.api.models.shape import IdNumber
from vms.api.parts import parse_box, ready_json
from vms.api.region_asked import RegionAsked
from vms.api.rooms import Rooms
from vms.api.show import show_camera
from vms.core.errors import BadInput
from vms.core.ids import MaintainerId, OwnerId
from vms.health.status import Status
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.look_at_camera import decisions_for
from vms.services.sight_of import sight_of
from vms.store import camera_board, camera_pages, cameras, events, incidents
from vms.store.camera_pages import IdPage
from vms.store.watch_sessions import latest_session

router = APIRouter(tags=["cameras"])


@router.get("/cameras")
def list_cameras(
    call: AnyCall,
    rooms: RoomsNow,
    request: Request,
    tier: Tier | None = None,
    region: RegionAsked = "",
    status: Status | None = None,
    owner: Annotated[IdNumber | None, Query(description="the owner's id")] = None,
    maintainer: Annotated[IdNumber | None, Query(description="the firm's id, who would get its faults")] = None,
    q: SearchText = "",
    filter: FilterText = "",
    life_cycle: LifeCycle | None = None,
    bbox: Annotated[str, Query(max_length=100, description="west,south,east,north")] = "",
    incident: Annotated[IdNumber | None, Query(description="decide access as for this incident")] = None,
    sort: Annotated[str, Query(max_length=30, description="a column, with a minus the other way round")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    after: Annotated[str, Query(max_length=2000, description="`next` of the page before; instead of offset")] = "",
) -> CameraPage:
    wanted = replace(
        visible_to(call.person, filter, q, owner_id=owner),
        tier=tier,
        region_code=region,
        status=status,
        maintainer_id=None if maintainer is None else MaintainerId(maintainer),
        life_cycle=_life_cycle(call.person, life_cycle),
        bbox=parse_box(bbox),
    )
    now = rooms.clock()
    follow_archive(request.app.state.archive, wanted, now, sort)
    with rooms.database.reading() as tx:
        page = camera_pages.id_page(tx, wanted, now=now, sort=sort, limit=limit, offset=offset, after=after)
        return _shown(tx, rooms, call.person, page, incident, now)


@router.get("/cameras.geojson", response_class=Response, responses={200: {"content": {"application/geo+json": {}}}})
def cameras_on_map(call: AnyCall, rooms: RoomsNow, request: Request) -> Response:
    now = rooms.clock()
    owner, only_in_service = owner_seen_by(call.person, None), in_service_only(call.person)
    with rooms.database.reading() as tx:
        session = latest_session(tx)
        watched = session is not None and not session.silence(now)
        tag = f'"c{events.latest_id(tx)}-{owner or 0}-{int(only_in_service)}-{int(watched)}"'
        return ready_json(request, tag, lambda: _points(tx, now, only_in_service, owner))


def _life_cycle(person: Person, asked: LifeCycle | None) -> LifeCycle | None:
    if asked is not None and not asked.in_service and in_service_only(person):
        raise BadInput("your role sees approved cameras only", where="life_cycle")
    return asked


def _shown(
    tx: Connection, rooms: Rooms, person: Person, page: IdPage, incident: int | None, now: datetime
) -> CameraPage:
    ids = page.ids
    boards = camera_board.boards(tx, ids, now)
    scene = None if incident is None else incidents.scene(tx, incident)
    kind = LookKind.STILL if person.role is Role.MAINTAINER else LookKind.LIVE
    decisions = decisions_for(tx, person, ids, rooms.settings.agreements, now, kind=kind, incident=scene)
    sight = sight_of(tx, person, ids)
    rows = [
        show_camera(camera, boards[camera.camera_id], decisions[camera.camera_id], sight)
        for camera in cameras.by_ids(tx, ids)
    ]
    return CameraPage(total=page.total, next=page.next, items=rows)


def _points(tx: Connection, now: datetime, only_in_service: bool, owner: OwnerId | None) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    comma = ""
    for dot in camera_board.dots(tx, now, in_service_only=only_in_service, owner_id=owner):
        properties = {
            "id": dot.camera_id,
            "name": dot.name,
            "tier": dot.tier,
            "status": dot.status,
            "bearing_deg": dot.bearing_deg,
            "h_fov_deg": dot.h_fov_deg,
            "region": dot.region_code,
        }
        if dot.kinds:
            properties["kinds"] = ",".join(dot.kinds)
        if dot.is_ill:
            properties["ill"] = True
        yield (
            f'{comma}{{"type":"Feature","id":{dot.camera_id},"geometry":{{"type":"Point","coordinates":'
            f'[{dot.lon:.7f},{dot.lat:.7f}]}},"properties":{json.dumps(properties, ensure_ascii=False)}}}'
        )
        comma = ","
    yield "]}"
