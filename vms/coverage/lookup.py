"""Cameras hung into a hashed bucket grid, with all that a question needs of one lying in one place of memory."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.packed import PackedViews

Ints = NDArray[np.int32]
Block = NDArray[np.void]
"""Of records."""

BUCKET_M = 100.0
NOBODY = -1
USABLE = 0
ANY_RIGHTS = 0xFFFFFFFF
_HAIR = 1.0 + 1e-6

ROW = np.dtype(
    [
        ("x", "f8"),
        ("y", "f8"),
        ("range_m", "f8"),
        ("ids", "i8"),
        ("column", "i4"),
        ("row", "i4"),
        ("following", "i4"),
        ("rights", "u4"),
        ("middle_x", "f4"),
        ("middle_y", "f4"),
        ("least_cosine", "f4"),
        ("stamp", "i4"),
        ("near_m", "f8"),
        ("start_rad", "f8"),
        ("width_rad", "f8"),
        ("first", "i8"),
        ("pieces", "i4"),
        ("state", "u1"),
        ("alive", "u1"),
        ("lofty", "u1"),
        ("directed", "u1"),
    ],
    align=True,
)
"""A slot. `middle_x`, `middle_y` point to the middle of its sector, whose edges are `least_cosine` from there: -2 for a
full turn, 2 for who sees nothing."""

HEAD = np.dtype([("slot", "i4"), ("rights", "u4"), ("longest_m", "f4")], align=True)
"""Of a bucket: its first slot, all the rights that its slots have or had, and the longest range."""


class Buckets(NamedTuple):
    """Slots of one cell are a linked list; cells share heads by hash, so any extent costs the same.

    Columns of the two blocks: writing one writes the other.
    """

    head: Ints
    following: Ints
    column: Ints
    row: Ints
    ids: NDArray[np.int64]
    alive: NDArray[np.uint8]
    state: NDArray[np.uint8]
    rights: NDArray[np.uint32]
    """Who may have it: whoever asks brings a mask, and meets the slots that share a bit with it. To be written by
    `grant`, which tells the bucket."""
    extent: Ints
    """First and last column, first and last row ever used; then the stamp in use."""
    longest_m: NDArray[np.float64]
    """The longest range ever put in: how far to look for who sees."""


def empty_blocks(rows: int) -> tuple[Block, Block]:
    """Slots and heads."""
    slots = np.zeros(rows, ROW)
    slots["following"], slots["rights"] = NOBODY, ANY_RIGHTS
    heads = np.zeros(2 ** math.ceil(math.log2(max(16, 2 * rows))), HEAD)
    heads["slot"] = NOBODY
    return slots, heads


def columns_of(slots: Block, heads: Block) -> Buckets:
    """Of empty blocks."""
    far = np.iinfo(np.int32).max
    return Buckets(
        head=heads["slot"],
        following=slots["following"],
        column=slots["column"],
        row=slots["row"],
        ids=slots["ids"],
        alive=slots["alive"],
        state=slots["state"],
        rights=slots["rights"],
        extent=np.array([far, -far, far, -far, 1], np.int32),
        longest_m=np.zeros(1),
    )


@compiled
def cell_hash(column: int, row: int, heads: int) -> int:
    """Eight by eight neighbours lie side by side."""
    mixed = ((column >> 3) * 73856093) ^ ((row >> 3) * 19349663)
    return (((mixed ^ (mixed >> 15)) << 6) | ((row & 7) << 3) | (column & 7)) & (heads - 1)


@compiled
def link(
    slots: Block, heads: Block, extent: Ints, longest_m: NDArray[np.float64], views: PackedViews, slot: int
) -> None:
    """What the views say of the slot is taken over into its row."""
    it = slots[slot]
    it.x, it.y, it.range_m = views.x[slot], views.y[slot], views.range_m[slot]
    it.near_m, it.start_rad, it.width_rad = views.near_m[slot], views.start_rad[slot], views.width_rad[slot]
    it.first, it.pieces = views.first[slot], views.pieces[slot]
    it.lofty, it.directed = views.lofty[slot], views.directed[slot]
    middle = it.start_rad + 0.5 * it.width_rad
    it.middle_x, it.middle_y = math.cos(middle), math.sin(middle)
    it.least_cosine = -2.0 if it.width_rad >= 2.0 * math.pi else math.cos(0.5 * it.width_rad)
    if it.pieces == 0:
        it.least_cosine = 2.0
    it.column, it.row = math.floor(it.x / BUCKET_M), math.floor(it.y / BUCKET_M)
    head = heads[cell_hash(it.column, it.row, len(heads))]
    it.following = head.slot
    it.alive = 1
    head.slot = slot
    head.rights |= it.rights
    head.longest_m = max(head.longest_m, it.range_m * _HAIR)
    extent[0], extent[1] = min(extent[0], it.column), max(extent[1], it.column)
    extent[2], extent[3] = min(extent[2], it.row), max(extent[3], it.row)
    longest_m[0] = max(longest_m[0], it.range_m)


@compiled
def link_all(
    slots: Block, heads: Block, extent: Ints, longest_m: NDArray[np.float64], views: PackedViews, count: int
) -> None:
    for slot in range(count - 1, -1, -1):  # so that a list runs upwards in memory
        if slots[slot].alive:
            link(slots, heads, extent, longest_m, views, slot)


@compiled
def unlink(slots: Block, heads: Block, slot: int) -> None:
    it = slots[slot]
    head = heads[cell_hash(it.column, it.row, len(heads))]
    at = head.slot
    if at == slot:
        head.slot = it.following
    else:
        while slots[at].following != slot:
            at = slots[at].following
        slots[at].following = it.following
    it.alive = 0


@compiled
def grant(slots: Block, heads: Block, slot: int, rights: int) -> None:
    """The slot is in a bucket."""
    it = slots[slot]
    it.rights = rights
    heads[cell_hash(it.column, it.row, len(heads))].rights |= rights


def neighbours_first(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """An order in which rows of one cell, and cells near each other, follow each other."""
    column, row = np.floor(x / BUCKET_M).astype(np.int64), np.floor(y / BUCKET_M).astype(np.int64)
    within = ((row & 7) << 3) | (column & 7)
    return np.lexsort((within, column >> 3, row >> 3)).astype(np.int64)
