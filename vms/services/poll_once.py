"""One full poll of everything, now: for the command line and for who wants to know at once."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from vms.core.clock import Clock, system_clock
from vms.core.ids import DeviceId, SessionId
from vms.health.fault import FaultKind
from vms.health.judge import name_faults
from vms.health.layer import Layer
from vms.health.reading import Reading
from vms.health.status import Status
from vms.services.credentials.attempt_writer import AttemptWriter
from vms.services.credentials.first_showing import login_key
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.door import Door
from vms.services.polling.keeper import Keeper
from vms.services.polling.ledger import Ledger
from vms.services.polling.picture_memory import PictureMemory, knowledge_in
from vms.services.polling.pictures import Pictures
from vms.services.polling.roster import Inventory, PolledDevice, camera_ids, read_inventory
from vms.services.polling.round import Rounds
from vms.services.polling.settings import PollerSettings
from vms.services.polling.showings import Showings
from vms.services.polling.stills import StillTaker
from vms.store import device_costs, login_attempts, never_reached, watching
from vms.store.database import Database
from vms.store.faults import open_by_kind
from vms.store.watch_sessions import latest_session, start_session
from vms.store.watching import UNWATCHED

Progress = Callable[[int, int], None]
"""(devices done, devices in all)"""
ONCE_WIDTH = 64
"""Devices whose streams and stills are looked at together: those cost the machine more than a question does."""
_UNBOUND = "no device is known at the address of these cameras: a sweep over their networks finds and binds them"
_NOT_STORED = "a poller is running, whose word counts; nothing was written but logins that were refused"
MOST_AT_ONCE = 1000
"""Devices that are asked together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerCount:
    looked_at: int
    good: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSummary:
    devices: int
    cameras: int
    unbound: int
    """Of the archive with an address, at which no device is known: nobody can ask them."""
    unbound_because: str
    statuses: dict[Status, int]
    """Per camera by this one look: a good one gives `up`, a bad one only `suspect`."""
    judged: dict[Status, int]
    """Per camera by the poller that runs, which has looked more than once; empty where none runs."""
    layers: dict[Layer, LayerCount]
    faults: dict[str, int]
    """Kinds that this one look named, before any vote. A refused login is not shown again, and what takes several
    looks to see (a frozen picture) is not named: see `open_faults`."""
    open_faults: dict[FaultKind, int]
    """Kinds that stand open in the store afterwards."""
    requests: int
    seconds: float
    cpu_seconds: float
    stored: bool
    not_stored_because: str
    """Empty where it was stored."""


async def poll_once(
    database: Database,
    settings: PollerSettings,
    progress: Progress | None = None,
    *,
    clock: Clock = system_clock,
) -> PollSummary:
    """Looks at every layer of every approved camera. Statuses stand for three intervals or till a poller starts."""
    began_s, cpu_began_s = time.monotonic(), time.process_time()
    inventory = await asyncio.to_thread(read_inventory, database, settings.login_of, clock())
    session_id = await asyncio.to_thread(_start, database, settings, clock)
    book = WatchBook(session_id or SessionId(0), settings.policy)
    book.follow(camera_ids(inventory.devices), inventory.standing, clock())
    uses = UseBook("vms poll")
    ledger = Ledger(settings.day_budget)
    ledger.open_day(clock(), await asyncio.to_thread(_spent, database, clock()))
    memory = PictureMemory(knowledge_in(database))
    keeper = Keeper(database, book, session_id, clock, uses, ledger, memory) if session_id is not None else None
    stills = StillTaker(settings.stills_folder, memory)
    stills.private = inventory.private
    attempts = AttemptWriter(database, clock)
    rounds = Rounds(
        settings=settings,
        book=book,
        pictures=Pictures(settings=settings, stills=stills, clock=clock, pause=settings.wire.pause),
        clock=clock,
        uses=uses,
        ledger=ledger,
        all_layers=True,
        wire=settings.wire,
        showings=Showings(attempts),
        door=Door(database, clock=clock, timeout_s=settings.timeout_s, writes=keeper is not None),
    )

    async def refused(device: PolledDevice) -> None:
        if keeper is not None:
            keeper.keep_refusal(device)
        else:  # the poller that runs hears of it
            await asyncio.to_thread(_keep_refusal, database, device, clock())

    readings, requests = await _look_at_all(inventory, settings, rounds, keeper, refused, progress)
    await attempts.flush()
    if keeper is not None:
        await keeper.end()
    known = await asyncio.to_thread(_known, database, book, clock(), beside=keeper is None)
    return PollSummary(
        devices=len(inventory.devices),
        cameras=len(book),
        unbound=known.unbound,
        unbound_because=_UNBOUND if known.unbound else "",
        statuses=dict(Counter(watch.status for watch in book.watches())),
        judged=known.judged,
        layers=_layers(readings),
        faults=dict(Counter(fault.kind for reading in readings for fault in name_faults(reading, settings.policy))),
        open_faults=known.open_faults,
        requests=requests,
        seconds=time.monotonic() - began_s,
        cpu_seconds=time.process_time() - cpu_began_s,
        stored=keeper is not None,
        not_stored_because="" if keeper is not None else _NOT_STORED,
    )


