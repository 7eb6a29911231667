"""Looks for devices on the network and takes what it finds into the inventory, a batch in a transaction."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vms.core.clock import Clock, system_clock
from vms.core.ids import CredentialId, DeviceId
from vms.devices.budget import Login, LoginGuard, Refusal
from vms.devices.discover import discover
from vms.devices.discovery.find import Progress
from vms.devices.discovery.request import DiscoveryRequest
from vms.inventory.device import AuthScheme, DevicePolicy, ObservedDevice, Quirks
from vms.inventory.networks import NetworkPlan
from vms.services.record_device import Outcome, Recorded, SignedIn, record_device
from vms.store import credential_uses, credentials, devices, owners
from vms.store.credential_uses import NOBODYS_DEVICE, Purpose, Use
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox

BATCH = 50
LONGEST_WAIT_S = 1.0
"""Between the identification of a device and its row, while others keep coming in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    observed: ObservedDevice
    recorded: Recorded | None
    """None: it was to be shown only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverySummary:
    found: tuple[Found, ...]
    elapsed_s: float

    def count(self, outcome: Outcome) -> int:
        return sum(item.recorded is not None and item.recorded.outcome == outcome for item in self.found)

    @property
    def new_cameras(self) -> int:
        return sum(item.recorded.new_cameras for item in self.found if item.recorded)


async def discover_cameras(
    database: Database,
    box: SecretBox,
    request: DiscoveryRequest,
    networks: NetworkPlan,
    *,
    extra_logins: Sequence[StoredLogin] = (),
    store: bool = True,
    clock: Clock = system_clock,
    progress: Progress | None = None,
    on_found: Callable[[Sequence[Found]], None] | None = None,
    width: int = 64,
    timeout_s: float = 30.0,
    request_timeout_s: float = 8.0,
) -> DiscoverySummary:
    """`extra_logins` are tried everywhere, before those of the network. `on_found` is told after the commit.

    A credential that a device refused is not shown to it again before it changes, over restarts too.
    """
    started = time.monotonic()
    memory = await asyncio.to_thread(_remember, database, box, networks, extra_logins)
    guard = LoginGuard(memory.refusals)
    found: list[Found] = []
    waiting: list[ObservedDevice] = []
    flushed = started

    async def flush() -> None:
        nonlocal flushed
        batch = tuple(waiting)
        waiting.clear()
        flushed = time.monotonic()
        if store:
            rows = await asyncio.to_thread(_record, database, batch, networks, memory, guard, clock())
        else:
            rows = [Found(observed=observed, recorded=None) for observed in batch]
        found.extend(rows)
        if on_found is not None and rows:
            on_found(rows)

    async for observed in discover(
        request,
        memory.logins_for,
        known_for=memory.quirks_for,
        policy_for=memory.policy_for,
        guard=guard,
        progress=progress,
        width=width,
        timeout_s=timeout_s,
        request_timeout_s=request_timeout_s,
        clock=clock,
    ):
        waiting.append(observed)
        if len(waiting) >= BATCH or time.monotonic() - flushed > LONGEST_WAIT_S:
            await flush()
    await flush()
    return DiscoverySummary(found=tuple(found), elapsed_s=time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the store knows that helps in asking: logins of networks, who refused what, what was learnt of devices."""

    networks: NetworkPlan
    logins: Mapping[str, StoredLogin]
    extra: tuple[StoredLogin, ...]
    refusals: tuple[Refusal, ...]
    quirks: Mapping[tuple[str, int], Quirks]
    policies: Mapping[tuple[str, int], DevicePolicy]
    own: Mapping[str, tuple[str, ...]]
    """By address: the sets with which its devices were signed in to last, tried before those of the network."""
    of_owner: Mapping[str, tuple[str, ...]]

    def stored_logins(self, address: str) -> tuple[StoredLogin, ...]:
        network = self.networks.of(address)
        named = (*network.credentials, *self.of_owner.get(network.owner, ())) if network else ()
        names = dict.fromkeys((*self.own.get(address, ()), *named))
        return (*self.extra, *(self.logins[name] for name in names if name in self.logins))

    def logins_for(self, address: str) -> Sequence[Login]:
        return [
            Login(username=login.username, password=login.password, version=_version(login))
            for login in self.stored_logins(address)
        ]

    def policy_for(self, address: str, port: int) -> DevicePolicy | None:
        return self.policies.get((address, port))

    def quirks_for(self, address: str, port: int) -> Quirks | None:
        return self.quirks.get((address, port))


