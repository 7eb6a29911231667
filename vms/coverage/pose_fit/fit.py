"""The pose that agrees best with points found in the picture and on the map: least squares, with its error.

Height, roll and field of view carry a weak expectation (cameras hang some metres high and nearly level), so that few
points suffice; where the points speak, they decide. Errors are standard errors, taken from the residuals but never
from less than a click's own error. Where the residuals show that the map or the hand on it is off, near points count
less.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vms.core.errors import BadInput
from vms.core.geo import M_PER_DEG, LocalFrame, Wgs84
from vms.coverage.pose_fit.asked import Known, Sight, check_points, held_values
from vms.coverage.pose_fit.doubt import Weighed, doubt, weigh
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
from vms.coverage.pose_fit.refine import jacobian, refine
from vms.coverage.pose_fit.starts import first_guesses
from vms.coverage.pose_fit.task import Task

_STARTS, _FIRST_STEPS, _LAST_STEPS = 12, 25, 60
_CAPPED_PX = 300.0
_UNTOLD_BEARING_DEG, _UNTOLD_POSITION_M, _UNTOLD_FOV_DEG = 15.0, 50.0, 30.0


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
    map_error_m: float
    """How far the points seem to be off on the map; 0: the hand's error in the picture explains all."""
    disagrees: int | None
    """The point, from 0, that fits nowhere to the others."""


def fit_pose(sights: Sequence[Sight], size: PictureSize, known: Known) -> PoseFit:
    """Some tens of milliseconds. Raises BadInput that says in words why the points do not tell the pose."""
    frame = LocalFrame(known.position or _middle(sights))
    held = held_values(known, frame)
    points = check_points(sights, size, held, frame)
    task = Task(np.array([(sight.x_px, sight.y_px) for sight in sights]), points, size, held)
    poses = _candidates(task)
    weighed = weigh(poses, task) if len(task.free) else Weighed(poses[0], 0.0, 0.0)
    pose = weighed.pose
    _refuse_behind(pose, task)
    errors = _errors(weighed, task)
    doubts = doubt(weighed, poses, task)
    pixels, _ = project(pose, points, size)
    off = pixels - task.clicks
    off_px = np.hypot(off[:, 0], off[:, 1])
    fitted = zip(pixels.tolist(), off_px.tolist(), doubts.alone_px.tolist(), strict=True)
    return PoseFit(
        pose=fitted_pose(pose, frame, size),
        errors=errors,
        rms_px=float(np.sqrt(np.mean(off_px**2))),
        sights=tuple(
            SightFitted(x_px=x, y_px=y, residual_px=far, alone_px=None if math.isnan(alone) else alone)
            for (x, y), far, alone in fitted
        ),
        map_error_m=weighed.map_error_m,
        disagrees=doubts.disagrees,
    )


def fitted_pose(pose: Floats, frame: LocalFrame, size: PictureSize) -> FittedPose:
    return FittedPose(
        position=_on_globe(pose, frame),
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


def _candidates(task: Task) -> Floats:
    """The poses at the bottom of different valleys, the best first."""
    guesses = first_guesses(task.clicks, task.points, task.size, task.held)
    pixels, depth = project(guesses, task.points, task.size)
    off = np.minimum(np.hypot(pixels[..., 0] - task.clicks[:, 0], pixels[..., 1] - task.clicks[:, 1]), _CAPPED_PX)
    off = np.where(depth > 0.0, off, _CAPPED_PX)
    starts = guesses[np.argsort((off**2).sum(axis=1), kind="stable")[:_STARTS]]
    if not len(task.free):
        return starts[:1]
    residuals = task.residuals(task.plain())
    poses, costs = refine(starts, task.free, residuals, _FIRST_STEPS)
    _, depth = project(poses, task.points, task.size)
    behind = (depth <= 0.0).any(axis=1)
    order = np.lexsort((costs, behind))[:4]
    poses, costs = refine(poses[order], task.free, residuals, _LAST_STEPS)
    _, depth = project(poses, task.points, task.size)
    order = np.lexsort((costs, (depth <= 0.0).any(axis=1)))
    return poses[order]


def _refuse_behind(pose: Floats, task: Task) -> None:
    _, depth = project(pose, task.points, task.size)
    behind = [str(number) for number in (np.flatnonzero(depth <= 0.0) + 1).tolist()]
    if behind:
        raise BadInput(
            f"no view has all these points before the camera; behind it would lie: {', '.join(behind)}",
            where="points",
            code="pose_behind",
        )


def _errors(weighed: Weighed, task: Task) -> PoseErrors:
    pose, free = weighed.pose, task.free
    spread = np.zeros(PARAMETERS)
    across_m = 0.0
    if len(free):
        whiten, _ = task.whitening(pose[None], np.array([weighed.map_error_m]))
        residuals = task.residuals(whiten)
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


def _on_globe(pose: Floats, frame: LocalFrame) -> Wgs84:
    """Also beyond the line where days begin."""
    lon = frame.origin.lon + float(pose[X]) / frame.m_per_deg_lon
    return Wgs84((lon + 180.0) % 360.0 - 180.0, frame.origin.lat + float(pose[Y]) / M_PER_DEG)
