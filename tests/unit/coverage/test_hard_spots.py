"""Cameras where maps put them and geometry is least kind: on walls, corners, party walls, in courts, near 180°.

Each is held against two others: the area against PyPI's pysovist between walls that shapely merged, and point by point
against lines of sight that shapely draws through the houses.
"""

import math

import numpy as np
import pysovist
import pytest
import shapely

from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.view import View, compute_view
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose
from vms.places.packed import PackedBuildings
from vms.places.town import Building, Town

NORTH = LocalFrame(Wgs84(24.94, 60.17))
EDGE_OF_THE_WORLD = LocalFrame(Wgs84(179.9999, -16.8))
RANGE_M = 60.0
HOUSE = shapely.box(0, 0, 20, 12)
COURT = shapely.box(0, 0, 40, 30).difference(shapely.box(10, 8, 30, 22))
CORNER_COURT = shapely.Polygon([(0, 0), (40, 0), (40, 30), (0, 30)], [[(20, 0), (28, 10), (12, 10)]])
"""Its court touches the street at one point."""
ROW = [shapely.box(-20, 0, 0, 12), shapely.box(0, 0, 20, 12)]
STEPPED_ROW = [shapely.box(-20, 0, 0, 12), shapely.box(0, 4, 20, 16), shapely.box(20, 0, 40, 12)]
POINT_TO_POINT = [shapely.box(-20, -12, 0, 0), shapely.box(0, 0, 20, 12)]
ALONG_ONE_LINE = [shapely.box(-30, 0, -10, 12), shapely.box(-10, 0, 5, 12), shapely.box(9, 0, 30, 12)]
"""With corners in the middle of straight walls, and an alley."""
OTHERS = [shapely.box(-8, -30, 6, -22), shapely.box(25, -34, 33, -18), shapely.box(44, -5, 52, 18)]

SPOTS = {
    "on a wall, looking away from it": ([HOUSE], (7.0, 0.0), 180.0),
    "on a wall, looking along it": ([HOUSE], (7.0, 0.0), 90.0),
    "on a wall, looking into it": ([HOUSE], (7.0, 0.0), 0.0),
    "on a corner, looking away": ([HOUSE], (0.0, 0.0), 225.0),
    "on a corner, looking along a wall": ([HOUSE], (0.0, 0.0), 90.0),
    "a hair before a corner": ([HOUSE], (-1e-9, -1e-9), 225.0),
    "in a court": ([COURT], (17.0, 12.0), 90.0),
    "on the wall of a court": ([COURT], (17.0, 8.0), 0.0),
    "in the corner of a court": ([COURT], (10.0, 8.0), 45.0),
    "between court and street, looking at the street": ([COURT], (17.0, 3.0), 180.0),
    "between court and street, looking at the court": ([COURT], (17.0, 6.0), 0.0),
    "in a court that touches the street": ([CORNER_COURT], (20.0, 6.0), 180.0),
    "where a court touches the street": ([CORNER_COURT], (20.0, 0.0), 180.0),
    "inside a house": ([HOUSE], (7.0, 4.0), 180.0),
    "on a party wall, deep": (ROW, (0.0, 5.0), 180.0),
    "where a party wall meets the street": (ROW, (0.0, 0.0), 180.0),
    "where a party wall meets the street, looking along it": (ROW, (0.0, 0.0), 90.0),
    "in the corner of a stepped row": (STEPPED_ROW, (0.0, 4.0), 135.0),
    "on the step of a row": (STEPPED_ROW, (0.0, 2.0), 90.0),
    "where two houses touch at a point": (POINT_TO_POINT, (0.0, 0.0), 135.0),
    "before two houses that touch at a point": (POINT_TO_POINT, (12.0, -12.0), 315.0),
    "in line with walls of one line": (ALONG_ONE_LINE, (-45.0, 0.0), 90.0),
    "on a corner in the middle of a straight wall": (ALONG_ONE_LINE, (-10.0, 0.0), 180.0),
    "before an alley": (ALONG_ONE_LINE, (7.0, -15.0), 0.0),
    "in an alley": (ALONG_ONE_LINE, (7.0, 6.0), 180.0),
}


def a_building(solid: shapely.Polygon, frame: LocalFrame, height_m: float | None = None) -> Building:
    rings = [shapely.get_coordinates(ring)[:-1] for ring in (solid.exterior, *solid.interiors)]
    outline, *holes = (frame.to_lonlat_array(ring) for ring in rings)
    return Building(outline=outline, holes=tuple(holes), height_m=height_m)


