"""A person answers a question about identity, and what was decided is carried out at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput, Conflict
from vms.core.ids import CameraId, DeviceId
from vms.inventory.identity.conflict_kind import ConflictKind, Decision, answers_to
from vms.inventory.identity.replacement import Replaced, judge_replacement
from vms.inventory.networks import NetworkPlan
from vms.services.identity.bind_channels import bind_channels
from vms.services.identity.join_cameras import join_cameras
from vms.services.identity.merge_devices import merge_devices
from vms.services.identity.replace_device import channel_for, replace_device
from vms.services.record_channels import record_channels
from vms.store import cameras, conflicts, devices, events, identity_actions
from vms.store.camera_changes import Author
from vms.store.conflicts import StoredConflict
from vms.store.identity_actions import IdentityAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    decision: Decision
    device_id: DeviceId | None = None
    """Of `same_as`: the device that it really is."""
    camera_id: CameraId | None = None
    """Of `same_camera`: the record that goes on; of `replaced`: the point, where there are several."""
    bindings: tuple[tuple[str, CameraId | None], ...] = ()
    """Of `bind`: channel → camera, or none for one of its own."""


def resolve_conflict(
    tx: Connection, conflict_id: int, answer: Answered, author: Author, now: datetime
) -> tuple[IdentityAction, ...]:
    """What was done, each to be taken back if need be. Raises NotFound, Conflict, BadInput."""
    question = conflicts.get(tx, conflict_id)
    if not question.is_open:
        raise Conflict(f"conflict {conflict_id} was resolved already")
    if answer.decision not in answers_to(question.kind):
        fitting = ", ".join(answers_to(question.kind))
        raise BadInput(f"this is answered by {fitting}", where="kind")
    if answer.decision is Decision.LATER:
        conflicts.put_off(tx, conflict_id, author.why, author.who)
        return ()
    done = tuple(_carry_out(tx, question, answer, author, now))
    for action in done:
        identity_actions.answers(tx, action.action_id, conflict_id)
    conflicts.resolve(tx, conflict_id, answer.decision, author.why, author.who, now)
    content = {"conflict": conflict_id, "decision": answer.decision.value, "by": author.who}
    events.append(tx, "device.conflict_resolved", question.device_id, content, now)
    return done


def _carry_out(
    tx: Connection, question: StoredConflict, answer: Answered, author: Author, now: datetime
) -> Sequence[IdentityAction]:
    match answer.decision:
        case Decision.SAME_AS:
            return [_merge(tx, question, answer, author, now)]
        case Decision.REPLACED:
            return [_replace(tx, question, answer, author, now)]
        case Decision.SAME_CAMERA:
            return [_join(tx, question, answer, author, now)]
        case Decision.BIND:
            return [_bind(tx, question, answer, author, now)]
        case _:
            return []


def _merge(tx: Connection, question: StoredConflict, answer: Answered, author: Author, now: datetime) -> IdentityAction:
    apart = _device_of(question)
    if answer.device_id is None:
        raise BadInput("name the device that it is", where="device")
    if answer.device_id == apart:
        raise BadInput("name the device that it really is, not its own record", where="device")
    return merge_devices(tx, answer.device_id, apart, author, now)


def _join(tx: Connection, question: StoredConflict, answer: Answered, author: Author, now: datetime) -> IdentityAction:
    keep, join = question.camera_ids
    if answer.camera_id is not None and answer.camera_id not in question.camera_ids:
        raise BadInput("one of the two cameras goes on", where="camera")
    if answer.camera_id == join:
        keep, join = join, keep
    return join_cameras(tx, keep, join, author, now, evidence=question.evidence)


def _replace(
    tx: Connection, question: StoredConflict, answer: Answered, author: Author, now: datetime
) -> IdentityAction:
    """All cameras of the old device whose channel can be told; `camera`: this one alone."""
    new = _device_of(question)
    old = next(device_id for device_id in question.device_ids if device_id != new)
    own = [camera for camera in cameras.of_device(tx, old) if answer.camera_id in (None, camera.camera_id)]
    if not own:
        raise Conflict(f"device {old} has no camera any more that could go on with device {new}")
    if len(own) == 1:
        return replace_device(tx, [(channel_for(tx, own[0], new, ""), own[0].camera_id)], new, author, now)
    pairs: tuple[tuple[str, CameraId], ...] = ()
    if question.observed is not None:
        known = devices.get(tx, old)
        was = Replaced(device_id=old, last_seen_at=known.last_seen_at, cameras=tuple(own))
        pairs = judge_replacement(question.observed, was, now).pairs
    if not pairs:
        tokens = {camera.channel for camera in cameras.of_device(tx, new)}
        pairs = tuple((camera.channel, camera.camera_id) for camera in own if camera.channel in tokens)
    if len(pairs) < len(own):
        raise BadInput(
            "nobody can tell which channel is which camera: replace the device of each camera by itself", where="camera"
        )
    return replace_device(tx, pairs, new, author, now)


def _bind(tx: Connection, question: StoredConflict, answer: Answered, author: Author, now: datetime) -> IdentityAction:
    device_id = _device_of(question)
    action = bind_channels(tx, device_id, answer.bindings, author, now)
    if question.observed is not None:
        record_channels(tx, device_id, question.observed, NetworkPlan(()).of(question.address), now, doubtful=True)
    return action


def _device_of(question: StoredConflict) -> DeviceId:
    if question.device_id is None:
        kind = ConflictKind(question.kind)
        raise Conflict(f"this question ({kind}) is of an earlier program and names no device of its own")
    return question.device_id
