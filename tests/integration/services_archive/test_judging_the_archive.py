"""Records judged from the store, one or the whole town; national device ids; differences that a person decides."""

import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.builders.inventory import a_channel, a_device, a_pose, declared
from vms.access.registration import RegistrationStatus
from vms.access.roles import Person, Role
from vms.core.errors import BadInput, Conflict
from vms.core.ids import CameraId, UserId
from vms.inventory.archive.codes import CodeEntry
from vms.inventory.camera import LifeCycle
from vms.inventory.differences import Difference
from vms.inventory.stream_roles import assign_roles
from vms.inventory.tier import Tier
from vms.places.regions import Region, RegionLevel
from vms.places.town import Road, Town
from vms.services.archive.accept_difference import Side, accept_difference
from vms.services.archive.archive_memory import ArchiveMemory, By, DifferenceFilter
from vms.services.archive.change_record import RecordChange, change_record
from vms.services.archive.city_now import judge_cameras
from vms.services.archive.generate_gb_device_id import WantedId, generate_gb_device_id
from vms.services.archive.put_code import put_code
from vms.services.maps.import_map import import_map
from vms.store import archive_facts, cameras, devices, owners, regions
from vms.store.database import Database
from vms.store.schema import registrations

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEEPER = Person(user_id=UserId(1), name="王工", role=Role.MAINTAINER)
EVERY = DifferenceFilter()


def put(database: Database, *, life_cycle=LifeCycle.APPROVED, told=None, named="", **entered) -> CameraId:
    """A camera; `told`: of a device that says so."""
    with database.writing() as tx:
        camera_id = cameras.add(tx, declared(**entered), life_cycle=life_cycle, now=NOON)
        if told is not None:
            device_id = devices.insert_observed(tx, told, (), NOON)
            cameras.bind_device(tx, camera_id, device_id, "vs0", NOON)
            channel = a_channel("vs0", named)
            cameras.set_observed(tx, cameras.get(tx, camera_id), channel, assign_roles(channel.streams), NOON)
    return camera_id


def failed(database, *camera_ids):
    with database.reading() as tx:
        judged = judge_cameras(tx, camera_ids, NOON)
    return [{one.code for one in judged[camera_id].failed} for camera_id in camera_ids]


def give_id(database, camera_id, **wanted):
    return generate_gb_device_id(database, camera_id, WantedId(**wanted), KEEPER, NOON)


def decide(database, camera_id, field, side, **rest):
    accept_difference(database, camera_id, field, side, KEEPER, "看过", NOON + timedelta(minutes=1), **rest)


def test_the_facts_of_the_store_are_the_facts_of_the_camera(database: Database) -> None:
    told = a_device(serial_no="SN-77", macs=("44:19:b6:00:00:0a",), model="DS-9")
    camera_id = put(
        database, told=told, named="Camera 01", pose=a_pose(113.62, 34.75, bearing_deg=9.0), position_types=(1, 8)
    )
    with database.reading() as tx:
        facts = archive_facts.of_cameras(tx, [camera_id, 999], NOON)
        assert archive_facts.page(tx, NOON, after_id=0, limit=9) == list(facts.values())
    found = facts[camera_id]
    assert (found.name, found.lon, found.bearing_deg, list(found.position_types)) == (
        "人民路12号门口",
        113.62,
        9.0,
        [1, 8],
    )
    assert (found.observed_name, found.observed_model, found.observed_width_px) == ("Camera 01", "DS-9", 1920)
    assert (list(found.observed_macs), found.observed_port, found.status) == (["44:19:b6:00:00:0a"], 80, "unknown")


def test_ids_and_spots_that_several_claim_are_found_for_one_and_for_all(database: Database) -> None:
    here, there = a_pose(113.620001, 34.750001), a_pose(113.620003, 34.750001)
    one = put(database, gb_device_id="41010500001320000001", pose=here, pole_code="1")
    two = put(database, gb_device_id="41010500001320000001", pose=there, pole_code="2")
    alone = put(database, gb_device_id="41010500001320000002", pose=a_pose(113.63, 34.75), pole_code="3")
    put(database, life_cycle=LifeCycle.RETIRED, gb_device_id="41010500001320000002", pole_code="4")
    found = failed(database, one, two, alone)
    assert [rules & {"id_unique", "position_doubled"} for rules in found] == [
        {"id_unique", "position_doubled"},
        {"id_unique", "position_doubled"},
        set(),
    ]
    memory = ArchiveMemory(database)
    assert memory.figures(By.TIER, NOON).total.failed["id_unique"] == 2
    change_record(database, two, RecordChange(changes={"gb_device_id": ""}), KEEPER, NOON)
    found_now = memory.figures(By.TIER, NOON).total.failed
    assert (found_now["id_unique"], found_now["position_doubled"]) == (0, 2), "the other one is judged again too"


