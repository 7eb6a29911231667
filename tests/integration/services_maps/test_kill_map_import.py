"""An import that is killed when all its cells are written, and the moment before they count, leaves the old map."""

import multiprocessing
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from vms.core.clock import system_clock
from vms.maps.geojson import write_town_geojson
from vms.services.maps.import_file import import_file
from vms.services.maps.town_now import town_now
from vms.services.maps.write_version import LEASE
from vms.sim.town import generated_town
from vms.store import map_versions
from vms.store.database import Database
from vms.store.schema import map_cells

WITHIN_S = 30.0


def import_until_written(url: str, path: Path, written: "multiprocessing.synchronize.Event") -> None:
    def wait_there(share: float) -> None:
        if share >= 0.99:
            written.set()
            time.sleep(WITHIN_S)

    import_file(Database(url), path, source="town", on_progress=wait_there)


def cells_by_version(database: Database) -> dict[int, int]:
    with database.reading() as tx:
        counted = select(map_cells.c.version_id, func.count()).group_by(map_cells.c.version_id)
        return dict(tx.execute(counted).all())


def test_a_kill_before_the_new_map_counts_leaves_the_old_one_and_is_swept(sqlite_database, tmp_path: Path) -> None:
    old, new = generated_town(7), generated_town(8)
    write_town_geojson(old, tmp_path / "old.geojson")
    write_town_geojson(new, tmp_path / "new.geojson")
    first = import_file(sqlite_database, tmp_path / "old.geojson", source="town")
    forked = multiprocessing.get_context("fork")
    written = forked.Event()
    sqlite_database.engine.dispose()
    child = forked.Process(target=import_until_written, args=(sqlite_database.url, tmp_path / "new.geojson", written))
    child.start()
    assert written.wait(WITHIN_S), "the import got as far as that"
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join(WITHIN_S)
    assert child.exitcode == -signal.SIGKILL
    assert len(cells_by_version(sqlite_database)) == 2, "its cells are in the store"
    with sqlite_database.reading() as tx:
        assert [one.version_id for one in map_versions.current(tx)] == [first.version_id]
        assert len(town_now(tx).buildings) == len(old.buildings)
    later = system_clock() + 2 * LEASE + timedelta(seconds=1)
    again = import_file(sqlite_database, tmp_path / "new.geojson", source="town", clock=lambda: later)
    with sqlite_database.reading() as tx:
        assert len(town_now(tx).buildings) == len(new.buildings)
    assert set(cells_by_version(sqlite_database)) == {again.version_id}
