"""Edits of many cameras: preview, do, look back, take back."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query

from vms.api.guards import KeeperCall, RoomsNow
from vms.api.models.edits import EditedCameras, EditList, EditNow, EditPreview, EditQuestion, NewEdit
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.api.show_edits import show_edit, show_preview, show_row
from vms.services.edits.apply_edit import AT_ONCE, begin_edit, run_edit
from vms.services.edits.edited_cameras import edited_cameras
from vms.services.edits.plan_edit import EditRequest
from vms.services.edits.preview_edit import preview_edit
from vms.services.edits.undo_edit import begin_undo
from vms.store import edits
from vms.store.edits import Edit

router = APIRouter(tags=["edits"])


@router.post("/edits/preview")
def look_at_edit(question: EditQuestion, _call: KeeperCall, rooms: RoomsNow) -> EditPreview:
    return show_preview(preview_edit(rooms.database, _request(question), rooms.clock()))


@router.post("/edits", status_code=201)
def make_edit(asked: NewEdit, call: KeeperCall, rooms: RoomsNow, later: BackgroundTasks) -> EditNow:
    """A large one is answered while it runs: GET edits/{id} tells how far it is."""
    edit = begin_edit(
        rooms.database,
        _request(asked),
        call.person,
        asked.why,
        rooms.clock(),
        token=asked.token,
        expected_count=asked.expected_count,
    )
    return show_edit(_run(rooms, edit, later))


@router.get("/edits")
def list_edits(
    _call: KeeperCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> EditList:
    with rooms.database.reading() as tx:
        page = edits.page(tx, limit=limit, offset=offset)
    return EditList(total=page.total, items=[show_edit(edit) for edit in page.items])


@router.get("/edits/{edit_id}")
def one_edit(edit_id: IdNumber, _call: KeeperCall, rooms: RoomsNow) -> EditNow:
    with rooms.database.reading() as tx:
        return show_edit(edits.get(tx, edit_id))


@router.get("/edits/{edit_id}/cameras")
def cameras_of_edit(
    edit_id: IdNumber,
    _call: KeeperCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> EditedCameras:
    """What it changed, camera by camera, also after it was taken back."""
    with rooms.database.reading() as tx:
        page = edited_cameras(tx, edit_id, limit=limit, offset=offset)
    return EditedCameras(total=page.total, items=[show_row(row) for row in page.items])


@router.post("/edits/{edit_id}/undo")
def take_back(edit_id: IdNumber, call: KeeperCall, rooms: RoomsNow, later: BackgroundTasks) -> EditNow:
    return show_edit(_run(rooms, begin_undo(rooms.database, edit_id, call.person, rooms.clock()), later))


def _run(rooms: Rooms, edit: Edit, later: BackgroundTasks) -> Edit:
    if edit.cameras <= AT_ONCE:
        return run_edit(rooms.database, edit.edit_id, rooms.clock)
    later.add_task(run_edit, rooms.database, edit.edit_id, rooms.clock)
    return edit


def _request(asked: EditQuestion) -> EditRequest:
    return EditRequest(changes=asked.changes, filter_text=asked.filter, camera_ids=tuple(asked.ids), text=asked.q)
