"""Patterns that no scene has: stripes equal from side to side, and edges on an exact grid."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.media.diagnosis.decode import Picture

Floats = NDArray[np.float32]
STRIPS = 8
WIDEST_SHARE, WIDEST_BAND_SHARE = 1 / 24, 1 / 5
"""Stripes wider than the first share of the picture are bands, wider than the second are light."""
MOST_LEVELS = 60
SHORTEST_GRID_PX, LONGEST_GRID_PX = 4, 40
BANDS = 3
RETURNS_BY_CHANCE = 0.15
TELLING_COHERENCE = 0.25
"""Below, nothing goes from side to side, and nobody asks how regular it is."""
WORTH_A_LOOK, WORTH_STEP = 0.35, 2.0
"""Steps that repeat less, or stand out less, are no blocks; nobody asks whether they are straight."""
STRAIGHT_PX = 5
STEP_PER_LEVEL = 1.6
"""Steps of less than two levels are what every JPEG leaves on its own grid."""
FIRST_SHARE = 0.9
"""A grid repeats at twice its spacing too: the first that is as good counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripes:
    amplitude: float
    coherence: float
    peak: float


def measure_stripes(luma: Picture) -> tuple[Stripes, Stripes, Stripes]:
    """Horizontal stripes, vertical stripes, and the wide horizontal bands of a shutter that runs against the lamps."""
    rows = _along_rows(luma, STRIPS)
    return (
        _stripes(rows, WIDEST_SHARE),
        _stripes(_along_columns(luma, STRIPS), WIDEST_SHARE),
        _stripes(rows, WIDEST_BAND_SHARE),
    )


