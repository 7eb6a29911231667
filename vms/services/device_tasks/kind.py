"""What a kind of task is: how it reads a device, what it wants of it, how it writes and judges that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from vms.core.clock import Clock
from vms.devices.configure.hand import Hand
from vms.store.device_tasks import Values


class Unfit(Exception):
    """This device cannot have it; the sentence says why. Nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a kind may know of one step."""

    parameters: Values
    channel: str
    """Empty: the device as a whole."""
    camera_name: str = ""
    """The archive's."""
    observed_name: str = ""
    profiles: Mapping[str, str] = field(default_factory=dict)
    """`main`, `sub` → profile token."""
    undo_to: Values | None = None
    """What an earlier task had read before it changed anything; this task puts it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    values: Values
    """As it is kept and shown."""
    raw: Any = None
    """As the kind wants it for writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    done: bool
    note: str = ""
    """What is worth saying: how it differs, or what the device made of it."""


class Kind(Protocol):
    """Judged by reading: what a device is afterwards says whether it took the change."""

    per_channel: bool
    undoable: bool

    def check(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as they are kept. Raises BadInput that names one."""
        ...

    async def read(self, hand: Hand, case: Case) -> Reading:
        """Raises Unfit, and what OnvifClient.call raises."""
        ...

    def plan(self, now: Reading, case: Case) -> dict[str, Any] | None:
        """What it shall be; None: it is so already. Raises Unfit."""
        ...

    async def write(self, hand: Hand, now: Reading, wanted: Values, clock: Clock) -> None:
        """One change. Raises ChangeRefused, NotSent, AnswerLost; Unfit before anything was sent."""
        ...

    def judge(self, now: Reading, wanted: Values) -> Judged: ...
