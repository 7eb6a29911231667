"""What a list of cameras can be filtered by: names, what the field calls them in Chinese, kinds, words for values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vms.inventory.archive.fields import find_field
from vms.inventory.archive.rule_names import RULE_NAMES
from vms.inventory.camera import LifeCycle
from vms.inventory.device import AuthScheme
from vms.inventory.differences import COMPARED
from vms.inventory.tier import Tier


class FieldKind(StrEnum):
    TEXT = "text"
    CODE = "code"
    """Text without case, compared as a whole; `*` stands for anything."""
    REGION = "region"
    """A code; `region in 3101` is everything below it."""
    WHOLE = "whole"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NETWORK = "network"
    """An IP address; `address in 10.1.0.0/16`."""
    CODES = "codes"
    """Several numbers of a code table; equal means: one of them is it."""
    MARK = "mark"
    """Only to be asked for with `has:`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterField:
    name: str
    kind: FieldKind
    label_en: str
    label_zh: str
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Value → other words for it, the Chinese label first."""
    labels_en: Mapping[str, str] = field(default_factory=dict)
    """Value → its English label, where that is not the value."""
    whose: bool = False
    """Tells whose a camera is, or which piece: a firm's crew reads it of those only that it was sent for."""
    restricted: bool = False
    """For roles that read network addresses only."""
    restricted_values: frozenset[str] = frozenset()
    """Of a field that is not restricted itself."""
    judged: bool = False
    """Of the judgements on records, which are made after a record was written."""


class UnknownField(ValueError):
    pass


_TIERS = {
    Tier.GOVERNMENT.value: ("政府", "公安", "政府投资"),
    Tier.UNIT.value: ("单位", "企业", "社会单位"),
    Tier.COMMUNITY.value: ("社区", "小区", "物业", "村"),
    Tier.HOUSEHOLD.value: ("住户", "家庭", "居民", "个人", "商铺"),
}
_STATUSES = {
    "up": ("正常", "在线", "online"),
    "suspect": ("可疑", "疑似"),
    "down": ("故障", "离线", "offline"),
    "unknown": ("未知",),
}
_LIFE_CYCLES = {
    LifeCycle.PENDING.value: ("待接入", "待确认", "待处理"),
    LifeCycle.DRAFT.value: ("草稿",),
    LifeCycle.SUBMITTED.value: ("待审核", "已提交"),
    LifeCycle.APPROVED.value: ("在用", "已审核", "已批准"),
    LifeCycle.CHANGING.value: ("变更中",),
    LifeCycle.RETIRED.value: ("已停用", "已退役", "注销", "停用"),
}
_AUTHS = {
    AuthScheme.UNKNOWN.value: ("未知",),
    AuthScheme.NONE.value: ("无",),
    AuthScheme.WSSE.value: (),
    AuthScheme.DIGEST.value: ("摘要",),
    AuthScheme.REFUSED.value: ("被拒绝",),
}
_RULES = {code: (zh.lower(),) for code, (_, zh) in RULE_NAMES.items()}
_RULES_EN = {code: en for code, (en, _) in RULE_NAMES.items()}
_DIFFERENCES = {
    name: (known.zh.lower().replace(" ", "") if (known := find_field(name)) else "坐标",) for name in COMPARED
}
_HIDDEN_DIFFERENCES = frozenset(name for name in COMPARED if (known := find_field(name)) and known.network)
YES = ("true", "yes", "y", "1", "是", "有")
NO = ("false", "no", "n", "0", "否", "无")