def test_regions_and_the_map_are_held_against_positions(sqlite_database: Database) -> None:
    road = Road(line=np.array([[113.6, 34.7], [113.7, 34.8]]), name="人民路")
    inside = put(sqlite_database, region_code="410105", pose=a_pose(113.650001, 34.75))
    beside = put(sqlite_database, region_code="410106", pose=a_pose(113.650001, 34.75))
    far = put(sqlite_database, region_code="410105", pose=a_pose(115.000001, 34.75))
    assert "position_outside" not in failed(sqlite_database, far)[0], "nobody knows where the town ends"
    import_map(sqlite_database, Town(name="t", attribution="", roads=(road,)), now=NOON)
    with sqlite_database.writing() as tx:
        narrow = Region(code="410106", name="b", level=RegionLevel.COUNTY, box=(113.0, 34.0, 113.5, 35.0))
        regions.replace(tx, [Region(code="410105", name="a", level=RegionLevel.COUNTY), narrow])
    found = failed(sqlite_database, inside, beside, far)
    assert ["position_outside" in rules for rules in found] == [False, True, True]
    assert "civil_code" in failed(sqlite_database, put(sqlite_database, region_code="999999"))[0]


def test_a_code_that_the_office_adds_is_known_from_then_on(database: Database) -> None:
    camera_id = put(database, structure_type=88)
    memory = ArchiveMemory(database)
    assert memory.figures(By.REGION, NOON).total.failed["code_known"] == 1
    put_code(
        database, CodeEntry(table="structure_type", edition="河南", code="88", zh="特", en="odd", shipped=False), NOON
    )
    assert "code_known" not in failed(database, camera_id)[0]
    assert memory.figures(By.REGION, NOON).total.failed["code_known"] == 0
    with pytest.raises(BadInput, match="no such table"):
        put_code(database, CodeEntry(table="nonsense", edition="x", code="1", zh="a", en="b"), NOON)


def test_the_figures_follow_what_happens_and_add_up_by_group(sqlite_database: Database) -> None:
    database = sqlite_database
    told = a_device(model="DS-9")
    one = put(database, told=told, model="DS-OLD", region_code="410105")
    put(database, tier=Tier.HOUSEHOLD, region_code="410106")
    draft = put(database, life_cycle=LifeCycle.DRAFT, region_code="410106")
    memory = ArchiveMemory(database)
    by_tier = memory.figures(By.TIER, NOON)
    assert {key: group.cameras for key, group in by_tier.groups.items()} == {"government": 1, "household": 1}
    assert (by_tier.total.consistency, by_tier.total.with_device) == (0.0, 1)
    assert memory.differing(EVERY, NOON) == [(one, "model")]
    decide(database, one, "model", Side.OBSERVED)
    assert memory.figures(By.REGION, NOON).total.consistency == 1.0
    assert memory.differing(EVERY, NOON) == []
    with database.writing() as tx:
        cameras.set_life_cycle(tx, draft, LifeCycle.APPROVED, NOON)
        cameras.set_life_cycle(tx, one, LifeCycle.RETIRED, NOON)
    found = memory.figures(By.REGION, NOON)
    assert {key: group.cameras for key, group in found.groups.items()} == {"410106": 2}
    assert found.total.cameras == sum(group.cameras for group in found.groups.values())
    fresh = ArchiveMemory(database).figures(By.REGION, NOON)
    assert fresh == found, "followed is the same as judged anew"


def test_the_devices_value_is_taken_with_its_history(database: Database) -> None:
    told = a_device("10.0.0.9", serial_no="SN-77", macs=("44:19:b6:00:00:0a",), model="DS-9")
    camera_id = put(
        database, told=told, named="Camera 01",
        name="路口", model="DS-OLD", mac="44:19:b6:00:00:0b", serial_no="SN-1", address="10.0.0.1", port=8000,
        width_px=640,
    )  # fmt: skip
    for field in ("name", "model", "mac", "serial_no", "address", "port", "width_px"):
        decide(database, camera_id, field, Side.OBSERVED)
    with database.reading() as tx:
        found = cameras.columns(tx, camera_id)
        assert judge_cameras(tx, [camera_id], NOON)[camera_id].differences == ()
    assert (found["name"], found["model"], found["mac"], found["serial_no"], found["address"], found["port"]) == (
        "Camera 01",
        "DS-9",
        "44:19:b6:00:00:0a",
        "SN-77",
        "10.0.0.9",
        80,
    )
    assert (found["width_px"], found["life_cycle"]) == (1920, "changing")
    with pytest.raises(Conflict, match="do not differ"):
        decide(database, camera_id, "model", Side.OBSERVED)


