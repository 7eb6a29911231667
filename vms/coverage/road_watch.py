"""Which stretches of road each view watches: samples along them in square cells, asked camera by camera.

A view watches a stretch when at least `WATCHED_M` of it, or all of a shorter one, lies in its sight at `NEED_PX_PER_M`:
nobody passes it unseen, for a stretch has no way off between its ends. A camera whose direction nobody told watches
nothing.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.demand import ROAD_NEED_PX_PER_M
from vms.coverage.lookup import Buckets
from vms.coverage.packed import IN_SIGHT, PackedViews, sight

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

STEP_M = 5.0
WATCHED_M = 10.0
NEED_PX_PER_M = ROAD_NEED_PX_PER_M
CELL_M = 50.0
FACTS = 9
"""How many numbers tell whether a view is another than before."""


class RoadSamples(NamedTuple):
    """Cell `c` (row-major from the south-west) holds the samples `starts[c] … starts[c + 1]`."""

    xy_m: NDArray[np.float32]
    stretch: Ints
    starts: Longs
    least: NDArray[np.uint8]
    """Per stretch: so many of its samples must be seen; 0: it has none."""
    x0: float
    y0: float
    columns: int
    rows: int


def samples_of(xy_m: Floats, stretch: Ints, stretches: int) -> RoadSamples:
    """`xy_m`: spots at most `STEP_M` apart along the stretches, each with its stretch."""
    x0, y0 = xy_m.min(axis=0).tolist() if len(xy_m) else (0.0, 0.0)
    cells = np.floor((xy_m - [x0, y0]) / CELL_M).astype(np.int64)
    columns, rows = (cells.max(axis=0) + 1).tolist() if len(cells) else (1, 1)
    cell = cells[:, 1] * columns + cells[:, 0]
    order = np.argsort(cell, kind="stable")
    starts = np.zeros(columns * rows + 1, np.int64)
    starts[1:] = np.cumsum(np.bincount(cell, minlength=columns * rows))
    held = np.bincount(stretch, minlength=stretches)
    least = np.minimum(held, round(WATCHED_M / STEP_M)).astype(np.uint8)
    return RoadSamples(xy_m[order].astype(np.float32), stretch[order], starts, least, x0, y0, columns, rows)


@compiled
def stretches_seen(
    segments: Floats,
    views: PackedViews,
    slot: int,
    samples: RoadSamples,
    counts: NDArray[np.uint8],
    best: NDArray[np.float32],
    seen: Ints,
) -> int:
    """How many stretches this row watches: `seen` holds them, `best[stretch]` the most px/m on each.

    `counts` is zero before and after.
    """
    if not views.directed[slot] or views.pieces[slot] == 0:
        return 0
    x, y, height = views.x[slot], views.y[slot], views.height_m[slot]
    slant = views.px_m[slot] / NEED_PX_PER_M
    reach = min(views.range_m[slot], math.sqrt(max(slant * slant - height * height, 0.0)))
    touched = 0
    for row in range(
        max(0, math.floor((y - reach - samples.y0) / CELL_M)),
        min(samples.rows, math.floor((y + reach - samples.y0) / CELL_M) + 1),
    ):
        for column in range(
            max(0, math.floor((x - reach - samples.x0) / CELL_M)),
            min(samples.columns, math.floor((x + reach - samples.x0) / CELL_M) + 1),
        ):
            cell = row * samples.columns + column
            for i in range(samples.starts[cell], samples.starts[cell + 1]):
                px, py = float(samples.xy_m[i, 0]), float(samples.xy_m[i, 1])
                if (px - x) * (px - x) + (py - y) * (py - y) > reach * reach:
                    continue
                relation, distance = sight(segments, views, slot, px, py)
                if relation != IN_SIGHT:
                    continue
                stretch = samples.stretch[i]
                density = views.px_m[slot] / max(math.hypot(distance, height), 0.1)
                if counts[stretch] == 0:
                    if touched == len(seen):
                        continue
                    seen[touched] = stretch
                    touched += 1
                    best[stretch] = density
                elif density > best[stretch]:
                    best[stretch] = density
                if counts[stretch] < 255:
                    counts[stretch] += 1
    n = 0
    for k in range(touched):
        stretch = seen[k]
        if counts[stretch] >= samples.least[stretch]:
            seen[n] = stretch
            n += 1
        counts[stretch] = 0
    return n


@compiled
def watch_rows(
    segments: Floats,
    views: PackedViews,
    slots: Longs,
    begin: int,
    samples: RoadSamples,
    counts: NDArray[np.uint8],
    best: NDArray[np.float32],
    seen: Ints,
    found: Ints,
    found_px: NDArray[np.float32],
    numbers: Longs,
) -> tuple[int, int]:
    """What the slots from `begin` on watch, end to end in `found`; `numbers[i]`: so many of slot i's.

    Answers (how many slots are done, how many rows are used): fewer than there are where `found` has no more room.
    """
    used = 0
    for i in range(begin, len(slots)):
        n = stretches_seen(segments, views, slots[i], samples, counts, best, seen)
        if used + n > len(found):
            return i, used
        for k in range(n):
            found[used + k], found_px[used + k] = seen[k], best[seen[k]]
        numbers[i] = n
        used += n
    return len(slots), used


@compiled
def changed_slots(
    views: PackedViews, buckets: Buckets, slots: int, facts: Floats, ids: Longs, states: NDArray[np.uint8], found: Longs
) -> int:
    """Slots that hold another view than when last asked, or one that is worth something else; answers how many.

    `facts` (`FACTS` columns), `ids` (-1: nobody) and `states` remember.
    """
    n = 0
    for slot in range(slots):
        alive = buckets.alive[slot] != 0
        now_id = buckets.ids[slot] if alive else -1
        changed = now_id != ids[slot] or (alive and states[slot] != buckets.state[slot])
        if alive:
            row = (
                views.x[slot],
                views.y[slot],
                views.range_m[slot],
                views.near_m[slot],
                views.start_rad[slot],
                views.width_rad[slot],
                1.0 * views.px_m[slot],
                1.0 * views.height_m[slot],
                1.0 * views.directed[slot] + 2.0 * views.indoor[slot] + 4.0 * views.pieces[slot],
            )
            for k in range(FACTS):
                if facts[slot, k] != row[k]:
                    facts[slot, k] = row[k]
                    changed = True
        ids[slot], states[slot] = now_id, buckets.state[slot]
        if changed:
            found[n] = slot
            n += 1
    return n
