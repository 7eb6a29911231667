"""Which question proves most cheaply that a device's ONVIF stack answers? Learnt once per device, without credentials.

GetSystemDateAndTime tells the clock too and is the usual choice; on some Axis cameras it takes 0.6 s, where other
questions take 15 ms. Such a device is asked a few more questions at its identification, and polled with the quickest.
"""

from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, SignInRefused
from vms.devices.onvif.operations import HEALTH_OPERATIONS

SLOW_S = 0.15
"""Below this the clock is cheap enough, and nothing else is asked."""
WORTH_IT = 0.5
"""Another question is chosen where it takes at most this share of the clock's time."""
GOOD_ENOUGH = 0.2
"""At this share no further question is tried."""
ALL_SLOW = 0.8
"""Above this share it is the device that is slow and not its clock: nothing more is asked of it."""
CLOCK = "GetSystemDateAndTime"


async def learn_health_operation(client: OnvifClient, clock_answer_s: float) -> None:
    """`clock_answer_s` is what the clock's answer took just now. What was learnt before stands. Raises nothing."""
    if client.quirks.health_operation or clock_answer_s < SLOW_S:
        return
    quickest_s, chosen = clock_answer_s * WORTH_IT, ""
    for name, operation in HEALTH_OPERATIONS.items():
        if name == CLOCK:
            continue
        try:
            took_s = (await client.call(operation, signed=False)).total_s
        except (ExchangeFailed, NotOnvif, CallRefused, SignInRefused):
            continue
        if took_s < quickest_s:
            quickest_s, chosen = took_s, name
        if took_s < clock_answer_s * GOOD_ENOUGH or took_s > clock_answer_s * ALL_SLOW:
            break
    client.learn(health_operation=chosen or CLOCK)
