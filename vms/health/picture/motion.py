"""When a burst of a stream is worth its price: jitter shows in nothing else."""

from datetime import datetime

from vms.health.fault import FaultKind
from vms.health.pace import phase_of
from vms.health.watch import Watch

EVERY_S = 86_400.0


def wants_burst(watch: Watch, now: datetime, *, every_s: float, window_s: float) -> bool:
    """Once in `every_s`, at the camera's own time, which comes up in one window; each time while it is in doubt or is
    known to jitter."""
    if any(fault.kind is FaultKind.JITTER for fault in watch.open_faults):
        return True
    if any(kind is FaultKind.JITTER for kind, _ in watch.votes):
        return True
    return (now.timestamp() - phase_of(watch.camera_id) * every_s) % every_s < window_s
