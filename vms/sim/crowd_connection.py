"""One connection to one of the many: the poll's question is answered from the prepared text, the rest by the device."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Set
from typing import Protocol, cast

from vms.sim.makers import Maker
from vms.sim.onvif_server import OnvifConnection, OnvifPort
from vms.sim.plan import PretendDevice

_POST = b"POST /onvif/device_service "
_SOAP_12 = b"2003/05/soap-envelope"


class Many(Protocol):
    """The crowd as a connection sees it."""

    asked: int
    most_at_once: int
    open_now: Counter[str]

    @property
    def delay_s(self) -> float: ...
    @property
    def known(self) -> Mapping[str, PretendDevice]: ...
    @property
    def off(self) -> Set[str]: ...
    @property
    def silent(self) -> Set[str]: ...
    @property
    def odd(self) -> Set[str]: ...
    def port(self, address: str) -> OnvifPort: ...
    def prepared(self, maker: Maker) -> bytes: ...


class CrowdConnection(asyncio.Protocol):
    __slots__ = ("_address", "_counted", "_crowd", "_heir", "_timer", "_transport")

    def __init__(self, crowd: Many) -> None:
        self._crowd = crowd
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._counted = False
        self._timer: asyncio.TimerHandle | None = None
        self._heir: OnvifConnection | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not derived from it
        crowd, self._address = self._crowd, transport.get_extra_info("sockname")[0]
        if self._address not in crowd.known or self._address in crowd.off:
            self._transport.abort()
            return
        self._counted = True
        now = crowd.open_now[self._address] = crowd.open_now.get(self._address, 0) + 1
        if now > crowd.most_at_once:
            crowd.most_at_once = now

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        if self._counted:
            self._crowd.open_now[self._address] -= 1
            if not self._crowd.open_now[self._address]:
                del self._crowd.open_now[self._address]
        if self._heir is not None:
            self._heir.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._heir is not None:
            self._heir.data_received(data)
            return
        crowd = self._crowd
        crowd.asked += 1
        if self._address in crowd.silent or self._transport is None:
            return
        if self._address not in crowd.odd and is_the_polls_question(data):
            loop = asyncio.get_running_loop()
            if crowd.delay_s:
                self._timer = loop.call_later(crowd.delay_s, self._answer)
            else:
                self._answer()
            return
        self._heir = OnvifConnection(crowd.port(self._address))
        self._heir.connection_made(self._transport)
        self._heir.data_received(data)

    def _answer(self) -> None:
        if self._transport is not None:
            self._transport.write(self._crowd.prepared(self._crowd.known[self._address].maker))
            self._transport.close()


def is_the_polls_question(data: bytes) -> bool:
    """One whole request for the time, without credentials, on a connection that ends with its answer."""
    return (
        data.startswith(_POST)
        and b"GetSystemDateAndTime" in data
        and b"onnection: close" in data
        and _SOAP_12 in data
        and data.rstrip().endswith(b"Envelope>")
        and b"Security" not in data
        and b"uthorization:" not in data
    )
