"""How often to look: healthy cameras at every turn of the wheel, long silent ones ever more rarely."""

from datetime import UTC, datetime, timedelta

PATIENT_FAILURES = 10
DAY_S = 86_400.0


def turns_between_looks(failures: int, interval_s: float, longest_s: float) -> int:
    """Turns of the wheel until the next look, after so many failures in a row: ×2 each, up to `longest_s` seconds."""
    beyond = failures - PATIENT_FAILURES
    if beyond <= 0:
        return 1
    most = max(1, int(longest_s // interval_s))
    return min(most, 1 << min(beyond, 20))


def phase_of(number: int) -> float:
    """A stable place on the wheel, 0 ≤ phase < 1: multiples of the golden ratio spread consecutive ids most evenly."""
    return number * 0.6180339887498949 % 1.0


def last_turn_of_day(number: int, now: datetime) -> datetime:
    """When something was due last that comes once a day, each number at its own time of the UTC day."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    turn = midnight + timedelta(seconds=phase_of(number) * DAY_S)
    return turn if turn <= now else turn - timedelta(days=1)


def is_due(number: int, turn: int, every: int) -> bool:
    """Whether something that happens each `every` turns happens at this one; ids take turns."""
    return (turn + number) % every == 0


def next_day_s(now: datetime) -> float:
    """Seconds to the end of the UTC day."""
    told = now.astimezone(UTC)
    return DAY_S - (told.hour * 3600 + told.minute * 60 + told.second)
