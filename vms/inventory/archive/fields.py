"""The one table of the archive's fields: what each is called, holds and must hold. Lists, forms and exports read it.

Which class requires what: GB/T 44297-2024 and the catalogue item of GB/T 28181-2022 as far as they say it, else the
office's practice; class 1 is asked for most, class 3 (households) for least.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    CODE = "code"
    """One code of `table`: a whole number where `numeric`, else a text."""
    CODES = "codes"
    """Any number of codes of `table`, whole numbers."""
    YES_NO = "yes/no"


class Group(StrEnum):
    """The parts of the record, as a form shows them."""

    IDENTITY = "identity"
    PLACE = "place"
    VIEW = "view"
    DEVICE = "device"
    NETWORK = "network"
    MANAGEMENT = "management"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveField:
    name: str
    kind: Kind
    group: Group
    zh: str
    en: str
    column: str
    """The column of `cameras`, and the name in the history of changes."""
    unit: str = ""
    table: str = ""
    numeric: bool = True
    required: frozenset[int] = frozenset()
    """Point classes whose record is incomplete without it."""
    least: float | None = None
    most: float | None = None
    longest: int = 200
    """Characters of a text."""
    must: bool = False
    """Never empty: there is no record without it."""
    personal: bool = False
    """Personal data: masked except for who keeps the record."""
    network: bool = False
    """A network address: for the roles that see addresses."""


ALL = frozenset({1, 2, 3})
PUBLIC = frozenset({1, 2})
FIRST = frozenset({1})
CLASSES = (1, 2, 3)


def _text(name: str, group: Group, zh: str, en: str, longest: int = 200, **more: object) -> ArchiveField:
    return _field(name, Kind.TEXT, group, zh, en, longest=longest, **more)


def _number(
    name: str, group: Group, zh: str, en: str, unit: str, least: float, most: float, **more: object
) -> ArchiveField:
    return _field(name, Kind.NUMBER, group, zh, en, unit=unit, least=least, most=most, **more)


def _whole(name: str, group: Group, zh: str, en: str, unit: str, least: int, most: int, **more: object) -> ArchiveField:
    return _field(name, Kind.INTEGER, group, zh, en, unit=unit, least=least, most=most, **more)


def _code(name: str, group: Group, zh: str, en: str, table: str = "", **more: object) -> ArchiveField:
    return _field(name, Kind.CODE, group, zh, en, table=table or name, **more)


def _field(name: str, kind: Kind, group: Group, zh: str, en: str, **more: object) -> ArchiveField:
    given: dict[str, object] = {"column": name} | more
    return ArchiveField(name=name, kind=kind, group=group, zh=zh, en=en, **given)  # type: ignore[arg-type]


_I, _P, _V, _D, _N, _M = Group

FIELDS: tuple[ArchiveField, ...] = (
    _text("gb_device_id", _I, "国标编码", "national device id", 20, required=PUBLIC),
    _text("name", _I, "名称", "name", required=ALL, must=True),
    _text("common_name", _I, "点位俗称", "common name"),
    _code("tier", _I, "建设类别", "tier", numeric=False, required=ALL, must=True),
    _code("point_class", _I, "点位类别", "point class", required=ALL, least=1, most=3),
    _code("asset_status", _I, "设备状态", "asset status", required=ALL, must=True),
    _text("region_code", _P, "行政区划代码", "civil code", 20, required=ALL),
    _text("police_org_code", _P, "所属公安机关代码", "police organisation code", 12, required=PUBLIC),
    _text("install_address", _P, "安装地址", "installation address", 500, required=ALL),
    _text("pole_code", _P, "杆号", "pole code", 40, required=FIRST),
    _number("lon", _P, "经度", "longitude", "°", -180, 180, required=PUBLIC),
    _number("lat", _P, "纬度", "latitude", "°", -90, 90, required=PUBLIC),
    _code("coordinate_system", _P, "坐标系", "coordinate system", numeric=False, column="entered_system", must=True),
    _code("site_category", _P, "场所类别", "site category", numeric=False, required=PUBLIC, longest=40),
    _field("position_types", Kind.CODES, _P, "位置类型", "position types", table="position_types", required=PUBLIC),
    _field("indoor", Kind.YES_NO, _P, "室内", "indoor", must=True),
    _number("mount_height_m", _V, "安装高度", "mounting height", "m", 0, 500, required=FIRST),
    _number("bearing_deg", _V, "监视方位", "bearing", "°", -360, 360, required=PUBLIC),
    _number("tilt_deg", _V, "俯角", "tilt below the horizon", "°", -90, 90),
    _number("h_fov_deg", _V, "水平视场角", "horizontal field of view", "°", 1, 360),
    _number("v_fov_deg", _V, "垂直视场角", "vertical field of view", "°", 1, 180),
    _number("max_view_m", _V, "最大可视距离", "farthest view", "m", 0, 20_000),
    _code("structure_type", _D, "摄像机结构类型", "structure type", required=PUBLIC),
    _field("function_types", Kind.CODES, _D, "摄像机功能类型", "function types", table="function_types"),
    _code("supply_light", _D, "补光属性", "supplementary light", required=FIRST),
    _code("encoding", _D, "视频编码格式", "video coding", numeric=False, required=FIRST, longest=20),
    _whole("width_px", _D, "图像宽度", "picture width", "px", 16, 65_536, required=FIRST),
    _whole("height_px", _D, "图像高度", "picture height", "px", 16, 65_536, required=FIRST),
    _text("manufacturer", _D, "设备厂商", "manufacturer", required=PUBLIC),
    _text("model", _D, "设备型号", "model", required=PUBLIC),
    _text("serial_no", _D, "设备序列号", "serial number", 100, required=FIRST),
    _text("mac", _N, "MAC 地址", "MAC address", 17, required=PUBLIC, network=True),
    _text("address", _N, "IPv4 地址", "IPv4 address or host name", 64, required=PUBLIC, network=True),
    _text("ipv6", _N, "IPv6 地址", "IPv6 address", 64, network=True),
    _whole("port", _N, "端口", "port", "", 1, 65_535, required=FIRST, network=True),
    _text("channel", _N, "通道", "channel", 100, column="declared_channel"),
    _code("network_attr", _N, "联网属性", "network attribute", required=FIRST),
    _text("owner", _M, "权属单位", "owner", column="owner_id", required=frozenset({2, 3})),
    _code("industry", _M, "所属部门/行业", "department or trade", numeric=False, required=FIRST, longest=40),
    _text("mgmt_unit", _M, "管理单位", "managing unit", required=PUBLIC),
    _text("mgmt_contact", _M, "管理单位联系方式", "contact of the managing unit", required=FIRST, personal=True),
    _field("installed_on", Kind.DATE, _M, "安装时间", "installed on", required=FIRST),
    _whole("retention_days", _M, "录像保存天数", "retention", "d", 0, 3_650, required=FIRST),
    _text("filing_no", _M, "备案编号", "filing number", required=PUBLIC),
    _field("filing_on", Kind.DATE, _M, "备案日期", "filed on", required=PUBLIC),
    _field("signage_present", Kind.YES_NO, _M, "提示标识", "visible sign", required=PUBLIC),
)  # fmt: skip

_BY_NAME = {field.name: field for field in FIELDS}
_BY_COLUMN = {field.column: field for field in FIELDS}

PLACE_COLUMNS = ("lon", "lat", "entered_x", "entered_y", "entered_system")
"""Change together: a position as it was entered and as the house keeps it."""


def field(name: str) -> ArchiveField:
    """Raises KeyError."""
    return _BY_NAME[name]


def find_field(name: str) -> ArchiveField | None:
    return _BY_NAME.get(name)


def field_of_column(column: str) -> ArchiveField | None:
    """The field that a line of the history is about; None: not one of the archive's fields."""
    return _BY_COLUMN.get(column) or _BY_NAME.get({"entered_x": "lon", "entered_y": "lat"}.get(column, ""))


def required_for(point_class: int) -> tuple[ArchiveField, ...]:
    return _REQUIRED.get(point_class, ())


_REQUIRED = {one: tuple(field for field in FIELDS if one in field.required) for one in CLASSES}
