"""`vms coverage views`: from the stored map and a sheet of cameras to a GeoJSON file, all or nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders.coverage import a_building, a_road, a_town, at
from vms.cli.coverage_views import Edition, views
from vms.core.errors import BadInput
from vms.services.maps.import_map import import_map
from vms.store.database import Database
from vms.store.migrate import upgrade

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def town_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("VMS_DATA_FOLDER", str(tmp_path))
    url = f"sqlite:///{tmp_path}/town.db"
    database = Database(url)
    upgrade(database)
    houses = [a_building(20.0, -30.0, 30.0, 30.0, height_m=9.0), a_building(-40.0, -40.0, -10.0, -10.0)]
    import_map(database, a_town(houses, [a_road((-50.0, 0.0), (100.0, 0.0))]), now=NOW)
    database.close()
    return url


def sheet(folder: Path, *rows: str) -> Path:
    path = folder / "cameras.csv"
    head = "id,lon,lat,height_m,bearing_deg,tilt_deg,h_fov_deg,range_m,width_px"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def row(name: str, x_m: float, y_m: float, rest: str) -> str:
    spot = at(x_m, y_m)
    return f"{name},{spot.lon!r},{spot.lat!r},{rest}"


def compute(folder: Path, url: str, cameras: Path, *, snap: bool = True) -> dict[str, dict]:
    output = folder / "views.geojson"
    views(cameras=cameras, output=output, snap=snap, profile=Edition.OF_2014, band_shapes=False, db=url, as_json=True)
    return {f["id"]: f["properties"] for f in json.loads(output.read_text())["features"]}


def test_each_camera_has_its_area_its_bands_and_where_it_was_computed_from(tmp_path, town_url, capsys):
    cameras = sheet(
        tmp_path,
        row("low", 0.0, 0.0, ",90,,90,100,1920"),
        row("high", 0.0, 0.0, "30,90,,90,100,1920"),
        row("on the wall", 19.9, 5.0, "4,270,,90,15,1920"),
    )
    found = compute(tmp_path, town_url, cameras)
    assert found["low"]["area_m2"] == pytest.approx(400.0, rel=0.01), "the triangle before the wall"
    assert found["high"]["area_m2"] > 3 * found["low"]["area_m2"]
    assert (found["on the wall"]["snapped"], round(found["on the wall"]["snap_m"], 1)) == (True, 0.4)
    assert [band["name"] for band in found["low"]["bands"]][:2] == ["detection", "observation"]
    assert json.loads(capsys.readouterr().out)["snapped"] == 1
    told = compute(tmp_path, town_url, cameras, snap=False)
    assert (told["on the wall"]["snapped"], told["on the wall"]["snap_m"]) == (False, 0.0)


def test_the_plain_line_of_sight_is_told_whatever_columns_are_filled(tmp_path, town_url, capsys):
    cameras = sheet(
        tmp_path,
        row("plain", 0.0, 0.0, ",90,,90,100,1920"),
        row("tilted", 0.0, 0.0, "6,90,60,90,100,1920"),
        row("elsewhere", 5_000.0, 0.0, "6,90,40,90,100,1920"),
    )
    found = compute(tmp_path, town_url, cameras)
    plain_m2 = found["plain"]["in_sight_m2"]
    assert found["plain"]["sight_to_range_m2"] == pytest.approx(plain_m2, rel=1e-9)
    assert found["tilted"]["sight_to_range_m2"] == pytest.approx(plain_m2, rel=1e-9)
    assert found["tilted"]["in_sight_m2"] < plain_m2
    assert found["elsewhere"]["sight_to_range_m2"] == pytest.approx(3.14159265 * 100.0**2 / 4.0)
    assert [found[name]["on_map"] for name in ("plain", "elsewhere")] == [True, False]
    assert json.loads(capsys.readouterr().out)["off_map"] == 1
    output = tmp_path / "views.geojson"
    views(cameras=cameras, output=output, profile=Edition.OF_2014, band_shapes=False, db=town_url)
    assert "1 of 3 cameras stand outside the map" in capsys.readouterr().err


def test_a_sheet_with_a_wrong_cell_writes_nothing(tmp_path, town_url):
    cameras = sheet(tmp_path, row("a", 0.0, 0.0, ",90,,90,100,1920"), "b,1,91,,,,,,")
    with pytest.raises(BadInput, match="line 3, column lat: 91 is not between -90 and 90"):
        compute(tmp_path, town_url, cameras)
    assert not (tmp_path / "views.geojson").exists()
