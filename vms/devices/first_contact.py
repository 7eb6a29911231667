"""The first words with a device, without credentials: which dialect of SOAP, at which path, and what time is it
there?"""

from collections.abc import Iterator
from dataclasses import replace

from vms.devices.findings import Findings
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, SignInRefused
from vms.devices.onvif.clock import DeviceClock, read_clock
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME
from vms.inventory.device import Quirks

PATHS = ("/onvif/device_service", "/onvif/services", "/onvif/devices", "/onvif/device")
_HOSTILE = frozenset({"doctype", "too_deep", "too_large"})
_WORTH_ANOTHER_DIALECT = frozenset({"closed", "truncated", "timeout"})


async def make_contact(client: OnvifClient, findings: Findings) -> DeviceClock:
    """Learns the client's dialect; returns the device's clock. Raises ExchangeFailed or NotOnvif."""
    last: ExchangeFailed | NotOnvif | None = None
    refusal: tuple[Quirks, CallRefused] | None = None
    slow = 0
    for quirks in _ways(client.quirks):
        client.quirks = quirks
        try:
            reply = await client.call(GET_SYSTEM_DATE_AND_TIME, signed=False)
        except SignInRefused:
            client.learn(needs_login_for_clock=True)
            findings.note("clock_needs_login", "the device tells its time only to those who sign in")
            return DeviceClock(offset_s=None)
        except CallRefused as refused:
            refusal = refusal or (quirks, refused)
            if refused.fault.not_supported or quirks.soap_version == "1.1":
                break
        except NotOnvif as odd:
            last = odd
            if odd.code in _HOSTILE or refusal:
                break
        except ExchangeFailed as failed:
            last = last or failed
            slow += failed.code == "timeout"
            if failed.connect_s is None or failed.code not in _WORTH_ANOTHER_DIALECT or slow > 1:
                break
        else:
            client.learn(needs_login_for_clock=False)
            clock = read_clock(reply.root, now=reply.middle)
            if clock.problem:
                findings.note(clock.problem)
            return replace(clock, answer_s=reply.total_s)
    if refusal is not None:
        client.quirks = refusal[0]
        findings.note("clock_refused", f"the device does not tell its time: {refusal[1].message}")
        return DeviceClock(offset_s=None)
    assert last is not None
    raise last


def _ways(known: Quirks) -> Iterator[Quirks]:
    """The known way first; then without the action, then SOAP 1.1, then the other paths."""
    seen: set[tuple[str, bool, str]] = set()
    dialects = (
        known,
        replace(known, soap_version="1.2", action_in_content_type=True),
        replace(known, soap_version="1.2", action_in_content_type=False),
        replace(known, soap_version="1.1"),
    )
    elsewhere = (replace(known, soap_version="1.2", action_in_content_type=True, device_path=path) for path in PATHS)
    for way in (*dialects, *elsewhere):
        key = (way.soap_version, way.action_in_content_type or way.soap_version == "1.1", way.device_path)
        if key not in seen:
            seen.add(key)
            yield way
