"""A town is taken into the store and comes back as it was; a second import tells what has changed, and where."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, insert, select

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.maps.geojson import town_to_geojson
from vms.maps.osm import ATTRIBUTION
from vms.places.town import Place, PlaceKind, Town
from vms.services.maps.import_map import import_map
from vms.services.maps.old_maps import take_over_old_maps
from vms.services.maps.town_now import town_now
from vms.sim.town import generated_town
from vms.store import events, map_versions
from vms.store.database import Database
from vms.store.schema import map_cells, maps

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def the_town(database: Database) -> Town:
    with database.reading() as tx:
        return town_now(tx)


def news_of(database: Database) -> list[tuple[str, int | None, dict]]:
    with database.reading() as tx:
        return [(event.kind, event.subject, event.content) for event in events.after(tx, 0, 50)]


def sorted_features(town: Town) -> list[str]:
    features = town_to_geojson(town)["features"]
    return sorted(json.dumps(feature["geometry"]) + json.dumps(feature["properties"]) for feature in features)


def test_a_town_comes_back_and_the_same_town_again_changes_nothing(database: Database) -> None:
    town = generated_town(7)
    version_id = import_map(database, town, now=NOW)
    assert import_map(database, town, now=LATER) == version_id
    back = the_town(database)
    assert (back.name, back.attribution) == (town.name, town.attribution)
    assert sorted_features(back) == sorted_features(town)
    assert np.allclose(back.boundary, town.boundary, atol=1e-7)
    assert news_of(database) == [("map.changed", version_id, {"name": town.name})]


def test_only_what_has_changed_is_told_and_where(sqlite_database: Database) -> None:
    town = generated_town(7)
    import_map(sqlite_database, town, now=NOW)
    higher = replace(town.buildings[3], height_m=99.0)
    school = Place(kind=PlaceKind.KEY_PLACE, name="新学校", category="school", position=Wgs84(113.6201, 34.7502))
    other = replace(town, buildings=(*town.buildings[:3], higher, *town.buildings[4:-1]), places=(*town.places, school))
    second = import_map(sqlite_database, other, now=LATER)
    with sqlite_database.reading() as tx:
        counts = map_versions.get(tx, second).counts
        cells_of = dict(tx.execute(select(map_cells.c.version_id, func.count()).group_by(map_cells.c.version_id)).all())
    assert (counts["added"], counts["changed"], counts["removed"]) == (1, 1, 1)
    assert set(cells_of) == {second}, "the cells of the version before are cleared away"
    boxes = news_of(sqlite_database)[-1][2]["boxes"]
    for lon, lat in [*higher.outline, *town.buildings[-1].outline, (113.6201, 34.7502)]:
        assert any(w - 1e-7 <= lon <= e + 1e-7 and s - 1e-7 <= lat <= n + 1e-7 for w, s, e, n in boxes)
    back = the_town(sqlite_database)
    assert len(back.buildings) == len(town.buildings) - 1
    assert sum(building.height_m == 99.0 for building in back.buildings) == 1


def test_a_town_of_another_name_stands_beside_it(sqlite_database: Database) -> None:
    one = generated_town(7)
    import_map(sqlite_database, one, now=NOW)
    import_map(sqlite_database, replace(generated_town(8), name="office", attribution="surveyors"), now=LATER)
    both = the_town(sqlite_database)
    assert len(both.buildings) == len(one.buildings) + len(generated_town(8).buildings)
    assert both.attribution == "generated, no map data; surveyors"


def test_an_empty_town_is_refused(sqlite_database: Database) -> None:
    with pytest.raises(BadInput, match="neither roads nor buildings"):
        import_map(sqlite_database, Town(name="nothing", attribution=""), now=NOW)


def test_the_map_of_a_release_before_is_taken_over_once(database: Database) -> None:
    town = generated_town(7)
    content = gzip.compress(json.dumps(town_to_geojson(town)).encode())
    with database.writing() as tx:
        for name, at in (("forgotten", NOW - timedelta(days=9)), (town.name, NOW)):
            row = {"name": name, "attribution": town.attribution, "imported_at": at, "content": content}
            tx.execute(insert(maps).values(row))
    take_over_old_maps(database, lambda: LATER)
    take_over_old_maps(database, lambda: LATER)
    assert sorted_features(the_town(database)) == sorted_features(town)
    assert [kind for kind, _, _ in news_of(database)] == ["map.changed"]
    with database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(maps)).scalar_one() == 0
        assert [version.source for version in map_versions.current(tx)] == [town.name]


def test_an_extract_that_a_release_before_took_in_is_replaced_by_a_newer_one(sqlite_database: Database) -> None:
    town = replace(generated_town(7), name="henan", attribution=ATTRIBUTION)
    content = gzip.compress(json.dumps(town_to_geojson(town)).encode())
    with sqlite_database.writing() as tx:
        tx.execute(insert(maps).values(name="henan", attribution=ATTRIBUTION, imported_at=NOW, content=content))
    take_over_old_maps(sqlite_database, lambda: LATER)
    with sqlite_database.reading() as tx:
        assert [version.source for version in map_versions.current(tx)] == ["OpenStreetMap"]
