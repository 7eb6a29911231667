"""Merging, splitting and replacing devices, joining cameras; each can be undone."""

from typing import Annotated

from fastapi import APIRouter, Query

from vms.api.guards import KeeperCall, RoomsNow, StaffCall
from vms.api.models.identity import (
    CameraHardware,
    DeviceIdentity,
    IdentityActionPage,
    IdentityActionRow,
    JoinCameras,
    KeyRow,
    MergeDevices,
    ReplaceDevice,
    SplitDevice,
    UndoIdentityAction,
)
from vms.api.models.shape import IdNumber
from vms.api.routes.camera import known_camera
from vms.api.show_identity import show_action, show_path, show_period
from vms.core.ids import DeviceId
from vms.inventory.identity.keys import DeviceKey
from vms.services.identity.join_cameras import join_cameras
from vms.services.identity.merge_devices import merge_devices
from vms.services.identity.replace_device import channel_for, replace_device
from vms.services.identity.split_device import split_device
from vms.services.identity.undo_identity_action import undo_identity_action
from vms.services.sight_of import sight_of
from vms.store import camera_devices, camera_paths, cameras, devices, identity_actions
from vms.store.camera_changes import Author

router = APIRouter(tags=["identity"])


@router.post("/devices/merge")
def merge(body: MergeDevices, call: KeeperCall, rooms: RoomsNow) -> IdentityActionRow:
    """Keys, cameras and place of `merge` go to `keep`; channels of both that are one are joined."""
    author = Author(who=call.person.name, why=body.why)
    with rooms.database.writing() as tx:
        return show_action(merge_devices(tx, body.keep, body.merge, author, rooms.clock()))


@router.post("/devices/{device_id}/split")
def split(device_id: IdNumber, body: SplitDevice, call: KeeperCall, rooms: RoomsNow) -> IdentityActionRow:
    """What is named goes to a device of its own, which is nowhere until it is heard."""
    author = Author(who=call.person.name, why=body.why)
    keys = [DeviceKey(key.kind, key.value) for key in body.keys]
    with rooms.database.writing() as tx:
        action = split_device(tx, device_id, camera_ids=body.cameras, keys=keys, author=author, now=rooms.clock())
        return show_action(action)


@router.get("/devices/{device_id}/identity")
def device_identity(device_id: IdNumber, _call: KeeperCall, rooms: RoomsNow) -> DeviceIdentity:
    with rooms.database.reading() as tx:
        device = devices.get(tx, device_id)
        keys = devices.known_keys(tx, device_id)
        return DeviceIdentity(
            device_id=device.device_id,
            keys=[KeyRow(kind=key.kind, value=key.value, given=given) for key, given in sorted(keys.items())],
            camera_ids=list(cameras.ids_of_devices(tx, [device_id])),
            merged_into=device.merged_into,
            replaced_by=device.replaced_by,
        )


@router.post("/cameras/join")
def join(body: JoinCameras, call: KeeperCall, rooms: RoomsNow) -> IdentityActionRow:
    """`keep` goes on with every way that led to either; the record of `join` is retired and keeps its past."""
    author = Author(who=call.person.name, why=body.why)
    with rooms.database.writing() as tx:
        return show_action(join_cameras(tx, body.keep, body.join, author, rooms.clock()))


@router.post("/cameras/{camera_id}/replace-device")
def replace(camera_id: IdNumber, body: ReplaceDevice, call: KeeperCall, rooms: RoomsNow) -> IdentityActionRow:
    """The record, its history and photographs go on with the new hardware."""
    author = Author(who=call.person.name, why=body.why)
    with rooms.database.writing() as tx:
        camera = cameras.get(tx, camera_id)
        devices.get(tx, body.device)
        channel = channel_for(tx, camera, DeviceId(body.device), body.channel)
        pairs = [(channel, camera.camera_id)]
        return show_action(replace_device(tx, pairs, DeviceId(body.device), author, rooms.clock()))


@router.get("/cameras/{camera_id}/hardware")
def hardware(camera_id: IdNumber, call: StaffCall, rooms: RoomsNow) -> CameraHardware:
    with rooms.database.reading() as tx:
        camera = known_camera(tx, call.person, camera_id)
        whose = sight_of(tx, call.person, [camera_id]).whose(camera.camera_id)
        periods = camera_devices.of_camera(tx, camera.camera_id)
        told = {device.device_id: device for device in devices.by_ids(tx, {one.device_id for one in periods})}
        return CameraHardware(
            camera_id=camera.camera_id,
            periods=[show_period(period, told.get(period.device_id), whose=whose) for period in periods],
            paths=[show_path(path) for path in camera_paths.of_cameras(tx, [camera.camera_id]) if whose],
        )


@router.get("/identity-actions")
def actions(
    _call: KeeperCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> IdentityActionPage:
    """The newest first."""
    with rooms.database.reading() as tx:
        page = identity_actions.page(tx, limit=limit, offset=offset)
    return IdentityActionPage(total=page.total, items=[show_action(action) for action in page.items])


@router.post("/identity-actions/{action_id}/undo")
def undo(action_id: IdNumber, body: UndoIdentityAction, call: KeeperCall, rooms: RoomsNow) -> IdentityActionRow:
    """Everything is as it was, or 409 says what was changed since."""
    author = Author(who=call.person.name, why=body.why or f"takes identity action {action_id} back")
    with rooms.database.writing() as tx:
        return show_action(undo_identity_action(tx, action_id, author, rooms.clock()))
