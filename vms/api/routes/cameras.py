"""The list of cameras, and the points for the map."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from vms.access.decide import LookKind
from vms.access.roles import SEES_PENDING, Person, Role
from vms.api.guards import AnyCall, RoomsNow
from vms.api.models.cameras import CameraPage
from vms.api.models.shape import IdNumber
from vms.api.parts import parse_box, ready_json
from vms.api.rooms import Rooms
from vms.api.show import show_camera
from vms.core.errors import BadInput
from vms.core.ids import OwnerId
from vms.health.status import Status
from vms.inventory.camera import Camera, LifeCycle
from vms.inventory.tier import Tier
from vms.services.look_at_camera import decisions_for
from vms.store import camera_board, cameras, events, incidents
from vms.store.camera_filter import CameraFilter
from vms.store.page import Page
from vms.store.watch_sessions import latest_session

router = APIRouter(tags=["cameras"])
NOBODY = OwnerId(-1)


@router.get("/cameras")
def list_cameras(
    call: AnyCall,
    rooms: RoomsNow,
    tier: Tier | None = None,
    region: Annotated[str, Query(max_length=20)] = "",
    status: Status | None = None,
    owner: Annotated[IdNumber | None, Query(description="the owner's id")] = None,
    q: Annotated[str, Query(max_length=100, description="somewhere in names, address, pole code, ids")] = "",
    life_cycle: LifeCycle | None = None,
    bbox: Annotated[str, Query(max_length=100, description="west,south,east,north")] = "",
    incident: Annotated[IdNumber | None, Query(description="decide access as for this incident")] = None,
    sort: Annotated[str, Query(max_length=30)] = "id",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> CameraPage:
    wanted = CameraFilter(
        tier=tier,
        region_code=region,
        status=status,
        owner_id=_owner(call.person, owner),
        life_cycle=_life_cycle(call.person, life_cycle),
        in_service_only=_in_service_only(call.person),
        text=q,
        bbox=parse_box(bbox),
    )
    now = rooms.clock()
    with rooms.database.reading() as tx:
        page = cameras.page(tx, wanted, now=now, sort=sort, limit=limit, offset=offset)
        return _shown(tx, rooms, call.person, page, incident, now)


@router.get("/cameras.geojson", response_class=Response, responses={200: {"content": {"application/geo+json": {}}}})
def cameras_on_map(call: AnyCall, rooms: RoomsNow, request: Request) -> Response:
    now = rooms.clock()
    owner, in_service_only = _owner(call.person, None), _in_service_only(call.person)
    with rooms.database.reading() as tx:
        session = latest_session(tx)
        watched = session is not None and not session.silence(now)
        tag = f'"c{events.latest_id(tx)}-{owner or 0}-{int(in_service_only)}-{int(watched)}"'
        return ready_json(request, tag, lambda: _points(tx, now, in_service_only, owner))


def _owner(person: Person, asked: int | None) -> OwnerId | None:
    if person.role is Role.OWNER:
        return person.owner_id or NOBODY
    return None if asked is None else OwnerId(asked)


def _life_cycle(person: Person, asked: LifeCycle | None) -> LifeCycle | None:
    if asked is not None and not asked.in_service and _in_service_only(person):
        raise BadInput("your role sees approved cameras only", where="life_cycle")
    return asked


def _in_service_only(person: Person) -> bool:
    """Cameras that are not in service are shown to those who may know of them, and to their owners."""
    return person.role not in SEES_PENDING and person.role is not Role.OWNER


def _shown(
    tx: Connection, rooms: Rooms, person: Person, page: Page[Camera], incident: int | None, now: datetime
) -> CameraPage:
    ids = [camera.camera_id for camera in page.items]
    boards = camera_board.boards(tx, ids, now)
    scene = None if incident is None else incidents.scene(tx, incident)
    kind = LookKind.STILL if person.role is Role.MAINTAINER else LookKind.LIVE
    decisions = decisions_for(tx, person, ids, rooms.settings.agreements, now, kind=kind, incident=scene)
    rows = [show_camera(camera, boards[camera.camera_id], decisions[camera.camera_id]) for camera in page.items]
    return CameraPage(total=page.total, items=rows)


def _points(tx: Connection, now: datetime, in_service_only: bool, owner: OwnerId | None) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    comma = ""
    for dot in camera_board.dots(tx, now, in_service_only=in_service_only, owner_id=owner):
        properties = {
            "id": dot.camera_id,
            "name": dot.name,
            "tier": dot.tier,
            "status": dot.status,
            "bearing_deg": dot.bearing_deg,
            "h_fov_deg": dot.h_fov_deg,
        }
        yield (
            f'{comma}{{"type":"Feature","id":{dot.camera_id},"geometry":{{"type":"Point","coordinates":'
            f'[{dot.lon:.7f},{dot.lat:.7f}]}},"properties":{json.dumps(properties, ensure_ascii=False)}}}'
        )
        comma = ","
    yield "]}"
