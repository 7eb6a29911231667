"""Coverage in squares: what a wide map shows."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from vms.api.guards import OfficeCall, RoomsNow
from vms.api.parts import content_tag, parse_box, ready_json
from vms.core.errors import BadInput

router = APIRouter(tags=["coverage and map"])
_GEOJSON: dict[int | str, dict[str, object]] = {200: {"content": {"application/geo+json": {}}}}


@router.get("/coverage/squares", response_class=Response, responses=_GEOJSON)
def coverage_squares(
    _call: OfficeCall,
    rooms: RoomsNow,
    request: Request,
    bbox: Annotated[str, Query(max_length=100)],
    night: bool = False,
) -> Response:
    box = parse_box(bbox)
    if box is None:
        raise BadInput("west, south, east and north are needed", where="bbox")
    content = rooms.coverage.squares_geojson(box, night=night)
    return ready_json(request, content_tag("q", content), lambda: content)
