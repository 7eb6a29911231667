"""Knocks on the ports that cameras use and asks what time it is, without any password: whoever answers in SOAP is one.

A fault counts, and so does HTTP 400, 401 or 500 with a SOAP body or a challenge: it is an ONVIF device that minds its
manners.
"""

import asyncio
from collections.abc import Callable, Iterable

from vms.devices.discovery.request import DiscoveryRequest
from vms.devices.http import ExchangeFailed, TlsPolicy, exchange
from vms.devices.http import Limits as HttpLimits
from vms.devices.http_answer import HttpAnswer
from vms.devices.onvif.digest import read_challenges
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME
from vms.devices.onvif.soap import envelope, host_line, http_request
from vms.devices.onvif.xml import BadXml, anywhere, read_xml

_PATH = "/onvif/device_service"
TLS_PORTS = frozenset({443, 8443})


async def sweep(
    request: DiscoveryRequest,
    addresses: Iterable[str],
    found: Callable[[str, int], None],
    *,
    silent: Callable[[str], bool],
    done: Callable[[int], None],
) -> None:
    """`found(address, port)` for the first port of each silent address behind which ONVIF answers."""
    queue = iter(addresses)

    async def worker() -> None:
        for address in queue:
            if silent(address):
                for port in request.ports:
                    if await _knock(address, port, request):
                        found(address, port)
                        break
            done(1)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(request.limits.sweep_width):
            group.create_task(worker())


async def _knock(address: str, port: int, request: DiscoveryRequest) -> bool:
    if not await _is_open(address, port, request.limits.connect_s):
        return False
    question = http_request(
        envelope(GET_SYSTEM_DATE_AND_TIME), GET_SYSTEM_DATE_AND_TIME, host=host_line(address, port), path=_PATH
    )
    limits = HttpLimits(total_s=request.limits.answer_s, max_body_bytes=65_536)
    try:
        answer = await exchange(address, port, question, limits=limits, tls=TlsPolicy() if port in TLS_PORTS else None)
    except ExchangeFailed:
        return False
    return speaks_soap(answer)


def speaks_soap(answer: HttpAnswer) -> bool:
    try:
        return anywhere(read_xml(answer.body).root, "Envelope") is not None
    except BadXml as bad:
        if answer.status == 401:
            return read_challenges(answer.all_of("www-authenticate")) is not None
        return bad.code == "empty" and answer.status in (200, 400, 415, 500) and "soap" in answer.header("content-type")


async def _is_open(address: str, port: int, timeout_s: float) -> bool:
    """Cheaper than a failed request: most doors of most addresses are closed."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            transport, _ = await loop.create_connection(asyncio.Protocol, address, port)
    except (OSError, TimeoutError):
        return False
    transport.abort()
    return True
