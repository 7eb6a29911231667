"""Gaps are written down as records: what changed on the gap map, a few seconds after it changed, in batches.

A gap that lasts keeps its record, whoever moved a camera a little; killed at any moment, the next start compares the
map with what is written and goes on from there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from vms.coverage.gap_identity import GapKey, match_gaps, spot_of
from vms.coverage.gaps import Gap, gaps_of
from vms.coverage.stretches import NIGHT_ONLY, Stretches, codes_of, stretches_of
from vms.coverage.tally import Tally
from vms.coverage.tally_rows import DAY, NIGHT
from vms.services.coverage.memory import CoverageMemory
from vms.store import coverage_gaps, events
from vms.store.coverage_gaps import BATCH, KnownGap

SETTLES = timedelta(seconds=5)
"""So long a change must last before it is written down: a camera that comes and goes opens and closes nothing."""

Mark = tuple[int, int, int, int]
"""First sample, end, code, and what else would change its record."""


class GapKeeper:
    """Called again and again by one thread, beside `CoverageMemory.follow`."""

    def __init__(self, memory: CoverageMemory) -> None:
        self._memory = memory
        self._tally: Tally | None = None
        self._version = -1
        self._changed_at: datetime | None = None
        self._seen_version = -1
        self._ids: dict[Mark, int] = {}

    def keep(self, now: datetime, *, at_once: bool = False) -> int:
        """How many records were written."""
        with self._memory.lock:
            tally, version = self._memory.tally, self._memory.tally.version
        if tally is self._tally and version == self._version:
            return 0
        if (tally, version) != (self._tally, self._seen_version):
            self._changed_at = self._changed_at or now
            self._seen_version = version
        if not at_once and self._changed_at is not None and now - self._changed_at < SETTLES:
            return 0
        written = self._write(tally, now)
        self._changed_at = None
        return written

    def _write(self, tally: Tally, now: datetime) -> int:
        with self._memory.lock:
            version = tally.version
            stretches = stretches_of(tally.demand, codes_of(tally))
            marks = _marks(tally, stretches)
        known = tally is self._tally
        kept = {mark: self._ids[mark] for mark in marks if mark in self._ids} if known else {}
        fresh = [number for number, mark in enumerate(marks) if mark not in kept]
        gaps = self._made(tally, stretches, fresh)
        gone = [gap_id for mark, gap_id in self._ids.items() if mark not in kept] if known else None
        if fresh or gone or gone is None:
            ids, changed = self._store(gaps, gone, now)
            kept.update({marks[number]: gap_id for number, gap_id in zip(fresh, ids, strict=True)})
        else:
            changed = 0
        self._tally, self._version, self._seen_version, self._ids = tally, version, version, kept
        return changed

    def _made(self, tally: Tally, stretches: Stretches, wanted: Sequence[int]) -> list[Gap]:
        """A part at a time, so that nobody waits long for an answer."""
        gaps: list[Gap] = []
        for begin in range(0, len(wanted), BATCH):
            part = np.array(wanted[begin : begin + BATCH], dtype=np.int64)
            some = Stretches(stretches.first[part], stretches.end[part], stretches.code[part])
            with self._memory.lock:
                gaps.extend(gaps_of(tally, some))
        return gaps

    def _store(self, gaps: Sequence[Gap], gone: Sequence[int] | None, now: datetime) -> tuple[list[int], int]:
        """Ids of the gaps, and how many records were written. `gone`: None where nobody knows any more."""
        database = self._memory.database
        with database.reading() as tx:
            if gone is None:
                before = coverage_gaps.open_gaps(tx)
            else:
                before = [one for one in coverage_gaps.by_ids(tx, sorted(gone)) if one.closed_at is None]
        matched = match_gaps([one.spot for one in before], [spot_of(gap) for gap in gaps])
        ids = [0] * len(gaps)
        followed = [(before[earlier].gap_id, gaps[later]) for earlier, later in matched.same]
        for earlier, later in matched.same:
            ids[later] = before[earlier].gap_id
        closed = [before[number] for number in matched.gone]
        for begin in range(0, len(closed), BATCH):
            with database.writing() as tx:
                coverage_gaps.close(tx, [one.gap_id for one in closed[begin : begin + BATCH]], now)
        for begin in range(0, len(followed), BATCH):
            with database.writing() as tx:
                coverage_gaps.follow(tx, followed[begin : begin + BATCH])
        opened = 0
        for begin in range(0, len(matched.new), BATCH):
            part = matched.new[begin : begin + BATCH]
            with database.writing() as tx:
                found = _opened(tx, [gaps[number] for number in part], closed, now)
            for number, gap_id in zip(part, found, strict=True):
                ids[number] = gap_id
            opened += len(part)
        if opened or closed:
            with database.writing() as tx:
                content = {"opened": opened, "closed": len(closed)}
                events.append(tx, "coverage.gaps_changed", None, content, now)
        return ids, opened + len(closed) + len(followed)


def _opened(tx: Connection, gaps: Sequence[Gap], just_closed: Sequence[KnownGap], now: datetime) -> list[int]:
    """Those that were there before are opened again; the others are new. Their ids, in order."""
    spots = [spot_of(gap) for gap in gaps]
    earlier = coverage_gaps.at_places(tx, {gap.key for gap in gaps}, closed=True)
    matched = match_gaps([one.spot for one in earlier], spots)
    ids = {later: earlier[number].gap_id for number, later in matched.same}
    left_at: dict[tuple[str, str, int], list[KnownGap]] = {}
    for one in just_closed:
        left_at.setdefault(_side(one.spot.key), []).append(one)

    def uncovered_since(number: int) -> datetime:
        """It may have been a gap until this moment for another cause."""
        spot = spots[number]
        before = [one.uncovered_since for one in left_at.get(_side(spot.key), ()) if spot.overlap_m(one.spot) > 0.0]
        return min(before, default=now)

    again = [(earlier[number].gap_id, gaps[later], uncovered_since(later)) for number, later in matched.same]
    coverage_gaps.reopen(tx, again, now)
    new = [(gaps[number], uncovered_since(number)) for number in matched.new]
    ids.update(zip(matched.new, coverage_gaps.add(tx, new, now), strict=True))
    return [ids[number] for number in range(len(gaps))]


def _side(key: GapKey) -> tuple[str, str, int]:
    """The same stretch, whatever the cause."""
    return key.place_key, key.ground, key.side


def _marks(tally: Tally, stretches: Stretches) -> list[Mark]:
    """Cheap: 20 ms for half a million samples. The last number changes with the views that the cause is about."""
    if not len(stretches):
        return []
    views: NDArray[np.int64] = tally.counts.views[:, :, 1:5].sum(axis=2, dtype=np.int64)
    sums = np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(views, axis=0)])
    near = sums[stretches.end] - sums[stretches.first]
    about = np.where(stretches.code >= NIGHT_ONLY, near[:, NIGHT], near[:, DAY])
    return list(
        zip(stretches.first.tolist(), stretches.end.tolist(), stretches.code.tolist(), about.tolist(), strict=True)
    )
