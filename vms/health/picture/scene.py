"""Against the camera's own normal: part of the view covered, or another view."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vms.health.fault import FaultKind
from vms.health.picture.baseline import MATCH, LightBaseline, match
from vms.health.picture.finding import Finding, grade
from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS, PictureStatistics

COVERED_SHARE = 0.15
"""Of the picture; passers-by and lorries are less, or gone at the next look."""
DETAIL_STEPS = 8
"""Cells with less (quarters of a level) have nothing that could be covered."""
LEFT_SHARE = 0.4
MIN_TELLING_CELLS = 8
UNLIKE, UNLIKE_LOWEST = 0.45, 0.2


def judge_scene(seen: PictureStatistics, normal: LightBaseline) -> Iterator[Finding]:
    alike = match(normal.look, seen.look)
    usual = normal.of(MATCH)
    limit = max(UNLIKE_LOWEST, min(UNLIKE, usual.centre - 5 * usual.deviation))
    covered = covered_share(seen, normal)
    score = grade(alike, limit, limit - 0.25)
    if score > 0:
        because = f"the view is {alike:.2f} like the normal one, limit {limit:.2f}"
        yield Finding(kind=FaultKind.SCENE_CHANGE, score=score, because=because)
    score = grade(covered, COVERED_SHARE, 2.2 * COVERED_SHARE)
    if score > 0:
        because = f"{covered:.0%} of the picture lost its detail in one piece, limit {COVERED_SHARE:.0%}"
        yield Finding(kind=FaultKind.OCCLUSION, score=score, because=because)


def covered_share(seen: PictureStatistics, normal: LightBaseline) -> float:
    """Largest connected part of the picture whose detail is gone while the rest has kept its own."""
    before, now = _cells(normal.cell_detail), _cells(seen.cell_detail)
    telling = before >= DETAIL_STEPS
    if np.count_nonzero(telling) < MIN_TELLING_CELLS:
        return 0.0
    kept = float(np.percentile(now[telling] / before[telling], 85))
    if kept < 0.15:
        return 0.0
    gone = telling & (now < LEFT_SHARE * min(kept, 1.0) * before)
    bare = ~telling & (now < DETAIL_STEPS)
    return _largest(gone, bare) / (GRID_COLUMNS * GRID_ROWS)


def _largest(gone: NDArray[np.bool_], bridge: NDArray[np.bool_]) -> int:
    """Cells of the largest connected part, bare cells between them as bridges that do not count."""
    left = {(int(row), int(column)) for row, column in np.argwhere(gone | bridge)}
    most = 0
    while left:
        edge, found = [left.pop()], 0
        while edge:
            row, column = edge.pop()
            found += bool(gone[row, column])
            around = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)} & left
            left -= around
            edge.extend(around)
        most = max(most, found)
    return most


def _cells(values: bytes) -> NDArray[np.float64]:
    return np.frombuffer(values, dtype=np.uint8).reshape(GRID_ROWS, GRID_COLUMNS).astype(np.float64)
