"""The map: its ground as tiles, its sources and their imports, places found by name."""

import gzip
from pathlib import Path as FilePath
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from vms.api.guards import AnyCall, KeeperCall, RoomsNow, StaffCall
from vms.api.models.map import (
    BaseMapNow,
    FoundPlace,
    FoundPlaces,
    MapCandidate,
    MapCandidates,
    MapImport,
    MapImports,
    MapSource,
    MapSources,
)
from vms.api.models.shape import IdNumber
from vms.core.errors import NotFound
from vms.inventory.tier import Tier
from vms.maps.map_file import ReadOptions
from vms.maps.tiles.make_tile import MAX_ZOOM
from vms.places.packed import PER_DEGREE
from vms.services.maps.base_map import BaseKind, TileFile
from vms.services.maps.dead_readers import is_gone
from vms.services.maps.remove_map import remove_map
from vms.services.maps.tile_maker import TileMaker
from vms.services.maps.town_now import attribution_of
from vms.services.maps.uploads import enter, upload
from vms.store import cameras, map_candidates, map_versions
from vms.store.camera_filter import CameraFilter
from vms.store.map_versions import MapVersion

router = APIRouter(tags=["map"])
MVT = "application/vnd.mapbox-vector-tile"
_TILE: dict[int | str, dict[str, object]] = {200: {"content": {MVT: {}}}}
_PICTURE: dict[int | str, dict[str, object]] = {200: {"content": {"image/png": {}, "image/jpeg": {}, "image/webp": {}}}}
_FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}
Zoom = Annotated[int, Path(ge=0, le=24)]
Number = Annotated[int, Path(ge=0, lt=1 << 24)]
SourceName = Annotated[str, Query(max_length=80, description="whose map it is; empty: the file's own name")]


@router.get("/map/base")
def base_map(_call: AnyCall, rooms: RoomsNow, request: Request) -> BaseMapNow:
    """What the console draws everything on, and whom it thanks for it."""
    base = rooms.settings.base_map
    maker: TileMaker = request.app.state.tile_maker
    with rooms.database.reading() as tx:
        found = map_versions.current(tx)
    is_own = base.kind is BaseKind.OWN
    stamp = maker.stamp()
    own, pictures = f"map/tiles/{{z}}/{{x}}/{{y}}.mvt?v={stamp}", "map/pictures/{z}/{x}/{y}"
    file: TileFile | None = request.app.state.tile_file
    thanks = base.attribution or (file.attribution if file else "")
    boxes = [one.box for one in found if one.box is not None]
    edges = list(zip(*boxes, strict=True))
    return BaseMapNow(
        kind=base.kind.value,
        tiles=own if is_own else pictures if base.kind is BaseKind.MBTILES else base.url,
        stamp=stamp,
        attribution=attribution_of([thanks, *(one.attribution for one in found)]),
        min_zoom=0 if is_own else base.min_zoom,
        max_zoom=MAX_ZOOM if is_own else base.max_zoom,
        tile_px=512 if is_own else base.tile_px,
        box=(
            min(edges[0]) / PER_DEGREE,
            min(edges[1]) / PER_DEGREE,
            max(edges[2]) / PER_DEGREE,
            max(edges[3]) / PER_DEGREE,
        )
        if boxes
        else None,
    )


