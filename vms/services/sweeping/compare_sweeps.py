"""What is different from the last sweep of the same ground: whom to ask once more, and the list in the end."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.inventory.sweep_differences import Difference, Kind, Sighting, differences
from vms.services.sweeping.book import sighting_of
from vms.store import events, sweep_findings, sweeps
from vms.store.database import Database
from vms.store.sweeps import StoredSweep


def last_of_same_ground(tx: Connection, sweep: StoredSweep) -> StoredSweep | None:
    return next((one for one in sweeps.done_before(tx, sweep.sweep_id) if one.request.same_ground(sweep.request)), None)


def missing_now(database: Database, sweep: StoredSweep) -> list[Sighting]:
    """Who was found last time and neither he nor his place was heard this time."""
    with database.reading() as tx:
        last = last_of_same_ground(tx, sweep)
        if last is None:
            return []
        now = _sightings(tx, sweep.sweep_id)
        places = {one.place for one in now}
        devices = {one.device_id for one in now if one.device_id is not None}
        then = _sightings(tx, last.sweep_id)
    return [one for one in then if one.place not in places and one.device_id not in devices]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    with_sweep: int
    differences: tuple[Difference, ...]


def compare_sweeps(database: Database, sweep: StoredSweep) -> Comparison | None:
    """None: there is no sweep to compare with."""
    with database.reading() as tx:
        last = last_of_same_ground(tx, sweep)
        if last is None:
            return None
        found = differences(_sightings(tx, last.sweep_id), _sightings(tx, sweep.sweep_id))
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
