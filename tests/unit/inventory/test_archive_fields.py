"""The table of fields, values as people give them, code tables, directions."""

from dataclasses import fields as dataclass_fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.inventory.archive.codes import CodeEntry, CodeTables
from vms.inventory.archive.direction import BEARINGS_DEG, bearing_of, direction_code
from vms.inventory.archive.fields import FIELDS, Kind, field, field_of_column, required_for
from vms.inventory.archive.values import empty_value, read_value
from vms.inventory.camera import Declared
from vms.store import code_tables
from vms.store.schema import cameras

SHIPPED = CodeTables.of(code_tables.shipped())


def test_every_declared_field_is_in_the_table_and_every_field_has_a_column():
    columns = {one.column for one in FIELDS}
    assert columns <= set(cameras.c.keys())
    other = {"pose": "lon", "channel": "declared_channel", "entered_x": "lon", "entered_y": "lat"}
    for one in dataclass_fields(Declared):
        assert other.get(one.name, one.name) in columns, f"nobody can enter {one.name}"


def test_every_code_table_that_a_field_names_comes_with_the_program():
    assert {one.table for one in FIELDS if one.table} <= set(SHIPPED.tables)


def test_class_one_is_asked_for_most_and_class_three_for_least():
    asked = [{one.name for one in required_for(point_class)} for point_class in (1, 2, 3)]
    assert asked[1] - asked[0] <= {"owner"}
    assert len(asked[0]) > len(asked[1]) > len(asked[2])


@pytest.mark.parametrize(
    ("name", "given_value", "kept"),
    [
        ("installed_on", "2025年4月1日", date(2025, 4, 1)),
        ("installed_on", "20250401", date(2025, 4, 1)),
        ("position_types", "1/2、3", (1, 2, 3)),
        ("position_types", [4, "4", 5], (4, 5)),
        ("bearing_deg", -90, 270.0),
        ("mac", "44-19-B6-0A-1B-2C", "44:19:b6:0a:1b:2c"),
        ("port", "80.0", 80),
        ("indoor", "是", True),
        ("asset_status", "", 10),
        ("structure_type", 99, 99),
        ("site_category", "本地类别", "本地类别"),
        ("mgmt_unit", None, ""),
        ("name", "北\u200b门\u202e口\ufeff", "北门口"),
        ("mac", "\u200e44-19-B6-0A-1B-2C", "44:19:b6:0a:1b:2c"),
        ("port", "8\u200b0", 80),
        ("retention_days", None, None),
    ],
)
def test_values_are_read_as_people_write_them(name, given_value, kept):
    assert read_value(field(name), given_value) == kept


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("name", ""),
        ("tier", "police"),
        ("lon", "116,4"),
        ("lat", 91),
        ("lon", float("nan")),
        ("installed_on", "2025-02-30"),
        ("port", True),
        ("port", 0),
        ("ipv6", "10.0.0.1"),
        ("mac", "no"),
        ("name", "a\nb"),
        ("name", "a\x9bb"),
        ("name", "a\u2028b"),
        ("name", "\u202e\u200b"),
        ("name", "\ud800"),
        ("name", ["a"]),
        ("gb_device_id", "1" * 21),
        ("signage_present", "perhaps"),
        ("position_types", list(range(99))),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_a_reason(name, bad):
    with pytest.raises(ValueError, match=r"\w+"):
        read_value(field(name), bad)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=4)
)


@given(st.sampled_from(FIELDS), JSON)
def test_whatever_is_given_is_read_or_refused_and_reads_the_same_again(one, value):
    try:
        kept = read_value(one, value)
    except ValueError:
        return
    assert read_value(one, kept) == kept


def test_what_is_empty_stays_empty():
    for one in FIELDS:
        if not (one.must and empty_value(one) == ""):
            assert read_value(one, None) == empty_value(one)


def test_a_direction_code_is_where_the_lens_looks():
    assert {code: bearing_of(code) for code in range(1, 9)} == BEARINGS_DEG
    assert [direction_code(deg) for deg in (0, 22.4, 22.5, 90, 359, 200)] == [4, 4, 6, 1, 4, 3]


def test_an_offices_word_goes_before_what_comes_with_the_program():
    said = CodeEntry(table="supply_light", edition="河南 2026", code="2", zh="红外(本省)", en="infrared", shipped=False)
    tables = CodeTables.of(code_tables.shipped(), [said])
    assert tables.find("supply_light", 2) == said
    assert [one.code for one in tables.in_use("supply_light")].count("2") == 1
    assert len([one for one in tables.entries if (one.table, one.code) == ("supply_light", "2")]) == 2, "both editions"


def test_a_code_out_of_use_keeps_its_words_but_is_known_no_longer():
    gone = CodeEntry(
        table="supply_light", edition="GB/T 28181-2022", code="4", zh="激光", en="laser", in_use=False, shipped=False
    )
    tables = CodeTables.of(code_tables.shipped(), [gone])
    assert not tables.knows("supply_light", 4)
    assert tables.find("supply_light", 4) == gone
    assert "4" not in [one.code for one in tables.in_use("supply_light")]


def test_a_line_of_the_history_is_about_a_field():
    assert field_of_column("entered_x") is field("lon")
    assert field_of_column("declared_channel") is field("channel")
    assert field_of_column("owner_id").kind is Kind.TEXT
    assert field_of_column("observed_name") is None
