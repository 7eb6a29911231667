"""`kill -9` in the middle of an import: what was reported as accepted is there, nothing is half there."""

import random
import subprocess
import time

import pytest

from tests.builders.forked_python import fork_program
from tests.builders.sheets import write_sheets
from vms.services.check_store import check_store
from vms.services.import_cameras import import_cameras
from vms.store import cameras, events, imports
from vms.store.database import Database

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

ROWS = 1500
KILLS = {"sqlite": 4, "postgresql": 2}  # PostgreSQL itself is not killed, only our end of the line
IMPORTER = """
import sys
from pathlib import Path
from vms.services import import_cameras as service
from vms.store.database import Database

service.BATCH = 50
def tell(result):
    print(result.last_row, flush=True)
service.import_cameras(Database(sys.argv[1]), Path(sys.argv[2]), on_accepted=tell)
"""


HEAD = ("name", "tier", "serial_no", "address", "lon", "lat", "owner")


@pytest.fixture(params=["csv", "xlsx"])
def list_file(request, tmp_path):
    rows = [
        (f"路口{n}", "unit", f"SN{n:06d}", f"10.0.{n // 250}.{n % 250}", f"113.{n:06d}", "34.75", f"银行{n % 7}")
        for n in range(ROWS)
    ]
    if request.param == "xlsx":
        return write_sheets(tmp_path / "list.xlsx", {"one": [HEAD, *rows]})
    file = tmp_path / "list.csv"
    file.write_text("\n".join(",".join(row) for row in (HEAD, *rows)), encoding="utf-8")
    return file


def _import_until_killed(url, file, after):
    """Kills the importer when `after` batches were reported, at a random moment; the last row it reported."""
    process = fork_program(IMPORTER, url, str(file), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    accepted = 0
    reports = 0
    try:
        for line in process.stdout:
            accepted = int(line)
            reports += 1
            if reports == after:
                time.sleep(random.random() * 0.02)  # somewhere inside one of the next transactions
                process.kill()
    finally:
        process.end()
    return accepted


def _look(database, accepted):
    assert check_store(database) == []
    with database.reading() as tx:
        there = list(cameras.every(tx))
        added = [event.subject for event in events.after(tx, 0, 10 * ROWS) if event.kind == "camera.added"]
    serials = [camera.declared.serial_no for camera in there]
    assert len(serials) == len(set(serials)), "a row was taken in twice"
    assert {f"SN{n:06d}" for n in range(max(0, accepted - 1))} <= set(serials), "an accepted row is not there"
    assert all(camera.declared.pose and camera.owner_id for camera in there), "half a row is there"
    assert added == [camera.camera_id for camera in there], "a camera came without its news"
    return len(there)


def test_no_accepted_row_is_lost_and_the_import_can_be_started_again(database, list_file):
    chance = random.Random(3)
    stored = 0
    url = database.engine.url.render_as_string(hide_password=False)
    for _ in range(KILLS[database.engine.dialect.name]):
        accepted = _import_until_killed(url, list_file, chance.randint(2, 5))
        now_stored = _look(database, accepted)
        assert now_stored >= stored
        stored = now_stored
    assert 0 < stored < ROWS, "the kills came too early or too late to show anything"
    told = []
    rest = import_cameras(database, list_file, on_accepted=lambda so_far: told.append(so_far.last_row))
    assert rest.resumed_after_row == stored + 1, "it goes on behind what is stored, not before"
    assert min(told) > stored + 1
    assert (rest.rows, rest.created, rest.updated, rest.unchanged, rest.rejected_rows) == (ROWS, ROWS, 0, 0, 0)
    assert _look(Database(database.url), ROWS + 1) == ROWS
    with database.reading() as tx:
        assert [one.last_row for one in imports.page(tx).items] == [ROWS + 1], "one import, however often it was killed"
    again = import_cameras(database, list_file)
    assert (again.created, again.updated, again.unchanged) == (0, 0, ROWS)
