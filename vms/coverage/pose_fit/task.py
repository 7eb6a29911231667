"""The least-squares problem of a fit: residuals in standard errors, weighed by what the hand and the map are off.

A click in the picture is off by some pixels; a click on the map by some decimetres, which near the camera are hundreds
of pixels and far away are none. Each point's residual is divided by the root of both together.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.coverage.pose_fit.model import Floats, PictureSize, project
from vms.coverage.pose_fit.refine import Residuals, refine

CLICK_ERROR_PX = 2.0
EXPECTED = np.array([0.0, 0.0, math.log(5.5), 0.0, 0.0, 0.0, math.log(math.tan(math.radians(35.0))), 0.0])
"""As cameras usually hang: some metres high, nearly level, with a medium lens."""
EXPECTED_WITHIN = np.array([np.inf, np.inf, 0.8, np.inf, np.inf, math.radians(2.0), 0.8, 0.2])
_NUDGE_M = 0.02
_MOST_SLOPE_PX_PER_M = 2000.0
_ROUNDS, _STEPS = 2, 40


@dataclass(frozen=True, slots=True)
class Task:
    clicks: Floats
    """(n, 2) pixels."""
    points: Floats
    """(n, 3) metres."""
    size: PictureSize
    held: Floats
    """(8,), NaN where a parameter is asked for."""

    @property
    def free(self) -> NDArray[np.int64]:
        return np.flatnonzero(np.isnan(self.held))

    def residuals(self, whiten: Floats) -> Residuals:
        """Whitened by (s, n, 2, 2) or (n, 2, 2), start by start; then what is expected of a camera."""
        loose = self.free[np.isfinite(EXPECTED_WITHIN[self.free])]
        expected, within = EXPECTED[loose], EXPECTED_WITHIN[loose]

        def found(poses: Floats) -> Floats:
            pixels, _ = project(poses, self.points, self.size)
            off = pixels - self.clicks
            by = whiten
            if whiten.ndim == 4:
                by = whiten.reshape(len(whiten), *(1,) * (off.ndim - 3), *whiten.shape[1:])
            off = np.stack(
                [by[..., 0, 0] * off[..., 0], by[..., 1, 0] * off[..., 0] + by[..., 1, 1] * off[..., 1]], axis=-1
            )
            return np.concatenate([off.reshape(*off.shape[:-2], -1), (poses[..., loose] - expected) / within], axis=-1)

        return found

    def plain(self) -> Floats:
        """The whitening of a map without error."""
        return np.broadcast_to(np.eye(2) / CLICK_ERROR_PX, (len(self.points), 2, 2))

    def whitening(self, poses: Floats, map_error_m: Floats) -> tuple[Floats, Floats]:
        """Of (s, 8) poses and (s,) errors: lower triangles (s, n, 2, 2), halves of log determinants (s, n)."""
        slopes = np.zeros((len(poses), len(self.points), 2, 2))
        for axis in (0, 1):
            nudge = np.zeros(3)
            nudge[axis] = _NUDGE_M
            there, _ = project(poses, self.points + nudge, self.size)
            here, _ = project(poses, self.points - nudge, self.size)
            slopes[..., axis] = np.clip((there - here) / (2 * _NUDGE_M), -_MOST_SLOPE_PX_PER_M, _MOST_SLOPE_PX_PER_M)
        spread = np.einsum("snij,snkj->snik", slopes, slopes) * (map_error_m**2)[:, None, None, None]
        lower = np.linalg.cholesky(spread + np.eye(2) * CLICK_ERROR_PX**2)
        half_log = np.log(lower[..., 0, 0]) + np.log(lower[..., 1, 1])
        return np.linalg.inv(lower), half_log

    def settle(self, starts: Floats, map_error_m: Floats, kept: Floats | None = None) -> tuple[Floats, Floats]:
        """From each start (s, 8) with its map error (s,), without the points that `kept` (s, n) is 0 of.

        Poses (s, 8), and how unlikely the kept points are under each (s,), in nats.
        """
        poses = starts
        weight = np.ones((len(starts), len(self.points))) if kept is None else kept
        unlikely = np.zeros(len(starts))
        for _ in range(_ROUNDS):
            whiten, half_log = self.whitening(poses, map_error_m)
            poses, costs = refine(poses, self.free, self.residuals(whiten * weight[..., None, None]), _STEPS)
            unlikely = costs / 2.0 + ((half_log + math.log(2.0 * math.pi)) * weight).sum(axis=1)
        return poses, unlikely
