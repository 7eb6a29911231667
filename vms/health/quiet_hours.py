"""Hours of the local night in which a device may be bothered, each device at its own time within them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vms.core.errors import BadInput
from vms.health.pace import phase_of

MINUTES_A_DAY = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """[from, until) in minutes of the local day; from later than until: over midnight."""

    from_minute: int
    until_minute: int

    def __post_init__(self) -> None:
        if not all(0 <= each < MINUTES_A_DAY for each in (self.from_minute, self.until_minute)):
            raise BadInput("quiet hours are minutes of a day", where="quiet_hours")
        if self.from_minute == self.until_minute:
            raise BadInput("quiet hours need a beginning and another end", where="quiet_hours")

    @classmethod
    def between(cls, first: str, last: str) -> "QuietHours":
        """Of local times such as `02:00`. Raises BadInput."""
        return cls(from_minute=_minute(first), until_minute=_minute(last))

    @property
    def minutes(self) -> int:
        return (self.until_minute - self.from_minute) % MINUTES_A_DAY

    def since_begin(self, now: datetime, zone: ZoneInfo) -> timedelta | None:
        """How long they last already; None: it is another time of the day."""
        local = now.astimezone(zone)
        of_day = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        over = (of_day - timedelta(minutes=self.from_minute)) % timedelta(minutes=MINUTES_A_DAY)
        return over if over < timedelta(minutes=self.minutes) else None

    def is_turn_of(self, number: int, now: datetime, zone: ZoneInfo) -> bool:
        """Whether its time of this night has come. Each number has its own, spread over the hours' first nine tenths,
        so that the last ones have their time too."""
        over = self.since_begin(now, zone)
        return over is not None and over >= timedelta(minutes=self.minutes) * 0.9 * phase_of(number)


def _minute(told: str) -> int:
    hours, _, minutes = told.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal()):
        raise BadInput(f"not a time of the day such as 02:00: {told[:20]!r}", where="quiet_hours")
    return int(hours) * 60 + int(minutes)
