"""Knocks on the ports that cameras use and asks what time it is, without any password: whoever answers in SOAP is one.

A fault counts, and so does HTTP 400, 401 or 500 with a SOAP body or a challenge: it is an ONVIF device that minds its
manners.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from vms.devices.discovery.knock import Door, Knocker
from vms.devices.discovery.request import DiscoveryRequest
from vms.devices.discovery.shared import Shared
from vms.devices.discovery.traffic import Traffic
from vms.devices.http import TLS_PORTS, ExchangeFailed, TlsPolicy, exchange
from vms.devices.http import Limits as HttpLimits
from vms.devices.http_answer import HttpAnswer
from vms.devices.onvif.digest import read_challenges
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME
from vms.devices.onvif.soap import envelope, host_line, http_request
from vms.devices.onvif.xml import BadXml, anywhere, read_xml

_PATH = "/onvif/device_service"


async def sweep(
    request: DiscoveryRequest,
    addresses: Sequence[str],
    found: Callable[[str, int], None],
    *,
    silent: Callable[[str], bool],
    done: Callable[[int], None],
    shared: Shared,
) -> None:
    """`found(address, port)` for the first port of each silent address behind which ONVIF answers.

    Port by port over all addresses, so that no address gets all knocks at once; an open door is asked before the
    next one of the same address is knocked at.
    """
    asking: set[str] = set()

    async with asyncio.TaskGroup() as group:

        async def ask(address: str, port: int) -> None:
            try:
                async with shared.questions:
                    if silent(address) and await _is_onvif(address, port, request, shared.traffic):
                        found(address, port)
            finally:
                asking.discard(address)

        def opened(address: str, port: int) -> None:
            asking.add(address)
            group.create_task(ask(address, port))

        def doors() -> Iterator[Door]:
            for port in request.ports:
                for address in addresses:
                    yield address, port
                    if port == request.ports[-1]:
                        done(1)

        knocker = Knocker(
            pace=shared.pace,
            hands=shared.hands,
            traffic=shared.traffic,
            timeout_s=request.limits.connect_s,
            opened=opened,
            skip=lambda address: not silent(address),
            busy=asking.__contains__,
        )
        await knocker.knock(doors())


async def _is_onvif(address: str, port: int, request: DiscoveryRequest, traffic: Traffic) -> bool:
    question = http_request(
        envelope(GET_SYSTEM_DATE_AND_TIME), GET_SYSTEM_DATE_AND_TIME, host=host_line(address, port), path=_PATH
    )
    traffic.sent["question"] += 1
    limits = HttpLimits(total_s=request.limits.answer_s, max_body_bytes=65_536)
    try:
        answer = await exchange(address, port, question, limits=limits, tls=TlsPolicy() if port in TLS_PORTS else None)
    except ExchangeFailed as failed:
        return failed.code == "tls_legacy"
    traffic.answered["question"] += 1
    return speaks_soap(answer)


def speaks_soap(answer: HttpAnswer) -> bool:
    try:
        return anywhere(read_xml(answer.body).root, "Envelope") is not None
    except BadXml as bad:
        if answer.status == 401:
            return read_challenges(answer.all_of("www-authenticate")) is not None
        return bad.code == "empty" and answer.status in (200, 400, 415, 500) and "soap" in answer.header("content-type")
