"""One run of the poller: what it says holds only while it lives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vms.core.ids import SessionId

SILENT_INTERVALS = 3
SILENT_LEAST_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSession:
    session_id: SessionId
    started_at: datetime
    alive_at: datetime
    """Its last heartbeat."""
    interval_s: float
    once: bool = False
    """A single poll of everything: nobody keeps looking afterwards."""
    ended_at: datetime | None = None

    @property
    def silent_after(self) -> timedelta:
        return timedelta(seconds=max(SILENT_INTERVALS * self.interval_s, SILENT_LEAST_S))

    def is_running(self, now: datetime) -> bool:
        """Whether a poller lives in it, as far as the store can tell."""
        return self.ended_at is None and now - self.alive_at <= self.silent_after

    def silence(self, now: datetime) -> str:
        """Why it cannot vouch for a status any more; empty while it can."""
        if now - self.alive_at > self.silent_after:
            return f"nobody looks since {self.alive_at:%Y-%m-%d %H:%M:%S} UTC"
        if self.ended_at is not None and not self.once:
            return f"the poller was stopped at {self.ended_at:%Y-%m-%d %H:%M:%S} UTC"
        return ""
