"""Standing rings in the store: drawn or cut, open when a camera fails, told once, alive after a restart."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert

from tests.builders.access import a_person
from tests.builders.coverage import at
from tests.builders.ringed_town import RingedTown, cross_town
from vms.access.agreement import Agreements
from vms.access.roles import Role
from vms.core.errors import BadInput, Conflict, NotFound
from vms.maintenance.alert import Moment, Wants, is_wanted
from vms.places.regions import Region, RegionLevel
from vms.roads.standing import HOLD_S, QUIET_S, OpenBecause
from vms.services.alerts.collect import item_of
from vms.services.alerts.message import as_json
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.services.rings.make_ring import RingAsked, make_ring, remove_ring
from vms.services.rings.road_memory import RoadMemory
from vms.services.rings.show_rings import ring_now, rings_now
from vms.services.rings.watch_rings import look_at_rings
from vms.store import events, regions
from vms.store.alerts import Alert, AlertState, item_from_json, item_to_json
from vms.store.database import Database
from vms.store.events import Event
from vms.store.rings import RingKind
from vms.store.schema import outage_cameras, outages

ADMIN = a_person(Role.ADMIN, name="admin")
OUTLINE = tuple(
    (spot.lon, spot.lat)
    for spot in (at(x, y) for x, y in ((-500.0, -480.0), (500.0, -480.0), (500.0, 520.0), (-500.0, 520.0)))
)


class Office(RingedTown):
    def ring(self, name: str = "middle ring") -> int:
        return make_ring(self.roads, RingAsked(name=name, kind=RingKind.MIDDLE, outline=OUTLINE), ADMIN, self.now)

    def look(self, **later: float) -> None:
        self.now += timedelta(**later)
        look_at_rings(self.roads, self.now)

    def look_for(self, seconds: float) -> None:
        for _ in range(int(seconds / 20)):
            self.look(seconds=20)

    def news(self) -> list[Event]:
        with self.database.reading() as tx:
            return [one for one in events.after(tx, 0, 10_000) if one.kind in ("ring.opened", "ring.closed")]

    def restarts(self) -> None:
        """Everything in memory is lost, and nobody has polled since: all cameras are unknown."""
        self.memory = CoverageMemory(self.database, Agreements(), lambda: self.now)
        self.memory.load()
        self.roads = RoadMemory(self.memory)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_a_drawn_ring_has_a_point_on_every_road_that_it_crosses(office: Office) -> None:
    east = office.camera_on("east")
    found = ring_now(office.roads, office.ring())
    assert sorted(state.point.road for state in found.states) == ["east 1000", "north 1000", "south 1000", "west 1000"]
    watched = {state.point.road: [view.camera_id for view in state.views] for state in found.states if state.watched}
    assert watched == {"east 1000": [east]} and not found.closed
    assert {one.cause.because for one in found.openings} == {OpenBecause.NONE_BUILT}
    eastern = next(state.point for state in found.states if state.watched)
    assert (eastern.lon, eastern.lat) == pytest.approx((at(500.0, 0.0).lon, at(0.0, 0.0).lat), abs=1e-6)


def test_a_ring_can_be_the_smallest_closed_one_around_a_place(office: Office) -> None:
    for arm in ("east", "north", "west", "south"):
        office.camera_on(arm)
    asked = RingAsked(
        name="around the square", kind=RingKind.OTHER, around=at(0.0, 0.0), inner_minutes=0.2, beyond_minutes=1.5
    )
    found = ring_now(office.roads, make_ring(office.roads, asked, ADMIN, office.now))
    assert found.closed and len(found.states) == 4 and found.openings == ()


def test_a_camera_that_fails_opens_the_ring_and_people_are_told_once_also_after_a_restart(office: Office) -> None:
    ids = [office.camera_on(arm) for arm in ("east", "north", "west", "south")]
    ring_id = office.ring()
    office.look_for(2 * HOLD_S)
    assert office.news() == []
    office.goes_down(ids[0])
    office.look()
    office.restarts()
    office.look_for(QUIET_S)
    office.restarts()
    office.look_for(QUIET_S)
    (told,) = office.news()
    assert (told.kind, told.subject) == ("ring.opened", ring_id)
    assert (told.content["points"], told.content["of"], told.content["camera_ids"]) == (1, 4, [ids[0]])
    item = item_of(told)
    assert item is not None and (item.moment, item.number) == (Moment.RING_OPENED, "middle ring")
    assert item.cause == "east 400"
    (opening,) = ring_now(office.roads, ring_id).openings
    assert opening.cause.because is OpenBecause.FAULTY
    office.comes_back(ids[0])
    office.look_for(2 * HOLD_S + 20)
    assert [one.kind for one in office.news()] == ["ring.opened", "ring.closed"]
    closed = ring_now(office.roads, ring_id)
    assert closed.closed and len(closed.past) == 1


def test_a_ring_that_opens_is_told_to_the_region_of_the_checkpoint_with_a_link_to_the_ring(office: Office) -> None:
    town = Region(code="4101", name="town", level=RegionLevel.CITY)
    (west, south), (middle, north) = [(spot.lon, spot.lat) for spot in (at(-2000.0, -900.0), at(10.0, 900.0))]
    halves = [
        Region(code="410102", name="east", level=RegionLevel.COUNTY, parent="4101", box=(middle, south, 180.0, north)),
        Region(code="410103", name="west", level=RegionLevel.COUNTY, parent="4101", box=(west, south, middle, north)),
    ]
    with office.database.writing() as tx:
        regions.replace(tx, [town, *halves])
    ids = [office.camera_on(arm) for arm in ("east", "north", "west", "south")]
    ring_id = office.ring()
    office.look()
    office.goes_down(ids[0])
    office.look_for(2 * HOLD_S)
    office.comes_back(ids[0])
    office.look_for(QUIET_S)
    with office.database.reading() as tx:
        land = regions.land(tx)
    told = [item for item in map(item_of, office.news()) if item is not None]
    assert [item.moment for item in told] == [Moment.RING_OPENED, Moment.RING_CLOSED]
    heard = [
        [is_wanted(Wants(regions=(code,)), item, land) for code in ("4101", "410102", "410103", "4102")]
        for item in told
    ]
    assert heard == [[True, True, False, False], [True, True, True, False]]
    kept = tuple(item_from_json(item_to_json(item)) for item in told)
    alert = Alert(
        alert_id=1, channel_id=1, state=AlertState.SENDING, items=kept,
        opened_at=office.now, due_at=office.now, tries=0, sent_at=None, answer="",
    )  # fmt: skip
    sent = json.loads(as_json(alert, "town", "https://console.test/"))
    assert {one["link"] for one in sent["items"]} == {f"https://console.test/#/rings?ring={ring_id}"}


def test_a_switch_that_fells_the_whole_ring_is_one_message_that_names_the_switch(office: Office) -> None:
    ids = [office.camera_on(arm) for arm in ("east", "north", "west", "south")]
    office.ring()
    office.look()
    office.goes_down(*ids)
    values = {
        "kind": "switch", "cause": "7", "name": "switch 7", "source": "typed", "because": "", "cameras": 4,
        "opened_at": office.now, "found_at": office.now, "fell_from": office.now,
    }  # fmt: skip
    with office.database.writing() as tx:
        outage_id = tx.execute(insert(outages).values(values).returning(outages.c.id)).scalar_one()
        rows = [{"outage_id": outage_id, "camera_id": one, "from_at": office.now} for one in ids]
        tx.execute(insert(outage_cameras), rows)
    office.look_for(QUIET_S + 2 * HOLD_S)
    (told,) = office.news()
    assert (told.content["cause"], told.content["points"], told.content["cameras"]) == ("switch 7", 4, 4)


def test_rings_outlive_a_new_map_and_say_which_road_is_gone(office: Office) -> None:
    office.camera_on("east")
    ring_id = office.ring()
    import_map(office.database, cross_town(shift_m=10.0), now=office.now)
    office.memory.follow()
    assert sum(state.watched for state in ring_now(office.roads, ring_id).states) == 1
    import_map(office.database, cross_town(shift_m=900.0), now=office.now)
    office.memory.follow()
    assert {state.because for state in ring_now(office.roads, ring_id).states if not state.watched} >= {
        OpenBecause.NO_ROAD
    }


def test_rings_are_listed_by_name_and_removed(office: Office) -> None:
    second, first = office.ring("outer"), office.ring("inner")
    assert [one.ring.ring_id for one in rings_now(office.roads)] == [first, second]
    with pytest.raises(Conflict, match="already"):
        office.ring("outer")
    remove_ring(office.roads, second, ADMIN, office.now)
    assert [one.ring.name for one in rings_now(office.roads)] == ["inner"]
    with pytest.raises(NotFound):
        ring_now(office.roads, second)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " ", "outline": OUTLINE},
        {"name": "x"},
        {"name": "x", "outline": OUTLINE, "around": at(0.0, 0.0)},
        {"name": "x", "outline": OUTLINE[:2]},
        {"name": "x", "outline": (OUTLINE[0],) * 4},
        {"name": "x", "outline": tuple((lon + 1.0, lat) for lon, lat in OUTLINE)},
        {"name": "x", "around": at(0.0, 0.0), "inner_minutes": 5.0, "beyond_minutes": 5.0},
    ],
)
def test_rings_that_are_none_are_refused(office: Office, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        make_ring(office.roads, RingAsked(kind=RingKind.OTHER, **wrong), ADMIN, office.now)  # type: ignore[arg-type]
    assert rings_now(office.roads) == []
