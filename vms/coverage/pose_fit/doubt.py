"""What to doubt where points do not agree: all of the map a little, or one point altogether."""

import math
from dataclasses import dataclass

import numpy as np

from vms.coverage.pose_fit.model import ROLL, Floats, project
from vms.coverage.pose_fit.task import Task

MAP_ERRORS_M = (0.1, 0.2, 0.4, 0.8, 1.6, 3.0)
_AGREES_PER_SPARE = 2.0
"""Squares per spare equation up to which the hand's error alone explains the residuals."""
_CLEARLY_NATS = 2.0
_DISAGREES_NATS = 4.0
_DISAGREES_PX = 6.0


@dataclass(frozen=True, slots=True)
class Weighed:
    pose: Floats
    map_error_m: float
    unlikely: float


@dataclass(frozen=True, slots=True)
class Doubts:
    alone_px: Floats
    """Per point how far the others put it from where it was clicked; NaN where they are too few."""
    disagrees: int | None


def weigh(poses: Floats, task: Task) -> Weighed:
    """The best pose, with as much error of the map as its residuals show; `poses`: settled as if it had none."""
    settled, unlikely = task.settle(poses[:1], np.zeros(1))
    exact = Weighed(settled[0], 0.0, float(unlikely[0]))
    found = task.residuals(task.plain())(settled)[0]
    spare = len(found) - len(task.free)
    if spare < 1 or float(found @ found) <= _AGREES_PER_SPARE * spare:
        return exact
    tried = np.repeat(np.array(MAP_ERRORS_M), len(poses))
    settled, unlikely = task.settle(np.tile(poses, (len(MAP_ERRORS_M), 1)), tried)
    _, depth = project(settled, task.points, task.size)
    unlikely = np.where((depth <= 0.0).any(axis=1), np.inf, unlikely)
    best = int(np.argmin(unlikely))
    if not unlikely[best] < exact.unlikely - _CLEARLY_NATS:
        return exact
    return Weighed(settled[best], float(tried[best]), float(unlikely[best]))


def doubt(weighed: Weighed, others: Floats, task: Task) -> Doubts:
    """Leaves out each point in turn. One that anywhere in the picture would be as likely as where it is disagrees."""
    count = len(task.points)
    spare = 2 * (count - 1) - len(task.free) + int(np.isnan(task.held[ROLL]))
    if spare < 1 or not len(task.free):
        return Doubts(np.full(count, np.nan), None)
    errors = sorted({0.0, weighed.map_error_m / 3.0, weighed.map_error_m})
    first = np.vstack([weighed.pose[None], others[:1]])
    starts = np.tile(np.repeat(first, count, axis=0), (len(errors), 1))
    kept = np.tile(1.0 - np.eye(count), (len(errors) * len(first), 1))
    settled, unlikely = task.settle(starts, np.repeat(errors, len(first) * count), kept)
    by_point = unlikely.reshape(-1, count)
    best = np.argmin(by_point, axis=0) * count + np.arange(count)
    pixels, depth = project(settled[best], task.points, task.size)
    each = np.arange(count)
    off = pixels[each, each] - task.clicks
    alone = np.hypot(off[:, 0], off[:, 1])
    alone = np.where(depth[each, each] > 0.0, alone, np.maximum(alone, float(task.size.width_px)))
    worst = int(np.argmin(unlikely[best]))
    anywhere = math.log(float(task.size.width_px) * task.size.height_px)
    gained = weighed.unlikely - (float(unlikely[best][worst]) + anywhere)
    stands_out = spare >= 2 and gained > _DISAGREES_NATS and alone[worst] > _DISAGREES_PX
    return Doubts(alone, worst if stands_out else None)
