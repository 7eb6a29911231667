"""What to look at beyond the control: streams and stills on slower wheels, and at once where there is doubt."""

from datetime import datetime

from vms.access.consent import Consent, ConsentMode
from vms.health.fault import LAYER_OF, FaultKind
from vms.health.layer import Layer
from vms.health.pace import is_due
from vms.health.reading import ControlReading
from vms.health.status import Status
from vms.health.watch import Watch
from vms.inventory.tier import Tier


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


def clock_in_doubt(watch: Watch) -> bool:
    """It was wrong at the last look, or has been told wrong and not yet right again."""
    standing = any(fault.kind is FaultKind.CLOCK_OFF for fault in watch.open_faults)
    return standing or any(kind is FaultKind.CLOCK_OFF and bits & 1 for kind, bits in watch.votes)


def may_keep_stills(tier: Tier, consent: Consent | None, now: datetime) -> bool:
    """Whether its health may be judged from pictures: not of a household, nor against its owner's word.

    Others are watched without a picture being taken: that they answer, and that key frames come.
    """
    if consent is None:
        return tier is not Tier.HOUSEHOLD
    paused = consent.paused_until is not None and consent.paused_until > now
    return consent.mode is ConsentMode.ALWAYS and consent.withdrawn_at is None and not paused


def _is_undecided(watch: Watch) -> bool:
    standing = {fault.kind for fault in watch.open_faults}
    return any(bool(bits & 1) != (kind in standing) for kind, bits in watch.votes if LAYER_OF[kind] is Layer.PICTURE)
