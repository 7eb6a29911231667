"""The columns of a camera list: names, what the field calls them in Chinese, and how each value is read."""

import math
import re
from collections.abc import Callable
from ipaddress import ip_address

from vms.inventory.camera import CoordinateSystem
from vms.inventory.keys import tidy_mac
from vms.inventory.tier import Tier

Value = str | int | float | bool | None
Reader = Callable[[str], Value]

COLUMNS = (
    "name",
    "tier",
    "common_name",
    "region_code",
    "install_address",
    "pole_code",
    "gb_device_id",
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
    "point_class",
    "indoor",
    "manufacturer",
    "model",
)
"""In the order in which they are written."""

TEXT_COLUMNS = frozenset(
    ("name", "common_name", "install_address", "pole_code", "serial_no", "channel", "owner", "manufacturer", "model")
)

ALIASES = {
    "name": "名称 点位名称 摄像机名称 设备名称 监控点名称",
    "tier": "层级 建设类别 建设性质 tier层级",
    "common_name": "俗称 点位俗称 通称",
    "region_code": "行政区划代码 行政区划 区划代码 行政区域",
    "install_address": "安装地址 安装地点 详细地址",
    "pole_code": "杆号 电线杆号 立杆编号 杆体编号",
    "gb_device_id": "国标编码 国标id 国标编号 设备编码 摄像机编码",
    "serial_no": "序列号 设备序列号",
    "mac": "mac地址 物理地址",
    "address": "ip地址 ip ipv4 ipv4地址 设备ip",
    "port": "端口 端口号 onvif端口",
    "channel": "通道 通道号",
    "lon": "经度 longitude",
    "lat": "纬度 latitude",
    "coordinate_system": "坐标系 坐标系统 坐标类型",
    "mount_height_m": "安装高度 架设高度 杆高",
    "bearing_deg": "方位角 监视方位 朝向 监视方位角",
    "tilt_deg": "俯角 俯仰角",
    "h_fov_deg": "视场角 水平视场角",
    "max_view_m": "可视距离 最大可视距离 监控距离",
    "width_px": "图像宽度 水平像素",
    "owner": "权属单位 所属单位 产权单位 业主",
    "point_class": "点位类别 点位类型 摄像机点位类型",
    "indoor": "室内 是否室内",
    "manufacturer": "厂商 设备厂商 品牌 生产厂商",
    "model": "型号 设备型号 规格型号",
}

_BRACKETS = re.compile(r"[((\[].*?[))\]]")
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*\.?")
_CODE = re.compile(r"[0-9A-Za-z-]*")
_BY_HEADING = {alias: name for name, aliases in ALIASES.items() for alias in (name, *aliases.split())}


def column_of(heading: str) -> str | None:
    """`经度(度)` and ` Lon ` are lon; None where nobody knows the heading."""
    bare = _BRACKETS.sub("", heading).strip().strip("*").lower().replace(" ", "_")
    return _BY_HEADING.get(bare) or _BY_HEADING.get(bare.replace("_", ""))


def read_value(column: str, text: str) -> Value:
    """The value of a cell that is not empty. Raises ValueError with the reason."""
    return _READERS[column](text)


def _text(longest: int) -> Reader:
    def read(text: str) -> Value:
        if len(text) > longest:
            raise ValueError(f"longer than {longest} characters")
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
            raise ValueError("holds control characters or line breaks")
        return text

    return read


def _number(least: float, most: float, *, whole_circle: bool = False) -> Reader:
    def read(text: str) -> Value:
        try:
            value = float(text)
        except ValueError:
            raise ValueError("not a number (decimals are written with a point)") from None
        if not (math.isfinite(value) and least <= value <= most):
            raise ValueError(f"not between {least:g} and {most:g}")
        return value % 360.0 if whole_circle else value

    return read


def _whole(least: int, most: int) -> Reader:
    def read(text: str) -> Value:
        bare = text.removesuffix(".0")
        if not (bare.isdecimal() and len(bare) <= 9 and least <= int(bare) <= most):
            raise ValueError(f"not a whole number between {least} and {most}")
        return int(bare)

    return read


def _choice(choices: dict[str, Value], known: str) -> Reader:
    def read(text: str) -> Value:
        try:
            return choices[text.strip().lower()]
        except KeyError:
            raise ValueError(f"unknown; known are {known}") from None

    return read


def _code(text: str) -> Value:
    if not _CODE.fullmatch(text) or len(text) > 20:
        raise ValueError("not a code of at most 20 digits, letters or hyphens")
    return text


def _mac(text: str) -> Value:
    if not (found := tidy_mac(text)):
        raise ValueError("not the MAC of a network card, such as 44:19:b6:0a:1b:2c")
    return found


def _address(text: str) -> Value:
    try:
        return str(ip_address(text))
    except ValueError:
        dotted_digits = all(part.isdecimal() for part in text.split("."))
        if len(text) > 64 or dotted_digits or not _HOST.fullmatch(text):
            raise ValueError("not an IP address or host name") from None
    return text.lower()


_TIER_WORDS = {
    Tier.GOVERNMENT: "政府 公安 政府投资",
    Tier.UNIT: "单位 企业 社会单位",
    Tier.COMMUNITY: "社区 小区 物业 村",
    Tier.HOUSEHOLD: "住户 家庭 居民 个人 商铺",
}
_TIERS: dict[str, Value] = {
    word: tier.value for tier, words in _TIER_WORDS.items() for word in (tier.value, *words.split())
}
_SYSTEM_WORDS = {
    CoordinateSystem.WGS84: "wgs-84 wgs_84 cgcs2000 国家2000 地球坐标",
    CoordinateSystem.GCJ02: "gcj-02 gcj_02 火星坐标 国测局坐标 高德 腾讯",
    CoordinateSystem.BD09: "bd-09 bd_09 bd09ll 百度坐标 百度",
}
_SYSTEMS: dict[str, Value] = {
    word: system.value for system, words in _SYSTEM_WORDS.items() for word in (system.value, *words.split())
}
_YES_NO: dict[str, Value] = {
    **dict.fromkeys(("true", "yes", "y", "1", "是", "室内"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否", "室外"), False),
}

_READERS: dict[str, Reader] = {
    "name": _text(200),
    "tier": _choice(_TIERS, "government, unit, community, household"),
    "common_name": _text(200),
    "region_code": _code,
    "install_address": _text(500),
    "pole_code": _text(40),
    "gb_device_id": _code,
    "serial_no": _text(100),
    "mac": _mac,
    "address": _address,
    "port": _whole(1, 65_535),
    "channel": _text(100),
    "lon": _number(-180.0, 180.0),
    "lat": _number(-90.0, 90.0),
    "coordinate_system": _choice(_SYSTEMS, "wgs84, gcj02, bd09"),
    "mount_height_m": _number(0.0, 500.0),
    "bearing_deg": _number(-360.0, 360.0, whole_circle=True),
    "tilt_deg": _number(-90.0, 90.0),
    "h_fov_deg": _number(1.0, 360.0),
    "max_view_m": _number(0.0, 20_000.0),
    "width_px": _whole(16, 65_536),
    "owner": _text(200),
    "point_class": _whole(1, 3),
    "indoor": _choice(_YES_NO, "true, false"),
    "manufacturer": _text(200),
    "model": _text(200),
}
