"""Another device answers where one was heard: was it replaced? Cameras that have another way are reached on that."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import DeviceId
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.channel_evidence import known_channel
from vms.inventory.identity.conflict_kind import ConflictKind, Decision
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.reason import ReasonCode, because
from vms.inventory.identity.replacement import Replaced, judge_replacement
from vms.services.identity.join_cameras import settle_paths
from vms.services.identity.replace_device import replace_device
from vms.services.identity.tell_conflict import tell_conflict
from vms.store import camera_paths, cameras, conflicts, events, identity_actions
from vms.store.camera_changes import Author
from vms.store.camera_paths import CameraPath
from vms.store.conflicts import NewConflict

DISCOVERY = "discovery"


def settle_replacement(
    tx: Connection, device_id: DeviceId, observed: ObservedDevice, displaced: Sequence[KnownDevice], now: datetime
) -> None:
    """The new device has no cameras yet. Where it is proven the points go on with it; else a person is asked."""
    for old in displaced:
        own = tuple(cameras.of_device(tx, old.device_id))
        if not own or not observed.channels:
            continue
        was = Replaced(device_id=old.device_id, last_seen_at=old.last_seen_at, cameras=own)
        judged = judge_replacement(observed, was, now)
        question = NewConflict(
            kind=ConflictKind.REPLACEMENT,
            subject=f"replacement:{old.device_id}:{device_id}",
            address=observed.address,
            port=observed.port,
            device_id=device_id,
            device_ids=(old.device_id, device_id),
            camera_ids=tuple(camera.camera_id for camera in own),
            evidence=judged.evidence,
            observed=observed,
        )
        if not judged.proven:
            tell_conflict(tx, question, now)
            continue
        conflict_id = conflicts.record(tx, question, now)
        if conflict_id is None:
            continue
        author = Author(who=DISCOVERY, why="; ".join(reason.sentence for reason in judged.evidence))
        action = replace_device(tx, judged.pairs, device_id, author, now)
        conflicts.resolve(tx, conflict_id, Decision.REPLACED, author.why, DISCOVERY, now)
        identity_actions.answers(tx, action.action_id, conflict_id)


def heard_again(tx: Connection, device: KnownDevice, observed: ObservedDevice, now: datetime) -> None:
    """A device whose address another one had taken: it was not replaced, or its replacement is to be looked at."""
    where = f"heard again at {observed.address}:{observed.port}"
    for conflict_id in conflicts.open_of_subject(tx, f"replacement:{device.device_id}:"):
        conflicts.resolve(tx, conflict_id, Decision.WITHDRAWN, f"device {device.device_id} was {where}", DISCOVERY, now)
        content = {"conflict": conflict_id, "by": DISCOVERY}
        events.append(tx, "device.conflict_resolved", device.device_id, content, now)
    if device.replaced_by is not None:
        reason = because(ReasonCode.REPLACED_HEARD_AGAIN, device=device.device_id, by=device.replaced_by)
        question = NewConflict(
            kind=ConflictKind.REPLACED_AGAIN,
            subject=f"replaced_again:{device.device_id}:{device.replaced_by}",
            address=observed.address,
            port=observed.port,
            device_id=device.device_id,
            device_ids=(device.device_id, device.replaced_by),
            evidence=(reason,),
            observed=observed,
        )
        tell_conflict(tx, question, now)
    switch_ways(tx, [path.camera_id for path in camera_paths.of_device(tx, device.device_id)], now)


def leave_displaced(tx: Connection, displaced: Sequence[KnownDevice], now: datetime) -> None:
    """Cameras of these devices that have another way use it."""
    ids = [camera_id for device in displaced for camera_id in cameras.ids_of_devices(tx, [device.device_id])]
    switch_ways(tx, ids, now)


def switch_ways(tx: Connection, camera_ids: Sequence[int], now: datetime) -> None:
    """Where another way to a camera is better now, it is used. What its device says comes with its next answer."""
    for start in range(0, len(camera_ids), 500):
        batch = camera_ids[start : start + 500]
        others: dict[int, list[CameraPath]] = {}
        for path in camera_paths.of_cameras(tx, batch):
            others.setdefault(path.camera_id, []).append(path)
        for camera in cameras.by_ids(tx, others):
            paths = others[camera.camera_id]
            for path in paths:
                camera_paths.remove(tx, path)
            if camera.device_id is not None:
                told = known_channel(camera)
                in_use = CameraPath(
                    camera_id=camera.camera_id,
                    device_id=camera.device_id,
                    channel=camera.channel,
                    found_at=now,
                    observed_name=told.name,
                    uri=told.uri,
                    width=told.width,
                )
                paths = [in_use, *paths]
            author = Author(who=DISCOVERY, why="another way to the camera is better now")
            settle_paths(tx, camera, paths, (), author, now)
