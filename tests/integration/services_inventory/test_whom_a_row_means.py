"""A row of a list is of the camera that it proves to be of: never of another at its address, never of one by chance."""

from datetime import UTC, datetime

import pytest

from tests.builders.inventory import a_channel, a_device, declared
from vms.inventory.camera import LifeCycle
from vms.inventory.lists.record_mark import record_mark
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.import_cameras import ImportRequest, import_cameras
from vms.services.record_device import record_device
from vms.store import camera_changes, cameras

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
GB, OTHER_GB = "41010200001320000001", "41010200001320000002"
NVR = "10.9.0.1"
TRUSTED = NetworkPlan([Network(cidr="10.9.0.0/24", tier=Tier.UNIT, trusted=True)])


@pytest.fixture
def put(database):
    def _put(name="甲", life_cycle=LifeCycle.APPROVED, **entered):
        with database.writing() as tx:
            return cameras.add(tx, declared(name, **entered), life_cycle=life_cycle, now=NOW)

    return _put


@pytest.fixture
def take_in(database, tmp_path):
    """What became of a list: (created, updated, unchanged), and its errors as (row, field, reason)."""

    def _take_in(headings, *rows, dry_run=False, life_cycle=LifeCycle.APPROVED):
        file = tmp_path / "list.csv"
        file.write_text("\n".join((headings, *rows)), encoding="utf-8")
        result = import_cameras(database, file, request=ImportRequest(life_cycle=life_cycle), dry_run=dry_run)
        return (result.created, result.updated, result.unchanged), [(e.row, e.field, e.reason) for e in result.rejected]

    return _take_in


def names(database):
    with database.reading() as tx:
        return {camera.camera_id: camera.name for camera in cameras.every(tx)}


def mark(camera_id):
    return record_mark(camera_id, NOW)


@pytest.fixture
def recorder(database):
    """Three channels on one address, two of them with a name in the archive."""
    channels = tuple(a_channel(f"vs{number}", f"Camera {number}", host=NVR) for number in (1, 2, 3))
    with database.writing() as tx:
        found = record_device(
            tx, a_device(NVR, serial_no="NVR0001", channels=channels), networks=TRUSTED, now=NOW
        ).camera_ids
        for camera_id, name in zip(found, ("东门", "西门"), strict=False):
            cameras.update_declared(tx, camera_id, declared(name, tier=Tier.UNIT), NOW)
    return found


def test_a_row_of_a_retired_camera_never_becomes_the_live_one_s_at_its_address(database, put, take_in):
    old = put("旧点", LifeCycle.RETIRED, address="10.0.0.1", port=80)
    new = put("新点", address="10.0.0.1", port=80)
    before = names(database)
    headings = "name,tier,address,port,pole_code"
    assert take_in(headings, "旧点,government,10.0.0.1,80,") == ((0, 0, 1), [])
    told, ((row, field, reason),) = take_in(headings, "旧点,government,10.0.0.1,80,77")
    assert (told, row, field) == ((0, 0, 0), 2, "life_cycle")
    assert reason == f"camera {old} is retired; take its record back as a draft before it is changed"
    assert names(database) == before == {old: "旧点", new: "新点"}
    assert take_in(headings, "新点,government,10.0.0.1,80,77")[0] == (0, 1, 0)


@pytest.mark.parametrize("key", [{"gb_device_id": GB}, {"serial_no": "SN0001"}, {"mac": "44:19:b6:0a:1b:2c"}])
def test_a_retired_camera_is_known_by_what_it_was_and_its_record_stays(database, put, take_in, key):
    old = put("旧点", LifeCycle.RETIRED, **key)
    ((column, value),) = key.items()
    told, errors = take_in(f"name,tier,{column},address", f"新点,government,{value},10.0.0.9")
    assert told == (0, 0, 0) and [error[1] for error in errors] == ["life_cycle"]
    assert names(database) == {old: "旧点"}


def test_new_hardware_under_the_id_of_a_retired_camera_is_the_camera_that_it_is(database, put, take_in):
    old = put("旧点", LifeCycle.RETIRED, gb_device_id=GB, serial_no="SN0001")
    new = put("新点", serial_no="SN0002")
    assert take_in("name,tier,gb_device_id,serial_no", f"新点,government,{GB},SN0002") == ((0, 1, 0), [])
    with database.reading() as tx:
        assert [cameras.get(tx, one).declared.gb_device_id for one in (old, new)] == [GB, GB]


