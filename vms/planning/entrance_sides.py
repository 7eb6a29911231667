"""The road beside an entrance in two parts: to the one side and to the other, as somebody who comes out turns."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


def sides_of(xy_m: Floats, gate: Longs, gates_xy_m: Floats) -> NDArray[np.int8]:
    """Per spot 0 or 1. `gate`: whose spot it is; the road beside a gate runs where its spots spread most."""
    gates = len(gates_xy_m)
    count = np.maximum(np.bincount(gate, minlength=gates), 1)
    middle = np.column_stack([np.bincount(gate, weights=xy_m[:, k], minlength=gates) / count for k in (0, 1)])
    dx, dy = (xy_m - middle[gate]).T
    across, both, along = (np.bincount(gate, weights=part, minlength=gates) for part in (dx * dx, dx * dy, dy * dy))
    angle = 0.5 * np.arctan2(2.0 * both, across - along)
    to = xy_m - gates_xy_m[gate]
    ahead = to[:, 0] * np.cos(angle[gate]) + to[:, 1] * np.sin(angle[gate])
    sides: NDArray[np.int8] = (ahead < 0.0).astype(np.int8)
    return sides
