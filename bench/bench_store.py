"""Promise: a list of 100,000 cameras is taken in at a steady rate and in bounded memory, and read again streaming.

The peer takes the same rows in the plain way: one look-up and one insert a row through SQLAlchemy Core, in one
transaction. Rates of the first and last tenth are CPU time, so that neighbours on the machine do not count.
`python bench/bench_store.py [ROWS]`: 30,000 where nothing is said, which is quick; the full size is 100000.
"""

import csv
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from vms.inventory.archive.codes import CodeTables
from vms.inventory.camera import LifeCycle
from vms.inventory.lists.camera_entry import Entry, parse_entry
from vms.inventory.lists.entry_columns import CellReader
from vms.services.export_cameras import ExportFormat, ExportRequest, export_to_file
from vms.services.import_cameras import ImportResult, import_cameras
from vms.services.lists.list_file import CameraFile, Cells
from vms.store import camera_lists, cameras
from vms.store.code_tables import shipped
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.schema import cameras as camera_table

PEER_ROWS = 5_000
HEADINGS = (
    *("name", "tier", "region_code", "install_address", "pole_code", "serial_no", "mac", "address", "port", "channel"),
    *("lon", "lat", "coordinate_system", "mount_height_m", "bearing_deg", "tilt_deg", "h_fov_deg", "max_view_m"),
    *("width_px", "owner", "indoor"),
)


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_list(folder / "list.csv", rows)
        database = _new(folder / "ours.db")
        marks: list[tuple[int, float]] = []

        def take_in() -> None:
            tell = marks.append
            result = import_cameras(
                database, folder / "list.csv", on_accepted=lambda so_far: tell((so_far.rows, time.process_time()))
            )
            _check(result, created=rows)

        _say("import", rows, take_in)
        tenth = max(1, len(marks) // 10)
        first, last = _rate(marks[0], marks[tenth]), _rate(marks[-tenth - 1], marks[-1])
        print(f"  first tenth {first:,.0f} rows/s of CPU, last {last:,.0f}")
        _say("again", rows, lambda: _check(import_cameras(database, folder / "list.csv"), unchanged=rows))
        _say("read all", rows, lambda: _count(database))
        _say(
            "export",
            rows,
            lambda: export_to_file(database, folder / "out.csv", ExportRequest(file_format=ExportFormat.CSV)),
        )
        print(f"  memory, most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        _say("peer: a statement a row", PEER_ROWS, lambda: _plain(_new(folder / "peer.db"), folder / "list.csv"))


def _say(what, rows, work) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what}: {rows:,} rows in {wall:.1f} s = {rows / wall:,.0f} rows/s; {cpu / rows * 1e6:.0f} µs CPU a row")


def _rate(start, end) -> float:
    return (end[0] - start[0]) / max(end[1] - start[1], 1e-9)


def _check(result: ImportResult, **wanted: int) -> None:
    for name, value in wanted.items():
        assert getattr(result, name) == value, result.as_json()


def _count(database: Database) -> int:
    with database.reading() as tx:
        return sum(1 for _ in cameras.every(tx))


def _plain(database: Database, file: Path) -> None:
    now = datetime.now(UTC)
    reader = CellReader(CodeTables.of(shipped()))
    with database.writing() as tx:
        for number, cells in enumerate(CameraFile(file).rows()):
            if number == PEER_ROWS:
                return
            assert isinstance(cells, Cells)
            entry = parse_entry(cells.row, cells.cells, reader)
            assert isinstance(entry, Entry)
            found = select(camera_table.c.id).where(camera_table.c.serial_no == entry.text("serial_no"))
            if tx.execute(found).one_or_none() is None:
                columns = camera_lists.new_columns(entry, life_cycle=LifeCycle.APPROVED, owner_id=None, now=now)
                tx.execute(insert(camera_table).values(columns))


def _new(file: Path) -> Database:
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    return database


def _write_list(file: Path, rows: int) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(HEADINGS)
        for n in range(rows):
            a, b, c = n >> 16 & 255, n >> 8 & 255, n & 255
            system = "gcj02" if n % 7 == 0 else "wgs84"
            place = (113.6 + n % 1000 / 10_000, 34.7 + n // 1000 / 10_000, system, 4.5, n % 360, 10, 90, 60, 1920)
            keys = (f"SN{n:08d}", f"44:19:b6:{a:02x}:{b:02x}:{c:02x}", f"10.{a}.{b}.{c}", 80, "vs0")
            out.writerow(
                (f"人民路{n}号", "unit", "410102001001", f"人民路{n}号", 1_000_000 + n, *keys, *place, "商户", 0)
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000)
