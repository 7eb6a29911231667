"""What an outage's cause reads as, English and Chinese: its name stays, the sentence behind it is told in both."""

import re

from vms.access.hide_addresses import ADDRESS, NETWORK

_SENTENCES = (
    (re.compile(r"(\d+) of (\d+) fell within (\d+) s"), r"\2 台设备中有 \1 台在 \3 秒内相继掉线"),
    (re.compile(r"all (\d+) below it fell: (\d+) of (\d+)"), r"下级 \1 处全部掉线：\3 台中 \2 台"),
)
_SHOWN = re.compile(r"(\d+) of (\d+) cameras in one area show ([a-z ]+) at the same time")
_SHOWS = {
    "low contrast": "对比度低",
    "blur": "画面模糊",
    "darkness": "昏暗",
    "no colour": "彩色丢失",
    "noise": "画面噪声",
    "glare": "强光",
    "snowflakes": "雪花",
    "a colour cast": "偏色",
}
_WEATHER = re.compile(r"(fog|darkness|glare|snowfall|dust) over (.*)", re.DOTALL)
_WEATHERS = {"fog": "大雾", "darkness": "昏暗", "glare": "强光", "snowfall": "降雪", "dust": "沙尘"}
_CAUSE = re.compile(r"(.*) \(([^()]+)\)", re.DOTALL)
_NAMES = {NETWORK: "某网段", ADDRESS: "某地址"}


def outage_cause(name: str, because: str) -> str:
    """As an order keeps it."""
    return f"{name} ({because})" if because else name


def outage_in_words(cause: str) -> tuple[str, str] | None:
    """(English, Chinese) of an outage's name and why it is one; None: it is nothing of the kind."""
    found = _CAUSE.fullmatch(cause)
    if found is None:
        return (cause, _NAMES[cause]) if cause in _NAMES else None
    name, because = found[1], found[2]
    chinese = _in_chinese(because)
    return None if chinese is None else (cause, f"{_name_in_chinese(name)}（{chinese}）")


def _in_chinese(because: str) -> str | None:
    shown = _SHOWN.fullmatch(because)
    if shown is not None and shown[3] in _SHOWS:
        return f"同一区域 {shown[2]} 路摄像机中有 {shown[1]} 路同时出现{_SHOWS[shown[3]]}"
    for sentence, chinese in _SENTENCES:
        told = sentence.fullmatch(because)
        if told is not None:
            return told.expand(chinese)
    return None


def _name_in_chinese(name: str) -> str:
    weather = _WEATHER.fullmatch(name)
    return f"{weather[2]}：{_WEATHERS[weather[1]]}" if weather else _NAMES.get(name, name)
