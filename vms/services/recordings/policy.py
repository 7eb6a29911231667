"""How recordings and captions are looked at, as plain values."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from vms.health.quiet_hours import QuietHours
from vms.health.spending import DayBudget, usual_budget
from vms.services.asking import AskingTerms
from vms.services.let_alone import WITHIN

_USUAL_INTERVAL_S = 60.0
_SMALL_HOURS = QuietHours(from_minute=60, until_minute=300)


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
    stopped_after: timedelta = timedelta(hours=2)
    """Without anything new the running day is judged as well."""
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
    sample_every: timedelta | None = timedelta(days=7)
    """So often a moment of each camera's recordings is really played; None: never."""
    sample_hours: QuietHours = _SMALL_HOURS
    again_after: timedelta = timedelta(hours=18)
    """What could not be played is tried once more the next night."""
    looked_within: timedelta = WITHIN
    """Where somebody looked through the device so recently no sample is played."""
    sample_s: float = 12.0
    """The longest that playing may take."""
    sample_bytes: int = 16_000_000
    """A device that sends more without a whole key frame is left."""
    wrong_by: timedelta = timedelta(seconds=30)
    """A moment that is played may lie so far from the one that was asked for: a recorder begins at a key frame, or at
    the start of a file."""

    @property
    def asking(self) -> AskingTerms:
        return AskingTerms(
            budget=self.budget, request_s=self.request_s, device_s=self.device_s, spacing_s=self.spacing_s
        )
