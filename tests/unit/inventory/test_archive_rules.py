"""Completeness and conformity of one record: each rule broken on its own, and by name."""

from datetime import date

import numpy as np
import pytest

from tests.builders.inventory import a_device, a_pose, declared
from vms.core.ids import CameraId, DeviceId
from vms.inventory.archive.city import City
from vms.inventory.archive.codes import CodeTables
from vms.inventory.archive.completeness import completeness
from vms.inventory.archive.conformity import conformity, rule_codes
from vms.inventory.archive.doubles import doubled_places
from vms.inventory.archive.facts import Facts, facts_of
from vms.inventory.archive.gb_device_id import GbDeviceId, centre_of, first_free
from vms.inventory.archive.judgement import judge
from vms.inventory.camera import Camera, LifeCycle, Stream, StreamRole
from vms.inventory.differences import Difference
from vms.store import code_tables

TOWN = (113.4, 34.6, 113.9, 34.9)
CODES = CodeTables.of(code_tables.shipped())


def a_city(**rest):
    given = {"today": date(2026, 5, 1), "civil_codes": frozenset({"410105", "410105001"}), "town_box": TOWN}
    return City(codes=CODES, **given | rest)


WHOLE = Facts(
    id=1,
    life_cycle="approved",
    device_id=7,
    status="up",
    tier="government",
    point_class=1,
    name="人民路12号门口",
    gb_device_id="41010500001320000001",
    region_code="410105001",
    police_org_code="410105000000",
    install_address="人民路12号",
    pole_code="0012345",
    lon=113.625368,
    lat=34.746599,
    entered_x=113.625368,
    entered_y=34.746599,
    site_category="school_gate",
    position_types=[8],
    mount_height_m=6.0,
    bearing_deg=0.0,
    structure_type=3,
    supply_light=2,
    encoding="H265",
    width_px=2560,
    height_px=1440,
    manufacturer="Hik",
    model="DS-2CD",
    serial_no="SN-0001",
    mac="44:19:b6:00:00:0a",
    address="10.0.0.1",
    port=80,
    network_attr=0,
    industry="1",
    mgmt_unit="分局",
    mgmt_contact="0371-1234567",
    installed_on=date(2026, 1, 1),
    retention_days=90,
    filing_no="备2026-1",
    filing_on=date(2026, 1, 20),
    signage_present=True,
)


def broken(facts=WHOLE, city=None, **changed):
    facts = facts._replace(**changed)
    return [(one.code, one.field) for one in conformity(facts, city or a_city(), completeness(facts).missing)]


def test_a_whole_record_is_complete_and_breaks_no_rule():
    assert completeness(WHOLE).share == 1.0
    assert broken() == []


@pytest.mark.parametrize(
    ("code", "name", "changed"),
    [
        ("id_valid", "gb_device_id", {"gb_device_id": "4101050000132000000"}),
        ("id_valid", "gb_device_id", {"gb_device_id": "4101050000132000000X"}),
        ("id_missing", "gb_device_id", {"gb_device_id": ""}),
        ("id_type", "gb_device_id", {"gb_device_id": "41010500009990000001"}),
        ("id_civil_code", "gb_device_id", {"gb_device_id": "41010600001320000001"}),
        ("civil_code", "region_code", {"region_code": "410105999"}),
        ("police_org_code", "police_org_code", {"police_org_code": "41010500"}),
        ("position_outside", "lon", {"lon": 113.3, "entered_x": 113.300001}),
        ("position_missing", "lon", {"lon": None, "lat": None}),
        ("position_zero", "lon", {"lon": 0.0, "lat": 0.0}),
        ("position_decimals", "lon", {"entered_x": 113.6254, "entered_y": 34.7466}),
        ("address_answers", "address", {"status": "down"}),
        ("device_found", "address", {"device_id": None}),
        ("address_missing", "address", {"address": ""}),
        ("civil_code_missing", "region_code", {"region_code": ""}),
        ("police_code_missing", "police_org_code", {"police_org_code": ""}),
        ("retention_missing", "retention_days", {"retention_days": None}),
        ("mac_equal", "mac", {"observed_macs": ["44:19:b6:00:00:0b"]}),
        ("model_equal", "model", {"observed_model": "DS-OTHER"}),
        ("name_equal", "name", {"observed_name": "Camera 01"}),
        ("retention", "retention_days", {"retention_days": 29}),
        ("retention", "retention_days", {"site_category": "counter_terror", "retention_days": 89}),
        ("filing", "filing_on", {"filing_on": date(2026, 2, 1)}),
        ("filing_missing", "filing_on", {"filing_on": None, "filing_no": "x"}),
        ("signage", "signage_present", {"signage_present": False}),
        ("code_known", "structure_type", {"structure_type": 77}),
        ("code_known", "position_types", {"position_types": [8, 66]}),
        ("code_known", "industry", {"industry": "本地"}),
    ],
)
def test_each_rule_is_named_with_its_field(code, name, changed):
    assert broken(**changed) == [(code, name)]


