"""Takes a source out of the town."""

from datetime import datetime

from vms.core.errors import NotFound
from vms.maps.cell_code import ROAD
from vms.services.maps.compare_versions import removal_boxes
from vms.services.maps.idle_barriers import renewed_counts
from vms.services.maps.sweep_maps import sweep_maps
from vms.store import map_versions
from vms.store.database import Database
from vms.store.map_versions import MapVersion, VersionState


def remove_map(database: Database, source: str, now: datetime) -> MapVersion:
    """Raises NotFound. The map of the others stays; barriers of theirs may have lost their roads."""
    while (removed := _removed(database, source, now)) is None:
        pass
    sweep_maps(database, now)
    return removed


def _removed(database: Database, source: str, now: datetime) -> MapVersion | None:
    """None: the town is made of other versions by now than those looked at."""
    with database.reading() as tx:
        current = map_versions.current(tx)
        version = next((one for one in current if one.source == source), None)
        if version is None:
            raise NotFound(f"there is no map {source!r}")
        boxes = removal_boxes(tx, version.version_id)
        others = [one for one in current if one is not version]
        renewed = renewed_counts(tx, others) if ROAD in version.counts else {}
    with database.writing() as tx:
        if map_versions.standing(tx) != tuple(one.version_id for one in current):
            return None
        map_versions.end(tx, version.version_id, VersionState.REMOVED, now)
        for version_id, counts in renewed.items():
            map_versions.tell_counts(tx, version_id, counts)
        map_versions.tell_change(tx, version.version_id, source, boxes, now)
    return version
