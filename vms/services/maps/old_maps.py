"""Takes over what releases before kept as one document: once, when a process first opens the store."""

import gzip
import json
import logging
from dataclasses import replace

from vms.core.clock import Clock
from vms.core.errors import BadInput
from vms.maps.geojson import town_from_geojson
from vms.maps.map_file import OPEN_STREET_MAP
from vms.maps.osm import ATTRIBUTION
from vms.services.maps.import_map import import_map
from vms.store import map_versions, maps
from vms.store.database import Database
from vms.store.maps import StoredMap

log = logging.getLogger(__name__)


def take_over_old_maps(database: Database, clock: Clock) -> None:
    """The map imported last, which alone was shown, becomes a source of its name; then the old documents go."""
    with database.reading() as tx:
        old = maps.latest(tx)
        is_known = old is not None and map_versions.current_of(tx, _source(old)) is not None
    if old is None:
        return
    if not is_known:
        try:
            town = town_from_geojson(json.loads(gzip.decompress(old.content)))
            import_map(database, replace(town, name=_source(old)), now=clock(), who="release")
        except (OSError, EOFError, ValueError, BadInput):
            log.exception("the map %r of a release before cannot be read; import it again", old.name)
            return
    with database.writing() as tx:
        maps.remove_all(tx)


def _source(old: StoredMap) -> str:
    """A newer extract of OpenStreetMap must take its place."""
    return OPEN_STREET_MAP if old.attribution == ATTRIBUTION else old.name
