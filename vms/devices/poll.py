"""The health probe: is it there, does its ONVIF stack answer, what time is it there? As cheap as it can be made.

One new connection, one unauthenticated GetSystemDateAndTime (which cannot lock an account), and the fields picked out
with one compiled pattern; the full reader is used only where the pattern finds nothing. A device whose clock is slow to
tell is asked the question that was learnt to be its cheapest, and the clock only now and then. It never signs in, and
never asks twice.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from vms.core.clock import Clock, system_clock
from vms.devices.budget import RequestBudget
from vms.devices.http import ExchangeFailed, Limits, TlsPolicy, exchange
from vms.devices.http_answer import HttpAnswer
from vms.devices.onvif.clock import DeviceClock, clock_from_fields, read_clock
from vms.devices.onvif.faults import read_fault
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME, HEALTH_OPERATIONS, Operation
from vms.devices.onvif.soap import envelope, host_line, http_request
from vms.devices.onvif.xml import BadXml, read_xml
from vms.devices.quick_exchange import quick_exchange
from vms.devices.trust import tls_for
from vms.health.reading import ControlReading, NetworkReading
from vms.inventory.device import DevicePolicy, Quirks

_FIELD = re.compile(rb"(Hour|Minute|Second|Year|Month|Day)[^>]{0,200}>\s*(\d{1,5})\s*<")
_LONGEST = 2048
"""Bytes of a UTCDateTime element that are looked through."""
_SECOND_S = 0.5
"""Cameras tell whole seconds: half of one is never known."""
_NO_ZONE_S = 1500.0
"""Offsets below this cannot be a time zone in the wrong field; larger ones go to the full reader."""


class Account(Protocol):
    """Whom the answer's bytes are charged to."""

    bytes_in: int


class Exchange(Protocol):
    """One request to a device that speaks in the clear, one answer. Raises ExchangeFailed and nothing else."""

    async def __call__(self, address: str, port: int, request: bytes, *, timeout_s: float) -> HttpAnswer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeTarget:
    """Where to ask and how. It holds no request of its own: what devices of one kind share is put together once."""

    address: str
    port: int
    quirks: Quirks
    tls: TlsPolicy | None = None

    @property
    def request(self) -> bytes:
        """Asks for the clock."""
        return _request(GET_SYSTEM_DATE_AND_TIME, self.address, self.port, self.quirks)

    @property
    def quick_request(self) -> bytes:
        """Asks what is cheaper than the clock; empty: nothing is."""
        quick = _quick(self.quirks)
        return b"" if quick is None else _request(quick, self.address, self.port, self.quirks)

    @property
    def quick_answer(self) -> bytes:
        """What its answer holds."""
        quick = _quick(self.quirks)
        return b"" if quick is None else f"{quick.name}Response".encode()


def probe_target(
    address: str, port: int, quirks: Quirks | None = None, policy: DevicePolicy | None = None
) -> ProbeTarget:
    known = quirks or Quirks()
    return ProbeTarget(address=address, port=port, quirks=known, tls=tls_for(port, known, policy))


def has_quicker_question(quirks: Quirks) -> bool:
    """Whether something else than the clock proves more cheaply that the device answers."""
    return _quick(quirks) is not None


def _quick(quirks: Quirks) -> Operation | None:
    quick = HEALTH_OPERATIONS.get(quirks.health_operation)
    return None if quick is GET_SYSTEM_DATE_AND_TIME else quick


def _request(operation: Operation, address: str, port: int, known: Quirks) -> bytes:
    before, after = _around_host(operation.name, known.soap_version, known.device_path, known.action_in_content_type)
    host = host_line(address, port)
    if "\r" in host or "\n" in host:
        raise ValueError("a line break inside an HTTP line")
    return before + host.encode("utf-8", "replace") + after


_HOST = "the.host.goes.here"


@lru_cache(maxsize=4096)
def _around_host(name: str, soap_version: str, path: str, action_in_content_type: bool) -> tuple[bytes, bytes]:
    """The request before and after the device's own address."""
    operation = HEALTH_OPERATIONS.get(name, GET_SYSTEM_DATE_AND_TIME)
    whole = http_request(
        envelope(operation, soap_version=soap_version),
        operation,
        host=_HOST,
        path=path,
        soap_version=soap_version,
        action_in_content_type=action_in_content_type,
    )
    before, _, after = whole.partition(f"\r\nHost: {_HOST}".encode())
    return before + b"\r\nHost: ", after


