"""Open questions about identity, and a person's answers."""

from typing import Annotated

from fastapi import APIRouter, Query

from vms.access.roles import sees_addresses
from vms.api.guards import DutyCall, KeeperCall, RoomsNow
from vms.api.models.conflicts import ConflictList, ConflictRow, Resolution, Resolved
from vms.api.models.shape import IdNumber
from vms.api.show_identity import show_conflict
from vms.core.ids import CameraId, DeviceId
from vms.inventory.identity.conflict_kind import Decision
from vms.services.identity.resolve_conflict import Answered, resolve_conflict
from vms.store import conflicts
from vms.store.camera_changes import Author

router = APIRouter(tags=["inventory"])


@router.get("/conflicts")
def open_conflicts(
    call: DutyCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ConflictList:
    """The oldest first."""
    addresses = sees_addresses(call.person)
    with rooms.database.reading() as tx:
        page = conflicts.page(tx, limit=limit, offset=offset)
    return ConflictList(total=page.total, items=[show_conflict(item, addresses=addresses) for item in page.items])


@router.get("/conflicts/{conflict_id}")
def one_conflict(conflict_id: IdNumber, call: DutyCall, rooms: RoomsNow) -> ConflictRow:
    with rooms.database.reading() as tx:
        return show_conflict(conflicts.get(tx, conflict_id), addresses=sees_addresses(call.person))


@router.post("/conflicts/{conflict_id}/resolution")
def resolve(conflict_id: IdNumber, body: Resolution, call: KeeperCall, rooms: RoomsNow) -> Resolved:
    """Carried out at once; what was done can be taken back, and then the question is open again."""
    answer = Answered(
        decision=Decision(body.kind),
        device_id=None if body.device is None else DeviceId(body.device),
        camera_id=None if body.camera is None else CameraId(body.camera),
        bindings=tuple(
            (binding.channel, None if binding.camera is None else CameraId(binding.camera)) for binding in body.bindings
        ),
    )
    author = Author(who=call.person.name, why=body.why)
    with rooms.database.writing() as tx:
        done = resolve_conflict(tx, conflict_id, answer, author, rooms.clock())
        still_open = conflicts.get(tx, conflict_id).is_open
    return Resolved(conflict_id=conflict_id, open=still_open, action_ids=[action.action_id for action in done])
