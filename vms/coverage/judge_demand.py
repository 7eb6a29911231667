"""Kernel that asks for spots, one by one: who sees it how well, and else what stands in the way and who is to blame."""

import math

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.lookup import BUCKET_M, NOBODY, Buckets, cell_hash
from vms.coverage.packed import IN_SIGHT, OUT_OF_REACH, PackedViews, sight
from vms.coverage.tally_rows import COVERS, NOTHING, USABLE, relation_of

Floats = NDArray[np.float64]

COVERED = 0


@compiled
def judge_samples(
    segments: Floats,
    views: PackedViews,
    buckets: Buckets,
    xy_m: Floats,
    need_px_per_m: Floats,
    need_views: NDArray[np.int64],
) -> tuple[NDArray[np.uint8], NDArray[np.int32], Floats, NDArray[np.int32]]:
    """Per sample: the cause (COVERED: none), how many usable views see it well enough, the best density of usable views
    (0: none sees it), and the slot that the cause names (NOBODY where it names none; the nearest of several).

    Knows nothing of entrances: each spot is judged where it is. A camera of several sensors counts once, by the one to
    which the spot is most.
    """
    n = len(xy_m)
    cause = np.full(n, NOTHING, np.uint8)
    seen_by = np.zeros(n, np.int32)
    best = np.zeros(n)
    named = np.full(n, NOBODY, np.int32)
    reach = buckets.longest_m[0]
    many = np.zeros(NOTHING, np.int64)
    met_id, met_relation = np.empty(64, np.int64), np.empty(64, np.int64)
    met_slot, met_m = np.empty(64, np.int64), np.empty(64)
    nearest_m = np.zeros(NOTHING)
    nearest = np.zeros(NOTHING, np.int64)
    for i in range(n):
        x, y = xy_m[i, 0], xy_m[i, 1]
        met = 0
        many[:] = 0
        nearest_m[:] = math.inf
        for row in range(
            max(buckets.extent[2], math.floor((y - reach) / BUCKET_M)),
            min(buckets.extent[3], math.floor((y + reach) / BUCKET_M)) + 1,
        ):
            for column in range(
                max(buckets.extent[0], math.floor((x - reach) / BUCKET_M)),
                min(buckets.extent[1], math.floor((x + reach) / BUCKET_M)) + 1,
            ):
                slot = buckets.head[cell_hash(column, row, len(buckets.head))]
                while slot != NOBODY:
                    dx, dy = x - views.x[slot], y - views.y[slot]
                    near = dx * dx + dy * dy <= views.range_m[slot] * views.range_m[slot]
                    if near and buckets.column[slot] == column and buckets.row[slot] == row and views.directed[slot]:
                        found, distance = sight(segments, views, slot, x, y)
                        if found != OUT_OF_REACH:
                            density = views.px_m[slot] / max(math.hypot(distance, views.height_m[slot]), 0.1)
                            if found == IN_SIGHT and buckets.state[slot] == USABLE:
                                best[i] = max(best[i], density)
                            relation = relation_of(found, density >= need_px_per_m[i], buckets.state[slot])
                            if relation != NOTHING:
                                known = 0
                                while known < met and met_id[known] != buckets.ids[slot]:
                                    known += 1
                                if known == len(met_id):
                                    met_id, met_relation = (
                                        np.append(met_id, met_id),
                                        np.append(met_relation, met_relation),
                                    )
                                    met_slot, met_m = np.append(met_slot, met_slot), np.append(met_m, met_m)
                                if known == met or relation < met_relation[known]:
                                    met_id[known], met_relation[known] = buckets.ids[slot], relation
                                    met_slot[known], met_m[known] = slot, distance
                                met = max(met, known + 1)
                    slot = buckets.following[slot]
        for known in range(met):
            relation = met_relation[known]
            many[relation] += 1
            if met_m[known] < nearest_m[relation]:
                nearest_m[relation], nearest[relation] = met_m[known], met_slot[known]
        seen_by[i] = many[COVERS]
        together = 0
        for relation in range(NOTHING):
            together += many[relation]
            if together >= need_views[i]:
                cause[i] = relation
                if relation != COVERED and many[relation]:
                    named[i] = nearest[relation]
                break
    return cause, seen_by, best, named
