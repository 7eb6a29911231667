"""The sensors of cameras that have several in one housing: where each looks, whole lists at a time, with history."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select

from vms.core.ids import CameraId
from vms.store import camera_changes, events
from vms.store.camera_changes import Author, FieldChange
from vms.store.schema import camera_sensors

_BATCH = 500
c = camera_sensors.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """None: nobody said."""

    number: int
    """From 1."""
    name: str = ""
    channel: str = ""
    """The device's video source."""
    bearing_deg: float | None = None
    tilt_deg: float | None = None
    h_fov_deg: float | None = None
    v_fov_deg: float | None = None
    max_view_m: float | None = None
    width_px: int | None = None


def of_camera(tx: Connection, camera_id: int) -> list[Sensor]:
    return of_cameras(tx, [camera_id]).get(CameraId(camera_id), [])


def of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, list[Sensor]]:
    """Those of one sensor, most of them, are left out."""
    wanted = sorted(set(camera_ids))
    found: dict[CameraId, list[Sensor]] = {}
    for start in range(0, len(wanted), _BATCH):
        statement = select(camera_sensors).where(c.camera_id.in_(wanted[start : start + _BATCH]))
        for row in tx.execute(statement.order_by(c.camera_id, c.number)).mappings():
            found.setdefault(CameraId(row["camera_id"]), []).append(_sensor(row))
    return found


def put(tx: Connection, camera_id: CameraId, new: Sequence[Sensor], author: Author, now: datetime) -> bool:
    """All of them; none: it has one sensor, which its record describes. False: nothing is different."""
    before = of_camera(tx, camera_id)
    if before == list(new):
        return False
    put_many(tx, [SensorsChange(camera_id=camera_id, before=before, after=new)], author, now)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorsChange:
    camera_id: CameraId
    before: Sequence[Sensor]
    after: Sequence[Sensor]


def put_many(tx: Connection, changes: Sequence[SensorsChange], author: Author, now: datetime) -> None:
    """Of cameras whose sensors differ, each once."""
    ids = [change.camera_id for change in changes]
    for start in range(0, len(ids), _BATCH):
        tx.execute(delete(camera_sensors).where(c.camera_id.in_(ids[start : start + _BATCH])))
    told = {"changed_by": author.who[:80], "changed_at": now, "why": author.why}
    rows = [asdict(one) | told | {"camera_id": change.camera_id} for change in changes for one in change.after]
    if rows:
        tx.execute(insert(camera_sensors), rows)
    kept = [
        FieldChange(camera_id=one.camera_id, field="sensors", before=in_words(one.before), after=in_words(one.after))
        for one in changes
    ]
    camera_changes.keep(tx, kept, author, now)
    events.append_many(tx, "camera.changed", [(one, {"fields": ["sensors"]}) for one in ids], now)


def in_words(sensors: Sequence[Sensor]) -> str | None:
    """For the record's history."""
    return "; ".join(_one_in_words(one) for one in sensors) or None


def _one_in_words(one: Sensor) -> str:
    turned = "–" if one.bearing_deg is None else f"{one.bearing_deg:g}°"
    wide = "" if one.h_fov_deg is None else f" / {one.h_fov_deg:g}°"
    return f"{one.number}{f' {one.name}' if one.name else ''}: {turned}{wide}"


def _sensor(row: RowMapping) -> Sensor:
    return Sensor(**{name: row[name] for name in Sensor.__dataclass_fields__})
