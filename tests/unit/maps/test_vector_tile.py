"""Vector tiles say what the town shows, turned and cut as the format wants it, and never grow too large."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders.vector_tiles import area, layers, tile_at
from vms.maps.cells import mercator
from vms.maps.tiles.layer import EXTENT
from vms.maps.tiles.make_tile import MAX_ZOOM, MOST_BYTES, TownPart, make_tile
from vms.places.packed import PackedBuildings, PackedPlaces, PackedRoads
from vms.places.town import Building, Road
from vms.sim.town import generated_town


def part(buildings=(), roads=(), places=(), railways=()) -> TownPart:
    return TownPart(
        buildings=PackedBuildings.of(buildings),
        roads=PackedRoads.of(roads),
        railways=PackedRoads.of(railways),
        places=PackedPlaces.of(places),
    )


def square(lon: float, lat: float, size: float, *, backwards: bool = False) -> np.ndarray:
    ring = np.array([[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size]])
    return ring[::-1].copy() if backwards else ring


MIDDLE = (113.62, 34.75)


def test_the_generated_town_comes_with_its_names() -> None:
    town = generated_town(7)
    named = replace(town.roads[0], name_en="Renmin Road")
    tile = make_tile(*tile_at(*MIDDLE, 14), part(town.buildings, [named, *town.roads[1:]], town.places))
    found = dict(layers(tile))
    assert set(found) == {"road", "place", "building"}
    english = {tags["name_en"]: tags["name"] for tags, _ in found["road"] if "name_en" in tags}
    assert english == {"Renmin Road": "人民路"}
    assert "第一小学" in {tags["name"] for tags, _ in found["place"]}
    assert {tags["kind"] for tags, _ in found["place"]} <= {"key_place", "square"}


@pytest.mark.parametrize("backwards", [False, True])
def test_outlines_run_clockwise_and_courtyards_the_other_way(backwards) -> None:
    house = Building(
        outline=square(*MIDDLE, 0.001, backwards=backwards),
        holes=(square(113.6203, 34.7503, 0.0003, backwards=backwards),),
    )
    ((_, features),) = layers(make_tile(*tile_at(*MIDDLE, 16), part([house])))
    ((_, rings),) = features
    assert [area(ring) > 0 for ring in rings] == [True, False]
    assert [len(ring) for ring in rings] == [4, 4]


def test_corners_lie_within_half_a_unit_of_where_they_are() -> None:
    house = Building(outline=square(*MIDDLE, 0.001))
    zoom, column, row = tile_at(*MIDDLE, MAX_ZOOM)
    ((_, ((_, (ring,)),)),) = layers(make_tile(zoom, column, row, part([house])))
    x, y = mercator(*house.outline.T)
    exact = np.column_stack([x * (1 << zoom) - column, y * (1 << zoom) - row]) * EXTENT
    gaps = np.abs(exact[:, None, :] - np.array(ring)[None, :, :]).max(axis=2).min(axis=1)
    assert gaps.max() <= 0.51


def test_a_street_through_the_tile_is_cut_near_its_edge_and_a_far_one_is_not_in_it() -> None:
    lon, lat = MIDDLE
    through = Road(line=np.array([[lon - 1.0, lat], [lon + 1.0, lat]]), name="through")
    far = Road(line=np.array([[lon + 1.0, lat], [lon + 1.1, lat]]), name="far")
    ((_, features),) = layers(make_tile(*tile_at(lon, lat, 15), part(roads=[through, far])))
    ((tags, (line,)),) = features
    assert tags["name"] == "through"
    assert min(x for x, _ in line) == -EXTENT // 16
    assert max(x for x, _ in line) == EXTENT + EXTENT // 16


def test_a_roof_larger_than_several_tiles_is_cut_to_what_renderers_can_count() -> None:
    lon, lat = MIDDLE
    hall = Building(outline=square(lon - 0.1, lat - 0.1, 0.2), holes=(square(lon - 0.0001, lat - 0.0001, 0.0002),))
    ((_, features),) = layers(make_tile(*tile_at(lon, lat, 16), part([hall])))
    corners = [corner for _, rings in features for ring in rings for xy in ring for corner in xy]
    assert -EXTENT <= min(corners) < max(corners) <= 2 * EXTENT
    assert sum(len(rings) for _, rings in features) >= 2, "its courtyard is there"


def test_a_dense_quarter_loses_its_sheds_before_its_tile_grows_too_large() -> None:
    lon, lat = MIDDLE
    rng = np.random.default_rng(3)
    places = np.array([lon - 0.02, lat - 0.02]) + rng.uniform(0.0, 0.04, (30_000, 2))
    turn = np.linspace(0.0, 2 * np.pi, 12, endpoint=False)
    round_house = np.column_stack([np.cos(turn), np.sin(turn)])
    sizes = rng.uniform(0.00003, 0.0004, len(places))
    houses = [Building(outline=np.array(place) + size * round_house) for place, size in zip(places, sizes, strict=True)]
    tile = make_tile(*tile_at(lon, lat, 13), part(houses))
    assert 50_000 < len(tile) <= MOST_BYTES


def test_an_empty_place_is_an_empty_tile() -> None:
    assert make_tile(14, 0, 0, part(generated_town(7).buildings)) == b""
