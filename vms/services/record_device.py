"""A device was seen: who is it, what is new about it? Its rows, its cameras, its news, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from vms.core.ids import CameraId, CredentialId, DeviceId
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.decide import Conflict, KnownIdentity, SameDevice, Unproven, decide
from vms.inventory.identity.keys import usable_keys
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.merge_observed import merge_observed, told_news
from vms.inventory.identity.reason import Reason, sentences
from vms.inventory.networks import NetworkPlan
from vms.services.identity.displaced import heard_again, leave_displaced, settle_replacement
from vms.services.identity.find_same_cameras import find_same_cameras
from vms.services.identity.tell_conflict import tell_conflict
from vms.services.record_channels import record_channels
from vms.store import devices, events
from vms.store.conflicts import NewConflict

_ANSWERED = frozenset(
    {
        "login_needed",
        "login_refused",
        "login_refused_before",
        "account_locked",
        "lock_warning",
        "clock_needs_login",
        "tls_legacy",
        "tls_certificate_changed",
    }
)
"""Problems that only a device can have: somebody was there."""


class Outcome(StrEnum):
    NEW = "new"
    SAME = "same"
    CONFLICT = "conflict"
    """Stored apart from the devices that its keys point at, for a person to look at."""
    UNPROVEN = "unproven"
    """Something answers at a known address and does not say who it is; the known device is left as it was."""
    NOBODY = "nobody"
    """No device answered; nothing is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """How signing in went."""

    credential_id: CredentialId | None = None
    """The one that worked, else the one tried last."""
    refused: dict[int, int] = field(default_factory=dict)
    """Ids of credentials that were refused now, with the version that was."""
    versions: dict[int, int] = field(default_factory=dict)
    """Of the credentials for this place, as they are now."""

    def with_earlier(self, earlier: Mapping[int, int]) -> dict[int, int]:
        """Refused now, or earlier by the same device, unless the credential has changed since or has worked now."""
        kept = {one: version for one, version in earlier.items() if self.versions.get(one, version) == version}
        if self.credential_id is not None:
            kept.pop(self.credential_id, None)
        return kept | self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    outcome: Outcome
    device_id: DeviceId | None = None
    camera_ids: tuple[CameraId, ...] = ()
    new_cameras: int = 0
    evidence: tuple[Reason, ...] = ()
    told: tuple[str, ...] = ()
    """Why nothing was stored, of NOBODY."""

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.told or sentences(self.evidence)


def record_device(
    tx: Connection,
    observed: ObservedDevice,
    *,
    networks: NetworkPlan,
    now: datetime,
    signed_in: SignedIn | None = None,
) -> Recorded:
    """Idempotent. A device that moved keeps its id; what was declared of its cameras is not touched."""
    keys = usable_keys(observed)
    known = devices.identities(tx, observed, keys)
    identity = decide(observed, known, now)
    if isinstance(identity, Unproven):
        if is_a_device(observed):
            devices.touch(tx, identity.device_id, now)
        return Recorded(outcome=Outcome.UNPROVEN, device_id=identity.device_id, evidence=identity.evidence)
    before: KnownDevice | None = None
    if isinstance(identity, SameDevice):
        device_id, outcome = identity.device_id, Outcome.SAME
        before = devices.get(tx, device_id)
        observed = _update(tx, before, observed, now)
        if not set(keys) <= next(one.keys for one in known if one.device_id == device_id):
            devices.add_keys(tx, device_id, keys)
    elif is_a_device(observed):
        device_id = devices.insert_observed(tx, observed, keys, now)
        outcome = Outcome.CONFLICT if isinstance(identity, Conflict) else Outcome.NEW
        news = {"address": observed.address, "port": observed.port, "reasons": list(identity.reasons)}
        events.append(tx, "device.added", device_id, news, now)
    else:
        return Recorded(outcome=Outcome.NOBODY, told=tuple(problem.message for problem in observed.problems))
    if isinstance(identity, Conflict):
        _tell_conflict(tx, device_id, identity, observed, now)
    if signed_in is not None:
        earlier = {} if before is None else before.refused_logins
        devices.set_login(tx, device_id, signed_in.credential_id, signed_in.with_earlier(earlier))
    displaced = _displace_others(tx, device_id, known, observed, now)
    if displaced and outcome is Outcome.NEW:
        settle_replacement(tx, device_id, observed, displaced, now)
    if before is not None and before.displaced_at is not None:
        heard_again(tx, before, observed, now)
    network = networks.of(observed.address)
    found = record_channels(tx, device_id, observed, network, now, doubtful=outcome is Outcome.CONFLICT)
    find_same_cameras(tx, device_id, observed, keys, found, now)
    return Recorded(
        outcome=outcome,
        device_id=device_id,
        camera_ids=found.camera_ids,
        new_cameras=found.new,
        evidence=identity.evidence,
    )


def is_a_device(observed: ObservedDevice) -> bool:
    """Did anybody answer there as an ONVIF device does?"""
    told = (observed.endpoint_reference, observed.manufacturer, observed.serial_no, observed.macs, observed.channels)
    answered = any(problem.code in _ANSWERED for problem in observed.problems)
    return any(told) or answered or observed.clock_offset_s is not None or observed.login_refused


def _update(tx: Connection, device: KnownDevice, observed: ObservedDevice, now: datetime) -> ObservedDevice:
    before = device.observed
    merged = merge_observed(before, observed)
    devices.update_observed(tx, device.device_id, merged, now)
    if changed := told_news(before, merged):
        news: dict[str, object] = {"fields": list(changed)}
        if "address" in changed or "port" in changed:
            news |= {"from": f"{before.address}:{before.port}", "to": f"{merged.address}:{merged.port}"}
        events.append(tx, "device.changed", device.device_id, news, now)
    return merged


def _tell_conflict(
    tx: Connection, device_id: DeviceId, conflict: Conflict, observed: ObservedDevice, now: datetime
) -> None:
    question = NewConflict(
        subject=f"identity:{device_id}",
        address=observed.address,
        port=observed.port,
        device_id=device_id,
        device_ids=(*conflict.device_ids, device_id),
        evidence=conflict.evidence,
        observed=observed,
    )
    tell_conflict(tx, question, now)


def _displace_others(
    tx: Connection, device_id: DeviceId, known: Sequence[KnownIdentity], observed: ObservedDevice, now: datetime
) -> list[KnownDevice]:
    """Who was heard there before is somewhere else now; asking at this address would ask the wrong one."""
    here = (observed.address, observed.port)
    if not any((one.address, one.port) == here and one.device_id != device_id for one in known):
        return []
    others = [device for device in devices.at_address(tx, *here) if device.device_id != device_id]
    devices.displace(tx, [other.device_id for other in others], now)
    for other in others:
        events.append(tx, "device.displaced", other.device_id, {"by": device_id, "address": observed.address}, now)
    leave_displaced(tx, others, now)
    return others
