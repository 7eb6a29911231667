"""Other ways to a camera than the one in use: an NVR's channel of a camera that also answers directly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, update

from vms.core.ids import CameraId, DeviceId
from vms.inventory.identity.channel_evidence import KnownChannel
from vms.inventory.identity.reason import Reason
from vms.store.reasons import reasons_from_json, reasons_to_json
from vms.store.schema import camera_paths, cameras


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPath:
    camera_id: CameraId
    device_id: DeviceId
    channel: str
    found_at: datetime
    evidence: tuple[Reason, ...] = ()
    observed_name: str = ""
    uri: str = ""
    width: int = 0

    @property
    def known_channel(self) -> KnownChannel:
        return KnownChannel(
            camera_id=self.camera_id,
            token=self.channel,
            name=self.observed_name,
            uri=self.uri,
            width=self.width,
            is_path=True,
        )


def add(tx: Connection, path: CameraPath) -> None:
    values = {
        "camera_id": path.camera_id,
        "device_id": path.device_id,
        "channel": path.channel,
        "found_at": path.found_at,
        "reasons": reasons_to_json(path.evidence),
        "observed_name": path.observed_name,
        "uri": path.uri,
        "width": path.width,
    }
    tx.execute(insert(camera_paths).values(values))


def remove(tx: Connection, path: CameraPath) -> None:
    tx.execute(delete(camera_paths).where(*_is(path.camera_id, path.device_id, path.channel)))


def set_told(
    tx: Connection, known: KnownChannel, device_id: int, *, channel: str, name: str, uri: str, width: int
) -> None:
    """What the device says of it now; `channel`: the token that it has now."""
    values = {"channel": channel, "observed_name": name, "uri": uri or known.uri, "width": width or known.width}
    if values != {"channel": known.token, "observed_name": known.name, "uri": known.uri, "width": known.width}:
        where = _is(known.camera_id, device_id, known.token)
        tx.execute(update(camera_paths).where(*where).values(values))


def of_device(tx: Connection, device_id: int) -> list[CameraPath]:
    return _read(tx, camera_paths.c.device_id == device_id)


def of_cameras(tx: Connection, camera_ids: Sequence[int]) -> list[CameraPath]:
    """At most 500 cameras."""
    return _read(tx, camera_paths.c.camera_id.in_(list(camera_ids)))


def channel_counts(tx: Connection, device_ids: Iterable[int]) -> dict[DeviceId, int]:
    """How many cameras these devices lead to, on any way; at most 500 devices."""
    wanted = sorted(set(device_ids))
    found: dict[DeviceId, int] = {}
    for column in (cameras.c.device_id, camera_paths.c.device_id):
        statement = select(column, func.count()).where(column.in_(wanted)).group_by(column)
        for device_id, count in tx.execute(statement):
            found[DeviceId(device_id)] = found.get(DeviceId(device_id), 0) + count
    return found


def _read(tx: Connection, condition: ColumnElement[bool]) -> list[CameraPath]:
    c = camera_paths.c
    statement = select(camera_paths).where(condition).order_by(c.camera_id, c.device_id, c.channel)
    return [_path(row) for row in tx.execute(statement).mappings()]


def _is(camera_id: int, device_id: int, channel: str) -> tuple[ColumnElement[bool], ...]:
    c = camera_paths.c
    return (c.camera_id == camera_id, c.device_id == device_id, c.channel == channel)


def _path(row: RowMapping) -> CameraPath:
    return CameraPath(
        camera_id=CameraId(row["camera_id"]),
        device_id=DeviceId(row["device_id"]),
        channel=row["channel"],
        found_at=row["found_at"],
        evidence=reasons_from_json(row["reasons"]),
        observed_name=row["observed_name"],
        uri=row["uri"],
        width=row["width"],
    )
