"""How the poller stands now: its run, where our own side is cut off, whether its machine lets it run."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from vms.health.session import WatchSession
from vms.store.blind_spells import OpenSpell, open_spells
from vms.store.watch_sessions import HELD_SHARE, HELD_UP_SINCE, poller_figures


@dataclass(frozen=True, slots=True, kw_only=True)
class PollerState:
    session: WatchSession | None = None
    """None: none has ever run."""
    cut_off: tuple[OpenSpell, ...] = ()
    held_up_since: datetime | None = None
    """Its own machine does not let it run: meanwhile silence is not judged."""
    held_share: float = 0.0
    """Of the last while, in which it waited for the processor."""


def poller_state(tx: Connection, now: datetime) -> PollerState:
    """A run that has ended, or is silent itself, says nothing of our own side."""
    found = poller_figures(tx)
    if found is None or not found.session.is_running(now):
        return PollerState(session=found.session if found else None)
    since_s = found.figures.get(HELD_UP_SINCE, 0.0)
    return PollerState(
        session=found.session,
        cut_off=tuple(open_spells(tx, found.session.session_id)),
        held_up_since=datetime.fromtimestamp(since_s, UTC) if since_s else None,
        held_share=found.figures.get(HELD_SHARE, 0.0),
    )
