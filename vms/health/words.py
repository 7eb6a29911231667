"""Faults in the words of those who read them, English and Chinese."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from vms.health.fault import BLINDING, Fault, FaultKind, Severity

WORDS: dict[str, tuple[str, str]] = {
    FaultKind.UNREACHABLE: ("unreachable", "网络不通"),
    FaultKind.NO_ANSWER: ("no answer", "控制无应答"),
    FaultKind.LOGIN_REFUSED: ("login refused", "登录被拒"),
    FaultKind.CLOCK_OFF: ("clock off", "时钟偏差"),
    FaultKind.STREAM_DEAD: ("stream dead", "视频流中断"),
    FaultKind.NO_PICTURE: ("no picture", "取不到画面"),
    FaultKind.TOO_DARK: ("picture too dark", "画面过暗"),
    FaultKind.TOO_BRIGHT: ("picture too bright", "画面过亮"),
    FaultKind.BLUR: ("picture blurred", "画面模糊"),
    FaultKind.FROZEN: ("picture frozen", "画面冻结"),
    FaultKind.LOW_CONTRAST: ("low contrast", "对比度过低"),
    FaultKind.SIGNAL_LOST: ("signal lost", "视频信号丢失"),
    FaultKind.COLOR_CAST: ("colour cast", "画面偏色"),
    FaultKind.MONO: ("colour lost", "彩色丢失"),
    FaultKind.NOISE: ("picture noisy", "画面噪声"),
    FaultKind.SNOW: ("snow", "雪花干扰"),
    FaultKind.STRIPE: ("stripes", "条纹干扰"),
    FaultKind.JITTER: ("picture jitters", "画面抖动"),
    FaultKind.OCCLUSION: ("view covered", "画面遮挡"),
    FaultKind.SCENE_CHANGE: ("scene changed", "场景变更"),
    FaultKind.MOSAIC: ("mosaic", "马赛克"),
    FaultKind.OSD_MISSING: ("caption missing", "字幕缺失"),
    FaultKind.OSD_WRONG: ("caption wrong", "字幕标注不符"),
    FaultKind.RECORDING_MISSING: ("recording missing", "录像缺失"),
    FaultKind.RETENTION_SHORT: ("kept too short", "录像保存时间不足"),
    FaultKind.RETENTION_LONG: ("kept too long", "录像保存超期"),
    FaultKind.RECORDING_UNPLAYABLE: ("recording cannot be played", "录像无法回放"),
    FaultKind.PTZ_FAIL: ("pan and tilt fails", "云台故障"),
    FaultKind.FLAPPING: ("comes and goes", "频繁上下线"),
    "time_zone": ("its time zone seems wrong", "疑似时区设置错误"),
    "no_clock_shown": ("no clock in the picture", "画面未叠加时间"),
    "search_unsupported": ("it offers no search of recordings", "设备不支持录像检索"),
    "search_endless": ("its search of recordings does not end", "录像检索无法完成"),
    "no_recordings": ("it keeps no recordings", "设备上没有录像"),
    "which_recording": ("nobody knows which recording is this camera's", "无法确定哪个录像属于该摄像机"),
    "odd_answer": ("it does not answer as it should", "设备应答异常"),
    "no_login": ("no login is known", "没有可用的登录账号"),
    "another_device": ("another device is at its address", "该地址上是另一台设备"),
    "not_offered": ("not offered by the device", "设备不提供"),
    "replay_unsupported": ("it offers no replay", "设备不支持录像回放"),
    "replay_refused": ("it refuses to replay this recording", "设备拒绝回放该录像"),
    "replay_address": ("it names no address to replay from", "设备未给出可用的回放地址"),
    "another_time": ("it shows another time than asked for", "回放画面的时间与所要求的不符"),
    "time_not_told": ("it does not say which time it shows", "设备未说明回放画面的时间"),
    "not_permitted": ("its owner has not agreed", "业主未同意"),
    "looked_at": ("somebody is looking", "有人正在查看"),
    "incident": ("an incident is open nearby", "附近有未结警情"),
    "ptz_unsupported": ("it offers no pan and tilt", "设备不提供云台控制"),
    "no_position": ("it does not say where it points", "云台不报告位置"),
    "no_moves": ("it takes no order to move", "云台不接受转动指令"),
    "does_not_turn": ("it does not turn", "云台不转动"),
    "not_back": ("it did not come back", "云台未回到原位"),
    "status_frozen": ("it turns, but tells that it stands", "能转动，但报告的位置不变"),
    "absolute_lies": ("it turns, but not to where it is told", "能转动，但到不了指定位置"),
    "cannot_be_seen": ("it tells that it stands, and no picture shows better", "位置不变，也没有画面可核对"),
    "brought_back": ("brought back", "已转回原位"),
    "moved_by_somebody": ("somebody has moved it", "已被他人转动"),
    "budget": ("today's questions are used up", "今日查询次数已用完"),
    "refused": ("connection refused", "连接被拒绝"),
    "timeout": ("timed out", "超时"),
    "never_reached": ("no device was ever found at its address", "登记地址上从未发现设备"),
    "closed": ("connection closed", "连接被关闭"),
}


Reasons = Mapping[str, tuple[str, str]]
"""Code → (English, Chinese)."""
_KINDS = frozenset(FaultKind)
_COLON, _COMMA, _SEMICOLON = (": ", "："), (", ", "，"), ("; ", "；")


def in_words(
    because: str, reasons: Reasons = MappingProxyType(WORDS), chinese: Callable[[str], str] = str
) -> tuple[str, str]:
    """The reason of a flip or an order (`unreachable: refused; stream_dead`) as (English, Chinese); what is unknown
    stays. `chinese`: of a whole sentence that was measured, unchanged where it knows none."""
    told: list[list[str]] = [[], []]
    for part in filter(None, because.split("; ")):
        kind, _, why = part.partition(": ")
        begins = kind in _KINDS
        words = _why(why if begins else part, reasons, chinese)
        for language in (0, 1):
            sentence = words[language]
            if begins:
                sentence = WORDS[kind][language] + (_COLON[language] + sentence if why else "")
            joint = _COMMA if begins or part in reasons else _SEMICOLON
            told[language].append(joint[language] + sentence if told[language] else sentence)
    return "".join(told[0]), "".join(told[1])


def _why(why: str, reasons: Reasons, chinese: Callable[[str], str]) -> tuple[str, str]:
    measured = why if why in reasons else chinese(why)
    if measured != why:
        return why, measured
    codes = [[reasons.get(code, (code, code)) for code in part.split(",")] for part in why.split(": ")]
    return (
        ": ".join(", ".join(word[0] for word in part) for part in codes),
        "：".join("、".join(word[1] for word in part) for part in codes),
    )


def blinding(standing: Iterable[Fault]) -> tuple[str, str]:
    """The faults through which nobody sees anything, as (English, Chinese); empty where there are none."""
    kinds = sorted(fault.kind for fault in standing if fault.kind in BLINDING and fault.severity is not Severity.MINOR)
    return in_words("; ".join(kinds))
