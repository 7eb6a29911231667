"""Sensors of one housing in lists: taken in, written out, and told by row and column where they cannot be read."""

import csv
import io
from datetime import UTC, datetime

import pytest

from vms.services.export_cameras import ExportFormat, ExportRequest, export_cameras
from vms.services.import_cameras import import_cameras
from vms.services.lists.sheet_layout import Headings
from vms.store import camera_changes, cameras, sensors
from vms.store.camera_changes import PROGRAM
from vms.store.sensors import Sensor

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def take_in(database, tmp_path):
    def _take_in(*rows, headings="name,tier,serial_no,sensors"):
        file = tmp_path / "list.csv"
        file.write_bytes("\r\n".join((headings, *rows)).encode())
        return import_cameras(database, file)

    return _take_in


def figures(result):
    return (result.created, result.updated, result.unchanged, result.rejected_rows)


def looks_of(database, camera_id=1):
    with database.reading() as tx:
        return [(one.bearing_deg, one.h_fov_deg) for one in sensors.of_camera(tx, camera_id)]


def test_a_list_tells_where_each_sensor_looks_and_what_else_is_known_of_them_stays(database, take_in):
    assert figures(take_in("路口全景,unit,SN0001,0/60;90/60;180/60", "门,unit,SN0002,")) == (2, 0, 0, 0)
    assert looks_of(database) == [(0.0, 60.0), (90.0, 60.0), (180.0, 60.0)]
    assert looks_of(database, 2) == []
    told = [Sensor(number=n, name=f"镜头{n}", channel=f"vs{n}", bearing_deg=90.0 * n, tilt_deg=5.0) for n in (1, 2)]
    with database.writing() as tx:
        sensors.put(tx, 1, told, PROGRAM, NOW)
    assert figures(take_in("路口全景,unit,SN0001,90/;/75")) == (0, 1, 0, 0)
    with database.reading() as tx:
        (first, second), kept = sensors.of_camera(tx, 1), camera_changes.of_camera(tx, 1).items[0]
    assert (first.name, first.channel, first.bearing_deg, first.tilt_deg) == ("镜头1", "vs1", 90.0, 5.0)
    assert (second.name, second.bearing_deg, second.h_fov_deg) == ("镜头2", None, 75.0)
    assert (kept.change.field, kept.author.who) == ("sensors", "import")
    assert figures(take_in("路口全景,unit,SN0001", headings="name,tier,serial_no")) == (0, 0, 1, 0)
    assert len(looks_of(database)) == 2, "a list without the column says nothing of them"
    assert figures(take_in("路口全景,unit,SN0001,")) == (0, 1, 0, 0)
    assert looks_of(database) == [], "an empty cell: it has one sensor"


def test_a_cell_that_cannot_be_read_is_named_by_row_and_column_and_what_is_expected(database, take_in):
    take_in("球机,unit,SN0001,")
    with database.writing() as tx:
        (camera,) = cameras.every(tx)
        cameras.change_columns(tx, camera.camera_id, {"ptz": True}, NOW, author=PROGRAM)
    result = take_in("甲,unit,SN0003,0/60;东/60", "乙,unit,SN0004,90/60", "球机,unit,SN0001,0/60;90/60")
    assert [(error.row, error.field) for error in result.rejected] == [(2, "sensors"), (3, "sensors"), (4, "sensors")]
    assert result.rejected[0].reason.endswith("as in 0/60;90/60;180/60")
    assert "give two or more, or none" in result.rejected[1].reason
    assert "a camera that turns" in result.rejected[2].reason
    assert looks_of(database) == []


@pytest.mark.parametrize("file_format", [ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.TOML])
def test_what_goes_out_comes_back_without_a_change(sqlite_database, tmp_path, file_format):
    file = tmp_path / "first.csv"
    file.write_text(
        "name,tier,serial_no,sensors\n路口全景,unit,SN0001,12.5/60;90/;/60\n门,unit,SN0002,\n", encoding="utf-8"
    )
    import_cameras(sqlite_database, file)
    out = tmp_path / f"again.{file_format}"
    with out.open("wb") as stream:
        export_cameras(sqlite_database, stream, ExportRequest(file_format=file_format))
    assert figures(import_cameras(sqlite_database, out)) == (0, 0, 2, 0)
    assert looks_of(sqlite_database) == [(12.5, 60.0), (90.0, None), (None, 60.0)]


def test_an_office_reads_the_column_in_its_own_words(sqlite_database, tmp_path):
    file = tmp_path / "first.csv"
    file.write_text("名称,建设类别,多镜头\n路口全景,单位,0/60；90/60\n", encoding="utf-8")
    import_cameras(sqlite_database, file)
    out = io.BytesIO()
    export_cameras(sqlite_database, out, ExportRequest(file_format=ExportFormat.CSV, headings=Headings.ZH))
    row = next(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert row["多镜头"] == "0/60;90/60"
