"""The gap map that is always current: per sample how many views cover it, and else what stands in the way.

A view is counted out before it changes and in again afterwards, so that one changed camera costs the few hundred
samples around it and nothing else. By night a view without night sight covers nothing: it counts as too coarse.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.ids import CameraId
from vms.coverage.demand import ALONE, Demand
from vms.coverage.ground import GROUNDS
from vms.coverage.index import CoverageIndex
from vms.coverage.tally_counts import NOT_COUNTED, Counts, count_slots, lost_rows, prices, refresh_best, settle
from vms.coverage.tally_rows import DAY, NOTHING, SIGHTLESS, Samples, Scratch

Rows = NDArray[np.int64]

CAUSES = 6
CELL_M = 25.0
MOST_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """What one sum is about."""

    region: int
    ground: int
    px_per_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What depends on one camera: nobody sees it without this one, or nobody sees it until this one is repaired."""

    road_m: float
    places: int
    weighted_m: float
    """Metres and places by their weights."""
    covers_m: float
    """All that it covers or would, whoever else does."""


class Tally:
    """Whoever changes the index does it inside `changing`. Not for several threads. About 100 bytes a sample."""

    def __init__(self, demand: Demand, index: CoverageIndex, sightless: Collection[CameraId] = ()) -> None:
        """From nothing: half a million samples and a hundred thousand views in a second or two. `sightless`: cameras
        that see nothing by night."""
        self.demand = demand
        self.index = index
        self.version = 0
        """Counts up with every change."""
        self.figures, figure = _figures(demand)
        self.samples = _samples(demand, figure)
        self.counts = _counts(len(demand), len(self.figures))
        self.sightless = set(sightless)
        """They see nothing by night."""
        self._scratch = _scratch(len(demand), len(self.samples.group_row))
        self._with_them = np.zeros(len(demand), np.uint16)
        self._without = np.zeros(len(demand), np.uint16)
        self.worth_m = demand.weight * np.where(demand.is_place, 1.0, demand.length_m)
        """Per sample, as metres of road of weight 1."""
        self.road_mm = np.where(demand.is_road, self.samples.length_mm, 0)
        """Of the town's roads; the stretch beside an entrance is counted there already."""
        self._count(index.slots_by_camera(), 1, settled=False)
        settle(self.samples, self.counts)

    @contextmanager
    def changing(
        self, camera_ids: Iterable[CameraId], sightless: Mapping[CameraId, bool] | None = None
    ) -> Iterator[None]:
        """Inside, the views and states of these cameras may change, may come and may go. Under a millisecond each.
        `sightless`: which of them see nothing by night from now on; the others stay as they were."""
        ids = list(dict.fromkeys(camera_ids))
        stale = np.sort(self._count(self.index.slots_of(ids), -1))
        try:
            yield
        finally:
            for camera_id, dark in (sightless or {}).items():
                (self.sightless.add if dark else self.sightless.discard)(camera_id)
            self._count(self.index.slots_of(ids), 1)
            if len(stale):
                views, buckets = self.index.packed, self.index.buckets
                refresh_best(self._segments, views, buckets, self.samples, self.counts, stale)
            self.version += 1

    @property
    def cause(self) -> NDArray[np.uint8]:
        """(n, 2): 0 covered or not asked for, else the number of the cause; by day, by night."""
        return self.counts.cause

    @property
    def seen_by(self) -> NDArray[np.uint16]:
        """How many usable views cover each sample by day."""
        seen: NDArray[np.uint16] = self.counts.views[:, DAY, 0]
        return seen

    def price_of(self, camera_ids: Collection[CameraId]) -> dict[CameraId, Price]:
        """Of those that have a view; each for itself."""
        slots = self.index.slots_of(list(dict.fromkeys(camera_ids)))
        found = prices(
            self._segments, self.index.packed, self.samples, self.counts, slots, self._camera(slots), self.worth_m,
            self.road_mm, self._scratch,
        )  # fmt: skip
        together: dict[CameraId, Price] = {}
        ids = self.index.buckets.ids[slots].tolist()
        for camera_id, (road_m, places, weighted_m, covers_m) in zip(ids, found.tolist(), strict=True):
            before = together.get(CameraId(camera_id), Price(road_m=0.0, places=0, weighted_m=0.0, covers_m=0.0))
            together[CameraId(camera_id)] = Price(
                road_m=before.road_m + road_m,
                places=before.places + round(places),
                weighted_m=before.weighted_m + weighted_m,
                covers_m=before.covers_m + covers_m,
            )
        return together

    def lost_without(self, camera_ids: Collection[CameraId]) -> Rows:
        """Samples covered by day with all of these healthy and everybody else as now, and not without them."""
        slots = self.index.slots_of(dict.fromkeys(camera_ids))
        return lost_rows(
            self._segments, self.index.packed, self.samples, self.counts, slots, self._camera(slots), self._with_them,
            self._without, self._scratch,
        )  # fmt: skip

    def views_of(self, camera_ids: Collection[CameraId], views: NDArray[np.uint16]) -> None:
        """Adds to `views`, (n, 2, 5) as `counts.views`, what these alone are to each sample; the sums stay."""
        apart = _counts(0, len(self.figures))._replace(
            views=views,
            cause=np.zeros((len(views), 2), np.uint8),
            best_px_per_m=np.zeros((len(views), 2), np.float32),
            stale=np.zeros(len(views), np.uint8),
            worth=np.full((len(self.index.buckets.ids), 2), NOT_COUNTED, np.uint8),
        )
        slots = self.index.slots_of(dict.fromkeys(camera_ids))
        by_day, by_night = self._worth(slots)
        count_slots(
            self._segments, self.index.packed, self.samples, apart, slots, self._camera(slots), by_day, by_night, 1,
            False, self._scratch,
        )  # fmt: skip

    def _worth(self, slots: Rows) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """By day, by night."""
        by_day = self.index.buckets.state[slots].astype(np.uint8)
        by_night = by_day.copy()
        if self.sightless:
            dark = np.isin(self.index.buckets.ids[slots], np.fromiter(self.sightless, np.int64, len(self.sightless)))
            by_night[dark] = SIGHTLESS
        return by_day, by_night

    def _camera(self, slots: Rows) -> Rows:
        return self.index.buckets.ids[slots].astype(np.int64)

    @property
    def _segments(self) -> NDArray[np.float64]:
        return self.index.walls.grid.segments

    def _count(self, slots: Rows, sign: int, *, settled: bool = True) -> Rows:
        """Rows whose best view may have gone."""
        room = len(self.index.buckets.ids)
        if len(self.counts.worth) < room:
            worth = np.full((room, 2), NOT_COUNTED, np.uint8)
            worth[: len(self.counts.worth)] = self.counts.worth
            self.counts = self.counts._replace(worth=worth)
        by_day, by_night = self._worth(slots)
        stale: Rows = count_slots(
            self._segments, self.index.packed, self.samples, self.counts, slots, self._camera(slots), by_day, by_night,
            sign, settled, self._scratch,
        )  # fmt: skip
        return stale


