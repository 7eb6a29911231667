"""Edges, blur, noise and speckles of a still, cell by cell.

Blur: an edge blurred by sigma keeps its gradient's energy as 1 / sqrt(sigma² + s²) after smoothing by s; comparing the
energy at two such s gives sigma without knowing the edge (after Zhuo and Sim, "Defocus map estimation from a single
image", 2011). Noise: Immerkær, "Fast noise variance estimation", 1996, at two sizes, in the quieter cells.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS
from vms.media.diagnosis.decode import Picture

Floats = NDArray[np.float32]
FINE_PX, COARSE_PX = 0.85, 1.75
"""Smoothing (sigma) that goes with the gradient of the still and of its half."""
MIN_ENERGY = 9.0
"""Cells with less gradient energy at the coarse scale cannot tell how wide their edges are."""
FLAT_BELOW = 1.2
LEAST_ENERGY = 0.05
"""Below, a gradient leans nowhere."""
GRAIN_LEVELS, NEAR_LEVELS, FAR_LEVELS = 8, 12, 40
WIDEST_PX = 6.0
_TO_SIGMA = float(np.sqrt(np.pi / 2) / 6)
_CELLS = (GRID_COLUMNS, GRID_ROWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    edge_px: float
    detail: float
    noise: float
    noise_fineness: float
    speckle_share: float
    unrest_share: float
    grain_share: float
    flat_share: float
    along_columns: float
    lean: float
    cell_luma: bytes
    cell_detail: bytes


def measure_detail(luma: Picture, small: Picture) -> Detail:
    """`small`: the same, 160 × 90."""
    half = np.asarray(
        cv2.resize(luma, (max(1, luma.shape[1] // 2), max(1, luma.shape[0] // 2)), interpolation=cv2.INTER_AREA),
        dtype=np.uint8,
    )
    (fine, lean), coarse = _energy_and_lean(luma), _energy(half) / 4
    means = np.asarray(cv2.resize(small, _CELLS, interpolation=cv2.INTER_AREA), dtype=np.float32)
    noise_here, noise_half = _noise(luma), _noise(half)
    inner = slice(1, GRID_ROWS - 1)
    lit = (means[inner] > 12) & (means[inner] < 243)
    noise, fineness = _quiet(noise_here[inner][lit], noise_half[inner][lit])
    edge_px = _edges(fine[inner] - _FINE_GAIN * noise**2, coarse[inner] - _COARSE_GAIN * noise**2)
    far = cv2.absdiff(luma, cv2.medianBlur(luma, 3))
    speckles = cv2.countNonZero(cv2.threshold(far, FAR_LEVELS, 255, cv2.THRESH_BINARY)[1])
    unrest = cv2.countNonZero(cv2.threshold(far, NEAR_LEVELS, 255, cv2.THRESH_BINARY)[1])
    grain = cv2.countNonZero(cv2.threshold(far, GRAIN_LEVELS, 255, cv2.THRESH_BINARY)[1])
    upper = luma[: luma.shape[0] * 2 // 3]
    gradient = np.sqrt(fine)
    return Detail(
        edge_px=edge_px,
        detail=float(np.sqrt(fine[inner].mean())),
        noise=noise,
        noise_fineness=fineness,
        speckle_share=speckles / luma.size,
        unrest_share=unrest / luma.size - speckles / luma.size,
        grain_share=grain / luma.size,
        flat_share=float(np.mean(gradient[inner] < FLAT_BELOW)),
        lean=lean,
        along_columns=float(cv2.mean(cv2.absdiff(upper[1:], upper[:-1]))[0]),
        cell_luma=np.clip(np.rint(means), 0, 255).astype(np.uint8).tobytes(),
        cell_detail=np.clip(np.rint(gradient * 4), 0, 255).astype(np.uint8).tobytes(),
    )


_FINE_GAIN, _COARSE_GAIN = 12 / 64 * 2, 12 / 64 * 2 / 16
"""Energy that white noise of sigma 1 adds at either scale."""


def _energy_and_lean(luma: Picture) -> tuple[Floats, float]:
    """Mean squared gradient of each cell, levels² per pixel² of this size, and the logarithm of how much more of it
    lies across than down."""
    across, down = _gradients(luma)
    squared = cv2.multiply(across, across, dst=across)
    rightwards = float(cv2.mean(squared)[0])
    cv2.accumulateSquare(down, squared)
    downwards = float(cv2.mean(squared)[0]) - rightwards
    lean = float(np.log((rightwards + LEAST_ENERGY) / (max(downwards, 0.0) + LEAST_ENERGY)))
    return _of_cells(squared), lean


def _energy(luma: Picture) -> Floats:
    across, down = _gradients(luma)
    squared = cv2.multiply(across, across, dst=across)
    cv2.accumulateSquare(down, squared)
    return _of_cells(squared)


def _gradients(luma: Picture) -> tuple[NDArray[Any], NDArray[Any]]:
    across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=1 / 8)
    return across, cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=1 / 8)


def _of_cells(values: NDArray[Any]) -> Floats:
    return np.asarray(cv2.resize(values, _CELLS, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _noise(luma: Picture) -> Floats:
    """The second derivative both ways is Immerkær's mask."""
    return _of_cells(cv2.convertScaleAbs(cv2.Sobel(luma, cv2.CV_16S, 2, 2, ksize=3))) * _TO_SIGMA


def _quiet(here: Floats, half: Floats) -> tuple[float, float]:
    if here.size < 8:
        return 0.0, 0.0
    order = np.argsort(here)[: max(4, here.size // 4)]
    noise, at_half = float(here[order].mean()), float(half[order].mean())
    return noise, noise / max(at_half, 0.2)


def _edges(fine: NDArray[Any], coarse: NDArray[Any]) -> float:
    telling = coarse > MIN_ENERGY
    if np.count_nonzero(telling) < 4:
        return -1.0
    ratio = np.maximum(fine[telling], 0.01) / coarse[telling]
    squared = np.maximum(ratio, 1.0) ** 2
    width = (COARSE_PX**2 - squared * FINE_PX**2) / np.maximum(squared - 1.0, 1e-3)
    sigma = np.sqrt(np.clip(width, 0.0, WIDEST_PX**2))
    return float(np.sort(sigma)[sigma.size // 5])
