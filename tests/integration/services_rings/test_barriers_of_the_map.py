"""A bollard that the map tells of closes a street to cars, and to nobody else."""

from datetime import UTC, datetime

from tests.builders.coverage import a_road, a_town, at
from vms.access.agreement import Agreements
from vms.places.town import Place, PlaceKind
from vms.roads.travel import Travel
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.services.rings.find_ring import find_ring
from vms.services.rings.road_memory import RoadMemory
from vms.store.database import Database

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def test_cars_flee_over_the_street_that_no_bollard_closes_and_walkers_over_both(database: Database) -> None:
    roads = [
        a_road((0, 0), (100, 0), (1000, 0), name="east"),
        a_road((0, 0), (-100, 0), (-1000, 0), name="west"),
        a_road((0, 0), (0, 400), name="north"),
    ]
    bollard = Place(kind=PlaceKind.BARRIER, name="", position=at(100.0, 0.0), category="car")
    import_map(database, a_town(roads=roads, places=[bollard]), now=NOW)
    memory = CoverageMemory(database, Agreements(), lambda: NOW)
    memory.load()
    ring = RoadMemory(memory)
    ways = {
        travel: {arc.road for arc in find_ring(ring, at(0.0, 0.0), [minutes], travel).minutes[0].boundary}
        for travel, minutes in ((Travel.CAR, 0.5), (Travel.WALK, 3.0), (Travel.BICYCLE, 0.6))
    }
    assert "east" not in ways[Travel.CAR] and "west" in ways[Travel.CAR]
    assert {"east", "west"} <= ways[Travel.WALK] and {"east", "west"} <= ways[Travel.BICYCLE]
