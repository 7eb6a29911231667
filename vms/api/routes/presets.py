"""Cameras that turn: where they stand and look, their presets; the sensors of one housing."""

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from vms.access.roles import Person
from vms.api.guards import AnyCall, JudgeCall, KeeperCall, RoomsNow
from vms.api.models.presets import HeadShown, PresetTellAsked, SensorList, SensorsPut, VideoSourceRow
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.api.routes.camera import known_camera
from vms.api.show_presets import show_head, show_sensor
from vms.core.ids import CameraId
from vms.inventory.camera import Camera
from vms.services.poses.may_correct import may_correct
from vms.services.poses.preset_views import head_now, read_head_now, tell_preset
from vms.services.poses.put_sensors import put_sensors, sources_of
from vms.services.ptz_check.desk import PtzDesk, PtzPolicy
from vms.store import sensors
from vms.store.heads import PresetTold
from vms.store.sensors import Sensor

router = APIRouter(tags=["poses"])


@router.get("/cameras/{camera_id}/presets")
def camera_presets(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> HeadShown:
    """As it was seen last; nothing is asked of the device."""
    return _head(rooms, call.person, camera_id)


@router.post("/cameras/{camera_id}/presets")
async def read_camera_presets(camera_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> HeadShown:
    """Its presets and where it stands are read from the device now."""
    desk = PtzDesk(
        database=rooms.database,
        box=rooms.box,
        policy=PtzPolicy(zone=rooms.settings.zone),
        clock=rooms.clock,
        agreements=rooms.settings.configurable,
        still=None,
        who=call.person.name,
    )
    await read_head_now(desk.asking, CameraId(camera_id))
    return await run_in_threadpool(_head, rooms, call.person, camera_id)


@router.put("/cameras/{camera_id}/presets/{token:path}/view")
def tell_view_of_preset(
    camera_id: IdNumber, token: str, body: PresetTellAsked, call: JudgeCall, rooms: RoomsNow
) -> HeadShown:
    """A person says where a preset looks; the others follow from it. Coverage is computed anew at once."""
    _seen(rooms, call.person, camera_id)
    told = PresetTold(
        bearing_deg=body.bearing_deg,
        tilt_deg=body.tilt_deg,
        h_fov_deg=body.h_fov_deg,
        who=call.person.name,
        at=rooms.clock(),
    )
    tell_preset(rooms.database, CameraId(camera_id), token, told, call.person, rooms.clock)
    return _head(rooms, call.person, camera_id)


@router.delete("/cameras/{camera_id}/presets/{token:path}/view")
def take_back_view_of_preset(camera_id: IdNumber, token: str, call: JudgeCall, rooms: RoomsNow) -> HeadShown:
    """What was said of it counts no more."""
    _seen(rooms, call.person, camera_id)
    tell_preset(rooms.database, CameraId(camera_id), token, None, call.person, rooms.clock)
    return _head(rooms, call.person, camera_id)


@router.get("/cameras/{camera_id}/sensors")
def camera_sensors(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> SensorList:
    return _sensors(rooms, call.person, camera_id)


@router.put("/cameras/{camera_id}/sensors")
def put_camera_sensors(camera_id: IdNumber, body: SensorsPut, call: JudgeCall, rooms: RoomsNow) -> SensorList:
    """All sensors of one housing, each with its own view; coverage is computed anew at once."""
    _seen(rooms, call.person, camera_id)
    new = [Sensor(number=number, **one.model_dump()) for number, one in enumerate(body.sensors, start=1)]
    put_sensors(rooms.database, CameraId(camera_id), new, body.why, call.person, rooms.clock())
    return _sensors(rooms, call.person, camera_id)


def _seen(rooms: Rooms, person: Person, camera_id: int) -> None:
    """Raises NotFound where the person may not know of it."""
    with rooms.database.reading() as tx:
        known_camera(tx, person, camera_id)


def _head(rooms: Rooms, person: Person, camera_id: int) -> HeadShown:
    with rooms.database.reading() as tx:
        camera = known_camera(tx, person, camera_id)
        return show_head(camera, head_now(tx, camera.camera_id), may_tell=_may(tx, person, camera))


def _sensors(rooms: Rooms, person: Person, camera_id: int) -> SensorList:
    with rooms.database.reading() as tx:
        camera = known_camera(tx, person, camera_id)
        found = [show_sensor(one) for one in sensors.of_camera(tx, camera_id)]
        sources = [VideoSourceRow(**asdict(one)) for one in sources_of(tx, camera)]
        return SensorList(camera_id=camera_id, sensors=found, sources=sources, may_change=_may(tx, person, camera))


def _may(tx: Connection, person: Person, camera: Camera) -> bool:
    return may_correct(tx, person, camera.camera_id)
