"""When the program opens, verifies and reopens orders, as data."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vms.health.fault import Severity
from vms.inventory.tier import Tier

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPolicy:
    settle_s: float = 120.0
    """A fault is ordered when it has been there so long: two polls."""
    verify_s: float = 600.0
    """Gone so long, while the camera was looked at: verified. Ten polls."""
    still_after_s: float = 600.0
    """Said to be repaired, and still there after so long: back to the crew."""
    flap_s: float = 6 * 3600.0
    """What healed by itself and is back within this time is the same order."""
    repeat_s: float = 7 * 86_400.0
    """What comes back within this time after its order was closed is counted as a repeat."""
    many_within_s: float = 3600.0
    """Cameras of one firm whose orders were detected within this time fell together."""
    least_severity: Severity = Severity.MAJOR
    tiers: tuple[Tier, ...] = tuple(Tier)
    no_order_for: tuple[str, ...] = ("weather", "lighting", "uplink")
    """Kinds of outages that no crew can repair."""
    zone: ZoneInfo = OFFICE_ZONE
    """The office's: the day in an order's number."""
