"""Whether the borders of a file's own blocks can be seen: coded finely now, it was coded coarsely before."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.media.diagnosis.decode import Decoded

LEAST_BLOCK_PX = 4
"""Smaller ones have no middle to compare with."""
LEAST_LEVELS, LEVELS_PER_STEP = 4.0, 1.0
"""A step at a border stands out by more than the first, and by more than its own coding leaves there."""


def own_grid_share(still: Decoded) -> float | None:
    """Share of the border points where brightness jumps and beside which it does not, beyond the same share in the
    middle of the blocks: a scene has as many here as there. The less of across and down; None where the blocks are
    too small to tell, or there are none."""
    block_px = still.block_px
    if block_px < LEAST_BLOCK_PX or min(still.unscaled.shape[:2]) < 4 * block_px:
        return None
    luma = cv2.cvtColor(still.unscaled, cv2.COLOR_BGR2GRAY)
    levels = max(LEAST_LEVELS, LEVELS_PER_STEP * still.coding_step)
    across = _beyond_the_middle(cv2.absdiff(luma[:, 1:], luma[:, :-1]), block_px, levels)
    down = _beyond_the_middle(cv2.transpose(cv2.absdiff(luma[1:], luma[:-1])), block_px, levels)
    return max(0.0, min(across, down))


def _beyond_the_middle(steps: NDArray[Any], block_px: int, levels: float) -> float:
    border, middle = block_px - 1, block_px // 2 - 1
    return _standing_out(steps, border, block_px, levels) - _standing_out(steps, middle, block_px, levels)


def _standing_out(steps: NDArray[Any], first: int, block_px: int, levels: float) -> float:
    count = (steps.shape[1] - 1 - first) // block_px
    before, here, after = (np.ascontiguousarray(steps[:, first + by :: block_px][:, :count]) for by in (-1, 0, 1))
    return float(np.count_nonzero(cv2.subtract(here, cv2.max(before, after)) > levels)) / max(here.size, 1)
