"""One camera's archive record: its fields with their codes, its history, its life-cycle, its national device id."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from vms.access.roles import Person
from vms.api.guards import AnyCall, KeeperCall, RecordCall, RoomsNow, StaffCall
from vms.api.models.archive import (
    ChangePage,
    DifferenceAnswer,
    DifferenceRefused,
    DifferencesAccepted,
    FieldList,
    GbDeviceIdNow,
    GbDeviceIdWanted,
    LifeCycleMove,
    ManyDifferences,
    NewRecord,
    RecordEdit,
    RecordNow,
    Restoration,
)
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.api.routes.archive_city import router as city_router
from vms.api.show_archive import show_change, show_field, show_record
from vms.core.ids import CameraId
from vms.inventory.archive.fields import FIELDS
from vms.inventory.camera import LifeCycle
from vms.inventory.differences import Difference
from vms.maintenance.may_step import is_office
from vms.services.archive.accept_difference import accept_difference
from vms.services.archive.accept_differences import accept_differences
from vms.services.archive.change_record import RecordChange, change_record
from vms.services.archive.city_now import judge_cameras
from vms.services.archive.draft_camera import draft_camera
from vms.services.archive.generate_gb_device_id import WantedId, generate_gb_device_id
from vms.services.archive.move_life_cycle import Move, move_life_cycle, next_steps
from vms.services.archive.photographs import known_to
from vms.services.archive.restore_field import restore_field
from vms.services.sight_of import sight_of
from vms.store import archive_facts, camera_changes, cameras, code_tables, owners
from vms.store.camera_changes import KeptChange

router = APIRouter(tags=["archive"])
router.include_router(city_router)


@router.get("/archive/fields")
def archive_fields(_call: AnyCall) -> FieldList:
    """Every field of the record, in its order: what forms, tables and lists are made of."""
    return FieldList(items=[show_field(field) for field in FIELDS])


@router.post("/cameras", status_code=201)
def new_record(body: NewRecord, call: KeeperCall, rooms: RoomsNow) -> RecordNow:
    camera_id = draft_camera(rooms.database, body.fields, call.person, body.why, rooms.clock())
    return _shown(rooms, camera_id, call.person)


@router.get("/cameras/{camera_id}/record")
def one_record(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> RecordNow:
    return _shown(rooms, CameraId(camera_id), call.person)


@router.patch("/cameras/{camera_id}/record")
def edit_record(camera_id: IdNumber, body: RecordEdit, call: KeeperCall, rooms: RoomsNow) -> RecordNow:
    """Applies at once; an approved record is `changing` until somebody approves it or sends it back."""
    change = RecordChange(changes=body.changes, why=body.why, revision=body.revision)
    change_record(rooms.database, CameraId(camera_id), change, call.person, rooms.clock())
    return _shown(rooms, CameraId(camera_id), call.person)


@router.post("/cameras/{camera_id}/life-cycle")
def move_record(camera_id: IdNumber, body: LifeCycleMove, call: RecordCall, rooms: RoomsNow) -> RecordNow:
    move = Move(to=body.to, why=body.why, send_back=body.send_back, revision=body.revision)
    move_life_cycle(rooms.database, CameraId(camera_id), move, call.person, rooms.clock())
    return _shown(rooms, CameraId(camera_id), call.person)


@router.post("/cameras/{camera_id}/gb-device-id")
def give_gb_device_id(camera_id: IdNumber, body: GbDeviceIdWanted, call: KeeperCall, rooms: RoomsNow) -> GbDeviceIdNow:
    wanted = WantedId(
        centre=body.centre,
        industry=body.industry,
        device_type=body.device_type,
        network=body.network,
        replace=body.replace,
        why=body.why,
    )
    made = generate_gb_device_id(rooms.database, CameraId(camera_id), wanted, call.person, rooms.clock())
    return GbDeviceIdNow(gb_device_id=made)


@router.get("/cameras/{camera_id}/changes")
def record_history(
    camera_id: IdNumber,
    call: StaffCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ChangePage:
    """Who changed which field when, from what to what, and why; the newest first."""
    with rooms.database.reading() as tx:
        camera = known_to(tx, call.person, camera_id)
        page = camera_changes.of_camera(tx, camera_id, limit=limit, offset=offset)
        codes = code_tables.every(tx)
        names = {int(number): name for number, name in owners.names(tx, _owners_in(page.items)).items()}
        reads = sight_of(tx, call.person, [camera_id]).of(camera.camera_id)
        restores = is_office(call.person) and camera.life_cycle is not LifeCycle.RETIRED
        rows = [show_change(kept, codes=codes, owners=names, reads=reads, restores=restores) for kept in page.items]
        return ChangePage(total=page.total, items=rows)


@router.post("/cameras/{camera_id}/changes/{change_id}/restore")
def restore_from_history(
    camera_id: IdNumber, change_id: IdNumber, body: Restoration, call: KeeperCall, rooms: RoomsNow
) -> RecordNow:
    """The field gets the value that it had before this change."""
    restore_field(
        rooms.database,
        CameraId(camera_id),
        change_id,
        call.person,
        body.why,
        rooms.clock(),
        revision=body.revision,
    )
    return _shown(rooms, CameraId(camera_id), call.person)


@router.post("/cameras/{camera_id}/differences/{field}/accept")
def decide_difference(
    camera_id: IdNumber, field: str, body: DifferenceAnswer, call: KeeperCall, rooms: RoomsNow
) -> RecordNow:
    seen = None
    if body.declared is not None and body.observed is not None:
        seen = Difference(field=field, declared=body.declared, observed=body.observed)
    accept_difference(
        rooms.database,
        CameraId(camera_id),
        field[:40],
        body.value,
        call.person,
        body.why,
        rooms.clock(),
        seen=seen,
    )
    return _shown(rooms, CameraId(camera_id), call.person)


@router.post("/differences/accept")
def decide_many_differences(body: ManyDifferences, call: KeeperCall, rooms: RoomsNow) -> DifferencesAccepted:
    """Each by itself: what is refused is named, the others are done."""
    seen = [
        (each.camera_id, Difference(field=each.field, declared=each.declared, observed=each.observed))
        for each in body.items
    ]
    refused = accept_differences(rooms.database, seen, body.value, call.person, body.why, rooms.clock())
    rows = [
        DifferenceRefused(camera_id=one.camera_id, field=one.field, reason=one.reason, code=one.code) for one in refused
    ]
    return DifferencesAccepted(accepted=len(seen) - len(refused), refused=rows)


def _owners_in(changes: Sequence[KeptChange]) -> set[int]:
    values = (value for kept in changes if kept.change.field == "owner_id" for value in _both(kept))
    return {value for value in values if isinstance(value, int)}


def _both(kept: KeptChange) -> tuple[object, object]:
    return (kept.change.before, kept.change.after)


def _shown(rooms: Rooms, camera_id: CameraId, person: Person) -> RecordNow:
    now = rooms.clock()
    with rooms.database.reading() as tx:
        camera = known_to(tx, person, camera_id)
        owner_names = owners.names(tx, [] if camera.owner_id is None else [camera.owner_id])
        return show_record(
            cameras.columns(tx, camera_id),
            archive_facts.of_cameras(tx, [camera_id], now)[camera_id],
            judge_cameras(tx, [camera_id], now)[camera_id],
            owner="" if camera.owner_id is None else owner_names[camera.owner_id],
            codes=code_tables.every(tx),
            last=camera_changes.latest_of_fields(tx, camera_id),
            revision=camera_changes.revision(tx, camera_id),
            steps=next_steps(tx, camera_id, camera.life_cycle, person),
            reads=sight_of(tx, person, [camera_id]).of(camera_id),
        )
