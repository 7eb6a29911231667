"""Seeing a device, once and again, at another address, with another's keys; on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.inventory import a_channel, a_device, a_pose, declared
from vms.inventory.camera import LifeCycle, StreamRole
from vms.inventory.device import ObservedPose, Problem
from vms.inventory.identity.conflict_kind import Decision
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.record_device import Outcome, SignedIn, record_device
from vms.store import cameras, conflicts, credentials, devices, events, owners
from vms.store.poll_targets import poll_targets
from vms.store.secret_box import SecretBox

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
MAC_A, MAC_B = "44:19:b6:00:00:0a", "44:19:b6:00:00:0b"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
PLAN = NetworkPlan(
    [
        Network(cidr="10.0.0.0/24", tier=Tier.UNIT, region_code="4101", owner="第一银行", trusted=True),
        Network(cidr="10.9.0.0/24", tier=Tier.COMMUNITY),
    ]
)


@pytest.fixture
def see(database):
    """Records a device in a transaction of its own."""

    def _see(observed, *, after_s=0, signed_in=None):
        with database.writing() as tx:
            now = NOW + timedelta(seconds=after_s)
            return record_device(tx, observed, networks=PLAN, now=now, signed_in=signed_in)

    return _see


def news(database):
    with database.reading() as tx:
        return [event.kind for event in events.after(tx, 0, 1000)]


def test_a_new_device_in_a_trusted_network_becomes_an_approved_camera_of_its_tier_region_and_owner(database, see):
    pose = ObservedPose(lon=113.62, lat=34.75, bearing_deg=90.0)
    seen = see(a_device(serial_no="DS001", channels=(a_channel("vs0", "路口", pose=pose, ptz=True),)))
    assert (seen.outcome, seen.new_cameras) == (Outcome.NEW, 1)
    with database.reading() as tx:
        camera = cameras.get(tx, seen.camera_ids[0])
        owner = owners.get(tx, camera.owner_id)
    assert (camera.declared.tier, camera.declared.region_code, owner.name) == (Tier.UNIT, "4101", "第一银行")
    assert (camera.life_cycle, camera.name, camera.ptz) == (LifeCycle.APPROVED, "路口", True)
    assert (camera.pose.position.lon, camera.pose.bearing_deg) == (113.62, 90.0)
    assert {stream.role: stream.width for stream in camera.streams} == {StreamRole.MAIN: 1920, StreamRole.SUB: 640}


@pytest.mark.parametrize(
    ("address", "tier"), [("10.9.0.1", Tier.COMMUNITY), ("192.168.1.1", Tier.HOUSEHOLD)], ids=["known", "unknown"]
)
def test_a_camera_of_a_network_that_is_not_trusted_waits_for_a_person(database, see, address, tier):
    seen = see(a_device(address, channels=(a_channel(),)))
    with database.reading() as tx:
        camera = cameras.get(tx, seen.camera_ids[0])
        assert poll_targets(tx) == []
    assert (camera.life_cycle, camera.declared.tier) == (LifeCycle.PENDING, tier)


def test_seeing_it_again_changes_nothing_and_is_no_news(database, see):
    observed = a_device(serial_no="DS001", macs=(MAC_A,), channels=(a_channel("vs0", "a"), a_channel("vs1", "b")))
    first = see(observed)
    before = news(database)
    again = see(observed, after_s=60)
    assert again.outcome == Outcome.SAME
    assert again.camera_ids == first.camera_ids
    assert again.new_cameras == 0
    assert news(database) == before
    with database.reading() as tx:
        assert devices.get(tx, first.device_id).last_seen_at == NOW + timedelta(seconds=60)


def test_a_device_that_moved_keeps_its_id_and_its_cameras(database, see):
    first = see(a_device("10.0.0.1", serial_no="DS001", channels=(a_channel(host="10.0.0.1"),)))
    moved = see(a_device("10.0.0.50", serial_no="DS001", channels=(a_channel(host="10.0.0.50"),)), after_s=3600)
    assert (moved.device_id, moved.camera_ids) == (first.device_id, first.camera_ids)
    with database.reading() as tx:
        target = poll_targets(tx)[0]
        told = [event for event in events.after(tx, 0, 100) if event.kind == "device.changed"]
    assert (target.address, target.cameras[0].sub_uri) == ("10.0.0.50", "rtsp://10.0.0.50:554/vs0/sub")
    assert (told[0].content["from"], told[0].content["to"]) == ("10.0.0.1:80", "10.0.0.50:80")


def test_two_devices_that_swapped_their_addresses_are_both_found_where_they_are(database, see):
    one, two = {"serial_no": "DS001", "channels": (a_channel(),)}, {"serial_no": "DS002", "channels": (a_channel(),)}
    first, second = see(a_device("10.0.0.1", **one)), see(a_device("10.0.0.2", **two))
    see(a_device("10.0.0.2", **one), after_s=3600)
    with database.reading() as tx:
        assert [target.device_id for target in poll_targets(tx)] == [first.device_id]  # nobody knows where the other is
    see(a_device("10.0.0.1", **two), after_s=3600)
    with database.reading() as tx:
        at = {target.device_id: target.address for target in poll_targets(tx)}
    assert at == {first.device_id: "10.0.0.2", second.device_id: "10.0.0.1"}


def test_a_conflict_is_kept_apart_and_shown_once(database, see):
    first = see(a_device("10.0.0.1", serial_no="ODD-77", macs=(MAC_A,), channels=(a_channel(),)))
    odd = a_device("10.0.0.2", serial_no="ODD-77", macs=(MAC_B,), channels=(a_channel(),))
    seen = see(odd)
    assert seen.outcome == Outcome.CONFLICT
    assert seen.device_id != first.device_id
    assert see(odd, after_s=60).outcome == Outcome.SAME
    with database.writing() as tx:
        shown = conflicts.unresolved(tx)
        assert [conflict.device_ids for conflict in shown] == [(first.device_id, seen.device_id)]
        conflicts.resolve(tx, shown[0].conflict_id, Decision.NEW_DEVICE, "two devices", "admin", NOW)
        assert conflicts.unresolved(tx) == []


def test_what_nobody_answers_is_not_stored(database, see):
    silent = a_device(manufacturer="", model="", problems=(Problem(code="refused", message="nobody listens there"),))
    before = news(database)
    assert see(silent).outcome == Outcome.NOBODY
    assert news(database) == before


def test_a_device_that_only_refuses_our_password_is_stored_with_the_refusal_and_not_forgotten(database, see):
    with database.writing() as tx:
        credential_id = credentials.put(tx, SecretBox(KEY), "unit", "admin", "wrong", NOW)
    refusing = a_device(manufacturer="", model="", endpoint_reference="urn:uuid:aaaa-bbbb-cccc", login_refused=True)
    seen = see(refusing, signed_in=SignedIn(credential_id=credential_id, refused={credential_id: 1}))
    with database.reading() as tx:
        kept = devices.get(tx, seen.device_id)
    assert (kept.credential_id, kept.login_refused_version, kept.refused_logins) == (
        credential_id,
        1,
        {credential_id: 1},
    )
    told = a_device(serial_no="DS001", endpoint_reference="urn:uuid:aaaa-bbbb-cccc", channels=(a_channel(),))
    again = see(told, signed_in=SignedIn(credential_id=credential_id))
    assert again.device_id == seen.device_id
    with database.reading() as tx:
        assert devices.get(tx, seen.device_id).login_refused_version is None


def test_an_answer_in_part_takes_nothing_away(database, see):
    whole = a_device(serial_no="DS001", firmware="V5", macs=(MAC_A,), channels=(a_channel("vs0", "路口"),))
    first = see(whole)
    see(a_device(manufacturer="", model="", macs=(MAC_A,), channels=(a_channel("vs0", "路口", streams=()),)))
    with database.reading() as tx:
        kept = devices.get(tx, first.device_id).observed
        camera = cameras.get(tx, first.camera_ids[0])
    assert (kept.serial_no, kept.firmware, kept.manufacturer) == ("DS001", "V5", "Hik")
    assert len(camera.streams) == 2


def enter(database, *entries):
    with database.writing() as tx:
        return [cameras.add(tx, entry, life_cycle=LifeCycle.APPROVED, now=NOW) for entry in entries]


def test_a_channel_binds_to_the_camera_that_was_entered_for_it(database, see):
    by_serial, by_mac, by_address = enter(
        database,
        declared("甲", serial_no="DS001", pose=a_pose(113.5, 34.5)),
        declared("乙", mac=MAC_B),
        declared("丙", address="10.0.0.3", port=80),
    )
    assert see(a_device("10.0.0.1", serial_no="DS001", channels=(a_channel(name="cam"),))).camera_ids == (by_serial,)
    assert see(a_device("10.0.0.2", macs=(MAC_B,), channels=(a_channel(),))).camera_ids == (by_mac,)
    assert see(a_device("10.0.0.3", serial_no="DS003", channels=(a_channel(),))).camera_ids == (by_address,)
    with database.reading() as tx:
        camera = cameras.get(tx, by_serial)
    assert (camera.declared.name, camera.observed_name, camera.pose.position.lon) == ("甲", "cam", 113.5)


def test_the_channels_of_a_recorder_bind_by_token_or_number_and_the_rest_is_new(database, see):
    second, first = enter(
        database, declared("二", serial_no="NVR01", channel="2"), declared("一", serial_no="NVR01", channel="tok-a")
    )
    seen = see(a_device(serial_no="NVR01", channels=tuple(a_channel(token) for token in ("tok-a", "tok-b", "tok-c"))))
    assert seen.camera_ids[:2] == (first, second)
    assert seen.new_cameras == 1


def test_a_camera_that_names_another_serial_number_is_not_bound_by_its_address(database, see):
    enter(database, declared("甲", serial_no="OTHER99", address="10.0.0.1", port=80))
    assert see(a_device("10.0.0.1", serial_no="DS001", channels=(a_channel(),))).new_cameras == 1
