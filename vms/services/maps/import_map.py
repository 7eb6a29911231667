"""Takes a town that is in memory into the store: the base map of the console and the ground under coverage."""

from datetime import datetime

from vms.core.errors import BadInput
from vms.maps.cell_code import BUILDING, PLACE, RAILWAY, ROAD
from vms.maps.cell_sorter import CellSorter
from vms.places.town import PlaceKind, Town
from vms.services.maps.dead_readers import runner_name
from vms.services.maps.write_version import LEASE, VersionWriter, begin_version, give_up
from vms.store.database import Database
from vms.store.map_versions import NewVersion


def import_map(database: Database, town: Town, *, now: datetime, who: str = "program") -> int:
    """As the source of the town's name, beside those of other names; a town that is there already changes nothing.

    Returns the number of the version that is current. Raises BadInput for a town without roads and buildings.
    """
    if not town.buildings and not town.roads:
        raise BadInput("the map shows neither roads nor buildings", where=town.name or "map")

    def clock() -> datetime:
        return now

    runner = runner_name()
    new = NewVersion(source=town.name, options={}, who=who, runner=runner, lease=LEASE)
    version_id = begin_version(database, clock, new)
    finished = False
    try:
        with CellSorter() as sorter:
            for layer, items in (
                (BUILDING, town.buildings),
                (ROAD, town.roads),
                (RAILWAY, town.railways),
                (PLACE, [place for place in town.places if place.kind is not PlaceKind.CROSSING]),
            ):
                for item in items:
                    sorter.add(layer, item)
            writer = VersionWriter(database, clock, version_id, runner, lambda _: None)
            boundary = None if town.boundary is None else town.boundary.round(7).tolist()
            written = writer.write(sorter, attribution=town.attribution, boundary=boundary, before=0.0)
        finished = True
    finally:
        if not finished:
            give_up(database, clock, version_id, "interrupted")
    return written.version_id
