"""Kernels of the tally: views are counted in and out, and the sums follow sample by sample."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.lookup import BUCKET_M, NOBODY, Buckets, cell_hash
from vms.coverage.packed import IN_SIGHT, PackedViews, sight
from vms.coverage.tally_rows import (
    COVERS,
    FAULTY,
    IS_FAULTY,
    LIGHTS,
    NOTHING,
    USABLE,
    Bytes,
    Floats,
    Samples,
    Scratch,
    end_of_camera,
    rows_of_camera,
)

Longs = NDArray[np.int64]

NOT_COUNTED = 255
TOGETHER_M = 300.0
"""Samples within so wide a square share one look around."""
SURELY_LESS = 1.0 - 1e-6
"""Two ways of counting a density differ by less."""


class Counts(NamedTuple):
    """What the views counted so far make of the samples."""

    views: NDArray[np.uint16]
    """(n, 2, 5): how many cover, would if repaired, would if permitted, too coarse, blocked; by day, by night."""
    cause: Bytes
    """(n, 2): 0 covered, else the cheapest remedy's number."""
    best_px_per_m: NDArray[np.float32]
    """(n, 2): of usable views; entrances have none of their own."""
    stale: Bytes
    """1: the best view may have gone; within a change only."""
    length_mm: Longs
    """(figures, 2, 6): by cause."""
    places: Longs
    """(figures, 2, 6): by cause."""
    worth: Bytes
    """(slots, 2): as each view is counted; NOT_COUNTED: it is not."""


@compiled
def settle(samples: Samples, counts: Counts) -> None:
    """Causes and sums of all samples from what is counted; nothing was settled before."""
    for row in range(len(samples.x)):
        for light in range(LIGHTS):
            if samples.asked[row, light]:
                cause, together = NOTHING, 0
                for one in range(NOTHING):
                    together += counts.views[row, light, one]
                    if together >= samples.need_views[row]:
                        cause = one
                        break
                counts.cause[row, light] = cause
                counts.length_mm[samples.figure[row], light, cause] += samples.length_mm[row]
                counts.places[samples.figure[row], light, cause] += samples.is_place[row]


@compiled
def count_slots(
    segments: Floats,
    views: PackedViews,
    samples: Samples,
    counts: Counts,
    slots: Longs,
    camera: Longs,
    by_day: Bytes,
    by_night: Bytes,
    sign: int,
    settled: bool,
    scratch: Scratch,
) -> Longs:
    """Counts these views in (1) or out (-1): with this worth, or, going out, with the worth that they came in with.
    `camera`: whose each is; those of one follow each other, and count once.
    Causes and sums follow at once if they are `settled`. Answers the rows whose best view may have gone, each once."""
    count, cause, best, stale = counts.views, counts.cause, counts.best_px_per_m, counts.stale
    gone, n_gone = np.empty(256, np.int64), 0
    rows, densities, relations, shows = scratch.row, scratch.density, scratch.relation, scratch.shows
    figure, asked, need_views = samples.figure, samples.asked, samples.need_views
    begin, end = 0, 0
    while end < len(slots):
        begin, end = end, end_of_camera(camera, end)
        slot = slots[begin]
        if sign < 0:
            day, night = counts.worth[slot, 0], counts.worth[slot, 1]
            if day == NOT_COUNTED:
                continue
        else:
            day, night = by_day[begin], by_night[begin]
            if counts.worth[slot, 0] != NOT_COUNTED:
                continue
        for i in range(begin, end):
            counts.worth[slots[i], 0] = NOT_COUNTED if sign < 0 else day
            counts.worth[slots[i], 1] = NOT_COUNTED if sign < 0 else night
        n = rows_of_camera(segments, views, samples, slots, begin, end, day, night, scratch)
        for k in range(n):
            row = rows[k]
            for light in range(LIGHTS):
                worth = day if light == 0 else night
                if shows[k] and worth == USABLE:
                    if sign > 0:
                        best[row, light] = max(best[row, light], densities[k])
                    elif not stale[row] and densities[k] >= best[row, light] * SURELY_LESS:
                        stale[row] = 1
                        if n_gone == len(gone):
                            grown = np.empty(2 * n_gone, np.int64)
                            grown[:n_gone] = gone
                            gone = grown
                        gone[n_gone] = row
                        n_gone += 1
                relation = relations[k, light]
                if relation == NOTHING:
                    continue
                count[row, light, relation] += sign
                before = cause[row, light]
                if not settled or not asked[row, light] or relation > before:
                    continue
                after, together = NOTHING, 0
                for one in range(NOTHING):
                    together += count[row, light, one]
                    if together >= need_views[row]:
                        after = one
                        break
                if before != after:
                    cause[row, light] = after
                    counts.length_mm[figure[row], light, before] -= samples.length_mm[row]
                    counts.length_mm[figure[row], light, after] += samples.length_mm[row]
                    counts.places[figure[row], light, before] -= samples.is_place[row]
                    counts.places[figure[row], light, after] += samples.is_place[row]
    return gone[:n_gone]


