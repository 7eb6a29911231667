"""How well clicked points give a camera's pose: simulated cameras, 2 px of the hand's error, OpenCV's projection.

python bench/bench_pose.py [cameras]
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.builders.clicked_points import a_random_camera, bearing_error_deg, clicked, position_error_m
from vms.core.errors import BadInput
from vms.coverage.pose_fit.asked import Known
from vms.coverage.pose_fit.fit import fit_pose

SEED = 5
USUAL = 1000


def main(count: int) -> None:
    rng = np.random.default_rng(SEED)
    cameras = [
        (camera, points, clicked(camera, points, rng))
        for camera, points in (a_random_camera(rng) for _ in range(count))
    ]
    ways = {
        "nothing is known": lambda camera: Known(),
        "height is known": lambda camera: Known(mount_height_m=camera.height_m),
        "lens is known": lambda camera: Known(h_fov_deg=camera.h_fov_deg),
        "position is known": lambda camera: Known(position=camera.position),
        "position and height are known": lambda camera: Known(position=camera.position, mount_height_m=camera.height_m),
    }
    for name, known in ways.items():
        bearing, position, height, fov, seconds, refused = [], [], [], [], [], 0
        for camera, _, sights in cameras:
            began = time.perf_counter()
            try:
                found = fit_pose(sights, camera.size, known(camera)).pose
            except BadInput:
                refused += 1
                continue
            finally:
                seconds.append(time.perf_counter() - began)
            bearing.append(bearing_error_deg(found, camera))
            position.append(position_error_m(found, camera))
            height.append(abs(found.mount_height_m - camera.height_m))
            fov.append(abs(found.h_fov_deg - camera.h_fov_deg))
        print(
            json.dumps(
                {
                    "what": name,
                    "cameras": count,
                    "refused": refused,
                    "bearing_mean_deg": round(float(np.mean(bearing)), 3),
                    "bearing_p95_deg": round(float(np.percentile(bearing, 95)), 3),
                    "position_mean_m": round(float(np.mean(position)), 3),
                    "position_p95_m": round(float(np.percentile(position, 95)), 3),
                    "position_max_m": round(float(np.max(position)), 3),
                    "height_mean_m": round(float(np.mean(height)), 3),
                    "h_fov_mean_deg": round(float(np.mean(fov)), 3),
                    "fit_p50_ms": round(float(np.median(seconds)) * 1e3, 1),
                    "fit_p99_ms": round(float(np.percentile(seconds, 99)) * 1e3, 1),
                }
            )
        )
    print(json.dumps({"load": os.getloadavg()}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL)
