"""What carrying out a task needs of the house, and how long it waits for what."""

import asyncio
import os
import secrets
import socket
from collections import defaultdict
from dataclasses import dataclass, field

from vms.access.agreement import Agreements
from vms.core.clock import Clock, system_clock
from vms.devices.budget import RequestBudget
from vms.services.spending import Purse
from vms.store.database import Database
from vms.store.secret_box import SecretBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    width: int = 16
    """Devices at once; each has one request in flight."""
    request_s: float = 8.0
    lease_s: float = 15.0
    """A runner that is gone is missed after so long."""
    beat_s: float = 3.0
    progress_s: float = 2.0
    """Between two pieces of news about the progress."""
    look_for_tasks_s: float = 1.0
    grace_s: float = 5.0
    """For steps that are under way when the process is told to stop."""
    read_back_after_s: tuple[float, ...] = (0.0, 0.5, 2.0)
    """Pauses before the first, second, … reading after a change; devices take their time."""
    look_every_s: float = 0.5
    """While a device is being started anew."""
    goes_within_s: float = 40.0
    back_within_s: float = 240.0
    sign_in_again_s: float = 20.0
    """How long a device that does not answer is tried before its new password is left unproven."""


def runner_name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDesk:
    database: Database
    box: SecretBox
    configurable: Agreements = field(default_factory=Agreements)
    """Where cameras that are not the government's may be configured."""
    runner: str = field(default_factory=runner_name)
    clock: Clock = system_clock
    timing: Timing = field(default_factory=Timing)
    budget: RequestBudget = field(default_factory=RequestBudget)
    purse: Purse | None = None
    """What devices may be asked in a day; None: nobody counts."""
    one_at_a_time: defaultdict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    """By device: two tasks never change one device at the same time."""