def walls_in(frame: LocalFrame, solids: list[shapely.Polygon], *, packed: bool = False) -> Walls:
    houses = tuple(a_building(one, frame) for one in solids)
    return Walls.of_town(
        Town(name="", attribution="", buildings=PackedBuildings.of(houses) if packed else houses), frame=frame
    )


def looks_from(walls: Walls, spot: tuple[float, float], bearing_deg: float, fov_deg: float) -> View:
    position = walls.frame.to_wgs84(*spot)
    return compute_view(Pose(position=position, bearing_deg=bearing_deg, h_fov_deg=fov_deg, max_view_m=RANGE_M), walls)


def edges_of(solids: list[shapely.Polygon]) -> np.ndarray:
    """(n, 2, 2): of the houses as one."""
    rings = shapely.get_parts(shapely.get_rings(shapely.get_parts(shapely.union_all(solids))))
    corners = [shapely.get_coordinates(ring) for ring in rings]
    return np.concatenate([np.stack([one[:-1], one[1:]], axis=1) for one in corners])


@pytest.mark.parametrize("spot", SPOTS)
def test_a_hard_spot_sees_what_two_others_say(spot: str) -> None:
    two_others_agree(spot, NORTH, (90.0, 200.0))


@pytest.mark.parametrize("spot", ["on a wall, looking away from it", "in a court", "before an alley"])
def test_a_view_over_the_180th_meridian_is_as_any_other(spot: str) -> None:
    two_others_agree(spot, EDGE_OF_THE_WORLD, (200.0,))


def two_others_agree(spot: str, frame: LocalFrame, fovs_deg: tuple[float, ...]) -> None:
    houses, where, bearing_deg = SPOTS[spot]
    solids = [*houses, *OTHERS]
    walls = walls_in(frame, solids)
    for fov_deg in fovs_deg:
        view = looks_from(walls, where, bearing_deg, fov_deg)
        assert not view.indoor
        here = frame.to_xy(view.position)
        assert not shapely.union_all(solids).contains(shapely.Point(here).buffer(1e-6)), "it stands outdoors"
        assert math.dist(here, where) <= 15.0
        expected = pysovist.isovist(
            edges_of(solids), here, max_distance=RANGE_M, fov=math.radians(fov_deg),
            direction=math.remainder(math.radians(90.0 - bearing_deg), math.tau),
        ).area  # fmt: skip
        assert view.area_m2 == pytest.approx(expected, rel=1e-6, abs=1e-6)
        sees_as_drawn(view, solids, here, bearing_deg, fov_deg)


def sees_as_drawn(
    view: View, solids: list[shapely.Polygon], here: tuple[float, float], bearing_deg: float, fov_deg: float
) -> None:
    thin, thick = (shapely.union_all(solids).buffer(by, join_style="mitre") for by in (-0.02, 0.02))
    points, far, near = raster(here, bearing_deg, fov_deg)
    lines = shapely.linestrings(np.stack([np.broadcast_to(here, points.shape), points], axis=1))
    blocked, clear = shapely.intersects(lines, thin), ~shapely.intersects(lines, thick)
    seen = np.array([view.sees(view.walls.frame.to_wgs84(*point)) for point in points.tolist()])
    assert not (seen & (blocked | far)).any(), points[seen & (blocked | far)]
    assert (seen | ~(clear & near)).all(), points[~seen & clear & near]


@pytest.mark.parametrize("spot", SPOTS)
def test_from_high_up_a_hard_spot_sees_the_ground_that_lines_over_the_roofs_reach(spot: str) -> None:
    houses, where, bearing_deg = SPOTS[spot]
    solids = [*houses, *OTHERS]
    heights_m = [9.0 + 2.0 * number for number in range(len(houses))] + [12.0, 30.0, 15.0]
    town = tuple(a_building(one, NORTH, height_m) for one, height_m in zip(solids, heights_m, strict=True))
    walls = Walls.of_town(Town(name="", attribution="", buildings=town), frame=NORTH)
    pose = Pose(
        position=NORTH.to_wgs84(*where),
        bearing_deg=bearing_deg,
        h_fov_deg=200.0,
        max_view_m=RANGE_M,
        mount_height_m=19.0,
    )
    view = compute_view(pose, walls)
    assert view.over_roofs and not view.indoor
    here = NORTH.to_xy(view.position)
    points, far, near = raster(here, bearing_deg, 200.0)
    near &= np.hypot(*(points - here).T) > view.near_m + 0.01
    surely, perhaps = (hidden(points, here, 19.0, solids, heights_m, slack) for slack in (-0.03, 0.03))
    seen = np.array([view.sees(NORTH.to_wgs84(*point)) for point in points.tolist()])
    assert not (seen & (surely | far)).any(), points[seen & (surely | far)]
    assert (seen | perhaps | ~near).all(), points[~(seen | perhaps | ~near)]


