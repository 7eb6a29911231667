"""How much of the town was seen at a moment before, as far as anybody measured then."""

from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput
from vms.coverage.ground import KEY_GROUND, LINES
from vms.services.coverage.answers import Gaps
from vms.services.coverage.keep_rates import SAYS_ALIVE_EVERY, WRITES_EVERY
from vms.store import coverage_rates

STILL_MEASURED = SAYS_ALIVE_EVERY + 2 * WRITES_EVERY
"""So long after its last word a process that measures is taken to be at work."""


def totals_then(tx: Connection, at: datetime, now: datetime) -> Gaps | None:
    """By day, from the rates as they were written down, which tell no causes. None: nobody measured at that moment.
    Raises BadInput of the future."""
    if at > now:
        raise BadInput("in the future; nobody knows yet what will be seen then", where="at")
    if not coverage_rates.is_known(tx, at, now - STILL_MEASURED):
        return None
    known = [one for one in coverage_rates.latest(tx, at) if not one.key.by_night]
    lines = [one.covered for one in known if one.key.ground in LINES]
    places = [one.covered for one in known if one.key.ground in KEY_GROUND]
    return Gaps(
        measured_at=at,
        road_m=sum(one.length_mm for one in lines) / 1000.0,
        covered_road_m=sum(one.covered_mm for one in lines) / 1000.0,
        places=sum(one.places for one in places),
        covered_places=sum(one.covered_places for one in places),
    )
