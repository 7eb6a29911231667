"""Promise: points clicked in the picture and on the map give the pose with a mean error below 1° and 0.5 m.

Simulated cameras (3 to 12 m high, tilted 5 to 45°, 30 to 110° wide), 6 to 8 points 5 to 80 m away, 2 px of the hand's
error in each direction, projected by OpenCV. Besides: what it is when something is known, and when the map is off.

    python bench/bench_pose.py [--cameras 100]
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.builders.clicked_points import (
    FRAME,
    TrueCamera,
    a_random_camera,
    bearing_error_deg,
    clicked,
    position_error_m,
)
from vms.core.errors import BadInput
from vms.coverage.pose_fit.asked import Known, Sight
from vms.coverage.pose_fit.fit import fit_pose

SEED = 5
MOST_BEARING_DEG, MOST_POSITION_M = 1.0, 0.5
Seen = tuple[TrueCamera, list[Sight]]


@dataclass(frozen=True, slots=True)
class Way:
    name: str
    known: Callable[[TrueCamera], Known]
    map_off_m: float = 0.0
    promised: bool = False


WAYS = (
    Way("nothing is known", lambda camera: Known(), promised=True),
    Way("height is known", lambda camera: Known(mount_height_m=camera.height_m), promised=True),
    Way("position is known", lambda camera: Known(position=camera.position), promised=True),
    Way("nothing is known, the map is off by 0.3 m", lambda camera: Known(), map_off_m=0.3),
    Way("position is known, the map is off by 0.3 m", lambda camera: Known(position=camera.position), map_off_m=0.3),
)


def moved(sights: Sequence[Sight], off_m: float, rng: np.random.Generator) -> list[Sight]:
    def away(one: Sight) -> Sight:
        x_m, y_m = FRAME.to_xy(one.position)
        dx_m, dy_m = rng.normal(0.0, off_m, 2)
        return replace(one, position=FRAME.to_wgs84(x_m + dx_m, y_m + dy_m))

    return [away(one) for one in sights] if off_m else list(sights)


def judge(way: Way, cameras: Sequence[Seen]) -> bool:
    """Prints a line; False: a promise is broken."""
    rng = np.random.default_rng(SEED + 1)
    bearing, position, spent, refused, named = [], [], [], 0, 0
    for camera, sights in cameras:
        points = moved(sights, way.map_off_m, rng)
        began = time.process_time()
        try:
            found = fit_pose(points, camera.size, way.known(camera))
        except BadInput:
            refused += 1
            continue
        finally:
            spent.append(time.process_time() - began)
        bearing.append(bearing_error_deg(found.pose, camera))
        position.append(position_error_m(found.pose, camera))
        named += found.disagrees is not None
    kept = not refused and float(np.mean(bearing)) < MOST_BEARING_DEG and float(np.mean(position)) < MOST_POSITION_M
    told = {
        "what": way.name,
        "cameras": len(cameras),
        "refused": refused,
        "a_point_called_wrong": named,
        "bearing_mean_deg": round(float(np.mean(bearing)), 3),
        "bearing_p95_deg": round(float(np.percentile(bearing, 95)), 3),
        "position_mean_m": round(float(np.mean(position)), 3),
        "position_p95_m": round(float(np.percentile(position, 95)), 3),
        "position_max_m": round(float(np.max(position)), 3),
        "cpu_p50_ms": round(float(np.median(spent)) * 1e3, 1),
        "cpu_p99_ms": round(float(np.percentile(spent, 99)) * 1e3, 1),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(told | ({"kept": kept} if way.promised else {})), flush=True)
    return kept or not way.promised


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cameras", type=int, default=100)
    rng = np.random.default_rng(SEED)
    cameras = []
    for _ in range(options.parse_args().cameras):
        camera, points = a_random_camera(rng)
        cameras.append((camera, clicked(camera, points, rng)))
    kept = [judge(way, cameras) for way in WAYS]
    if not all(kept):
        sys.exit("a promise is broken")


if __name__ == "__main__":
    main()
