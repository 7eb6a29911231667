"""A town as GeoJSON, there and back, and hostile documents."""

import json
import time

import numpy as np
import psutil
import pytest

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.maps.geojson import read_town_geojson, town_from_geojson, town_to_geojson, write_town_geojson
from vms.places.town import Building, Place, PlaceKind, Road, Town


def a_town() -> Town:
    square = np.array([[10.0, 50.0], [10.001, 50.0], [10.001, 50.001], [10.0, 50.001]])
    return Town(
        name="Testing",
        attribution="© OpenStreetMap contributors",
        buildings=(
            Building(outline=square, holes=(square * 0.0 + square.mean(axis=0) + square * 1e-7,), height_m=9.0),
        ),
        roads=(Road(line=square[:2], name="Main", kind="primary", oneway=True, speed_km_h=50.0, tunnel=True),),
        places=(Place(kind=PlaceKind.POLE, name="4711", position=Wgs84(10.0, 50.0), category="pole"),),
        boundary=square,
    )


def test_a_town_comes_back_as_it_went(tmp_path):
    write_town_geojson(a_town(), tmp_path / "town.geojson")
    back = read_town_geojson(tmp_path / "town.geojson")
    assert (back.name, back.attribution) == ("Testing", "© OpenStreetMap contributors")
    assert np.allclose(back.buildings[0].outline, a_town().buildings[0].outline, atol=1e-7)
    assert len(back.buildings[0].holes) == 1
    assert back.buildings[0].height_m == 9.0
    road = back.roads[0]
    assert (road.name, road.kind, road.oneway, road.speed_km_h, road.tunnel) == ("Main", "primary", True, 50.0, True)
    assert back.places == a_town().places
    assert back.boundary is not None
    assert town_to_geojson(back) == town_to_geojson(a_town())


def test_the_document_is_strict_geojson_with_closed_rings_and_bounds():
    document = json.loads(json.dumps(town_to_geojson(a_town()), allow_nan=False))
    assert document["bbox"] == [10.0, 50.0, 10.001, 50.001]
    ring = document["features"][0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert [feature["properties"]["layer"] for feature in document["features"]] == ["building", "road", "place"]


def one_feature(layer: object, geometry_type: object, coordinates: object, **properties: object) -> str:
    feature = {
        "type": "Feature",
        "properties": {"layer": layer, **properties},
        "geometry": {"type": geometry_type, "coordinates": coordinates},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ('{"type": "FeatureCollection", "features": [', "not JSON"),
        ("[" * 200_000, "deep"),
        ('{"a":' * 200_000, "deep"),
        ("[]", "FeatureCollection"),
        ('{"type": "FeatureCollection"}', "features"),
        ('{"type": "FeatureCollection", "features": [1]}', "feature 0: not an object"),
        ('{"type": "FeatureCollection", "features": [{}]}', "properties"),
        (one_feature("road", "LineString", [[0, 0]]), "at least 2"),
        (one_feature("road", "LineString", [[0, 0], [1e308, 0]]), "globe"),
        (one_feature("road", "LineString", [[0, 0], ["x", 0]]), "not a number"),
        (one_feature("road", "LineString", [[0, 0], [True, 0]]), "not a number"),
        (one_feature("road", "LineString", [[0, 0], [10**400, 0]]), "too large"),
        (one_feature("road", "LineString", [[0, 0], [1, float("inf")]]), "not a JSON number"),
        (one_feature("road", "LineString", [[0, 0], [1, 0]], speed_km_h=[1]), "speed_km_h"),
        (one_feature("road", "Polygon", [[0, 0], [1, 0]]), "unknown"),
        (one_feature("building", "Polygon", []), "ring"),
        (one_feature("building", "Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1]]]), "ends where it starts"),
        (one_feature("building", "Polygon", [{"0": 1}]), "at least 4"),
        (one_feature("place", "Point", [0, 0], kind="dragon"), "dragon"),
        (one_feature("place", "Point", 5, kind="pole"), "longitude"),
    ],
)
def test_a_malformed_document_is_a_clear_error(tmp_path, text, says):
    path = tmp_path / "bad.geojson"
    path.write_text(text)
    with pytest.raises(BadInput, match=says) as refused:
        read_town_geojson(path)
    assert str(path) in refused.value.where


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "binary.geojson"
    path.write_bytes(bytes(range(256)) * 100)
    with pytest.raises(BadInput, match="UTF-8"):
        read_town_geojson(path)


def test_a_hundred_megabytes_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "large.geojson"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    before = psutil.Process().memory_info().rss
    started = time.monotonic()
    with pytest.raises(BadInput, match="at most"):
        read_town_geojson(path)
    assert time.monotonic() - started < 1.0
    assert psutil.Process().memory_info().rss - before < 20 * 1024 * 1024


def test_too_many_features_are_refused():
    with pytest.raises(BadInput, match="at most 10"):
        town_from_geojson({"type": "FeatureCollection", "features": [{}] * 11}, max_features=10)
