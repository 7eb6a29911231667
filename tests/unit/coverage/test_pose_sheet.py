"""Sheets of camera poses: what is read, and how what is wrong is named."""

import json

import pytest
import shapely
from shapely.geometry import shape

from tests.builders.coverage import FRAME, a_building, a_town
from vms.core.errors import BadInput
from vms.coverage.density import IEC_62676_4_2014, IEC_62676_4_2025
from vms.coverage.view import compute_views
from vms.coverage.walls import Walls
from vms.services.coverage.listed_poses import MAX_BYTES, poses_of_sheet, read_pose_sheet
from vms.services.coverage.views_document import views_document

HEAD = "id,lon,lat,height_m,bearing_deg,tilt_deg,h_fov_deg,range_m,width_px\n"
SPOT = "24.94,60.17"


def test_an_empty_cell_is_unknown_and_columns_may_stand_in_any_order():
    sheet = poses_of_sheet("lat,id,lon,note,bearing_deg\n60.17,东门 1,24.94,hello,\n\n", "sheet")
    (row,) = sheet.rows
    assert (row.id, row.pose.position.lon, row.pose.position.lat) == ("东门 1", 24.94, 60.17)
    assert (row.pose.bearing_deg, row.pose.mount_height_m, row.width_px) == (None, None, 1920)
    assert sheet.ignored == ("note",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + f"a,{SPOT},4,north,,90,100,1920\n", "line 2, column bearing_deg: not a number: 'north'"),
        (HEAD + "a,24.94,,4,0,,90,100,1920\n", "line 2, column lat: empty"),
        (HEAD + f"a,{SPOT},4,361,,90,100,1920\n", "line 2, column bearing_deg: 361 is not between -180 and 360"),
        (HEAD + f"a,{SPOT},nan,0,,90,100,1920\n", "line 2, column height_m: nan is not between 0 and 1000"),
        (HEAD + f"a,{SPOT},4,0,,90,1e999,1920\n", "line 2, column range_m: 1e999 is not between"),
        (HEAD + f'a,{SPOT},4,0,,90,100,1920\n"b\nb",24.94,x,4,0,,90,100,\n', "line 3, column lat: not a number: 'x'"),
        (HEAD + f"a,{SPOT},,,,,,\nb,{SPOT},,,,,,\na,{SPOT},,,,,,\n", "line 4, column id: 'a' is in line 2 already"),
        (HEAD + "a,24.94\n", "line 2: 2 cells under 9 headings"),
        ("id,lon\n", "line 1: the column lat is missing"),
        ("id,lon,lat,lat\n", "line 1: the column lat is there twice"),
        ("", "line 1: the columns id, lon, lat are missing"),
        (HEAD + f'a,{SPOT},"4\n', "line 2: unexpected end of data"),
        (f"id,lon,lat,ptz\na,{SPOT},maybe\n", "line 2, column ptz: neither yes nor no: 'maybe'"),
        (HEAD + "x" * 300 + f",{SPOT},,,,,,\n", "line 2, column id: longer than 200 characters"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(text, said):
    with pytest.raises(BadInput, match="sheet") as raised:
        poses_of_sheet(text, "sheet")
    assert said in raised.value.message


def test_a_sheet_as_an_office_writes_it_is_read(tmp_path):
    sheet = tmp_path / "摄像机.csv"
    sheet.write_bytes("编号;经度;纬度;方位角;说明\n东门 1;24.94;60.17;-90;西\n".encode("gb18030"))
    found = read_pose_sheet(sheet)
    (row,) = found.rows
    assert (row.id, row.pose.position.lat, row.pose.bearing_deg) == ("东门 1", 60.17, 270.0)
    assert found.ignored == ("说明",)
    (shouted,) = poses_of_sheet("ID\tLon\tLAT\na\t24.94\t60.17\n", "sheet").rows
    assert shouted.pose.position.lon == 24.94


def test_of_many_wrong_rows_the_first_are_named_and_the_others_counted():
    with pytest.raises(BadInput, match="and 30 more"):
        poses_of_sheet(HEAD + "".join(f"c{i},x,60.17,,,,,,\n" for i in range(50)), "sheet")


def test_files_that_are_not_there_too_large_or_no_text_are_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_pose_sheet(tmp_path / "none.csv")
    wrong = tmp_path / "noise.csv"
    wrong.write_bytes(HEAD.encode() + b"\xff\xfe\x80")
    with pytest.raises(BadInput, match="line 2: neither UTF-8 nor GB 18030"):
        read_pose_sheet(wrong)
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(BadInput, match="larger than"):
        read_pose_sheet(large)


def test_the_document_has_a_polygon_per_camera_as_large_as_it_says_with_its_bands():
    lon, lat = FRAME.origin.lon, FRAME.origin.lat
    text = HEAD + f"a,{lon},{lat},,90,,90,80,1920\n" + f"b,{lon},{lat},30,0,,60,200,3840\n" + f"c,{lon},{lat},,,,,,\n"
    sheet = poses_of_sheet(text, "sheet")
    walls = Walls.of_town(a_town([a_building(20, -5, 30, 5, height_m=9.0), a_building(-20, 30, 20, 40, height_m=9.0)]))
    views = compute_views([row.pose for row in sheet.rows], walls, width_px=[row.width_px for row in sheet.rows])
    profiles = (IEC_62676_4_2014, IEC_62676_4_2025)
    parts = views_document(
        sheet.rows,
        views,
        views.areas_m2().tolist(),
        [True] * len(views),
        profiles,
        frame=walls.frame,
        attribution="the office",
    )
    document = json.loads("".join(parts))
    assert [feature["id"] for feature in document["features"]] == ["a", "b", "c"]
    assert document["attribution"] == "the office"
    for feature in document["features"]:
        told = feature["properties"]
        drawn = shapely.transform(shape(feature["geometry"]), walls.frame.to_xy_array)
        assert drawn.is_valid
        assert drawn.area == pytest.approx(told["area_m2"], rel=1e-3)
        assert len(told["bands"]) == 11
        for band in told["bands"]:
            piece = shapely.transform(shape(band["geometry"]), walls.frame.to_xy_array)
            assert piece.area == pytest.approx(band["area_m2"], rel=2e-3, abs=0.02)
            assert band["area_m2"] <= told["area_m2"] * (1 + 1e-9)
    assert [f["properties"]["directed"] for f in document["features"]] == [True, True, False]
    assert [f["properties"]["confidence"] for f in document["features"]] == ["eight_way", "eight_way", "unknown"]
    assert document["features"][1]["properties"]["over_roofs"]
