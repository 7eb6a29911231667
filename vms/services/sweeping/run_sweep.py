"""Runs a sweep block by block until it is done or somebody stops it; after a crash the next runner goes on there."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock, system_clock
from vms.devices.budget import RequestBudget
from vms.devices.discover import discover
from vms.devices.discovery.blocks import HOSTS_PER_BLOCK, Block
from vms.devices.discovery.multicast import no_such_interface
from vms.devices.discovery.request import DiscoveryRequest, Heard, Limits, Method
from vms.devices.discovery.shared import shared_by
from vms.inventory.device import ObservedDevice
from vms.inventory.networks import NetworkPlan
from vms.inventory.sweep import SECOND_LOOK, SweepState
from vms.inventory.sweep_differences import Sighting
from vms.services.device_memory import DeviceMemory, read_logins
from vms.services.login_journal import LoginJournal
from vms.services.record_device import is_a_device
from vms.services.sweeping.book import LeaseLost, Pages, SweepBook
from vms.services.sweeping.compare_sweeps import compare_sweeps, keep_comparison, missing_now
from vms.services.sweeping.plan import blocks, search_of
from vms.services.sweeping.start_sweep import tell
from vms.store import sweeps
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox
from vms.store.sweeps import StoredSweep

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    lease_s: float = 20.0
    """So long after its last sign of life a runner's sweep may be taken over."""
    renew_s: float = 4.0
    blocks_at_once: int = 32
    devices_at_once: int = 64
    device_timeout_s: float = 30.0
    request_timeout_s: float = 8.0
    batch: int = 25
    longest_wait_s: float = 2.0
    """Between the identification of a device and its row."""
    finish_s: float = 10.0
    """When it is stopped, devices that are being asked have so long to come to an end."""
    limits: Limits = field(default_factory=Limits)


def runner_name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