def _remember(database: Database, box: SecretBox, networks: NetworkPlan, extra: Sequence[StoredLogin]) -> _Memory:
    refusals: list[Refusal] = []
    quirks: dict[tuple[str, int], Quirks] = {}
    policies: dict[tuple[str, int], DevicePolicy] = {}
    own: dict[str, tuple[str, ...]] = {}
    of_owner: dict[str, tuple[str, ...]] = {}
    with database.reading() as tx:
        stored = credentials.every(tx)
        names = {item.credential_id: item.name for item in stored}
        owner_names = owners.names(tx, [item.owner_id for item in stored if item.owner_id is not None])
        for item in stored:
            if item.owner_id is not None and (owner := owner_names.get(item.owner_id)):
                of_owner[owner] = (*of_owner.get(owner, ()), item.name)
        opened = {item.name: credentials.login_of(tx, box, item.credential_id) for item in stored}
        for device in devices.every(tx):
            if device.displaced_at is not None:
                continue
            at = device.observed
            quirks[at.address, at.port] = at.quirks
            policies[at.address, at.port] = device.policy
            if device.credential_id in names:
                own[at.address] = (*own.get(at.address, ()), names[device.credential_id])
            for credential_id, version in device.refused_logins.items():
                refusals.append(Refusal(f"{at.address}:{at.port}", f"{credential_id}:{version}"))
    logins = {name: login for name, login in opened.items() if login is not None}
    return _Memory(networks, logins, tuple(extra), tuple(refusals), quirks, policies, own, of_owner)


def _record(
    database: Database,
    batch: Sequence[ObservedDevice],
    networks: NetworkPlan,
    memory: _Memory,
    guard: LoginGuard,
    now: datetime,
) -> list[Found]:
    if not batch:
        return []
    refusals = frozenset((refusal.device, refusal.version) for refusal in guard.refusals)
    before = frozenset((refusal.device, refusal.version) for refusal in memory.refusals)
    found: list[Found] = []
    uses: list[Use] = []
    with database.writing() as tx:
        for observed in batch:
            tried = memory.stored_logins(observed.address)
            signed_in = _how_it_went(observed, tried, refusals)
            recorded = record_device(tx, observed, networks=networks, now=now, signed_in=signed_in)
            found.append(Found(observed=observed, recorded=recorded))
            uses += uses_of(observed, recorded.device_id, signed_in, before)
        credential_uses.note(tx, uses, now)
    return found


def uses_of(
    observed: ObservedDevice,
    device_id: DeviceId | None,
    signed_in: SignedIn | None,
    refused_before: frozenset[tuple[str, str]],
) -> list[Use]:
    """The sign-ins of one identification; what the device had refused before was not shown to it again."""
    if signed_in is None:
        return []
    device = f"{observed.address}:{observed.port}"
    now_refused = [
        credential_id
        for credential_id, version in signed_in.refused.items()
        if (device, f"{credential_id}:{version}") not in refused_before
    ]
    worked = signed_in.credential_id if signed_in.credential_id not in signed_in.refused else None
    tried = [(CredentialId(credential_id), 1) for credential_id in now_refused]
    tried += [] if worked is None else [(worked, 0)]
    return [
        Use(
            credential_id=credential_id,
            device_id=device_id or NOBODYS_DEVICE,
            purpose=Purpose.DISCOVERY,
            who="discovery",
            refused=refused,
        )
        for credential_id, refused in tried
    ]


def _how_it_went(
    observed: ObservedDevice, tried: Sequence[StoredLogin], refusals: frozenset[tuple[str, str]]
) -> SignedIn | None:
    """None: nothing was learnt. The logins are tried in their order, so the first that was not refused worked."""
    device = f"{observed.address}:{observed.port}"
    kept = [login for login in tried if login.credential_id]
    refused = {int(login.credential_id): login.version for login in kept if (device, _version(login)) in refusals}
    if observed.auth in (AuthScheme.WSSE, AuthScheme.DIGEST):
        worked = next((login for login in tried if (device, _version(login)) not in refusals), None)
        credential_id = worked.credential_id if worked is not None and worked.credential_id else None
        return SignedIn(credential_id=credential_id, refused=refused)
    if refused:
        return SignedIn(credential_id=CredentialId(list(refused)[-1]), refused=refused)
    return None


def _version(login: StoredLogin) -> str:
    return f"{login.credential_id}:{login.version}"
