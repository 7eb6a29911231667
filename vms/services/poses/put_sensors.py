"""The sensors of one housing, as people know them; the device's own video sources as a beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.inventory.camera import Camera
from vms.inventory.lists.sensor_cell import ALONE, TURNS
from vms.services.poses.may_correct import refuse_stranger
from vms.store import cameras, sensors
from vms.store.camera_changes import Author
from vms.store.database import Database
from vms.store.sensors import Sensor

MOST_SOURCES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSource:
    """Of the camera's device, as it was discovered."""

    channel: str
    name: str
    width_px: int | None


def sources_of(tx: Connection, camera: Camera) -> list[VideoSource]:
    """What the sensors may be; none for a camera whose device has one."""
    if camera.device_id is None or camera.ptz:
        return []
    found = [one for one in cameras.of_device(tx, camera.device_id) if one.channel][:MOST_SOURCES]
    if len(found) < 2:
        return []
    return [
        VideoSource(
            channel=one.channel,
            name=one.observed_name,
            width_px=max((stream.width for stream in one.streams if stream.width > 0), default=None),
        )
        for one in found
    ]


def put_sensors(
    database: Database, camera_id: CameraId, new: Sequence[Sensor], why: str, person: Person, now: datetime
) -> None:
    """All of them, in the order in which they are numbered; none: one, which the record describes. Coverage follows
    the news of it. Raises NotFound, NotAllowed, BadInput."""
    if len(new) == 1:
        raise BadInput(ALONE, where="sensors")
    named = [one.channel for one in new if one.channel]
    if len(set(named)) < len(named):
        raise BadInput("two sensors cannot be one video source", where="channel")
    with database.writing() as tx:
        camera = cameras.get(tx, camera_id)
        refuse_stranger(tx, person, camera_id)
        if camera.ptz and new:
            raise BadInput(TURNS, where="sensors")
        sensors.put(tx, camera_id, new, Author(who=person.name, why=why or "sensors told"), now)
