"""Photographs of a camera's point: near, far, its picture, its box."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from vms.access.roles import Person
from vms.api.guards import AnyCall, KeeperCall, RoomsNow, StaffCall
from vms.api.models.photographs import PhotographList, PhotographRow
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.services.archive.photographs import (
    HandedIn,
    add_photograph,
    is_private,
    known_to,
    look_at_photograph,
    look_of,
    remove_photograph,
)
from vms.store import cameras, photographs
from vms.store.photographs import Photograph, PhotographKind

router = APIRouter(tags=["photographs"])
TYPES = ("image/jpeg", "image/png")
_BODY = {"required": True, "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES}}


@router.post("/cameras/{camera_id}/photographs", status_code=201, openapi_extra={"requestBody": _BODY})
async def new_photograph(
    camera_id: IdNumber,
    call: KeeperCall,
    rooms: RoomsNow,
    request: Request,
    kind: PhotographKind,
    note: Annotated[str, Query(max_length=500)] = "",
) -> PhotographRow:
    """The body is the picture: JPEG or PNG, at most 12 MB and 50 megapixels."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in TYPES:
        raise BadInput(f"a body of {' or '.join(TYPES)} is taken", where="content-type")
    new = HandedIn(camera_id=CameraId(camera_id), kind=kind, data=await request.body(), note=_clean(note))
    return await run_in_threadpool(_add, rooms, new, call.person)


@router.get("/cameras/{camera_id}/photographs")
def photographs_of_camera(camera_id: IdNumber, call: StaffCall, rooms: RoomsNow) -> PhotographList:
    with rooms.database.reading() as tx:
        camera = known_to(tx, call.person, camera_id)
        private = is_private(tx, camera)
        return PhotographList(items=[_row(one, private=private) for one in photographs.of_camera(tx, camera_id)])


@router.get(
    "/cameras/{camera_id}/photographs/{photograph_id}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "the photograph, at most 2560 px wide or high"}},
)
def one_photograph(
    camera_id: IdNumber,
    photograph_id: IdNumber,
    call: AnyCall,
    rooms: RoomsNow,
    small: Annotated[bool, Query(description="at most 320 px wide or high")] = False,
    purpose: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """One of the camera's picture, and any of a private camera, is a look: decided and logged as a still is."""
    _, data = look_at_photograph(
        rooms.database,
        rooms.photographs_folder,
        look_of(call.person, CameraId(camera_id), _clean(purpose)),
        photograph_id,
        rooms.settings.agreements,
        rooms.clock(),
        thumbnail=small,
    )
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@router.delete("/cameras/{camera_id}/photographs/{photograph_id}", status_code=204)
def take_out_photograph(camera_id: IdNumber, photograph_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> None:
    """Who took it out is kept; the file is cleared away."""
    remove_photograph(rooms.database, CameraId(camera_id), photograph_id, call.person, rooms.clock())


def _add(rooms: Rooms, new: HandedIn, person: Person) -> PhotographRow:
    added = add_photograph(rooms.database, rooms.photographs_folder, new, person, rooms.clock())
    with rooms.database.reading() as tx:
        return _row(added, private=is_private(tx, cameras.get(tx, new.camera_id)))


def _clean(text: str) -> str:
    return "".join(letter for letter in text if ord(letter) >= 32 and ord(letter) != 127).strip()


def _row(found: Photograph, *, private: bool) -> PhotographRow:
    content = found.content
    return PhotographRow(
        id=found.photograph_id,
        kind=content.kind,
        note=content.note,
        added_at=found.added_at,
        added_by=found.added_by,
        width=content.width,
        height=content.height,
        size_bytes=content.size_bytes,
        sha256=content.sha256,
        is_look=private or content.kind is PhotographKind.PICTURE,
    )
