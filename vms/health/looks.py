"""What to look at beyond the control: streams and stills on slower wheels, and at once where there is doubt."""

from vms.health.fault import LAYER_OF
from vms.health.pace import is_due
from vms.health.reading import ControlReading, Layer
from vms.health.status import Status
from vms.health.watch import Watch


def wants_stream(watch: Watch, control: ControlReading, turn: int, every: int) -> bool:
    """Each `every` turns; before the control's silence is believed; and while the stream itself is in doubt."""
    if is_due(watch.camera_id, turn, every):
        return True
    if not control.answered:
        return watch.status is not Status.DOWN
    return watch.stream_failures > 0 or watch.status is Status.DOWN


def wants_still(watch: Watch, control: ControlReading, turn: int, every: int) -> bool:
    """Each `every` turns, and again at once while its votes have not settled; never from a device that is silent."""
    return control.answered and (is_due(watch.camera_id, turn, every) or _is_undecided(watch))


def _is_undecided(watch: Watch) -> bool:
    standing = {fault.kind for fault in watch.open_faults}
    return any(bool(bits & 1) != (kind in standing) for kind, bits in watch.votes if LAYER_OF[kind] is Layer.PICTURE)
