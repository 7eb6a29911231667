"""Devices as a list: a page of them, what stands on each, and their cameras' short lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from vms.core.ids import CameraId, DeviceId
from vms.inventory.camera import IN_SERVICE_VALUES, LifeCycle
from vms.inventory.identity.known_device import KnownDevice
from vms.store.device_rows import device_from_row
from vms.store.page import Page
from vms.store.schema import cameras, devices


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFilter:
    """None and empty: whatever it is."""

    text: str = ""
    """Somewhere in maker, model, firmware or serial number."""
    address: str = ""
    """Begins with it."""
    by_serial: bool = True
    """False: the text is not looked for in serial numbers."""
    in_service_only: bool = False
    """Only devices that have a camera in service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCamera:
    camera_id: CameraId
    name: str
    channel: str
    life_cycle: LifeCycle


def page(tx: Connection, wanted: DeviceFilter, *, limit: int = 50, offset: int = 0) -> Page[tuple[KnownDevice, int]]:
    """By id, each with how many cameras it has; four statements at most, whatever the number."""
    where = _conditions(wanted)
    total = tx.execute(select(func.count()).select_from(devices).where(*where)).scalar_one()
    statement = select(devices).where(*where).order_by(devices.c.id).limit(limit).offset(offset)
    found = [device_from_row(row) for row in tx.execute(statement).mappings()]
    counts = _camera_counts(tx, [device.device_id for device in found], in_service_only=wanted.in_service_only)
    return Page(items=tuple((device, counts.get(device.device_id, 0)) for device in found), total=total)


def cameras_of(tx: Connection, device_id: int, *, in_service_only: bool) -> list[DeviceCamera]:
    """By channel."""
    c = cameras.c
    where = [c.device_id == device_id]
    if in_service_only:
        where.append(c.life_cycle.in_(IN_SERVICE_VALUES))
    statement = select(c.id, c.name, c.channel, c.life_cycle).where(*where).order_by(c.channel, c.id)
    return [
        DeviceCamera(
            camera_id=CameraId(row.id), name=row.name, channel=row.channel, life_cycle=LifeCycle(row.life_cycle)
        )
        for row in tx.execute(statement)
    ]


def _conditions(wanted: DeviceFilter) -> list[ColumnElement[bool]]:
    c = devices.c
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = (c.manufacturer, c.model, c.firmware, *((c.serial_no,) if wanted.by_serial else ()))
        found.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.address:
        found.append(c.address.startswith(wanted.address, autoescape=True))
    if wanted.in_service_only:
        serves = (cameras.c.device_id == c.id, cameras.c.life_cycle.in_(IN_SERVICE_VALUES))
        found.append(exists().where(*serves))
    return found


def _camera_counts(tx: Connection, device_ids: Sequence[DeviceId], *, in_service_only: bool) -> dict[int, int]:
    c = cameras.c
    where = [c.device_id.in_(device_ids)]
    if in_service_only:
        where.append(c.life_cycle.in_(IN_SERVICE_VALUES))
    statement = select(c.device_id, func.count()).where(*where).group_by(c.device_id)
    return {row[0]: row[1] for row in tx.execute(statement)} if device_ids else {}
