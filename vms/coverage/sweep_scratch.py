"""Room for one sweep, made once and used for many."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.coverage.turns import WHOLE_TURN

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

_BINS = 128
"""Of a full turn, as many in each quarter."""
_MET = 1024
"""A power of two."""
_CELLS = 128

_EDGES = np.linspace(0.0, WHOLE_TURN, _BINS + 1)
_EDGE_X = np.where(_EDGES <= 2.0, 1.0 - _EDGES, _EDGES - 3.0)
_EDGE_Y = np.where(_EDGES <= 1.0, _EDGES, np.where(_EDGES <= 3.0, 2.0 - _EDGES, _EDGES - 4.0))


class Scratch(NamedTuple):
    low: Floats
    high: Floats
    wall: Ints
    a: Floats
    b: Floats
    """Reciprocal distance of the wall's line in a direction (x, y), times that vector's length: a x + b y."""
    key: Floats
    order: Ints
    ends: Floats
    active: Ints
    piece_end: Floats
    piece_wall: Ints
    met: Ints
    """The walls met last, each at its number modulo how many there are."""
    cover_begin: Floats
    cover_end: Floats
    """Per bin what a and b of the nearest wall that fills it make at its two edges; 0: none fills it."""
    edge_x: Floats
    edge_y: Floats
    """Directions of the bins' edges, one more than bins."""
    cell_first: Longs
    cell_last: Longs
    """Of cells that are looked into next: where their walls begin and end among the grid's items."""


def scratch_for(intervals: int) -> Scratch:
    """Room for so many angular intervals; `sweep` answers -1 where it needs more."""
    return Scratch(
        low=np.empty(intervals),
        high=np.empty(intervals),
        wall=np.empty(intervals, np.int32),
        a=np.empty(intervals),
        b=np.empty(intervals),
        key=np.empty(intervals),
        order=np.empty(intervals, np.int32),
        ends=np.empty(2 * intervals + 2),
        active=np.empty(intervals, np.int32),
        piece_end=np.empty(2 * intervals + 2),
        piece_wall=np.empty(2 * intervals + 2, np.int32),
        met=np.empty(_MET, np.int32),
        cover_begin=np.empty(_BINS),
        cover_end=np.empty(_BINS),
        edge_x=_EDGE_X,
        edge_y=_EDGE_Y,
        cell_first=np.empty(_CELLS, np.int64),
        cell_last=np.empty(_CELLS, np.int64),
    )
