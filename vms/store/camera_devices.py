"""Which hardware stood at a camera's point, and when: one open period while a camera is bound to a device."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, insert, select, update

from vms.core.ids import CameraId, DeviceId
from vms.store.schema import camera_devices


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    camera_id: CameraId
    device_id: DeviceId
    channel: str
    from_at: datetime
    until_at: datetime | None
    """None: now."""
    why: str


def begin(tx: Connection, bound: Sequence[tuple[CameraId, DeviceId, str]], now: datetime, why: str = "") -> None:
    """These cameras are channels of these devices from now on; they were bound to none."""
    if bound:
        rows = [
            {"camera_id": camera, "device_id": device, "channel": channel, "from_at": now, "why": why}
            for camera, device, channel in bound
        ]
        tx.execute(insert(camera_devices), rows)


def move(
    tx: Connection,
    camera_id: CameraId,
    before: int | None,
    device_id: DeviceId | None,
    channel: str,
    now: datetime,
    why: str,
) -> None:
    """From one device to another, or to none. A channel that the same device names anew is no new period."""
    c = camera_devices.c
    if before is not None and before == device_id:
        is_open = (c.camera_id == camera_id, c.until_at.is_(None))
        tx.execute(update(camera_devices).where(*is_open).values(channel=channel))
        return
    if before is not None:
        _end(tx, camera_id, now)
    if device_id is not None:
        begin(tx, [(camera_id, device_id, channel)], now, why)


def _end(tx: Connection, camera_id: int, now: datetime) -> None:
    """A clock that was put back makes an empty period, none that ends before it begins."""
    c = camera_devices.c
    until = case((c.from_at > now, c.from_at), else_=now)
    tx.execute(update(camera_devices).where(c.camera_id == camera_id, c.until_at.is_(None)).values(until_at=until))


def of_camera(tx: Connection, camera_id: int) -> list[Period]:
    """Newest first."""
    statement = select(camera_devices).where(camera_devices.c.camera_id == camera_id)
    return [
        Period(
            camera_id=CameraId(row.camera_id),
            device_id=DeviceId(row.device_id),
            channel=row.channel,
            from_at=row.from_at,
            until_at=row.until_at,
            why=row.why,
        )
        for row in tx.execute(statement.order_by(camera_devices.c.id.desc()))
    ]
