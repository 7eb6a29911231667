"""An import that was interrupted goes on where it was; one that runs lets others write."""

import subprocess
import textwrap
import threading
import time
from datetime import UTC, datetime

import pytest

from tests.builders.forked_python import fork_program
from tests.builders.sheets import write_sheets
from vms.core.errors import Conflict
from vms.services import import_cameras as service
from vms.services.import_cameras import ImportRequest, begin_import, import_cameras
from vms.store import cameras, events, imports

ROWS = 240
HEAD = ("name", "tier", "serial_no", "owner")


class Interrupted(Exception):
    pass


@pytest.fixture
def short_batches(monkeypatch):
    monkeypatch.setattr(service, "BATCH", 40)
    monkeypatch.setattr(service, "HELD_S", 60.0)  # on a busy machine they would become shorter still


@pytest.fixture(params=["csv", "xlsx"])
def list_file(request, tmp_path):
    """A bad row in every ten, and at the end a row that describes the second camera again."""
    rows = [(f"n{n}", "moon" if n % 10 == 0 else "unit", f"SN{n:05d}", f"owner {n % 3}") for n in range(1, ROWS)]
    rows.append(("twice", "unit", "SN00002", ""))
    if request.param == "xlsx":
        return write_sheets(tmp_path / "list.xlsx", {"one": [HEAD, *rows]})
    file = tmp_path / "list.csv"
    file.write_text("\n".join(",".join(row) for row in (HEAD, *rows)), encoding="utf-8")
    return file


def interrupt_after(reports):
    left = iter(range(reports - 1))

    def told(_result):
        if next(left, None) is None:
            raise Interrupted

    return told


def added(database):
    with database.reading() as tx:
        return [event.subject for event in events.after(tx, 0, 10_000) if event.kind == "camera.added"]


def test_it_goes_on_behind_its_last_row_and_its_result_is_that_of_the_whole(database, list_file, short_batches):
    for reports in (2, 3):
        with pytest.raises(Interrupted):
            import_cameras(database, list_file, on_accepted=interrupt_after(reports))
    told = []
    result = import_cameras(database, list_file, on_accepted=lambda so_far: told.append(so_far.last_row))
    assert result.resumed_after_row == 201
    assert told == [241], "nothing is done twice"
    assert (result.rows, result.created, result.updated, result.unchanged) == (ROWS, 216, 0, 0)
    assert result.rejected_rows == 24
    last = result.rejected[-1]
    assert (last.row, last.field, last.reason) == (241, "serial_no", "row 3 describes this camera already")
    assert [error.row for error in result.rejected[:3]] == [11, 21, 31]
    assert len(added(database)) == 216
    with database.reading() as tx:
        stored = imports.get(tx, result.import_id)
        assert stored.result == result.figures() and stored.finished_at is not None
        assert imports.errors(tx, result.import_id).items == tuple(result.rejected)
        assert imports.page(tx).total == 1
    again = import_cameras(database, list_file)
    assert (again.unchanged, again.resumed_after_row, len(added(database))) == (216, 0, 216)


def test_another_file_or_another_mapping_is_another_import(sqlite_database, list_file, short_batches):
    with pytest.raises(Interrupted):
        import_cameras(sqlite_database, list_file, on_accepted=interrupt_after(2))
    other = ImportRequest(mapping=service.NO_MAPPING.with_constants({"point_class": "2"}))
    result = import_cameras(sqlite_database, list_file, request=other)
    assert (result.resumed_after_row, result.updated) == (0, 72)


def test_who_is_overtaken_stops_and_stores_nothing_twice(sqlite_database, list_file, short_batches):
    """The same list by two people at once: one of them is told."""
    entered = begin_import(sqlite_database, list_file, ImportRequest(), who="a", clock=lambda: datetime.now(UTC))
    inner = []

    def overtake(_result):
        if not inner:
            inner.append(import_cameras(sqlite_database, list_file))

    with pytest.raises(Conflict, match="another process has gone on"):
        import_cameras(sqlite_database, list_file, entered=entered, on_accepted=overtake)
    assert inner[0].created == len(added(sqlite_database)) == 216


def test_an_import_that_is_asked_to_stop_stops_behind_a_batch(sqlite_database, list_file, short_batches):
    steps = iter([False, False, True])
    result = import_cameras(sqlite_database, list_file, should_stop=lambda: next(steps))
    assert (result.finished, result.last_row) == (False, 81)
    assert import_cameras(sqlite_database, list_file).resumed_after_row == 81


WRITER = textwrap.dedent(
    """
    import sys, time
    from datetime import UTC, datetime
    from vms.store import events
    from vms.store.database import Database

    database = Database(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        with database.writing() as tx:
            events.append(tx, "test.reported", None, {}, datetime.now(UTC))
        print(time.perf_counter() - begun, flush=True)
    """
)


def test_while_a_list_is_taken_in_another_process_comes_to_write(sqlite_database, tmp_path):
    file = tmp_path / "list.csv"
    rows = (f"人民路{n}号,unit,SN{n:06d},10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(9000))
    file.write_text("\n".join(("name,tier,serial_no,address", *rows)), encoding="utf-8")
    url = sqlite_database.engine.url.render_as_string(hide_password=False)
    writer = fork_program(WRITER, url, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    waited_s = []
    try:
        assert writer.stdout.readline() == b"ready\n"
        importing = threading.Thread(target=import_cameras, args=(sqlite_database, file))
        begun = time.perf_counter()
        importing.start()
        while importing.is_alive() and time.perf_counter() - begun < 60:
            writer.stdin.write(b"now\n")
            waited_s.append(float(writer.stdout.readline()))
            time.sleep(0.01)  # as often as a busy desk reports
        importing.join(60)
    finally:
        writer.stdin.close()
        writer.wait(10)
        writer.stdout.close()
    with sqlite_database.reading() as tx:
        assert sum(1 for _ in cameras.every(tx)) == 9000
    waited_s.sort()
    assert len(waited_s) > 10
    assert waited_s[int(len(waited_s) * 0.95)] < 0.5, waited_s
