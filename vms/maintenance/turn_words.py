"""What a crew is told to turn, English and Chinese: orders keep the English sentence."""

import re

_TURN = re.compile(r"turn the camera from (\d+)° to (\d+)°, then set its direction on the map")
_CHINESE = r"将摄像机方向由 \1° 调整到 \2°，再在地图上更新其方向"


def turn_words(before_deg: float, after_deg: float) -> str:
    """As an order keeps it."""
    return f"turn the camera from {before_deg:.0f}° to {after_deg:.0f}°, then set its direction on the map"


def turn_in_words(cause: str) -> tuple[str, str] | None:
    """(English, Chinese); None: it is no turn."""
    found = _TURN.fullmatch(cause)
    return None if found is None else (cause, found.expand(_CHINESE))
