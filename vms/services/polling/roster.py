"""Who is polled: the inventory as the poller holds it, and what changed in it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vms.core.errors import PersonMustAct
from vms.core.ids import CameraId, CredentialId, DeviceId
from vms.devices.poll import ProbeTarget, probe_target
from vms.health.fault import Fault
from vms.inventory.device import Quirks
from vms.media.tls import TlsTrust
from vms.services.polling.settings import LoginOf
from vms.services.trust_for import trust_of
from vms.store import events, poll_targets
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.faults import standing_faults
from vms.store.poll_targets import PollTarget
from vms.store.stills import private_cameras

log = logging.getLogger(__name__)

_OWN_NEWS = ("camera.flip", "camera.still")
_INVENTORY = ("camera.", "device.", "credential.", "registration.", "identity.", "consent.")
_AT_A_TIME = 1000


@dataclass(slots=True)
class PolledDevice:
    """A device and the poller's memory of it."""

    target: PollTarget
    probe: ProbeTarget
    login: StoredLogin | None
    is_busy: bool = False
    look_again_turn: int = 0
    clock_turn: int | None = None
    """The turn in which it was asked for its clock last."""

    @property
    def refuses_login(self) -> bool:
        """This very credential was refused: nobody signs in until it changes."""
        return self.login is not None and self.target.login_refused_version == self.login.version

    @property
    def trust(self) -> TlsTrust:
        return trust_of(self.target.quirks, self.target.policy)

    def learn(self, quirks: Quirks) -> None:
        """How to talk to it is known anew."""
        target = self.target = replace(self.target, quirks=quirks)
        self.probe = probe_target(target.address, target.port, quirks, target.policy)

    def refused(self) -> None:
        if self.login is not None:
            self.target = replace(self.target, login_refused_version=self.login.version)

    def take_over(self, newer: "PolledDevice") -> None:
        self.target, self.probe, self.login = newer.target, newer.probe, newer.login


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    devices: tuple[PolledDevice, ...]
    standing: Mapping[CameraId, tuple[Fault, ...]]
    private: frozenset[CameraId]
    """Cameras of which no still may be taken."""
    event_id: int
    """The news up to here are in it."""


def read_inventory(database: Database, login_of: LoginOf, now: datetime) -> Inventory:
    """Everything to poll. Blocking."""
    with database.reading() as tx:
        event_id = events.latest_id(tx)
        targets = poll_targets.poll_targets(tx)
        standing = standing_faults(tx)
        private = private_cameras(tx, now)
    logins: dict[CredentialId | None, StoredLogin | None] = {None: None}
    for target in targets:
        if target.credential_id is not None and target.credential_id not in logins:
            logins[target.credential_id] = _login(login_of, target.credential_id)
    devices = tuple(
        PolledDevice(
            target=target,
            probe=probe_target(target.address, target.port, target.quirks, target.policy),
            login=logins[target.credential_id],
        )
        for target in targets
    )
    return Inventory(devices=devices, standing=standing, private=private, event_id=event_id)


def news_of_inventory(database: Database, after: int) -> tuple[int, bool]:
    """(latest event, whether any after `after` touches the inventory). Blocking."""
    touched = False
    with database.reading() as tx:
        while found := events.after(tx, after, _AT_A_TIME):
            after = found[-1].event_id
            touched = touched or any(_touches_inventory(event.kind) for event in found)
    return after, touched


def _login(login_of: LoginOf, credential_id: CredentialId) -> StoredLogin | None:
    try:
        return login_of(credential_id)
    except PersonMustAct as problem:
        log.error("credential %d cannot be used: %s", credential_id, problem.message)
        return None


def camera_ids(devices: Sequence[PolledDevice]) -> set[CameraId]:
    return {camera.camera_id for device in devices for camera in device.target.cameras}


def by_id(devices: Sequence[PolledDevice]) -> dict[DeviceId, PolledDevice]:
    return {device.target.device_id: device for device in devices}


def _touches_inventory(kind: str) -> bool:
    return kind.startswith(_INVENTORY) and kind not in _OWN_NEWS
