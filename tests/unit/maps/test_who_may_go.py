"""Who may go along a road, and what lies underground, as a map tells it and as it is kept."""

import numpy as np
import pytest

from tests.builders.coverage import a_road
from vms.maps.cell_code import ROAD, decode, encode, packed_bytes
from vms.maps.geojson import town_from_geojson
from vms.maps.tags import barred, is_underground
from vms.places.packed import PackedRoads
from vms.places.town import Road

LINE = {"type": "LineString", "coordinates": [[10.0, 50.0], [10.001, 50.0]]}
SQUARE = {"type": "Polygon", "coordinates": [[[10.0, 50.0], [10.001, 50.0], [10.001, 50.001], [10.0, 50.0]]]}


@pytest.mark.parametrize(
    ("tags", "who"),
    [
        ({}, set()),
        ({"access": "private"}, {"no_car", "no_bicycle", "no_foot"}),
        ({"access": "no", "foot": "yes"}, {"no_car", "no_bicycle"}),
        ({"motor_vehicle": "no"}, {"no_car"}),
        ({"vehicle": "no", "bicycle": "yes"}, {"no_car"}),
        ({"motor_vehicle": "no", "motorcar": "yes"}, set()),
        ({"access": "destination"}, set()),
    ],
)
def test_the_tag_nearest_to_the_travel_has_the_word(tags: dict[str, str], who: set[str]) -> None:
    assert {name for name, no in barred(tags).items() if no} == who


def test_a_cell_keeps_who_may_not_go() -> None:
    roads = [a_road((0, 0), (9, 0), no_car=True, oneway=True), a_road((0, 0), (0, 9), no_foot=True, no_bicycle=True)]
    kept = decode(ROAD, packed_bytes(encode(PackedRoads.of(roads))))
    told = [(one.oneway, one.no_car, one.no_bicycle, one.no_foot) for one in kept if isinstance(one, Road)]
    assert told == [(True, True, False, False), (False, False, True, True)]


@pytest.mark.parametrize(
    ("tags", "below"),
    [({"layer": "-1"}, True), ({"location": "underground"}, True), ({"layer": "1"}, False), ({}, False)],
)
def test_a_building_below_the_ground_is_known(tags: dict[str, str], below: bool) -> None:
    assert is_underground(tags) is below


def test_features_without_geometry_or_properties_are_taken_as_their_standard_allows() -> None:
    features = [
        {"type": "Feature", "id": 4711, "geometry": SQUARE, "properties": None},
        {"type": "Feature", "id": 2, "geometry": None, "properties": {"layer": "building"}},
        {
            "type": "Feature",
            "id": 3,
            "geometry": SQUARE,
            "properties": {"layer": "building", "location": "underground"},
        },
        {"type": "Feature", "id": 4, "geometry": LINE, "properties": {"highway": "service", "access": "private"}},
    ]
    town = town_from_geojson({"type": "FeatureCollection", "features": features})
    assert [one.source_id for one in town.buildings] == ["4711"]
    assert np.array([one.no_car for one in town.roads]).tolist() == [True]
