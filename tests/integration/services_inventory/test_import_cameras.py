"""Lists of cameras are read row by row, again and again, and written so that they can be read back."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders.inventory import a_channel, a_device, declared
from vms.core.errors import BadInput
from vms.inventory.camera import CoordinateSystem, LifeCycle
from vms.inventory.lists.entry_columns import COLUMNS
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.export_cameras import Exported, ExportFormat, ExportRequest, export_cameras, export_to_file
from vms.services.import_cameras import import_cameras
from vms.services.record_device import record_device
from vms.sim.archive import archive_csv
from vms.sim.plan import plan_city
from vms.store import cameras, events, owners
from vms.store.schema import registrations

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def write(tmp_path):
    def _write(*rows, headings="name,tier,serial_no,lon,lat", encoding="utf-8", name="list.csv"):
        file = tmp_path / name
        file.write_bytes("\r\n".join((headings, *rows)).encode(encoding))
        return file

    return _write


def all_cameras(database):
    with database.reading() as tx:
        return list(cameras.every(tx))


def figures(result):
    return (result.created, result.updated, result.unchanged, result.rejected_rows)


def test_a_list_is_taken_in_and_a_second_time_nothing_changes(database, write):
    file = write("甲,unit,SN0001,113.62,34.75", "乙,government,SN0002,,")
    assert figures(import_cameras(database, file)) == (2, 0, 0, 0)
    assert figures(import_cameras(database, file)) == (0, 0, 2, 0)
    with database.reading() as tx:
        kinds = [event.kind for event in events.after(tx, 0, 10)]
        assert kinds == ["camera.added", "camera.added", "list.imported", "list.imported"]
    first = all_cameras(database)[0]
    assert (first.declared.name, first.declared.tier, first.life_cycle) == ("甲", Tier.UNIT, LifeCycle.APPROVED)
    assert (first.pose.position.lon, first.declared.entered_x) == (113.62, 113.62)


def test_a_changed_cell_changes_the_camera_and_columns_that_are_not_there_are_left_alone(database, write):
    import_cameras(database, write("甲,unit,SN0001,113.62,34.75"))
    changed = write("甲二,unit,SN0001,", headings="name,tier,serial_no,pole_code")
    assert figures(import_cameras(database, changed)) == (0, 1, 0, 0)
    (camera,) = all_cameras(database)
    assert (camera.declared.name, camera.pose.position.lat) == ("甲二", 34.75)
    with database.reading() as tx:
        changed_events = [event for event in events.after(tx, 0, 10) if event.kind == "camera.changed"]
        assert [event.content for event in changed_events] == [{"fields": ["name"]}]


def test_an_empty_cell_empties(database, write):
    import_cameras(database, write("甲,unit,SN0001,113.62,34.75"))
    import_cameras(database, write("甲,unit,SN0001,,"))
    assert all_cameras(database)[0].pose is None


def test_a_dry_run_says_what_would_happen_and_changes_nothing(database, write):
    import_cameras(database, write("甲,unit,SN0001,113.62,34.75"))
    file = write("甲二,unit,SN0001,113.62,34.75", "乙,unit,SN0002,,", "丙,unit,SN0002,,", "丁,moon,,,")
    assert figures(import_cameras(database, file, dry_run=True)) == (1, 1, 0, 2)
    assert [camera.declared.name for camera in all_cameras(database)] == ["甲"]
    assert figures(import_cameras(database, file)) == (1, 1, 0, 2)


def test_every_wrong_row_is_named_with_its_field_value_and_reason_and_the_others_are_taken(database, write):
    result = import_cameras(
        database,
        write(
            "甲,moon,SN0001,113.62,34.75",
            ",unit,SN0002,113.62,34.75",
            "丙,unit,SN0003,34.75,113.62",
            "丁,unit,SN0004,east,34.75",
            "戊,unit,SN0005,113.62,",
            "己,unit,SN0006,0,0",
            "庚,unit",
            "辛,unit,SN0007,113.62,34.75,more",
            "壬,unit,SN0008,nan,34.75",
            "癸,unit,SN0009,113.62,34.75",
            "子,unit,SN0009,113.62,34.75",
        ),
    )
    errors = [(error.row, error.field, error.reason) for error in result.rejected]
    assert errors == [
        (2, "tier", "unknown; known are government, unit, community, household"),
        (3, "name", "must not be empty"),
        (4, "lat", "not between -90 and 90 (longitude and latitude may be swapped)"),
        (5, "lon", "not a number (decimals are written with a point)"),
        (6, "lat", "a position needs both lon and lat"),
        (7, "lon", "0, 0 is no position"),
        (8, "", "the row ends early: 2 of 5 cells"),
        (9, "", "the row has 6 cells, the headings 5"),
        (10, "lon", "not between -180 and 180"),
        (12, "serial_no", "row 11 describes this camera already"),
    ]
    assert figures(result) == (1, 0, 0, 10)
    assert [camera.declared.name for camera in all_cameras(database)] == ["癸"]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("mac", "44:19:b6", "not the MAC of a network card"),
        ("address", "10.20.30.400", "not an IP address or host name"),
        ("address", "http://10.0.0.1/", "not an IP address or host name"),
        ("port", "70000", "not a whole number between 1 and 65535"),
        ("port", "8o", "not a whole number between 1 and 65535"),
        ("h_fov_deg", "0", "not between 1 and 360"),
        ("bearing_deg", "九十", "not a number"),
        ("indoor", "maybe", "neither yes nor no"),
        ("coordinate_system", "utm", "unknown; known are wgs84, gcj02, bd09"),
        ("point_class", "4", "not a whole number between 1 and 3"),
        ("gb_device_id", "4101020000132000000123", "longer than 20"),
        ("gb_device_id", "41010200001320000001x!", "longer than 20"),
        ("gb_device_id", "4101020000132_000001", "not a code of at most 20"),
        ("gb_device_id", "4.10102E+19", "shortened by a spreadsheet: digits are lost"),
        ("structure_type", "飞机", "unknown; known are 1 球机, 2 半球"),
        ("installed_on", "31.12.2020", "not a date such as"),
        ("retention_days", "-3", "not a whole number between 0 and 3650"),
        ("point_class", "x", "unknown; known are 1"),
        ("installed_on", "12345", "not between 1950 and 2100"),
        ("pole_code", "1" * 41, "longer than 40 characters"),
        ("model", "a\tb", "control characters"),
    ],
)
def test_wrong_values_are_refused_by_name(sqlite_database, write, column, value, reason):
    result = import_cameras(sqlite_database, write(f"甲,unit,{value}", headings=f"name,tier,{column}"), dry_run=True)
    assert [(error.field, reason in error.reason) for error in result.rejected] == [(column, True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headings_and_words_in_the_encodings_of_spreadsheets(sqlite_database, write, encoding):
    file = write(
        "路口,小区,113.631414637,34.745417,火星坐标,是,一号院",
        headings="点位名称,建设类别,经度(度),纬度(度),坐标系,是否室内,权属单位",
        encoding=encoding,
    )
    assert figures(import_cameras(sqlite_database, file)) == (1, 0, 0, 0)
    (camera,) = all_cameras(sqlite_database)
    assert (camera.declared.name, camera.declared.tier, camera.declared.indoor) == ("路口", Tier.COMMUNITY, True)
    assert camera.pose.position.lon == pytest.approx(113.625368, abs=1e-6)
    assert (camera.declared.entered_x, camera.declared.entered_system) == (113.631414637, CoordinateSystem.GCJ02)
    with sqlite_database.reading() as tx:
        assert owners.get(tx, camera.owner_id).name == "一号院"


def test_semicolons_quotes_empty_lines_and_unknown_columns(sqlite_database, write):
    file = write('"a;b";unit;x', "", ';"', '"c""d";unit;y', headings="name;tier;备注")
    result = import_cameras(sqlite_database, file)
    assert [camera.declared.name for camera in all_cameras(sqlite_database)] == ["a;b", 'c"d']
    assert result.ignored_columns == ("备注",)
    assert [(error.row, error.reason) for error in result.rejected] == [(4, "its quotes are not closed")]


def test_a_quote_that_never_closes_costs_its_own_row_only(sqlite_database, write):
    rows = [f"n{number},unit,SN{number:04d},," for number in range(2000)]
    rows[700] = 'n700,unit,"SN0700,,'
    result = import_cameras(sqlite_database, write(*rows))
    assert [(error.row, error.reason) for error in result.rejected] == [(702, "its quotes are not closed")]
    assert result.created == 1999


def test_two_open_quotes_do_not_swallow_the_rows_between_them(sqlite_database, write):
    result = import_cameras(sqlite_database, write('a,unit,"1,,', "b,unit,SN0002,,", "c,unit,SN0003,,", 'd,unit,"4,,'))
    assert [error.row for error in result.rejected] == [2, 5]
    assert result.created == 2


def test_fake_serial_numbers_make_no_two_rows_one(sqlite_database, write):
    headings = "name,tier,serial_no,address,port"
    file = write("甲,unit,General,10.0.0.1,80", "乙,unit,General,10.0.0.2,80", headings=headings)
    assert figures(import_cameras(sqlite_database, file)) == (2, 0, 0, 0)
    assert figures(import_cameras(sqlite_database, file)) == (0, 0, 2, 0)


def test_the_channels_of_a_recorder_are_cameras_of_their_own(sqlite_database, write):
    rows = [f"通道{number},unit,NVR0001,10.0.0.9,80,{number}" for number in range(1, 5)]
    file = write(*rows, headings="name,tier,serial_no,address,port,channel")
    assert figures(import_cameras(sqlite_database, file)) == (4, 0, 0, 0)
    assert figures(import_cameras(sqlite_database, file)) == (0, 0, 4, 0)


def test_a_list_without_ports_knows_a_camera_by_its_address_where_only_one_is_there(sqlite_database, write):
    headings = "name,tier,address,port"
    rows = ("甲,unit,10.0.0.1,8080", "乙,unit,10.0.0.2,81", "丙,unit,10.0.0.2,82")
    import_cameras(sqlite_database, write(*rows, headings=headings))
    known = write("甲二,10.0.0.1", headings="name,address")
    assert figures(import_cameras(sqlite_database, known)) == (0, 1, 0, 0)
    doubtful = write("乙二,unit,10.0.0.2", headings="name,tier,address")
    ((field, reason),) = [(e.field, e.reason) for e in import_cameras(sqlite_database, doubtful).rejected]
    assert field == "address" and reason.startswith("this belongs to camera 2 (乙); camera 3 (丙)")
    by_name = write("乙,unit,10.0.0.2,7", headings="name,tier,address,pole_code")
    assert figures(import_cameras(sqlite_database, by_name)) == (0, 1, 0, 0)


def test_a_stronger_key_that_differs_forbids_a_weaker_match(sqlite_database, write):
    headings = "name,tier,gb_device_id,serial_no,address"
    import_cameras(sqlite_database, write("甲,unit,41010200001320000001,SN0001,10.0.0.1", headings=headings))
    other = write("乙,unit,41010200001320000002,SN0002,10.0.0.1", headings=headings)
    assert figures(import_cameras(sqlite_database, other)) == (1, 0, 0, 0)
    without = write("丙,unit,,SN0002,10.0.0.9", headings=headings)
    assert figures(import_cameras(sqlite_database, without)) == (0, 1, 0, 0)


def test_a_camera_that_the_network_told_of_first_is_completed_and_approved_by_the_list(database, write):
    plan = NetworkPlan([Network(cidr="10.0.0.0/24", tier=Tier.HOUSEHOLD)])
    observed = a_device(serial_no="DS0001", channels=(a_channel("vs0", "cam"),))
    with database.writing() as tx:
        (camera_id,) = record_device(tx, observed, networks=plan, now=NOW).camera_ids
    file = write("路口,government,DS0001,vs0,113.62,34.75", headings="name,tier,serial_no,channel,lon,lat")
    assert figures(import_cameras(database, file)) == (0, 1, 0, 0)
    (camera,) = all_cameras(database)
    assert (camera.camera_id, camera.declared.name, camera.life_cycle) == (camera_id, "路口", LifeCycle.APPROVED)
    assert (camera.channel, len(camera.streams)) == ("vs0", 2)
    assert figures(import_cameras(database, file)) == (0, 0, 1, 0)


@pytest.mark.parametrize("file_format", [ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.TOML])
def test_what_is_exported_is_read_back_without_a_change(database, tmp_path, file_format):
    import_cameras(database, ROOT / "config" / "cameras.example.toml")
    before = all_cameras(database)
    file = tmp_path / f"list.{file_format}"
    assert export_to_file(database, file, ExportRequest(file_format=file_format)) == Exported(
        written=len(before), left_out=0
    )
    assert figures(import_cameras(database, file)) == (0, 0, len(before), 0)
    assert all_cameras(database) == before


@pytest.mark.postgres
@pytest.mark.parametrize("file_format", [ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.TOML])
def test_a_list_moves_to_another_database_whole(sqlite_database, postgres_database, tmp_path, file_format):
    import_cameras(sqlite_database, ROOT / "config" / "cameras.example.toml")
    file = tmp_path / f"list.{file_format}"
    export_to_file(sqlite_database, file, ExportRequest(file_format=file_format, contacts=True))
    import_cameras(postgres_database, file)
    assert [camera.declared for camera in all_cameras(postgres_database)] == [
        camera.declared for camera in all_cameras(sqlite_database)
    ]


def test_texts_that_a_spreadsheet_would_run_are_written_harmless_and_read_back(sqlite_database, tmp_path, write):
    import_cameras(sqlite_database, write("'=cmd|' /C calc'!A0,unit,'-1234,,"))
    out = io.BytesIO()
    export_cameras(sqlite_database, out, ExportRequest(file_format=ExportFormat.CSV))
    row = next(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert row["name"].startswith("'=")
    file = tmp_path / "again.csv"
    file.write_bytes(out.getvalue())
    assert figures(import_cameras(sqlite_database, file)) == (0, 0, 1, 0)


def test_a_camera_that_nobody_entered_is_exported_with_what_its_device_told(sqlite_database):
    plan = NetworkPlan([])
    observed = a_device(serial_no="DS0001", macs=("44:19:b6:00:00:0a",), channels=(a_channel("vs0", "cam"),))
    with sqlite_database.writing() as tx:
        record_device(tx, observed, networks=plan, now=NOW)
    out = io.BytesIO()
    export_cameras(sqlite_database, out, ExportRequest(file_format=ExportFormat.CSV))
    row = next(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    told = {name: row[name] for name in ("name", "serial_no", "mac", "address", "port", "channel", "model")}
    assert told == {
        "name": "cam", "serial_no": "DS0001", "mac": "44:19:b6:00:00:0a", "address": "10.0.0.1", "port": "80",
        "channel": "vs0", "model": "DS-2CD",
    }  # fmt: skip


def test_the_example_explains_every_column_and_is_taken_in_whole(sqlite_database):
    example = ROOT / "config" / "cameras.example.toml"
    result = import_cameras(sqlite_database, example)
    assert (result.rejected, result.created) == ([], 4)
    lines = example.read_text(encoding="utf-8").splitlines()
    explained = {line.split(" = ")[0] for line in lines if " = " in line and "# " in line.split(" = ", 1)[1]}
    assert explained == set(COLUMNS)


def test_progress_is_told_after_each_transaction(sqlite_database, write):
    told = []

    def accepted(result):
        told.append((result.last_row, len(all_cameras(sqlite_database))))

    import_cameras(sqlite_database, write(*(f"n{n},unit,SN{n:05d},," for n in range(1200))), on_accepted=accepted)
    assert len(told) >= 3
    assert all(stored == last_row - 1 for last_row, stored in told)
    assert told[-1] == (1201, 1200)


def test_a_pretend_city_s_archive_is_taken_in(sqlite_database, tmp_path):
    file = tmp_path / "archive.csv"
    file.write_text(archive_csv(plan_city(300)), encoding="utf-8-sig", newline="")
    result = import_cameras(sqlite_database, file)
    assert result.rejected == []
    assert result.created == result.rows


def test_a_list_without_the_columns_that_every_camera_needs_is_refused(sqlite_database, write):
    with pytest.raises(BadInput, match="the headings lack name"):
        import_cameras(sqlite_database, write("unit", headings="tier"))
    with pytest.raises(BadInput, match="twice: name"):
        import_cameras(sqlite_database, write("甲,乙,unit", headings="name,名称,tier"))


def test_a_list_does_not_approve_what_an_owner_registered_and_nobody_reviewed(sqlite_database, write):
    with sqlite_database.writing() as tx:
        owner_id = owners.ensure(tx, "便民超市", Tier.HOUSEHOLD, NOW)
        entry = declared("店门口", tier=Tier.HOUSEHOLD, address="10.7.0.1", port=80)
        camera_id = cameras.add(tx, entry, life_cycle=LifeCycle.PENDING, now=NOW, owner_id=owner_id)
        registration = {
            "status": "submitted", "submitted_at": NOW, "owner_id": owner_id, "camera_id": camera_id, "content": {},
            "access_key_hash": "x",
        }  # fmt: skip
        tx.execute(registrations.insert().values(registration))
    file = write("店门口,household,10.7.0.1,80", headings="name,tier,address,port")
    assert figures(import_cameras(sqlite_database, file)) == (0, 0, 1, 0)
    assert all_cameras(sqlite_database)[0].life_cycle == LifeCycle.PENDING
