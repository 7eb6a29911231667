"""How the poller works, as plain values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vms.core.ids import CredentialId
from vms.health.held_up import HeldUpPolicy
from vms.health.our_side import OurSidePolicy
from vms.health.policy import Policy
from vms.health.spending import DayBudget, usual_budget
from vms.services.polling.live_pulls import AskPulls
from vms.services.polling.wire import Wire
from vms.store.credentials import StoredLogin

LoginOf = Callable[[CredentialId], StoredLogin | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollerSettings:
    interval_s: float = 60.0
    """Between two polls of one device."""
    stream_every: int = 5
    """Polls between two proofs that a stream plays."""
    still_every: int = 10
    """Polls between two stills."""
    timeout_s: float = 5.0
    """For one answer of a device."""
    width: int = 4000
    """Devices asked at the same time."""
    backoff_max_s: float = 900.0
    """Longest pause between two polls of a silent device."""
    stills_folder: Path
    """`<camera_id>.jpg` each."""
    login_of: LoginOf
    """Asked in a thread, once per change of the inventory."""
    policy: Policy = field(default_factory=Policy)
    save_after_s: float = 0.5
    """Transitions are collected so long before they are written."""
    numbers_every_s: float = 300.0
    """Between two flushes of the daily numbers."""
    uses_every_s: float = 60.0
    """Between two flushes of which credential was used where."""
    normals_every_s: float = 10.0
    """Between two flushes of what was learnt of cameras' pictures."""
    burst_gap_s: float = 2.0
    """Between two stills of a burst that tells a frozen picture from a still scene."""
    motion_every_s: float = 86_400.0
    """Between two bursts of a camera's stream, which tell whether it jitters."""
    reload_every_s: float = 1800.0
    """Between two looks at the whole inventory, besides those that its news asks for."""
    private_every_s: float = 300.0
    """Between two looks at whose pictures may be kept: an owner's pause ends by itself."""
    costs_every_s: float = 600.0
    """Between two flushes of what each device was asked."""
    budget: DayBudget | None = None
    """Of a device with one channel; recorders have more. None: what the interval needs."""
    wire: Wire = field(default_factory=Wire)
    pulls: AskPulls | None = None
    """Which devices the live gateway pulls streams from; None: there is none."""
    our_side: OurSidePolicy = field(default_factory=OurSidePolicy)
    held_up: HeldUpPolicy = field(default_factory=HeldUpPolicy)

    @property
    def day_budget(self) -> DayBudget:
        return self.budget or usual_budget(self.interval_s)

    @property
    def tick_s(self) -> float:
        """Devices that are due within one tick are asked together, which costs much less than one by one."""
        return min(1.0, self.interval_s / 40)

    @property
    def beat_every_s(self) -> float:
        return min(15.0, max(1.0, self.interval_s / 2))
