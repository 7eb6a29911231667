"""Learns a device's ways anew after a person had them forgotten: by open questions only, no login is ever sent."""

from dataclasses import replace

from vms.core.clock import Clock, system_clock
from vms.devices.findings import Findings
from vms.devices.first_contact import make_contact
from vms.devices.health_operation import learn_health_operation
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, SignInRefused
from vms.devices.onvif.device_messages import read_services
from vms.devices.onvif.operations import GET_DEVICE_INFORMATION, GET_SERVICES, Service
from vms.inventory.device import AuthScheme, DevicePolicy, Quirks

_ODD = (ExchangeFailed, NotOnvif, CallRefused, SignInRefused)


async def relearn(
    address: str,
    port: int,
    quirks: Quirks,
    policy: DevicePolicy | None = None,
    *,
    timeout_s: float = 5.0,
    clock: Clock = system_clock,
) -> Quirks | None:
    """At most some twelve requests, one after the other. None: nobody answered; what to know is still forgotten."""
    client = OnvifClient(address, port, quirks=quirks, policy=policy, timeout_s=timeout_s, clock=clock)
    try:
        told = await make_contact(client, Findings())
        await learn_health_operation(client, told.answer_s)
        client.learn(auth=await _scheme(client), media_version=await _media_version(client))
    except (ExchangeFailed, NotOnvif):
        return None
    return replace(client.quirks, forgotten=False)


async def _scheme(client: OnvifClient) -> AuthScheme:
    """What a device shows to a stranger tells how it wants to be signed in to."""
    try:
        await client.call(GET_DEVICE_INFORMATION, signed=False)
    except SignInRefused:
        return AuthScheme.DIGEST if client.was_challenged else AuthScheme.WSSE
    except (NotOnvif, CallRefused):
        return AuthScheme.UNKNOWN
    return AuthScheme.NONE


async def _media_version(client: OnvifClient) -> int:
    try:
        told = read_services((await client.call(GET_SERVICES, signed=False)).answer)
    except _ODD:
        return client.quirks.media_version
    return 2 if Service.MEDIA2 in told else 1
