"""The columns of a camera list: the archive's fields, the headings that stand for them, how a cell is read."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from vms.inventory.archive.codes import CodeTables
from vms.inventory.archive.direction import BEARINGS_DEG
from vms.inventory.archive.fields import FIELDS, ArchiveField, Kind, field
from vms.inventory.archive.values import read_value
from vms.inventory.camera import LifeCycle
from vms.inventory.lists.collection_sheet import DIRECTION
from vms.inventory.lists.sensor_cell import SENSORS, read_sensors, sensors_text

Value = str | int | float | bool | date | list[int] | None

COLUMNS = tuple(one.name for one in FIELDS)
"""In the order in which they are written."""
LIFE_CYCLE, RECORD = "life_cycle", "record"
"""Columns of lists only: in which state the record is, and its mark (record_mark)."""
MARKS = (LIFE_CYCLE, RECORD)
BESIDE = (SENSORS, *MARKS)
"""What lists that are read back say besides the archive's fields."""
READ_COLUMNS = (*COLUMNS, DIRECTION, *BESIDE)
"""What a heading may stand for."""
TEXT_COLUMNS = frozenset(one.name for one in FIELDS if one.kind is Kind.TEXT or not one.numeric) | {SENSORS}
REQUIRED_COLUMNS = ("name", "tier")
"""Which nothing stands for where they are left empty."""
DATE_COLUMNS = frozenset(one.name for one in FIELDS if one.kind is Kind.DATE)
SEVERAL_CODES = frozenset(one.name for one in FIELDS if one.kind is Kind.CODES)
CODE_COLUMNS = frozenset(one.name for one in FIELDS if one.table)

ALIASES = {
    "name": "名称 点位名称 摄像机名称 设备名称 监控点名称",
    "tier": "层级 建设类别 建设性质 tier层级",
    "common_name": "俗称 点位俗称 通称",
    "region_code": "行政区划代码 行政区划 区划代码 行政区域",
    "install_address": "安装地址 安装地点 详细地址",
    "pole_code": "杆号 电线杆号 立杆编号 杆体编号",
    "gb_device_id": "国标编码 国标id 国标编号 设备编码 摄像机编码 deviceid",
    "serial_no": "序列号 设备序列号 serial sn",
    "mac": "mac地址 物理地址",
    "address": "ip地址 ip ipv4 ipv4地址 设备ip ipaddress",
    "ipv6": "ipv6地址",
    "port": "端口 端口号 onvif端口",
    "channel": "通道 通道号",
    "lon": "经度 longitude",
    "lat": "纬度 latitude",
    "coordinate_system": "坐标系 坐标系统 坐标类型",
    "mount_height_m": "安装高度 架设高度 杆高",
    "bearing_deg": "方位角 监视方位 朝向 监视方位角",
    "tilt_deg": "俯角 俯仰角",
    "h_fov_deg": "视场角 水平视场角",
    "v_fov_deg": "垂直视场角",
    "max_view_m": "可视距离 最大可视距离 监控距离",
    "width_px": "图像宽度 水平像素",
    "height_px": "图像高度 垂直像素",
    "owner": "权属单位 所属单位 产权单位 业主",
    "point_class": "点位类别 点位类型 摄像机点位类型 监控点位类型",
    "indoor": "室内 是否室内",
    "manufacturer": "厂商 设备厂商 品牌 生产厂商 厂家",
    "model": "型号 设备型号 规格型号",
    "structure_type": "摄像机类型 摄像机结构类型 结构类型",
    "function_types": "摄像机功能类型 功能类型",
    "position_types": "摄像机位置类型 位置类型",
    "supply_light": "补光属性 补光",
    "encoding": "摄像机编码格式 视频编码格式 编码格式",
    "network_attr": "联网属性",
    "police_org_code": "所属辖区公安机关 所属公安机关代码 辖区公安机关 公安机关代码",
    "installed_on": "安装时间 安装日期",
    "mgmt_unit": "管理单位",
    "mgmt_contact": "管理单位联系方式 联系方式",
    "retention_days": "录像保存天数 存储天数",
    "asset_status": "设备状态 资产状态",
    "industry": "所属部门/行业 所属部门 所属行业",
    "filing_no": "备案编号 备案号",
    "filing_on": "备案日期 备案时间",
    "signage_present": "提示标识 是否有提示标识",
    "site_category": "场所类别",
    DIRECTION: "方向代码 监视方位代码 directioncode",
    SENSORS: "多镜头 镜头朝向 各镜头方位",
    LIFE_CYCLE: "本系统档案状态 recordstate",
    RECORD: "本系统档案标记 recordmark",
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "tier": {
        "government": "政府 公安 政府投资",
        "unit": "单位 企业 社会单位",
        "community": "社区 小区 物业 村",
        "household": "住户 家庭 居民 个人 商铺",
    },
    "coordinate_system": {
        "wgs84": "wgs-84 wgs_84 cgcs2000 国家2000 地球坐标",
        "gcj02": "gcj-02 gcj_02 火星坐标 国测局坐标 高德 腾讯",
        "bd09": "bd-09 bd_09 bd09ll 百度坐标 百度",
    },
    "indoor": {"true": "室内", "false": "室外"},
    "signage_present": {"true": "有 已设置", "false": "无 没有 未设置"},
    "point_class": {
        "1": "一类 一类点位 1类 1类点 一类视频监控点",
        "2": "二类 二类点位 2类 2类点 二类视频监控点",
        "3": "三类 三类点位 3类 3类点 三类视频监控点",
    },
    "asset_status": {"10": "正常 使用中", "20": "停止使用", "40": "维修中", "50": "拆除 已拆除"},
    "supply_light": {"1": "无", "2": "红外", "3": "白光", "4": "激光"},
    "network_attr": {"0": "联网 是", "1": "否"},
    "encoding": {"H264": "avc", "H265": "hevc", "MPEG4": "mpeg-4"},
}
"""What the field writes besides the names in the code tables."""

_BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")
_NOISE = re.compile(r"[\s_*＊:：-]+")
_SEVERAL = re.compile(r"[;；、,，/|]+")
_CODE_AND_NAME = re.compile(r"(\w{1,6})\s*[-:：.、\s]\s*(\D.*)")
_SHORTENED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_DAY_NUMBER = re.compile(r"(\d{5})(?:\.\d+)?")
_DAY_ZERO = date(1899, 12, 30)
"""From which spreadsheets count the days."""
_IDENTIFIERS = frozenset(
    ("gb_device_id", "serial_no", "pole_code", "filing_no", "police_org_code", "region_code", "channel")
)
_OFTEN_NEW = frozenset(
    (
        "gb_device_id",
        "name",
        "install_address",
        "pole_code",
        "serial_no",
        "mac",
        "address",
        "ipv6",
        "lon",
        "lat",
        RECORD,
    )
)
"""Hardly two cells of such a column say the same."""
MOST_REMEMBERED = 20_000
"""Cells that were read before: the other columns hold few different texts."""


def bare(heading: str) -> str:
    return _NOISE.sub("", _BRACKETS.sub("", heading)).lower()


_BY_HEADING = {
    bare(alias): name
    for name, aliases in ALIASES.items()
    for alias in (name, *aliases.split(), *((field(name).zh, field(name).en) if name in COLUMNS else ()))
}


def column_of(heading: str) -> str | None:
    """`经度(度)` and ` Lon ` are lon; None where nobody knows the heading."""
    return _BY_HEADING.get(bare(heading))


class CellReader:
    """Reads cells with the code tables in force: a code may be written as itself or by its Chinese or English name."""

    __slots__ = ("_remembered", "_seen", "_words")

    def __init__(self, tables: CodeTables) -> None:
        self._words = {one.name: _words_of(one, tables) for one in FIELDS if one.table or one.kind is Kind.YES_NO}
        self._seen: dict[str, dict[str, Value]] = {name: {} for name in READ_COLUMNS if name not in _OFTEN_NEW}
        self._remembered = 0

    def read(self, column: str, text: str) -> Value:
        """Raises ValueError with the reason. An empty cell is read as well: what it says depends on the column."""
        seen = self._seen.get(column)
        if seen is None:
            return text if column == RECORD else _plain(column, text)
        if text in seen:
            return seen[text]
        found: Value
        if column in _OF_LISTS:
            found = _OF_LISTS[column](text)
        else:
            found = self._coded(field(column), text) if column in self._words else _plain(column, text)
        if self._remembered >= MOST_REMEMBERED:
            self._remembered = 0
            for texts in self._seen.values():
                texts.clear()
        self._remembered += 1
        seen[text] = found
        return found

    def knows(self, column: str, text: str) -> bool:
        try:
            self.read(column, text)
        except ValueError:
            return False
        return True

    def _coded(self, one: ArchiveField, text: str) -> Value:
        words = self._words[one.name]
        if one.kind is Kind.CODES:
            parts = [text] if text.casefold() in words else [part for part in _SEVERAL.split(text) if part.strip()]
            if len(parts) == 1 and text.replace(" ", "").isdecimal():
                parts = text.split()
            given: object = [_code(part, words) for part in parts]
        else:
            given = _code(text, words)
        try:
            found = read_value(one, given)
        except ValueError as problem:
            raise ValueError(_known(str(problem), one, words)) from None
        return list(found) if isinstance(found, tuple) else found


