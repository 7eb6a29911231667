"""Clears away the cells of versions that nobody reads any more, a little at a time."""

import time
from datetime import datetime

from vms.store import map_cells, map_versions
from vms.store.database import Database

TURN_S = 0.005


def sweep_maps(database: Database, now: datetime) -> None:
    """Also of imports that were interrupted: they count as failed once nobody holds them."""
    with database.writing() as tx:
        waiting = map_versions.leftovers(tx, now)
    for version_id in waiting:
        remove_cells(database, version_id)


def remove_cells(database: Database, version_id: int) -> None:
    more = True
    while more:
        with database.writing() as tx:
            more = map_cells.remove_some(tx, version_id)
        time.sleep(TURN_S if more else 0.0)
