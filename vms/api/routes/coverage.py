"""Coverage of this minute."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from vms.api.guards import OfficeCall, RoomsNow, StaffCall
from vms.api.models.coverage import (
    CoverageAt,
    SeenByRow,
)
from vms.api.parts import parse_box, ready_json
from vms.core.geo import Wgs84

router = APIRouter(tags=["coverage"])
_GEOJSON: dict[int | str, dict[str, object]] = {200: {"content": {"application/geo+json": {}}}}


@router.get("/coverage/at")
def coverage_at(
    call: OfficeCall,
    rooms: RoomsNow,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
) -> CoverageAt:
    now = rooms.clock()
    spot = rooms.coverage.at(Wgs84(lon, lat), call.person, now)
    rows = [
        SeenByRow(
            camera_id=seen.camera_id,
            name=seen.name,
            tier=seen.tier,
            status=seen.status,
            distance_m=seen.distance_m,
            density_px_per_m=seen.density_px_per_m,
            usable=seen.usable,
        )
        for seen in spot.seen_by
    ]
    best = max((row.density_px_per_m for row in rows if row.usable), default=None)
    return CoverageAt(lon=lon, lat=lat, at=now, seen_by=rows, best_density_px_per_m=best, cause=spot.cause)


@router.get("/coverage/views", response_class=Response, responses=_GEOJSON)
def coverage_views(
    _call: StaffCall, rooms: RoomsNow, request: Request, bbox: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    content = rooms.coverage.views_geojson(parse_box(bbox))
    return ready_json(request, _tag("v", content), lambda: content)


def _tag(kind: str, content: bytes) -> str:
    return f'"{kind}{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