def hidden(
    points: np.ndarray, here: tuple[float, float], height_m: float, solids: list[shapely.Polygon],
    heights_m: list[float], slack_m: float,
) -> np.ndarray:  # fmt: skip
    """Does a house of its height stand in the line from the camera down to each point, or on the point?"""
    lines = shapely.linestrings(np.stack([np.broadcast_to(here, points.shape), points], axis=1))
    away = np.hypot(*(points - here).T)
    found = np.zeros(len(points), bool)
    for solid, house_m in zip(solids, heights_m, strict=True):
        thick = solid.buffer(slack_m, join_style="mitre")
        found |= shapely.contains_xy(thick, points[:, 0], points[:, 1])
        for number in np.flatnonzero(shapely.intersects(lines, thick)).tolist():
            inside = shapely.get_coordinates(shapely.intersection(lines[number], thick))
            last_m = float(np.hypot(*(inside - here).T).max())
            found[number] |= height_m * (1.0 - last_m / away[number]) < house_m + slack_m
    return found


@pytest.mark.parametrize("spot", ["in a court", "where a party wall meets the street", "on the step of a row"])
def test_a_packed_town_gives_the_same_views(spot: str) -> None:
    houses, where, bearing_deg = SPOTS[spot]
    plain, packed = (
        looks_from(walls_in(NORTH, [*houses, *OTHERS], packed=packed), where, bearing_deg, 90.0)
        for packed in (False, True)
    )
    assert packed.area_m2 == pytest.approx(plain.area_m2, rel=2e-3), "corners of a packed town are whole centimetres"


def test_deep_inside_a_large_house_is_indoors_and_sees_nothing() -> None:
    view = looks_from(walls_in(NORTH, [shapely.box(0, 0, 80, 80)]), (40.0, 40.0), 90.0, 90.0)
    assert view.indoor and view.area_m2 == 0.0


def raster(here: tuple[float, float], bearing_deg: float, fov_deg: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points all over the town; which surely lie outside the sector, which surely inside."""
    x, y = np.meshgrid(np.arange(-59.3, 75.0, 4.1), np.arange(-59.7, 60.0, 4.1))
    points = np.column_stack([x.ravel(), y.ravel()])
    away = np.hypot(*(points - here).T)
    bearing = np.degrees(np.arctan2(points[:, 0] - here[0], points[:, 1] - here[1]))
    off = np.abs((bearing - bearing_deg + 180.0) % 360.0 - 180.0)
    far = (away > RANGE_M + 0.01) | (off > fov_deg / 2.0 + 0.01)
    return points, far, (away < RANGE_M - 0.01) & (off < fov_deg / 2.0 - 0.01)


@pytest.mark.parametrize("where", [(7.0, 0.0), (0.0, 0.0), (20.0, 7.0)])
@pytest.mark.parametrize("bearing_deg", [0.0, 40.0, 90.0, 180.0, 300.0])
def test_on_which_side_of_its_wall_rounding_puts_a_camera_makes_no_difference(
    where: tuple[float, float], bearing_deg: float
) -> None:
    walls = walls_in(NORTH, [HOUSE, *OTHERS])
    middle = (10.0, 6.0)
    away_m = math.dist(where, middle)
    spots = [
        tuple(a + by_m * (b - a) / away_m for a, b in zip(where, middle, strict=True)) for by_m in (-0.01, 0.0, 0.01)
    ]
    outside, on_it, inside = (looks_from(walls, (x, y), bearing_deg, 90.0) for x, y in spots)
    assert walls.covers(walls.frame.to_wgs84(*spots[2])) and not walls.covers(walls.frame.to_wgs84(*spots[0]))
    for view in (on_it, inside):
        assert not view.indoor
        assert math.dist(walls.frame.to_xy(view.position), walls.frame.to_xy(outside.position)) < 0.02
