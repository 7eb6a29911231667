"""What several searches side by side share, so that together they stay within the bounds: pace, sockets, counts."""

import asyncio
import resource
from dataclasses import dataclass

from vms.devices.discovery.knock import Hands
from vms.devices.discovery.pace import Pace
from vms.devices.discovery.request import Limits
from vms.devices.discovery.traffic import Traffic

SPARE_FILES = 256
"""For everything else that this process has open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    pace: Pace
    hands: Hands
    questions: asyncio.Semaphore
    traffic: Traffic


def shared_by(limits: Limits) -> Shared:
    """As many sockets as the limits and this process's open files allow."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    for_us = allowed - SPARE_FILES - limits.questions_width if allowed > 0 else limits.sweep_width
    return Shared(
        pace=Pace(per_subnet_per_s=limits.per_subnet_per_s, total_per_s=limits.total_per_s),
        hands=Hands(free=max(16, min(limits.sweep_width, for_us))),
        questions=asyncio.Semaphore(limits.questions_width),
        traffic=Traffic(),
    )
