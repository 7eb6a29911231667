"""What is different from an earlier sweep where both looked: whom to ask once more, and the list in the end."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.inventory.sweep_differences import Difference, Kind, Sighting, differences
from vms.services.sweeping.book import sighting_of
from vms.services.sweeping.common_ground import CommonGround, Ground, best_to_compare, common_ground
from vms.store import events, sweep_findings, sweeps
from vms.store.database import Database
from vms.store.sweeps import StoredSweep


def earlier_one(tx: Connection, sweep: StoredSweep) -> StoredSweep | None:
    """The one that this is compared with."""
    return best_to_compare(sweep.request, sweeps.done_before(tx, sweep.sweep_id))


def compared_ground(tx: Connection, sweep: StoredSweep) -> CommonGround | None:
    """Where both looked. None: it was compared with none, or that one is no longer kept."""
    if sweep.compared_with is None:
        return None
    return common_ground(sweep.request, sweeps.get(tx, sweep.compared_with).request)


def missing_now(database: Database, sweep: StoredSweep) -> list[Sighting]:
    """Who was found last time where this one looks, and neither he nor his place was heard this time."""
    with database.reading() as tx:
        last = earlier_one(tx, sweep)
        if last is None:
            return []
        now = _sightings(tx, sweep.sweep_id)
        places = {one.place for one in now}
        devices = {one.device_id for one in now if one.device_id is not None}
        then = _sightings(tx, last.sweep_id)
    ours, theirs = Ground(sweep.request), Ground(last.request)
    return [
        one
        for one in then
        if one.place not in places and one.device_id not in devices and ours.asks(one, heard_in=theirs)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    with_sweep: int
    differences: tuple[Difference, ...]


def compare_sweeps(database: Database, sweep: StoredSweep) -> Comparison | None:
    """None: there is no sweep to compare with."""
    with database.reading() as tx:
        last = earlier_one(tx, sweep)
        if last is None:
            return None
        then, now = _sightings(tx, last.sweep_id), _sightings(tx, sweep.sweep_id)
    ours, theirs = Ground(sweep.request), Ground(last.request)
    found = differences(
        then,
        now,
        looked_at_now=lambda one: ours.asks(one, heard_in=theirs),
        looked_at_then=lambda one: theirs.would_hear(one, heard_in=ours),
    )
    return Comparison(with_sweep=last.sweep_id, differences=found)


def keep_comparison(tx: Connection, sweep_id: int, comparison: Comparison, now: datetime) -> None:
    """The counts are the news, the list is the answer."""
    sweep_findings.replace_differences(tx, sweep_id, comparison.differences)
    sweeps.set_compared(tx, sweep_id, comparison.with_sweep)
    counts = Counter(one.kind.value for one in comparison.differences)
    news = {kind.value: counts[kind.value] for kind in Kind} | {"compared_with": comparison.with_sweep}
    events.append(tx, "sweep.differences", sweep_id, news, now)


def _sightings(tx: Connection, sweep_id: int) -> list[Sighting]:
    found = (sighting_of(finding) for finding in sweep_findings.every(tx, sweep_id))
    return [one for one in found if one is not None]
