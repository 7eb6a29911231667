"""Sensors as rows of a list tell them become those of cameras: where each looks; what else is known of them stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.inventory.lists.camera_entry import Entry, RowError
from vms.inventory.lists.sensor_cell import SENSORS, TURNS, SensorAim
from vms.store import sensors
from vms.store.camera_lists import ListedCamera
from vms.store.sensors import Sensor, SensorsChange


@dataclass(frozen=True, slots=True)
class ListedSensors:
    """Of the cameras that some rows describe, as they are stored."""

    stored: Mapping[CameraId, list[Sensor]]

    @classmethod
    def read(cls, tx: Connection, told: Iterable[tuple[Entry, ListedCamera]]) -> "ListedSensors":
        ids = [camera.candidate.camera_id for entry, camera in told if entry.sensors is not None]
        return cls(sensors.of_cameras(tx, ids) if ids else {})

    def change(self, entry: Entry, camera_id: CameraId) -> SensorsChange | None:
        """None: nothing is different, or the row says nothing of them."""
        if entry.sensors is None:
            return None
        before = self.stored.get(camera_id, [])
        after = [_told(number, aim, before) for number, aim in enumerate(entry.sensors, 1)]
        return SensorsChange(camera_id=camera_id, before=before, after=after) if after != before else None


def refused(entry: Entry, camera: ListedCamera) -> RowError | None:
    if not entry.sensors or not camera.turns:
        return None
    return RowError(row=entry.row, field=SENSORS, value=entry.text("name"), reason=TURNS)


def of_new(rows: Mapping[CameraId, int], entries: Iterable[Entry]) -> list[SensorsChange]:
    """`rows`: of cameras that were just entered."""
    told = {entry.row: entry.sensors for entry in entries if entry.sensors}
    return [
        SensorsChange(camera_id=camera_id, before=[], after=[_told(n, aim, ()) for n, aim in enumerate(told[row], 1)])
        for camera_id, row in rows.items()
        if row in told
    ]


def _told(number: int, aim: SensorAim, before: Iterable[Sensor]) -> Sensor:
    known = next((one for one in before if one.number == number), Sensor(number=number))
    return replace(known, bearing_deg=aim.bearing_deg, h_fov_deg=aim.h_fov_deg)
