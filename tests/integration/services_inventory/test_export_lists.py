"""What goes out: lists that come back unchanged, maps that others read, catalogues that platforms read; no secrets."""

import io
import json
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from lxml import etree
from openpyxl import load_workbook
from shapely.geometry import shape

from tests.builders.inventory import a_pose
from tests.builders.sheets import SHEET27
from vms.inventory.camera import CoordinateSystem, Declared, LifeCycle, Pose
from vms.inventory.filters.expression import parse_filter
from vms.inventory.tier import Tier
from vms.places.regions import Region, RegionLevel
from vms.services.export_cameras import ExportFormat, ExportRequest, export_cameras, export_to_file
from vms.services.import_cameras import import_cameras
from vms.services.lists.catalogue_writer import CatalogueEncoding
from vms.services.lists.sheet_layout import Columns, Headings
from vms.store import cameras, owners, regions
from vms.store.camera_filter import CameraFilter

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
GB = "41010200001320000001"
CONTACT = "13800138000"
FULL = Declared(
    name="=人民路<路口>&'1'",
    tier=Tier.GOVERNMENT,
    common_name="百货大楼",
    point_class=1,
    region_code="410102001001",
    install_address="人民路12号",
    pole_code="0000007",
    gb_device_id=GB,
    serial_no="SN0001",
    mac="44:19:b6:0a:1b:2c",
    address="10.1.0.1",
    port=80,
    channel="1",
    manufacturer="Hikvision",
    model="-DS",
    pose=a_pose(bearing_deg=137.0, h_fov_deg=90.0),
    entered_x=113.62609,
    entered_y=34.74882,
    entered_system=CoordinateSystem.GCJ02,
    width_px=1920,
    height_px=1080,
    asset_status=40,
    ipv6="fd00::1",
    police_org_code="410102530000",
    structure_type=3,
    function_types=(1, 99),
    position_types=(8, 10),
    supply_light=2,
    encoding="H265",
    network_attr=0,
    industry="1",
    site_category="crossing",
    installed_on=date(2020, 5, 17),
    mgmt_unit="科信支队",
    mgmt_contact=CONTACT,
    retention_days=30,
    filing_no="备0001",
    filing_on=date(2021, 1, 2),
    signage_present=True,
)


@pytest.fixture
def city(database):
    """One camera with everything, one with next to nothing, one without a national id, one retired."""
    with database.writing() as tx:
        regions.replace(tx, [Region(code="410102001001", name="人民路社区", level=RegionLevel.COMMUNITY, parent=None)])
        owner_id = owners.ensure(tx, "市公安局", Tier.GOVERNMENT, NOW)
        cameras.add(tx, FULL, life_cycle=LifeCycle.APPROVED, now=NOW, owner_id=owner_id)
        cameras.add(tx, Declared(name="乙", tier=Tier.UNIT), life_cycle=LifeCycle.APPROVED, now=NOW)
        placed = Declared(name="丙", tier=Tier.UNIT, region_code="410103", pose=a_pose(113.7, 34.8), serial_no="SN3")
        cameras.add(tx, placed, life_cycle=LifeCycle.APPROVED, now=NOW)
        gone = Declared(name="丁", tier=Tier.UNIT, gb_device_id=GB[:-1] + "2", pose=a_pose())
        cameras.add(tx, gone, life_cycle=LifeCycle.RETIRED, now=NOW)
    return database


def exported(database, file_format, **wanted):
    out = io.BytesIO()
    figures = export_cameras(database, out, ExportRequest(file_format=file_format, **wanted), clock=lambda: NOW)
    return out.getvalue(), figures


LISTS = [
    (ExportFormat.CSV, {}),
    (ExportFormat.CSV, {"headings": Headings.ZH}),
    (ExportFormat.CSV, {"headings": Headings.EN, "contacts": True}),
    (ExportFormat.CSV, {"columns": Columns.ARCHIVE27}),
    (ExportFormat.XLSX, {}),
    (ExportFormat.XLSX, {"headings": Headings.EN}),
    (ExportFormat.XLSX, {"columns": Columns.ARCHIVE27}),
    (ExportFormat.XLSX, {"columns": Columns.ARCHIVE27, "contacts": True}),
    (ExportFormat.TOML, {}),
]


