"""Kernels that ask the bucket grid: who sees a point, who is nearest to it."""

import math

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.density import LEAST_SLANT_M
from vms.coverage.lookup import BUCKET_M, NOBODY, USABLE, Block, Ints, cell_hash
from vms.coverage.packed import BLOCKED, IN_SIGHT, PackedViews, aims_at, sight_from

Floats = NDArray[np.float64]

_HAIR = 1.0 + 1e-9
_ASIDE = 1e-5
"""A point so far outside a sector, as a share of its distance, is outside however cosines were rounded."""

FOUND = np.dtype(
    [("slot", "i4"), ("relation", "u1"), ("rank", "u1"), ("sees", "?"), ("sight", "u1"), ("id", "i8"),
     ("distance_m", "f8"), ("square", "f8"), ("density_px_per_m", "f8"), ("state", "u1"),
     ("confidence", "u1"), ("aimed", "?")],
    align=True,
)  # fmt: skip
"""Of an answer. `sees`: in sight, also of undirected cameras; `rank`: 0 of directed ones, 1 of others, 2 not in
sight. `tell` fills in `sight` and what follows `square`."""
SEES, COULD_SEE, IS_BLOCKED, ELSEWHERE = 0, 1, 2, 3
"""As `sight` has it."""


@compiled
def square_to_cell(x: float, y: float, column: int, row: int) -> float:
    """To the nearest point of a cell."""
    dx = max(column * BUCKET_M - x, x - (column + 1) * BUCKET_M, 0.0)
    dy = max(row * BUCKET_M - y, y - (row + 1) * BUCKET_M, 0.0)
    return dx * dx + dy * dy


@compiled
def judge(
    slots: Block, segments: Floats, piece_end: Floats, piece_wall: Ints, x: float, y: float, found: Block, k: int
) -> None:
    """Fill in what is found of the slot at place `k`."""
    one = found[k]
    it = slots[one.slot]
    relation, distance = sight_from(
        segments, piece_end, piece_wall, it.x, it.y, it.range_m, it.near_m, it.start_rad, it.width_rad, it.lofty,
        it.first, it.pieces, x, y,
    )  # fmt: skip
    one.relation, one.distance_m, one.id = relation, distance, it.ids
    one.sees = relation == IN_SIGHT
    one.rank = 2 if relation != IN_SIGHT else 1 - it.directed


@compiled
def find_seers(
    slots: Block,
    heads: Block,
    extent: Ints,
    longest_m: Floats,
    segments: Floats,
    piece_end: Floats,
    piece_wall: Ints,
    x: float,
    y: float,
    rights: int,
    found: Block,
) -> int:
    """Everybody with the point in sight and one of the rights, stamped, in no order."""
    extent[4] += 1
    turn, reach = extent[4], longest_m[0]
    n = 0
    for row in range(
        max(extent[2], math.floor((y - reach) / BUCKET_M)), min(extent[3], math.floor((y + reach) / BUCKET_M)) + 1
    ):
        for column in range(
            max(extent[0], math.floor((x - reach) / BUCKET_M)), min(extent[1], math.floor((x + reach) / BUCKET_M)) + 1
        ):
            head = heads[cell_hash(column, row, len(heads))]
            slot = head.slot
            if not head.rights & rights or square_to_cell(x, y, column, row) > head.longest_m * head.longest_m * _HAIR:
                slot = NOBODY
            while slot != NOBODY:
                it = slots[slot]
                dx, dy = x - it.x, y - it.y
                square = dx * dx + dy * dy
                if (
                    square <= it.range_m * it.range_m * _HAIR
                    and it.column == column
                    and it.row == row
                    and it.rights & rights
                    and n < len(found)
                    and dx * it.middle_x + dy * it.middle_y >= (it.least_cosine - _ASIDE) * math.sqrt(square)
                ):
                    found[n].slot = slot
                    judge(slots, segments, piece_end, piece_wall, x, y, found, n)
                    if found[n].sees:
                        it.stamp = turn
                        n += 1
                slot = it.following
    return n


@compiled
def keep_nearest(found: Block, slot: int, camera_id: int, square: float, begin: int, n: int, want: int) -> int:
    """Insert a slot into the sorted list from `begin`, ordered by distance, then id; answers the list's new length."""
    if n == want:
        last = found[begin + n - 1]
        if square > last.square or (square == last.square and camera_id > last.id):
            return n
    else:
        n += 1
    at = begin + n - 1
    while at > begin:
        before = found[at - 1]
        if before.square < square or (before.square == square and before.id <= camera_id):
            break
        found[at].square, found[at].slot, found[at].id = before.square, before.slot, before.id
        at -= 1
    found[at].square, found[at].slot, found[at].id = square, slot, camera_id
    return n


