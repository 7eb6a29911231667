"""The maintenance office's list."""

import csv
import io

from vms.core.coordinates import gcj02_to_wgs84
from vms.sim.archive import COLUMNS, archive_csv
from vms.sim.plan import plan_city


def rows_of(cameras: int) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive_csv(plan_city(cameras)))))


def test_a_few_cameras_are_known_only_to_the_network() -> None:
    assert 380 <= len(rows_of(400)) < 400


def test_gcj02_rows_lie_where_the_cameras_are() -> None:
    where = {
        (device.address, channel.token): channel.pose.position
        for device in plan_city(400).devices
        for channel in device.channels
    }
    systems = set()
    for row in rows_of(400):
        lon, lat = float(row["lon"]), float(row["lat"])
        true = where[row["address"], row["channel"]]
        systems.add(row["coordinate_system"])
        if row["coordinate_system"] == "gcj02":
            assert abs(lon - true.lon) > 0.003
            lon, lat = gcj02_to_wgs84(lon, lat)
        assert abs(lon - true.lon) < 1e-6
        assert abs(lat - true.lat) < 1e-6
    assert systems == {"wgs84", "gcj02"}


def test_every_column_is_there_and_poles_belong_to_the_government() -> None:
    rows = rows_of(100)
    assert tuple(rows[0]) == COLUMNS
    assert all(bool(row["pole_code"]) == (row["tier"] == "government") for row in rows)
    assert {row["indoor"] for row in rows} <= {"true", "false"}


def test_it_is_the_same_each_time() -> None:
    assert archive_csv(plan_city(50)) == archive_csv(plan_city(50))