def _plain(column: str, text: str) -> Value:
    if column in _IDENTIFIERS and not text.isdecimal() and _SHORTENED.fullmatch(text):
        raise ValueError("shortened by a spreadsheet: digits are lost; format the column as text")
    if column in DATE_COLUMNS and (day := day_of_number(text)):
        text = day.isoformat()
    found = read_value(field(column), text)
    return list(found) if isinstance(found, tuple) else found


def day_of_number(text: str, *, from_1904: bool = False) -> date | None:
    """The day that a spreadsheet's number stands for where its cell was not formatted as a date; without the time."""
    found = _DAY_NUMBER.fullmatch(text) if text.isascii() else None
    return found and _DAY_ZERO + timedelta(days=int(found[1]) + (1_462 if from_1904 else 0))


def read_direction(text: str) -> int | None:
    """The code 1–8, or a name such as 东 or 东（西向东）. Raises ValueError."""
    if not text:
        return None
    found = _DIRECTIONS.get(bare(text)) or _DIRECTIONS.get(text[:1])
    if found is None:
        raise ValueError("not a direction code between 1 and 8")
    return found


def read_life_cycle(text: str) -> str | None:
    """Raises ValueError."""
    if not text:
        return None
    found = _LIFE_CYCLES.get(text.casefold())
    if found is None:
        raise ValueError(f"unknown; known are {', '.join(LifeCycle)}")
    return found


_LIFE_CYCLES = {state.value: state.value for state in LifeCycle} | {
    "待接入": "pending",
    "草稿": "draft",
    "待审核": "submitted",
    "在用": "approved",
    "变更中": "changing",
    "已停用": "retired",
}
_OF_LISTS: Mapping[str, Callable[[str], Value]] = {
    DIRECTION: read_direction,
    LIFE_CYCLE: read_life_cycle,
    SENSORS: lambda text: sensors_text(read_sensors(text)),
}
_DIRECTIONS = {str(code): code for code in BEARINGS_DEG} | dict(
    zip(["东", "西", "南", "北", "东南", "东北", "西南", "西北"], BEARINGS_DEG, strict=True)
)


def _words_of(one: ArchiveField, tables: CodeTables) -> dict[str, str]:
    found = {
        word: code for code, words in _WORDS.get(one.name, {}).items() for word in (code.casefold(), *words.split())
    }
    for entry in reversed(tables.in_use(one.table) if one.table else ()):
        found |= dict.fromkeys((entry.zh.casefold(), entry.en.casefold()), entry.code)
    return found | {entry.code.casefold(): entry.code for entry in (tables.in_use(one.table) if one.table else ())}


def _code(text: str, words: Mapping[str, str]) -> str:
    """Also `1-球机`, as other systems write it."""
    plain = text.strip().casefold()
    if plain in words:
        return words[plain]
    both = _CODE_AND_NAME.fullmatch(plain)
    return words[both[1]] if both and both[1] in words else text.strip()


def _known(reason: str, one: ArchiveField, words: Mapping[str, str]) -> str:
    if not (reason == "not a whole number" and words):
        return reason
    names: dict[str, str] = {}
    for word, code in words.items():
        if word != code.casefold():
            names.setdefault(code, word)
    known = ", ".join(f"{code} {name}" for code, name in sorted(names.items(), key=lambda item: (len(item[0]), item)))
    return f"unknown; known are {known}"[:300]