def test_every_failure_has_a_sentence_in_both_languages():
    bad = WHOLE._replace(gb_device_id="1", status="down", retention_days=1, structure_type=77, police_org_code="")
    found = conformity(bad, a_city(), completeness(bad).missing)
    assert len(found) == 5
    assert all(one.en and one.zh and one.code in rule_codes() for one in found)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("4101050000132000000", "id_valid", "it has 19 characters, not 20"),
        ("4101050000132000000X", "id_valid", "character 20 is X, no digit"),
        ("11111111111111111111", "id_valid", "it is the digit 1 20 times"),
        ("00000000000000000000", "id_valid", "it is the digit 0 20 times"),
        ("99010500001320000001", "id_valid", "no province 99 is known (digits 1 and 2)"),
        ("41010500991320000001", "id_valid", "no industry 99 is known (digits 9 and 10)"),
        ("41010500001329000001", "id_valid", "no network 9 is known (digit 14)"),
        ("41010500001320000000", "id_valid", "its serial number is 000000 (digits 15 to 20)"),
        ("41010500009990000001", "id_type", "no device type 999 is known (digits 11 to 13)"),
        ("41010500001180000001", "id_type", "the device type 118 is no camera's (digits 11 to 13): NVR"),
    ],
)
def test_an_id_that_cannot_be_says_which_part_is_wrong(text, code, words):
    found = conformity(WHOLE._replace(gb_device_id=text), a_city(), ())
    (told,) = [one for one in found if one.code == code]
    assert told.en.removeprefix("the national device id: ") == words
    assert told.zh


def test_an_id_of_several_wrong_parts_names_each():
    (told, _) = conformity(WHOLE._replace(gb_device_id="99010500991329000000"), a_city(), ())
    assert [part in told.en for part in ("province 99", "industry 99", "network 9", "000000")] == [True] * 4


@pytest.mark.parametrize("kind", ["119", "120", "131", "132"])
def test_an_id_of_any_kind_of_camera_is_right(kind):
    assert broken(gb_device_id=f"4101050000{kind}0000001") == []


def test_what_others_claim_counts():
    assert broken(city=a_city(doubled_ids=frozenset({WHOLE.gb_device_id}))) == [("id_unique", "gb_device_id")]
    assert broken(city=a_city(doubled_places=frozenset({1}))) == [("position_doubled", "lon")]
    assert broken(city=a_city(region_boxes={"410105001": (113.7, 34.6, 113.9, 34.9)})) == [("position_outside", "lon")]


def test_swapped_coordinates_are_told_from_a_place_outside():
    west = {"lon": 43.8, "lat": 87.6, "entered_x": 43.800001, "entered_y": 87.600001}
    assert broken(city=a_city(town_box=(87.4, 43.6, 87.8, 44.0)), **west) == [("position_swapped", "lon")]
    assert broken(city=a_city(town_box=None), **west) == [("position_swapped", "lon")]


