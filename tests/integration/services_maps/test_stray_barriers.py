"""A barrier that lies on no corner of a road stops nobody: whoever takes its map in is told which."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.builders.coverage import at
from vms.cli.map import sentences
from vms.maps.map_file import ReadOptions
from vms.services.maps.import_file import Imported, import_file
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


def test_barriers_on_no_corner_are_counted_and_named_against_the_roads_of_every_source(
    database: Database, tmp_path: Path
) -> None:
    barriers = (ON_CORNER, BETWEEN, FAR_OFF)
    alone = take(database, tmp_path, "police", *barriers)
    assert alone.barriers_off_roads == 3, "there is no road yet"
    assert take(database, tmp_path, "roads", STREET).barriers_off_roads == 0

    again = take(database, tmp_path, "police", *barriers)
    assert not again.is_new, "its file has not changed, the roads beneath have"
    assert again.barriers_off_roads == 2
    assert [one.split(" (")[0] for one in sorted(again.off_roads)] == ["b2", "东门石墩"]
    assert sentences(again)[-1].startswith("2 barriers lie on no corner of a road and stop nobody, among them ")


def test_the_stored_import_tells_them_beside_what_was_left_out(database: Database, tmp_path: Path) -> None:
    broken = feature("LineString", [[400.0, 0.0], [1.0, 1.0]], highway="residential")
    done = take(database, tmp_path, "police", STREET, ON_CORNER, BETWEEN, broken, skip_bad=True)
    with database.reading() as tx:
        version = map_versions.get(tx, done.version_id)
    assert (version.counts["left_out"], version.counts["barriers_off_roads"]) == (1, 1)
    left_out, stray = version.problem.split("\n")
    assert "400" in left_out
    assert stray.startswith("1 barriers lie on no corner of a road and stop nobody, among them b2 (")


def test_a_map_whose_barriers_all_lie_on_corners_says_nothing_of_them(database: Database, tmp_path: Path) -> None:
    done = take(database, tmp_path, "police", STREET, ON_CORNER)
    assert (done.barriers_off_roads, done.off_roads) == (0, [])
    with database.reading() as tx:
        version = map_versions.get(tx, done.version_id)
    assert "barriers_off_roads" not in version.counts and not version.problem
