"""The views of a whole city in a process of its own, whose memory is then that of the map and the views alone.

python bench/city_views.py [--cameras 1000000] [--tiles 20] [--share-above-8-m 0.0] [--map FILE]
"""

import argparse
import gc
import json
import sys
import time
from pathlib import Path

import numpy as np
from tiled_town import default_map, tiled, told_on_walls

from vms.coverage.density import DEFAULT_WIDTH_PX
from vms.coverage.poses import rows_of_told
from vms.coverage.view import sweep_rows
from vms.coverage.walls import Walls
from vms.maps.osm import read_town
from vms.sim.town import generated_town

LOFTY_M = 15.0


def laid_out(path: Path | None, tiles: int) -> Walls:
    one = Walls.of_town(generated_town(1) if path is None else read_town(path))
    gc.collect()
    return tiled(one, tiles)


def measured(walls: Walls, cameras: int, share_lofty: float) -> dict[str, object]:
    told = told_on_walls(walls, cameras, np.random.default_rng(1), fov_deg=90.0)
    told[: round(share_lofty * cameras), 6] = LOFTY_M
    sweep_rows(rows_of_told(told[:10], walls.frame), walls)
    started, on_the_wall = time.thread_time(), time.perf_counter()
    rows = rows_of_told(told, walls.frame, width_px=DEFAULT_WIDTH_PX)
    del told
    packed = sweep_rows(rows, walls)
    taken, clock_s = time.thread_time() - started, time.perf_counter() - on_the_wall
    return {
        "cameras": cameras,
        "walls": len(walls),
        "share_above_8_m": share_lofty,
        "cpu_s": round(taken, 2),
        "clock_s": round(clock_s, 2),
        "views_per_s": round(cameras / taken),
        "walls_mb": round(sum(part.nbytes for part in walls.grid if isinstance(part, np.ndarray)) / 2**20, 1),
        "packed_mb": round(sum(part.nbytes for part in packed) / 2**20, 1),
        "whole_process_peak_mb": peak_mb(),
        "share_seeing": round(float((packed.pieces > 0).mean()), 3),
    }


def peak_mb() -> int:
    """Of this program; `ru_maxrss` would count what the one that started it had in memory."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return round(int(told["VmHWM"].split()[0]) / 1024)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cameras", type=int, default=1_000_000)
    parser.add_argument("--tiles", type=int, default=20)
    parser.add_argument("--share-above-8-m", type=float, default=0.0)
    parser.add_argument("--map", type=Path, default=default_map())
    options = parser.parse_args()
    walls = laid_out(options.map, options.tiles)
    print(json.dumps(measured(walls, options.cameras, options.share_above_8_m)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