def test_a_difference_that_stands_is_hidden_until_a_side_changes(database: Database) -> None:
    camera_id = put(database, told=a_device(model="DS-9"), model="DS-OLD")
    memory = ArchiveMemory(database)
    assert memory.differing(EVERY, NOON) == [(camera_id, "model")]
    shown = Difference(field="model", declared="DS-OLD", observed="DS-8")
    with pytest.raises(Conflict, match="changed meanwhile"):
        decide(database, camera_id, "model", Side.DECLARED, seen=shown)
    decide(database, camera_id, "model", Side.DECLARED)
    assert memory.differing(EVERY, NOON) == []
    with database.reading() as tx:
        assert cameras.columns(tx, camera_id)["life_cycle"] == "approved", "nothing of the record was changed"
    change_record(database, camera_id, RecordChange(changes={"model": "DS-OLDER"}), KEEPER, NOON)
    assert memory.differing(EVERY, NOON) == [(camera_id, "model")]


def test_differences_are_chosen_by_region_field_and_what_one_may_see(sqlite_database: Database) -> None:
    one = put(sqlite_database, told=a_device(model="B"), model="A", address="10.0.0.2", region_code="410105")
    two = put(sqlite_database, told=a_device(model="B"), model="A", region_code="410106")
    memory = ArchiveMemory(sqlite_database)
    assert memory.differing(DifferenceFilter(region="410105"), NOON) == [(one, "model"), (one, "address")]
    assert memory.differing(DifferenceFilter(field="model"), NOON) == [(one, "model"), (two, "model")]
    hidden = DifferenceFilter(hidden=frozenset({"address"}))
    assert memory.differing(hidden, NOON) == [(one, "model"), (two, "model")]
    assert memory.differing(DifferenceFilter(tier="unit"), NOON) == []


def test_an_id_is_made_of_place_tier_type_and_the_next_serial(database: Database) -> None:
    street = put(database, region_code="410105001")
    assert give_id(database, street) == "41010500001320000001"
    assert give_id(database, put(database, region_code="410105")) == "41010500001320000002"
    shop = put(database, region_code="410105", tier=Tier.UNIT)
    assert give_id(database, shop, device_type="131") == "41010500021318000001"
    with pytest.raises(Conflict, match="already"):
        give_id(database, street)
    assert give_id(database, street, replace=True, centre="41010512") == "41010512001320000001"
    assert "id_civil_code" not in failed(database, street)[0]


@pytest.mark.parametrize(
    ("region", "wanted", "where"),
    [
        ("41", {}, "region_code"),
        ("410105", {"device_type": "999"}, "device_type"),
        ("410105", {"centre": "1"}, "centre"),
        ("410105", {"centre": "99010500"}, "centre"),
        ("410105", {"device_type": "118"}, "device_type"),
        ("410105", {"industry": "99"}, "industry"),
        ("410105", {"network": "9"}, "network"),
    ],
)
def test_an_id_that_cannot_be_is_refused_by_name(sqlite_database: Database, region, wanted, where) -> None:
    with pytest.raises(BadInput) as refusal:
        give_id(sqlite_database, put(sqlite_database, region_code=region), **wanted)
    assert refusal.value.where == where


def test_twenty_at_once_get_twenty_ids(database: Database) -> None:
    camera_ids = [put(database, region_code="410105") for _ in range(20)]
    made: list[str] = []
    threads = [threading.Thread(target=lambda one=one: made.append(give_id(database, one))) for one in camera_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(made) == [f"4101050000132{number:07d}" for number in range(1, 21)]


def test_what_hangs_on_a_registration_is_not_changed_around_its_owner(sqlite_database: Database) -> None:
    camera_id = put(sqlite_database, tier=Tier.HOUSEHOLD, pose=a_pose())
    with sqlite_database.writing() as tx:
        owner_id = owners.ensure(tx, "张家", Tier.HOUSEHOLD, NOON)
        tx.execute(
            registrations.insert().values(
                status=RegistrationStatus.APPROVED.value, submitted_at=NOON, owner_id=owner_id, camera_id=camera_id,
                content=SUBMITTED, access_key_hash="x", reason="",
            )
        )  # fmt: skip
    for changes in ({"tier": "government"}, {"owner": "派出所"}, {"lon": 113.7, "lat": 34.7}):
        with pytest.raises(BadInput) as refusal:
            change_record(sqlite_database, camera_id, RecordChange(changes=changes), KEEPER, NOON)
        assert (refusal.value.code, refusal.value.where) == ("follows_registration", sorted(changes)[0])
    assert change_record(sqlite_database, camera_id, RecordChange(changes={"pole_code": "7"}), KEEPER, NOON)


SUBMITTED = {
    "owner_name": "张家", "tier": "household", "contact": "", "camera_name": "门口", "install_address": "",
    "entered_x": 113.62, "entered_y": 34.75, "entered_system": "wgs84", "lon": 113.62, "lat": 34.75,
    "bearing_deg": None, "h_fov_deg": None, "mount_height_m": None, "address": "127.34.0.1", "port": 80, "channel": "",
    "consent_mode": "never", "radius_m": 100.0,
}  # fmt: skip
