"""The channels of a device become cameras: known ones, ones that somebody had entered, new ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import CameraId, DeviceId
from vms.inventory.camera import Camera, Declared, LifeCycle
from vms.inventory.channel_binding import find_declared
from vms.inventory.device import ObservedChannel, ObservedDevice
from vms.inventory.networks import Network
from vms.inventory.stream_roles import assign_roles
from vms.inventory.tier import Tier
from vms.store import cameras, owners

TIER_OF_NOBODY = Tier.HOUSEHOLD
"""For a camera heard outside every network that somebody described: the tier that is protected most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedChannels:
    camera_ids: tuple[CameraId, ...]
    new: int


def record_channels(
    tx: Connection, device_id: DeviceId, observed: ObservedDevice, network: Network | None, now: datetime
) -> RecordedChannels:
    """A channel that the device names no longer keeps its camera: its stream will be missed by the poller."""
    known = {camera.channel: camera for camera in cameras.of_device(tx, device_id)}
    declared = cameras.declared_for(tx, observed) if set(_tokens(observed)) - set(known) else []
    ids: list[CameraId] = []
    new = 0
    for channel in observed.channels:
        camera = known.get(channel.token)
        if camera is None:
            camera = find_declared(channel, observed.channels, declared)
            if camera is None:
                camera = _add(tx, device_id, channel.token, network, now)
                new += 1
            else:
                declared = [other for other in declared if other.camera_id != camera.camera_id]
                cameras.bind_device(tx, camera.camera_id, device_id, channel.token, now)
        _observe(tx, camera, channel, now)
        ids.append(camera.camera_id)
    return RecordedChannels(camera_ids=tuple(ids), new=new)


def _observe(tx: Connection, camera: Camera, channel: ObservedChannel, now: datetime) -> None:
    """A channel that told no stream this time (busy, refused) keeps the ones it told before."""
    streams = assign_roles(channel.streams) or camera.streams
    cameras.set_observed(tx, camera, channel, streams, now)


def _add(tx: Connection, device_id: DeviceId, channel: str, network: Network | None, now: datetime) -> Camera:
    """Nobody entered it: what is known of its network is all that is declared; its name is what it calls itself."""
    tier = network.tier if network else TIER_OF_NOBODY
    declared = Declared(name="", tier=tier, region_code=network.region_code if network else "")
    owner_id = owners.ensure(tx, network.owner, tier, now) if network and network.owner else None
    life_cycle = LifeCycle.APPROVED if network and network.trusted else LifeCycle.PENDING
    camera_id = cameras.add(
        tx, declared, life_cycle=life_cycle, now=now, owner_id=owner_id, device_id=device_id, channel=channel
    )
    return Camera(camera_id=camera_id, declared=declared, life_cycle=life_cycle, owner_id=owner_id)


def _tokens(observed: ObservedDevice) -> Sequence[str]:
    return [channel.token for channel in observed.channels]
