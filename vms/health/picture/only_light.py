"""Whether light alone explains a picture: what was the brighter part of the view still is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.health.picture.baseline import LightBaseline
from vms.health.picture.cells import cells_of
from vms.health.picture.statistics import PictureStatistics

LEAST_SPREAD = 4.0
"""Levels: a picture that is even throughout tells no order."""
OTHER_LEVELS, OTHER_SHARE = 16.0, 0.5
BURNT_LUMA, MOSTLY_BURNT = 245, 0.5
"""Where most cells are burnt out, nobody can tell any more which were the brighter ones."""
ALL_LIGHT_SHARE = 0.35
"""Of the spread: something stands before a picture beyond the first two, only light changed up to the last."""


@dataclass(frozen=True, slots=True)
class NotByLight:
    """How far cells are from the best change of light: one that makes nothing darker than what was darker before."""

    levels: float
    """Mean distance."""
    share: float
    """Root mean square of it, against how far the cells lie apart."""

    @property
    def is_something_else(self) -> bool:
        return self.levels > OTHER_LEVELS and self.share > OTHER_SHARE

    @property
    def is_light(self) -> bool:
        return self.share <= ALL_LIGHT_SHARE


def not_by_light(seen: PictureStatistics, normal: LightBaseline) -> NotByLight:
    before, now = cells_of(normal.cell_luma).ravel(), cells_of(seen.cell_luma).ravel()
    if is_mostly_burnt(seen):
        return NotByLight(0.0, 0.0)
    order = np.argsort(before, kind="stable")
    away = now[order] - _never_falling(now[order])
    spread = max(float(now.std()), LEAST_SPREAD)
    return NotByLight(float(np.mean(np.abs(away))), float(np.sqrt(np.mean(away * away))) / spread)


def is_mostly_burnt(seen: PictureStatistics) -> bool:
    return bool(np.mean(cells_of(seen.cell_luma) >= BURNT_LUMA) > MOSTLY_BURNT)


def _never_falling(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest values that never fall (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for value in values.tolist():
        mean, count = value, 1
        while pools and pools[-1][0] >= mean:
            before, many = pools.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    return np.repeat([mean for mean, _ in pools], [count for _, count in pools])
