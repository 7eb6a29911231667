"""An import whose process is gone is taken over at once; one that may still be read says until when."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from vms.core.errors import Conflict
from vms.maps.map_file import ReadOptions
from vms.services.maps.dead_readers import end_dead_imports, is_gone, runner_name
from vms.services.maps.import_file import import_file
from vms.services.maps.uploads import enter, read_next, upload
from vms.store import map_versions
from vms.store.database import Database
from vms.store.map_versions import NewVersion
from vms.store.schema import map_cells

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
HOUSE = [[113.62, 34.75], [113.621, 34.75], [113.621, 34.751], [113.62, 34.751], [113.62, 34.75]]


def a_file(path: Path) -> Path:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [HOUSE]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def a_dead_process() -> str:
    """As it would have called itself."""
    process = subprocess.Popen(["true"])
    process.wait()
    return f"{runner_name().rpartition(':')[0]}:{process.pid}"


def begun(database: Database, runner: str) -> int:
    with database.writing() as tx:
        return map_versions.begin(tx, NewVersion(source="office", options={}, who="t", runner=runner, lease=LEASE), NOW)


def test_what_a_dead_process_held_is_taken_over_at_once(database: Database, tmp_path: Path) -> None:
    left = begun(database, a_dead_process())
    done = import_file(database, a_file(tmp_path / "office.geojson"), clock=lambda: NOW)
    assert (done.ended, done.buildings) == (1, 1)
    with database.reading() as tx:
        assert map_versions.get(tx, left).state.value == "failed"
        assert [one.version_id for one in map_versions.current(tx)] == [done.version_id]


@pytest.mark.parametrize("runner", ["elsewhere/4026531836:1", "elsewhere:1", ""])
def test_of_a_process_elsewhere_nobody_knows(runner: str) -> None:
    assert is_gone(runner) is False


def test_a_map_that_is_being_read_says_until_when_it_is_held(sqlite_database: Database, tmp_path: Path) -> None:
    held = begun(sqlite_database, runner_name())
    path = a_file(tmp_path / "office.geojson")
    with pytest.raises(Conflict, match="until 2026-05-01 08:02:00 UTC"):
        import_file(sqlite_database, path, clock=lambda: NOW)
    with sqlite_database.reading() as tx:
        assert map_versions.get(tx, held).state.value == "reading"
    assert import_file(sqlite_database, path, source="another", clock=lambda: NOW).buildings == 1
    later = NOW + LEASE + timedelta(seconds=1)
    assert import_file(sqlite_database, path, clock=lambda: later).buildings == 1


def test_an_upload_whose_reader_died_is_read_anew_at_once_and_from_the_beginning(
    database: Database, tmp_path: Path
) -> None:
    content = a_file(tmp_path / "office.geojson").read_bytes()
    with upload(tmp_path / "maps", "office.geojson") as (path, out):
        out.write(content)
        out.close()
        entered = enter(
            database, path, name="office.geojson", source="", options=ReadOptions(), candidates=False, who="王工",
            clock=lambda: NOW,
        )  # fmt: skip
    cell = {"layer": "building", "cell_column": 13362, "cell_row": 6503, "item_count": 1, "digest": "", "content": b""}
    edges = dict.fromkeys(("west_e7", "south_e7", "east_e7", "north_e7"), 0)
    with database.writing() as tx:
        assert map_versions.take(tx, a_dead_process(), NOW, LEASE) is not None
        tx.execute(insert(map_cells).values(version_id=entered.version_id, **cell, **edges))
    assert read_next(database, tmp_path / "maps", lambda: NOW) is False, "its lease has not ended"
    assert end_dead_imports(database, NOW) == 1
    assert read_next(database, tmp_path / "maps", lambda: NOW) is True
    with database.reading() as tx:
        assert map_versions.get(tx, entered.version_id).state.value == "current"