def _start(database: Database, settings: PollerSettings, clock: Clock) -> SessionId | None:
    with database.writing() as tx:
        latest = latest_session(tx)
        if latest is not None and latest.is_running(clock()):
            return None
        return start_session(tx, settings.interval_s, clock(), once=True)


def _keep_refusal(database: Database, device: PolledDevice, now: datetime) -> None:
    login, device_id = device.login, device.target.device_id
    if login is None:
        return
    with database.writing() as tx:
        keep_refusal(tx, device_id, login.credential_id, login.version, now)
        login_attempts.settle(tx, [(login_attempts.of_device_key(device_id), login_key(login), "")])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    unbound: int
    judged: dict[Status, int]
    open_faults: dict[FaultKind, int]


def _known(database: Database, book: WatchBook, now: datetime, *, beside: bool) -> _Known:
    """What the store says after the poll; `beside` a poller that runs."""
    with database.reading() as tx:
        judged: Counter[Status] = Counter()
        if beside:
            camera_ids = {watch.camera_id for watch in book.watches()}
            rows = watching.statuses(tx, now, camera_ids)
            judged = Counter(rows.get(camera_id, UNWATCHED).status for camera_id in camera_ids)
        return _Known(unbound=never_reached.count(tx), judged=dict(judged), open_faults=open_by_kind(tx))


def _spent(database: Database, now: datetime) -> dict[DeviceId, tuple[int, int]]:
    with database.reading() as tx:
        return device_costs.spent_on(tx, now.date())


async def _look_at_all(
    inventory: Inventory,
    settings: PollerSettings,
    rounds: Rounds,
    keeper: Keeper | None,
    refused: Callable[[PolledDevice], Awaitable[None]],
    progress: Progress | None,
) -> tuple[list[Reading], int]:
    dear = asyncio.Semaphore(ONCE_WIDTH)
    readings: list[Reading] = []
    requests = done = 0

    async def look_at(device: PolledDevice) -> None:
        nonlocal requests
        was_forgotten, was_refused = device.target.quirks.forgotten, device.refused_login
        asked = await rounds.ask(device, 0)
        async with dear:
            async for look in rounds.look_further(device, 0, asked):
                readings.append(look.reading)
                requests += look.requests
                rounds.book.take_in(look.reading)
                if keeper is not None and look.still is not None:
                    keeper.keep_still(look.still)
        if device.refuses_login and device.refused_login != was_refused:
            await refused(device)
        if keeper is not None and was_forgotten and not device.target.quirks.forgotten:
            keeper.keep_learnt(device)

    waiting = iter(inventory.devices)

    async def look_at_one_after_another() -> None:
        nonlocal done
        for device in waiting:
            await look_at(device)
            done += 1
            if progress is not None:
                progress(done, len(inventory.devices))

    async with asyncio.TaskGroup() as group:
        for _ in range(min(settings.width, MOST_AT_ONCE, len(inventory.devices))):
            group.create_task(look_at_one_after_another())
    return readings, requests


def _layers(readings: list[Reading]) -> dict[Layer, LayerCount]:
    looked: Counter[Layer] = Counter()
    good: Counter[Layer] = Counter()
    for reading in readings:
        for layer, is_good in _verdicts(reading):
            looked[layer] += 1
            good[layer] += is_good
    return {layer: LayerCount(looked_at=looked[layer], good=good[layer]) for layer in Layer if looked[layer]}


def _verdicts(reading: Reading) -> Iterator[tuple[Layer, bool]]:
    if reading.network is not None:
        yield Layer.NETWORK, reading.network.connected
    if reading.control is not None:
        yield Layer.CONTROL, reading.control.answered
    if reading.stream is not None:
        yield Layer.STREAM, reading.stream.playing
    if reading.picture is not None:
        yield Layer.PICTURE, reading.picture.fetched
