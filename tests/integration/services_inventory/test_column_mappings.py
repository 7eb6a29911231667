"""Another system's export is read by a mapping that is remembered; a first proposal comes from its headings."""

from datetime import UTC, date, datetime

import pytest

from vms.core.errors import BadInput, NotFound
from vms.inventory.camera import CoordinateSystem
from vms.inventory.lists.column_mapping import ColumnMapping, mapping_as_json, mapping_from_json
from vms.inventory.tier import Tier
from vms.services.import_cameras import ImportRequest, import_cameras
from vms.services.preview_list import preview_list
from vms.store import cameras, column_mappings

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
FOREIGN = (
    "导出时间;2026-05-01\n"
    "CamTitle;Kind;设备安装地址说明;GPS_X;GPS_Y;NetIP;Hardware;commissioned;Remark\n"
    "Nordtor;Öffentlich;Tor 1;113.631414637;34.745417;10.3.0.1;44:19:B6:0A:1B:01;31.12.2020;x\n"
    "Südtor;Firma;Tor 2;113.631514637;34.745417;10.3.0.2;44:19:B6:0A:1B:02;05.01.2021;y\n"
    "Ost;Verein;Tor 3;;;10.3.0.3;44:19:B6:0A:1B:03;kaputt;z\n"
)
MAPPING = ColumnMapping(
    headings={"CamTitle": "name", "Kind": "tier", "GPS_X": "lon", "GPS_Y": "lat", "NetIP": "address", "Hardware": "mac",
              "commissioned": "installed_on", "设备安装地址说明": "install_address", "Remark": ""},
    values={"tier": {"Öffentlich": "government", "Firma": "unit"}},
    constants={"region_code": "410102", "point_class": "2"},
    coordinate_system=CoordinateSystem.GCJ02,
    date_format="%d.%m.%Y",
    encoding="latin-1",
)  # fmt: skip


@pytest.fixture
def foreign(tmp_path):
    file = tmp_path / "export.csv"
    file.write_text(FOREIGN.replace("设备安装地址说明", "place").replace("导出时间", "at"), encoding="latin-1")
    return file


def the_mapping():
    content = mapping_as_json(MAPPING)
    content["headings"] = {k: v for k, v in content["headings"].items() if k != "设备安装地址说明"} | {
        "place": "install_address"
    }
    return mapping_from_json(content)


def test_a_remembered_mapping_reads_the_other_system_s_export(database, foreign):
    with database.writing() as tx:
        column_mappings.put(tx, "city hall", the_mapping(), "anna", NOW)
    with database.reading() as tx:
        known = column_mappings.get(tx, "city hall")
    assert (known.mapping, known.changed_by) == (the_mapping(), "anna")
    result = import_cameras(database, foreign, request=ImportRequest(mapping=known.mapping, mapping_name="city hall"))
    assert [(error.row, error.field) for error in result.rejected] == [(5, "tier"), (5, "installed_on")]
    assert result.ignored_columns == ()
    with database.reading() as tx:
        north, south = (camera.declared for camera in cameras.every(tx))
    assert (north.name, north.tier, south.tier) == ("Nordtor", Tier.GOVERNMENT, Tier.UNIT)
    assert (north.installed_on, south.installed_on) == (date(2020, 12, 31), date(2021, 1, 5))
    assert (north.entered_system, north.region_code, north.point_class) == (CoordinateSystem.GCJ02, "410102", 2)
    assert north.pose.position.lon == pytest.approx(113.625368, abs=1e-5)


def test_a_mapping_is_replaced_and_forgotten_by_its_name(database):
    with database.writing() as tx:
        column_mappings.put(tx, "a", MAPPING, "anna", NOW)
        column_mappings.put(tx, "a", ColumnMapping(sheet="two"), "bert", NOW)
        assert [(one.name, one.changed_by) for one in column_mappings.every(tx)] == [("a", "bert")]
        column_mappings.remove(tx, "a", "bert", NOW)
        with pytest.raises(NotFound):
            column_mappings.get(tx, "a")


def test_a_first_proposal_comes_from_headings_and_from_what_stands_below_them(sqlite_database, tmp_path):
    file = tmp_path / "export.csv"
    file.write_text(FOREIGN, encoding="utf-8")
    found = preview_list(sqlite_database, file, ImportRequest(mapping=ColumnMapping(headings={"CamTitle": "name"})))
    assert found.heading.row == 2
    proposal = preview_list(sqlite_database, _with_name(file), ImportRequest()).proposal
    assert {heading: column for heading, column in proposal.headings.items() if column} == {
        "名称": "name", "建设类别": "tier", "设备安装地址说明": "install_address", "NetIP": "address",
        "Hardware": "mac", "安装日期": "installed_on",
    }  # fmt: skip
    assert proposal.values["tier"] == {"Öffentlich": "", "Firma": "", "Verein": ""}, "words for a person to translate"


def _with_name(file):
    text = FOREIGN.replace("CamTitle", "名称").replace("Kind", "建设类别").replace("commissioned", "安装日期")
    file.write_text(text, encoding="utf-8")
    return file


def test_the_preview_shows_rows_as_they_would_be_and_stores_nothing(sqlite_database, foreign):
    found = preview_list(sqlite_database, foreign, ImportRequest(mapping=the_mapping()))
    assert (found.problem, len(found.rows), found.heading.row) == ("", 3, 2)
    assert found.rows[0].columns["tier"] == "government" and found.rows[0].as_written["Kind"] == "Öffentlich"
    assert [error.field for error in found.rows[2].errors] == ["tier", "installed_on"]
    with sqlite_database.reading() as tx:
        assert list(cameras.every(tx)) == []


@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        ([], "mapping", "an object"),
        ({"heading": {}}, "mapping", "unknown: heading"),
        ({"headings": {"a": "nam"}}, "headings", "unknown columns: nam"),
        ({"headings": {"a": 1}}, "headings", "object of texts"),
        ({"values": {"tier": "unit"}}, "values.tier", "object of texts"),
        ({"values": {"moon": {}}}, "values", "unknown columns: moon"),
        ({"constants": {"direction": "1"}}, "constants", "unknown columns: direction"),
        ({"coordinate_system": "utm"}, "coordinate_system", "unknown; known are wgs84, gcj02, bd09"),
        ({"date_format": "%H:%M"}, "date_format", "names no day"),
        ({"encoding": "rot13"}, "encoding", "unknown; known are"),
        ({"headings": {str(n): "" for n in range(2001)}}, "headings", "more than 2000"),
    ],
)
def test_a_wrong_mapping_is_refused_by_name(content, where, reason):
    with pytest.raises(BadInput) as refused:
        mapping_from_json(content)
    assert refused.value.where == where and reason in refused.value.reason