@pytest.mark.parametrize(("file_format", "wanted"), LISTS)
def test_every_list_that_goes_out_comes_back_without_a_change(city, tmp_path, file_format, wanted):
    with city.reading() as tx:
        before = list(cameras.every(tx))
    file = tmp_path / f"list.{file_format}"
    out = export_to_file(city, file, ExportRequest(file_format=file_format, **wanted))
    result = import_cameras(city, file)
    assert (out.written, out.retired, result.unchanged, result.rejected) == (3, 1, 3, [])
    with city.reading() as tx:
        assert list(cameras.every(tx)) == before


def test_contacts_go_out_masked_unless_asked_for(city):
    for file_format in ExportFormat:
        if file_format is not ExportFormat.XLSX:
            assert CONTACT.encode() not in exported(city, file_format)[0], file_format
    assert CONTACT.encode() in exported(city, ExportFormat.CSV, contacts=True)[0]
    assert CONTACT.encode() in exported(city, ExportFormat.GB28181, contacts=True)[0]


def test_a_masked_contact_goes_into_lists_alone_and_comes_back_as_nothing_said(city, tmp_path):
    masked = "•••••••8000"
    for file_format in (ExportFormat.GEOJSON, ExportFormat.KML, ExportFormat.GB28181):
        body = exported(city, file_format)[0]
        assert "•" not in body.decode("gb18030" if file_format is ExportFormat.GB28181 else "utf-8"), file_format
        assert b"ContactInfo" not in body and b"mgmt_contact" not in body, file_format
    assert masked in exported(city, ExportFormat.CSV)[0].decode()
    file = tmp_path / "list.csv"
    text = exported(city, ExportFormat.CSV)[0].decode("utf-8-sig").replace("百货大楼", "百货商场")
    file.write_text(text, encoding="utf-8")
    assert import_cameras(city, file).updated == 1
    with city.reading() as tx:
        first = next(cameras.every(tx))
    assert (first.declared.mgmt_contact, first.declared.common_name) == (CONTACT, "百货商场")


def test_retired_cameras_go_out_when_they_are_asked_for(city):
    def written(**wanted):
        figures = exported(city, ExportFormat.CSV, **wanted)[1]
        return figures.written, figures.retired

    assert written() == (3, 1)
    assert written(retired=True) == (4, 0)
    assert written(camera_filter=CameraFilter(expression=parse_filter("life_cycle=retired"))) == (1, 0)
    assert written(camera_filter=CameraFilter(expression=parse_filter("tier=unit and life_cycle!=draft"))) == (3, 0)
    assert written(retired=True, columns=Columns.ARCHIVE27) == (3, 1)


def test_the_spreadsheet_holds_ids_as_texts_and_no_formula(city, tmp_path):
    file = tmp_path / "list.xlsx"
    export_to_file(city, file, ExportRequest(file_format=ExportFormat.XLSX, headings=Headings.NAMES))
    sheet = load_workbook(file).active
    columns = {cell.value: number for number, cell in enumerate(sheet[1])}
    row = sheet[2]
    assert (row[columns["gb_device_id"]].value, row[columns["gb_device_id"]].data_type) == (GB, "s")
    assert (row[columns["pole_code"]].value, row[columns["model"]].value) == ("0000007", "-DS")
    assert (row[columns["name"]].data_type, row[columns["name"]].quotePrefix) == ("s", True)
    assert row[columns["installed_on"]].value.date() == date(2020, 5, 17)
    assert not any(cell.data_type == "f" for cells in sheet.iter_rows() for cell in cells)


