"""What the store knows that helps in asking a device: its habits, the logins to try there, which of them it refused.

A refusal belongs to the device that refused. Who answers at its address is taken for it unless what he tells without a
login speaks against that; then he is a stranger: the network's sets are tried in their order.

Looked up device by device as they are heard, so that a sweep of a large network needs no more memory than a small one.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from vms.devices.budget import Login
from vms.devices.discovery.request import Heard
from vms.inventory.device import DevicePolicy, ObservedDevice, Problem, Quirks
from vms.inventory.identity.keys import DeviceKey, KeyKind, usable_fingerprint, usable_reference
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.open_evidence import (
    Answerer,
    OpenEvidence,
    evidence_of,
    open_evidence,
    speaks_against,
    who_answers,
)
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
    stranger: bool
    """What was told speaks against everybody who is known here."""
    own_credentials: tuple[int, ...]
    refused: frozenset[str]
    attempts: tuple[Attempt, ...]
    mark: str


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
        """May be called again, before anybody signs in, when more was told."""
        key = device_key(heard.address, heard.port)
        if not self.journal.tried(key):
            self.forget(heard.address, heard.port)
        known = await asyncio.to_thread(self._look_up, heard)
        self._known[heard.address, heard.port] = known
        self.journal.mark(key, known.mark)
        self.journal.remember(key, known.refused)
        if self.journal.recall(key, known.attempts):
            # What it answered is lost; it may have been that few attempts are left.
            self._unsettled.add(key)
            self.journal.hold_back(key, map(version_of, self.stored_logins(heard.address, heard.port)))

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
        if known is None or known.here is None:
            return None
        quirks = known.here.observed.quirks
        if not known.stranger:
            return quirks
        # The certificate that was shown first stays pinned: only a person says that there may be another one.
        return Quirks(device_path=quirks.device_path, tls=quirks.tls, tls_fingerprint=quirks.tls_fingerprint)

    def policy_for(self, address: str, port: int) -> DevicePolicy | None:
        known = self._known.get((address, port))
        if known is None or known.here is None:
            return None
        return replace(known.here.policy, plain_password=False) if known.stranger else known.here.policy

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
            by_certificate = _by_certificate(tx, here)
        told = open_evidence(heard.endpoint_reference, heard.scopes)
        same, attempts = _told_apart(told, here, attempts, by_certificate)
        concerned = {device.device_id: device for device in (*same, *moved)}.values()
        habits = (*here, *same)
        unsure = any(device.observed.quirks.reference_changes for device in same)
        refused = (pair for device in concerned for pair in device.refused_logins.items())
        own = (device.credential_id for device in concerned if device.login_refused_version is None)
        return _Known(
            here=habits[-1] if habits else None,
            stranger=bool(here) and not same,
            own_credentials=tuple(dict.fromkeys(one for one in own if one is not None)),
            refused=frozenset(f"{credential_id}:{version}" for credential_id, version in refused),
            attempts=tuple(attempts),
            mark="" if unsure else next(iter(told.marks), ""),
        )


def _told_apart(
    told: OpenEvidence, here: Sequence[KnownDevice], attempts: Sequence[Attempt], by_certificate: Collection[int]
) -> tuple[list[KnownDevice], list[Attempt]]:
    """Who of those known here it may be, and which attempts at this address were his.

    Where somebody else than those known here was asked before, under another name, and nobody came to know him, it is
    rather one whose endpoint reference changes than a third: he is not shown everything again.
    """
    ours = {"", *told.marks[:1]}
    sure = [
        device
        for device in here
        if device.device_id in by_certificate or (told.mac and who_answers(told, device.observed) is Answerer.KNOWN)
    ]
    if sure:
        return sure, list(attempts)
    same = [device for device in here if not speaks_against(told, device.observed)]
    of_known = {mark for device in here for mark in evidence_of(device.observed).marks}
    if same:
        if not told.reference or any(device.observed.quirks.reference_changes for device in same):
            return same, list(attempts)
        return same, [one for one in attempts if one.mark in ours | of_known]
    strangers = [one for one in attempts if one.mark in ours or one.mark not in of_known]
    if any(one.mark not in ours for one in strangers):
        return list(here), list(attempts)
    return [], strangers


def _by_certificate(tx: Connection, here: Sequence[KnownDevice]) -> frozenset[int]:
    """Those to whom nobody speaks who does not show their certificate, and who share it with no other device: whoever
    can be asked there is he, whatever his endpoint reference is today."""
    found: set[int] = set()
    for device in here:
        if fingerprint := usable_fingerprint(device.policy.tls_fingerprint or device.observed.quirks.tls_fingerprint):
            holders = devices.holding(tx, DeviceKey(KeyKind.TLS_KEY, fingerprint))
            if set(holders) <= {device.device_id}:
                found.add(device.device_id)
    return frozenset(found)


def _elsewhere(tx: Connection, heard: Heard) -> list[KnownDevice]:
    """A device that has moved says by its endpoint reference who it is, before anybody signs in."""
    reference = usable_reference(heard.endpoint_reference)
    if not reference:
        return []
    return devices.by_ids(tx, devices.holding(tx, DeviceKey(KeyKind.ENDPOINT_REFERENCE, reference)))
