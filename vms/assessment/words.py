"""The assessment in the words of those who read it: (English, Chinese)."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from vms.assessment.figure import METHODS, FigureKind
from vms.assessment.grouping import GroupBy
from vms.assessment.time_sums import Part

NAMES: Mapping[FigureKind, tuple[str, str]] = MappingProxyType(
    {
        FigureKind.ONLINE_RATE: ("online rate", "在线率"),
        FigureKind.INTACT_RATE: ("intact rate", "完好率"),
        FigureKind.IMAGE_QUALITY_RATE: ("image quality rate", "图像质量合格率"),
        FigureKind.RECORDING_INTEGRITY: ("recording integrity", "录像完整率"),
        FigureKind.RETENTION_COMPLIANCE: ("retention compliance", "存储达标率"),
        FigureKind.CLOCK_ACCURACY_RATE: ("clock accuracy rate", "时钟准确率"),
        FigureKind.ARCHIVE_COMPLETENESS: ("archive completeness", "一机一档完整率"),
        FigureKind.ARCHIVE_CONFORMITY: ("archive conformity", "一机一档合格率"),
        FigureKind.ARCHIVE_CONSISTENCY: ("archive consistency", "一机一档一致率"),
        FigureKind.FAULT_RESPONSE_OK: ("answered in time", "及时响应率"),
        FigureKind.FAULT_FIX_OK: ("repaired in time", "及时修复率"),
        FigureKind.RESPONSE_TOLD_AFTERWARDS: ("answers told afterwards", "及时响应中事后补报率"),
        FigureKind.FIX_TOLD_AFTERWARDS: ("repairs told afterwards", "及时修复中事后补报率"),
        FigureKind.REPEAT_FAULT_RATE: ("repeat fault rate", "重复故障率"),
        FigureKind.MTTR: ("mean time to repair", "平均修复时间"),
        FigureKind.MTBF: ("mean time between failures", "平均无故障时间"),
        FigureKind.COVERAGE_RATE: ("coverage rate", "覆盖率"),
        FigureKind.FILING_RATE: ("filing rate", "备案率"),
    }
)

PARTS: Mapping[Part, tuple[str, str]] = MappingProxyType(
    {
        Part.NOT_IN_SERVICE: ("not in service", "未投入使用"),
        Part.UNWATCHED: ("not watched", "未被监测"),
        Part.NOTICE: ("excluded: approved notices", "已批准报备（剔除）"),
        Part.OUTAGE: ("excluded: outages with a common cause", "共因中断（剔除）"),
        Part.ASSESSABLE: ("assessable", "纳入考核"),
    }
)

NO_CAMERA = "it has orders and no camera in service: it is not ranked"
NOTHING_THAT_COUNTS = "no figure that counts could be told: it is not ranked"
NOBODYS: Mapping[GroupBy, str] = MappingProxyType(
    {
        GroupBy.REGION: "what lies in no region is not ranked",
        GroupBy.TIER: "what has no tier is not ranked",
        GroupBy.OWNER: "what has no owner is not ranked",
        GroupBy.MAINTAINER: "what no firm maintains is not ranked",
    }
)
"""Why those have no rank who belong to nobody."""
_ZH: Mapping[str, str] = MappingProxyType(
    {
        "seconds online": "在线秒数",
        "assessable seconds": "纳入考核的秒数",
        "no camera was watched in the period": "考核期内没有监测任何摄像机",
        "seconds online without an open fault of major weight or worse": "在线且无重大及以上故障的秒数",
        "seconds online on these days without an open picture fault": "其中无图像故障的秒数",
        "seconds online on the days of a diagnosis of the picture and the days after": "图像诊断当日及次日的在线秒数",
        "no picture was diagnosed in the period": "考核期内没有做过图像诊断",
        "recorded seconds of these": "其中已录的秒数",
        "seconds that the plan asks for outside notices and outages that are not charged": (
            "录像计划要求的秒数（报备及不计入的共因中断除外）"
        ),
        "no day of recordings could be judged in the period": "考核期内没有可判定的录像（未检查，或设备无法说明）",
        "cameras whose oldest recording is as old as required": "最早录像达到规定天数的摄像机数",
        "cameras whose recordings were checked": "检查过录像的摄像机数",
        "seconds online on these days without an open fault of the clock": "其中无时钟故障的秒数",
        "seconds online on the days on which the clock was read and the days after": "读取时钟当日及次日的在线秒数",
        "no clock was read in the period": "考核期内没有读取时钟",
        "filled required fields": "已填的必填项数",
        "required fields": "必填项数",
        "no record is in service": "没有在用的档案",
        "records that break no rule": "未违反规则的档案数",
        "records": "档案数",
        "records that agree with what their device says": "与设备所述一致的档案数",
        "records whose device told something": "设备有所述的档案数",
        "no device told anything about a record": "没有设备给出可比对的信息",
        "orders answered within their time": "按时响应的工单数",
        "orders due to be answered in the period": "考核期内应响应的工单数",
        "no order was due to be answered in the period": "考核期内没有应响应的工单",
        "orders repaired within their time": "按时修复的工单数",
        "orders due to be repaired in the period": "考核期内应修复的工单数",
        "no order was due to be repaired in the period": "考核期内没有应修复的工单",
        "orders of these whose answer was told only when their time was up or the fault was gone": (
            "其中超过响应时限或故障已消失后才补报到场的工单数"
        ),
        "no order was answered within its time": "考核期内没有按时响应的工单",
        "orders of these whose repair was told only when their time was up or the fault was gone": (
            "其中超过修复时限或故障已消失后才补报修复的工单数"
        ),
        "no order was repaired within its time": "考核期内没有按时修复的工单",
        "orders for a fault that had been repaired before": "修复后再次发生故障的工单数",
        "orders opened in the period": "考核期内新开的工单数",
        "no order was opened in the period": "考核期内没有新开工单",
        "seconds from the fault to its repair, suspensions left out": "从故障到修复的秒数，不含挂起时间",
        "orders repaired in the period by somebody who was there before the fault was gone": (
            "考核期内修复的工单数（故障消失前人员已到场）"
        ),
        "no order was repaired in the period": "考核期内没有修复工单",
        "falls of cameras that are charged to them": "计入摄像机自身的离线次数",
        "no camera fell in the period": "考核期内没有摄像机离线",
        "key places that a working camera covers": "有完好摄像机覆盖的重点部位数",
        "key places": "重点部位数",
        "no key place is on the map": "地图上没有重点部位",
        "cameras that are filed": "已备案的摄像机数",
        "cameras liable to filing": "应备案的摄像机数",
        "no camera is liable to filing": "没有应备案的摄像机",
        "the archive is known as it is now, not as it was then": "档案只有当前状况，没有当时的状况",
        "the archive was not judged": "未对档案作出评定",
        "what is looked at on a day is not kept yet": "每日检查情况尚未留存",
        "key places are counted for the whole town": "重点部位按全市统计",
        "coverage had not been measured by then": "当时尚未计算覆盖",
        NO_CAMERA: "没有在用摄像机，只有工单，不参加排名",
        NOBODYS[GroupBy.REGION]: "未填区域的不参加排名",
        NOBODYS[GroupBy.TIER]: "没有层级的不参加排名",
        NOBODYS[GroupBy.OWNER]: "没有产权人的不参加排名",
        NOBODYS[GroupBy.MAINTAINER]: "没有维保单位的不参加排名",
        NOTHING_THAT_COUNTS: "没有可计分的指标，不参加排名",
    }
)


_NOT_KEPT = "what was looked at on a day was not kept before "


def not_kept(since: date | None) -> str:
    """Why a figure of days long ago is missing."""
    return f"{_NOT_KEPT}{since.isoformat()}" if since else "what is looked at on a day is not kept yet"


def in_chinese(sentence: str) -> str:
    """A method's words or the reason why a figure is missing; what is unknown stays as it is."""
    if sentence.startswith(_NOT_KEPT):
        return f"{sentence.removeprefix(_NOT_KEPT)} 之前的每日检查情况没有留存"
    return _ZH.get(sentence, sentence)


def untranslated() -> set[str]:
    """Words of the methods that have no Chinese; a test holds it empty."""
    said = {text for method in METHODS.values() for text in (method.part, method.whole, method.nothing)}
    return said - _ZH.keys()
