"""A barrier on no corner of a road, or that does not say whom it stops, stops nobody: who takes its map in is told."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.builders.coverage import at
from vms.cli.map import sentences
from vms.maps.map_file import ReadOptions
from vms.services.maps.import_file import Imported, import_file
from vms.services.maps.remove_map import remove_map
from vms.store import map_versions
from vms.store.database import Database

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
Json = dict[str, Any]


def spot(x: float, y: float) -> list[float]:
    place = at(x, y)
    return [round(place.lon, 7), round(place.lat, 7)]


def feature(shape: str, coordinates: Any, **properties: Any) -> Json:
    return {"type": "Feature", "properties": properties, "geometry": {"type": shape, "coordinates": coordinates}}


STREET = feature("LineString", [spot(0, 0), spot(100, 0), spot(200, 0)], highway="residential", name="南一路")
ON_CORNER = feature("Point", spot(100, 0), kind="barrier", category="car", id="b1")
BETWEEN = feature("Point", spot(150, 0), kind="barrier", category="car", id="b2")
FAR_OFF = feature("Point", spot(5_000, 0), kind="barrier", category="car", name="东门石墩")


def take(database: Database, folder: Path, source: str, *features: Json, **options: Any) -> Imported:
    path = folder / f"{source}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
    return import_file(database, path, source=source, options=ReadOptions(**options), clock=lambda: NOW)


def listed(database: Database, source: str) -> tuple[int, int]:
    """Off roads and of no known kind, as the list of sources counts them."""
    with database.reading() as tx:
        version = map_versions.current_of(tx, source)
    assert version is not None
    return version.counts.get("barriers_off_roads", 0), version.counts.get("barriers_of_no_kind", 0)


def test_barriers_on_no_corner_are_counted_and_named_against_the_roads_of_every_source(
    database: Database, tmp_path: Path
) -> None:
    barriers = (ON_CORNER, BETWEEN, FAR_OFF)
    alone = take(database, tmp_path, "police", *barriers)
    assert alone.idle.barriers_off_roads == 3, "there is no road yet"
    assert take(database, tmp_path, "roads", STREET).idle.barriers_off_roads == 0
    assert listed(database, "police") == (2, 0), "the roads of the other source are there now"

    again = take(database, tmp_path, "police", *barriers)
    assert not again.is_new, "its file has not changed, the roads beneath have"
    assert again.idle.barriers_off_roads == 2
    assert [one.split(" (")[0] for one in sorted(again.idle.off_roads)] == ["b2", "东门石墩"]
    assert sentences(again)[-1].startswith("2 barriers lie on no corner of a road and stop nobody, among them ")

    remove_map(database, "roads", NOW)
    assert listed(database, "police") == (3, 0)


def test_an_update_that_changes_nothing_renews_what_the_source_is_told_to_hold(
    database: Database, tmp_path: Path
) -> None:
    take(database, tmp_path, "police", STREET, ON_CORNER, BETWEEN)
    with database.writing() as tx:
        version = map_versions.current_of(tx, "police")
        assert version is not None
        before = {name: count for name, count in version.counts.items() if not name.startswith("barriers")}
        map_versions.tell_counts(tx, version.version_id, before)
    assert take(database, tmp_path, "police", BETWEEN, ON_CORNER, STREET).is_new is False
    assert listed(database, "police") == (1, 0)


def test_the_stored_import_tells_them_beside_what_was_left_out(database: Database, tmp_path: Path) -> None:
    broken = feature("LineString", [[400.0, 0.0], [1.0, 1.0]], highway="residential")
    done = take(database, tmp_path, "police", STREET, ON_CORNER, BETWEEN, broken, skip_bad=True)
    with database.reading() as tx:
        version = map_versions.get(tx, done.version_id)
    assert (version.counts["left_out"], version.counts["barriers_off_roads"]) == (1, 1)
    left_out, stray = version.problem.split("\n")
    assert "400" in left_out
    assert stray.startswith("1 barriers lie on no corner of a road and stop nobody, among them b2 (")


def test_a_map_whose_barriers_all_stop_somebody_says_nothing_of_them(database: Database, tmp_path: Path) -> None:
    done = take(database, tmp_path, "police", STREET, ON_CORNER)
    assert not done.idle.sentences() and listed(database, "police") == (0, 0)
    with database.reading() as tx:
        version = map_versions.get(tx, done.version_id)
    assert not any(name.startswith("barriers") for name in version.counts) and not version.problem


def test_barriers_that_do_not_say_whom_they_stop_are_told_with_what_is_taken(
    database: Database, tmp_path: Path
) -> None:
    unsaid = [
        feature("Point", spot(100, 0), kind="barrier", id=f"b{number}", **category)
        for number, category in enumerate(({}, {"category": ""}, {"category": "lorry"}, {"category": 7}))
    ]
    done = take(database, tmp_path, "police", STREET, ON_CORNER, *unsaid)
    assert (done.idle.barriers_off_roads, done.idle.barriers_of_no_kind) == (0, 4)
    assert listed(database, "police") == (0, 4)
    (line,) = done.idle.sentences()
    unsaid = "4 barriers do not say whom they stop (`category`: car, bicycle, foot)"
    assert line.startswith(f"{unsaid} and are taken to stop nobody, among them b")
    assert sentences(done)[-1] == line
    with database.reading() as tx:
        assert map_versions.get(tx, done.version_id).problem == line
