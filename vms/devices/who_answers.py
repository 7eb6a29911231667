"""Who answers at an address? Found out before a login is shown there: openly where the device tells, else by a sign-in
that reveals nothing but the name of the user."""

from enum import StrEnum

from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, SignInRefused
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.device_messages import DeviceInformation, read_device_information, read_endpoint_reference
from vms.devices.onvif.operations import GET_DEVICE_INFORMATION, GET_ENDPOINT_REFERENCE, GET_SYSTEM_DATE_AND_TIME
from vms.inventory.device import AuthScheme, ObservedDevice
from vms.inventory.identity.keys import real_serial, usable_reference, usable_serial
from vms.inventory.identity.open_evidence import Answerer, open_evidence, who_answers

_SILENT = (ExchangeFailed, NotOnvif, CallRefused)


class Certainty(StrEnum):
    SURE = "sure"
    """The device that we know: it may be shown its login in any way."""
    OPEN = "open"
    """Nobody can say: a proof of the password may be shown, the password itself not."""
    ANOTHER = "another"
    """Another device answers there: it is shown nothing."""
    REFUSED = "refused"
    """It refused the login while it was asked who it is: it is shown nothing more."""


def tells_openly(known: ObservedDevice) -> bool:
    """Whether there is anything to compare without a login."""
    reference = usable_reference(known.endpoint_reference) and not known.quirks.reference_changes
    return bool(reference) or _pinned(known)


async def ask_openly(client: OnvifClient, known: ObservedDevice) -> Answerer:
    """At most one question that everybody may put. A certificate that only the known device has, and its endpoint
    reference, prove that it is he; where nobody answers, nothing is told."""
    if not tells_openly(known):
        return Answerer.UNTOLD
    try:
        told = await client.call(GET_ENDPOINT_REFERENCE, signed=False)
    except ExchangeFailed as failed:
        return Answerer.ANOTHER if failed.code == "tls_certificate_changed" else Answerer.UNTOLD
    except (NotOnvif, CallRefused, SignInRefused):
        return Answerer.KNOWN if client.speaks_tls and _pinned(known) else Answerer.UNTOLD
    answers = who_answers(open_evidence(read_endpoint_reference(told.answer), ()), known)
    if answers is Answerer.UNTOLD and client.speaks_tls and _pinned(known):
        return Answerer.KNOWN
    return answers


async def ask_by_name(client: OnvifClient, known: ObservedDevice) -> Certainty:
    """Signs in by a digest and asks for maker, model and serial number; at most two questions. A device that wants no
    login is asked without one."""
    client.learn(auth=known.quirks.auth)
    if client.scheme not in (AuthScheme.WSSE, AuthScheme.DIGEST, AuthScheme.NONE):
        return Certainty.OPEN
    if client.scheme is AuthScheme.WSSE and client.policy.plain_password:
        return Certainty.OPEN  # such a device is spoken to by TLS, and its certificate tells who it is
    try:
        if client.scheme is AuthScheme.WSSE and not client.quirks.needs_login_for_clock:
            clock = await client.call(GET_SYSTEM_DATE_AND_TIME, signed=False)
            client.signing_offset_s = read_clock(clock.root, now=clock.middle).signing_offset_s
        told = await client.call(GET_DEVICE_INFORMATION)
    except SignInRefused as refused:
        return Certainty.REFUSED if refused.tried else Certainty.OPEN
    except _SILENT:
        return Certainty.OPEN
    return Certainty.SURE if _may_be(read_device_information(told.answer), known) else Certainty.ANOTHER


def _may_be(told: DeviceInformation, known: ObservedDevice) -> bool:
    """By the serial number; where one of the two has none of its own, by maker and model."""
    theirs = real_serial(told.serial_no, told.model, told.manufacturer, told.firmware)
    ours = usable_serial(known)
    if theirs and ours:
        return theirs == ours
    return not known.model or (told.manufacturer, told.model) == (known.manufacturer, known.model)


def _pinned(known: ObservedDevice) -> bool:
    return bool(known.quirks.tls_fingerprint)
