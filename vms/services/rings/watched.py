"""Which stretches of road are watched at this minute, and by whom; brought up to date from the coverage index."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.ids import CameraId
from vms.coverage.index import CoverageIndex
from vms.coverage.road_watch import FACTS, STEP_M, RoadSamples, changed_slots, samples_of, watch_rows
from vms.coverage.sightings import ViewState
from vms.roads.network import RoadNetwork

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

_AT_ONCE = 200_000
_MOST_OF_ONE = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    stretch: int
    camera_id: CameraId
    px_per_m: float
    """The most it reaches on the stretch."""
    state: ViewState


class WatchedStretches:
    """`refresh` under the coverage's lock, then ask. A microsecond and some bytes per camera."""

    def __init__(self, network: RoadNetwork) -> None:
        self._samples = _samples(network)
        self._stretches = len(network)
        self._of: CoverageIndex | None = None
        self._forget()

    def _forget(self) -> None:
        self.usable_views = np.zeros(self._stretches, np.int32)
        self._facts, self._ids, self._states = _room(0)
        self._first, self._count = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._owner, self._seen, self._px = np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)
        self._used = 0

    @property
    def watched(self) -> NDArray[np.bool_]:
        """Per stretch: at least one usable view watches it."""
        return self.usable_views > 0

    def refresh(self, index: CoverageIndex) -> int:
        """How many views were looked at anew."""
        if index is not self._of:
            self._forget()
            self._of = index
        slots = len(index.buckets.ids)
        self._make_rows(slots)
        found = np.empty(slots, np.int64)
        memory = (self._facts, self._ids, self._states)
        was_usable = self._states == ViewState.USABLE
        changed = found[: changed_slots(index.packed, index.buckets, slots, *memory, found)]
        if len(changed):
            self._count_out(changed, was_usable)
            self._watch(index, changed)
        return len(changed)

    def watchers(self, stretches: Iterable[int]) -> list[Watcher]:
        """Who watches one of these or would, were it usable; best first on each, by the sensor that sees most."""
        wanted = np.zeros(self._stretches, bool)
        wanted[np.fromiter(stretches, dtype=np.int64)] = True
        rows = np.flatnonzero((self._owner[: self._used] >= 0) & wanted[self._seen[: self._used]])
        owners = self._owner[rows]
        found = [
            Watcher(stretch=stretch, camera_id=CameraId(camera_id), px_per_m=px, state=ViewState(state))
            for stretch, camera_id, px, state in zip(
                self._seen[rows].tolist(),
                self._ids[owners].tolist(),
                self._px[rows].tolist(),
                self._states[owners].tolist(),
                strict=True,
            )
        ]
        ranked = sorted(found, key=lambda one: (one.stretch, one.state, -one.px_per_m, one.camera_id))
        best: dict[tuple[int, CameraId], Watcher] = {}
        for one in ranked:
            best.setdefault((one.stretch, one.camera_id), one)
        return list(best.values())

    def _make_rows(self, slots: int) -> None:
        before = len(self._ids)
        if slots <= before:
            return
        facts, ids, states = _room(slots)
        facts[:before], ids[:before], states[:before] = self._facts, self._ids, self._states
        self._facts, self._ids, self._states = facts, ids, states
        grown = np.zeros(slots - before, np.int64)
        self._first, self._count = np.concatenate([self._first, grown]), np.concatenate([self._count, grown])

    def _count_out(self, slots: Longs, was_usable: NDArray[np.bool_]) -> None:
        rows = _rows(self._first[slots], self._count[slots])
        counted = rows[was_usable[self._owner[rows]]]
        np.subtract.at(self.usable_views, self._seen[counted], 1)
        self._owner[rows] = -1
        self._count[slots] = 0

    def _watch(self, index: CoverageIndex, slots: Longs) -> None:
        there = slots[self._ids[slots] >= 0]
        counts, best = np.zeros(self._stretches, np.uint8), np.zeros(self._stretches, np.float32)
        seen, numbers = np.empty(_MOST_OF_ONE, np.int32), np.zeros(len(there), np.int64)
        room = min(_AT_ONCE, max(_MOST_OF_ONE, 16 * len(there)))
        found, px = np.empty(room, np.int32), np.empty(room, np.float32)
        segments, done = index.walls.grid.segments, 0
        while done < len(there):
            begin = done
            work = (counts, best, seen, found, px, numbers)
            done, used = watch_rows(segments, index.packed, there, begin, self._samples, *work)
            self._append(there[begin:done], numbers[begin:done], found[:used], px[:used])

    def _append(self, slots: Longs, numbers: Longs, found: Ints, px: NDArray[np.float32]) -> None:
        used = len(found)
        if self._used + used > len(self._seen):
            self._make_room(used)
        end = self._used + used
        owners = np.repeat(slots, numbers)
        self._owner[self._used : end], self._seen[self._used : end], self._px[self._used : end] = owners, found, px
        self._first[slots], self._count[slots] = self._used + np.cumsum(numbers) - numbers, numbers
        self._used = end
        usable = found[self._states[owners] == ViewState.USABLE]
        np.add.at(self.usable_views, usable, 1)

    def _make_room(self, wanted: int) -> None:
        """Rows that nobody owns any more go first."""
        kept = np.flatnonzero(self._owner[: self._used] >= 0)
        room = 2 * (len(kept) + wanted)
        for name in ("_owner", "_seen", "_px"):
            old = getattr(self, name)
            grown = np.empty(room, old.dtype)
            grown[: len(kept)] = old[kept]
            setattr(self, name, grown)
        firsts = np.zeros(len(self._first), np.int64)
        owners = self._owner[: len(kept)]
        if len(kept):
            begins = np.flatnonzero(np.concatenate([[True], owners[1:] != owners[:-1]]))
            firsts[owners[begins]] = begins
        self._first, self._used = firsts, len(kept)


def _room(slots: int) -> tuple[Floats, Longs, NDArray[np.uint8]]:
    return np.zeros((slots, FACTS)), np.full(slots, -1, np.int64), np.zeros(slots, np.uint8)


def _rows(first: Longs, count: Longs) -> Longs:
    begins = np.cumsum(count) - count
    return np.repeat(first - begins, count) + np.arange(int(count.sum()))


def _samples(network: RoadNetwork) -> RoadSamples:
    """Along the middle of every road that is no tunnel: views know the ground only."""
    in_tunnel = np.array([road.tunnel for road in network.roads], bool)
    chosen = np.flatnonzero(~in_tunnel[network.road]) if len(network) else np.zeros(0, np.int64)
    number = np.maximum(1, np.ceil(network.length_m[chosen] / STEP_M)).astype(np.int64)
    stretch = np.repeat(chosen, number)
    within = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
    steps = np.zeros(len(network.corners_m))
    if len(steps) > 1:
        steps[1:] = np.hypot(*np.diff(network.corners_m, axis=0).T)
    far = np.cumsum(steps)
    first, last = network.first_corner[stretch], network.last_corner[stretch]
    at = far[first] + (within + 0.5) / np.repeat(number, number) * (far[last] - far[first])
    corner = np.clip(np.searchsorted(far, at, side="right") - 1, first, last - 1)
    share = ((at - far[corner]) / np.maximum(far[corner + 1] - far[corner], 1e-9))[:, None]
    xy = network.corners_m[corner] + share * (network.corners_m[corner + 1] - network.corners_m[corner])
    return samples_of(xy, stretch.astype(np.int32), len(network))
