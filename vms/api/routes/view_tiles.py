"""The views of all cameras as vector tiles, for the map."""

import gzip
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from vms.api.guards import RoomsNow, StaffCall
from vms.core.errors import NotFound
from vms.maps.tiles.view_tile import LEAST_ZOOM, MAX_ZOOM

router = APIRouter(tags=["coverage and map"])
MVT = "application/vnd.mapbox-vector-tile"
_TILE: dict[int | str, dict[str, object]] = {200: {"content": {MVT: {}}}}
Number = Annotated[int, Path(ge=0, lt=1 << 24)]


@router.get("/coverage/views/{zoom}/{column}/{row}.mvt", response_class=Response, responses=_TILE)
def view_tile(
    _call: StaffCall,
    rooms: RoomsNow,
    request: Request,
    zoom: Annotated[int, Path(ge=0, le=24)],
    column: Number,
    row: Number,
) -> Response:
    """From zoom 14 on the layer `view`, below the layer `density`; states of cameras are not in it."""
    if not LEAST_ZOOM <= zoom <= MAX_ZOOM or max(column, row) >= 1 << zoom:
        raise NotFound("there is no such tile")
    tag = f'"{rooms.coverage.view_tile_stamp(zoom, column, row)}-{zoom}-{column}-{row}"'
    known = (told.strip() for told in request.headers.get("if-none-match", "").split(","))
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Cookie, Authorization"}
    if tag in known:
        return Response(status_code=304, headers=headers)
    tile = rooms.coverage.view_tile(zoom, column, row)
    headers["ETag"] = f'"{tile.stamp}-{zoom}-{column}-{row}"'
    content = tile.content
    if content and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    elif content:
        content = gzip.decompress(content)
    return Response(content, media_type=MVT, headers=headers)