@router.get("/map/tiles/{zoom}/{column}/{row}.mvt", response_class=Response, responses=_TILE)
def map_tile(
    _call: AnyCall,
    request: Request,
    zoom: Zoom,
    column: Number,
    row: Number,
    v: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """With the layers land, waterway, road, railway, place, building; `v`, the map's stamp, lets it be kept a day."""
    if zoom > MAX_ZOOM or max(column, row) >= 1 << zoom:
        raise NotFound("there is no such tile")
    maker: TileMaker = request.app.state.tile_maker
    stamp = maker.stamp()
    tag = f'"{stamp}-{zoom}-{column}-{row}"'
    keep = "private, max-age=86400, immutable" if v == stamp else "private, no-cache"
    headers = {"ETag": tag, "Cache-Control": keep, "Vary": "Accept-Encoding, Cookie, Authorization"}
    if tag in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    _, content = maker.tile(zoom, column, row)
    if content and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    elif content:
        content = gzip.decompress(content)
    return Response(content, media_type=MVT, headers=headers)


@router.get("/map/pictures/{zoom}/{column}/{row}", response_class=Response, responses=_PICTURE)
def map_picture(_call: AnyCall, request: Request, zoom: Zoom, column: Number, row: Number) -> Response:
    """Of the configured MBTiles file."""
    file: TileFile | None = request.app.state.tile_file
    content = file.tile(zoom, column, row) if file is not None and max(column, row) < 1 << zoom else None
    if file is None or content is None:
        raise NotFound("there is no such tile")
    return Response(content, media_type=file.media_type, headers={"Cache-Control": "private, max-age=86400"})


@router.get("/map/search")
def search_map(
    call: StaffCall,
    rooms: RoomsNow,
    q: Annotated[str, Query(min_length=1, max_length=100)],
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> FoundPlaces:
    wanted = CameraFilter(text=q, in_service_only=True, crew_of=call.person.maintainer_id)
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


@router.get("/map/sources")
def map_sources(_call: StaffCall, rooms: RoomsNow) -> MapSources:
    with rooms.database.reading() as tx:
        found = map_versions.current(tx)
    return MapSources(
        items=[
            MapSource(
                source=one.source,
                version=one.version_id,
                attribution=one.attribution,
                file_name=one.file_name,
                taken_in_at=one.finished_at,
                by=one.who,
                counts=dict(one.counts),
            )
            for one in found
        ]
    )


@router.delete("/map/sources/{source}", status_code=204)
def remove_source(source: Annotated[str, Path(max_length=80)], _call: KeeperCall, rooms: RoomsNow) -> None:
    """The map of the other sources stays."""
    remove_map(rooms.database, source, rooms.clock())


@router.post("/map/imports", status_code=202, openapi_extra={"requestBody": _FILE})
async def import_map_file(
    call: KeeperCall,
    rooms: RoomsNow,
    request: Request,
    name: Annotated[str, Query(min_length=5, max_length=200, description="ends in .osm.pbf, .geojson or .json")],
    source: SourceName = "",
    coordinates: Literal["wgs84", "gcj02", "bd09"] = "wgs84",
    layers: Annotated[
        str, Query(max_length=80, description="of building, road, railway, place, land, waterway; empty: all")
    ] = "",
    skip_bad: bool = False,
    attribution: Annotated[str, Query(max_length=200)] = "",
    border: Annotated[str, Query(max_length=80, description="name of the area in the file that is the town")] = "",
    kind: Literal["town", "candidates"] = "town",
    tier: Annotated[Tier | None, Query(description="of all candidates; else as the map tells")] = None,
    with_near: Annotated[bool, Query(description="candidates also where the archive has a camera within 5 m")] = False,
) -> MapImport:
    """The file is the body, at most 300 MB; it is read beside the requests, GET map/imports/{id} tells how far."""
    options = ReadOptions(
        system=coordinates,
        layers=tuple(layer.strip() for layer in layers.split(",") if layer.strip()),
        skip_bad=skip_bad,
        attribution=attribution,
        border=border.strip(),
    )
    with upload(rooms.maps_folder, name) as (path, out):
        async for chunk in request.stream():
            await run_in_threadpool(out.write, chunk)
        out.close()
        entered = await run_in_threadpool(
            lambda: enter(
                rooms.database,
                path,
                name=FilePath(name).name,
                source=source,
                options=options,
                candidates=kind == "candidates",
                tier=tier,
                with_near=with_near,
                who=call.person.name,
                clock=rooms.clock,
            )
        )
    return _import(entered)


@router.get("/map/imports")
def map_imports(
    _call: KeeperCall, rooms: RoomsNow, limit: Annotated[int, Query(ge=1, le=500)] = 50, offset: IdNumber = 0
) -> MapImports:
    """Newest first."""
    with rooms.database.reading() as tx:
        found = map_versions.page(tx, limit=limit, offset=offset)
    return MapImports(items=[_import(one) for one in found.items], total=found.total)


@router.get("/map/imports/{import_id}")
def map_import(import_id: IdNumber, _call: KeeperCall, rooms: RoomsNow) -> MapImport:
    with rooms.database.reading() as tx:
        return _import(map_versions.get(tx, import_id))


@router.get("/map/candidates")
def candidates(
    _call: KeeperCall,
    rooms: RoomsNow,
    only_open: bool = True,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: IdNumber = 0,
) -> MapCandidates:
    """Cameras that maps know, as drafts of the archive; `only_open`: those that nobody has submitted yet."""
    with rooms.database.reading() as tx:
        found = map_candidates.page(tx, limit=limit, offset=offset, only_open=only_open)
    rows = [
        MapCandidate(
            source_id=one.source_id,
            camera_id=one.camera_id,
            name=one.name,
            life_cycle=one.life_cycle.value,
            lon=one.lon,
            lat=one.lat,
            bearing_deg=one.bearing_deg,
            taken_in_at=one.taken_at,
        )
        for one in found.items
    ]
    return MapCandidates(items=rows, total=found.total)


def _import(one: MapVersion) -> MapImport:
    return MapImport(
        id=one.version_id,
        source=one.source,
        kind=one.kind,
        state=one.state.value,
        file_name=one.file_name,
        by=one.who,
        asked_at=one.asked_at,
        finished_at=one.finished_at,
        progress=one.progress,
        held_until=one.held_until,
        reader_gone=is_gone(one.runner),
        problem=one.problem,
        counts=dict(one.counts),
    )
