"""A device is started anew; whether it went and came back is seen from outside."""

import asyncio

from vms.devices.configure.hand import Hand
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, SignInRefused
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME, Service
from vms.devices.onvif.xml import anywhere, text


async def reboot(hand: Hand) -> str:
    """What the device says to it. Raises ChangeRefused, NotSent, AnswerLost."""
    told = await hand.change(Service.DEVICE, "SystemReboot")
    return text(anywhere(told, "Message"))[:200]


async def answers(hand: Hand) -> bool:
    """Does its ONVIF stack answer at all, be it with a refusal?"""
    try:
        await hand.client.call(GET_SYSTEM_DATE_AND_TIME, signed=False)
    except ExchangeFailed:
        return False
    except (NotOnvif, CallRefused, SignInRefused):
        return True
    return True


async def wait_until(hand: Hand, *, answering: bool, within_s: float, look_every_s: float) -> bool:
    """Looks until it answers (or does not answer any longer); False where that did not come in time."""
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + within_s
    while await answers(hand) != answering:
        if loop.time() > ends_s:
            return False
        await asyncio.sleep(look_every_s)
    return True
