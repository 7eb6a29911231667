"""The collection sheet of 27 columns that every bureau's office knows: which heading stands for which field."""

from collections.abc import Iterable, Mapping

DIRECTION = "direction"
"""A column of lists only: the direction code 1–8, which becomes `bearing_deg`."""

SHEET: tuple[tuple[str, str], ...] = (
    ("设备编码", "gb_device_id"),
    ("设备名称", "name"),
    ("设备厂商", "manufacturer"),
    ("行政区域", "region_code"),
    ("监控点位类型", "point_class"),
    ("设备型号", "model"),
    ("点位俗称", "common_name"),
    ("IPv4地址", "address"),
    ("IPv6地址", "ipv6"),
    ("MAC地址", "mac"),
    ("摄像机类型", "structure_type"),
    ("摄像机功能类型", "function_types"),
    ("补光属性", "supply_light"),
    ("摄像机编码格式", "encoding"),
    ("安装地址", "install_address"),
    ("经度", "lon"),
    ("纬度", "lat"),
    ("摄像机位置类型", "position_types"),
    ("监视方位", DIRECTION),
    ("联网属性", "network_attr"),
    ("所属辖区公安机关", "police_org_code"),
    ("安装时间", "installed_on"),
    ("管理单位", "mgmt_unit"),
    ("管理单位联系方式", "mgmt_contact"),
    ("录像保存天数", "retention_days"),
    ("设备状态", "asset_status"),
    ("所属部门/行业", "industry"),
)
"""It says nothing of the tier, and its positions are WGS-84."""

_SIGNS = frozenset({"监控点位类型", "摄像机位置类型", "监视方位"})
"""Together they stand in this sheet only; elsewhere 监视方位 is in degrees."""
_BARE = {heading.lower(): column for heading, column in SHEET}
OLD_CODES: Mapping[str, Mapping[str, str]] = {
    "encoding": {"1": "MPEG4", "2": "H264", "3": "SVAC", "4": "H265"},
    "asset_status": {"1": "10", "2": "40", "3": "50"},
}
"""Codes that older editions of the sheet use: 在用, 维修, 拆除."""


def is_collection_sheet(headings: Iterable[str]) -> bool:
    return {bare_heading(heading) for heading in headings} >= _SIGNS


def sheet_column(heading: str) -> str | None:
    return _BARE.get(bare_heading(heading))


def bare_heading(heading: str) -> str:
    """Without what offices add: marks for required columns, spaces, line breaks."""
    return "".join(heading.split()).strip("*＊：:").lower()
