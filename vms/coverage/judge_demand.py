"""Kernel of the gaps: per sample of the demand, who sees it how well, and else what stands in the way."""

import math

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.lookup import BUCKET_M, NOBODY, USABLE, Buckets, head_of
from vms.coverage.packed import IN_SIGHT, OUT_OF_REACH, PackedViews, sight

Floats = NDArray[np.float64]

COVERED, FAULTY, NO_CONSENT, TOO_COARSE, BLOCKED_VIEW, NONE_BUILT = 0, 1, 2, 3, 4, 5


@compiled
def judge_samples(
    segments: Floats, views: PackedViews, buckets: Buckets, xy_m: Floats, need_px_per_m: Floats
) -> tuple[NDArray[np.uint8], NDArray[np.int32], Floats, NDArray[np.int32]]:
    """Per sample: the cause (COVERED: none), how many usable views see it well enough, the best density of usable views
    (0: none sees it), and the slot that the cause names (NOBODY for COVERED and NONE_BUILT; the nearest of several).
    """
    n = len(xy_m)
    cause = np.full(n, NONE_BUILT, np.uint8)
    seen_by = np.zeros(n, np.int32)
    best = np.zeros(n)
    named = np.full(n, NOBODY, np.int32)
    reach = buckets.longest_m[0]
    for i in range(n):
        x, y = xy_m[i, 0], xy_m[i, 1]
        named_distance = math.inf
        for row in range(
            max(buckets.extent[2], math.floor((y - reach) / BUCKET_M)),
            min(buckets.extent[3], math.floor((y + reach) / BUCKET_M)) + 1,
        ):
            for column in range(
                max(buckets.extent[0], math.floor((x - reach) / BUCKET_M)),
                min(buckets.extent[1], math.floor((x + reach) / BUCKET_M)) + 1,
            ):
                slot = buckets.head[head_of(buckets, column, row)]
                while slot != NOBODY:
                    if buckets.column[slot] == column and buckets.row[slot] == row and views.directed[slot]:
                        relation, distance = sight(segments, views, slot, x, y)
                        if relation != OUT_OF_REACH:
                            density = views.px_m[slot] / max(math.hypot(distance, views.height_m[slot]), 0.1)
                            found = NONE_BUILT
                            if relation == IN_SIGHT:
                                usable = buckets.state[slot] == USABLE
                                if usable:
                                    best[i] = max(best[i], density)
                                if density < need_px_per_m[i]:
                                    found = TOO_COARSE if usable else NONE_BUILT
                                elif usable:
                                    found = COVERED
                                    seen_by[i] += 1
                                else:
                                    found = FAULTY if buckets.state[slot] == FAULTY else NO_CONSENT
                            elif density >= need_px_per_m[i] and buckets.state[slot] == USABLE:
                                found = BLOCKED_VIEW
                            nearer = found == cause[i] and found != NONE_BUILT and distance < named_distance
                            if found < cause[i] or nearer:
                                cause[i], named[i], named_distance = found, slot, distance
                    slot = buckets.following[slot]
        if cause[i] == COVERED:
            named[i] = NOBODY
    return cause, seen_by, best, named
