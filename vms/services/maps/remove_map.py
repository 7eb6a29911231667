"""Takes a source out of the town."""

from datetime import datetime

from vms.core.errors import NotFound
from vms.services.maps.compare_versions import removal_boxes
from vms.services.maps.sweep_maps import sweep_maps
from vms.store import map_versions
from vms.store.database import Database
from vms.store.map_versions import MapVersion, VersionState


def remove_map(database: Database, source: str, now: datetime) -> MapVersion:
    """Raises NotFound. The map of the others stays."""
    with database.writing() as tx:
        version = map_versions.current_of(tx, source)
        if version is None:
            raise NotFound(f"there is no map {source!r}")
        boxes = removal_boxes(tx, version.version_id)
        map_versions.end(tx, version.version_id, VersionState.REMOVED, now)
        map_versions.tell_change(tx, version.version_id, source, boxes, now)
    sweep_maps(database, now)
    return version
