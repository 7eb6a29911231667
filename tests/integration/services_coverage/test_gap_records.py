"""Gaps are written down, followed, closed and opened again; the coverage of a month is told from what was written."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from tests.builders.coverage import a_key_place, a_road, a_town, at
from vms.access.agreement import Agreements
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.core.intervals import Interval
from vms.coverage.ground import Ground
from vms.coverage.rate_history import CoveredTime, covered_time, grouped
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.services.coverage.answers import Gaps
from vms.services.coverage.keep_gaps import SETTLES, GapKeeper
from vms.services.coverage.keep_rates import RateKeeper
from vms.services.coverage.memory import CoverageMemory
from vms.services.coverage.tell_rates import RatesTold, tell_rates
from vms.services.coverage.totals_then import totals_then
from vms.services.maps.import_map import import_map
from vms.store import cameras, coverage_gap_list, coverage_rates
from vms.store import coverage_gaps as coverage_gaps_store
from vms.store.coverage_gap_list import GapFilter
from vms.store.database import Database
from vms.store.schema import coverage_gap_steps, coverage_gaps, events, incidents

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Town:
    """One street of 200 m with a school beside it, and a clock that the test moves."""

    def __init__(self, database: Database) -> None:
        self.now = START
        self.database = database
        street = a_road((0.0, 0.0), (200.0, 0.0), name="High Street", source_id="w1")
        import_map(database, a_town(roads=[street], places=[a_key_place(30.0, 6.0)]), now=START)
        self.memory = CoverageMemory(database, Agreements(), lambda: self.now)
        self.memory.load()
        self.keeper, self.rates = GapKeeper(self.memory), RateKeeper(self.memory)

    def later(self, step: timedelta = MINUTE) -> None:
        self.memory.follow()
        self.rates.keep(self.now)
        self.keeper.keep(self.now)
        self.now += step
        self.memory.follow()
        self.rates.keep(self.now)
        self.keeper.keep(self.now)

    def hang(self, x_m: float, bearing_deg: float, max_view_m: float, supply_light: int | None = None) -> CameraId:
        pose = Pose(position=at(x_m, 0.0), bearing_deg=bearing_deg, h_fov_deg=40.0, max_view_m=max_view_m)
        declared = Declared(name="c", tier=Tier.GOVERNMENT, pose=pose, supply_light=supply_light)
        with self.database.writing() as tx:
            return cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=self.now)

    def retire(self, camera_id: CameraId) -> None:
        with self.database.writing() as tx:
            cameras.set_life_cycle(tx, camera_id, LifeCycle.RETIRED, self.now)

    def records(self, *, open_only: bool = True):
        c = coverage_gaps.c
        with self.database.reading() as tx:
            rows = tx.execute(select(coverage_gaps).order_by(c.id)).mappings().all()
        return [row for row in rows if row["closed_at"] is None or not open_only]


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def test_what_nobody_sees_is_written_down_once_it_lasts(town: Town) -> None:
    town.keeper.keep(town.now)
    assert town.records() == [], "not at the first moment"
    town.later()
    found = {(row["ground"], row["side"], row["cause"]) for row in town.records()}
    assert found == {("street", 1, "none_built"), ("street", -1, "none_built"), ("key_place", 0, "none_built")}
    assert {round(row["length_m"]) for row in town.records() if row["kind"] == "road"} == {100}
    with town.database.reading() as tx:
        told = tx.execute(select(events.c.content).where(events.c.kind == "coverage.gaps_changed")).scalars().all()
    assert told == [{"opened": 3, "closed": 0}]
    assert town.keeper.keep(town.now + MINUTE) == 0, "and costs nothing while nothing changes"


def test_a_gap_that_shrinks_keeps_its_record_and_one_that_is_covered_closes_and_comes_again(town: Town) -> None:
    town.later()
    before = {row["id"]: row for row in town.records()}
    camera_id = town.hang(-2.0, 90.0, 100.0)
    town.later()
    after = {row["id"]: row for row in town.records()}
    roads = [row for row in after.values() if row["kind"] == "road" and row["to_m"] > 199.0]
    assert len(roads) == 2, "the far end of both sides"
    assert all(row["id"] in before and row["since"] == START + MINUTE for row in roads)
    assert all(row["length_m"] < before[row["id"]]["length_m"] for row in roads)
    assert "key_place" not in {row["ground"] for row in after.values()}
    town.retire(camera_id)
    town.later()
    (school,) = [row for row in town.records() if row["ground"] == "key_place"]
    assert (school["id"] in before, school["reopened"]) == (True, 1)
    with town.database.reading() as tx:
        steps = tx.execute(select(coverage_gap_steps.c.step).where(coverage_gap_steps.c.gap_id == school["id"]))
        assert list(steps.scalars()) == ["closed", "reopened"]
        then = {
            minute: school["id"] in {one.gap_id for one in coverage_gap_list.page(tx, GapFilter(at=moment)).items}
            for minute in range(-1, 4)
            for moment in (START + minute * MINUTE + MINUTE / 2,)
        }
    assert then == {-1: False, 0: False, 1: True, 2: False, 3: True}, "as it was at each moment"


def test_who_comes_and_goes_within_seconds_opens_and_closes_nothing(town: Town) -> None:
    town.later()
    camera_id = town.hang(-2.0, 90.0, 100.0)
    town.later(SETTLES / 3)
    town.retire(camera_id)
    town.later(SETTLES / 3)
    town.later(2 * SETTLES)
    with town.database.reading() as tx:
        assert tx.execute(select(coverage_gap_steps.c.id)).all() == []


def test_a_process_that_was_killed_goes_on_with_the_records_that_it_wrote(town: Town) -> None:
    town.later()
    before = {row["id"] for row in town.records()}
    town.keeper = GapKeeper(town.memory)
    town.hang(-2.0, 90.0, 40.0)
    town.memory.load()
    town.later()
    roads = [row for row in town.records() if row["kind"] == "road" and row["to_m"] > 199.0]
    assert {row["id"] for row in roads} < before
    closed = [row for row in town.records(open_only=False) if row["closed_at"] is not None]
    assert [row["ground"] for row in closed] == ["key_place"]


def test_a_camera_without_light_leaves_a_gap_by_night_only(town: Town) -> None:
    town.hang(-2.0, 90.0, 100.0, supply_light=1)
    town.later()
    (school,) = [row for row in town.records() if row["ground"] == "key_place"]
    assert (school["cause"], school["night_only"]) == ("too_coarse", True)


def test_the_coverage_of_an_hour_is_exact_and_what_nobody_measured_does_not_count(town: Town) -> None:
    town.later(20 * MINUTE)
    town.hang(-2.0, 90.0, 100.0)
    town.later(40 * MINUTE)
    covered_m = town.memory.totals.covered_road_m if town.memory.totals else 0.0
    dead = town.now + 30 * MINUTE  # killed: nobody writes that it is known until then
    with town.database.reading() as tx:
        changes = coverage_rates.between(tx, START, dead)
        known = coverage_rates.spells(tx, START, dead)
    found = {k: t for k, t in covered_time(changes, known, Interval(START, dead)).items() if not k.by_night}
    street = sum(grouped(found, "class")[Ground.STREET.value].values(), CoveredTime())
    assert street.known_us == 60 * 60 * 1_000_000
    assert street.road_rate == pytest.approx(covered_m / 200.0 * 40 / 60, rel=1e-4)


def test_a_window_that_ends_now_is_measured_as_far_as_it_is_written_down(town: Town) -> None:
    town.later()
    town.later(10 * MINUTE)
    written, now = town.now, town.now + timedelta(seconds=40)

    def told(start: datetime, end: datetime, asked: datetime = now) -> RatesTold:
        with town.database.reading() as tx:
            return tell_rates(tx, Interval(start, end), "class", now=asked, by_night=False)

    ten = told(now - 10 * MINUTE, now)
    assert (ten.measured_until, ten.known_share) == (written, 1.0)
    assert told(START, START + 60 * MINUTE).known_share == 1.0, "nobody can measure the hour that is to come"
    assert told(now - timedelta(seconds=2), now).known_share is None, "not written down yet"
    killed = told(written - MINUTE, written + 3 * MINUTE, written + 3 * MINUTE)
    assert killed.known_share == pytest.approx(0.25), "nobody has measured since"


def test_a_moment_before_has_its_own_totals_and_one_that_nobody_measured_has_none(town: Town) -> None:
    town.later()
    town.later(19 * MINUTE)
    camera_id = town.hang(-2.0, 90.0, 100.0)
    town.later()
    town.later(19 * MINUTE)
    seen_m = town.memory.totals.covered_road_m if town.memory.totals else 0.0
    town.retire(camera_id)
    town.later()
    town.later(19 * MINUTE)
    hour = town.now + 60 * MINUTE  # killed: nobody has measured since

    def then(minutes: float, now: datetime = hour) -> Gaps | None:
        with town.database.reading() as tx:
            return totals_then(tx, START + minutes * MINUTE, now)

    for minutes, covered_m, covered_places in ((10, 0.0, 0), (30, seen_m, 1), (50, 0.0, 0)):
        told = then(minutes)
        assert told is not None and told.measured_at == START + minutes * MINUTE
        assert (told.road_m, told.places, told.covered_places) == (pytest.approx(200.0, abs=0.01), 1, covered_places)
        assert told.covered_road_m == pytest.approx(covered_m, abs=0.01)
    assert then(-1) is None and then(61) is None
    assert then(60.5, now=town.now + MINUTE) is not None, "its word comes once a minute, and it is at work"
    with pytest.raises(BadInput, match="at: in the future"):
        then(121)


def test_where_something_happened_ground_is_worth_more_from_the_next_day_on(town: Town) -> None:
    assert town.memory.demand.weight.max() == 100.0, "the school"
    row = {
        "incident_no": "1",
        "source": "110",
        "reported_at": START,
        "lon": at(30.0, 6.0).lon,
        "lat": at(30.0, 6.0).lat,
        "status": "closed",
    }
    with town.database.writing() as tx:
        tx.execute(insert(incidents).values(row))
    town.now += timedelta(hours=23)
    town.memory.follow(everybody=True)
    assert town.memory.demand.weight.max() == 100.0
    town.now += timedelta(hours=1)
    town.memory.follow(everybody=True)
    assert town.memory.demand.weight.max() == 125.0


def test_a_cause_that_comes_back_does_not_make_ground_covered_meanwhile(town: Town) -> None:
    town.later()
    (first,) = [row for row in town.records() if row["ground"] == "key_place"]
    gap = next(one for one in town.memory.gaps() if one.ground.value == "key_place")
    with town.database.writing() as tx:
        coverage_gaps_store.close(tx, [first["id"]], town.now)
        town.now += MINUTE
        coverage_gaps_store.reopen(tx, [(first["id"], gap, first["uncovered_since"])], town.now)
    (again,) = [row for row in town.records() if row["id"] == first["id"]]
    assert (again["since"], again["uncovered_since"]) == (town.now, first["uncovered_since"])
