"""Room for the rows of an index: empty, grown, and in the order in which they lie near each other in town."""

import numpy as np
from numpy.typing import NDArray

from vms.coverage.packed import PackedViews

ROW_FIELDS = 15
"""How many of the packed fields hold one number per camera, before `first` and `pieces`."""


def empty_views(rows: int, pieces: int) -> PackedViews:
    reals = np.zeros((6, rows))
    singles = np.zeros((4, rows), np.float32)
    flags = np.zeros((5, rows), np.uint8)
    return PackedViews(
        x=reals[0],
        y=reals[1],
        range_m=reals[2],
        near_m=reals[3],
        start_rad=reals[4],
        width_rad=reals[5],
        px_m=singles[0],
        height_m=singles[1],
        directed=flags[0],
        indoor=flags[1],
        situation=flags[2],
        confidence=flags[3],
        lofty=flags[4],
        aim_start_rad=singles[2],
        aim_width_rad=singles[3],
        first=np.zeros(rows, np.int64),
        pieces=np.zeros(rows, np.int32),
        piece_end=np.empty(pieces),
        piece_wall=np.empty(pieces, np.int32),
    )


def with_rows(views: PackedViews, rows: int) -> PackedViews:
    """The same rows with room for more."""
    grown = empty_views(rows, 0)
    for old, new in zip(views[: ROW_FIELDS + 2], grown[: ROW_FIELDS + 2], strict=True):
        new[: len(old)] = old
    return grown._replace(piece_end=views.piece_end, piece_wall=views.piece_wall)


def in_order(views: PackedViews, order: NDArray[np.int64]) -> PackedViews:
    """A copy with other rows first; pieces follow each other as the rows do."""
    moved = empty_views(len(order), 0)
    for old, new in zip(views[: ROW_FIELDS + 2], moved[: ROW_FIELDS + 2], strict=True):
        np.take(old, order, out=new)
    room = int(moved.pieces.sum(dtype=np.int64))
    return with_pieces_together(moved._replace(piece_end=views.piece_end, piece_wall=views.piece_wall), None, room)


def with_pieces_together(views: PackedViews, slots: NDArray[np.int64] | None, room: int) -> PackedViews:
    """The pieces of these rows (None: of all) one after the other, with room for so many; `first` is written anew."""
    chosen = np.arange(views.rows) if slots is None else slots
    counts = views.pieces[chosen].astype(np.int64)
    firsts = np.cumsum(counts) - counts
    source = np.repeat(views.first[chosen] - firsts, counts) + np.arange(counts.sum())
    ends, walls = np.empty(room), np.empty(room, np.int32)
    ends[: len(source)], walls[: len(source)] = views.piece_end[source], views.piece_wall[source]
    views.first[chosen] = firsts
    return views._replace(piece_end=ends, piece_wall=walls)
