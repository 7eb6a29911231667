"""How cameras are turned, and what that needs of the house."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from vms.access.agreement import Agreements
from vms.core.clock import Clock
from vms.core.ids import CameraId
from vms.health.quiet_hours import MINUTES_A_DAY, QuietHours
from vms.health.spending import DayBudget, usual_budget
from vms.inventory.camera import Camera
from vms.services.asking import AskingDesk, AskingTerms
from vms.services.let_alone import WITHIN
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox

StillOf = Callable[[Camera, StoredLogin | None], Awaitable[bytes]]
_USUAL_INTERVAL_S = 60.0
_NIGHT = QuietHours(from_minute=120, until_minute=240)


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzPolicy:
    zone: ZoneInfo
    hours: QuietHours = _NIGHT
    every: timedelta = timedelta(days=7)
    again_after: timedelta = timedelta(hours=18)
    """One that was stuck is tried once more the next night, and each night while it is."""
    budget: DayBudget = field(default_factory=lambda: usual_budget(_USUAL_INTERVAL_S))
    """Of a device with one channel."""
    stands_for: timedelta = timedelta(hours=1)
    """So long it must have stood where it stands, by two looks: nobody moves it, and no tour does."""
    ours_for: timedelta = timedelta(hours=1)
    """So long after it was told to move, wherever it stands is our doing; later somebody may have moved it."""
    note_is_old: timedelta = timedelta(hours=4)
    looked_within: timedelta = WITHIN
    """Where somebody looked through the device so recently nothing is turned."""
    away_at_most: timedelta = timedelta(days=1)
    """What could not be brought back in so long is a fault, and is left to people."""
    request_s: float = 8.0
    device_s: float = 90.0
    spacing_s: float = 0.05
    settle_s: float = 8.0
    """A head may take so long for a little turn."""
    look_every_s: float = 0.5
    """While it turns."""
    devices_at_once: int = 4
    starts_per_s: float = 2.0
    walk_every_s: float = 120.0
    grace_s: float = 15.0
    """For what is under way when this program is to stop."""
    first_after_s: float = 30.0
    """After the start, for those that have to be brought back."""
    cameras_at_a_time: int = 1000
    """Of one question to the store."""

    @property
    def note_hours(self) -> QuietHours:
        """Each device's look before comes as much earlier as it has to stand, and a little more."""
        earlier = int(self.stands_for.total_seconds() // 60) + 5
        return QuietHours(
            from_minute=(self.hours.from_minute - earlier) % MINUTES_A_DAY,
            until_minute=(self.hours.until_minute - earlier) % MINUTES_A_DAY,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzDesk:
    database: Database
    box: SecretBox
    policy: PtzPolicy
    clock: Clock
    agreements: Agreements
    """Where the office may move cameras that are not the government's."""
    still: StillOf | None
    """None: nobody can see; the head's own word counts alone."""
    who: str = "jobs"
    under_way: set[CameraId] = field(default_factory=set)
    """In this process; nobody else brings them back meanwhile."""

    @property
    def asking(self) -> AskingDesk:
        policy = self.policy
        terms = AskingTerms(
            budget=policy.budget, request_s=policy.request_s, device_s=policy.device_s, spacing_s=policy.spacing_s
        )
        return AskingDesk(database=self.database, box=self.box, clock=self.clock, who=self.who, terms=terms)
