"""A town whose map can be changed through the console: uploads are read when the test says so."""

from datetime import UTC, datetime
from pathlib import Path

from vms.services.maps.import_map import import_map
from vms.services.maps.uploads import read_next
from vms.sim.town import generated_town
from vms.store.database import Database


def fill(database: Database, now: datetime) -> None:
    import_map(database, generated_town(7), now=now)


def read_uploads(folder: Path) -> int:
    """As the jobs process does; how many files waited. `folder`: the server's."""
    database = Database(f"sqlite:///{folder / 'vms.db'}")
    try:
        read = 0
        while read_next(database, folder.with_name("maps"), lambda: datetime.now(UTC)):
            read += 1
        return read
    finally:
        database.close()
