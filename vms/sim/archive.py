"""The maintenance office's list of the city's cameras as CSV: nearly complete, some positions in GCJ-02."""

import csv
import io
import random

from vms.core.coordinates import wgs84_to_gcj02
from vms.inventory.camera import StreamRole
from vms.inventory.tier import Tier
from vms.sim.plan import SIZES, CityPlan, PretendChannel, PretendDevice

COLUMNS = (
    "name",
    "tier",
    "common_name",
    "region_code",
    "install_address",
    "pole_code",
    "serial_no",
    "mac",
    "address",
    "port",
    "channel",
    "lon",
    "lat",
    "coordinate_system",
    "mount_height_m",
    "bearing_deg",
    "tilt_deg",
    "h_fov_deg",
    "max_view_m",
    "width_px",
    "owner",
    "indoor",
)
FORGOTTEN_SHARE = 0.03
"""Cameras that nobody entered and only the network knows."""
GCJ02_SHARE = 0.15
REGION_CODES = ("410102001001", "410102001002", "410102002001", "410102003001")
OWNERS = {
    Tier.GOVERNMENT: ("市公安局", "交通管理支队", "城市管理局"),
    Tier.UNIT: ("商业银行", "人民医院", "第一小学", "花园百货", "和平路加油站", "长途汽车站"),
    Tier.COMMUNITY: ("中原物业", "幸福里小区", "建设社区居委会"),
    Tier.HOUSEHOLD: ("住户", "便民超市", "小吃店"),
}


def archive_csv(plan: CityPlan) -> str:
    """The same for the same plan. Text, to be written as UTF-8 with a byte order mark, as spreadsheets want it."""
    rng = random.Random(plan.seed + 1)
    out = io.StringIO(newline="")
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    rows.writeheader()
    for device in plan.devices:
        for channel in device.channels:
            row = _row(device, channel, rng)
            if rng.random() >= FORGOTTEN_SHARE:
                rows.writerow(row)
    return out.getvalue()


def _row(device: PretendDevice, channel: PretendChannel, rng: random.Random) -> dict[str, object]:
    pose = channel.pose
    position, system = pose.position, "wgs84"
    lon, lat = position.lon, position.lat
    if rng.random() < GCJ02_SHARE:
        lon, lat = wgs84_to_gcj02(lon, lat)
        system = "gcj02"
    on_pole = device.tier is Tier.GOVERNMENT
    return {
        "name": channel.name,
        "tier": device.tier,
        "common_name": channel.name[:-2] if rng.random() < 0.3 else "",
        "region_code": rng.choice(REGION_CODES),
        "install_address": channel.address,
        "pole_code": f"{1_000_000 + device.index * 7}" if on_pole else "",
        "serial_no": device.serial_no,
        "mac": device.macs[0],
        "address": device.address,
        "port": device.onvif_port,
        "channel": channel.token,
        "lon": f"{lon:.7f}",
        "lat": f"{lat:.7f}",
        "coordinate_system": system,
        "mount_height_m": pose.mount_height_m,
        "bearing_deg": pose.bearing_deg,
        "tilt_deg": pose.tilt_deg,
        "h_fov_deg": pose.h_fov_deg,
        "max_view_m": pose.max_view_m,
        "width_px": SIZES[StreamRole.MAIN][0],
        "owner": rng.choice(OWNERS[device.tier]),
        "indoor": "true" if channel.indoor else "false",
    }
