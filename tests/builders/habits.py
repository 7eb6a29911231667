"""Devices of the pretend city with one habit each, and our client towards them."""

import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.builders.sim import a_device
from vms.devices.budget import Login
from vms.devices.discover import discover
from vms.devices.discovery.request import DiscoveryRequest, Limits, Method
from vms.devices.identify import identify
from vms.devices.onvif.client import OnvifClient
from vms.inventory.device import ObservedDevice
from vms.sim.city import City
from vms.sim.personality import PLAIN, Personality, SignIn, habit
from vms.sim.plan import PretendDevice

_numbers = itertools.count(1)
QUICK = Limits(round_s=0.1, listen_s=0.3, connect_s=0.3)
EVENTS_XADDR = "http://127.0.0.1/onvif/event_service"


@asynccontextmanager
async def city_of(
    personality: Personality | str = PLAIN, **changes: object
) -> AsyncIterator[tuple[City, PretendDevice]]:
    """One device on an address that no other test uses."""
    address = f"127.31.{os.getpid() % 250}.{next(_numbers)}"
    kind = habit(personality) if isinstance(personality, str) else personality
    async with a_device(kind, **{"address": address, **changes}) as found:
        yield found


def login_of(device: PretendDevice, password: str | None = None) -> Login:
    return Login(username=device.username, password=device.password if password is None else password)


async def identified(device: PretendDevice, *logins: Login, **how: object) -> ObservedDevice:
    known = logins or (login_of(device),)
    return await identify(device.address, device.onvif_port, known, **how)  # type: ignore[arg-type]


def codes(told: ObservedDevice) -> set[str]:
    return {problem.code for problem in told.problems}


def is_whole(told: ObservedDevice, device: PretendDevice) -> bool:
    return told.model == device.model and len(told.channels) == 1 and len(told.channels[0].streams) == 2


def client_of(device: PretendDevice, told: ObservedDevice) -> OnvifClient:
    login = None if device.personality.auth is SignIn.NONE else login_of(device)
    return OnvifClient(
        device.address,
        device.onvif_port,
        quirks=told.quirks,
        login=login,
        signing_offset_s=told.clock_offset_s or 0.0,
    )


async def found_by(device: PretendDevice, method: Method) -> list[ObservedDevice]:
    request = DiscoveryRequest(cidrs=(f"{device.address}/32",), methods=(method,), limits=QUICK)
    return [one async for one in discover(request, lambda address, port: [login_of(device)])]
