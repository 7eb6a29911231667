"""Merge, split, replace, join, and take it back; on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.inventory import a_channel, a_device, declared
from vms.access.consent import Consent, ConsentMode
from vms.core.errors import BadInput, Conflict
from vms.inventory.camera import LifeCycle
from vms.inventory.device import ObservedStream, Quirks
from vms.inventory.identity.conflict_kind import ConflictKind, Decision
from vms.inventory.identity.keys import DeviceKey
from vms.inventory.networks import NetworkPlan
from vms.inventory.tier import Tier
from vms.services.identity.join_cameras import join_cameras
from vms.services.identity.merge_devices import merge_devices
from vms.services.identity.replace_device import replace_device
from vms.services.identity.resolve_conflict import Answered, resolve_conflict
from vms.services.identity.split_device import split_device
from vms.services.identity.undo_identity_action import undo_identity_action
from vms.services.record_device import Outcome, record_device
from vms.store import (
    camera_changes,
    camera_devices,
    camera_paths,
    cameras,
    check_identity,
    conflicts,
    consents,
    devices,
    events,
)
from vms.store.camera_changes import Author
from vms.store.identity_rows import snapshot

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
MAC_A, MAC_B = "44:19:b6:00:00:0a", "44:19:b6:00:00:0b"
ANNA = Author(who="anna", why="looked at the label")


@pytest.fixture
def tx(database):
    with database.writing() as tx:
        yield tx
        assert check_identity.every(tx) == []


@pytest.fixture
def see(tx):
    def _see(observed, hours=0.0):
        return record_device(tx, observed, networks=NetworkPlan(()), now=NOW + timedelta(hours=hours))

    return _see


def everything(tx):
    ids = [device.device_id for device in devices.every(tx)]
    return snapshot(tx, ids, [camera.camera_id for camera in cameras.every(tx)])


def enter(tx, camera_id, name, **entered):
    cameras.update_declared(tx, camera_id, declared(name, **entered), NOW)
    cameras.set_life_cycle(tx, camera_id, LifeCycle.APPROVED, NOW)


def two_that_are_one(tx, see):
    """A camera whose network card was changed: serial number the same, MAC another."""
    first = see(a_device("127.33.0.1", serial_no="DS0001", macs=(MAC_A,), channels=(a_channel(),)))
    second = see(a_device("127.33.0.2", serial_no="DS0001", macs=(MAC_B,), channels=(a_channel(),)), hours=1)
    assert second.outcome is Outcome.CONFLICT
    return first, second


def test_a_merged_device_is_found_under_the_one_that_stays_by_each_of_its_keys(tx, see):
    first, second = two_that_are_one(tx, see)
    merge_devices(tx, first.device_id, second.device_id, ANNA, NOW + timedelta(hours=2))
    for hours, macs in ((3, (MAC_A,)), (4, (MAC_B,))):
        again = see(a_device("127.33.0.9", serial_no="DS0001", macs=macs, channels=(a_channel(),)), hours)
        assert (again.outcome, again.device_id, again.camera_ids) == (
            Outcome.SAME,
            first.device_id,
            first.camera_ids,
        )
    assert cameras.get(tx, second.camera_ids[0]).life_cycle is LifeCycle.RETIRED


def test_a_merge_keeps_the_record_that_somebody_entered_and_the_place_where_it_was_heard_last(tx, see):
    first, second = two_that_are_one(tx, see)
    enter(tx, second.camera_ids[0], "人民路12号门口")
    merge_devices(tx, first.device_id, second.device_id, ANNA, NOW + timedelta(hours=2))
    kept = cameras.get(tx, second.camera_ids[0])
    assert (kept.device_id, kept.life_cycle) == (first.device_id, LifeCycle.APPROVED)
    assert cameras.get(tx, first.camera_ids[0]).life_cycle is LifeCycle.RETIRED
    assert devices.get(tx, first.device_id).observed.address == "127.33.0.2"


def test_a_merge_that_is_taken_back_leaves_everything_as_it_was(tx, see):
    first, second = two_that_are_one(tx, see)
    before = everything(tx)
    action = merge_devices(tx, first.device_id, second.device_id, ANNA, NOW + timedelta(hours=2))
    assert everything(tx) != before
    undone = undo_identity_action(tx, action.action_id, ANNA, NOW + timedelta(hours=3))
    assert everything(tx) == before
    assert (undone.undone_by, undone.undone_at) == ("anna", NOW + timedelta(hours=3))
    with pytest.raises(Conflict, match="already"):
        undo_identity_action(tx, action.action_id, ANNA, NOW)


def test_what_was_changed_since_is_named_when_an_action_cannot_be_taken_back(tx, see):
    first, second = two_that_are_one(tx, see)
    action = merge_devices(tx, first.device_id, second.device_id, ANNA, NOW)
    cameras.set_life_cycle(tx, second.camera_ids[0], LifeCycle.PENDING, NOW)
    with pytest.raises(Conflict, match=f"camera {second.camera_ids[0]} was changed since .life_cycle is pending"):
        undo_identity_action(tx, action.action_id, ANNA, NOW)
    cameras.set_life_cycle(tx, second.camera_ids[0], LifeCycle.RETIRED, NOW)


def test_an_earlier_action_is_not_taken_back_under_a_later_one(tx, see):
    first, second = two_that_are_one(tx, see)
    merged = merge_devices(tx, first.device_id, second.device_id, ANNA, NOW)
    split = split_device(tx, first.device_id, camera_ids=[], keys=[DeviceKey("mac", MAC_B)], author=ANNA, now=NOW)
    with pytest.raises(Conflict, match=r"changed since|gone since|there again"):
        undo_identity_action(tx, merged.action_id, ANNA, NOW)
    undo_identity_action(tx, split.action_id, ANNA, NOW)
    undo_identity_action(tx, merged.action_id, ANNA, NOW)


def test_a_merged_device_is_not_merged_again_and_none_into_itself(tx, see):
    first, second = two_that_are_one(tx, see)
    with pytest.raises(BadInput):
        merge_devices(tx, first.device_id, first.device_id, ANNA, NOW)
    merge_devices(tx, first.device_id, second.device_id, ANNA, NOW)
    with pytest.raises(Conflict, match="merged into device"):
        merge_devices(tx, second.device_id, first.device_id, ANNA, NOW)


def test_a_split_off_device_is_recognised_by_the_keys_it_was_given(tx, see):
    seen = see(
        a_device("127.33.0.1", serial_no="NVR001", macs=(MAC_A, MAC_B), channels=(a_channel("a"), a_channel("b")))
    )
    before = everything(tx)
    action = split_device(
        tx,
        seen.device_id,
        camera_ids=[seen.camera_ids[1]],
        keys=[DeviceKey("mac", MAC_B)],
        author=ANNA,
        now=NOW,
    )
    other = see(a_device("127.33.0.5", macs=(MAC_B,), channels=(a_channel("b"),)), hours=1)
    assert (other.device_id, other.camera_ids) == (action.new_device_id, (seen.camera_ids[1],))
    with pytest.raises(BadInput, match="is no channel of device"):
        split_device(tx, seen.device_id, camera_ids=[seen.camera_ids[1]], keys=[], author=ANNA, now=NOW)
    undo_identity_action(tx, action.action_id, ANNA, NOW)
    assert {name for name, _ in everything(tx)} == {name for name, _ in before}


def test_a_person_says_that_it_is_the_same_and_it_is_done_at_once(tx, see):
    first, second = two_that_are_one(tx, see)
    (question,) = conflicts.unresolved(tx)
    with pytest.raises(BadInput, match="name the device"):
        resolve_conflict(tx, question.conflict_id, Answered(decision=Decision.SAME_AS), ANNA, NOW)
    with pytest.raises(BadInput, match="same_as, new_device, later"):
        resolve_conflict(tx, question.conflict_id, Answered(decision=Decision.BIND), ANNA, NOW)
    assert resolve_conflict(tx, question.conflict_id, Answered(decision=Decision.LATER), ANNA, NOW) == ()
    assert conflicts.get(tx, question.conflict_id).note == "anna: looked at the label"
    answer = Answered(decision=Decision.SAME_AS, device_id=first.device_id)
    (action,) = resolve_conflict(tx, question.conflict_id, answer, ANNA, NOW)
    assert conflicts.unresolved(tx) == []
    assert devices.get(tx, second.device_id).merged_into == first.device_id
    undo_identity_action(tx, action.action_id, ANNA, NOW)
    assert [one.conflict_id for one in conflicts.unresolved(tx)] == [question.conflict_id]


# replaced hardware


def old_and_new(tx, see, *, old_name="Camera 1", new_name="Camera 1", **entered):
    old = see(a_device("127.33.0.1", serial_no="OLD0001", macs=(MAC_A,), channels=(a_channel("vs0", old_name),)))
    enter(tx, old.camera_ids[0], "人民路12号门口", **entered)
    fresh = a_device("127.33.0.1", serial_no="NEW0002", macs=(MAC_B,), channels=(a_channel("VS_1", new_name),))
    return old, see(fresh, hours=24)


def test_other_hardware_at_the_same_address_is_offered_and_the_point_goes_on_when_a_person_says_so(tx, see):
    old, new = old_and_new(tx, see)
    assert new.outcome is Outcome.NEW
    (question,) = conflicts.unresolved(tx)
    assert (question.kind, question.device_ids) == (ConflictKind.REPLACEMENT, (old.device_id, new.device_id))
    before = everything(tx)
    later = NOW + timedelta(hours=25)
    (action,) = resolve_conflict(tx, question.conflict_id, Answered(decision=Decision.REPLACED), ANNA, later)
    point = cameras.get(tx, old.camera_ids[0])
    assert (point.device_id, point.channel, point.declared.name) == (new.device_id, "VS_1", "人民路12号门口")
    assert point.streams[0].uri.endswith("/VS_1/main")
    assert devices.get(tx, old.device_id).replaced_by == new.device_id
    assert cameras.get(tx, new.camera_ids[0]).life_cycle is LifeCycle.RETIRED
    periods = camera_devices.of_camera(tx, point.camera_id)
    assert [(one.device_id, one.from_at, one.until_at) for one in periods] == [
        (new.device_id, later, None),
        (old.device_id, NOW, later),
    ]
    changes = camera_changes.of_camera(tx, point.camera_id).items
    assert {(one.author.who, one.change.field) for one in changes if one.author.who == "anna"} == {
        ("anna", "device_id"),
        ("anna", "channel"),
    }
    undo_identity_action(tx, action.action_id, ANNA, later)
    assert everything(tx) == before


def test_hardware_that_the_record_names_already_goes_on_by_itself(tx, see):
    """A maintainer entered the new serial number before the camera was changed."""
    old, new = old_and_new(tx, see, serial_no="NEW0002")
    assert new.camera_ids == old.camera_ids
    assert new.new_cameras == 0
    assert conflicts.unresolved(tx) == []
    assert "device.replaced" in [event.kind for event in events.after(tx, 0, 100)]


def test_hardware_that_shows_the_names_of_the_points_goes_on_by_itself(tx, see):
    old, new = old_and_new(tx, see, old_name="人民路12号门口", new_name="人民路12号门口")
    assert new.camera_ids == old.camera_ids


def test_a_device_that_only_moved_away_was_not_replaced(tx, see):
    old, new = old_and_new(tx, see)
    back = see(
        a_device("127.33.0.7", serial_no="OLD0001", macs=(MAC_A,), channels=(a_channel("vs0", "Camera 1"),)), hours=25
    )
    assert (back.device_id, back.camera_ids) == (old.device_id, old.camera_ids)
    assert conflicts.unresolved(tx) == []
    assert new.camera_ids != old.camera_ids


def test_replaced_hardware_that_is_heard_again_is_told(tx, see):
    old, _ = old_and_new(tx, see, serial_no="NEW0002")
    again = see(a_device("127.33.0.7", serial_no="OLD0001", macs=(MAC_A,), channels=(a_channel("vs0"),)), hours=26)
    assert again.device_id == old.device_id
    assert again.camera_ids != old.camera_ids
    assert [one.kind for one in conflicts.unresolved(tx)] == [ConflictKind.REPLACED_AGAIN]


def test_a_channel_that_is_an_entered_camera_is_not_taken_over_by_a_replacement(tx, see):
    old, new = old_and_new(tx, see)
    enter(tx, new.camera_ids[0], "another point")
    with pytest.raises(Conflict, match="which has a record"):
        replace_device(tx, [("VS_1", old.camera_ids[0])], new.device_id, ANNA, NOW)


# a recorder's channel that also answers directly


def direct(name="Camera 1", serial="CAM00001"):
    return a_device(
        "127.33.0.1", serial_no=serial, macs=(MAC_A,), channels=(a_channel("vs0", name, host="127.33.0.1"),)
    )


def recorder(*names):
    channels = tuple(a_channel(f"ch{at}", name, host="127.33.0.200") for at, name in enumerate(names))
    return a_device("127.33.0.200", serial_no="NVR00001", macs=(MAC_B,), channels=channels)


@pytest.mark.parametrize("first", ["direct", "recorder"])
def test_a_channel_named_by_the_serial_number_of_a_camera_is_that_camera_whoever_is_heard_first(tx, see, first):
    both = [direct(), recorder("CAM00001", "Camera 2")]
    for observed in both if first == "direct" else both[::-1]:
        see(observed)
    for hours in (1, 2):
        ids = [see(observed, hours).camera_ids for observed in both]
    assert ids[0][0] == ids[1][0]
    live = [camera for camera in cameras.every(tx) if camera.life_cycle is not LifeCycle.RETIRED]
    assert len(live) == 2
    camera = next(one for one in live if one.camera_id == ids[0][0])
    (path,) = camera_paths.of_cameras(tx, [camera.camera_id])
    assert devices.get(tx, camera.device_id).observed.serial_no == "CAM00001"
    assert (devices.get(tx, path.device_id).observed.serial_no, path.channel) == ("NVR00001", "ch0")
    assert conflicts.unresolved(tx) == []


def test_a_camera_whose_own_address_is_taken_is_reached_through_the_recorder(tx, see):
    see(recorder("CAM00001", "Camera 2"))
    see(direct())
    see(recorder("CAM00001", "Camera 2"), hours=1)
    camera_id = see(direct(), hours=1.5).camera_ids[0]
    see(a_device("127.33.0.1", serial_no="OTHER777", channels=(a_channel("x"),)), hours=2)
    camera = cameras.get(tx, camera_id)
    assert devices.get(tx, camera.device_id).observed.serial_no == "NVR00001"
    assert [path.channel for path in camera_paths.of_cameras(tx, [camera.camera_id])] == ["vs0"]


def test_the_record_of_a_recorders_channel_that_names_the_camera_is_the_camera(tx, see):
    nvr = see(recorder("Camera 1", "Camera 2"))
    enter(tx, nvr.camera_ids[1], "北桥", serial_no="CAM00001", tier=Tier.HOUSEHOLD)
    see(direct())
    see(recorder("Camera 1", "Camera 2"), hours=1)
    assert see(direct(), hours=2).camera_ids == (nvr.camera_ids[1],)
    assert cameras.get(tx, nvr.camera_ids[1]).declared.name == "北桥"


def test_the_same_telling_name_is_put_to_a_person_and_joined_when_she_says_so(tx, see):
    nvr = see(recorder("人民路12号门口", "Camera 2"))
    seen = see(direct("人民路12号门口"))
    (question,) = conflicts.unresolved(tx)
    assert question.kind is ConflictKind.SAME_CAMERA
    assert set(question.camera_ids) == {nvr.camera_ids[0], seen.camera_ids[0]}
    before = everything(tx)
    (action,) = resolve_conflict(tx, question.conflict_id, Answered(decision=Decision.SAME_CAMERA), ANNA, NOW)
    assert see(direct("人民路12号门口"), 1).camera_ids == see(recorder("人民路12号门口", "Camera 2"), 1).camera_ids[:1]
    undo_identity_action(tx, action.action_id, ANNA, NOW)
    assert {
        key: row for key, row in everything(tx).items() if key[0] in ("cameras", "camera_paths", "camera_devices")
    } == {key: row for key, row in before.items() if key[0] in ("cameras", "camera_paths", "camera_devices")}


def test_names_that_makers_write_join_nobody(tx, see):
    see(recorder("Camera 1", "Camera 2"))
    see(direct("Camera 1"))
    assert conflicts.unresolved(tx) == []


def test_two_cameras_that_a_person_kept_apart_are_not_asked_about_again(tx, see):
    see(recorder("人民路12号门口", "Camera 2"))
    see(direct("人民路12号门口"))
    (question,) = conflicts.unresolved(tx)
    resolve_conflict(tx, question.conflict_id, Answered(decision=Decision.TWO_CAMERAS), ANNA, NOW)
    see(direct("北桥"), 1)
    see(direct("人民路12号门口"), 2)
    assert conflicts.unresolved(tx) == []


def test_an_owners_word_is_not_lost_in_a_join(tx, see):
    nvr, seen = see(recorder("Camera 1", "Camera 2")), see(direct())
    consents.put(tx, Consent(camera_id=seen.camera_ids[0], mode=ConsentMode.NEVER, given_at=NOW), NOW)
    with pytest.raises(Conflict, match="registered by its owner"):
        join_cameras(tx, nvr.camera_ids[0], seen.camera_ids[0], ANNA, NOW)
    join_cameras(tx, seen.camera_ids[0], nvr.camera_ids[0], ANNA, NOW)
    with pytest.raises(Conflict, match="one record already"):
        join_cameras(tx, seen.camera_ids[0], seen.camera_ids[0], ANNA, NOW)


# channels that a firmware renames


def test_renamed_channels_that_nobody_can_tell_wait_for_a_person(tx, see):
    def nvr(*tokens):
        streams = tuple(ObservedStream(profile=f"p{t}", encoding="H264", width=1920, height=1080, uri="") for t in "a")
        return a_device(
            "127.33.0.200",
            serial_no="NVR00001",
            channels=tuple(a_channel(t, "Camera", streams=streams) for t in tokens),
        )

    before = see(nvr("tok1", "tok2"))
    after = see(nvr("src1", "src2"), hours=1)
    assert after.camera_ids == ()
    (question,) = conflicts.unresolved(tx)
    assert (question.kind, question.camera_ids) == (ConflictKind.CHANNELS, before.camera_ids)
    see(nvr("src1", "src2"), hours=2)
    assert len(conflicts.unresolved(tx)) == 1
    first, second = before.camera_ids
    bindings = (("src1", second), ("src2", first))
    resolve_conflict(
        tx, question.conflict_id, Answered(decision=Decision.BIND, bindings=bindings), ANNA, NOW + timedelta(hours=3)
    )
    assert see(nvr("src1", "src2"), hours=4).camera_ids == (second, first)


def test_a_tls_key_that_several_units_share_tells_nothing(tx, see):
    quirks = Quirks(tls_fingerprint="ab" * 32)
    for number in range(1, 5):
        seen = see(a_device(f"127.33.0.{number}", serial_no=f"DS000{number}", channels=(a_channel(),), quirks=quirks))
        assert seen.outcome is Outcome.NEW
    assert conflicts.unresolved(tx) == []
