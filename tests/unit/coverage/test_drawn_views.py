"""Views drawn many at once are what each says of itself, and their tiles tell whose they are."""

import gzip

import numpy as np
import pytest
import shapely

from tests.builders.coverage import FRAME, a_building, a_pose, a_town, at
from tests.builders.vector_tiles import area, layers, tile_at
from vms.core.ids import CameraId
from vms.coverage.drawn_views import DrawnViews, draw_views
from vms.coverage.index import CoverageIndex
from vms.coverage.view import Views, compute_views
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose
from vms.maps.tiles.view_tile import sectors, squares

STEP_DEG = 7.5
WALL = a_building(20.0, -5.0, 30.0, 15.0, height_m=9.0)
BEHIND = a_building(45.0, -30.0, 50.0, 30.0, height_m=6.0)


def views_of(*poses: Pose, indoor: bool | list[bool] = False) -> Views:
    return compute_views(poses, Walls.of_town(a_town(buildings=[WALL, BEHIND]), frame=FRAME), indoor=indoor)


def drawn(views: Views) -> DrawnViews:
    return draw_views(views.walls.grid.segments, views.packed)


def polygons(found: DrawnViews) -> list[tuple[int, shapely.Polygon]]:
    rings = np.split(found.corners_m, found.ends[:-1])
    shapes = np.split(np.arange(len(rings)), found.shape_ends[:-1])
    return [
        (row, shapely.Polygon(rings[own[0]], [rings[hole] for hole in own[1:]]))
        for row, own in zip(found.rows.tolist(), shapes, strict=True)
    ]


@pytest.mark.parametrize(
    "pose",
    [
        a_pose(h_fov_deg=80.0, max_view_m=60.0),
        a_pose(bearing_deg=None, max_view_m=60.0),
        a_pose(h_fov_deg=80.0, max_view_m=60.0, mount_height_m=6.0, tilt_deg=25.0),
        a_pose(h_fov_deg=360.0, max_view_m=60.0, mount_height_m=4.0, tilt_deg=40.0),
        a_pose(h_fov_deg=80.0, max_view_m=90.0, mount_height_m=20.0),
        a_pose(h_fov_deg=360.0, max_view_m=90.0, mount_height_m=25.0, tilt_deg=30.0),
    ],
    ids=["a wall", "no direction", "dead zone", "all around", "over roofs", "all around over roofs"],
)
def test_a_view_is_drawn_as_it_says_itself(pose: Pose) -> None:
    views = views_of(pose)
    exact = views[0].shape_xy(arc_step_deg=STEP_DEG)
    shapes = [shape for _, shape in polygons(drawn(views))]
    assert exact.area > 500.0
    assert sum(shape.area for shape in shapes) == pytest.approx(exact.area, rel=0.02)
    together = shapely.union_all([shapely.make_valid(shape) for shape in shapes])
    assert together.symmetric_difference(exact).area < 0.03 * exact.area


def test_of_many_views_each_is_its_own_and_who_stands_indoors_has_none() -> None:
    poses = [a_pose(3.0 * x, -40.0, bearing_deg=37.0 * x, h_fov_deg=70.0, max_view_m=50.0) for x in range(40)]
    views = views_of(*poses, indoor=[x == 7 for x in range(40)])
    found = dict(polygons(drawn(views)))
    assert set(range(40)) - found.keys() == {7}
    for row, shape in found.items():
        exact = views[row].shape_xy(arc_step_deg=STEP_DEG)
        assert shape.area == pytest.approx(exact.area, rel=1e-6), row


def a_town_of_views(count: int) -> CoverageIndex:
    rng = np.random.default_rng(5)
    places = rng.uniform(-900.0, 900.0, (count, 2)).tolist()
    poses = [
        a_pose(x, y, bearing_deg=float(turn), h_fov_deg=70.0, max_view_m=80.0)
        for (x, y), turn in zip(places, rng.uniform(0.0, 360.0, count), strict=True)
    ]
    walls = Walls.of_town(a_town(buildings=[WALL, BEHIND]), frame=FRAME)
    return CoverageIndex.build([CameraId(n) for n in range(1, count + 1)], poses, walls)


def test_a_tile_of_thousands_of_views_holds_each_that_touches_it_and_stays_small() -> None:
    index = a_town_of_views(4_000)
    middle = at(0.0, 0.0)
    zoom, column, row = tile_at(middle.lon, middle.lat, 14)
    found = drawn(Views(index.walls, index.packed))
    ids = index.buckets.ids[found.rows]
    undirected = np.zeros(len(ids), bool)
    tile = sectors(
        zoom, column, row, FRAME.to_lonlat_array(found.corners_m), found.ends, found.shape_ends, ids,
        undirected=undirected, behind=found.behind,
    )  # fmt: skip
    ((name, features),) = layers(tile)
    assert name == "view"
    told = {int(words["camera_id"]) for words, _ in features}
    assert 1_000 < len(told) == len(features)
    assert all(area(rings[0]) > 0 for _, rings in features)
    assert len(gzip.compress(tile, 3)) < 90 * len(features)


def test_far_out_a_tile_counts_the_cameras_of_each_square() -> None:
    middle = at(0.0, 0.0)
    spots = np.array([[middle.lon, middle.lat]] * 5 + [[middle.lon - 0.03, middle.lat]])
    tile = squares(*tile_at(middle.lon, middle.lat, 11), spots)
    ((name, features),) = layers(tile)
    assert name == "density"
    assert sorted(words["views"] for words, _ in features) == ["1", "5"]
    assert [len(rings[0]) for _, rings in features] == [4, 4]
    assert squares(*tile_at(10.0, 10.0, 11), spots) == b""