@compiled
def usable_near(
    views: PackedViews, buckets: Buckets, worth: Bytes, west: float, south: float, east: float, north: float
) -> Longs:
    """Slots counted as usable, by day or by night, that reach into the box."""
    reach = buckets.longest_m[0]
    found, n = np.empty(256, np.int64), 0
    for line in range(
        max(buckets.extent[2], math.floor((south - reach) / BUCKET_M)),
        min(buckets.extent[3], math.floor((north + reach) / BUCKET_M)) + 1,
    ):
        for column in range(
            max(buckets.extent[0], math.floor((west - reach) / BUCKET_M)),
            min(buckets.extent[1], math.floor((east + reach) / BUCKET_M)) + 1,
        ):
            slot = buckets.head[cell_hash(column, line, len(buckets.head))]
            while slot != NOBODY:
                usable = worth[slot, 0] == USABLE or worth[slot, 1] == USABLE
                here = buckets.column[slot] == column and buckets.row[slot] == line
                if usable and here and views.directed[slot]:
                    x, y, r = views.x[slot], views.y[slot], views.range_m[slot]
                    if west - r <= x <= east + r and south - r <= y <= north + r:
                        if n == len(found):
                            grown = np.empty(2 * n, np.int64)
                            grown[:n] = found
                            found = grown
                        found[n] = slot
                        n += 1
                slot = buckets.following[slot]
    return found[:n]


@compiled
def refresh_best(
    segments: Floats, views: PackedViews, buckets: Buckets, samples: Samples, counts: Counts, rows: Longs
) -> None:
    """The best density of these samples anew, from the views that are counted; neighbours share one look around."""
    best, worth = counts.best_px_per_m, counts.worth
    begin = 0
    while begin < len(rows):
        west = east = samples.x[rows[begin]]
        south = north = samples.y[rows[begin]]
        end = begin
        while end < len(rows):
            x, y = samples.x[rows[end]], samples.y[rows[end]]
            if max(east, x) - min(west, x) > TOGETHER_M or max(north, y) - min(south, y) > TOGETHER_M:
                break
            west, east, south, north = min(west, x), max(east, x), min(south, y), max(north, y)
            end += 1
        near = usable_near(views, buckets, worth, west, south, east, north)
        at_x, at_y, square_m2 = views.x[near], views.y[near], views.range_m[near] ** 2
        for i in range(begin, end):
            row = rows[i]
            counts.stale[row] = 0
            best[row, 0], best[row, 1] = 0.0, 0.0
            x, y = samples.x[row], samples.y[row]
            for k in range(len(near)):
                dx, dy = x - at_x[k], y - at_y[k]
                square = dx * dx + dy * dy
                if square > square_m2[k]:
                    continue
                slot = near[k]
                density = np.float32(
                    views.px_m[slot] / max(math.sqrt(square + views.height_m[slot] * views.height_m[slot]), 0.1)
                )
                day = worth[slot, 0] == USABLE and density > best[row, 0]
                night = worth[slot, 1] == USABLE and density > best[row, 1]
                if not day and not night:
                    continue
                angle = (math.atan2(dy, dx) - views.start_rad[slot]) % (2.0 * math.pi)
                if angle <= views.width_rad[slot] and sight(segments, views, slot, x, y)[0] == IN_SIGHT:
                    if day:
                        best[row, 0] = density
                    if night:
                        best[row, 1] = density
        begin = end


@compiled
def lost_rows(
    segments: Floats,
    views: PackedViews,
    samples: Samples,
    counts: Counts,
    slots: Longs,
    camera: Longs,
    with_them: NDArray[np.uint16],
    without: NDArray[np.uint16],
    scratch: Scratch,
) -> Longs:
    """Rows covered by day with all of these healthy, and not without them. `with_them`, `without`: zeros per sample,
    left as they were found."""
    room, used = np.empty(1024, np.int64), 0
    begin, end = 0, 0
    while end < len(slots):
        begin, end = end, end_of_camera(camera, end)
        day = counts.worth[slots[begin], 0]
        if day != USABLE and day != FAULTY:
            continue
        n = rows_of_camera(segments, views, samples, slots, begin, end, day, day, scratch)
        for k in range(n):
            relation, row = scratch.relation[k, 0], scratch.row[k]
            if relation != COVERS and relation != IS_FAULTY:
                continue
            if with_them[row] == 0:
                if used == len(room):
                    grown = np.empty(2 * used, np.int64)
                    grown[:used] = room
                    room = grown
                room[used] = row
                used += 1
            with_them[row] += 1
            if relation == COVERS:
                without[row] += 1
    lost = 0
    for k in range(used):
        row = room[k]
        others = counts.views[row, 0, COVERS] - without[row]
        need = samples.need_views[row]
        if samples.asked[row, 0] and others < need and others + with_them[row] >= need:
            room[lost] = row
            lost += 1
        with_them[row], without[row] = 0, 0
    return room[:lost].copy()


@compiled
def prices(
    segments: Floats,
    views: PackedViews,
    samples: Samples,
    counts: Counts,
    slots: Longs,
    camera: Longs,
    weight: Floats,
    counted_mm: Longs,
    scratch: Scratch,
) -> Floats:
    """Per slot, a camera's first one for all of its sensors: metres, places, weighted worth that depend on it alone,
    and metres that it covers or would if it were healthy. By day; `weight` is a sample's whole worth, `counted_mm` its
    metres (0 where they count elsewhere)."""
    found = np.zeros((len(slots), 4))
    i, end = 0, 0
    while end < len(slots):
        i, end = end, end_of_camera(camera, end)
        day = counts.worth[slots[i], 0]
        if day != USABLE and day != FAULTY:
            continue
        wanted = COVERS if day == USABLE else IS_FAULTY
        n = rows_of_camera(segments, views, samples, slots, i, end, day, day, scratch)
        for k in range(n):
            row = scratch.row[k]
            if scratch.relation[k, 0] != wanted or not samples.asked[row, 0]:
                continue
            found[i, 3] += counted_mm[row] / 1000.0
            missing = samples.need_views[row] - counts.views[row, 0, COVERS]
            if missing == (0 if wanted == COVERS else 1):
                found[i, 0] += counted_mm[row] / 1000.0
                found[i, 1] += samples.is_place[row]
                found[i, 2] += weight[row]
    return found
