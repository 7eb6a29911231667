"""A map file of whatever known kind, told by its name."""

from pathlib import Path

from vms.core.errors import BadInput
from vms.maps.geojson import read_town_geojson
from vms.maps.osm import read_town
from vms.places.town import Town


def read_town_file(path: Path) -> Town:
    """`.geojson`, `.json` or `.osm.pbf`. Raises BadInput that names the file and what is wrong with it."""
    name = path.name.lower()
    if name.endswith((".geojson", ".json")):
        return read_town_geojson(path)
    if name.endswith(".pbf"):
        return read_town(path)
    raise BadInput("a map ends in .geojson, .json or .osm.pbf", where=str(path))
