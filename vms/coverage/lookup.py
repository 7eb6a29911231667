"""Kernels of the index: cameras hung into a hashed bucket grid, asked who sees a point and who is nearest to it."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.packed import IN_SIGHT, PackedViews, sight

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

BUCKET_M = 100.0
NOBODY = -1
USABLE = 0
ANY_RIGHTS = 0xFFFFFFFF
_HAIR = 1.0 + 1e-9


class Buckets(NamedTuple):
    """Slots of one cell are a linked list; cells share heads by hash, so any extent costs the same."""

    head: Ints
    following: Ints
    column: Ints
    row: Ints
    ids: Longs
    alive: NDArray[np.uint8]
    state: NDArray[np.uint8]
    rights: NDArray[np.uint32]
    """Who may have it: whoever asks brings a mask, and meets the slots that share a bit with it."""
    stamp: Ints
    extent: Ints
    """First and last column, first and last row ever used; then the stamp in use."""
    longest_m: Floats
    """The longest range ever put in: how far to look for who sees."""


class Found(NamedTuple):
    """Room for one answer."""

    slot: Ints
    relation: Ints
    distance_m: Floats
    square: Floats


@compiled
def cell_hash(column: int, row: int, heads: int) -> int:
    mixed = (column * 73856093) ^ (row * 19349663)
    return (mixed ^ (mixed >> 15)) & (heads - 1)


@compiled
def head_of(buckets: Buckets, column: int, row: int) -> int:
    return cell_hash(column, row, len(buckets.head))


@compiled
def link(buckets: Buckets, views: PackedViews, slot: int) -> None:
    column, row = math.floor(views.x[slot] / BUCKET_M), math.floor(views.y[slot] / BUCKET_M)
    head = head_of(buckets, column, row)
    buckets.column[slot], buckets.row[slot] = column, row
    buckets.following[slot] = buckets.head[head]
    buckets.head[head] = slot
    buckets.alive[slot] = 1
    buckets.extent[0], buckets.extent[1] = min(buckets.extent[0], column), max(buckets.extent[1], column)
    buckets.extent[2], buckets.extent[3] = min(buckets.extent[2], row), max(buckets.extent[3], row)
    buckets.longest_m[0] = max(buckets.longest_m[0], views.range_m[slot])


@compiled
def link_all(buckets: Buckets, views: PackedViews, slots: int) -> None:
    for slot in range(slots):
        if buckets.alive[slot]:
            link(buckets, views, slot)


@compiled
def unlink(buckets: Buckets, slot: int) -> None:
    head = head_of(buckets, buckets.column[slot], buckets.row[slot])
    at = buckets.head[head]
    if at == slot:
        buckets.head[head] = buckets.following[slot]
    else:
        while buckets.following[at] != slot:
            at = buckets.following[at]
        buckets.following[at] = buckets.following[slot]
    buckets.alive[slot] = 0


@compiled
def find_seers(
    segments: Floats, views: PackedViews, buckets: Buckets, x: float, y: float, rights: int, found: Found
) -> int:
    """Everybody with the point in sight and one of the rights, stamped, in no order."""
    buckets.extent[4] += 1
    turn = buckets.extent[4]
    reach = buckets.longest_m[0]
    n = 0
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
                dx, dy = x - views.x[slot], y - views.y[slot]
                near_enough = dx * dx + dy * dy <= views.range_m[slot] * views.range_m[slot] * _HAIR
                here = near_enough and buckets.column[slot] == column and buckets.row[slot] == row
                if here and buckets.rights[slot] & rights:
                    relation, distance = sight(segments, views, slot, x, y)
                    if relation == IN_SIGHT and n < len(found.slot):
                        found.slot[n], found.relation[n], found.distance_m[n] = slot, relation, distance
                        buckets.stamp[slot] = turn
                        n += 1
                slot = buckets.following[slot]
    return n


@compiled
def keep_nearest(
    ids: Longs, slots: Ints, squares: Floats, slot: int, square: float, begin: int, n: int, want: int
) -> int:
    """Insert a slot into the sorted list from `begin`, ordered by distance, then id; answers the list's new length."""
    if n == want:
        last = begin + n - 1
        if square > squares[last] or (square == squares[last] and ids[slot] > ids[slots[last]]):
            return n
    else:
        n += 1
    at = begin + n - 1
    while at > begin and (squares[at - 1] > square or (squares[at - 1] == square and ids[slots[at - 1]] > ids[slot])):
        squares[at], slots[at] = squares[at - 1], slots[at - 1]
        at -= 1
    squares[at], slots[at] = square, slot
    return n


