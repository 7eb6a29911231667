"""A town for the benches: the map that is given or shared, laid out again and again until it is a city, and cameras on
its walls. Imports little, so that the memory that is measured is the program's."""

import os
from pathlib import Path

import numpy as np

from vms.coverage.walls import Walls

ROOT = Path(__file__).resolve().parent.parent
RANGE_M = 100.0
_AT_A_TIME = 50_000


def default_map() -> Path | None:
    shared = Path(os.environ.get("VMS_SHARED_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    munich = shared / "geo" / "munich.osm.pbf"
    return munich if munich.is_file() else None


def tile_shifts(walls: Walls, tiles: int) -> list[tuple[float, float]]:
    segments = walls.grid.segments
    step_x = float(np.ptp(segments[:, 0::2])) + 20.0
    step_y = float(np.ptp(segments[:, 1::2])) + 20.0
    middle = (tiles - 1) / 2.0
    return [((i - middle) * step_x, (j - middle) * step_y) for i in range(tiles) for j in range(tiles)]


def tiled(walls: Walls, tiles: int) -> Walls:
    segments, shifts = walls.grid.segments, tile_shifts(walls, tiles)
    whole = np.empty((len(shifts), *segments.shape))
    for tile, (x, y) in zip(whole, shifts, strict=True):
        np.add(segments, (x, y, x, y), out=tile)
    return Walls.of_segments(walls.frame, whole.reshape(-1, 4))


def told_on_walls(walls: Walls, cameras: int, rng: np.random.Generator, *, fov_deg: float) -> np.ndarray:
    """On random walls, looking away from them within 40°: rows for `rows_of_told`."""
    told = np.full((cameras, 8), np.nan)
    segments = walls.grid.segments
    for begin in range(0, cameras, _AT_A_TIME):
        some = told[begin : begin + _AT_A_TIME]
        at = rng.integers(0, len(walls), len(some))
        along = segments[at, 2:] - segments[at, :2]
        xy = segments[at, :2] + rng.uniform(0.2, 0.8, (len(some), 1)) * along
        away_deg = np.degrees(np.arctan2(along[:, 1], -along[:, 0]))
        some[:, :2] = walls.frame.to_lonlat_array(xy)
        some[:, 2] = (away_deg + rng.uniform(-40.0, 40.0, len(some))) % 360.0
        some[:, 4], some[:, 7] = fov_deg, RANGE_M
    return told
