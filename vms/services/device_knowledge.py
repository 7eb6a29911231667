"""What is known about talking to a device: to be looked at, to be forgotten, and what a person allows beyond it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.access.roles import SEES_PENDING, Person
from vms.core.errors import NotFound
from vms.inventory.device import DevicePolicy
from vms.inventory.identity.keys import DeviceKey
from vms.inventory.identity.known_device import KnownDevice
from vms.store import credentials, device_list, devices, events, login_attempts
from vms.store.device_list import DeviceCamera


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLogin:
    """A credential that the device refused; it is not shown to it again before its version changes."""

    name: str
    version: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKnowledge:
    device: KnownDevice
    keys: tuple[DeviceKey, ...]
    credential_set: str
    """Its name; empty: none."""
    refused: tuple[RefusedLogin, ...]
    cameras: tuple[DeviceCamera, ...]


def device_knowledge(tx: Connection, device_id: int, person: Person) -> DeviceKnowledge:
    """Raises NotFound, also for a device none of whose cameras this person may know of."""
    device = devices.get(tx, device_id)
    sees_all = person.role in SEES_PENDING
    cameras = device_list.cameras_of(tx, device_id, in_service_only=not sees_all)
    if not cameras and not sees_all:
        raise NotFound(f"there is no device {device_id}")
    known = {one.credential_id: one for one in credentials.every(tx)} if _has_credentials(device) else {}
    own = known.get(device.credential_id) if device.credential_id is not None else None
    refused = [
        RefusedLogin(name=one.name, version=version, is_current=one.version == version)
        for credential_id, version in sorted(device.refused_logins.items())
        for one in known.values()
        if one.credential_id == credential_id
    ]
    return DeviceKnowledge(
        device=device,
        keys=tuple(sorted(devices.keys_of(tx, device_id))),
        credential_set=own.name if own is not None else "",
        refused=tuple(refused),
        cameras=tuple(cameras),
    )


def forget_learnt(
    tx: Connection, device_id: int, person: Person, why: str, now: datetime, *, refusals: bool = False
) -> None:
    """The poller learns it anew, by open questions. With `refusals` the logins that it refused may be tried again:
    somebody has put the account right on the device itself. Raises NotFound."""
    device = devices.get(tx, device_id)
    before = device.observed.quirks
    devices.set_quirks(tx, {device_id: before.forget()})
    if refusals:
        devices.set_login(tx, device_id, device.credential_id, {})
        place = f"{device.observed.address}:{device.observed.port}"
        login_attempts.forget(tx, [place, login_attempts.of_device_key(device_id)])
    news = {"by": person.name, "why": why, "before": asdict(before), "refusals": refusals}
    events.append(tx, "device.learnt_forgotten", device_id, news, now)


def allow(tx: Connection, device_id: int, policy: DevicePolicy, person: Person, why: str, now: datetime) -> None:
    """Sets what a person allows for the device. Raises NotFound."""
    before = devices.get(tx, device_id).policy
    if before == policy:
        return
    devices.set_policy(tx, device_id, policy)
    news = {"by": person.name, "why": why, "before": asdict(before), "after": asdict(policy)}
    events.append(tx, "device.policy_changed", device_id, news, now)


def _has_credentials(device: KnownDevice) -> bool:
    return device.credential_id is not None or bool(device.refused_logins)
