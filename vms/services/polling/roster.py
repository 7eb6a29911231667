"""Who is polled: the inventory as the poller holds it, and what changed in it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sys import intern

from sqlalchemy import Connection

from vms.core.errors import PersonMustAct
from vms.core.ids import CameraId, CredentialId
from vms.devices.ground import Grounds
from vms.devices.poll import ProbeTarget, probe_target
from vms.health.fault import Fault, FaultKind
from vms.health.picture.finding import Judgement
from vms.inventory.device import Quirks
from vms.media.tls import TlsTrust
from vms.services.credentials.first_showing import login_key
from vms.services.polling.settings import LoginOf
from vms.services.trust_for import trust_of
from vms.store import events, login_attempts, poll_targets
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.events import Event
from vms.store.faults import standing_faults
from vms.store.login_attempts import AttemptState
from vms.store.poll_targets import PollTarget
from vms.store.stills import private_cameras

log = logging.getLogger(__name__)

JUDGED = "fault.judged"
_KINDS, _JUDGEMENTS = frozenset(FaultKind), frozenset(Judgement)
_OWN_NEWS = ("camera.flip", "camera.still", "camera.turned", "device.another_answers", "device.session_limit")
_INVENTORY = ("camera.", "device.", "credential.", "registration.", "identity.", "consent.")
_OF_ONE_DEVICE = frozenset(
    {
        "device.added",
        "device.changed",
        "device.displaced",
        "device.learnt_forgotten",
        "device.login_changed",
        "device.login_refused",
        "device.policy_changed",
        "device.session_limit",
    }
)
"""Others touch two devices or their cameras."""
_AT_A_TIME = 1000
MOST_SINGLE = 2000
"""Changed devices; when there are more, all are read."""


@dataclass(slots=True)
class PolledDevice:
    """A device and the poller's memory of it; there may be 100,000."""

    target: PollTarget
    login: StoredLogin | None
    ground: str = ""
    """What lies between us and it."""
    is_busy: bool = False
    look_again_turn: int = 0
    clock_turn: int | None = None
    """The turn in which it was asked for its clock last."""
    was_heard: bool | None = None
    """At the last look that could tell; None: nobody looked yet."""
    silent_looks: int = 0
    """In a row, up to now."""
    refused_s: float = float("-inf")
    """When this poller saw it refuse a login, by the loop's clock."""
    refused_in_visit: bool = False
    """By the visit that lasts."""
    login_worked: bool = False
    """This very login has let us in, and that is written down."""
    login_in_doubt: bool = False
    """It was shown to the device by somebody else, and is not known how it went: it is not shown now."""
    shown: StoredLogin | None = None
    """What this poller is just showing it for the first time."""

    @property
    def probe(self) -> ProbeTarget:
        target = self.target
        return probe_target(target.address, target.port, target.quirks, target.policy)

    @property
    def channels(self) -> int:
        return len(self.target.cameras)

    @property
    def refuses_login(self) -> bool:
        """This very credential was refused: nobody signs in until it changes."""
        return self.login is not None and self.target.login_refused_version == self.login.version

    @property
    def may_sign_in(self) -> bool:
        return not (self.refuses_login or self.login_in_doubt)

    @property
    def refused_login(self) -> StoredLogin | None:
        return self.login if self.refuses_login else None

    @property
    def trust(self) -> TlsTrust:
        return trust_of(self.target.quirks, self.target.policy)

    def learn(self, quirks: Quirks) -> None:
        """How to talk to it is known anew."""
        self.target = replace(self.target, quirks=quirks)

    def refused(self, login: StoredLogin | None) -> None:
        """Says nothing about a credential that has changed since it was shown."""
        if login is not None and login == self.login:
            self.target = replace(self.target, login_refused_version=login.version)

    def take_over(self, newer: "PolledDevice", *, keep_refusal: bool) -> None:
        """`keep_refusal`: what is newer may have been read before the refusal was written down."""
        refused = keep_refusal and self.refuses_login and newer.login == self.login
        same = newer.login == self.login
        self.login_worked = newer.login_worked or (same and self.login_worked)
        self.login_in_doubt = newer.login_in_doubt and not self.login_worked and newer.login != self.shown
        self.target, self.login, self.ground = newer.target, newer.login, newer.ground
        if refused:
            self.refused(self.login)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    devices: tuple[PolledDevice, ...]
    standing: Mapping[CameraId, tuple[Fault, ...]]
    private: frozenset[CameraId]
    """Cameras of which no still may be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of the devices, in the order of their ids."""

    devices: tuple[PolledDevice, ...]
    standing: Mapping[CameraId, tuple[Fault, ...]]
    until: int | None
    """The last id that was looked at; None: there are no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What staff said of a fault."""

    camera_id: CameraId
    kind: FaultKind
    judgement: Judgement
    has_closed: bool
    """The fault was open and is not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryNews:
    event_id: int
    """The latest event."""
    everything: bool = False
    """It may touch any device."""
    camera_ids: frozenset[int] = frozenset()
    device_ids: frozenset[int] = frozenset()
    words: tuple[Word, ...] = ()


def read_inventory(database: Database, login_of: LoginOf, now: datetime) -> Inventory:
    """Everything to poll at once, for a single poll. Blocking."""
    with database.reading() as tx:
        targets = poll_targets.poll_targets(tx)
        standing = standing_faults(tx, polled_only=True)
        private = private_cameras(tx, now)
        attempts = login_attempts.of_devices(tx, [target.device_id for target in targets])
    return Inventory(devices=_polled(targets, login_of, None, attempts), standing=standing, private=private)


def read_part(database: Database, login_of: LoginOf, grounds: Grounds, after: int, limit: int) -> Part:
    """The next devices after an id. Blocking, but not for long."""
    with database.reading() as tx:
        targets, until = poll_targets.poll_targets_after(tx, after, limit)
        standing = _standing(tx, targets)
        attempts = login_attempts.of_devices(tx, [target.device_id for target in targets])
    return Part(devices=_polled(targets, login_of, grounds, attempts), standing=standing, until=until)


def read_some(database: Database, login_of: LoginOf, grounds: Grounds, news: InventoryNews) -> tuple[Part, set[int]]:
    """The devices that news speaks of, and all ids that were looked for: who is missing is not polled. Blocking."""
    with database.reading() as tx:
        wanted = news.device_ids | poll_targets.devices_of_cameras(tx, news.camera_ids)
        targets = poll_targets.poll_targets_of(tx, wanted)
        standing = _standing(tx, targets)
        attempts = login_attempts.of_devices(tx, [target.device_id for target in targets])
    return Part(devices=_polled(targets, login_of, grounds, attempts), standing=standing, until=None), set(wanted)


def read_private(database: Database, now: datetime) -> frozenset[CameraId]:
    """Cameras of which no still may be taken. Blocking."""
    with database.reading() as tx:
        return private_cameras(tx, now)


def _standing(tx: Connection, targets: Sequence[PollTarget]) -> Mapping[CameraId, tuple[Fault, ...]]:
    return standing_faults(tx, [camera.camera_id for target in targets for camera in target.cameras], polled_only=True)


def latest_news(database: Database) -> int:
    """Blocking."""
    with database.reading() as tx:
        return events.latest_id(tx)


def news_of_inventory(database: Database, after: int) -> InventoryNews:
    """Which devices the events after `after` may have changed. Blocking."""
    camera_ids: set[int] = set()
    device_ids: set[int] = set()
    words: list[Word] = []
    everything = False
    with database.reading() as tx:
        while found := events.after(tx, after, _AT_A_TIME):
            after = found[-1].event_id
            for event in found:
                if event.kind == JUDGED:
                    words += _word(event)
                if not _touches_inventory(event.kind):
                    continue
                if event.subject is not None and event.kind.startswith("camera."):
                    camera_ids.add(event.subject)
                elif event.subject is not None and event.kind in _OF_ONE_DEVICE:
                    device_ids.add(event.subject)
                else:
                    everything = True
    everything = everything or len(camera_ids) + len(device_ids) > MOST_SINGLE
    return InventoryNews(
        event_id=after,
        everything=everything,
        camera_ids=frozenset(camera_ids),
        device_ids=frozenset(device_ids),
        words=tuple(words),
    )


def _word(event: Event) -> list[Word]:
    """Empty: an acceptance was withdrawn, which the next still's thresholds say."""
    kind, judgement = event.content.get("kind"), event.content.get("verdict")
    if event.subject is None or kind not in _KINDS or judgement not in _JUDGEMENTS:
        return []
    return [
        Word(
            camera_id=CameraId(event.subject),
            kind=FaultKind(kind),
            judgement=Judgement(judgement),
            has_closed=event.content.get("closed") is True,
        )
    ]


