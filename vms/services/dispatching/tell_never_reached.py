"""A camera of the archive that nobody ever reached is a fault that is listed and not intact; nobody is sent there."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.store import faults, never_reached
from vms.store.faults import ClosedFault, OpenedFault
from vms.store.watch_sessions import latest_session

AT_A_TIME = 500
_KIND = FaultKind.UNREACHABLE
_FAULT = Fault(kind=_KIND, layer=LAYER_OF[_KIND], severity=Severity.MAJOR, because=never_reached.BECAUSE)


def tell_never_reached(tx: Connection, now: datetime, after_s: float) -> int:
    """How many faults were opened, AT_A_TIME at most. While no poller runs nobody can tell."""
    gone = never_reached.over(tx, AT_A_TIME)
    faults.close_faults(tx, [ClosedFault(camera_id, _KIND, now) for camera_id in gone], now)
    session = latest_session(tx)
    if session is None or session.silence(now):
        return 0
    found = never_reached.untold(tx, now - timedelta(seconds=after_s), AT_A_TIME)
    faults.open_faults(tx, [OpenedFault(camera_id, _FAULT, now) for camera_id in found], now)
    return len(found)
