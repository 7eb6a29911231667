"""Map files of other offices: what they call things, which coordinates they use, and what is wrong with broken ones."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select

from vms.core.coordinates import gcj02_to_bd09, wgs84_to_gcj02
from vms.core.errors import BadInput, NotFound
from vms.maps.map_file import ReadOptions
from vms.services.maps.import_file import Imported, import_file
from vms.services.maps.import_map import import_map
from vms.services.maps.remove_map import remove_map
from vms.services.maps.take_candidates import take_candidates
from vms.services.maps.town_now import town_now
from vms.services.maps.uploads import enter, read_next, upload
from vms.sim.town import generated_town
from vms.store import cameras, events, map_candidates, map_versions
from vms.store.database import Database
from vms.store.schema import map_cells

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
Json = dict[str, Any]
SQUARE = [[113.62, 34.75], [113.621, 34.75], [113.621, 34.751], [113.62, 34.751], [113.62, 34.75]]


def feature(shape: str, coordinates: Any, /, **properties: Any) -> Json:
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def house(**properties: Any) -> Json:
    return feature("Polygon", [SQUARE], **properties)


@pytest.fixture
def take(sqlite_database: Database, tmp_path: Path) -> Callable[..., Imported]:
    def taken(*features: Json, file: str = "office.geojson", text: str | None = None, **options: Any) -> Imported:
        path = tmp_path / file
        document = {"type": "FeatureCollection", "features": list(features)}
        path.write_text(json.dumps(document) if text is None else text, "utf-8")
        return import_file(sqlite_database, path, options=ReadOptions(**options), clock=lambda: NOW)

    return taken


def test_heights_are_read_under_the_names_that_offices_give_them(sqlite_database, take) -> None:
    said = [
        {"建筑高度": "36.5"},
        {"层数": 6},
        {"FLOOR": "11层"},
        {"Height": 20},
        {"building:levels": "2"},
        {"用途": "住宅"},
    ]
    take(*(house(**one, id=number) for number, one in enumerate(said)))
    with sqlite_database.reading() as tx:
        heights = {building.source_id: building.height_m for building in town_now(tx).buildings}
    assert heights == {"0": 36.5, "1": 18.0, "2": 33.0, "3": 20.0, "4": 6.0, "5": None}


def test_roads_railways_and_places_keep_what_is_told_of_them(sqlite_database, take) -> None:
    line = [[113.62, 34.75], [113.63, 34.75]]
    take(
        feature("LineString", line, 道路名称="中原路", 道路等级="主干路", 单行="是", 限速=60, name_en="Zhongyuan Rd"),
        feature("MultiLineString", [line, line[::-1]], highway="service", tunnel="yes", oneway="-1"),
        feature("LineString", line, 道路等级="地铁", 名称="1号线"),
        feature("LineString", line, kind="ferry"),
        feature("Point", [113.62, 34.75], 名称="第一小学", 类别="小学", 地址="中原路1号"),
        feature("Point", [113.62, 34.75], 杆号="ZY-017"),
        feature("Point", [113.62, 34.75], kind="bench"),
    )
    with sqlite_database.reading() as tx:
        town = town_now(tx)
    first = next(road for road in town.roads if road.name)
    assert (first.name, first.kind, first.oneway, first.speed_km_h) == ("中原路", "primary", True, 60.0)
    assert first.name_en == "Zhongyuan Rd"
    others = [road for road in town.roads if not road.name]
    assert [(road.tunnel, road.oneway) for road in others] == [(True, True)] * 2
    assert others[0].line[0].tolist() == line[1], "turned into the direction of travel"
    assert [(one.name, one.kind) for one in town.railways] == [("1号线", "subway")]
    assert {(place.name, place.kind.value, place.category) for place in town.places} == {
        ("第一小学", "key_place", "school"),
        ("ZY-017", "pole", "pole"),
    }


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_shifted_coordinates_come_back_to_where_they_are(sqlite_database, take, system) -> None:
    lon, lat = wgs84_to_gcj02(*np.array(SQUARE).T)
    if system == "bd09":
        lon, lat = gcj02_to_bd09(lon, lat)
    take(feature("Polygon", [np.column_stack([lon, lat]).tolist()]), system=system)
    with sqlite_database.reading() as tx:
        (building,) = town_now(tx).buildings
    assert np.allclose(building.outline, SQUARE[:-1], atol=2e-7)


CROSSED = [[113.62, 34.75], [113.621, 34.751], [113.621, 34.75], [113.62, 34.751], [113.62, 34.75]]
DEEP = '{"type":"FeatureCollection","features":' + "[" * 100_000


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (feature("Polygon", [CROSSED]), "feature 1: the outline crosses itself at 113.6205 34.7505"),
        (feature("Polygon", [[SQUARE[0]] * 5]), "feature 1: the outline encloses nothing"),
        (feature("Polygon", [[*SQUARE[:-1], [113.0, 91.0]]]), "feature 1: not a position on the globe"),
        (feature("Point", [34.75, 113.62]), "latitude 113.62; longitude and latitude exchanged?"),
        (feature("Point", [465000.0, 3846000.0]), "; projected coordinates? WGS-84 degrees are wanted"),
        (feature("Polygon", [SQUARE[:-1]]), "feature 1: a ring ends where it starts"),
        (feature("GeometryCollection", None), "feature 1: a GeometryCollection is neither"),
        (feature("Point", ["x", 1]), "feature 1: not a number"),
        (feature("LineString", [[0, 0]]), "feature 1: needs at least 2 positions"),
        ({"type": "Feature", "properties": None, "geometry": 7}, "feature 1: a feature needs"),
        (7, "feature 1: not an object"),
    ],
)
def test_a_broken_feature_refuses_the_file_or_is_left_out_and_told(sqlite_database, take, broken, says) -> None:
    with pytest.raises(BadInput) as refused:
        take(house(name="whole"), broken)
    assert says in refused.value.message
    assert "office.geojson" in refused.value.where
    with sqlite_database.reading() as tx:
        assert (map_versions.current(tx), town_now(tx).buildings) == ([], ())
        assert map_versions.page(tx, limit=9, offset=0).items[0].state.value == "failed"
    done = take(house(name="whole"), broken, skip_bad=True)
    assert (done.buildings, done.left_out) == (1, 1)
    assert says in done.broken[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"type":"FeatureCollection","features":[{"type":"Feature","geometry":NaN}]}', "NaN is not a JSON number"),
        ('{"type":"FeatureCollection","features":[', "not JSON"),
        ('{"type":"FeatureCollection","features":[]} 7', "something follows"),
        ('{"type":"FeatureCollection","features":[],"features":[]}', "given twice"),
        ('{"type":"FeatureCollection","features":[]}', "neither roads nor buildings"),
        ('{"type":"Topology","features":[]}', "FeatureCollection"),
        (DEEP, "nested too deeply"),
        ('{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:3857"}},"features":[]}', "EPSG:3857"),
        (
            '{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:32649"}},"features":[{"type":"Feature",'
            '"properties":{},"geometry":{"type":"Point","coordinates":[465000,3846000]}}]}',
            "coordinates in EPSG:32649; only longitude and latitude are read",
        ),
    ],
    ids=["nan", "cut", "more", "twice", "empty", "other", "deep", "crs", "crs before metres"],
)
def test_a_hostile_document_is_a_clear_error(take, text, says) -> None:
    with pytest.raises(BadInput, match=says):
        take(text=text)


def test_a_hundred_million_characters_of_one_feature_are_not_swallowed(take) -> None:
    with pytest.raises(BadInput, match="one feature of more than"):
        take(text='{"type":"FeatureCollection","features":["' + "x" * 40_000_000)


def test_sources_stand_side_by_side_and_go_one_by_one(sqlite_database, take) -> None:
    town = generated_town(7)
    import_map(sqlite_database, town, now=NOW)
    done = take(house(name="new tower", 层数=30))
    assert take(house(name="new tower", 层数=30)).is_new is False
    changed = take(house(name="new tower", 层数=31), house(name="wing"))
    assert (changed.added + changed.changed + changed.removed, changed.is_new) == (3, True), "without ids by content"
    with sqlite_database.reading() as tx:
        assert len(town_now(tx).buildings) == len(town.buildings) + 2
    remove_map(sqlite_database, done.source, NOW)
    with sqlite_database.reading() as tx:
        assert len(town_now(tx).buildings) == len(town.buildings)
        told = [event.content for event in events.after(tx, 0, 50)]
        versions = set(tx.execute(select(map_cells.c.version_id)).scalars())
    assert np.allclose(told[-1]["boxes"], [[113.62, 34.75, 113.621, 34.751]])
    assert len(versions) == 1
    with pytest.raises(NotFound):
        remove_map(sqlite_database, done.source, NOW)


def test_a_town_on_the_other_side_of_the_globe_does_not_come_in_beside_this_one(sqlite_database, take) -> None:
    import_map(sqlite_database, generated_town(7), now=NOW)
    with pytest.raises(BadInput, match=r"and those of 演示城 lie .* km apart"):
        take(feature("Polygon", [[[10.0, 50.0], [10.001, 50.0], [10.001, 50.001], [10.0, 50.0]]]))


def test_an_import_that_was_killed_leaves_the_old_map_and_is_swept(sqlite_database, take) -> None:
    town = generated_town(7)
    import_map(sqlite_database, town, now=NOW - timedelta(hours=1))
    with sqlite_database.writing() as tx:
        dead = map_versions.begin(
            tx,
            map_versions.NewVersion(source="x", options={}, who="t", runner="gone:1", lease=timedelta(minutes=2)),
            NOW - timedelta(minutes=9),
        )
        cell = map_cells.insert().from_select(
            [column.name for column in map_cells.columns],
            select(func.max(dead).label("v"), *list(map_cells.columns)[1:]).group_by(*list(map_cells.columns)[1:]),
        )
        tx.execute(cell)
    take(house())
    with sqlite_database.reading() as tx:
        assert map_versions.get(tx, dead).state.value == "failed"
        assert dead not in set(tx.execute(select(map_cells.c.version_id)).scalars())
        assert len(town_now(tx).buildings) == len(town.buildings) + 1


def test_cameras_of_a_map_become_drafts_once(database: Database, shared_fixtures: Path) -> None:
    path = shared_fixtures / "geo" / "munich.osm.pbf"
    first = take_candidates(database, path, clock=lambda: NOW)
    assert (first.found, first.drafts) == (209, 209)
    again = take_candidates(database, path, clock=lambda: NOW)
    assert (again.drafts, again.known) == (0, 209)
    with database.reading() as tx:
        page = map_candidates.page(tx, limit=500, offset=0, only_open=True)
        stored = cameras.by_ids(tx, [one.camera_id for one in page.items])
    assert page.total == 209
    assert {camera.life_cycle.value for camera in stored} == {"draft"}, "nobody has approved any"
    assert sum(one.bearing_deg is not None for one in page.items) == 59
    assert {camera.declared.structure_type for camera in stored} >= {2, 3}


def test_an_upload_that_its_reader_left_is_taken_up_by_the_next(database: Database, tmp_path: Path) -> None:
    with upload(tmp_path / "maps", "office.geojson") as (path, out):
        out.write(json.dumps({"type": "FeatureCollection", "features": [house(层数=3)]}).encode())
        out.close()
        entered = enter(
            database, path, name="office.geojson", source="", options=ReadOptions(), candidates=False, who="王工",
            clock=lambda: NOW,
        )  # fmt: skip
    with database.writing() as tx:
        taken = map_versions.take(tx, "dead:1", NOW, timedelta(minutes=2))
    assert taken is not None
    assert read_next(database, tmp_path / "maps", lambda: NOW) is False, "another one is at it"
    later = NOW + timedelta(minutes=3)
    assert read_next(database, tmp_path / "maps", lambda: later) is True
    with database.reading() as tx:
        assert map_versions.get(tx, entered.version_id).state.value == "current"
        assert [building.height_m for building in town_now(tx).buildings] == [9.0]
