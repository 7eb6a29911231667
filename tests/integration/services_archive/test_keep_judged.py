"""Judgements follow what happens to records; every number of the figures has a filter that finds the same cameras."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.inventory import a_channel, a_device, a_pose, declared
from tests.builders.listed_cameras import NOW, a_listed_town
from vms.access.roles import Person, Role
from vms.core.errors import TryAgain
from vms.core.ids import CameraId, UserId
from vms.inventory.archive.city import ConformityRules
from vms.inventory.camera import LifeCycle
from vms.inventory.filters.archive_numbers import IN_SERVICE, NUMBERS, RULES, group_filter
from vms.inventory.filters.expression import parse_filter
from vms.inventory.stream_roles import assign_roles
from vms.inventory.tier import Tier
from vms.services.archive import keep_judged
from vms.services.archive.archive_memory import ArchiveMemory, By
from vms.services.archive.change_record import RecordChange, change_record
from vms.services.archive.city_now import judge_cameras
from vms.services.archive.judge_in_background import judge_in_background
from vms.services.archive.keep_judged import catch_up, judge_every
from vms.store import archive_rules, camera_pages, cameras, devices, events, judgements
from vms.store.camera_filter import CameraFilter
from vms.store.database import Database
from vms.store.schema import judgements as table

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEEPER = Person(user_id=UserId(1), name="王工", role=Role.MAINTAINER)
IDS = ("", "41010500001320000001", "41010500001320000002")
SPOTS = (None, a_pose(113.62, 34.75), a_pose(113.63, 34.76))


def put(database: Database, *, life_cycle: LifeCycle = LifeCycle.APPROVED, **entered: object) -> CameraId:
    with database.writing() as tx:
        return cameras.add(tx, declared(**entered), life_cycle=life_cycle, now=NOON)


def put_told(database: Database, told: str, **entered: object) -> CameraId:
    """A camera of a device that says so."""
    camera_id = put(database, **entered)
    with database.writing() as tx:
        device_id = devices.insert_observed(tx, a_device(model=told), (), NOON)
        cameras.bind_device(tx, camera_id, device_id, "vs0", NOON)
        channel = a_channel("vs0", "")
        cameras.set_observed(tx, cameras.get(tx, camera_id), channel, assign_roles(channel.streams), NOON)
    return camera_id


def change(database: Database, camera_id: CameraId, **changes: object) -> None:
    change_record(database, camera_id, RecordChange(changes=changes), KEEPER, NOON)


def kept(database: Database) -> dict[int, judgements.Judged]:
    with database.reading() as tx:
        return {row[0]: judgements.Judged._make(row) for row in tx.execute(table.select())}


def found(database: Database, text: str, now: datetime = NOON) -> set[int]:
    with database.reading() as tx:
        wanted = CameraFilter(expression=parse_filter(text), sees_addresses=True)
        return set(camera_pages.every_id(tx, wanted, now, limit=1000))


def test_a_record_is_judged_after_it_is_written_and_not_while(database: Database) -> None:
    camera_id = put(database, region_code="410105")
    assert kept(database) == {}
    with pytest.raises(TryAgain, match="judged for the first time"):
        found(database, "has:breaks")
    assert catch_up(database, NOON).current
    assert found(database, "breaks=id_missing") == {camera_id}
    change(database, camera_id, gb_device_id=IDS[1])
    assert found(database, "breaks=id_missing") == {camera_id}, "nothing was judged while it was written"
    catch_up(database, NOON)
    assert found(database, "breaks=id_missing") == found(database, "违反=国标编码无效") == set()


def test_the_judgement_is_that_of_the_record(database: Database) -> None:
    camera_id = put_told(database, "DS-9", model="DS-OLD", gb_device_id="1", region_code="410105")
    catch_up(database, NOON)
    with database.reading() as tx:
        judged = judge_cameras(tx, [camera_id], NOON)[camera_id]
    row = kept(database)[camera_id]
    assert judgements.names_in(row.broken) == tuple(one.code for one in judged.failed)
    assert judgements.names_in(row.differing) == ("model",)
    assert row.completeness_pct == round(100 * judged.completeness.share, 1)
    for text in ("completeness>10 and completeness<90%", "differs=model", "不一致=设备型号", "class=1", "has:differs"):
        assert found(database, text) == {camera_id}, text
    for text in ("completeness>=90", "differs=name", "class in (2, 3)", 'breaks=""', "not has:completeness"):
        assert found(database, text) == set(), text


def test_what_a_device_says_otherwise_is_followed(database: Database) -> None:
    camera_id = put_told(database, "DS-2", model="DS-2")
    catch_up(database, NOON)
    assert found(database, "has:differs") == set()
    with database.writing() as tx:
        device_id = cameras.get(tx, camera_id).device_id
        assert device_id is not None
        devices.update_observed(tx, device_id, a_device(model="DS-9"), NOON)
        events.append(tx, "device.changed", device_id, {"fields": ["model"]}, NOON)
    catch_up(database, NOON)
    assert found(database, "differs=model") == {camera_id}


def test_a_filing_falls_due_on_a_day_of_the_office(sqlite_database: Database) -> None:
    camera_id = put(sqlite_database, installed_on=date(2026, 4, 1), point_class=1)
    still_in_time = datetime(2026, 5, 1, 15, 59, tzinfo=UTC)
    assert catch_up(sqlite_database, still_in_time).current
    assert found(sqlite_database, "breaks=filing_missing") == set()
    assert catch_up(sqlite_database, still_in_time + timedelta(minutes=1)).current, "midnight in Shanghai"
    assert found(sqlite_database, "breaks=filing_missing") == {camera_id}


def test_other_thresholds_judge_every_record_again(sqlite_database: Database) -> None:
    camera_id = put(sqlite_database, retention_days=29)
    catch_up(sqlite_database, NOON)
    assert found(sqlite_database, "breaks=retention") == {camera_id}
    with sqlite_database.writing() as tx:
        assert archive_rules.put(tx, ConformityRules(retention_days=15), NOON)
        assert not archive_rules.put(tx, ConformityRules(retention_days=15), NOON)
    catch_up(sqlite_database, NOON)
    assert found(sqlite_database, "breaks=retention") == set()


def test_more_news_than_are_worth_following_are_judged_at_once(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep_judged, "MOST_NEWS", 3)
    put(sqlite_database)
    catch_up(sqlite_database, NOON)
    for _ in range(9):
        put(sqlite_database)
    assert catch_up(sqlite_database, NOON).current
    assert len(kept(sqlite_database)) == 10


def test_a_large_city_is_left_to_who_has_time_and_told_as_it_was(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep_judged, "SMALL_CITY", 1)
    put(sqlite_database, region_code="410105")
    put(sqlite_database, region_code="410105")
    memory = ArchiveMemory(sqlite_database)
    first = memory.figures(By.TIER, NOON)
    assert (first.current, first.total.cameras) == (True, 2), "the first time nobody has anything else to tell"
    tomorrow = NOON + timedelta(days=1)
    old = memory.figures(By.TIER, tomorrow)
    assert (old.current, old.as_of, old.total.cameras) == (False, NOON, 2)
    catch_up(sqlite_database, tomorrow)
    assert memory.figures(By.TIER, tomorrow).current


def test_who_was_killed_while_judging_is_followed_by_the_next(database: Database) -> None:
    put(database)
    with database.writing() as tx:
        assert judgements.take(tx, "killed", NOON, NOON + timedelta(seconds=60))
    assert not judge_every(database, NOON), "somebody is at it"
    with pytest.raises(TryAgain):
        ArchiveMemory(database).figures(By.TIER, NOON)
    later = NOON + timedelta(seconds=61)
    assert judge_every(database, later)
    with database.writing() as tx:
        assert not judgements.finish(tx, "killed", event_id=0, standing="x", day=date(2026, 5, 1), now=later)
    assert len(kept(database)) == 1


def test_what_is_stopped_goes_on_with_the_next(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_judged, "PAGE", 2)
    for _ in range(5):
        put(sqlite_database)
    asked = iter((False, True))
    assert not judge_every(sqlite_database, NOON, lambda: next(asked))
    assert len(kept(sqlite_database)) == 2
    assert judge_every(sqlite_database, NOON)
    assert len(kept(sqlite_database)) == 5


async def test_the_background_follows_until_it_is_stopped(sqlite_database: Database) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(
        judge_in_background(sqlite_database, stop, clock=lambda: NOON, look_every_s=0.01), name="judging"
    )
    async with asyncio.timeout(20):
        for number in (1, 2):
            put(sqlite_database)
            while len(kept(sqlite_database)) < number:  # noqa: ASYNC110 - another thread writes them
                await asyncio.sleep(0.01)
        stop.set()
        await working


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["id", "spot", "pole", "retire", "revive", "add", "judge"]),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_followed_step_by_step_is_the_same_as_judged_anew(sqlite_database: Database, steps) -> None:
    """Ids and spots that several claim are the hard part: others are judged again too."""
    database = sqlite_database
    there = [put(database, pole_code="1") for _ in range(3)]
    catch_up(database, NOON)
    for step, which, value in steps:
        camera_id = there[which % len(there)]
        with database.writing() as tx:
            author = cameras.PROGRAM
            match step:
                case "id":
                    cameras.change_columns(tx, camera_id, {"gb_device_id": IDS[value]}, NOON, author=author)
                case "spot":
                    pose = SPOTS[value]
                    at = (pose.position.lon, pose.position.lat) if pose else (None, None)
                    cameras.change_columns(tx, camera_id, {"lon": at[0], "lat": at[1]}, NOON, author=author)
                case "pole":
                    cameras.change_columns(tx, camera_id, {"pole_code": ("", "1", "2")[value]}, NOON, author=author)
                case "retire":
                    cameras.set_life_cycle(tx, camera_id, LifeCycle.RETIRED, NOON)
                case "revive":
                    cameras.set_life_cycle(tx, camera_id, LifeCycle.APPROVED, NOON)
                case "add":
                    entered = declared(gb_device_id=IDS[value], pose=SPOTS[value], pole_code=str(which))
                    there.append(cameras.add(tx, entered, life_cycle=LifeCycle.DRAFT, now=NOON))
        if step == "judge":
            catch_up(database, NOON)
    catch_up(database, NOON)
    followed = kept(database)
    judge_every(database, NOON)
    assert kept(database) == followed
    with database.reading() as tx:
        judged = judge_cameras(tx, followed, NOON)
    assert {number: set(judgements.names_in(row.broken)) for number, row in followed.items()} == {
        number: {one.code for one in found.failed} for number, found in judged.items()
    }


@pytest.mark.parametrize("by", list(By))
def test_every_number_of_the_figures_is_found_by_its_filter(sqlite_database: Database, by: By) -> None:
    database = sqlite_database
    a_listed_town(database)
    put(database, tier=Tier.UNIT, point_class=2, region_code="410105", gb_device_id=IDS[1])
    put_told(database, "DS-9", model="DS-OLD", tier=Tier.COMMUNITY)
    figures = ArchiveMemory(database).figures(by, NOW)
    groups = {IN_SERVICE: figures.total} | {group_filter(by, key): group for key, group in figures.groups.items()}
    assert len(groups) > 2
    assert figures.total.failed["address_answers"] == 1
    for text, group in groups.items():
        told = {
            "complete": group.complete,
            "incomplete": group.cameras - group.complete,
            "conforming": group.conforming,
            "breaking": group.cameras - group.conforming,
            "with_device": group.with_device,
            "consistent": group.consistent,
            "differing": group.with_device - group.consistent,
        }
        assert len(found(database, text, NOW)) == group.cameras
        assert {name: len(found(database, f"{text} and {NUMBERS[name]}", NOW)) for name in told} == told
        assert {code: len(found(database, f"{text} and {one}", NOW)) for code, one in RULES.items()} == {
            code: group.failed[code] for code in RULES
        }


def test_a_list_is_sorted_by_completeness(database: Database) -> None:
    poor = put(database, tier=Tier.HOUSEHOLD, name="a")
    rich = put(database, tier=Tier.HOUSEHOLD, name="b", region_code="410105", install_address="路", point_class=3)
    retired = put(database, life_cycle=LifeCycle.RETIRED)
    catch_up(database, NOON)
    with database.reading() as tx:
        first = camera_pages.id_page(tx, CameraFilter(), now=NOON, sort="-completeness", limit=1)
        rest = camera_pages.id_page(tx, CameraFilter(), now=NOON, sort="-completeness", after=first.next or "")
        upward = camera_pages.id_page(tx, CameraFilter(), now=NOON, sort="completeness")
    assert (first.ids, rest.ids) == ((rich,), (poor, retired))
    assert upward.ids == (retired, poor, rich)