def test_the_collection_sheet_has_its_27_headings_and_codes(city, tmp_path):
    file = tmp_path / "list.xlsx"
    export_to_file(city, file, ExportRequest(file_format=ExportFormat.XLSX, columns=Columns.ARCHIVE27))
    rows = [[cell.value for cell in row] for row in load_workbook(file).active.iter_rows()]
    assert rows[0] == SHEET27
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["监视方位"], told["摄像机编码格式"], told["摄像机位置类型"], told["监控点位类型"]) == (
        5,
        "4",
        "8/10",
        1,
    )
    assert (told["经度"], told["纬度"], told["管理单位联系方式"]) == (113.62, 34.75, "•••••••8000")


def test_geojson_is_read_by_another_library_and_places_every_camera(city):
    found = json.loads(exported(city, ExportFormat.GEOJSON)[0])
    assert found["type"] == "FeatureCollection" and "crs" not in found
    places = [shape(feature["geometry"]) if feature["geometry"] else None for feature in found["features"]]
    assert [(point.x, point.y) if point else None for point in places] == [
        (113.62, 34.75), None, (113.7, 34.8)
    ]  # fmt: skip
    first = found["features"][0]
    assert first["type"] == "Feature" and first["properties"]["status"] == "unknown"
    assert first["properties"]["position_types"] == [8, 10] and first["properties"]["life_cycle"] == "approved"
    assert json.loads(exported(city, ExportFormat.GEOJSON, camera_filter=CameraFilter(text="nobody"))[0]) == {
        "type": "FeatureCollection",
        "features": [],
    }


def test_kml_has_one_folder_for_each_region(city):
    root = etree.fromstring(exported(city, ExportFormat.KML)[0])
    ns = {"k": "http://www.opengis.net/kml/2.2"}
    assert root.tag == "{http://www.opengis.net/kml/2.2}kml"
    folders = {folder.findtext("k:name", namespaces=ns): folder for folder in root.iterfind("k:Document/k:Folder", ns)}
    assert list(folders) == ["无行政区划", "人民路社区", "410103"]
    (mark,) = folders["人民路社区"].iterfind("k:Placemark", ns)
    assert mark.findtext("k:name", namespaces=ns) == FULL.name
    assert mark.findtext("k:Point/k:coordinates", namespaces=ns) == "113.6200000,34.7500000"
    order = [etree.QName(child).localname for child in mark]
    assert order == ["name", "address", "ExtendedData", "Point"], "the order of the schema"
    assert len(set(root.xpath("//@id"))) == 3
    assert etree.fromstring(exported(city, ExportFormat.KML, camera_filter=CameraFilter(text="nobody"))[0]) is not None


@pytest.mark.parametrize("encoding", list(CatalogueEncoding))
def test_the_catalogue_is_what_a_platform_expects(city, encoding):
    body, figures = exported(city, ExportFormat.GB28181, encoding=encoding, platform_id="41010200002000000001")
    assert f'encoding="{encoding.value.upper()}"' in body[:60].decode()
    root = etree.fromstring(body)
    assert (root.tag, root.findtext("CmdType"), root.findtext("DeviceID")) == (
        "Response",
        "Catalog",
        "41010200002000000001",
    )
    items = root.findall("DeviceList/Item")
    assert root.find("DeviceList").get("Num") == root.findtext("SumNum") == str(len(items)) == "1"
    assert (figures.written, len(figures.not_in_catalogue)) == (1, 3), "no valid national id, or retired"
    told = {child.tag: child.text for child in items[0]}
    assert list(told)[:8] == ["DeviceID", "Name", "Manufacturer", "Model", "Owner", "CivilCode", "Address", "Parental"]
    assert list(told)[8:15] == ["ParentID", "RegisterWay", "Secrecy", "IPAddress", "Port", "Status", "Longitude"]
    assert (told["DeviceID"], told["Name"], told["ParentID"]) == (GB, FULL.name, "41010200002000000001")
    assert (told["CivilCode"], told["Status"], told["Longitude"]) == ("410102", "OFF", "113.6200000")
    info = {child.tag: child.text for child in items[0].find("Info")}
    assert (info["PTZType"], info["DirectionType"], info["FunctionType"], info["EncodeType"]) == (
        "3",
        "5",
        "01/99",
        "H.265",
    )
    assert (info["InstallTime"], info["MAC"], info["PointType"]) == ("2020-05-17T00:00:00", "44-19-B6-0A-1B-2C", "1")
    assert not {"Password", "CertNum"} & set(told)


