"""Takes a town into the store: the base map of the console and the ground under coverage."""

import gzip
import json
from datetime import datetime

from vms.core.errors import BadInput
from vms.maps.geojson import town_to_geojson
from vms.places.town import Town
from vms.store import events, maps
from vms.store.database import Database


def import_map(database: Database, town: Town, *, now: datetime) -> int:
    """It replaces an earlier map of the same name and is the current one from now on; a town that is the current one
    already changes nothing. Returns the map's id. Raises BadInput for a town without roads and buildings."""
    if not town.buildings and not town.roads:
        raise BadInput("the map shows neither roads nor buildings", where=town.name or "map")
    document = json.dumps(town_to_geojson(town), ensure_ascii=False, separators=(",", ":"))
    content = gzip.compress(document.encode(), mtime=0)
    with database.writing() as tx:
        before = maps.current(tx)
        if before is not None and (before.name, before.content) == (town.name, content):
            return before.map_id
        map_id = maps.put(tx, name=town.name, attribution=town.attribution, content=content, now=now)
        events.append(tx, "map.changed", map_id, {"name": town.name}, now)
    return map_id