def test_a_zero_at_the_end_of_one_coordinate_is_no_lack_of_decimals():
    assert broken(entered_x=113.62536) == []


def test_without_regions_and_map_nothing_is_held_against_them():
    assert broken(city=a_city(civil_codes=frozenset(), town_box=None), region_code="410105999") == []


def test_households_are_asked_for_little():
    home = Facts(
        id=2, life_cycle="approved", device_id=None, status="unknown", tier="household", point_class=None, name=""
    )
    found = completeness(home)
    assert found.point_class == 3
    assert found.missing == ("name", "point_class", "region_code", "install_address", "owner")
    assert broken(home._replace(region_code="410105")) == []


def test_what_the_device_says_fills_a_field_but_declares_nothing():
    empty = WHOLE._replace(model="", mac="", width_px=None)
    assert set(completeness(empty).missing) == {"model", "mac", "width_px"}
    told = empty._replace(observed_model="DS", observed_macs=["44:19:b6:00:00:0a"], observed_width_px=1920)
    assert completeness(told).missing == ()


def test_zero_and_no_are_answers():
    assert completeness(WHOLE._replace(retention_days=0, signage_present=False, mount_height_m=0.0)).missing == ()


def test_facts_of_a_camera_are_its_record_and_what_its_device_says():
    camera = Camera(
        camera_id=CameraId(3),
        declared=declared(model="DS", pose=a_pose(bearing_deg=12.0), position_types=(1,)),
        life_cycle=LifeCycle.APPROVED,
        device_id=DeviceId(9),
        streams=(Stream(role=StreamRole.MAIN, profile="p", encoding="H264", width=1920, height=1080, uri="x"),),
    )
    facts = facts_of(camera, a_device(model="DS-9"), "down")
    assert (facts.lon, facts.bearing_deg, facts.position_types, facts.tier) == (113.62, 12.0, (1,), "government")
    assert (facts.observed_model, facts.observed_width_px, facts.status) == ("DS-9", 1920, "down")


def test_a_difference_that_was_let_stand_comes_back_when_a_side_changes():
    facts = WHOLE._replace(observed_model="DS-9", observed_address="10.0.0.1", observed_port=80)
    stood = {"model": Difference(field="model", declared="DS-2CD", observed="DS-9")}
    assert judge(facts, a_city(), {}).differences == (stood["model"],)
    assert judge(facts, a_city(), stood).differences == ()
    assert [one.field for one in judge(facts._replace(observed_model="DS-10"), a_city(), stood).differences] == [
        "model"
    ]
    assert [one.field for one in judge(facts._replace(model="DS-1"), a_city(), stood).differences] == ["model"]


def test_two_poles_on_one_spot_are_found_and_two_cameras_of_one_pole_are_not():
    lonlat = np.array([[113.62, 34.75], [113.620004, 34.75], [113.62, 34.750001], [113.62, 34.76], [113.62, 34.76]])
    assert doubled_places([1, 2, 3, 4, 5], lonlat, ["A", "A", "B", "C", "C"]) == {1, 2, 3}
    assert doubled_places([], np.empty((0, 2)), []) == frozenset()


def test_an_id_is_written_from_its_parts():
    made = GbDeviceId(centre="41010500", industry="02", device_type="132", network="8", serial=42)
    assert str(made) == "41010500021328000042"
    assert made.prefix == "41010500021328"


def test_the_next_free_serial_goes_on_after_the_highest_and_fills_gaps_at_the_end():
    assert first_free(set()) == 1
    assert first_free({1, 7}) == 8
    assert first_free({999_999, 1}) == 2
    assert first_free(set(range(1, 1_000_000))) is None
    assert [centre_of(code) for code in ("410105001", "410105", "4101", "41010X")] == [
        "41010500",
        "41010500",
        None,
        None,
    ]