def _figures(demand: Demand) -> tuple[tuple[Figure, ...], NDArray[np.int32]]:
    """Region × ground × density needed, as far as there are any."""
    if not len(demand):
        return (), np.zeros(0, np.int32)
    needs, need = np.unique(demand.need_px_per_m, return_inverse=True)
    code = (demand.region * len(GROUNDS) + demand.ground) * len(needs) + need.reshape(-1)
    unique, number = np.unique(code, return_inverse=True)
    figures = tuple(
        Figure(one // len(needs) // len(GROUNDS), one // len(needs) % len(GROUNDS), float(needs[one % len(needs)]))
        for one in unique.tolist()
    )
    return figures, number.reshape(-1).astype(np.int32)


def _samples(demand: Demand, figure: NDArray[np.int32]) -> Samples:
    n = len(demand)
    rows, inverse = np.unique(demand.group[demand.group != ALONE], return_inverse=True)
    group = np.full(n, -1, np.int32)
    group[demand.group != ALONE] = inverse.reshape(-1)
    x, y = np.ascontiguousarray(demand.xy_m[:, 0]), np.ascontiguousarray(demand.xy_m[:, 1])
    west, south = (float(x.min()), float(y.min())) if n else (0.0, 0.0)
    wide, high = (float(np.ptp(x)), float(np.ptp(y))) if n else (0.0, 0.0)
    size = max(CELL_M, math.sqrt(max(wide, 1.0) * max(high, 1.0) / MOST_CELLS), max(wide, high) / MOST_CELLS)
    columns, lines = int(wide / size) + 1, int(high / size) + 1
    cell = ((y - south) / size).astype(np.int64) * columns + ((x - west) / size).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=columns * lines))])
    return Samples(
        x=x,
        y=y,
        need_px_per_m=np.ascontiguousarray(demand.need_px_per_m, dtype=np.float64),
        need_views=demand.need_views.astype(np.int16),
        asked=np.column_stack([demand.by_day, demand.by_night]).astype(np.uint8),
        length_mm=np.round(demand.length_m * 1000.0).astype(np.int64),
        is_place=demand.is_place.astype(np.uint8),
        figure=figure,
        group=group,
        group_row=rows.astype(np.int32),
        first=first.astype(np.int32),
        rows=np.argsort(cell, kind="stable").astype(np.int32),
        grid=np.array([west, south, size, columns, lines], dtype=np.float64),
    )


def _counts(n: int, figures: int) -> Counts:
    return Counts(
        views=np.zeros((n, 2, NOTHING), np.uint16),
        cause=np.zeros((n, 2), np.uint8),
        best_px_per_m=np.zeros((n, 2), np.float32),
        stale=np.zeros(n, np.uint8),
        length_mm=np.zeros((figures, 2, CAUSES), np.int64),
        places=np.zeros((figures, 2, CAUSES), np.int64),
        worth=np.zeros((0, 2), np.uint8),
    )


def _scratch(n: int, groups: int) -> Scratch:
    room = 2 * (n + groups)  # a further sensor's samples stand behind those of the others until they are put together
    return Scratch(
        row=np.empty(room, np.int32),
        density=np.empty(room, np.float32),
        relation=np.empty((room, 2), np.uint8),
        shows=np.empty(room, np.uint8),
        touched=np.empty(groups, np.int32),
        group_relation=np.empty((groups, 2), np.uint8),
        group_seen=np.zeros(groups, np.uint8),
        place=np.full(n, -1, np.int32),
    )
