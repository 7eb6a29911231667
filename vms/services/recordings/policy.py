"""How recordings and captions are looked at, as plain values."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from vms.health.spending import DayBudget, usual_budget

_USUAL_INTERVAL_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPolicy:
    zone: ZoneInfo
    """Days are the office's."""
    budget: DayBudget = field(default_factory=lambda: usual_budget(_USUAL_INTERVAL_S))
    """Of a device with one channel."""
    missing_share: float = 0.02
    """Of a full day's plan; more is a fault."""
    first_days: int = 7
    """So far back goes the first look at a camera."""
    lag: timedelta = timedelta(minutes=15)
    """What is newer may not be in the recorder's books yet."""
    caption_every: timedelta = timedelta(days=7)
    request_s: float = 8.0
    device_s: float = 900.0
    """The longest that one device may take."""
    spacing_s: float = 0.05
    """Between two questions to one device."""
    devices_at_once: int = 4
    starts_per_s: float = 2.0
    """Devices that are begun with; a city that was never looked at is gone through at this pace."""
    first_after_s: float = 60.0
    """After the start, when everything else is up."""
    look_every_s: float = 300.0
    """Between two walks through all devices for those whose turn it is."""
    devices_at_a_time: int = 1000
    """Of one question to the store."""
