"""Looks for devices on the network and takes what it finds into the inventory, a batch in a transaction."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vms.core.clock import Clock, system_clock
from vms.devices.discover import discover
from vms.devices.discovery.find import Progress
from vms.devices.discovery.request import DiscoveryRequest
from vms.inventory.device import ObservedDevice
from vms.inventory.networks import NetworkPlan
from vms.services.device_memory import DeviceMemory, read_logins
from vms.services.login_journal import LoginJournal
from vms.services.record_device import Outcome
from vms.services.take_in_found import Found, take_in
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox

BATCH = 50
LONGEST_WAIT_S = 1.0
"""Between the identification of a device and its row, while others keep coming in."""


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
    journal = LoginJournal(database, clock=clock)
    logins = await asyncio.to_thread(read_logins, database, box, extra_logins)
    memory = DeviceMemory(database, networks, logins, journal)
    found: list[Found] = []
    waiting: list[ObservedDevice] = []
    flushed = started

    def record(batch: Sequence[ObservedDevice]) -> list[Found]:
        with database.writing() as tx:
            return take_in(tx, batch, memory, clock(), who="discovery")

    async def flush() -> None:
        nonlocal flushed
        batch = tuple(waiting)
        waiting.clear()
        flushed = time.monotonic()
        await journal.flush()
        if store and batch:
            rows = await asyncio.to_thread(record, batch)
        else:
            rows = [Found(observed=observed, recorded=None) for observed in batch]
        for observed in batch:
            memory.forget(observed.address, observed.port)
        found.extend(rows)
        if on_found is not None and rows:
            on_found(rows)

    async for observed in discover(
        request,
        memory.logins_for,
        known_for=memory.quirks_for,
        policy_for=memory.policy_for,
        prepare=memory.prepare,
        guard=journal,
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
