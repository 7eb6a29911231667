"""The pose that agrees best with points found in the picture and on the map: least squares, with its error.

Height, roll and field of view carry a weak expectation (cameras hang some metres high and nearly level), so that few
points suffice; where the points speak, they decide. Errors are standard errors, taken from the residuals but never
from less than a click's own error.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.pose_fit.asked import Known, Sight, check_points, held_values
from vms.coverage.pose_fit.model import (
    BEARING,
    LOG_H,
    LOG_TAN,
    PARAMETERS,
    ROLL,
    TILT,
    Floats,
    K,
    PictureSize,
    X,
    Y,
    project,
    v_fov_deg,
)
from vms.coverage.pose_fit.refine import Residuals, jacobian, refine
from vms.coverage.pose_fit.starts import first_guesses

CLICK_ERROR_PX = 2.0
EXPECTED = np.array([0.0, 0.0, math.log(5.5), 0.0, 0.0, 0.0, math.log(math.tan(math.radians(35.0))), 0.0])
EXPECTED_WITHIN = np.array([np.inf, np.inf, 0.8, np.inf, np.inf, math.radians(2.0), 0.8, 0.2])
_STARTS, _FIRST_STEPS, _LAST_STEPS = 12, 25, 60
_CAPPED_PX = 300.0
_UNTOLD_BEARING_DEG, _UNTOLD_POSITION_M, _UNTOLD_FOV_DEG = 15.0, 50.0, 30.0
_DISAGREES_PX = 6.0
_DISAGREES_RATIO = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPose:
    position: Wgs84
    mount_height_m: float
    bearing_deg: float
    tilt_deg: float
    roll_deg: float
    """Clockwise, seen from behind the camera."""
    h_fov_deg: float
    v_fov_deg: float
    distortion: float = 0.0
    """`K` of model.py: above zero, lines bend like a barrel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseErrors:
    """Standard errors; zero where the value was held."""

    position_m: float
    mount_height_m: float
    bearing_deg: float
    tilt_deg: float
    h_fov_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SightFitted:
    x_px: float
    """Where the pose puts the point in the picture."""
    y_px: float
    residual_px: float
    alone_px: float | None
    """How far it lies from where the other points put it; None: without it there are too few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseFit:
    pose: FittedPose
    errors: PoseErrors
    rms_px: float
    sights: tuple[SightFitted, ...]
    disagrees: int | None
    """The point, from 0, without which the others agree far better."""


@dataclass(frozen=True, slots=True)
class _Task:
    clicks: Floats
    points: Floats
    size: PictureSize
    held: Floats

    @property
    def free(self) -> NDArray[np.int64]:
        return np.flatnonzero(np.isnan(self.held))

    def residuals(self, weights: Floats | None = None) -> Residuals:
        """In standard errors; `weights` (s, n) leave points out, start by start."""
        loose = self.free[np.isfinite(EXPECTED_WITHIN[self.free])]
        expected, within = EXPECTED[loose], EXPECTED_WITHIN[loose]

        def found(poses: Floats) -> Floats:
            pixels, _ = project(poses, self.points, self.size)
            off = (pixels - self.clicks) / CLICK_ERROR_PX
            if weights is not None:
                off = off * weights.reshape(len(weights), *(1,) * (off.ndim - 3), -1, 1)
            return np.concatenate([off.reshape(*off.shape[:-2], -1), (poses[..., loose] - expected) / within], axis=-1)

        return found


def fit_pose(sights: Sequence[Sight], size: PictureSize, known: Known) -> PoseFit:
    """Some tens of milliseconds. Raises BadInput that says in words why the points do not tell the pose."""
    frame = LocalFrame(known.position or _middle(sights))
    held = held_values(known, frame)
    points = check_points(sights, size, held, frame)
    task = _Task(np.array([(sight.x_px, sight.y_px) for sight in sights]), points, size, held)
    poses, _ = _candidates(task)
    pose = poses[0]
    _refuse_behind(pose, task)
    residuals = task.residuals()
    pixels, _ = project(pose, points, size)
    off_px = np.hypot(*(pixels - task.clicks).T)
    alone_px, disagrees = _without_each(poses, task)
    sights_fitted = tuple(
        SightFitted(x_px=x, y_px=y, residual_px=off, alone_px=None if math.isnan(alone) else alone)
        for (x, y), off, alone in zip(pixels.tolist(), off_px.tolist(), alone_px.tolist(), strict=True)
    )
    return PoseFit(
        pose=fitted_pose(pose, frame, size),
        errors=_errors(pose, task, residuals),
        rms_px=float(np.sqrt(np.mean(off_px**2))),
        sights=sights_fitted,
        disagrees=disagrees,
    )


def fitted_pose(pose: Floats, frame: LocalFrame, size: PictureSize) -> FittedPose:
    return FittedPose(
        position=frame.to_wgs84(float(pose[X]), float(pose[Y])),
        mount_height_m=math.exp(pose[LOG_H]),
        bearing_deg=math.degrees(pose[BEARING]) % 360.0,
        tilt_deg=math.degrees(pose[TILT]),
        roll_deg=math.degrees(pose[ROLL]),
        h_fov_deg=_fov_deg(pose),
        v_fov_deg=v_fov_deg(pose, size),
        distortion=float(pose[K]),
    )


def row_of_pose(pose: FittedPose, frame: LocalFrame) -> Floats:
    """The inverse of `fitted_pose`."""
    row = np.zeros(PARAMETERS)
    row[X], row[Y] = frame.to_xy(pose.position)
    row[LOG_H] = math.log(max(pose.mount_height_m, 0.1))
    row[BEARING], row[TILT], row[ROLL] = (math.radians(a) for a in (pose.bearing_deg, pose.tilt_deg, pose.roll_deg))
    row[LOG_TAN] = math.log(math.tan(math.radians(pose.h_fov_deg) / 2.0))
    row[K] = pose.distortion
    return row


def _candidates(task: _Task) -> tuple[Floats, Floats]:
    """The poses at the bottom of different valleys, the best first."""
    guesses = first_guesses(task.clicks, task.points, task.size, task.held)
    pixels, depth = project(guesses, task.points, task.size)
    off = np.minimum(np.hypot(pixels[..., 0] - task.clicks[:, 0], pixels[..., 1] - task.clicks[:, 1]), _CAPPED_PX)
    off = np.where(depth > 0.0, off, _CAPPED_PX)
    starts = guesses[np.argsort((off**2).sum(axis=1), kind="stable")[:_STARTS]]
    if not len(task.free):
        return starts[:1], np.zeros(1)
    residuals = task.residuals()
    poses, costs = refine(starts, task.free, residuals, _FIRST_STEPS)
    _, depth = project(poses, task.points, task.size)
    behind = (depth <= 0.0).any(axis=1)
    order = np.lexsort((costs, behind))[:4]
    poses, costs = refine(poses[order], task.free, residuals, _LAST_STEPS)
    _, depth = project(poses, task.points, task.size)
    order = np.lexsort((costs, (depth <= 0.0).any(axis=1)))
    return poses[order], costs[order]


def _refuse_behind(pose: Floats, task: _Task) -> None:
    _, depth = project(pose, task.points, task.size)
    behind = [str(number) for number in (np.flatnonzero(depth <= 0.0) + 1).tolist()]
    if behind:
        raise BadInput(
            f"no view has all these points before the camera; behind it would lie: {', '.join(behind)}",
            where="points",
            code="pose_behind",
        )


def _without_each(poses: Floats, task: _Task) -> tuple[Floats, int | None]:
    """Per point how far the others put it from where it was clicked; and the one that disagrees with all others."""
    count = len(task.points)
    spare = 2 * (count - 1) - len(task.free) + int(np.isnan(task.held[ROLL]))
    if spare < 1 or not len(task.free):
        return np.full(count, np.nan), None
    starts = np.repeat(poses[:2], count, axis=0)
    weights = np.tile(1.0 - np.eye(count), (len(poses[:2]), 1))
    left, costs = refine(starts, task.free, task.residuals(weights), _LAST_STEPS)
    best = np.argmin(costs.reshape(-1, count), axis=0) * count + np.arange(count)
    pixels, depth = project(left[best], task.points, task.size)
    each = np.arange(count)
    off = pixels[each, each] - task.clicks
    alone: Floats = np.hypot(off[:, 0], off[:, 1])
    alone = np.where(depth[each, each] > 0.0, alone, np.maximum(alone, float(task.size.width_px)))
    whole = task.residuals()(poses[:1])[0]
    cost = float(whole @ whole)
    worst = int(np.argmin(costs[best]))
    rest = float(costs[best][worst]) / max(spare, 1)
    stands_out = spare >= 2 and (cost - float(costs[best][worst])) / 2.0 > _DISAGREES_RATIO * max(1.0, rest)
    return alone, worst if stands_out and alone[worst] > _DISAGREES_PX else None


def _errors(pose: Floats, task: _Task, residuals: Residuals) -> PoseErrors:
    free = task.free
    spread = np.zeros(PARAMETERS)
    across_m = 0.0
    if len(free):
        slopes = jacobian(pose[None], free, residuals)[0]
        found = residuals(pose[None])[0]
        spare = len(found) - len(free)
        scale = max(1.0, float(found @ found) / spare) if spare > 0 else 1.0
        covariance = np.linalg.pinv(slopes.T @ slopes, rcond=1e-14, hermitian=True) * scale
        spread[free] = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        across_m = math.hypot(spread[X], spread[Y])
    h_fov = _fov_deg(pose)
    errors = PoseErrors(
        position_m=across_m,
        mount_height_m=float(spread[LOG_H]) * math.exp(pose[LOG_H]),
        bearing_deg=math.degrees(spread[BEARING]),
        tilt_deg=math.degrees(spread[TILT]),
        h_fov_deg=math.degrees(float(spread[LOG_TAN]) * math.sin(math.radians(h_fov))),
    )
    told = (errors.bearing_deg, errors.position_m, errors.h_fov_deg)
    if any(e > most for e, most in zip(told, (_UNTOLD_BEARING_DEG, _UNTOLD_POSITION_M, _UNTOLD_FOV_DEG), strict=True)):
        raise BadInput(
            f"the points leave too much open (bearing ± {told[0]:.0f}°, position ± {told[1]:.0f} m):"
            " choose them farther apart, or hold more of the pose",
            where="points",
            code="pose_left_open",
        )
    return errors


def _fov_deg(pose: Floats) -> float:
    return math.degrees(2.0 * math.atan(math.exp(pose[LOG_TAN])))


def _middle(sights: Sequence[Sight]) -> Wgs84:
    if not sights:
        raise BadInput("no points are given", where="points", code="pose_too_few")
    count = len(sights)
    return Wgs84(sum(s.position.lon for s in sights) / count, sum(s.position.lat for s in sights) / count)
