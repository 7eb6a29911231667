"""What is put into the store comes out the same, on SQLite and PostgreSQL."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.inventory import a_channel, a_device, a_pose, declared
from vms.core.errors import BadInput, Conflict, NotFound
from vms.inventory.camera import CoordinateSystem, LifeCycle
from vms.inventory.device import AuthScheme, ObservedPose, Problem, Quirks
from vms.inventory.identity.keys import DeviceKey
from vms.inventory.stream_roles import assign_roles
from vms.inventory.tier import Tier
from vms.places.regions import Region, RegionLevel
from vms.store import cameras, credentials, devices, events, owners, regions, settings
from vms.store.camera_filter import CameraFilter
from vms.store.poll_targets import poll_targets
from vms.store.secret_box import SecretBox

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
WHOLE = declared(
    "人民路12号门口",
    tier=Tier.UNIT,
    common_name="百货大楼",
    point_class=2,
    region_code="410102001001",
    install_address="人民路12号",
    pole_code="1000007",
    gb_device_id="41010200001320000001",
    serial_no="DS001",
    mac="44:19:b6:00:00:0a",
    address="10.0.0.1",
    port=8080,
    channel="1",
    manufacturer="Hik",
    model="DS-2CD",
    indoor=True,
    pose=a_pose(mount_height_m=6.0, bearing_deg=135.0, tilt_deg=12.0, h_fov_deg=90.0, max_view_m=80.0),
    entered_x=113.63,
    entered_y=34.74,
    entered_system=CoordinateSystem.GCJ02,
    width_px=1920,
    asset_status=20,
)


def add(tx, *entries, life_cycle=LifeCycle.APPROVED, **rest):
    return [cameras.add(tx, entry, life_cycle=life_cycle, now=NOW, **rest) for entry in entries]


def test_a_camera_comes_back_with_every_field(database):
    with database.writing() as tx:
        owner_id = owners.ensure(tx, "第一银行", Tier.UNIT, NOW)
        (camera_id,) = add(tx, WHOLE, owner_id=owner_id)
    with database.reading() as tx:
        camera = cameras.get(tx, camera_id)
    assert (camera.declared, camera.owner_id, camera.life_cycle) == (WHOLE, owner_id, LifeCycle.APPROVED)


def test_a_camera_that_is_not_there_is_not_found(database):
    with database.reading() as tx, pytest.raises(NotFound, match="no camera 7"):
        cameras.get(tx, 7)


def test_a_change_names_its_fields_and_no_change_is_no_news(database):
    with database.writing() as tx:
        (camera_id,) = add(tx, WHOLE)
        assert not cameras.update_declared(tx, camera_id, WHOLE, LATER)
        assert cameras.update_declared(tx, camera_id, declared("新名", tier=Tier.UNIT), LATER)
        told = events.after(tx, 0, 10)
        assert cameras.get(tx, camera_id).declared == declared("新名", tier=Tier.UNIT)
    assert [event.kind for event in told] == ["camera.added", "camera.changed"]
    assert {"name", "lon", "bearing_deg", "width_px", "entered_system"} <= set(told[1].content["fields"])


def test_the_life_cycle_is_told_once(database):
    with database.writing() as tx:
        (camera_id,) = add(tx, WHOLE, life_cycle=LifeCycle.PENDING)
        assert cameras.set_life_cycle(tx, camera_id, LifeCycle.APPROVED, LATER)
        assert not cameras.set_life_cycle(tx, camera_id, LifeCycle.APPROVED, LATER)
        assert events.after(tx, 1, 10)[0].content["life_cycle"] == {"from": "pending", "to": "approved"}


def test_what_the_device_says_of_a_channel_is_kept_beside_what_was_declared(database):
    channel = a_channel("vs0", "cam", ptz=True, pose=ObservedPose(lon=113.7, lat=34.8, bearing_deg=10.0))
    with database.writing() as tx:
        (camera_id,) = add(tx, WHOLE)
        device_id = devices.insert_observed(tx, a_device(), [], NOW)
        cameras.bind_device(tx, camera_id, device_id, "vs0", NOW)
        assert cameras.set_observed(tx, cameras.get(tx, camera_id), channel, assign_roles(channel.streams), NOW)
        assert not cameras.set_observed(tx, cameras.get(tx, camera_id), channel, assign_roles(channel.streams), NOW)
        camera = cameras.get(tx, camera_id)
    assert (camera.declared, camera.observed_name, camera.ptz) == (WHOLE, "cam", True)
    assert (camera.pose, camera.observed_pose.position.lon) == (WHOLE.pose, 113.7)
    assert camera.streams == assign_roles(channel.streams)


def test_a_list_is_filtered_sorted_and_paged(database):
    with database.writing() as tx:
        owner_id = owners.ensure(tx, "银行", Tier.UNIT, NOW)
        add(
            tx,
            declared("B100%", tier=Tier.UNIT, region_code="4101", pose=a_pose(113.1, 34.1)),
            declared("a_路口", tier=Tier.UNIT, region_code="410102", pole_code="P-77", pose=a_pose(113.2, 34.2)),
            declared("C", tier=Tier.GOVERNMENT, region_code="42"),
            owner_id=owner_id,
        )

        def names(sort="id", limit=50, offset=0, **wanted):
            page = cameras.page(tx, CameraFilter(**wanted), now=NOW, sort=sort, limit=limit, offset=offset)
            return [camera.name for camera in page.items], page.total

        assert names() == (["B100%", "a_路口", "C"], 3)
        assert names(limit=1, offset=1) == (["a_路口"], 3)
        assert names(tier=Tier.UNIT, sort="-id") == (["a_路口", "B100%"], 2)
        assert names(region_code="4101") == (["B100%", "a_路口"], 2)
        assert names(region_code="410102")[0] == ["a_路口"]
        assert names(text="p-77")[0] == ["a_路口"]
        assert names(text="%")[0] == ["B100%"]
        assert names(text="_")[0] == ["a_路口"]
        assert names(owner_id=owner_id)[1] == 3
        assert names(life_cycle=LifeCycle.PENDING) == ([], 0)
        assert names(bbox=(113.0, 34.0, 113.15, 34.15))[0] == ["B100%"]
        for sort in ("name", "-status", "tier", "changed_at"):
            assert names(sort=sort)[1] == 3
        with pytest.raises(BadInput, match="cannot be sorted by 'password'"):
            names(sort="password")


def test_every_camera_streams_by_with_its_streams_whatever_the_batch(database):
    with database.writing() as tx:
        ids = add(tx, *(declared(f"n{number}") for number in range(25)))
        channel = a_channel()
        cameras.set_observed(tx, cameras.get(tx, ids[13]), channel, assign_roles(channel.streams), NOW)
    with database.reading() as tx:
        for batch in (1, 7, 25, 100):
            found = list(cameras.every(tx, batch))
            assert [camera.camera_id for camera in found] == ids
            assert [len(camera.streams) for camera in found if camera.streams] == [2]
        assert [camera.camera_id for camera in cameras.by_ids(tx, [ids[3], 9999, ids[1], ids[3]])] == [ids[3], ids[1]]


def test_a_device_comes_back_as_it_was_told(database):
    told = a_device(
        firmware="V5", serial_no="DS001", macs=("44:19:b6:00:00:0a",), endpoint_reference="urn:uuid:x", hardware="h",
        scopes=("onvif://x",), heard_by=("unicast",), problems=(Problem(code="clock_missing", message="m"),),
        auth=AuthScheme.DIGEST, clock_offset_s=-1.5, quirks=Quirks(soap_version="1.1", auth=AuthScheme.DIGEST),
    )  # fmt: skip
    with database.writing() as tx:
        device_id = devices.insert_observed(tx, told, [DeviceKey("mac", "44:19:b6:00:00:0a")], NOW)
        kept = devices.get(tx, device_id)
        assert list(devices.every(tx)) == [kept] == list(devices.page(tx).items)
    assert (kept.observed, kept.first_seen_at) == (told, NOW)


def test_serial_numbers_and_network_cards_once_told_are_kept_and_the_endpoint_reference_is_the_last(database):
    with database.writing() as tx:
        device_id = devices.insert_observed(
            tx, a_device(), [DeviceKey("serial", "A"), DeviceKey("endpoint_reference", "r1")], NOW
        )
        now_told = [DeviceKey("serial", "B"), DeviceKey("mac", "m2"), DeviceKey("endpoint_reference", "r2")]
        devices.add_keys(tx, device_id, now_told)
        assert devices.keys_of(tx, device_id) == {DeviceKey("serial", "A"), *now_told}


def test_only_approved_cameras_are_polled_and_a_recorder_is_one_target(database):
    with database.writing() as tx:
        recorder = devices.insert_observed(tx, a_device("10.0.0.1", 8080), [], NOW)
        lonely = devices.insert_observed(tx, a_device("10.0.0.2"), [], NOW)
        first, second = add(tx, declared("1"), declared("2"))
        (waiting,) = add(tx, declared("3"), life_cycle=LifeCycle.PENDING)
        for camera_id, token, device_id in ((first, "a", recorder), (second, "b", recorder), (waiting, "c", lonely)):
            cameras.bind_device(tx, camera_id, device_id, token, NOW)
            channel = a_channel(token)
            cameras.set_observed(tx, cameras.get(tx, camera_id), channel, assign_roles(channel.streams), NOW)
        (target,) = poll_targets(tx)
        assert (target.address, target.port) == ("10.0.0.1", 8080)
        assert [(camera.camera_id, camera.channel) for camera in target.cameras] == [(first, "a"), (second, "b")]
        assert target.cameras[1].sub_uri == "rtsp://10.0.0.1:554/b/sub"
        assert len(poll_targets(tx, life_cycles=[LifeCycle.PENDING, LifeCycle.APPROVED])) == 2


def test_a_password_is_sealed_and_counted_up_only_when_it_changes(database):
    box = SecretBox(KEY)
    with database.writing() as tx:
        credential_id = credentials.put(tx, box, "unit", "admin", "geheim", NOW)
        assert credentials.put(tx, box, "unit", "admin", "geheim", LATER) == credential_id
        assert credentials.by_name(tx, "unit").version == 1
        credentials.put(tx, box, "unit", "admin", "neu", LATER)
        login = credentials.login_of(tx, box, credential_id)
        device_id = devices.insert_observed(tx, a_device(), [], NOW)
        devices.set_login(tx, device_id, credential_id, {credential_id: 2})
        assert devices.get(tx, device_id).login_refused_version == 2
        with pytest.raises(Conflict, match="1 devices"):
            credentials.remove(tx, credential_id)
    assert (login.username, login.password, login.version) == ("admin", "neu", 2)
    assert "neu" not in repr(login)


def test_an_owner_is_one_of_its_name_and_tier(database):
    with database.writing() as tx:
        first = owners.ensure(tx, "张", Tier.HOUSEHOLD, NOW)
        assert owners.ensure(tx, "张", Tier.HOUSEHOLD, NOW) == first
        assert owners.ensure(tx, "张", Tier.UNIT, NOW) != first
        assert owners.names(tx, [first, 99]) == {first: "张"}


def test_who_registers_is_an_owner_of_their_own_whatever_the_name(database):
    with database.writing() as tx:
        one = owners.add_registered(tx, "张", Tier.HOUSEHOLD, "138", NOW)
        other = owners.add_registered(tx, "张", Tier.HOUSEHOLD, "139", NOW)
        written = owners.ensure(tx, "张", Tier.HOUSEHOLD, NOW)
        assert len({one, other, written}) == 3
        assert [owners.get(tx, owner_id).contact for owner_id in (one, other, written)] == ["138", "139", ""]
        assert owners.names(tx, [one]) == {one: f"张 #{one}"}


def test_regions_are_a_tree(database):
    city = Region(code="4101", name="郑州", level=RegionLevel.CITY)
    county = Region(code="410102", name="中原区", level=RegionLevel.COUNTY, parent="4101")
    with database.writing() as tx:
        regions.replace(tx, [city, county])
        assert regions.tree(tx).regions == {"4101": city, "410102": county}
        with pytest.raises(BadInput, match="unknown"):
            regions.replace(tx, [county])
        assert regions.names(tx) == {"4101": "郑州", "410102": "中原区"}


def test_settings_are_kept_as_json(database):
    with database.writing() as tx:
        assert settings.get(tx, "language", "zh") == "zh"
        settings.put(tx, "language", {"now": ["en"]}, NOW)
        assert settings.get(tx, "language") == {"now": ["en"]}


def test_a_transaction_that_fails_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError), database.writing() as tx:
        add(tx, WHOLE)
        raise ZeroDivisionError
    with database.reading() as tx:
        assert list(cameras.every(tx)) == []
        assert events.latest_id(tx) == 0


def test_a_reader_that_follows_by_id_misses_no_news_of_writers_at_the_same_time(database):
    """Ids must become visible in their order, else a follower skips one that is committed late."""
    first_has_appended = threading.Event()
    second_may_be_waiting = threading.Event()

    def first():
        with database.writing() as tx:
            events.append(tx, "first", None, {}, NOW)
            first_has_appended.set()
            second_may_be_waiting.wait(2)

    def second():
        first_has_appended.wait(10)
        with database.writing() as tx:
            second_may_be_waiting.set()
            events.append(tx, "second", None, {}, NOW)

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    followed = []
    while (len(followed) < 2 and any(thread.is_alive() for thread in threads)) or len(followed) < 2:
        with database.reading() as tx:
            news = events.after(tx, followed[-1].event_id if followed else 0, 10)
        followed.extend(news)
    for thread in threads:
        thread.join(10)
    assert [event.kind for event in followed] == ["first", "second"]