def _fields() -> tuple[FilterField, ...]:
    def one(name: str, kind: FieldKind, label_en: str, zh: str, **more: object) -> FilterField:
        label_zh, *others = zh.split()
        given = {"label_en": label_en, "label_zh": label_zh, "aliases": (label_zh, *others)} | more
        return FilterField(name=name, kind=kind, **given)  # type: ignore[arg-type]

    kind = FieldKind
    return (
        one("id", kind.WHOLE, "number", "编号 序号"),
        one("name", kind.TEXT, "name", "名称 点位名称 摄像机名称"),
        one("common_name", kind.TEXT, "common name", "俗称 点位俗称 通称"),
        one("tier", kind.CHOICE, "tier", "层级 建设类别 建设性质", choices=_TIERS),
        one("point_class", kind.WHOLE, "point class", "点位类别 点位类型"),
        one(
            "region",
            kind.REGION,
            "region",
            "区域 行政区划 行政区划代码 辖区 region_code",
        ),
        one("install_address", kind.TEXT, "place of installation", "安装地址 地址 安装地点 位置"),
        one("pole", kind.CODE, "pole number", "杆号 电线杆号 pole_code"),
        one(
            "gb_device_id",
            kind.CODE,
            "national number",
            "国标编码 国标编号 国标ID gb",
        ),
        one("serial_no", kind.CODE, "serial number", "序列号 serial sn", whose=True),
        one("mac", kind.CODE, "MAC", "MAC地址 物理地址", restricted=True),
        one("address", kind.NETWORK, "network address", "IP地址 IP ipv4", restricted=True),
        one("ipv6", kind.CODE, "IPv6 address", "IPv6地址", restricted=True),
        one("port", kind.WHOLE, "port", "端口", restricted=True),
        one("manufacturer", kind.TEXT, "maker", "厂商 品牌 设备厂商 maker"),
        one("model", kind.TEXT, "model", "型号 设备型号"),
        one("firmware", kind.TEXT, "firmware", "固件 固件版本"),
        one("owner", kind.TEXT, "owner", "权属单位 业主 所属单位 产权单位", whose=True),
        one("owner_id", kind.WHOLE, "owner's number", "业主编号", whose=True),
        one("maintainer", kind.TEXT, "maintaining firm", "维保单位 运维单位"),
        one("maintainer_id", kind.WHOLE, "maintaining firm's number", "维保单位编号"),
        one("device_id", kind.WHOLE, "device's number", "设备编号"),
        one("channel", kind.CODE, "channel", "通道 通道号"),
        one("status", kind.CHOICE, "status", "状态 在线状态 运行状态", choices=_STATUSES),
        one("since", kind.INSTANT, "has its status since", "状态起始 起始时间"),
        one("fault", kind.CODE, "open fault", "未关闭故障 故障类型 故障 open_faults faults"),
        one("problem", kind.CODE, "problem of the device", "设备问题 问题 problems"),
        one("auth", kind.CHOICE, "how to sign in", "认证方式 认证", choices=_AUTHS),
        one("login_refused", kind.YES_NO, "login refused", "登录被拒"),
        one("life_cycle", kind.CHOICE, "life cycle", "档案状态 生命周期", choices=_LIFE_CYCLES),
        one("asset_status", kind.WHOLE, "asset status", "资产状态 使用状态"),
        one("indoor", kind.YES_NO, "indoors", "室内"),
        one("ptz", kind.YES_NO, "turns and zooms", "云台"),
        one("structure_type", kind.WHOLE, "structure type", "结构类型 摄像机类型"),
        one("function_type", kind.CODES, "function type", "功能类型 function_types"),
        one("position_type", kind.CODES, "position type", "位置类型 position_types"),
        one("supply_light", kind.WHOLE, "supply light", "补光 补光属性"),
        one("encoding", kind.CODE, "coding", "编码格式 编码"),
        one("network_attr", kind.WHOLE, "network", "联网属性"),
        one("industry", kind.CODE, "industry", "所属行业 行业"),
        one("site_category", kind.CODE, "category of the site", "场所类别"),
        one("police_org_code", kind.CODE, "police organisation", "公安机构代码 机构代码"),
        one("mgmt_unit", kind.TEXT, "managing unit", "管理单位"),
        one("filing_no", kind.CODE, "filing number", "备案号 备案编号"),
        one("filing_on", kind.DATE, "filed on", "备案日期"),
        one("signage", kind.YES_NO, "sign present", "提示标识 signage_present"),
        one("installed_on", kind.DATE, "installed on", "安装日期 安装时间"),
        one("retention_days", kind.WHOLE, "days kept", "存储天数 录像保存天数"),
        one("mount_height_m", kind.NUMBER, "height in m", "安装高度 杆高"),
        one("bearing_deg", kind.NUMBER, "bearing in °", "方位角 监视方位"),
        one("tilt_deg", kind.NUMBER, "tilt in °", "俯角 俯仰角"),
        one("h_fov_deg", kind.NUMBER, "field of view in °", "视场角 水平视场角"),
        one("max_view_m", kind.NUMBER, "view in m", "可视距离"),
        one("width_px", kind.WHOLE, "picture width in px", "图像宽度"),
        one("height_px", kind.WHOLE, "picture height in px", "图像高度"),
        one("lon", kind.NUMBER, "longitude", "经度"),
        one("lat", kind.NUMBER, "latitude", "纬度"),
        one("created_at", kind.INSTANT, "entered at", "建档时间"),
        one("changed_at", kind.INSTANT, "last change", "最后修改 修改时间 变更时间"),
        one("completeness", kind.NUMBER, "completeness in %", "完整率", judged=True),
        one(
            "breaks",
            kind.CHOICE,
            "breaks the rule",
            "违反 违反规则 不合格项",
            choices=_RULES,
            labels_en=_RULES_EN,
            judged=True,
        ),
        one(
            "differs",
            kind.CHOICE,
            "differs from the device in",
            "不一致 不一致项 与设备不一致",
            choices=_DIFFERENCES,
            restricted_values=_HIDDEN_DIFFERENCES,
            judged=True,
        ),
        one("class", kind.WHOLE, "class that counts", "适用类别 适用点位类别", judged=True),
        one("position", kind.MARK, "a position", "坐标 经纬度"),
        one("device", kind.MARK, "a device", "设备"),
        one("stream", kind.MARK, "a stream", "码流"),
        one("still", kind.MARK, "a still picture", "截图 快照"),
        one("photograph", kind.MARK, "a photograph", "照片 现场照片"),
    )


FIELDS = _fields()
_BY_NAME = {alias.lower(): item for item in FIELDS for alias in (item.name, *item.aliases)}


def field_of(name: str) -> FilterField:
    """By its name or another word for it. Raises UnknownField."""
    try:
        return _BY_NAME[name.lower()]
    except KeyError:
        raise UnknownField(name) from None


def all_names() -> tuple[str, ...]:
    """Every word that names a field."""
    return tuple(_BY_NAME)


def choice_of(item: FilterField, word: str) -> str | None:
    """The value that the word means; None where it is none."""
    wanted = word.lower()
    for value, words in item.choices.items():
        if wanted == value or wanted in words:
            return value
    return None
