"""A ring around a place, from the store to the answer, and always that of this minute."""

import json

import pytest

from tests.builders.coverage import at
from tests.builders.ringed_town import RingedTown, cross_town
from vms.access.agreement import Agreements
from vms.cli.ring import ring
from vms.core.clock import system_clock
from vms.core.errors import BadInput, Conflict
from vms.roads.travel import Travel
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.services.rings.find_ring import find_ring, read_minutes
from vms.services.rings.ring_document import ring_document
from vms.services.rings.road_memory import RoadMemory
from vms.store.database import Database

SQUARE = at(0.0, 0.0)


@pytest.fixture
def town(database: Database) -> RingedTown:
    return RingedTown(database)


def test_the_boundary_names_who_watches_it_and_where_it_leaks(town: RingedTown) -> None:
    east, north = town.camera_on("east"), town.camera_on("north", 320.0)
    found = find_ring(town.roads, SQUARE, [1.1, 2.0])
    one, two = found.minutes
    ways_out = [arc for arc in one.boundary if arc.leads_out]
    assert {arc.road for arc in ways_out} == {"east 1000", "north 1000", "south 1000", "west 1000"}
    assert {arc.arrives_s for arc in ways_out} == {30.0}
    assert found.map_ends and all(arc.at_map_edge for arc in two.boundary if arc.leads_out)
    assert {arc.road for arc in two.watched} == {"east 1000", "north 1000"}
    assert {arc.road for arc in two.leaks} == {"south 1000", "west 1000"}
    watched = {arc.road: [view.camera_id for view in arc.views] for arc in one.watched}
    assert watched == {"east 1000": [east], "north 1000": [north]}
    assert {arc.road for arc in one.leaks} == {"south 1000", "west 1000"}
    eastern = next(arc for arc in ways_out if arc.road == "east 1000")
    assert (eastern.lon, eastern.lat) == pytest.approx((at(660.0, 0.0).lon, at(660.0, 0.0).lat), abs=1e-5)
    assert eastern.bearing_deg == pytest.approx(90.0, abs=0.1)


def test_the_smallest_ring_closes_where_cameras_are_and_says_where_none_is(town: RingedTown) -> None:
    for arm in ("east", "north", "west"):
        town.camera_on(arm)
    found = find_ring(town.roads, SQUARE, [0.2, 1.5])
    assert (found.cut.cost, found.cut.closed, len(found.cut.arcs)) == (1003, False, 4)
    assert [arc.road[:5] for arc in found.cut.leaks] == ["south"]
    town.camera_on("south", 20.0)
    closed = find_ring(town.roads, SQUARE, [0.2, 1.5]).cut
    assert (closed.cost, closed.closed, closed.leaks) == (4, True, ())


def test_a_camera_that_failed_opens_the_ring_at_once_and_closes_it_when_it_is_back(town: RingedTown) -> None:
    ids = [town.camera_on(arm) for arm in ("east", "north", "west", "south")]
    assert find_ring(town.roads, SQUARE, [0.2, 1.5]).cut.closed
    town.goes_down(ids[1])
    assert [arc.road[:5] for arc in find_ring(town.roads, SQUARE, [0.2, 1.5]).cut.leaks] == ["north"]
    with town.roads.roads(Travel.CAR) as roads:
        assert int(roads.watched.usable_views.sum()) == 3


def test_a_camera_that_failed_a_moment_ago_watches_nothing_in_the_next_ring(town: RingedTown) -> None:
    """Nobody follows the news in between."""
    ids = [town.camera_on(arm) for arm in ("east", "north", "west", "south")]
    assert find_ring(town.roads, SQUARE, [0.2, 1.5]).cut.closed
    town.goes_down(ids[2], noticed=False)
    found = find_ring(town.roads, SQUARE, [0.2, 1.5])
    assert [arc.road[:4] for arc in found.cut.leaks] == ["west"]
    assert ids[2] not in {view.camera_id for arc in found.minutes[1].watched for view in arc.views}


def test_what_has_gone_by_widens_the_area(town: RingedTown) -> None:
    assert find_ring(town.roads, SQUARE, [0.2]).minutes[0].boundary[0].road.endswith("300")
    later = find_ring(town.roads, SQUARE, [0.2], elapsed_s=40.0)
    assert later.minutes[0].limit_s == 52.0
    assert {arc.road[-4:] for arc in later.minutes[0].leaks} == {"1000"}
    on_foot = find_ring(town.roads, SQUARE, [0.2], Travel.WALK, elapsed_s=40.0)
    assert {arc.road[-4:] for arc in on_foot.minutes[0].boundary} == {" 300"}
    long_ago = find_ring(town.roads, SQUARE, [5.0], elapsed_s=1e6)
    assert long_ago.elapsed_cut and long_ago.elapsed_s == 3300.0


def test_a_new_map_is_searched_from_then_on(town: RingedTown) -> None:
    camera = town.camera_on("east")
    moved = at(5_000.0, 0.0)
    assert find_ring(town.roads, SQUARE, [1.0]).off_road_m < 1.0
    import_map(town.database, cross_town(shift_m=5_000.0), now=town.now)
    town.memory.follow()
    assert find_ring(town.roads, moved, [1.0]).off_road_m < 1.0
    with pytest.raises(BadInput, match="no road for car near"):
        find_ring(town.roads, at(-5_000.0, 0.0), [1.0])
    with town.roads.roads(Travel.CAR) as roads:
        assert roads.watched.watchers(range(len(roads.network))) == []
    assert camera in town.memory.known()


def test_the_document_has_the_arcs_the_cut_and_the_leaks(town: RingedTown) -> None:
    town.camera_on("east")
    document = json.loads(json.dumps(ring_document(find_ring(town.roads, SQUARE, [1.1, 0.2], with_lines=True))))
    assert [one["minutes"] for one in document["minutes"]] == [0.2, 1.1]
    assert {arc["minutes"] for arc in document["boundary"]} == {0.2, 1.1}
    ways_out = [arc for arc in document["boundary"] if arc["leads_out"]]
    assert len(document["watched"]) + len(document["leaks"]) == len(ways_out) == 8
    assert document["minutes"][1]["outline"][0][0] == document["minutes"][1]["outline"][0][-1]
    assert len(document["minutes"][1]["lines"]) == 8
    assert all(len(line) > 1 for one in document["minutes"] for line in one["lines"])


@pytest.mark.parametrize("text", ["", "0", "-5", "61", "five", "5,nan", "1,2,3,4,5,6,7", "inf"])
def test_times_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="minutes"):
        read_minutes(text)


def test_without_a_map_there_is_no_ring(database: Database) -> None:
    with pytest.raises(Conflict, match="no map with roads"):
        find_ring(RoadMemory(CoverageMemory(database, Agreements(), system_clock)), SQUARE, [5.0])


def test_the_command_prints_one_document_and_says_in_words_where_the_ring_leaks(
    sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    town = RingedTown(sqlite_database)
    east = town.camera_on("east")
    ring(lon=SQUARE.lon, lat=SQUARE.lat, minutes="0.2,1.1", db=sqlite_database.url, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert {"boundary", "watched", "cut", "leaks"} <= document.keys()
    assert {view["camera_id"] for arc in document["cut"]["arcs"] for view in arc["views"]} == {east}
    ring(lon=SQUARE.lon, lat=SQUARE.lat, minutes="0.2,1.1", db=sqlite_database.url)
    told = capsys.readouterr()
    assert "4 roads, 3 of them watched by nobody" in told.err and "east 1000" in told.out
