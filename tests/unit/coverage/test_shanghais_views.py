"""Views between the houses of the Bund and Lujiazui, cut into pieces by the tiles that they were taken from."""

import math
from pathlib import Path

import numpy as np
import pysovist
import pytest
import shapely

from vms.coverage.view import compute_views
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose
from vms.maps.map_file import ReadOptions, open_map
from vms.places.town import Building, Town

CAMERAS = 220
RANGE_M = 100.0


def shanghai(shared_fixtures: Path) -> Walls:
    items = open_map(shared_fixtures / "geo" / "shanghai-buildings.geojson", ReadOptions(skip_bad=True)).items()
    houses = tuple(item for _, item in items if isinstance(item, Building))
    return Walls.of_town(Town(name="", attribution="", buildings=houses))


def poses_on(walls: Walls) -> list[Pose]:
    """On walls, on corners, 3 m before them and 2 m behind; most look away from the wall, some anywhere."""
    draw = np.random.default_rng(3)
    segments = walls.grid.segments
    length_m = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    rows = draw.choice(len(segments), CAMERAS, p=length_m / length_m.sum())
    along = segments[rows, 2:] - segments[rows, :2]
    share = draw.uniform(0.0, 1.0, CAMERAS)
    share[::5] = 0.0
    outward = np.column_stack([along[:, 1], -along[:, 0]]) / length_m[rows][:, None]
    off_m = np.choose(np.arange(CAMERAS) % 4, [0.0, 0.0, 3.0, -2.0])
    spots = segments[rows, :2] + share[:, None] * along + off_m[:, None] * outward
    looks = 90.0 - np.degrees(np.arctan2(outward[:, 1], outward[:, 0])) + draw.uniform(-80.0, 80.0, CAMERAS)
    looks[::7] = draw.uniform(0.0, 360.0, len(looks[::7]))
    return [
        Pose(position=walls.frame.to_wgs84(x, y), bearing_deg=look % 360.0, h_fov_deg=90.0, max_view_m=RANGE_M)
        for (x, y), look in zip(spots.tolist(), looks.tolist(), strict=True)
    ]


def test_shanghais_cameras_equal_the_oracle_between_shanghais_walls(shared_fixtures: Path) -> None:
    walls = shanghai(shared_fixtures)
    poses = poses_on(walls)
    segments = walls.grid.segments
    tree = shapely.STRtree(shapely.linestrings(segments.reshape(-1, 2, 2)))
    for pose, view in zip(poses, compute_views(poses, walls), strict=True):
        assert not view.indoor, "none of them lies deeper than 2 m inside"
        x, y = walls.frame.to_xy(view.position)
        reach = shapely.box(x - RANGE_M - 1.0, y - RANGE_M - 1.0, x + RANGE_M + 1.0, y + RANGE_M + 1.0)
        assert pose.bearing_deg is not None
        expected = pysovist.isovist(
            segments[tree.query(reach, predicate="intersects")].reshape(-1, 2, 2), (x, y), max_distance=view.range_m,
            fov=math.radians(90.0), direction=math.remainder(math.radians(90.0 - pose.bearing_deg), math.tau),
        ).area  # fmt: skip
        assert view.area_m2 == pytest.approx(expected, rel=1e-6, abs=1e-6)
