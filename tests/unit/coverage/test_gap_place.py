"""Two gaps of one street are told apart by the side of the road and by how far they are from a corner."""

from typing import NamedTuple

from tests.builders.coverage import at
from vms.coverage.gap_place import Compass, GapPlace, compass, place_of_gap
from vms.places.street_corners import StreetCorners
from vms.places.town import Place, PlaceKind

CORNERS = StreetCorners(
    [
        Place(kind=PlaceKind.CROSSING, name="农业路 / 花园路", position=at(0.0, 0.0)),
        Place(kind=PlaceKind.CROSSING, name="红专路 / 花园路", position=at(0.0, 800.0)),
        Place(kind=PlaceKind.CROSSING, name="农业路 / 经三路", position=at(300.0, 0.0)),
        Place(kind=PlaceKind.KEY_PLACE, name="a / b", position=at(0.0, 50.0)),
    ]
)
NO_CORNERS = StreetCorners([])


class ASide(NamedTuple):
    name: str
    side: int
    from_m: float
    to_m: float


def told(from_m: float, to_m: float, side: int, corners: StreetCorners = CORNERS) -> GapPlace:
    """Of 花园路, which runs north."""
    stretch = ASide("花园路", side, from_m, to_m)
    found = place_of_gap(stretch, [at(0.0, from_m), at(0.0, to_m)], corners)
    return GapPlace(
        side=found.side, crossing=found.crossing, way=found.way, from_m=round(found.from_m), to_m=round(found.to_m)
    )


def test_a_stretch_is_so_far_from_its_nearest_corner() -> None:
    assert told(40.0, 120.0, 1) == GapPlace(
        side=Compass.WEST, crossing="农业路", way=Compass.NORTH, from_m=40, to_m=120
    )
    assert told(620.0, 700.0, -1) == GapPlace(
        side=Compass.EAST, crossing="红专路", way=Compass.SOUTH, from_m=100, to_m=180
    )


def test_a_stretch_that_begins_at_the_corner_lies_to_one_side_of_it() -> None:
    assert told(0.0, 90.0, 1).way is Compass.NORTH


def test_a_stretch_over_a_corner_is_told_to_both_sides() -> None:
    over = told(-30.0, 70.0, 1)
    assert (over.way, over.from_m, over.to_m) == (None, 30, 70)


def test_far_from_corners_the_road_is_measured_as_the_map_draws_it() -> None:
    assert told(10.0, 60.0, 0, NO_CORNERS) == GapPlace(from_m=10, to_m=60)
    assert told(2000.0, 2100.0, 1).crossing == ""


def test_a_place_needs_no_corner() -> None:
    assert place_of_gap(ASide("花园路", 0, 0.0, 0.0), [at(0.0, 5.0)], CORNERS) == GapPlace()


def test_the_compass_has_eight_points() -> None:
    assert [compass(deg) for deg in (0.0, 22.0, 23.0, 90.0, 315.0, 350.0)] == [
        Compass.NORTH, Compass.NORTH, Compass.NORTH_EAST, Compass.EAST, Compass.NORTH_WEST, Compass.NORTH,
    ]  # fmt: skip
