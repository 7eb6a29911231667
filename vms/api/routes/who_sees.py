"""Who sees a point, else who is nearest: asked at every click on the map, so the answer is made by hand."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from vms.api.guards import RoomsNow, StaffCall
from vms.api.models.who_sees import WhoSees
from vms.api.show_seers import show_seers
from vms.core.geo import Wgs84

router = APIRouter(tags=["coverage and map"])


@router.get("/coverage/who-sees", response_class=Response, responses={200: {"model": WhoSees}})
def who_sees(
    call: StaffCall,
    rooms: RoomsNow,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
    k: Annotated[int, Query(ge=1, le=200)] = 16,
    permitted: Annotated[bool, Query(description="only cameras that you may look at")] = False,
) -> Response:
    now, point = rooms.clock(), Wgs84(lon, lat)
    found = rooms.coverage.who_sees(point, call.person, k, now, permitted=permitted)
    content = show_seers(point, now, found).encode()
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})
