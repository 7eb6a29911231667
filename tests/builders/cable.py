"""The cable between the poller and its devices, which a test can pull."""

from dataclasses import dataclass

from vms.devices.http import ExchangeFailed
from vms.devices.http_answer import HttpAnswer
from vms.devices.quick_exchange import quick_exchange
from vms.services.polling.wire import Wire


@dataclass(slots=True)
class Cable:
    pulled: bool = False

    async def exchange(self, address: str, port: int, request: bytes, *, timeout_s: float) -> HttpAnswer:
        if self.pulled:
            raise ExchangeFailed("unreachable", "no connection: no route to host")
        return await quick_exchange(address, port, request, timeout_s=timeout_s)

    @property
    def wire(self) -> Wire:
        return Wire(exchange=self.exchange)
