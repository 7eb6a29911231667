"""Who is at this address? Asks a device about itself and returns what it said; a bad device is a row with problems."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from vms.core.clock import Clock, system_clock
from vms.devices.budget import Login, LoginGuard, RequestBudget
from vms.devices.channels import ChannelReader
from vms.devices.findings import Findings
from vms.devices.first_contact import make_contact
from vms.devices.health_operation import learn_health_operation
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, Reply, SignInRefused
from vms.devices.onvif.device_messages import (
    GeoEntry,
    read_capabilities,
    read_device_information,
    read_endpoint_reference,
    read_geo_location,
    read_macs,
    read_scopes,
    read_services,
)
from vms.devices.onvif.operations import (
    GET_CAPABILITIES,
    GET_DEVICE_INFORMATION,
    GET_ENDPOINT_REFERENCE,
    GET_GEO_LOCATION,
    GET_NETWORK_INTERFACES,
    GET_SCOPES,
    GET_SERVICES,
    Operation,
)
from vms.devices.sign_in import Session
from vms.devices.trust import tls_for
from vms.inventory.device import AuthScheme, DevicePolicy, ObservedDevice, Quirks

LoginsOf = Callable[[str], Awaitable[Sequence[Login]]]
"""By the endpoint reference that a device tells to everybody."""
_NO_ONVIF = frozenset({"html", "not_xml", "not_soap", "empty"})


async def identify(
    address: str,
    port: int,
    logins: Sequence[Login] = (),
    *,
    known: Quirks | None = None,
    timeout_s: float = 30.0,
    request_timeout_s: float = 8.0,
    budget: RequestBudget | None = None,
    guard: LoginGuard | None = None,
    device_key: str = "",
    policy: DevicePolicy | None = None,
    told_tls: bool = False,
    logins_of: LoginsOf | None = None,
    clock: Clock = system_clock,
) -> ObservedDevice:
    """Never raises for a bad device. `timeout_s` is for the whole device; what was learnt before it ran out is
    returned. `policy` is what a person allows for it; `told_tls`: it named https when it was heard.
    `logins_of` is asked, where the device tells its endpoint reference without a login, and its answer counts before
    `logins`.

    Problems say why something is missing: refused, timeout, unreachable, closed, tls, tls_legacy,
    tls_certificate_changed (no connection or no answer), not_onvif, answer_… (hostile or broken XML), login_needed,
    login_refused, lock_warning, account_locked, …
    """
    findings = Findings()
    client = OnvifClient(
        address,
        port,
        quirks=known,
        timeout_s=min(request_timeout_s, timeout_s),
        budget=budget,
        policy=policy,
        tls=tls_for(port, known, policy, told=told_tls),
        clock=clock,
    )
    asked = _Identification(client, findings)
    session_guard = guard if guard is not None else LoginGuard()
    try:
        async with asyncio.timeout(timeout_s):
            await asked.run(logins, session_guard, device_key or f"{address}:{port}", logins_of)
    except TimeoutError:
        findings.note("too_slow", f"the device could not be asked everything within {timeout_s:g} s")
    except ExchangeFailed as failed:
        findings.note(failed.code, failed.message)
    except NotOnvif as odd:
        findings.note("not_onvif" if odd.code in _NO_ONVIF else f"answer_{odd.code}", odd.message)
    for oddity in sorted(client.oddities):
        findings.note(oddity)
    return asked.result()


class _Identification:
    """The questions in their order; `result` holds what was learnt so far."""

    def __init__(self, client: OnvifClient, findings: Findings) -> None:
        self._client = client
        self._findings = findings
        self._seen = ObservedDevice(address=client.address, port=client.port)
        self._session: Session | None = None
        self._reader: ChannelReader | None = None

    def result(self) -> ObservedDevice:
        auth = self._client.scheme if self._session else AuthScheme.UNKNOWN
        return replace(
            self._seen,
            auth=auth,
            quirks=self._quirks(),
            channels=tuple(self._reader.channels) if self._reader else (),
            problems=self._findings.problems,
            login_refused=self._session.login_refused if self._session else False,
        )

    def _quirks(self) -> Quirks:
        """A certificate that nobody showed today is no evidence of who is there."""
        quirks = self._client.quirks
        return quirks if self._client.was_answered else replace(quirks, tls_fingerprint="")

    async def run(
        self, logins: Sequence[Login], guard: LoginGuard, device_key: str, logins_of: LoginsOf | None
    ) -> None:
        client = self._client
        told_clock = await make_contact(client, self._findings)
        client.signing_offset_s = told_clock.signing_offset_s
        client.learn(forgotten=False)
        self._seen = replace(self._seen, clock_offset_s=told_clock.offset_s)
        await learn_health_operation(client, told_clock.answer_s)
        if logins_of is not None and await self._reference_without_login():
            logins = await logins_of(self._seen.endpoint_reference)
        self._session = Session(client, logins, guard=guard, device=device_key, findings=self._findings)

        told = await self._ask(GET_DEVICE_INFORMATION, "information_refused")
        if self._session.login_refused or "login_needed" in self._findings:
            await self._ask_the_open_ones()
            return
        if told:
            information = read_device_information(told.answer)
            self._seen = replace(
                self._seen,
                manufacturer=information.manufacturer,
                model=information.model,
                firmware=information.firmware,
                serial_no=information.serial_no,
                hardware=information.hardware,
            )
        services = await self._services()
        if told := await self._ask(GET_NETWORK_INTERFACES):
            self._seen = replace(self._seen, macs=read_macs(told.answer))
        await self._ask_the_open_ones()
        geo: tuple[GeoEntry, ...] = ()
        if told := await self._ask(GET_GEO_LOCATION):
            geo = read_geo_location(told.answer)
        self._reader = ChannelReader(self._session, services, geo, self._findings)
        await self._reader.read()

    async def _reference_without_login(self) -> bool:
        try:
            told = await self._client.call(GET_ENDPOINT_REFERENCE, signed=False)
        except (ExchangeFailed, NotOnvif, CallRefused, SignInRefused):
            return False  # asked again later
        self._seen = replace(self._seen, endpoint_reference=read_endpoint_reference(told.answer))
        return bool(self._seen.endpoint_reference)

    async def _ask_the_open_ones(self) -> None:
        """What a device should tell without credentials, so that one whose password is wrong is still recognised."""
        if not self._seen.endpoint_reference and (told := await self._ask(GET_ENDPOINT_REFERENCE)):
            self._seen = replace(self._seen, endpoint_reference=read_endpoint_reference(told.answer))
        if told := await self._ask(GET_SCOPES):
            self._seen = replace(self._seen, scopes=read_scopes(told.answer))

    async def _services(self) -> dict[str, str]:
        """GetServices, or GetCapabilities where that is missing."""
        for operation, read in ((GET_SERVICES, read_services), (GET_CAPABILITIES, read_capabilities)):
            told = await self._ask(operation)
            services = read(told.answer) if told else {}
            if services:
                return services
        self._findings.note("services_unknown", "the device names no services; the usual path is tried for all")
        return {}

    async def _ask(self, operation: Operation, problem: str = "") -> Reply | None:
        """None where this device refuses the question or cannot be understood; it is asked the next one all the
        same."""
        assert self._session is not None
        try:
            return await self._session.ask(operation)
        except (NotOnvif, CallRefused, SignInRefused) as refused:
            if problem and not isinstance(refused, SignInRefused):
                self._findings.note(problem, f"{operation.name}: {refused}")
            return None
