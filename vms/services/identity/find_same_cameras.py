"""A recorder's channel that is also reachable directly: proven pairs become one camera, likely ones are asked about."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import Conflict
from vms.core.ids import CameraId, DeviceId
from vms.inventory.camera import Camera
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.channel_evidence import specific_name
from vms.inventory.identity.conflict_kind import ConflictKind, Decision
from vms.inventory.identity.keys import DeviceKey
from vms.inventory.identity.reason import ReasonCode, because
from vms.inventory.identity.same_camera import (
    Candidate,
    Judgement,
    Likeness,
    is_bare,
    judge_same_camera,
    keys_in_name,
    keys_in_record,
)
from vms.services.identity.join_cameras import join_cameras, refuse_unless_joinable, survivor
from vms.services.identity.tell_conflict import tell_conflict
from vms.services.record_channels import RecordedChannels
from vms.store import camera_paths, cameras, conflicts, devices, identity_actions
from vms.store.camera_changes import Author
from vms.store.conflicts import NewConflict

DISCOVERY = "discovery"
MOST_PAIRS = 50
"""Of one device at once."""


def find_same_cameras(
    tx: Connection,
    device_id: DeviceId,
    observed: ObservedDevice,
    keys: Iterable[DeviceKey],
    recorded: RecordedChannels,
    now: datetime,
) -> None:
    """Costs nothing where no name or record names another device and nothing is new."""
    pairs = [
        *_named_by_key(tx, device_id, observed, frozenset(keys), recorded),
        *_named_alike(tx, device_id, observed, recorded),
    ]
    for one, other, unique in dict.fromkeys(pairs[:MOST_PAIRS]):
        _settle(tx, one, other, unique, observed, now)


def _named_by_key(
    tx: Connection, device_id: DeviceId, observed: ObservedDevice, own: frozenset[DeviceKey], recorded: RecordedChannels
) -> list[tuple[CameraId, CameraId, bool]]:
    """Channels whose name or record holds the key of exactly one other device, which is one camera."""
    names = {channel.token: channel.name for channel in observed.channels}
    hints: dict[CameraId, frozenset[DeviceKey]] = {}
    for camera in recorded.cameras:
        found = keys_in_record(camera.declared)
        if len(observed.channels) > 1:
            found |= keys_in_name(names.get(camera.channel, camera.observed_name))
        if found := found - own:
            hints[camera.camera_id] = found
    if not hints:
        return []
    holders = devices.holders(tx, frozenset().union(*hints.values()))
    single = {key: ids[0] for key, ids in holders.items() if len(ids) == 1 and ids[0] != device_id}
    if not single:
        return []
    of_device: dict[DeviceId, list[CameraId]] = {}
    for other in sorted(set(single.values())):
        of_device[other] = cameras.ids_of_devices(tx, [other])
    return [
        (camera_id, of_device[single[key]][0], True)
        for camera_id, found in hints.items()
        for key in sorted(found)
        if key in single and len(of_device[single[key]]) == 1
    ]


def _named_alike(
    tx: Connection, device_id: DeviceId, observed: ObservedDevice, recorded: RecordedChannels
) -> list[tuple[CameraId, CameraId, bool]]:
    """Channels that are new or renamed, and a camera of another device of the same name that says something."""
    names = {
        channel.token: channel.name
        for channel in observed.channels
        if channel.token in recorded.fresh and specific_name(channel.name, observed.model)
    }
    if not names:
        return []
    by_name: dict[str, list[tuple[CameraId, DeviceId]]] = {}
    for camera_id, of_device, name in cameras.named(tx, names.values()):
        by_name.setdefault(name, []).append((camera_id, of_device))
    found = []
    for camera in recorded.cameras:
        alike = by_name.get(names.get(camera.channel, ""), [])
        others = [camera_id for camera_id, of_device in alike if of_device != device_id]
        if len(others) == 1 and len(alike) == 2:
            found.append((camera.camera_id, others[0], True))
    return found


def _settle(
    tx: Connection, one_id: CameraId, other_id: CameraId, unique: bool, observed: ObservedDevice, now: datetime
) -> None:
    pair = cameras.by_ids(tx, [one_id, other_id])
    if len(pair) != 2 or any(camera.device_id is None for camera in pair):
        return
    one, other = pair
    judged = _judge(tx, one, other, unique)
    if judged.likeness is Likeness.NO:
        return
    keep, join = survivor(tx, *sorted(pair, key=lambda camera: camera.camera_id))
    by_itself = judged.likeness is Likeness.PROVEN and _may_join(tx, keep, join)
    evidence = judged.evidence
    if judged.likeness is Likeness.PROVEN and not by_itself and not is_bare(join):
        evidence = (*evidence, because(ReasonCode.BOTH_HAVE_RECORDS))
    first, second = sorted((one_id, other_id))
    question = NewConflict(
        kind=ConflictKind.SAME_CAMERA,
        subject=f"same_camera:{first}:{second}",
        address=observed.address,
        port=observed.port,
        device_id=one.device_id,
        device_ids=tuple(camera.device_id for camera in pair if camera.device_id is not None),
        camera_ids=(keep.camera_id, join.camera_id),
        evidence=evidence,
    )
    if not by_itself:
        tell_conflict(tx, question, now)
        return
    conflict_id = conflicts.record(tx, question, now)
    if conflict_id is None:
        return
    author = Author(who=DISCOVERY, why="; ".join(reason.sentence for reason in evidence))
    action = join_cameras(tx, keep.camera_id, join.camera_id, author, now, evidence=evidence)
    conflicts.resolve(tx, conflict_id, Decision.SAME_CAMERA, author.why, DISCOVERY, now)
    identity_actions.answers(tx, action.action_id, conflict_id)


def _judge(tx: Connection, one: Camera, other: Camera, unique: bool) -> Judgement:
    ids = [camera.device_id for camera in (one, other) if camera.device_id is not None]
    told = {device.device_id: device for device in devices.by_ids(tx, ids)}
    counts = camera_paths.channel_counts(tx, ids)
    candidates: Sequence[Candidate] = [
        Candidate(
            camera=camera,
            keys=devices.keys_of(tx, device_id),
            channels=counts.get(device_id, 0),
            model=told[device_id].observed.model,
        )
        for camera, device_id in zip((one, other), ids, strict=True)
    ]
    return judge_same_camera(candidates[0], candidates[1], name_is_unique=unique)


def _may_join(tx: Connection, keep: Camera, join: Camera) -> bool:
    """Without a person: only where nobody entered the record that goes, and both are protected alike."""
    if not is_bare(join) or keep.declared.tier is not join.declared.tier:
        return False
    try:
        refuse_unless_joinable(tx, keep, join)
    except Conflict:
        return False
    return True
