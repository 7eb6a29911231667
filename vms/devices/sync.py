"""Asks a camera for a key frame now, so that a picture can start at once instead of at the next group of pictures."""

from vms.core.clock import Clock, system_clock
from vms.devices.budget import Login, RequestBudget
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.addresses import place
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, SignInRefused
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME, set_synchronization_point
from vms.inventory.device import AuthScheme, DevicePolicy, Quirks


async def request_key_frame(
    address: str,
    port: int,
    profile: str,
    login: Login | None = None,
    *,
    quirks: Quirks | None = None,
    media_xaddr: str = "",
    signing_offset_s: float | None = None,
    timeout_s: float = 2.0,
    budget: RequestBudget | None = None,
    policy: DevicePolicy | None = None,
    clock: Clock = system_clock,
) -> bool:
    """SetSynchronizationPoint for the stream's profile; True where the device took it. Never raises for a device.

    One request where `signing_offset_s` (see DeviceClock) is given or not needed, else the clock is read first. A
    refusal is not
    repeated; a
    key frame comes anyway at the end of the group of pictures.
    """
    known = quirks or Quirks()
    client = OnvifClient(
        address,
        port,
        quirks=known,
        login=login,
        signing_offset_s=signing_offset_s or 0.0,
        timeout_s=timeout_s,
        budget=budget,
        policy=policy,
        clock=clock,
    )
    placed = place(media_xaddr, address, port) if media_xaddr else None
    try:
        if signing_offset_s is None and known.auth is AuthScheme.WSSE and not known.needs_login_for_clock:
            told = await client.call(GET_SYSTEM_DATE_AND_TIME, signed=False)
            client.signing_offset_s = read_clock(told.root, now=told.middle).signing_offset_s
        operation = set_synchronization_point(profile, media2=known.media_version == 2)
        if placed is None:
            path = "/onvif/media2_service" if known.media_version == 2 else "/onvif/media_service"
            await client.call(operation, path=path)
        else:
            await client.call(operation, path=placed.path, port=placed.port)
    except (ExchangeFailed, NotOnvif, CallRefused, SignInRefused):
        return False
    return True
