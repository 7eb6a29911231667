"""The structure of a scene in 880 signed bytes: brightness against the surroundings, whatever the light."""

import cv2
import numpy as np

from vms.health.picture.statistics import LOOK_COLUMNS, LOOK_ROWS
from vms.media.diagnosis.decode import Picture

SURROUNDINGS = 4.0
FLOOR_LEVELS = 6.0
"""Differences below count for little: there is nothing to know the scene by."""


def look_of(small: Picture) -> bytes:
    cells = cv2.resize(small, (LOOK_COLUMNS, LOOK_ROWS), interpolation=cv2.INTER_AREA).astype(np.float32)
    around = cv2.GaussianBlur(cells, (0, 0), SURROUNDINGS)
    away = cells - around
    spread = np.sqrt(cv2.GaussianBlur(away * away, (0, 0), SURROUNDINGS)) + FLOOR_LEVELS
    return np.clip(np.rint(away / spread * 42), -127, 127).astype(np.int8).tobytes()
