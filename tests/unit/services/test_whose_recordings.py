"""Recordings are sorted to cameras; what could be anybody's is nobody's."""

from datetime import UTC, datetime

from vms.core.ids import CameraId
from vms.devices.recordings import RecordingTold
from vms.health.footage import DAY_AND_NIGHT
from vms.inventory.archive.city import ConformityRules
from vms.places.land import NO_TREE, Land
from vms.services.recordings.choose_plan import choose_plan
from vms.services.recordings.whose import sort_recordings
from vms.store.recording_targets import RecordedCamera
from vms.store.recordings import StoredPlan


def a_camera(number: int, *, channel: str = "", name: str = "", **more: object) -> RecordedCamera:
    usual = {
        "camera_id": CameraId(number),
        "name": name,
        "common_name": "",
        "observed_name": "",
        "channel": channel,
        "point_class": 1,
        "tier": "government",
        "region_code": "330106",
        "site_category": "",
        "retention_days": None,
        "since": datetime(2026, 1, 1, tzinfo=UTC),
        "last_day": None,
        "caption_at": None,
    }
    return RecordedCamera(**{**usual, **more})  # type: ignore[arg-type]


def a_recording(token: str, *, source: str = "", name: str = "") -> RecordingTold:
    return RecordingTold(token=token, source=source, name=name, earliest=None, latest=None, is_recording=None)


def sort(told, cameras):
    found = sort_recordings(told, cameras)
    mine = {camera_id: [one.token for one in some] for camera_id, some in found.of_camera.items()}
    return mine, [one.token for one in found.left]


def test_the_sources_token_decides_and_a_source_may_have_several_recordings():
    cameras = [a_camera(1, channel="V1", name="east"), a_camera(2, channel="V2", name="west")]
    told = [a_recording("a", source="V2", name="east"), a_recording("b", source="V1"), a_recording("c", source="V1")]
    assert sort(told, cameras) == ({1: ["b", "c"], 2: ["a"]}, [])


def test_a_name_decides_where_no_token_does_unless_two_have_it():
    cameras = [a_camera(1, name="East Gate"), a_camera(2, name="Hall"), a_camera(3, name="Hall")]
    told = [a_recording("a", name="east gate "), a_recording("b", name="Hall")]
    assert sort(told, cameras) == ({1: ["a"], 2: [], 3: []}, ["b"])


def test_all_of_a_device_with_one_camera_is_that_cameras():
    assert sort([a_recording("a", source="?"), a_recording("b")], [a_camera(1, channel="V1")]) == ({1: ["a", "b"]}, [])


def test_the_first_plan_that_fits_decides_and_the_record_says_how_long():
    def a_plan(name: str, days_least: int | None = None, days_most: int | None = None, **fits: object) -> StoredPlan:
        week = [[[0, 60]]] * 7
        return StoredPlan(name=name, fits=dict(fits), week=week, days_least=days_least, days_most=days_most)

    rules = ConformityRules(retention_days=30, key_retention_days=90, key_site_categories=frozenset({"bank"}))
    plans = [
        a_plan("one camera", cameras=[7]),
        a_plan("class 2 in the district", point_classes=[2], regions=["3301"], days_least=15),
        a_plan("households", tiers=["household"], days_most=10),
    ]
    assert choose_plan(a_camera(7), plans, rules, NO_TREE)[0] == "one camera"
    name, plan = choose_plan(a_camera(1, point_class=2), plans, rules, NO_TREE)
    assert (name, plan.days_least) == ("class 2 in the district", 15)
    assert choose_plan(a_camera(1, point_class=2, region_code="330206"), plans, rules, NO_TREE)[0] == ""
    as_by_tree = Land({"3301": None, "330206": "3301"})
    assert choose_plan(a_camera(1, point_class=2, region_code="330206"), plans, rules, as_by_tree)[0] != ""
    name, plan = choose_plan(a_camera(1, tier="household"), plans, rules, NO_TREE)
    assert (name, plan.days_least, plan.days_most) == ("households", 30, 30)
    name, plan = choose_plan(a_camera(1, site_category="bank"), plans, rules, NO_TREE)
    assert (name, plan.days_least, plan.week) == ("", 90, DAY_AND_NIGHT)
    assert choose_plan(a_camera(1, site_category="bank", retention_days=60), plans, rules, NO_TREE)[1].days_least == 60
