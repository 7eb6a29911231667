"""How the rates of coverage changed is written down, so that the coverage of any days can be told exactly.

Changes wait some seconds in memory with their true instants; what is known reaches only as far as what is written, so a
process that is killed leaves seconds of which nobody claims anything.
"""

from datetime import datetime, timedelta

from vms.coverage.rate_history import RateChange
from vms.coverage.tally import Tally
from vms.coverage.totals import Covered, FigureKey, covered_now
from vms.services.coverage.memory import CoverageMemory
from vms.store import coverage_rates

WRITES_EVERY = timedelta(seconds=5)
SAYS_ALIVE_EVERY = timedelta(seconds=60)
_NOTHING = Covered(length_mm=0, covered_mm=0, places=0, covered_places=0)


class RateKeeper:
    """Called again and again by one thread, beside `CoverageMemory.follow`. Costs nothing while nothing changes."""

    def __init__(self, memory: CoverageMemory) -> None:
        self._memory = memory
        self._seen: tuple[Tally, int] | None = None
        self._told: dict[FigureKey, Covered] = {}
        self._waiting: dict[tuple[datetime, FigureKey], RateChange] = {}
        self._spell_id: int | None = None
        self._written_at: datetime | None = None

    def keep(self, now: datetime, *, at_once: bool = False) -> int:
        """How many rows were written."""
        if self._spell_id is None:
            self._begin(now)
        self._note(now)
        quiet = now - self._written_at if self._written_at else SAYS_ALIVE_EVERY
        if not at_once and quiet < (WRITES_EVERY if self._waiting else SAYS_ALIVE_EVERY):
            return 0
        return self._write(now)

    def _begin(self, now: datetime) -> None:
        with self._memory.database.writing() as tx:
            self._told = {one.key: one.covered for one in coverage_rates.latest(tx)}
            self._spell_id = coverage_rates.begin_spell(tx, now)

    def _note(self, now: datetime) -> None:
        """Within one second the last change counts."""
        with self._memory.lock:
            tally = self._memory.tally
            if self._seen is not None and self._seen[0] is tally and self._seen[1] == tally.version:
                return
            self._seen = (tally, tally.version)
            found = covered_now(tally)
        for key in {**self._told, **found}:
            covered = found.get(key, _NOTHING)
            if self._told.get(key, _NOTHING) != covered:
                self._told[key] = covered
                second = now.replace(microsecond=0)
                self._waiting[second, key] = RateChange(at=now, key=key, covered=covered)

    def _write(self, now: datetime) -> int:
        changes = sorted(self._waiting.values(), key=lambda one: one.at)
        with self._memory.database.writing() as tx:
            coverage_rates.add(tx, changes)
            if self._spell_id is not None:
                coverage_rates.known_until(tx, self._spell_id, now)
        self._waiting.clear()
        self._written_at = now
        return len(changes)
