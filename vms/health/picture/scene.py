"""Against the camera's own normal: part of the view covered, or another view."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vms.health.fault import FaultKind
from vms.health.picture.baseline import MATCH, LightBaseline, match
from vms.health.picture.finding import Finding, grade
from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS, LOOK_COLUMNS, LOOK_ROWS, PictureStatistics

COVERED_SHARE = 0.175
"""Of the picture; passers-by and lorries are less, or gone at the next look."""
DETAIL_STEPS = 8
"""Cells with less (quarters of a level) have nothing that could be covered."""
LEFT_SHARE = 0.4
KEPT_SHARE = 0.55
"""Of the detail, in the cells that kept most: below, all of the picture lost detail, and nothing stands before it."""
MOSTLY_COVERED = 0.4
"""Nobody turns a camera so that as much is bare in one piece."""
MIN_TELLING_CELLS = 8
UNLIKE, UNLIKE_LOWEST, UNLIKE_HIGHEST = 0.5, 0.2, 0.75
KNOWN_WELL = 8
"""Pictures from which on a camera's own steadiness counts."""
REST_ALIKE = 0.45
"""Where the uncovered part is this much like its normal, the camera has not turned: something stands before it."""


def judge_scene(seen: PictureStatistics, normal: LightBaseline) -> Iterator[Finding]:
    alike = match(normal.look, seen.look)
    limit = _unlike_limit(normal)
    gone = covered_cells(seen, normal)
    covered = float(np.count_nonzero(gone)) / gone.size
    turned = covered < COVERED_SHARE or (
        covered < MOSTLY_COVERED and match(normal.look, seen.look, _open_points(gone)) < REST_ALIKE
    )
    score = grade(alike, limit, limit - 0.25)
    if score > 0 and turned:
        because = f"the view is {alike:.2f} like the normal one, limit {limit:.2f}"
        yield Finding(kind=FaultKind.SCENE_CHANGE, score=score, because=because)
    score = grade(covered, COVERED_SHARE, 2.2 * COVERED_SHARE)
    if score > 0:
        because = f"{covered:.0%} of the picture lost its detail in one piece, limit {COVERED_SHARE:.0%}"
        yield Finding(kind=FaultKind.OCCLUSION, score=score, because=because)


def _unlike_limit(normal: LightBaseline) -> float:
    """A scene that always looks the same is missed sooner; one that varies must be quite another."""
    usual = normal.of(MATCH)
    if normal.seen >= KNOWN_WELL:
        steady = usual.centre - 8 * usual.deviation
        if steady > UNLIKE:
            return min(steady, UNLIKE_HIGHEST)
    return max(UNLIKE_LOWEST, min(UNLIKE, usual.centre - 4 * usual.deviation))


def covered_cells(seen: PictureStatistics, normal: LightBaseline) -> NDArray[np.bool_]:
    """Largest connected part of the picture whose detail is gone while the rest has kept its own."""
    before, now = _cells(normal.cell_detail), _cells(seen.cell_detail)
    telling = before >= DETAIL_STEPS
    if np.count_nonzero(telling) < MIN_TELLING_CELLS:
        return np.zeros_like(telling)
    kept = float(np.percentile(now[telling] / before[telling], 85))
    if kept < KEPT_SHARE:
        return np.zeros_like(telling)
    gone = telling & (now < LEFT_SHARE * min(kept, 1.0) * before)
    if np.count_nonzero(gone) < COVERED_SHARE * gone.size / 2:
        return np.zeros_like(telling)
    bare = ~telling & (now < DETAIL_STEPS)
    return _largest(gone, bare)


def _open_points(gone: NDArray[np.bool_]) -> NDArray[np.float32]:
    """1 where a point of the look lies in a cell that is still seen."""
    rows = np.arange(LOOK_ROWS) * GRID_ROWS // LOOK_ROWS
    columns = np.arange(LOOK_COLUMNS) * GRID_COLUMNS // LOOK_COLUMNS
    return np.asarray(~gone[np.ix_(rows, columns)], dtype=np.float32)


def _largest(gone: NDArray[np.bool_], bridge: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest connected part of `gone`; bare cells connect, but do not count."""
    left = {(int(row), int(column)) for row, column in np.argwhere(gone | bridge)}
    largest: list[tuple[int, int]] = []
    while left:
        edge, found = [left.pop()], []
        while edge:
            row, column = edge.pop()
            if gone[row, column]:
                found.append((row, column))
            around = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)} & left
            left -= around
            edge.extend(around)
        largest = max(largest, found, key=len)
    covered = np.zeros_like(gone)
    for row, column in largest:
        covered[row, column] = True
    return covered


def _cells(values: bytes) -> NDArray[np.float64]:
    return np.frombuffer(values, dtype=np.uint8).reshape(GRID_ROWS, GRID_COLUMNS).astype(np.float64)
