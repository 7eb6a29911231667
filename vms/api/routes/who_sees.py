"""Who sees a point, else who is nearest: asked at every click on the map, so the answer is made by hand."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from vms.api.guards import RoomsNow, StaffCall
from vms.api.models.who_sees import WhoSees
from vms.core.geo import Wgs84
from vms.services.coverage.who_sees import Seer

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
    now = rooms.clock()
    found = rooms.coverage.who_sees(Wgs84(lon, lat), call.person, k, now, permitted=permitted)
    answer = {"lon": lon, "lat": lat, "at": now.isoformat(), "cameras": [seer_row(seer) for seer in found]}
    content = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(content.encode(), media_type="application/json", headers={"Cache-Control": "no-store"})


def seer_row(seer: Seer) -> dict[str, Any]:
    """As `vms.api.models.who_sees.SeerRow`."""
    seen = seer.sighting
    return {
        "camera_id": seen.camera_id,
        "name": seer.name,
        "tier": seer.tier,
        "status": seer.status.value,
        "sight": seen.sight.value,
        "sees": seen.sees,
        "aimed": seen.aimed,
        "distance_m": round(seen.distance_m, 2),
        "density_px_per_m": round(seen.density_px_per_m, 2),
        "confidence": seen.confidence.word,
        "usable": seer.usable,
        "access": {
            "decision": seer.decision.verdict.value,
            "code": seer.decision.code,
            "because_en": seer.decision.because_en,
            "because_zh": seer.decision.because_zh,
        },
    }
