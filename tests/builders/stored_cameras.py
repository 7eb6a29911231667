"""Cameras in a store, as the poller's tests need them: devices with channels, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, update

from vms.core.ids import CameraId, DeviceId, OwnerId
from vms.inventory.camera import Declared, LifeCycle, Pose, Stream, StreamRole
from vms.inventory.device import ObservedDevice, Quirks
from vms.inventory.tier import Tier
from vms.store import cameras, devices
from vms.store.database import Database
from vms.store.schema import cameras as camera_table
from vms.store.schema import streams as stream_table


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDevice:
    device_id: DeviceId
    camera_ids: tuple[CameraId, ...]


def store_camera(
    database: Database,
    now: datetime,
    *,
    name: str = "somewhere",
    tier: Tier = Tier.GOVERNMENT,
    region_code: str = "410105",
    life_cycle: LifeCycle = LifeCycle.APPROVED,
    owner_id: OwnerId | None = None,
    pose: Pose | None = None,
) -> CameraId:
    """A camera without a device."""
    declared = Declared(name=name, tier=tier, region_code=region_code, pose=pose)
    with database.writing() as tx:
        return cameras.add(tx, declared, life_cycle=life_cycle, now=now, owner_id=owner_id)


def store_device(
    database: Database,
    now: datetime,
    *,
    address: str,
    port: int,
    channels: int = 1,
    streams: Sequence[Stream] = (),
    snapshot_uri: str | None = None,
    quirks: Quirks = Quirks(),
) -> StoredDevice:
    """A device with approved cameras on its channels; all have the same streams."""
    with database.writing() as tx:
        device_id = devices.insert_observed(tx, ObservedDevice(address=address, port=port, quirks=quirks), (), now)
        camera_ids = []
        for number in range(channels):
            declared = Declared(name=f"{address} channel {number + 1}", tier=Tier.GOVERNMENT)
            camera_id = cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=now)
            cameras.bind_device(tx, camera_id, device_id, f"source{number + 1}", now)
            tx.execute(update(camera_table).where(camera_table.c.id == camera_id).values(snapshot_uri=snapshot_uri))
            for stream in streams:
                tx.execute(
                    insert(stream_table).values(
                        camera_id=camera_id,
                        profile=stream.profile,
                        role=stream.role.value,
                        encoding=stream.encoding,
                        width=stream.width,
                        height=stream.height,
                        uri=stream.uri,
                    )
                )
            camera_ids.append(camera_id)
    return StoredDevice(device_id=device_id, camera_ids=tuple(camera_ids))


def a_sub_stream(uri: str) -> Stream:
    return Stream(role=StreamRole.SUB, profile="sub", encoding="H264", width=640, height=360, uri=uri)
