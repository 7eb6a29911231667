"""Writes down what a sweep finds: devices, findings, counts and finished blocks together, while the lease holds."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from vms.core.clock import Clock
from vms.core.errors import Conflict
from vms.devices.discovery.traffic import Traffic
from vms.inventory.device import ObservedDevice
from vms.inventory.sweep_differences import Sighting
from vms.services.device_memory import DeviceMemory
from vms.services.record_device import is_a_device
from vms.services.sweeping.tally import added, count_finding, count_heard
from vms.services.take_in_found import Found, take_in
from vms.store import events, sweep_findings, sweeps
from vms.store.database import Database
from vms.store.sweep_findings import Finding
from vms.store.sweeps import StoredSweep

PROGRESS_EVERY_S = 1.0
Place = tuple[str, int]


class LeaseLost(Conflict):
    """Somebody paused the sweep, or another process works on it; nothing of this transaction is kept."""

    code = "lease_lost"


@dataclass(slots=True)
class Pages:
    """What has come in and is not written yet."""

    found: list[ObservedDevice] = field(default_factory=list)
    heard_again: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    """Found earlier in this sweep, and now heard in these ways."""

    def __len__(self) -> int:
        return len(self.found) + len(self.heard_again)


class SweepBook:
    """Of one run of one sweep. `places`: everywhere that somebody was heard, and in which ways."""

    def __init__(
        self, database: Database, sweep: StoredSweep, runner: str, memory: DeviceMemory, *, lease_s: float, clock: Clock
    ) -> None:
        self.sweep_id = sweep.sweep_id
        self.places: dict[Place, tuple[str, ...]] = {}
        self.done: set[str] = set()
        self.counts: dict[str, Any] = sweep.counts
        self.traffic = Traffic()
        """What was sent since the start of this run."""
        self.asked: Counter[Place] = Counter()
        """Requests of devices that are not written yet."""
        self._written: Counter[tuple[str, str]] = Counter()
        self._database = database
        self._runner = runner
        self._memory = memory
        self._lease = timedelta(seconds=lease_s)
        self._clock = clock
        self._busy_s = sweep.busy_s
        self._blocks_total = sweep.blocks_total
        self._busy_since_s = self._told_at_s = time.monotonic()
        self._turn = asyncio.Lock()

    def read(self) -> None:
        """What earlier runs have done."""
        with self._database.reading() as tx:
            self.places = sweep_findings.places(tx, self.sweep_id)
            self.done = set(sweeps.blocks_done(tx, self.sweep_id))

    def renew(self) -> bool:
        """False: the lease is lost."""
        with self._database.writing() as tx:
            return sweeps.renew(tx, self.sweep_id, self._runner, self._clock() + self._lease)

    async def keep(self, pages: Pages, *, block: str = "", addresses: int = 0) -> None:
        """All of it or nothing; with `block`, that one is done. Raises LeaseLost."""
        async with self._turn:
            await self._memory.journal.flush()
            await asyncio.to_thread(self._write, pages, block, addresses)
            for observed in pages.found:
                self._memory.forget(observed.address, observed.port)

    def _write(self, pages: Pages, block: str, addresses: int) -> None:
        now = self._clock()
        more: dict[str, Any] = self._traffic_since()
        with self._database.writing() as tx:
            if not sweeps.renew(tx, self.sweep_id, self._runner, now + self._lease):
                raise LeaseLost(f"sweep {self.sweep_id} is no longer ours")
            found = take_in(tx, pages.found, self._memory, now, who="sweep", asked=self.asked)
            rows = [finding_of(one, now) for one in found]
            sweep_findings.put(tx, self.sweep_id, rows)
            for row in rows:
                count_finding(more, row.outcome, row.heard_by, row.problems)
            more["new_cameras"] = sum(one.recorded.new_cameras for one in found if one.recorded)
            self._note_again(tx, pages.heard_again, more)
            done = len(self.done)
            if block:
                sweeps.add_block(tx, self.sweep_id, block, {"addresses": addresses, "findings": len(found)}, now)
                more["addresses"] = addresses
                done += block not in self.done
            counts = added(self.counts, more)
            busy_s = self._busy_s + time.monotonic() - self._busy_since_s
            sweeps.set_progress(tx, self.sweep_id, counts, busy_s, done)
            told = time.monotonic() - self._told_at_s >= PROGRESS_EVERY_S
            if told:
                events.append(tx, "sweep.progress", self.sweep_id, self._news(counts, done), now)
        for observed in pages.found:
            self.asked.pop((observed.address, observed.port), None)
        self.counts = counts
        self.places |= {(row.address, row.port): row.heard_by for row in rows}
        if told:
            self._told_at_s = time.monotonic()
        if block:
            self.done.add(block)

    def _note_again(self, tx: Connection, again: Mapping[Place, tuple[str, ...]], more: dict[str, Any]) -> None:
        fresh = {
            place: tuple(by for by in heard_by if by not in self.places.get(place, ()))
            for place, heard_by in again.items()
        }
        for by in fresh.values():
            count_heard(more, by)
        merged = {place: (*self.places.get(place, ()), *by) for place, by in fresh.items() if by}
        sweep_findings.set_heard_by(tx, self.sweep_id, merged)
        self.places |= merged

    def _traffic_since(self) -> dict[str, Any]:
        """Packets that no row counts yet. They count as written even if this transaction fails: they are a report,
        not an inventory."""
        more: dict[str, dict[str, int]] = {}
        for area, counter in self.traffic.as_json().items():
            for method, number in counter.items():
                if new := number - self._written[area, method]:
                    more.setdefault(area, {})[method] = new
                    self._written[area, method] = number
        return dict(more)

    def _news(self, counts: Mapping[str, Any], blocks_done: int) -> dict[str, Any]:
        return {
            "blocks_done": blocks_done,
            "blocks_total": self._blocks_total,
            "addresses": counts.get("addresses", 0),
            "addresses_total": counts.get("addresses_total", 0),
            "findings": counts.get("findings", 0),
        }


def finding_of(found: Found, now: datetime) -> Finding:
    observed, recorded = found.observed, found.recorded
    assert recorded is not None
    return Finding(
        address=observed.address[:64],
        port=observed.port,
        device_id=recorded.device_id,
        outcome=recorded.outcome.value,
        heard_by=observed.heard_by,
        problems=observed.problems,
        told={
            "answered": is_a_device(observed) and recorded.device_id is not None,
            "manufacturer": observed.manufacturer,
            "model": observed.model,
            "firmware": observed.firmware,
            "serial_no": observed.serial_no,
            "hardware": observed.hardware,
            "macs": list(observed.macs),
            "channels": [channel.token for channel in observed.channels],
        },
        at=now,
    )


def sighting_of(finding: Finding) -> Sighting | None:
    """None: nobody was there who says what a device says."""
    if not finding.told.get("answered"):
        return None
    told = {
        name: ", ".join(value) if isinstance(value, list) else str(value)
        for name, value in finding.told.items()
        if name != "answered"
    }
    return Sighting(
        address=finding.address,
        port=finding.port,
        device_id=finding.device_id,
        told=told,
        heard_by=finding.heard_by,
    )
