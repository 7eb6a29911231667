"""A person or the schedule wants a sweep: it is stored, and somebody will run it. Pause, go on, give up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.core.errors import Conflict
from vms.devices.discovery.multicast import check_interfaces
from vms.inventory.sweep import SweepRequest, SweepState
from vms.services.sweeping.ground import overlap
from vms.services.sweeping.plan import blocks
from vms.store import events, sweeps
from vms.store.database import Database
from vms.store.sweeps import StoredSweep

SCHEDULE = "schedule"
SECOND_LOOKS = 1
"""One more block at the end of every sweep, for those who were there last time."""
UNFINISHED = (SweepState.WAITING, SweepState.RUNNING, SweepState.PAUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Who runs it himself, so that nobody else takes it in between."""

    runner: str
    lease_s: float

    def take(self, tx: Connection, sweep_id: int, now: datetime) -> StoredSweep | None:
        """None: it is not free. Raises Conflict where another sweep of the same ground is at work."""
        for other in _in_the_way(sweeps.get(tx, sweep_id), sweeps.at_work(tx, now)):
            raise Conflict(
                f"sweep {other.sweep_id} of {other.who} works on the same ground; it has to end or be paused first",
                code="ground_taken",
            )
        until = now + timedelta(seconds=self.lease_s)
        taken = sweeps.take(tx, sweep_id, runner=self.runner, now=now, lease_until=until)
        if taken is not None:
            tell(tx, taken.sweep_id, SweepState.RUNNING, now)
        return taken

    def take_next(self, tx: Connection, now: datetime) -> StoredSweep | None:
        """The oldest that is free and whose ground is too. None: there is none, or another was faster."""
        found = next_to_run(tx, now)
        return None if found is None else self.take(tx, found.sweep_id, now)


def next_to_run(tx: Connection, now: datetime) -> StoredSweep | None:
    at_work = sweeps.at_work(tx, now)
    return next((one for one in sweeps.free(tx, now) if not _in_the_way(one, at_work)), None)


def _in_the_way(sweep: StoredSweep, at_work: Iterable[StoredSweep]) -> list[StoredSweep]:
    return [one for one in at_work if one.sweep_id != sweep.sweep_id and overlap(one.request, sweep.request)]


def start_sweep(
    database: Database,
    request: SweepRequest,
    who: str,
    now: datetime,
    *,
    scheduled: bool = False,
    taker: Taker | None = None,
) -> StoredSweep:
    """Raises BadInput where nothing could be contacted, and Conflict where `taker` would run beside another sweep of
    the same ground; nothing is stored then."""
    cut = blocks(request)
    if taker:
        check_interfaces(request.interfaces)
    counts = {"addresses_total": sum(block.addresses for block in cut)}
    with database.writing() as tx:
        sweep_id = sweeps.add(
            tx, request, who=who, scheduled=scheduled, blocks_total=len(cut) + SECOND_LOOKS, counts=counts, now=now
        )
        tell(tx, sweep_id, SweepState.WAITING, now, by=who)
        taken = taker.take(tx, sweep_id, now) if taker else None
        return taken or sweeps.get(tx, sweep_id)


def start_scheduled(database: Database, request: SweepRequest, now: datetime) -> StoredSweep | None:
    """None: the last one of the same ground is not over."""
    with database.reading() as tx:
        unfinished = sweeps.page(tx, states=UNFINISHED, limit=1000).items
    if any(one.scheduled and one.request.same_ground(request) for one in unfinished):
        return None
    return start_sweep(database, request, SCHEDULE, now, scheduled=True)


def last_scheduled(database: Database) -> datetime | None:
    """When the schedule started one last."""
    with database.reading() as tx:
        return next((one.created_at for one in sweeps.page(tx, limit=1000).items if one.scheduled), None)


def pause_sweep(database: Database, sweep_id: int, who: str, now: datetime) -> StoredSweep:
    """Whoever works on it notices within seconds. Raises NotFound, Conflict."""
    return _change(database, sweep_id, (SweepState.WAITING, SweepState.RUNNING), SweepState.PAUSED, who, now)


def resume_sweep(
    database: Database, sweep_id: int, who: str, now: datetime, *, taker: Taker | None = None
) -> StoredSweep:
    """It waits for a runner again; what was found stays found. Raises NotFound, Conflict."""
    before = (SweepState.PAUSED, SweepState.FAILED)
    return _change(database, sweep_id, before, SweepState.WAITING, who, now, taker)


def cancel_sweep(database: Database, sweep_id: int, who: str, now: datetime) -> StoredSweep:
    """What was found stays found. Raises NotFound, Conflict."""
    return _change(database, sweep_id, UNFINISHED, SweepState.CANCELLED, who, now)


def tell(tx: Connection, sweep_id: int, state: SweepState, now: datetime, **more: object) -> None:
    events.append(tx, f"sweep.{state.value}", sweep_id, more, now)


def _change(
    database: Database,
    sweep_id: int,
    before: Iterable[SweepState],
    state: SweepState,
    who: str,
    now: datetime,
    taker: Taker | None = None,
) -> StoredSweep:
    with database.writing() as tx:
        found = sweeps.get(tx, sweep_id)
        over = now if state.is_over else None
        problem = "" if state is SweepState.WAITING else None
        if not sweeps.change_state(tx, sweep_id, tuple(before), state, finished_at=over, problem=problem):
            raise Conflict(f"sweep {sweep_id} is {found.state.value}")
        tell(tx, sweep_id, state, now, by=who)
        taken = taker.take(tx, sweep_id, now) if taker else None
        return taken or sweeps.get(tx, sweep_id)
