"""How a report says things, in Chinese or English: headings, values, names of groups."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from vms.assessment.profile import USUAL

Language = Literal["zh", "en"]
Plain = Mapping[str, Any]

ALL = ("all", "合计")
TIERS = {
    "government": ("government", "政府"),
    "unit": ("unit", "单位"),
    "community": ("community", "社区"),
    "household": ("household", "住户"),
}
NO_NAME = {
    "region": ("no region", "未填区域"),
    "tier": ("no tier", "无层级"),
    "owner": ("no owner", "无产权人"),
    "maintainer": ("no firm", "无维保单位"),
}
_BY = {
    "region": ("region", "区域"),
    "tier": ("tier", "层级"),
    "owner": ("owner", "产权人"),
    "maintainer": ("maintainer", "维护单位"),
}


def choose(words: tuple[str, str], language: Language) -> str:
    return words[1 if language == "zh" else 0]


def group_name(group: Plain, by: str, language: Language) -> str:
    if group["key"] == "all" and group["rank"] is None and group["name"] == "all":
        return choose(ALL, language)
    if not group["key"]:
        return choose(NO_NAME[by], language)
    if by == "tier" and group["key"] in TIERS:
        return choose(TIERS[group["key"]], language)
    return str(group["name"])


def shown(value: float | None, unit: str, language: Language) -> str:
    """A share as per cent, a time in hours and minutes; empty where it could not be told."""
    if value is None:
        return ""
    if unit == "share":
        return f"{value * 100:.2f} %"
    whole = timedelta(seconds=round(value))
    hours, rest_s = divmod(int(whole.total_seconds()), 3600)
    return f"{hours} {choose(('h', '小时'), language)} {rest_s // 60} {choose(('min', '分'), language)}"


def target_shown(target: float | None, method: Plain, language: Language) -> str:
    if target is None:
        return ""
    return f"{'≤' if method['less_is_better'] else '≥'} {shown(target, method['unit'], language)}"


def data_until(made: Plain) -> str:
    """On the office's clock, which is named: 2026-11-01 00:00 (Asia/Shanghai)."""
    until = datetime.fromisoformat(made["until"]).astimezone(ZoneInfo(made["time_zone"]))
    return f"{until:%Y-%m-%d %H:%M} ({made['time_zone']})"


def _profile_name(made: Plain, language: Language) -> str:
    """The one that ships has a name in both languages."""
    name: str = made["profile"]["name"]
    return choose(("usual", "通用方案"), language) if name == USUAL.name else name


def heading(made: Plain, language: Language) -> tuple[str, ...]:
    """What a reader must know to believe the figures."""
    by = choose(_BY[made["by"]], language)
    charged = made["profile"]["outages_are_charged"]
    within = made.get("region_name") or made.get("region") or ""
    if language == "zh":
        return (
            f"考核期：{made['from']} 至 {made['to']}（{made['time_zone']}，含首尾两日）",
            (f"范围：{within}；" if within else "")
            + f"分组：{by}；考核方案：{_profile_name(made, language)}；数据截至 {data_until(made)}",
            "率按时间区间精确计算：未监测的时间、已批准的报备时间不计入；"
            + ("共因中断计入考核。" if charged else "共因中断（同一原因多路中断）不计入各摄像机。"),
            "期限落在考核期内的工单为应响应、应修复工单；误报、撤回、并入共因中断、期限前自行恢复的不计，挂起中的待恢复计时后再计。",
            "摄像机在考核期内变更区域、层级、产权人或维保单位的，整个考核期都计入期末所属的一方，不按时段拆分；维保单位按期末有效的派单规则确定。",
            "得分 = Σ 权重 × 达标程度 ÷ Σ 权重；不能计算的指标不计权重，并注明原因。",
        )
    return (
        f"Period: {made['from']} to {made['to']} ({made['time_zone']}, both days included)",
        (f"Within {within}; by" if within else "By")
        + f" {by}; profile {_profile_name(made, language)}; data until {data_until(made)}",
        "Rates are exact sums over intervals: time that nobody watched and approved notices are left out; "
        + ("outages with a common cause count." if charged else "outages with a common cause are not charged."),
        "An order is due where its deadline ends in the period; false alarms, what was withdrawn, joined an outage or "
        "healed in time by itself are left out, and one that rests is due later.",
        "A camera that changes its region, tier, owner or firm within the period is told whole under where it was at "
        "the period's end, not in parts; its firm is that of the rules of assignment which held then.",
        "Score = Σ weight × how far the target is reached ÷ Σ weights; what cannot be told carries no weight.",
    )
