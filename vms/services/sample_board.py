"""Every few minutes what the board says is kept, so that the last day can be drawn without a guess."""

from datetime import datetime
from zoneinfo import ZoneInfo

from vms.health.board import states_by_region
from vms.services.count_board import count_board
from vms.store import board_samples
from vms.store.database import Database

EVERY_S = 300.0


def sample_board(database: Database, zone: ZoneInfo, now: datetime) -> int:
    """Blocking. Returns the cameras that were counted."""
    with database.reading() as tx:
        states = states_by_region(count_board(tx, now, zone))
    with database.writing() as tx:
        board_samples.keep(tx, states, now)
    return sum(total for total, *_ in states.values())