ODD_IDS = (
    (GB, ""),
    (GB, "camera 1 has this national id and comes first"),
    ("1" * 20, "its national id: it is the digit 1 20 times"),
    ("99010200001320000001", "its national id: no province 99 is known (digits 1 and 2)"),
    ("41010200002000000001", "its national id: the device type 200 is no camera's (digits 11 to 13)"),
    ("4101020000132", "its national id: it has 13 characters, not 20"),
    ("", "it has no national id"),
    (GB[:-1] + "7", ""),
)


@pytest.mark.parametrize("with_odd", [False, True])
def test_a_catalogue_holds_each_sound_id_once_and_names_what_it_leaves_out(database, with_odd):
    with database.writing() as tx:
        ids = [
            cameras.add(
                tx, Declared(name="点", tier=Tier.UNIT, gb_device_id=gb), life_cycle=LifeCycle.APPROVED, now=NOW
            )
            for gb, _ in ODD_IDS
        ]
    body, figures = exported(database, ExportFormat.GB28181, without_valid_id=with_odd)
    root = etree.fromstring(body)
    told = [item.findtext("DeviceID") for item in root.iterfind("DeviceList/Item")]
    assert len(set(told)) == len(told) == int(root.findtext("SumNum")) == figures.written
    assert set(told) & {gb for gb, _ in ODD_IDS} == {GB, GB[:-1] + "7"}
    assert root.findtext("DeviceID") == "41010200002000000001", "the platform stands where the first sound id does"
    named = {one.camera_id: one.reason for one in figures.not_in_catalogue}
    wrong = {camera_id: reason for camera_id, (_, reason) in zip(ids, ODD_IDS, strict=True) if reason}
    doubles = {camera_id: reason for camera_id, reason in wrong.items() if "comes first" in reason}
    assert named == (doubles if with_odd else wrong)
    if with_odd:
        assert set(told) >= {str(camera_id) for camera_id in wrong.keys() - doubles.keys()}


def test_cameras_without_a_national_id_come_into_the_catalogue_when_asked(city):
    body, figures = exported(city, ExportFormat.GB28181, without_valid_id=True)
    assert (figures.written, len(ElementTree.fromstring(body.decode("gb18030").partition("?>")[2]))) == (3, 5)


def test_a_filter_chooses_what_goes_out(city):
    only = CameraFilter(expression=parse_filter("tier=government"))
    body, figures = exported(city, ExportFormat.TOML, camera_filter=only)
    assert figures.written == 1 and "乙" not in body.decode()


def test_names_with_bytes_that_xml_cannot_hold_break_nothing(sqlite_database):
    with sqlite_database.writing() as tx:
        odd = Declared(name="a\x01b\ufffe", tier=Tier.UNIT, gb_device_id=GB, pose=Pose(position=a_pose().position))
        cameras.add(tx, odd, life_cycle=LifeCycle.APPROVED, now=NOW)
    for file_format in (ExportFormat.KML, ExportFormat.GB28181):
        assert etree.fromstring(exported(sqlite_database, file_format)[0]) is not None
    assert load_workbook(io.BytesIO(exported(sqlite_database, ExportFormat.XLSX)[0])) is not None


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(city, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("old")

    def broken_clock():
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        export_to_file(city, file, ExportRequest(file_format=ExportFormat.CSV), clock=broken_clock)
    assert (file.read_text(), [path.name for path in tmp_path.glob(".*")]) == ("old", [])
