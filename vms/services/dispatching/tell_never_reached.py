"""A camera of the archive that nobody ever reached is a fault that is listed and not intact; nobody is sent there."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.store import faults, never_reached
from vms.store.database import Database
from vms.store.faults import ClosedFault, OpenedFault
from vms.store.watch_sessions import latest_session

AT_A_TIME = 500
_KIND = FaultKind.UNREACHABLE
_FAULT = Fault(kind=_KIND, layer=LAYER_OF[_KIND], severity=Severity.MAJOR, because=never_reached.BECAUSE)


def tell_never_reached(database: Database, now: datetime, after_s: float) -> int:
    """How many faults were opened, AT_A_TIME at most. While no poller runs nobody can tell."""
    with database.reading() as tx:
        if not any(_due(tx, now, after_s)):
            return 0
    with database.writing() as tx:
        gone, found = _due(tx, now, after_s)
        faults.close_faults(tx, [ClosedFault(camera_id, _KIND, now) for camera_id in gone], now)
        faults.open_faults(tx, [OpenedFault(camera_id, _FAULT, now) for camera_id in found], now)
        return len(found)


def _due(tx: Connection, now: datetime, after_s: float) -> tuple[list[CameraId], list[CameraId]]:
    """Of whom it is over, and whom it is to be told of."""
    gone = never_reached.over(tx, AT_A_TIME)
    session = latest_session(tx)
    if session is None or session.silence(now):
        return gone, []
    return gone, never_reached.untold(tx, now - timedelta(seconds=after_s), AT_A_TIME)
