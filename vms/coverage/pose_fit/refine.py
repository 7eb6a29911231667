"""Levenberg-Marquardt over many starts at once: each goes down its own valley, all in the same array operations."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vms.coverage.pose_fit.model import PARAMETERS, Floats

Residuals = Callable[[Floats], Floats]
"""Poses (s, …, 8) to residuals (s, …, m), in standard errors."""

LONGEST_STEP = np.array([20.0, 20.0, 0.5, 0.35, 0.25, 0.1, 0.4, 0.08])
"""One step goes no farther, parameter by parameter: the model is not straight over more."""
LOWEST = np.array([-np.inf, -np.inf, np.log(0.3), -np.inf, -1.2, -0.6, np.log(0.02), -0.15])
HIGHEST = np.array([np.inf, np.inf, np.log(300.0), np.inf, 1.55, 0.6, np.log(3.8), 0.6])
_NUDGE = np.array([1e-4, 1e-4, 1e-5, 1e-6, 1e-6, 1e-6, 1e-5, 1e-5])
_SETTLED = 1e-10
_LEAST_DAMPING, _MOST_DAMPING = 1e-9, 1e9


def refine(starts: Floats, free: NDArray[np.int64], residuals: Residuals, steps: int) -> tuple[Floats, Floats]:
    """The poses (s, 8) and their costs (s,) after at most so many steps; only parameters of `free` move."""
    poses = np.clip(starts, LOWEST, HIGHEST)
    found = residuals(poses)
    costs = np.einsum("sm,sm->s", found, found)
    damping = np.full(len(poses), 1e-3)
    calm = 0
    for _ in range(steps):
        slopes = jacobian(poses, free, residuals)
        normal = np.einsum("smp,smq->spq", slopes, slopes)
        downhill = -np.einsum("smp,sm->sp", slopes, found)
        diagonal = np.einsum("spp->sp", normal)
        damped = normal.copy()
        np.einsum("spp->sp", damped)[...] += damping[:, None] * diagonal + 1e-12
        step = np.zeros_like(poses)
        step[:, free] = np.linalg.solve(damped, downhill[..., None])[..., 0]
        too_long = np.max(np.abs(step) / LONGEST_STEP, axis=1)
        tried = np.clip(poses + step / np.maximum(too_long, 1.0)[:, None], LOWEST, HIGHEST)
        found_there = residuals(tried)
        costs_there = np.einsum("sm,sm->s", found_there, found_there)
        better = costs_there < costs
        gained = np.where(better, costs - costs_there, 0.0)
        poses = np.where(better[:, None], tried, poses)
        found = np.where(better[:, None], found_there, found)
        costs = np.where(better, costs_there, costs)
        damping = np.clip(np.where(better, damping * 0.2, damping * 5.0), _LEAST_DAMPING, _MOST_DAMPING)
        calm = calm + 1 if np.all(gained <= _SETTLED * (1.0 + costs)) else 0
        if calm >= 3:
            break
    return poses, costs


def jacobian(poses: Floats, free: NDArray[np.int64], residuals: Residuals) -> Floats:
    """(s, m, p) by central differences."""
    nudges = np.zeros((2, len(free), PARAMETERS))
    nudges[0, np.arange(len(free)), free] = _NUDGE[free]
    nudges[1] = -nudges[0]
    sides = residuals(poses[:, None, None, :] + nudges)
    slopes = (sides[:, 0] - sides[:, 1]) / (2.0 * _NUDGE[free])[:, None]
    return np.moveaxis(slopes, 1, 2)
