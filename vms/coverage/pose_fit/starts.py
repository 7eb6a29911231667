"""First guesses of a pose without any iteration: for each tilt and lens tried, the rest follows in closed form.

Points on the ground are laid out before a camera one metre high as the picture shows them; turning, moving and scaling
that layout onto the map gives bearing, position and height.
"""

import numpy as np

from vms.coverage.pose_fit.model import BEARING, LOG_H, LOG_TAN, PARAMETERS, ROLL, TILT, Floats, K, PictureSize, X, Y

TILTS_DEG = (-5.0, 2.0, 6.0, 10.0, 15.0, 21.0, 28.0, 36.0, 46.0, 60.0, 80.0)
H_FOVS_DEG = (15.0, 24.0, 33.0, 45.0, 60.0, 78.0, 98.0, 120.0)
_FARTHEST_HEIGHTS = 60.0
_LEAST_HEIGHT_M, _MOST_HEIGHT_M = 1.0, 100.0


def first_guesses(clicks: Floats, points: Floats, size: PictureSize, held: Floats) -> Floats:
    """Poses (s, 8); `held` (8,): NaN where a parameter is asked for."""
    tilts = np.radians(TILTS_DEG) if np.isnan(held[TILT]) else held[TILT : TILT + 1]
    tans = np.log(np.tan(np.radians(H_FOVS_DEG) / 2.0)) if np.isnan(held[LOG_TAN]) else held[LOG_TAN : LOG_TAN + 1]
    tilt, log_tan = (grid.ravel() for grid in np.meshgrid(tilts, tans, indexing="ij"))
    roll = 0.0 if np.isnan(held[ROLL]) else float(held[ROLL])
    ahead, right, sink = _directions(clicks, size, tilt, log_tan, roll)
    layout = (right + 1j * ahead) / np.maximum(sink, 1.0 / _FARTHEST_HEIGHTS)
    on_map = points[:, 0] + 1j * points[:, 1]
    weights = 1.0 / (1.0 + np.abs(layout))
    weights /= weights.sum(axis=1, keepdims=True)
    guesses = np.zeros((len(tilt), PARAMETERS))
    guesses[:, TILT], guesses[:, LOG_TAN], guesses[:, ROLL] = tilt, log_tan, roll
    if np.isnan(held[X]):
        turn, foot = _laid_on_map(layout, on_map, weights, held)
    else:
        foot = np.full(len(tilt), held[X] + 1j * held[Y])
        turn = _turned_to(layout, on_map - foot[0], points[:, 2], sink, weights, held)
    guesses[:, X], guesses[:, Y] = foot.real, foot.imag
    guesses[:, BEARING] = -np.angle(turn)
    guesses[:, LOG_H] = np.log(np.clip(np.abs(turn), _LEAST_HEIGHT_M, _MOST_HEIGHT_M))
    told = ~np.isnan(held)
    guesses[:, told] = held[told]
    guesses[:, K] = 0.0 if np.isnan(held[K]) else held[K]
    return guesses


def _directions(
    clicks: Floats, size: PictureSize, tilt: Floats, log_tan: Floats, roll: float
) -> tuple[Floats, Floats, Floats]:
    """How far each click looks ahead, to the right and down, (s, n); without distortion."""
    middle = np.array([size.width_px / 2.0, size.height_px / 2.0])
    flat = (clicks - middle) / size.half_px
    turned = flat @ np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    across, along = (turned.T[:, None, :] * np.exp(log_tan)[:, None]).astype(np.float64)
    sin_t, cos_t = np.sin(tilt)[:, None], np.cos(tilt)[:, None]
    return cos_t - sin_t * along, np.asarray(across), sin_t + cos_t * along


def _laid_on_map(
    layout: np.ndarray, on_map: np.ndarray, weights: Floats, held: Floats
) -> tuple[np.ndarray, np.ndarray]:
    """The similarity that lays each layout (s, n) onto the map: turn-and-scale (s,), and where the camera's foot is."""
    middle = (weights * layout).sum(axis=1)
    middle_on_map = (weights * on_map).sum(axis=1)
    off, off_on_map = layout - middle[:, None], on_map - middle_on_map[:, None]
    turn = (weights * off.conj() * off_on_map).sum(axis=1)
    turn = turn / np.maximum((weights * np.abs(off) ** 2).sum(axis=1), 1e-12)
    turn = _as_held(turn, held)
    return turn, middle_on_map - turn * middle


def _turned_to(
    layout: np.ndarray, seen: np.ndarray, heights_m: Floats, sink: Floats, weights: Floats, held: Floats
) -> np.ndarray:
    """As `_laid_on_map` where the foot is known and the points lie at `seen` from it."""
    pointing = (weights * layout.conj() * seen / np.maximum(np.abs(layout * seen), 1e-9)).sum(axis=1)
    pointing = pointing / np.maximum(np.abs(pointing), 1e-9)
    scales = np.abs(seen) / np.maximum(np.abs(layout), 1e-9)
    below = np.where(sink > 0.0, scales + heights_m, np.nan)
    height = np.nanmedian(np.where(np.isnan(below).all(axis=1, keepdims=True), 5.0, below), axis=1)
    return _as_held(pointing * np.maximum(height, _LEAST_HEIGHT_M), held)


def _as_held(turn: np.ndarray, held: Floats) -> np.ndarray:
    """With the height and the bearing that are known already."""
    size = np.abs(turn) if np.isnan(held[LOG_H]) else np.full(len(turn), np.exp(held[LOG_H]))
    angle = np.angle(turn) if np.isnan(held[BEARING]) else np.full(len(turn), -held[BEARING])
    return size * np.exp(1j * angle)