def test_a_recorder_s_address_without_a_channel_makes_no_further_camera(database, recorder, take_in):
    before = names(database)
    for headings, cells in (
        ("name,tier,address", f"新点,unit,{NVR}"),
        ("name,tier,address,port", f"新点,unit,{NVR},80"),
        ("name,tier,address,port,channel", f"新点,unit,{NVR},,"),
        ("name,tier,gb_device_id,address", f"新点,unit,{GB},{NVR}"),
        ("name,tier,serial_no", "新点,unit,NVR0001"),
    ):
        for dry_run in (True, False):
            told, ((_, field, reason),) = take_in(headings, cells, dry_run=dry_run)
            assert told == (0, 0, 0) and field in ("address", "serial_no")
            assert reason == (
                "this belongs to camera 1 (东门, channel vs1); camera 2 (西门, channel vs2); "
                "camera 3 (Camera 3, channel vs3); say which channel"
            )
    assert names(database) == before


def test_a_recorder_s_channel_is_proven_by_its_number_its_name_or_its_own_id(database, recorder, take_in):
    assert take_in("name,tier,address,channel", f"新北门,unit,{NVR},3") == ((0, 1, 0), [])
    assert take_in("name,tier,address,pole_code", f"西门,unit,{NVR},7") == ((0, 1, 0), [])
    assert take_in("name,tier,gb_device_id,address,channel", f"东大门,unit,{GB},{NVR},vs1") == ((0, 1, 0), [])
    assert take_in("name,tier,gb_device_id,address", f"东门一,unit,{GB},{NVR}") == ((0, 1, 0), [])
    assert names(database) == {1: "东门一", 2: "西门", 3: "新北门"}
    further = "name,tier,address,channel"
    assert take_in(further, f"四,unit,{NVR},4") == ((1, 0, 0), []), "a channel that nobody knew"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_recorder_is_told_from_a_camera_also_among_the_rows_of_one_list(take_in, dry_run):
    told, errors = take_in(
        "name,tier,gb_device_id,serial_no,address,port,channel",
        f"一,unit,,,{NVR},80,1",
        f"二,unit,,,{NVR},80,2",
        f"三,unit,,,{NVR},80,",
        f"四,unit,{GB},,{NVR},80,",
        f"五,unit,,,{NVR},81,",
        f"六,unit,,NVR1,{NVR},8000,1",
        f"七,unit,,NVR1,{NVR},8000,",
        f"八,unit,{OTHER_GB},,10.9.0.2,80,",
        f"九,unit,{OTHER_GB[:-1]}3,,10.9.0.2,80,",
        dry_run=dry_run,
    )
    assert [(row, field) for row, field, _ in errors] == [(4, "address"), (5, "address"), (8, "serial_no")]
    assert {reason for *_, reason in errors} == {
        "this belongs to row 2 (一, channel 1); row 3 (二, channel 2); say which channel",
        "this belongs to row 7 (六, channel 1); say which channel",
    }
    assert told == (6, 0, 0)


def test_a_row_is_of_the_record_that_it_is_marked_with_whatever_else_it_says(database, put, take_in):
    first = put("甲", serial_no="SN0001", gb_device_id=GB, address="10.0.0.1")
    put("乙", address="10.0.0.2")
    row = f"丙,government,SN0009,{OTHER_GB},10.0.0.2,{mark(first)}"
    assert take_in("name,tier,serial_no,gb_device_id,address,record", row) == ((0, 1, 0), [])
    assert names(database) == {1: "丙", 2: "乙"}


def test_rows_whose_marks_and_keys_were_sorted_apart_are_refused(database, put, take_in):
    first, second = put("甲", serial_no="SN0001"), put("乙", serial_no="SN0002")
    told, errors = take_in(
        "name,tier,serial_no,record", f"甲,government,SN0001,{mark(second)}", f"乙,government,SN0002,{mark(first)}"
    )
    assert (told, [error[:2] for error in errors]) == ((0, 0, 0), [(2, "serial_no"), (3, "serial_no")])
    assert errors[0][2] == "the row is marked as camera 2, but this belongs to camera 1 (甲)"


