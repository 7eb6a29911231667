"""Coverage of this minute, the map, places."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from vms.api.guards import AnyCall, RoomsNow, StaffCall
from vms.api.models.coverage import (
    CoverageAt,
    FoundPlace,
    FoundPlaces,
    GapList,
    GapRow,
    GapTotals,
    SeenByRow,
)
from vms.api.parts import parse_box, ready_json
from vms.core.geo import Wgs84
from vms.store import cameras
from vms.store.camera_filter import CameraFilter

router = APIRouter(tags=["coverage and map"])
_GEOJSON: dict[int | str, dict[str, object]] = {200: {"content": {"application/geo+json": {}}}}


@router.get("/coverage/at")
def coverage_at(
    call: StaffCall,
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


@router.get("/coverage/gaps")
def coverage_gaps(
    _call: StaffCall,
    rooms: RoomsNow,
    cause: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> GapList:
    found = rooms.coverage.gaps()
    by_cause_m: dict[str, float] = {}
    for gap in found.gaps:
        by_cause_m[gap.cause] = by_cause_m.get(gap.cause, 0.0) + (gap.length_m or 0.0)
    chosen = [gap for gap in found.gaps if cause in ("", gap.cause) and kind in ("", gap.kind)]
    rows = [
        GapRow(
            id=gap.gap_id,
            kind=gap.kind,
            cause=gap.cause,
            name=gap.name,
            length_m=gap.length_m,
            category=gap.category,
            best_density_px_per_m=gap.best_density_px_per_m,
            geometry=gap.geometry,
        )
        for gap in chosen[:limit]
    ]
    totals = GapTotals(
        road_m=found.road_m,
        covered_road_m=found.covered_road_m,
        places=found.places,
        covered_places=found.covered_places,
        by_cause_m=by_cause_m,
    )
    return GapList(measured_at=found.measured_at, totals=totals, items=rows)


@router.get("/coverage/views", response_class=Response, responses=_GEOJSON)
def coverage_views(
    _call: StaffCall, rooms: RoomsNow, request: Request, bbox: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    content = rooms.coverage.views_geojson(parse_box(bbox))
    return ready_json(request, _tag("v", content), lambda: content)


@router.get("/map/base", response_class=Response, responses=_GEOJSON)
def base_map(_call: AnyCall, rooms: RoomsNow, request: Request) -> Response:
    content = rooms.coverage.base_map()
    return ready_json(request, _tag("m", content), lambda: content)


@router.get("/map/search")
def search_map(
    _call: StaffCall,
    rooms: RoomsNow,
    q: Annotated[str, Query(min_length=1, max_length=100)],
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> FoundPlaces:
    wanted = CameraFilter(text=q, in_service_only=True)
    with rooms.database.reading() as tx:
        page = cameras.page(tx, wanted, now=rooms.clock(), sort="name", limit=limit)
    found = [
        FoundPlace(
            kind=match.place.kind,
            name=match.place.name,
            address=match.place.address,
            lon=match.place.position.lon,
            lat=match.place.position.lat,
            score=match.score,
            camera_id=None,
        )
        for match in rooms.coverage.locate(q, limit)
    ]
    for camera in page.items:
        if camera.pose is None:
            continue
        on_pole = camera.declared.pole_code == q.strip()
        found.append(
            FoundPlace(
                kind="pole" if on_pole else "camera",
                name=camera.declared.pole_code if on_pole else camera.name,
                address=camera.declared.install_address,
                lon=camera.pose.position.lon,
                lat=camera.pose.position.lat,
                score=1.0 if on_pole or camera.name == q.strip() else 0.6,
                camera_id=camera.camera_id,
            )
        )
    return FoundPlaces(items=sorted(found, key=lambda place: -place.score)[:limit])


def _tag(kind: str, content: bytes) -> str:
    return f'"{kind}{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
