"""Open doubts about identity, and how a person resolved them."""

from fastapi import APIRouter

from vms.access.roles import SEES_ADDRESSES
from vms.api.guards import MaintenanceCall, RoomsNow
from vms.api.models.conflicts import ConflictList, ConflictRow, Resolution
from vms.api.models.shape import IdNumber
from vms.store import conflicts, events

router = APIRouter(tags=["inventory"])


@router.get("/conflicts")
def open_conflicts(call: MaintenanceCall, rooms: RoomsNow) -> ConflictList:
    addresses = call.person.role in SEES_ADDRESSES
    with rooms.database.reading() as tx:
        found = conflicts.unresolved(tx)
    return ConflictList(
        items=[
            ConflictRow(
                id=conflict.conflict_id,
                found_at=conflict.found_at,
                address=conflict.address if addresses else None,
                port=conflict.port if addresses else None,
                device_ids=list(conflict.device_ids),
                reasons=list(conflict.reasons),
            )
            for conflict in found
        ]
    )


@router.post("/conflicts/{conflict_id}/resolution", status_code=204)
def resolve(conflict_id: IdNumber, body: Resolution, call: MaintenanceCall, rooms: RoomsNow) -> None:
    """The devices stay as they are; what a person decided is kept with the name."""
    now = rooms.clock()
    with rooms.database.writing() as tx:
        conflicts.resolve(tx, conflict_id, f"{call.person.name}: {body.resolution}", now)
        events.append(tx, "device.conflict_resolved", None, {"conflict": conflict_id, "by": call.person.name}, now)