async def run_sweep(
    database: Database,
    box: SecretBox,
    networks: NetworkPlan,
    sweep: StoredSweep,
    *,
    stop: asyncio.Event,
    extra_logins: Sequence[StoredLogin] = (),
    settings: RunSettings | None = None,
    clock: Clock = system_clock,
    on_progress: Callable[[SweepBook], None] = lambda book: None,
) -> SweepState:
    """`sweep` as `sweeps.take` gave it. How it stands in the end: `running` where `stop` was set and the lease is still
    ours to give back, `done`, or what somebody else made of it."""
    settings = settings or RunSettings()
    logins = await asyncio.to_thread(read_logins, database, box, extra_logins)
    memory = DeviceMemory(database, networks, logins, LoginJournal(database, clock=clock))
    book = SweepBook(database, sweep, sweep.runner, memory, lease_s=settings.lease_s, clock=clock)
    await asyncio.to_thread(book.read)
    await asyncio.to_thread(_note_missing_interfaces, database, sweep)
    run = _Run(database, sweep, book, memory, settings, clock, on_progress)
    heart = asyncio.create_task(run.keep_the_lease())
    halt = asyncio.create_task(run.stop_with(stop))
    work = asyncio.create_task(run.everything())
    try:
        await asyncio.wait((work, halt), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            await asyncio.wait((work,), timeout=settings.finish_s)
            work.cancel()
        await work
    except LeaseLost:
        log.info("sweep %d is no longer ours", sweep.sweep_id)
    except ExceptionGroup as several:
        worse = several.split(LeaseLost)[1]
        if worse is not None:
            raise worse from None
        log.info("sweep %d is no longer ours", sweep.sweep_id)
    except asyncio.CancelledError:
        if not run.stopping.is_set():
            raise
    finally:
        for task in (heart, halt, work):
            task.cancel()
        await asyncio.gather(heart, halt, work, return_exceptions=True)
        await memory.journal.flush()
    return await asyncio.to_thread(_state_of, database, sweep.sweep_id)


async def give_back(database: Database, sweep: StoredSweep, state: SweepState, clock: Clock = system_clock) -> None:
    """A runner that stops leaves its sweep waiting or paused, without anybody having to wait for its lease to end."""

    def change() -> None:
        with database.writing() as tx:
            if sweeps.change_state(tx, sweep.sweep_id, (SweepState.RUNNING,), state, runner=sweep.runner):
                tell(tx, sweep.sweep_id, state, clock())

    await asyncio.to_thread(change)


class _Run:
    def __init__(
        self,
        database: Database,
        sweep: StoredSweep,
        book: SweepBook,
        memory: DeviceMemory,
        settings: RunSettings,
        clock: Clock,
        on_progress: Callable[[SweepBook], None],
    ) -> None:
        self.stopping = asyncio.Event()
        self._database = database
        self._sweep = sweep
        self._book = book
        self._memory = memory
        self._settings = settings
        self._clock = clock
        self._on_progress = on_progress
        self._shared = replace(shared_by(search_of(sweep.request, settings.limits).limits), traffic=book.traffic)
        self._turns = asyncio.Semaphore(settings.devices_at_once)
        self._budget = RequestBudget()
        self._budget.by_place = book.asked
        self._claimed = set(book.places)
        self._addresses = {address for address, _ in book.places}

    async def keep_the_lease(self) -> None:
        """A database that is away for a moment is no reason to stop, as long as nobody else may take the sweep."""
        renewed_s = time.monotonic()
        while not self.stopping.is_set() and time.monotonic() - renewed_s < self._settings.lease_s:
            try:
                if not await asyncio.to_thread(self._book.renew):
                    break
                renewed_s = time.monotonic()
            except SQLAlchemyError as problem:
                log.warning("the lease of a sweep cannot be renewed: %s", problem)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.renew_s):
                    await self.stopping.wait()
        self.stopping.set()

    async def stop_with(self, stop: asyncio.Event) -> None:
        """Returns when the work is to end, for either reason."""
        ours = asyncio.create_task(self.stopping.wait())
        theirs = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((ours, theirs), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ours.cancel()
            theirs.cancel()
        self.stopping.set()

    async def everything(self) -> None:
        left = [
            block for block in blocks(self._sweep.request, self._settings.limits) if block.name not in self._book.done
        ]
        await self._side_by_side([block for block in left if block.first])
        await self._side_by_side([block for block in left if not block.first])
        await self._second_look()
        if not self.stopping.is_set():
            await asyncio.to_thread(self._finish)

    async def _side_by_side(self, some: Iterable[Block]) -> None:
        lanes: defaultdict[str, list[Block]] = defaultdict(list)
        for block in some:
            lanes[block.lane].append(block)
        waiting = iter(lanes.values())

        async def worker() -> None:
            for lane in waiting:
                for block in lane:
                    if self.stopping.is_set():
                        return
                    await self._block(block)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._settings.blocks_at_once):
                group.create_task(worker())

    async def _block(self, block: Block) -> None:
        pages, kept_at_s = Pages(), time.monotonic()
        mine: set[tuple[str, int]] = set()

        def wanted(heard: Heard) -> bool:
            """Not who was asked in this sweep already, by this run or an earlier one."""
            place = (heard.address, heard.port)
            if place in self._claimed:
                return False
            self._claimed.add(place)
            self._addresses.add(heard.address)
            mine.add(place)
            return True

        async with aclosing(self._discover(block.request, wanted)) as found:
            async for observed in found:
                place = (observed.address, observed.port)
                if place in mine or place not in self._claimed:
                    pages.found.append(observed)
                else:
                    pages.heard_again[place] = observed.heard_by
                late = time.monotonic() - kept_at_s > self._settings.longest_wait_s
                if len(pages) >= self._settings.batch or late:
                    full, pages, kept_at_s = pages, Pages(), time.monotonic()
                    await self._keep(full)
        await self._keep(pages, block if not self.stopping.is_set() else None)

    async def _keep(self, pages: Pages, block: Block | None = None) -> None:
        self.count_requests()
        if block is None:
            await self._book.keep(pages)
        else:
            await self._book.keep(pages, block=block.name, addresses=block.addresses)
        self._on_progress(self._book)

    def count_requests(self) -> None:
        self._book.traffic.sent["identify"] = self._budget.taken

    def _discover(
        self, request: DiscoveryRequest, wanted: Callable[[Heard], bool]
    ) -> AsyncGenerator[ObservedDevice, None]:
        memory = self._memory
        return discover(
            request,
            memory.logins_for,
            known_for=memory.quirks_for,
            policy_for=memory.policy_for,
            prepare=memory.prepare,
            wanted=wanted,
            guard=memory.journal,
            budget=self._budget,
            shared=self._shared,
            heard_before=self._addresses.__contains__,
            stopping=self.stopping,
            turns=self._turns,
            timeout_s=self._settings.device_timeout_s,
            request_timeout_s=self._settings.request_timeout_s,
            clock=self._clock,
        )

    async def _second_look(self) -> None:
        """Nobody is gone because of one lost packet."""
        if self.stopping.is_set() or SECOND_LOOK in self._book.done:
            return
        missing = await asyncio.to_thread(missing_now, self._database, self._sweep)
        search = search_of(self._sweep.request, self._settings.limits)
        pages = Pages()
        for start in range(0, len(missing), HOSTS_PER_BLOCK):
            if len(pages):
                await self._keep(pages)
                pages = Pages()
            hosts = tuple(_host(one) for one in missing[start : start + HOSTS_PER_BLOCK])
            request = replace(search, hosts=hosts, cidrs=(), interfaces=(), methods=())
            async with aclosing(self._discover(request, lambda heard: True)) as found:
                async for observed in found:
                    if is_a_device(observed):
                        pages.found.append(replace(observed, heard_by=(SECOND_LOOK,)))
                    else:
                        self._memory.forget(observed.address, observed.port)
        if self.stopping.is_set():
            await self._keep(pages)
        else:
            await self._keep(pages, Block(name=SECOND_LOOK, request=search, addresses=0, lane=SECOND_LOOK))

    def _finish(self) -> None:
        now = self._clock()
        compared = compare_sweeps(self._database, self._sweep)
        with self._database.writing() as tx:
            done = sweeps.change_state(
                tx,
                self._sweep.sweep_id,
                (SweepState.RUNNING,),
                SweepState.DONE,
                runner=self._sweep.runner,
                finished_at=now,
            )
            if not done:
                raise LeaseLost(f"sweep {self._sweep.sweep_id} is no longer ours")
            if compared is not None:
                keep_comparison(tx, self._sweep.sweep_id, compared, now)
            tell(tx, self._sweep.sweep_id, SweepState.DONE, now, findings=self._book.counts.get("findings", 0))


def _note_missing_interfaces(database: Database, sweep: StoredSweep) -> None:
    """It runs all the same, and says so. Interfaces of networks that are gone must not keep the others from a sweep."""
    if Method.MULTICAST not in search_of(sweep.request).methods:
        return
    if because := no_such_interface(sweep.request.interfaces):
        with database.writing() as tx:
            sweeps.set_problem(tx, sweep.sweep_id, sweep.runner, f"{because}: nobody was asked by multicast there")


def _host(sighting: Sighting) -> str:
    address = f"[{sighting.address}]" if ":" in sighting.address else sighting.address
    return f"{address}:{sighting.port}"


def _state_of(database: Database, sweep_id: int) -> SweepState:
    with database.reading() as tx:
        return sweeps.get(tx, sweep_id).state