def _along_rows(values: NDArray[Any], parts: int) -> Floats:
    """Mean of each row in each of so many upright parts; parts × rows."""
    edges = [part * values.shape[1] // parts for part in range(parts + 1)]
    means = [
        cv2.reduce(values[:, first : max(last, first + 1)], 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
        for first, last in pairwise(edges)
    ]
    return np.asarray(means, dtype=np.float32)[:, :, 0]


def _along_columns(values: NDArray[Any], parts: int) -> Floats:
    """The same the other way: parts × columns."""
    edges = [part * values.shape[0] // parts for part in range(parts + 1)]
    means = [
        cv2.reduce(values[first : max(last, first + 1)], 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
        for first, last in pairwise(edges)
    ]
    return np.asarray(means, dtype=np.float32)[:, 0, :]


@lru_cache(maxsize=64)
def _window(places: int) -> NDArray[np.float64]:
    return np.hanning(places)


def _stripes(profiles: Floats, widest_share: float) -> Stripes:
    """`profiles`: strips × places."""
    places = profiles.shape[1]
    smooth = cv2.blur(profiles, (max(3, int(places * widest_share) | 1), 1), borderType=cv2.BORDER_REFLECT)
    waves = np.clip(profiles - smooth, -MOST_LEVELS, MOST_LEVELS)
    shared = cv2.sort(waves, cv2.SORT_EVERY_COLUMN)[2:-2].mean(axis=0)
    shared -= shared.mean()
    power = float(shared @ shared) / places
    waves -= waves.mean(axis=1, keepdims=True)
    each = float(np.sort((waves * waves).sum(axis=1))[STRIPS // 2]) / places + 0.05
    coherence = min(1.0, power / each)
    peak = _peak(shared) if coherence >= TELLING_COHERENCE else 0.0
    return Stripes(amplitude=float(np.sqrt(2 * power)), coherence=coherence, peak=peak)


def _peak(shared: Floats) -> float:
    spectrum = np.abs(np.fft.rfft(shared * _window(shared.size))) ** 2
    total = float(spectrum.sum())
    if total <= 0:
        return 0.0
    top = int(spectrum.argmax())
    return max(float(spectrum[max(0, top - 1) : top + 2].sum()) / total, _returns(shared))


def _returns(shared: Floats) -> float:
    """How alike the profile is to itself one spacing further: also hard lines, whose power lies at many frequencies."""
    places = shared.size
    size = cv2.getOptimalDFTSize(places + places // 4)
    spectrum = np.fft.rfft(shared, n=size)
    alike = np.fft.irfft(np.abs(spectrum) ** 2, n=size)[: places // 4]
    if alike.size < 4 or alike[0] <= 0:
        return 0.0
    alike = alike / alike[0] * places / (places - np.arange(alike.size))
    below = np.flatnonzero(alike < 0)
    return float(alike[below[0] :].max()) - RETURNS_BY_CHANCE if below.size else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosaic:
    repeats: float
    spacing_px: int
    step: float
    straight: float
    """`repeats` of the straight thin steps alone: texture has hardly any. 0 where nobody asked."""


def measure_mosaic(luma: Picture) -> Mosaic:
    """How exactly steps repeat both across and down, at which spacing, and how much they stand out."""
    height, width = luma.shape
    if min(height, width) < 4 * SHORTEST_GRID_PX:
        return Mosaic(repeats=0.0, spacing_px=0, step=0.0, straight=0.0)
    rightwards, downwards = cv2.absdiff(luma[:, 1:], luma[:, :-1]), cv2.absdiff(luma[1:], luma[:-1])
    across, down = _along_columns(rightwards, BANDS), _along_rows(downwards, BANDS)
    both = np.minimum(_repeats(across), _repeats(down))
    spacing = int(np.argmax(both >= FIRST_SHARE * both.max())) + SHORTEST_GRID_PX
    step = min(_on_grid(across, spacing), _on_grid(down, spacing))
    repeats = max(0.0, float(both[spacing - SHORTEST_GRID_PX]))
    asked = repeats >= WORTH_A_LOOK and step >= WORTH_STEP
    straight = _straight(rightwards, downwards) if asked else 0.0
    return Mosaic(repeats=repeats, spacing_px=spacing, step=step, straight=straight)


def _straight(rightwards: NDArray[Any], downwards: NDArray[Any]) -> float:
    beside = cv2.max(rightwards[:, :-2], rightwards[:, 2:])
    upright = cv2.erode(cv2.subtract(rightwards[:, 1:-1], beside), np.ones((STRAIGHT_PX, 1), np.uint8))
    above = cv2.max(downwards[:-2], downwards[2:])
    level = cv2.erode(cv2.subtract(downwards[1:-1], above), np.ones((1, STRAIGHT_PX), np.uint8))
    across, down = _along_columns(upright, BANDS), _along_rows(level, BANDS)
    return max(0.0, float(np.minimum(_returning(np.sqrt(across)), _returning(np.sqrt(down))).max()))


def _on_grid(steps: Floats, spacing: int) -> float:
    """Of the band where it is most: mean of as many steps as a grid has lines, the greatest, over the mean of the rest.

    Where they lie is not asked: a grid that was scaled lies between the pixels."""
    lines = max(2, steps.shape[1] // spacing)
    ordered = np.sort(steps, axis=1)
    top, rest = ordered[:, -lines:].mean(axis=1), ordered[:, :-lines].mean(axis=1)
    return float(np.max(np.minimum(top / (rest + 0.5), STEP_PER_LEVEL * top)))


def _repeats(steps: Floats) -> Floats:
    """For each spacing the autocorrelation of the steps, of the band where it is strongest; bands × places."""
    values = np.sqrt(steps)
    return _returning(np.maximum(values - cv2.blur(values, (5, 1)), 0))


def _returning(sharp: NDArray[Any]) -> Floats:
    places = sharp.shape[1]
    sharp = cv2.blur(sharp, (3, 1))
    sharp -= sharp.mean(axis=1, keepdims=True)
    size = cv2.getOptimalDFTSize(places + LONGEST_GRID_PX)
    spectrum = np.fft.rfft(sharp, n=size, axis=1)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2, n=size, axis=1)[:, : LONGEST_GRID_PX + 1]
    overlap = (places - np.arange(LONGEST_GRID_PX + 1)) / places
    normal = correlation / (correlation[:, :1] + 1e-3 * places) / np.maximum(overlap, 0.1)
    return np.asarray(normal.max(axis=0)[SHORTEST_GRID_PX:], dtype=np.float32)
