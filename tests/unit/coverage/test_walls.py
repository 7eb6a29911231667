"""Footprints as walls."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.coverage import FRAME, a_building, a_road, a_town, at, walls_of
from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.coverage.walls import Walls
from vms.places.packed import PackedBuildings
from vms.places.town import Building, Town

blocks = st.lists(
    st.tuples(st.integers(-150, 150), st.integers(-150, 150), st.integers(1, 60), st.integers(1, 60)).map(
        lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
    ),
    min_size=1,
    max_size=12,
)


def test_neighbours_become_one_block_without_the_wall_between_them():
    town = a_town([a_building(0, 0, 10, 10), a_building(10, 0, 20, 10), a_building(5, 5, 15, 8)])
    walls = Walls.of_town(town)
    lengths = np.hypot(*(walls.grid.segments[:, 2:] - walls.grid.segments[:, :2]).T)
    assert lengths.sum() == pytest.approx(60.0, abs=1e-3)


def test_each_wall_keeps_the_height_of_its_building():
    town = a_town(
        [a_building(0, 0, 10, 10, height_m=9.0), a_building(10, 0, 20, 10, height_m=30.0), a_building(50, 0, 60, 9)]
    )
    walls = Walls.of_town(town)
    middles = walls.frame.to_lonlat_array((walls.grid.segments[:, :2] + walls.grid.segments[:, 2:]) / 2.0)
    xy = FRAME.to_xy_array(middles)
    assert set(walls.height_m[xy[:, 0] < 9.0].tolist()) == {9.0}
    assert set(walls.height_m[(xy[:, 0] > 11.0) & (xy[:, 0] < 25.0)].tolist()) == {30.0}
    assert np.isnan(walls.height_m[xy[:, 0] > 45.0]).all()


def test_a_courtyard_is_outdoors():
    hole = FRAME.to_lonlat_array(np.array([[10.0, 10.0], [20.0, 10.0], [20.0, 20.0], [10.0, 20.0]]))
    block = a_building(0, 0, 30, 30)
    walls = Walls.of_town(a_town([Building(outline=block.outline, holes=(hole,))]))
    assert walls.covers(at(5, 5))
    assert not walls.covers(at(15, 15))
    assert not walls.covers(at(35, 15))


@settings(deadline=None)
@given(blocks, st.lists(st.tuples(st.floats(-200, 250), st.floats(-200, 250)), min_size=1, max_size=40))
def test_inside_is_inside_as_shapely_says(rectangles, points):
    walls = walls_of(*rectangles)
    merged = shapely.union_all([shapely.box(*b) for b in rectangles])
    for x, y in points:
        if merged.boundary.distance(shapely.Point(x, y)) > 1e-6:
            assert walls.inside(np.array([[x, y]]))[0] == merged.contains(shapely.Point(x, y))


@settings(deadline=None)
@given(blocks, st.tuples(st.floats(-150, 200), st.floats(-150, 200)))
def test_outdoors_is_a_spot_before_a_wall_or_the_point_itself(rectangles, point):
    walls = walls_of(*rectangles)
    spot = walls.outdoors(at(*point))
    if walls.covers(at(*point)):
        assert spot == at(*point) or not walls.covers(spot)
    else:
        assert spot == at(*point)


def test_a_broken_outline_is_mended_and_not_a_crash():
    bow_tie = Building(outline=FRAME.to_lonlat_array(np.array([[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]])))
    speck = Building(outline=FRAME.to_lonlat_array(np.array([[0.0, 0.0], [1.0, 1.0]])))
    assert len(Walls.of_town(a_town([bow_tie, speck]))) > 0


def test_a_map_that_spans_the_globe_is_refused():
    far = Building(outline=np.array([[-100.0, 10.0], [-100.0, 10.1], [-100.1, 10.0]]))
    with pytest.raises(BadInput, match="km apart"):
        Walls.of_town(a_town([a_building(0, 0, 10, 10), far]))


def test_a_town_without_buildings_hides_nothing():
    walls = Walls.of_town(a_town(roads=[a_road((0, 0), (10, 0))]))
    assert len(walls) == 0
    assert not walls.covers(Wgs84(24.94, 60.17))


def test_a_packed_town_has_the_walls_of_the_plain_one():
    court = FRAME.to_lonlat_array(np.array([[32.0, 2.0], [38.0, 2.0], [38.0, 8.0], [32.0, 8.0]]))
    yard = a_building(30, 0, 40, 10, holes=(court, court[:2]), height_m=5.0)
    line = Building(outline=FRAME.to_lonlat_array(np.array([[60.0, 0.0], [70.0, 0.0]])))
    houses = (a_building(0, 0, 10, 10, height_m=12.0), line, yard, a_building(5, 5, 15, 8), a_building(-20, 0, -5, 9))
    plain, packed = (
        Walls.of_town(Town(name="", attribution="", buildings=kind), frame=FRAME)
        for kind in (houses, PackedBuildings.of(houses))
    )
    one, other = (np.array(sorted(walls.grid.segments.tolist())) for walls in (plain, packed))
    assert one.shape == other.shape
    assert np.abs(one - other).max() < 0.02
    heights = [sorted(np.nan_to_num(walls.height_m, nan=-1.0).tolist()) for walls in (plain, packed)]
    assert heights[0] == heights[1]