async def probe_control(
    target: ProbeTarget,
    clock: Clock = system_clock,
    *,
    timeout_s: float = 5.0,
    budget: RequestBudget | None = None,
    with_clock: bool = True,
    account: Account | None = None,
    ask: Exchange = quick_exchange,
) -> tuple[NetworkReading, ControlReading]:
    """Never raises for a device. A device that wants credentials for its clock, or refuses the question with a fault,
    has answered: that is all the poll asks. Without `with_clock` it is asked what it answers most quickly."""
    if budget is not None:
        async with budget.turn(target.address, target.port):
            return await _probe(target, clock, timeout_s, with_clock, account, ask)
    return await _probe(target, clock, timeout_s, with_clock, account, ask)


async def _probe(
    target: ProbeTarget, clock: Clock, timeout_s: float, with_clock: bool, account: Account | None, ask: Exchange
) -> tuple[NetworkReading, ControlReading]:
    quickly = not with_clock and bool(target.quick_request)
    request = target.quick_request if quickly else target.request
    asked_at = clock()
    try:
        if target.tls is None:
            answer = await ask(target.address, target.port, request, timeout_s=timeout_s)
        else:
            answer = await exchange(
                target.address, target.port, request, limits=Limits(total_s=timeout_s), tls=target.tls
            )
    except ExchangeFailed as failed:
        control = ControlReading(answered=False, because=failed.code)
        if failed.connect_s is None:
            return NetworkReading(connected=False, because=failed.code), control
        return NetworkReading(connected=True, connect_s=failed.connect_s), control
    if account is not None:
        account.bytes_in += len(answer.body)
    if quickly and answer.status == 200 and target.quick_answer in answer.body:
        control = ControlReading(answered=True, answer_s=answer.total_s)
    else:
        control = read_control(answer, asked_at, with_clock=not quickly)
    return NetworkReading(connected=True, connect_s=answer.connect_s), control


def read_control(answer: HttpAnswer, asked_at: datetime, *, with_clock: bool = True) -> ControlReading:
    """What an answer to GetSystemDateAndTime (or, without the clock, to another question) says about the control."""
    waited_s = answer.total_s - answer.connect_s
    middle = asked_at + timedelta(seconds=answer.connect_s + waited_s / 2)
    told = pick_utc(answer.body) if answer.status == 200 else None
    if told is not None:
        offset_s = (told - middle).total_seconds()
        if abs(offset_s) < _NO_ZONE_S:
            return ControlReading(
                answered=True,
                answer_s=answer.total_s,
                clock_offset_s=offset_s,
                clock_uncertainty_s=waited_s / 2 + _SECOND_S,
            )
    return _read_carefully(answer, middle, waited_s, with_clock)


def pick_utc(body: bytes) -> datetime | None:
    """The UTC instant by looking for its six numbers, without parsing; None sends the answer to the full reader."""
    begin = body.find(b"UTCDateTime")
    end = body.find(b"UTCDateTime", begin + 11)
    if begin < 0 or end < 0 or end - begin > _LONGEST:
        return None
    fields = dict(_FIELD.findall(body, begin, end))
    if len(fields) != 6:
        return None
    return clock_from_fields(
        *(int(fields[name]) for name in (b"Year", b"Month", b"Day", b"Hour", b"Minute", b"Second"))
    )


def _read_carefully(answer: HttpAnswer, middle: datetime, waited_s: float, with_clock: bool) -> ControlReading:
    try:
        root = read_xml(answer.body).root
    except BadXml as bad:
        if answer.status == 401:
            return ControlReading(answered=True, answer_s=answer.total_s, because="login_needed")
        because = "not_onvif" if bad.code in ("html", "not_xml", "empty") else f"answer_{bad.code}"
        return ControlReading(answered=False, answer_s=answer.total_s, because=because)
    fault = read_fault(root)
    if fault is not None:
        because = "login_needed" if fault.not_authorized else f"fault: {fault.short[:120]}"
        return ControlReading(answered=True, answer_s=answer.total_s, because=because)
    if not with_clock:
        return ControlReading(answered=True, answer_s=answer.total_s)
    told: DeviceClock = read_clock(root, now=middle)
    return ControlReading(
        answered=True,
        answer_s=answer.total_s,
        clock_offset_s=told.offset_s,
        clock_uncertainty_s=None if told.offset_s is None else waited_s / 2 + _SECOND_S,
        because=told.problem,
    )
