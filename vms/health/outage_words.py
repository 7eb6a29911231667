"""What an outage's cause reads as, English and Chinese: its name stays, the sentence behind it is told in both."""

import re

from vms.access.hide_addresses import ADDRESS, NETWORK

_SENTENCES = (
    (re.compile(r"(\d+) of (\d+) fell within (\d+) s"), r"\2 台设备中有 \1 台在 \3 秒内相继掉线"),
    (re.compile(r"all (\d+) below it fell: (\d+) of (\d+)"), r"下级 \1 处全部掉线：\3 台中 \2 台"),
)
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
    for sentence, chinese in _SENTENCES:
        told = sentence.fullmatch(because)
        if told is not None:
            return cause, f"{_NAMES.get(name, name)}（{told.expand(chinese)}）"
    return None
