"""What the store knows that helps in asking a device: its habits, the logins to try there, which of them it refused.

Looked up device by device as they are heard, so that a sweep of a large network needs no more memory than a small one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from vms.devices.budget import Login
from vms.devices.discovery.request import Heard
from vms.inventory.device import DevicePolicy, ObservedDevice, Problem, Quirks
from vms.inventory.identity.keys import DeviceKey, KeyKind, usable_reference
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.networks import NetworkPlan
from vms.services.login_journal import LoginJournal
from vms.store import credentials, devices, login_attempts, owners
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.login_attempts import Attempt
from vms.store.secret_box import SecretBox

UNSETTLED = Problem(
    code="login_unsettled",
    message="the program ended while it signed in here, so nobody knows what the device said; no login is shown to it "
    "before one changes, or a person resets what is known of the device",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """The credential sets as they are now."""

    by_name: Mapping[str, StoredLogin]
    names: Mapping[int, str]
    of_owner: Mapping[str, tuple[str, ...]]
    """By the owner's name: the sets that belong to him."""
    extra: tuple[StoredLogin, ...] = ()
    """Tried everywhere, before all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Of somebody who was heard."""

    here: KnownDevice | None
    own_credentials: tuple[int, ...]
    refused: frozenset[str]
    attempts: tuple[Attempt, ...]


def device_key(address: str, port: int) -> str:
    return f"{address}:{port}"


def version_of(login: StoredLogin) -> str:
    return f"{login.credential_id}:{login.version}"


def read_logins(database: Database, box: SecretBox, extra: Sequence[StoredLogin] = ()) -> Logins:
    of_owner: dict[str, tuple[str, ...]] = {}
    with database.reading() as tx:
        stored = credentials.every(tx)
        owner_names = owners.names(tx, [item.owner_id for item in stored if item.owner_id is not None])
        for item in stored:
            if item.owner_id is not None and (owner := owner_names.get(item.owner_id)):
                of_owner[owner] = (*of_owner.get(owner, ()), item.name)
        opened = {item.name: credentials.login_of(tx, box, item.credential_id) for item in stored}
    return Logins(
        by_name={name: login for name, login in opened.items() if login is not None},
        names={item.credential_id: item.name for item in stored},
        of_owner=of_owner,
        extra=tuple(extra),
    )


class DeviceMemory:
    """`prepare` somebody, ask him with what is known, take him in, `forget`."""

    def __init__(self, database: Database, networks: NetworkPlan, logins: Logins, journal: LoginJournal) -> None:
        self.networks = networks
        self.journal = journal
        self._database = database
        self._logins = logins
        self._known: dict[tuple[str, int], _Known] = {}
        self._unsettled: set[str] = set()

    async def prepare(self, heard: Heard) -> None:
        key = device_key(heard.address, heard.port)
        known = await asyncio.to_thread(self._look_up, heard)
        self._known[heard.address, heard.port] = known
        self.journal.remember(key, known.refused)
        if self.journal.recall(key, known.attempts):
            # What it answered is lost; it may have been that few attempts are left.
            self._unsettled.add(key)
            self.journal.remember(key, map(version_of, self.stored_logins(heard.address, heard.port)))

    def logins_for(self, address: str, port: int) -> Sequence[Login]:
        return [
            Login(username=login.username, password=login.password, version=version_of(login))
            for login in self.stored_logins(address, port)
        ]

    def stored_logins(self, address: str, port: int) -> tuple[StoredLogin, ...]:
        """The set that worked last comes first, then the network's in their order, then its owner's."""
        known, network, logins = self._known.get((address, port)), self.networks.of(address), self._logins
        own = [logins.names[one] for one in (known.own_credentials if known else ()) if one in logins.names]
        named = (*network.credentials, *logins.of_owner.get(network.owner, ())) if network else ()
        names = dict.fromkeys((*own, *named))
        return (*logins.extra, *(logins.by_name[name] for name in names if name in logins.by_name))

    def quirks_for(self, address: str, port: int) -> Quirks | None:
        known = self._known.get((address, port))
        return known.here.observed.quirks if known and known.here else None

    def policy_for(self, address: str, port: int) -> DevicePolicy | None:
        known = self._known.get((address, port))
        return known.here.policy if known and known.here else None

    def problems_of(self, observed: ObservedDevice) -> tuple[Problem, ...]:
        """What our own memory adds to what the device said."""
        return (UNSETTLED,) if device_key(observed.address, observed.port) in self._unsettled else ()

    def forget(self, address: str, port: int) -> None:
        """It is stored; the next time it is looked up anew."""
        key = device_key(address, port)
        self._known.pop((address, port), None)
        self._unsettled.discard(key)
        self.journal.forget(key)

    def _look_up(self, heard: Heard) -> _Known:
        with self._database.reading() as tx:
            here = devices.at_address(tx, heard.address, heard.port)
            moved = _elsewhere(tx, heard)
            attempts = login_attempts.of_device(tx, device_key(heard.address, heard.port))
        concerned = {device.device_id: device for device in (*here, *moved)}.values()
        refused = (pair for device in concerned for pair in device.refused_logins.items())
        own = (device.credential_id for device in concerned if device.login_refused_version is None)
        return _Known(
            here=here[-1] if here else None,
            own_credentials=tuple(dict.fromkeys(one for one in own if one is not None)),
            refused=frozenset(f"{credential_id}:{version}" for credential_id, version in refused),
            attempts=tuple(attempts),
        )


def _elsewhere(tx: Connection, heard: Heard) -> list[KnownDevice]:
    """A device that has moved says by its endpoint reference who it is, before anybody signs in."""
    reference = usable_reference(heard.endpoint_reference)
    if not reference:
        return []
    return devices.by_ids(tx, devices.holding(tx, DeviceKey(KeyKind.ENDPOINT_REFERENCE, reference)))