def test_a_mark_of_another_inventory_or_one_that_was_counted_on_says_nothing(database, put, take_in):
    first = put("甲", serial_no="SN0001")
    wrong = (record_mark(first, NOW.replace(year=2025)), f"R{first + 1}-{mark(first)[3:]}", "17", "x" * 5000)
    rows = [f"新{number},government,SN010{number},{one}" for number, one in enumerate(wrong)]
    assert take_in("name,tier,serial_no,record", *rows) == ((4, 0, 0), [])
    assert names(database)[first] == "甲"


def test_a_record_that_a_list_describes_twice_is_refused_the_second_time(put, take_in):
    first = put("甲")
    told, errors = take_in("name,tier,record", f"甲,government,{mark(first)}", f"乙,government,{mark(first)}")
    assert (told, errors) == ((0, 0, 1), [(3, "record", "row 2 describes this camera already")])


@pytest.mark.parametrize(
    ("stored", "said", "becomes"),
    [
        ("pending", "pending", "pending"),
        ("pending", "approved", "approved"),
        ("pending", "待审核", "submitted"),
        ("pending", "", "approved"),
        ("changing", "approved", "changing"),
        ("approved", "changing", "approved"),
        ("draft", "", "draft"),
    ],
)
def test_a_list_accepts_what_waits_and_leaves_every_other_state(database, put, take_in, stored, said, becomes):
    one = put("甲", LifeCycle(stored))
    _, errors = take_in("name,tier,life_cycle,record", f"甲,government,{said},{mark(one)}")
    with database.reading() as tx:
        assert (cameras.get(tx, one).life_cycle, errors) == (becomes, [])


@pytest.mark.parametrize(("stored", "said"), [("draft", "approved"), ("approved", "retired"), ("submitted", "draft")])
def test_a_step_that_no_list_takes_is_refused_in_words(database, put, take_in, stored, said):
    one = put("甲", LifeCycle(stored))
    told, ((_, field, reason),) = take_in("name,tier,life_cycle,record", f"乙,government,{said},{mark(one)}")
    assert (told, field) == ((0, 0, 0), "life_cycle")
    assert reason.startswith(f"the list says {said}, camera {one} is {stored}; a list does not change that")
    assert names(database) == {one: "甲"}


def test_a_list_of_another_inventory_brings_its_states_but_not_what_is_retired_there(database, take_in):
    rows = [f"{state},unit,{state},R7-0123abcd" for state in ("draft", "submitted", "changing", "retired")]
    told, errors = take_in("name,tier,life_cycle,record", *rows, life_cycle=LifeCycle.APPROVED)
    assert (told, [error[:2] for error in errors]) == ((3, 0, 0), [(5, "life_cycle")])
    with database.reading() as tx:
        assert {camera.name: camera.life_cycle for camera in cameras.every(tx)} == {
            "draft": "draft",
            "submitted": "submitted",
            "changing": "approved",
        }


def test_a_camera_that_nobody_entered_is_taken_whole_once_its_row_is_completed(database, take_in):
    told = a_device(NVR, serial_no="DS0001", channels=(a_channel("vs1", "Camera 01", host=NVR),))
    with database.writing() as tx:
        (one,) = record_device(tx, told, networks=TRUSTED, now=NOW).camera_ids
        created_at = cameras.columns(tx, one)["created_at"]
    headings = "name,tier,serial_no,address,port,channel,manufacturer,model,region_code,record"
    cells = f"Camera 01,unit,DS0001,{NVR},80,vs1,Hik,DS-2CD,{{}},{record_mark(one, created_at)}"
    assert take_in(headings, cells.format("")) == ((0, 0, 1), [])
    assert take_in(headings, cells.format("410102")) == ((0, 1, 0), [])
    assert take_in(headings, cells.format("410102")) == ((0, 0, 1), [])
    with database.reading() as tx:
        entered = cameras.get(tx, one).declared
        changed = {kept.change.field for kept in camera_changes.of_camera(tx, one).items if kept.author.who == "import"}
    assert (entered.name, entered.serial_no, entered.region_code) == ("Camera 01", "DS0001", "410102")
    assert "region_code" in changed and "serial_no" in changed
