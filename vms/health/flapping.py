"""A camera that falls and rises all the time has one fault, `flapping`, and not one for each fall.

While it flaps, a fall opens no other fault; only where it stays down for long is it dead after all, and the fault says
that instead.
"""

from datetime import datetime, timedelta

from vms.health.fault import LAYER_OF, Fault, FaultKind
from vms.health.policy import Policy
from vms.health.status import Status


def recent(falls: tuple[datetime, ...], now: datetime, policy: Policy) -> tuple[datetime, ...]:
    since = now - timedelta(seconds=policy.flap_window_s)
    return tuple(fall for fall in falls if fall > since)


def flapping(falls: tuple[datetime, ...], now: datetime, policy: Policy) -> Fault | None:
    """`falls`: when it last stopped being up, with the one just now."""
    count = len(recent(falls, now, policy))
    if count < policy.flap_fault_after:
        return None
    because = f"{count} falls within {policy.flap_window_s / 60:.0f} min"
    kind = FaultKind.FLAPPING
    return Fault(kind=kind, layer=LAYER_OF[kind], severity=policy.flap_severity, because=because)


def is_calm(status: Status, since: datetime, now: datetime, policy: Policy) -> bool:
    """It has been up for so long that it does not flap any more."""
    return status is Status.UP and (now - since).total_seconds() >= policy.flap_calm_s


def is_dead_after_all(status: Status, since: datetime, now: datetime, policy: Policy) -> bool:
    return status is Status.DOWN and (now - since).total_seconds() >= policy.flap_patience_s
