"""The channels of a device become cameras: known ones, also where a firmware renamed them, ones that somebody had
entered, other ways to known ones, new ones."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import CameraId, DeviceId
from vms.inventory.camera import Camera, Declared, LifeCycle
from vms.inventory.device import ObservedChannel, ObservedDevice
from vms.inventory.identity.channel_binding import find_declared
from vms.inventory.identity.channel_evidence import KnownChannel, known_channel, told_channels
from vms.inventory.identity.channel_matching import ChannelMatch, match_channels
from vms.inventory.identity.conflict_kind import ConflictKind
from vms.inventory.identity.reason import ReasonCode, because
from vms.inventory.networks import Network
from vms.inventory.stream_roles import assign_roles
from vms.inventory.tier import Tier
from vms.services.identity.tell_conflict import tell_conflict
from vms.store import camera_paths, cameras, owners
from vms.store.camera_changes import Author
from vms.store.conflicts import NewConflict

TIER_OF_NOBODY = Tier.HOUSEHOLD
"""For a camera heard outside every network that somebody described: the tier that is protected most."""
RENAMED = Author(who="discovery", why="the device names its channels anew")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedChannels:
    camera_ids: tuple[CameraId, ...]
    new: int
    cameras: tuple[Camera, ...] = ()
    """Those in use on this device, as they were before they told this."""
    fresh: tuple[str, ...] = ()
    """Tokens of channels that are new or are named otherwise than before."""


def record_channels(
    tx: Connection,
    device_id: DeviceId,
    observed: ObservedDevice,
    network: Network | None,
    now: datetime,
    *,
    doubtful: bool = False,
) -> RecordedChannels:
    """A channel that the device names no longer keeps its camera: its stream will be missed by the poller. `doubtful`:
    nobody knows which device this is, so nothing new is taken in without a person's approval."""
    bound = {camera.camera_id: camera for camera in cameras.of_device(tx, device_id)}
    known = [known_channel(camera) for camera in bound.values()]
    known += [path.known_channel for path in camera_paths.of_device(tx, device_id)]
    match = match_channels(known, told_channels(observed.channels))
    if match.doubtful:
        _ask(tx, device_id, observed, match, now)
    declared = cameras.declared_for(tx, observed) if match.new else []
    ids: list[CameraId] = []
    in_use: list[Camera] = []
    fresh: list[str] = []
    new = 0
    for channel in observed.channels:
        told = match.same.get(channel.token)
        if channel.token in match.doubtful:
            continue
        if told is not None and told.is_path:
            _observe_path(tx, told, device_id, channel)
            ids.append(told.camera_id)
            continue
        if told is not None:
            camera = bound[told.camera_id]
            if told.token != channel.token:
                cameras.bind_device(tx, camera.camera_id, device_id, channel.token, now, author=RENAMED)
        else:
            entered = find_declared(channel, observed.channels, declared)
            if entered is None:
                camera = _add(tx, device_id, channel.token, network, now, doubtful=doubtful)
                new += 1
            else:
                camera = entered
                declared = [other for other in declared if other.camera_id != camera.camera_id]
                cameras.bind_device(tx, camera.camera_id, device_id, channel.token, now)
        if told is None or camera.observed_name != channel.name:
            fresh.append(channel.token)
        _observe(tx, camera, channel, now)
        ids.append(camera.camera_id)
        in_use.append(camera)
    return RecordedChannels(camera_ids=tuple(ids), new=new, cameras=tuple(in_use), fresh=tuple(fresh))


def _ask(tx: Connection, device_id: DeviceId, observed: ObservedDevice, match: ChannelMatch, now: datetime) -> None:
    tokens = sorted(match.doubtful)
    conflict = NewConflict(
        kind=ConflictKind.CHANNELS,
        subject=f"channels:{device_id}:{'|'.join(tokens)}"[:160],
        address=observed.address,
        port=observed.port,
        device_id=device_id,
        device_ids=(device_id,),
        camera_ids=tuple(channel.camera_id for channel in match.left),
        evidence=(because(ReasonCode.TOKENS_CHANGED, channels=tokens[:8]), *match.evidence),
        observed=observed,
    )
    tell_conflict(tx, conflict, now)


def _observe(tx: Connection, camera: Camera, channel: ObservedChannel, now: datetime) -> None:
    """A channel that told no stream this time (busy, refused) keeps the ones it told before."""
    streams = assign_roles(channel.streams) or camera.streams
    cameras.set_observed(tx, camera, channel, streams, now)


def _observe_path(tx: Connection, known: KnownChannel, device_id: DeviceId, channel: ObservedChannel) -> None:
    (told,) = told_channels([channel])
    camera_paths.set_told(tx, known, device_id, channel=told.token, name=told.name, uri=told.uri, width=told.width)


def _add(
    tx: Connection, device_id: DeviceId, channel: str, network: Network | None, now: datetime, *, doubtful: bool
) -> Camera:
    """Nobody entered it: what is known of its network is all that is declared; its name is what it calls itself."""
    tier = network.tier if network else TIER_OF_NOBODY
    declared = Declared(name="", tier=tier, region_code=network.region_code if network else "")
    owner_id = owners.ensure(tx, network.owner, tier, now) if network and network.owner else None
    trusted = network is not None and network.trusted and not doubtful
    life_cycle = LifeCycle.APPROVED if trusted else LifeCycle.PENDING
    camera_id = cameras.add(
        tx, declared, life_cycle=life_cycle, now=now, owner_id=owner_id, device_id=device_id, channel=channel
    )
    return Camera(
        camera_id=camera_id,
        declared=declared,
        life_cycle=life_cycle,
        owner_id=owner_id,
        device_id=device_id,
        channel=channel,
    )
