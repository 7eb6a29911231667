"""Time is an argument: edges hold a clock, pure rooms are given `now`."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def __call__(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


def system_clock() -> datetime:
    """The machine's clock, aware, in UTC."""
    return datetime.now(UTC)
