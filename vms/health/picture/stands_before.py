"""What stands before a part of the view: one piece shows something else, and all beside it is as it ever was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.health.picture.baseline import LightBaseline
from vms.health.picture.cells import cells_of, largest_piece, with_near
from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS, LOOK_COLUMNS, LOOK_ROWS, PictureStatistics

AROUND = 2
"""Points on either side by which a cell's structure is told."""
STRUCTURE = 12.0**2
"""Mean square of the look around a cell, below which it has none."""
LIKE, HARDLY_LIKE = 0.35, 0.6
OTHER_LEVELS, OTHER_SHARE = 25.0, 0.25
"""A cell so much brighter or darker than the light explains shows something else where it has no structure."""
BRIGHT, BURNT = 160.0, 242.0
"""Luma of a cell that was bright, and of one that is burnt out."""
LEAST_REST = LEAST_INSIDE = 6
"""Cells."""
HOLDING_SHARE, HOLDING_ALIKE = 0.15, 0.83
"""Share of the picture that lies well beside the piece, and how much of that shows its own structure."""
SHOWN_STEPS = 8
"""Detail (quarters of a level) of a cell in which something is to be seen."""

Cells = NDArray[np.bool_]
_ROWS = (np.arange(GRID_ROWS) * 2 + 1) * LOOK_ROWS // (2 * GRID_ROWS)
_COLUMNS = (np.arange(GRID_COLUMNS) * 2 + 1) * LOOK_COLUMNS // (2 * GRID_COLUMNS)


@dataclass(frozen=True, slots=True)
class Piece:
    share: float
    """Of the picture."""
    rest_kept: float
    """Share of the cells well beside it that show what they ever did; 0 where hardly any are left."""
    same_light: bool
    """Beside it, it is as bright as ever: it is the piece that makes the picture darker, brighter or more colourful."""
    shows: float
    """Share of its inside in which there is something to see, large and small: another view has that, and what hangs
    right before the lens has not."""
    holds: bool
    """So much beside it shows the very structure that it ever did that the camera cannot have moved."""


def what_stands_before(seen: PictureStatistics, normal: LightBaseline) -> Piece:
    structured, like = _structure(normal.look, seen.look)
    changed, same_light = _changed(seen, normal, structured, like)
    piece = largest_piece(changed, np.zeros_like(changed))
    rest = ~with_near(piece)
    kept = float(np.mean(~changed[rest])) if np.count_nonzero(rest) >= LEAST_REST else 0.0
    as_ever = structured & (like >= HARDLY_LIKE)
    holds = np.mean(rest) >= HOLDING_SHARE and np.mean(as_ever[rest]) >= HOLDING_ALIKE
    return Piece(float(np.mean(piece)), kept, same_light, _shown_inside(piece, seen), bool(holds))


def _shown_inside(piece: Cells, seen: PictureStatistics) -> float:
    inside = ~with_near(~piece)
    if np.count_nonzero(inside) < LEAST_INSIDE:
        inside = piece
    points = _points(seen.look)
    shown = (_around(points * points) > STRUCTURE) & (cells_of(seen.cell_detail) >= SHOWN_STEPS)
    return float(np.mean(shown[inside])) if inside.any() else 0.0


def changed_cells(seen: PictureStatistics, normal: LightBaseline) -> tuple[Cells, bool]:
    """Those that show something else, and whether the light is the usual one."""
    return _changed(seen, normal, *_structure(normal.look, seen.look))


def _changed(
    seen: PictureStatistics, normal: LightBaseline, structured: Cells, like: NDArray[np.float64]
) -> tuple[Cells, bool]:
    before, now = cells_of(normal.cell_luma), cells_of(seen.cell_luma)
    gain = float(np.median((now + 1) / (before + 1)))
    as_it_is, in_other_light = _otherwise(before, now, 1.0), _otherwise(before, now, gain)
    same_light = bool(np.count_nonzero(as_it_is) <= np.count_nonzero(in_other_light))
    otherwise = as_it_is if same_light else in_other_light
    changed = (structured & (like < LIKE)) | (~structured & otherwise) | (otherwise & (like < HARDLY_LIKE))
    return changed, same_light


def _otherwise(before: NDArray[np.float64], now: NDArray[np.float64], gain: float) -> Cells:
    away = np.abs(now - np.minimum(gain * before, 255))
    other = away > np.maximum(OTHER_LEVELS, OTHER_SHARE * before)
    return np.asarray(other & ~burnt_out(before, now), dtype=np.bool_)


def burnt_out(before: NDArray[np.float64], now: NDArray[np.float64]) -> Cells:
    """A sky that the sun made white is the same sky."""
    return np.asarray((before >= BRIGHT) & (now >= BURNT), dtype=np.bool_)


def _structure(look: bytes, other: bytes) -> tuple[Cells, NDArray[np.float64]]:
    """For each cell whether there is any, before or now, and how alike the two are: -1 … 1."""
    one, two = _points(look), _points(other)
    own, theirs, both = (_around(values) for values in (one * one, two * two, one * two))
    like = both / np.sqrt(np.maximum(own * theirs, 1.0))
    return np.asarray(np.maximum(own, theirs) > STRUCTURE, dtype=np.bool_), like


def _points(look: bytes) -> NDArray[np.float64]:
    return np.frombuffer(look, dtype=np.int8).reshape(LOOK_ROWS, LOOK_COLUMNS).astype(np.float64)


def _around(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean around the middle of each cell."""
    sums = np.pad(values, AROUND, mode="edge").cumsum(axis=0).cumsum(axis=1)
    sums = np.pad(sums, ((1, 0), (1, 0)))
    side = 2 * AROUND + 1
    whole = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.asarray(whole[np.ix_(_ROWS, _COLUMNS)] / side**2, dtype=np.float64)
