"""Why work rests: codes with their words, as data; contracts add to them with their own."""

from collections.abc import Mapping
from types import MappingProxyType

ANNOUNCED = "announced"
"""Also the program's own reason."""
SUSPENSION_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "waiting_parts": ("waiting for spare parts", "等待备件"),
        "no_access": ("no access to the place", "现场无法进入"),
        "power_cut": ("no power at the place", "现场停电"),
        "road_works": ("road works", "道路施工"),
        "weather": ("weather", "天气原因"),
        "third_party": ("somebody else's line or equipment", "第三方线路或设备"),
        "owner": ("the owner asked for it", "业主要求"),
        ANNOUNCED: ("an announced outage (报备)", "报备停用期内"),
        "other": ("another reason, in the note", "其他原因，见备注"),
    }
)
"""Code → (English, Chinese)."""
