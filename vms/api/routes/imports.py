"""Lists taken in: upload, preview, dry run, progress, mappings."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathPart
from fastapi.concurrency import run_in_threadpool

from vms.access.roles import Role
from vms.api.guards import KeeperCall, RoomsNow
from vms.api.models.imports import (
    ImportPage,
    ImportRow,
    MappingContent,
    MappingList,
    MappingRow,
    PreviewNow,
    RejectedPage,
)
from vms.api.models.shape import IdNumber
from vms.api.show_imports import show_import, show_mapping, show_preview, show_rejected
from vms.inventory.camera import LifeCycle
from vms.inventory.lists.column_mapping import NO_MAPPING, ColumnMapping, mapping_from_json
from vms.inventory.tier import Tier
from vms.services.import_cameras import ImportRequest
from vms.services.import_desk import ImportDesk
from vms.services.preview_list import preview_list
from vms.store import column_mappings, imports
from vms.store.database import Database

router = APIRouter(tags=["inventory"])

FileName = Annotated[str, Query(min_length=5, max_length=200, description="ends in .csv, .xlsx or .toml")]
MappingName = Annotated[str, Query(max_length=80)]
SheetName = Annotated[str, Query(max_length=100)]
_FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


@router.post("/imports", status_code=202, openapi_extra={"requestBody": _FILE})
async def begin_import(
    call: KeeperCall,
    rooms: RoomsNow,
    request: Request,
    name: FileName,
    mapping: MappingName = "",
    sheet: SheetName = "",
    tier: Tier | None = None,
    dry_run: bool = False,
) -> ImportRow:
    """The file is the body, at most 64 MB. It is taken in beside the requests; GET imports/{id} tells how far it is."""
    desk: ImportDesk = request.app.state.import_desk
    with desk.upload(name) as (path, out):
        async for chunk in request.stream():
            await run_in_threadpool(out.write, chunk)
        out.close()
        said = await run_in_threadpool(_mapping, rooms.database, mapping)
        wanted = ImportRequest(
            mapping=said if tier is None else said.with_constants({"tier": tier.value}),
            mapping_name=mapping,
            sheet=sheet,
            life_cycle=LifeCycle.APPROVED if call.person.role is Role.ADMIN else LifeCycle.SUBMITTED,
            file_name=Path(name).name,
        )
        entered = await run_in_threadpool(desk.begin, path, wanted, who=call.person.name, dry_run=dry_run)
    return show_import(entered, rooms.clock())


@router.post("/imports/preview", openapi_extra={"requestBody": _FILE})
async def preview(
    call: KeeperCall,
    rooms: RoomsNow,
    request: Request,
    name: FileName,
    mapping: MappingName = "",
    sheet: SheetName = "",
) -> PreviewNow:
    """Nothing is stored."""
    desk: ImportDesk = request.app.state.import_desk
    with desk.upload(name) as (path, out):
        async for chunk in request.stream():
            await run_in_threadpool(out.write, chunk)
        out.close()
        said = await run_in_threadpool(_mapping, rooms.database, mapping)
        wanted = ImportRequest(mapping=said, sheet=sheet)
        return show_preview(await run_in_threadpool(preview_list, rooms.database, path, wanted))


@router.get("/imports")
def list_imports(
    call: KeeperCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: IdNumber = 0,
) -> ImportPage:
    now = rooms.clock()
    with rooms.database.reading() as tx:
        found = imports.page(tx, limit=limit, offset=offset)
    return ImportPage(items=[show_import(one, now) for one in found.items], total=found.total)


@router.get("/imports/{import_id}")
def one_import(import_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> ImportRow:
    with rooms.database.reading() as tx:
        return show_import(imports.get(tx, import_id), rooms.clock())


@router.get("/imports/{import_id}/rejected")
def rejected_rows(
    import_id: IdNumber,
    call: KeeperCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
    offset: IdNumber = 0,
) -> RejectedPage:
    with rooms.database.reading() as tx:
        imports.get(tx, import_id)
        found = imports.errors(tx, import_id, limit=limit, offset=offset)
    return RejectedPage(items=[show_rejected(error) for error in found.items], total=found.total)


@router.get("/mappings")
def list_mappings(call: KeeperCall, rooms: RoomsNow) -> MappingList:
    with rooms.database.reading() as tx:
        found = column_mappings.every(tx)
    return MappingList(items=[show_mapping(one.name, one.mapping, one.changed_at, one.changed_by) for one in found])


@router.put("/mappings/{name}")
def save_mapping(
    name: Annotated[str, PathPart(min_length=1, max_length=80)], body: MappingContent, call: KeeperCall, rooms: RoomsNow
) -> MappingRow:
    """New, or instead of the one of this name."""
    mapping, now = mapping_from_json(body.model_dump()), rooms.clock()
    with rooms.database.writing() as tx:
        column_mappings.put(tx, name, mapping, call.person.name, now)
    return show_mapping(name, mapping, now, call.person.name)


@router.delete("/mappings/{name}", status_code=204)
def remove_mapping(name: str, call: KeeperCall, rooms: RoomsNow) -> None:
    with rooms.database.writing() as tx:
        column_mappings.remove(tx, name, call.person.name, rooms.clock())


def _mapping(database: Database, name: str) -> ColumnMapping:
    if not name:
        return NO_MAPPING
    with database.reading() as tx:
        return column_mappings.get(tx, name).mapping