@compiled
def find_nearest(
    slots: Block,
    heads: Block,
    extent: Ints,
    count: int,
    x: float,
    y: float,
    want: int,
    only_usable: bool,
    rights: int,
    found: Block,
    begin: int,
) -> int:
    """The nearest unstamped slots with one of the rights, ring after ring of cells; answers how many.

    What they see is not filled in.
    """
    turn = extent[4]
    want = min(want, len(found) - begin)
    if want <= 0 or extent[0] > extent[1]:
        return 0
    here_column, here_row = math.floor(x / BUCKET_M), math.floor(y / BUCKET_M)
    left, right = extent[0] - here_column, extent[1] - here_column
    bottom, top = extent[2] - here_row, extent[3] - here_row
    to_edge = min(
        x - here_column * BUCKET_M, (here_column + 1) * BUCKET_M - x, y - here_row * BUCKET_M,
        (here_row + 1) * BUCKET_M - y,
    )  # fmt: skip
    ring = max(0, left, -right, bottom, -top)
    last_ring = max(abs(left), abs(right), abs(bottom), abs(top))
    visited, n, farthest = 0, 0, math.inf
    while ring <= last_ring:
        if visited > count + 1_000:
            n = 0
            for slot in range(count):
                it = slots[slot]
                if it.alive and it.stamp != turn and it.rights & rights and not (only_usable and it.state != USABLE):
                    dx, dy = x - it.x, y - it.y
                    n = keep_nearest(found, slot, it.ids, dx * dx + dy * dy, begin, n, want)
            return n
        for row in range(max(bottom, -ring), min(top, ring) + 1):
            whole = row in (-ring, ring)
            column = max(left, -ring) if whole else -ring
            while column <= min(right, ring):
                if left <= column <= right:
                    visited += 1
                    this_column, this_row = here_column + column, here_row + row
                    head = heads[cell_hash(this_column, this_row, len(heads))]
                    slot = head.slot
                    if not head.rights & rights or square_to_cell(x, y, this_column, this_row) > farthest * _HAIR:
                        slot = NOBODY
                    while slot != NOBODY:
                        it = slots[slot]
                        dx, dy = x - it.x, y - it.y
                        square = dx * dx + dy * dy
                        if (
                            square <= farthest
                            and it.rights & rights
                            and it.column == this_column
                            and it.row == this_row
                            and it.stamp != turn
                            and not (only_usable and it.state != USABLE)
                        ):
                            n = keep_nearest(found, slot, it.ids, square, begin, n, want)
                            if n == want:
                                farthest = found[begin + n - 1].square
                        slot = it.following
                column += 1 if whole or ring == 0 else 2 * ring
        if n == want:
            clear = ring * BUCKET_M + to_edge
            if farthest < clear * clear:
                return n
        ring += 1
    return n


@compiled
def comes_before(found: Block, a: int, b: int) -> bool:
    one, other = found[a], found[b]
    if one.rank != other.rank:
        return bool(one.rank < other.rank)
    if one.distance_m != other.distance_m:
        return bool(one.distance_m < other.distance_m)
    return bool(one.id < other.id)


@compiled
def put_in_order(found: Block, n: int) -> None:
    """In sight first, each part nearest first, ties by id (shell sort: most are in order already)."""
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            j = i
            while j >= gap and comes_before(found, j, j - gap):
                one, other = found[j], found[j - gap]
                one.slot, other.slot = other.slot, one.slot
                one.relation, other.relation = other.relation, one.relation
                one.rank, other.rank = other.rank, one.rank
                one.sees, other.sees = other.sees, one.sees
                one.id, other.id = other.id, one.id
                one.distance_m, other.distance_m = other.distance_m, one.distance_m
                j -= gap
        gap //= 3


@compiled
def look_up(
    slots: Block,
    heads: Block,
    extent: Ints,
    longest_m: Floats,
    count: int,
    segments: Floats,
    piece_end: Floats,
    piece_wall: Ints,
    x: float,
    y: float,
    seers: bool,
    total: int,
    least_usable: int,
    rights: int,
    found: Block,
) -> int:
    """Everybody who sees the point, then the nearest others to `total` rows, then to `least_usable` usable ones.

    In order. Without `seers` who sees it comes first only where it is among the nearest. Of `count` slots in use.
    """
    n = 0
    if seers:
        n = find_seers(slots, heads, extent, longest_m, segments, piece_end, piece_wall, x, y, rights, found)
    else:
        extent[4] += 1
    for only_usable in (False, True):
        want = total - n
        if only_usable:
            want = least_usable
            for k in range(n if least_usable > 0 else 0):
                want -= 1 if slots[found[k].slot].state == USABLE else 0
        if want > 0:
            more = find_nearest(slots, heads, extent, count, x, y, want, only_usable, rights, found, n)
            for k in range(n, n + more):
                judge(slots, segments, piece_end, piece_wall, x, y, found, k)
                slots[found[k].slot].stamp = extent[4]
            n += more
    put_in_order(found, n)
    return n


@compiled
def tell(slots: Block, views: PackedViews, x: float, y: float, found: Block, n: int) -> None:
    """Fill in what is told of what was found: what it sees, how well, and what that is worth."""
    for k in range(n):
        one = found[k]
        slot = one.slot
        height_m = views.height_m[slot]
        slant_m = math.sqrt(one.distance_m * one.distance_m + height_m * height_m)
        one.density_px_per_m = views.px_m[slot] / max(slant_m, LEAST_SLANT_M)
        one.state, one.confidence = slots[slot].state, views.confidence[slot]
        one.aimed = views.aim_width_rad[slot] < 0.0 or aims_at(views, slot, x, y)
        if one.relation == IN_SIGHT:
            one.sight = SEES if views.directed[slot] else COULD_SEE
        else:
            one.sight = IS_BLOCKED if one.relation == BLOCKED else ELSEWHERE
