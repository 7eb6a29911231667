"""Where the poller's logic ends and the network begins: a question to a device, a try of a stream or a still."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from vms.devices.http import exchange as signed_exchange
from vms.devices.onvif.client import Carry
from vms.devices.poll import Exchange
from vms.devices.quick_exchange import quick_exchange
from vms.devices.relearn import relearn
from vms.inventory.device import Quirks
from vms.media.proof import StreamProof, prove_stream

Prove = Callable[..., Awaitable[StreamProof]]
Relearn = Callable[..., Awaitable[Quirks | None]]
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Another one reaches another kind of devices: a simulation with a clock of its own, for one."""

    exchange: Exchange = quick_exchange
    carry: Carry = signed_exchange
    """Of a question that is signed."""
    prove: Prove = prove_stream
    relearn: Relearn = relearn
    pause: Pause = asyncio.sleep