def _polled(
    targets: Sequence[PollTarget],
    login_of: LoginOf,
    grounds: Grounds | None,
    attempts: Mapping[tuple[str, str], tuple[AttemptState, datetime]],
) -> tuple[PolledDevice, ...]:
    logins: dict[CredentialId | None, StoredLogin | None] = {None: None}
    found = []
    for target in targets:
        if target.credential_id is not None and target.credential_id not in logins:
            logins[target.credential_id] = _login(login_of, target.credential_id)
        login, state = logins[target.credential_id], None
        if login is not None:
            state, _ = attempts.get((login_attempts.of_device_key(target.device_id), login_key(login)), (None, None))
        device = PolledDevice(
            target=target,
            login=login,
            ground="" if grounds is None else intern(grounds.of(target.address)),
            login_worked=state is AttemptState.WORKED,
            login_in_doubt=state is AttemptState.SENT,
        )
        found.append(device)
    return tuple(found)


def _login(login_of: LoginOf, credential_id: CredentialId) -> StoredLogin | None:
    try:
        return login_of(credential_id)
    except PersonMustAct as problem:
        log.error("credential %d cannot be used: %s", credential_id, problem.message)
        return None


def camera_ids(devices: Sequence[PolledDevice]) -> set[CameraId]:
    return {camera.camera_id for device in devices for camera in device.target.cameras}


def _touches_inventory(kind: str) -> bool:
    return kind.startswith(_INVENTORY) and kind not in _OWN_NEWS