@compiled
def find_nearest(
    views: PackedViews,
    buckets: Buckets,
    slots: int,
    x: float,
    y: float,
    want: int,
    only_usable: bool,
    rights: int,
    found: Found,
    begin: int,
) -> int:
    """The nearest unstamped slots with one of the rights, ring after ring of cells; answers how many.

    The rows' relation is not filled in.
    """
    turn, ids = buckets.extent[4], buckets.ids
    want = min(want, len(found.slot) - begin)
    if want <= 0 or buckets.extent[0] > buckets.extent[1]:
        return 0
    here_column, here_row = math.floor(x / BUCKET_M), math.floor(y / BUCKET_M)
    left, right = buckets.extent[0] - here_column, buckets.extent[1] - here_column
    bottom, top = buckets.extent[2] - here_row, buckets.extent[3] - here_row
    to_edge = min(
        x - here_column * BUCKET_M, (here_column + 1) * BUCKET_M - x, y - here_row * BUCKET_M,
        (here_row + 1) * BUCKET_M - y,
    )  # fmt: skip
    ring = max(0, left, -right, bottom, -top)
    last_ring = max(abs(left), abs(right), abs(bottom), abs(top))
    visited, n = 0, 0
    while ring <= last_ring:
        if visited > slots + 1_000:
            n = 0
            for slot in range(slots):
                wanted = buckets.rights[slot] & rights and not (only_usable and buckets.state[slot])
                if wanted and buckets.alive[slot] and buckets.stamp[slot] != turn:
                    dx, dy = x - views.x[slot], y - views.y[slot]
                    n = keep_nearest(ids, found.slot, found.square, slot, dx * dx + dy * dy, begin, n, want)
            return n
        for row in range(max(bottom, -ring), min(top, ring) + 1):
            whole = row in (-ring, ring)
            column = max(left, -ring) if whole else -ring
            while column <= min(right, ring):
                if left <= column <= right:
                    visited += 1
                    slot = buckets.head[head_of(buckets, here_column + column, here_row + row)]
                    while slot != NOBODY:
                        dx, dy = x - views.x[slot], y - views.y[slot]
                        square = dx * dx + dy * dy
                        if (
                            (n < want or square <= found.square[begin + n - 1])
                            and buckets.column[slot] == here_column + column
                            and buckets.row[slot] == here_row + row
                            and buckets.stamp[slot] != turn
                            and buckets.rights[slot] & rights
                            and not (only_usable and buckets.state[slot])
                        ):
                            n = keep_nearest(ids, found.slot, found.square, slot, square, begin, n, want)
                        slot = buckets.following[slot]
                column += 1 if whole or ring == 0 else 2 * ring
        if n == want:
            clear = ring * BUCKET_M + to_edge
            if found.square[begin + n - 1] < clear * clear:
                return n
        ring += 1
    return n


@compiled
def look_up(
    segments: Floats,
    views: PackedViews,
    buckets: Buckets,
    slots: int,
    x: float,
    y: float,
    total: int,
    least_usable: int,
    rights: int,
    found: Found,
) -> int:
    """Everybody who sees the point, then the nearest others to `total` rows, then to `least_usable` usable ones."""
    n = find_seers(segments, views, buckets, x, y, rights, found)
    for only_usable in (False, True):
        if only_usable:
            usable = 0
            for k in range(n):
                usable += 1 if buckets.state[found.slot[k]] == USABLE else 0
            want = least_usable - usable
        else:
            want = total - n
        more = find_nearest(views, buckets, slots, x, y, want, only_usable, rights, found, n)
        for k in range(n, n + more):
            relation, distance = sight(segments, views, found.slot[k], x, y)
            found.relation[k], found.distance_m[k] = relation, distance
            buckets.stamp[found.slot[k]] = buckets.extent[4]
        n += more
    return n
