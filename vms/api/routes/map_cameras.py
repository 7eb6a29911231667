"""The cameras as points of the console's map, in short: all of them, or those that have changed."""

import gzip
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from vms.access.roles import Role
from vms.api.guards import AnyCall, RoomsNow
from vms.api.listing import in_service_only, owner_seen_by
from vms.api.models.shape import IdNumber
from vms.api.parts import content_tag, ready_json
from vms.services.map_points import MapPoints, points_json
from vms.store import camera_board

router = APIRouter(tags=["cameras"])
MOST_AT_ONCE = 200
_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Cookie, Authorization"}


@router.get("/map/cameras", response_class=Response, responses={200: {"content": {"application/json": {}}}})
def points_of_the_map(
    call: AnyCall,
    rooms: RoomsNow,
    request: Request,
    ids: Annotated[
        list[IdNumber] | None,
        Query(
            alias="id", max_length=MOST_AT_ONCE, description="these alone; who is not in the answer is not on the map"
        ),
    ] = None,
) -> Response:
    """`rows` of `[id, lon, lat, name, tier, status, region, kinds of open faults, is ill]`."""
    only_in_service, owner = in_service_only(call.person), owner_seen_by(call.person, None)
    if ids is not None or call.person.role is Role.OWNER:
        with rooms.database.reading() as tx:
            dots = camera_board.dots(tx, rooms.clock(), in_service_only=only_in_service, owner_id=owner, camera_ids=ids)
            content = points_json(dots)
        return ready_json(request, content_tag("m", content), lambda: content, media_type="application/json")
    kept: MapPoints = request.app.state.map_points
    every = kept.every(in_service_only=only_in_service)
    headers = {**_HEADERS, "ETag": every.tag}
    if every.tag in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(every.content), media_type="application/json", headers=headers)
    return Response(every.content, media_type="application/json", headers={**headers, "Content-Encoding": "gzip"})
