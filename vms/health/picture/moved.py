"""Another view of the same place: which shift, mirroring, turn or zoom makes the normal view what is seen now."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vms.health.picture.statistics import LOOK_COLUMNS, LOOK_ROWS

LEAST_OVERLAP = 0.4
"""Of the points: less of two views tells nothing."""
HELD_POINTS = 1
"""A mast in the wind, and what a point's rounding hides: so far a shift is none."""
LEAST_ENERGY = 0.35
"""Of the structure that is seen now: what is explained is not only an edge of something that stands before it."""
TURNS_DEG = (-30.0, -23.0, -17.0, -12.0, -8.0, 8.0, 12.0, 17.0, 23.0, 30.0, 90.0, 270.0)
ZOOMS = (1.25, 1.5, 2.0)
WIDER = 0.7
_PADDED = (64, 96)
"""Rows and columns that hold any shift without wrapping."""

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Moved:
    alike: float
    """-1 … 1 at the best movement other than none."""
    held: float
    """The same without any movement."""
    how: str


def best_move(normal: bytes, seen: bytes) -> Moved:
    """0.6 ms: for views that differ only."""
    before, now = _points(normal), _points(seen)
    whole = np.ones_like(now)
    held, best = _best_shift(before, now, whole, "")
    for how, rows, columns, weight in _resampled():
        alike = _alike(before[rows, columns] * weight, now, weight)
        best = max(best, Moved(alike, held, how), key=lambda moved: moved.alike)
    for zoom in ZOOMS:
        rows, columns, inside = _shrunk(zoom)
        _, enlarged = _best_shift(before, now[rows, columns] * inside, inside, f"enlarged {zoom:g} times")
        best = max(best, Moved(enlarged.alike, held, enlarged.how), key=lambda moved: moved.alike)
    return best


def _points(look: bytes) -> Points:
    return np.frombuffer(look, dtype=np.int8).reshape(LOOK_ROWS, LOOK_COLUMNS).astype(np.float32)


def _alike(one: Points, other: Points, weight: Points) -> float:
    power = float((one * one * weight).sum() * (other * other * weight).sum())
    return float((one * other * weight).sum()) / power**0.5 if power > 0 else 0.0


def _best_shift(before: Points, now: Points, inside: Points, how: str) -> tuple[float, Moved]:
    """Alike without a shift, and the best one: one transform for all of them. `inside`: 1 where `now` shows something;
    `how`: what else was done to it, which makes no shift one as well."""
    spectra = [
        np.fft.rfft2(v, s=_PADDED) for v in (before, before * before, np.ones_like(before), now, now * now, inside)
    ]
    stacked = np.stack([np.conj(spectra[a]) * spectra[b] for a, b in ((0, 3), (1, 5), (2, 4), (2, 5))])
    together, own, theirs, overlap = np.fft.irfft2(stacked, s=_PADDED)
    enough = (overlap >= LEAST_OVERLAP * inside.sum()) & (theirs >= LEAST_ENERGY * (now * now).sum())
    alike = np.where(enough, together / np.sqrt(np.maximum(own, 1) * np.maximum(theirs, 1)), -1.0)
    held = float(alike[_NEAR].max())
    far = alike if how else np.where(_NEAR, -1.0, alike)
    row, column = np.unravel_index(int(far.argmax()), far.shape)
    right, down = int(_SHIFTS_RIGHT[column]) / LOOK_COLUMNS, int(_SHIFTS_DOWN[row]) / LOOK_ROWS
    shifted = f"shifted by {right:+.0%} of the width, {down:+.0%} of the height"
    return held, Moved(float(far[row, column]), held, how or shifted)


@lru_cache(maxsize=8)
def _shrunk(zoom: float) -> tuple[NDArray[np.intp], NDArray[np.intp], Points]:
    """Where each point of a picture that was enlarged so often comes from when it is made small again."""
    rows, columns = np.mgrid[:LOOK_ROWS, :LOOK_COLUMNS].astype(np.float64)
    row = np.rint((rows - (LOOK_ROWS - 1) / 2) * zoom + (LOOK_ROWS - 1) / 2).astype(np.intp)
    column = np.rint((columns - (LOOK_COLUMNS - 1) / 2) * zoom + (LOOK_COLUMNS - 1) / 2).astype(np.intp)
    inside = (row >= 0) & (row < LOOK_ROWS) & (column >= 0) & (column < LOOK_COLUMNS)
    return np.clip(row, 0, LOOK_ROWS - 1), np.clip(column, 0, LOOK_COLUMNS - 1), inside.astype(np.float32)


_SHIFTS_DOWN = np.fft.fftfreq(_PADDED[0], 1 / _PADDED[0]).astype(int)
_SHIFTS_RIGHT = np.fft.fftfreq(_PADDED[1], 1 / _PADDED[1]).astype(int)
_NEAR = (np.abs(_SHIFTS_DOWN) <= HELD_POINTS)[:, None] & (np.abs(_SHIFTS_RIGHT) <= HELD_POINTS)[None, :]


@lru_cache(maxsize=1)
def _resampled() -> tuple[tuple[str, NDArray[np.intp], NDArray[np.intp], Points], ...]:
    """For each movement that is no shift: where each point comes from, and 1 where that lies in the picture."""
    rows, columns = np.mgrid[:LOOK_ROWS, :LOOK_COLUMNS].astype(np.float64)
    down, right = rows - (LOOK_ROWS - 1) / 2, columns - (LOOK_COLUMNS - 1) / 2
    tall, wide = 9 / LOOK_ROWS, 16 / LOOK_COLUMNS
    ways = [("mirrored", down, -right), ("upside down", -down, right), ("turned by 180°", -down, -right)]
    for angle in TURNS_DEG:
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        across, along = right * wide, down * tall
        ways.append((f"turned by {angle:.0f}°", (s * across + c * along) / tall, (c * across - s * along) / wide))
    ways.append((f"enlarged {WIDER:g} times", down / WIDER, right / WIDER))
    found = []
    for how, from_down, from_right in ways:
        row = np.rint(from_down + (LOOK_ROWS - 1) / 2).astype(np.intp)
        column = np.rint(from_right + (LOOK_COLUMNS - 1) / 2).astype(np.intp)
        inside = (row >= 0) & (row < LOOK_ROWS) & (column >= 0) & (column < LOOK_COLUMNS)
        clipped = np.clip(row, 0, LOOK_ROWS - 1), np.clip(column, 0, LOOK_COLUMNS - 1)
        found.append((how, *clipped, inside.astype(np.float32)))
    return tuple(found)
