"""What identifies a device: its serial number, network cards, endpoint reference, TLS key; fakes are left out.

Devices ship with made-up serial numbers ("General", "000000000"), with placeholder MACs, with an endpoint reference
that changes at each start. A value that is a known fake is no key; one that is merely shared shows only when devices
are compared.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from vms.inventory.device import ObservedDevice


class KeyKind(StrEnum):
    SERIAL = "serial"
    MAC = "mac"
    ENDPOINT_REFERENCE = "endpoint_reference"
    TLS_KEY = "tls_key"
    """Some makers ship the same one in all units, so alone it proves little."""


TELLING = frozenset({KeyKind.SERIAL.value, KeyKind.MAC.value})
"""Kinds that last: a device that tells one is known by it for good, and another one is another device."""


@dataclass(frozen=True, slots=True, order=True)
class DeviceKey:
    kind: str
    value: str


LONGEST = 200

# fmt: off
_FAKE_SERIALS = frozenset({
    "general", "serialnumber", "serial", "serialno", "sn", "none", "null", "nil", "na", "unknown", "undefined",
    "default", "test", "demo", "admin", "camera", "ipcamera", "ipcam", "ipc", "ipnc", "nvr", "dvr", "onvif",
    "onvifipnc", "h264", "h265", "device", "model", "notavailable", "tobefilledbyoem", "systemserialnumber",
    "0123456789", "1234567890", "123456789", "12345678", "1234567", "123456", "12345", "1234", "abcdefgh",
    "abcdef", "abc123", "987654321",
})
# fmt: on
_FAKE_MACS = frozenset(
    {"00:11:22:33:44:55", "11:22:33:44:55:66", "12:34:56:78:9a:bc", "aa:bb:cc:dd:ee:ff", "de:ad:be:ef:00:00"}
)
_SEPARATORS = re.compile(r"[\s._:\-/]+")
_TIDY_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")


def usable_keys(observed: ObservedDevice) -> tuple[DeviceKey, ...]:
    """In the order serial, network cards, endpoint reference, TLS key."""
    keys: list[DeviceKey] = []
    if serial := usable_serial(observed):
        keys.append(DeviceKey(KeyKind.SERIAL, serial))
    for mac in observed.macs[:16]:
        if usable := usable_mac(mac):
            keys.append(DeviceKey(KeyKind.MAC, usable))
    if reference := usable_reference(observed.endpoint_reference):
        keys.append(DeviceKey(KeyKind.ENDPOINT_REFERENCE, reference))
    if fingerprint := usable_fingerprint(observed.quirks.tls_fingerprint):
        keys.append(DeviceKey(KeyKind.TLS_KEY, fingerprint))
    return tuple(dict.fromkeys(keys))


def usable_serial(observed: ObservedDevice) -> str:
    """Upper case, or nothing where it is a fake."""
    return real_serial(observed.serial_no, observed.model, observed.manufacturer, observed.firmware)


def real_serial(serial_no: str, *elsewhere: str) -> str:
    """Upper case, or nothing: a fake is well-known, one character repeated, or what is told `elsewhere` as well."""
    serial = serial_no.strip().upper()[:LONGEST]
    bare = _bare(serial)
    if len(bare) < 4 or len(set(bare)) == 1 or bare in _FAKE_SERIALS or bare in {_bare(text) for text in elsewhere}:
        return ""
    return serial


def usable_mac(mac: str) -> str:
    """Lower case with colons, or nothing: not an address, a placeholder, a group address."""
    address = tidy_mac(mac)
    if not address or address in _FAKE_MACS or len(set(address)) == 2 or int(address[1], 16) & 1:
        return ""
    return address


def tidy_mac(mac: str) -> str:
    """Lower case with colons, or nothing where it is no MAC."""
    if _TIDY_MAC.fullmatch(mac):
        return mac
    digits = re.sub(r"[^0-9a-z]", "", mac.lower())
    if len(mac) > 20 or not re.fullmatch(r"[0-9a-f]{12}", digits):
        return ""
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def usable_reference(reference: str) -> str:
    """The bare UUID in lower case, or nothing."""
    bare = reference.strip().lower().removeprefix("urn:").removeprefix("uuid:")
    digits = re.sub(r"[^0-9a-z]", "", bare)
    if len(digits) < 8 or len(set(digits)) == 1 or len(bare) > LONGEST:
        return ""
    return bare


def usable_fingerprint(fingerprint: str) -> str:
    """SHA-256 in lower-case hex, or nothing."""
    bare = fingerprint.replace(":", "").strip().lower()
    return bare if re.fullmatch(r"[0-9a-f]{64}", bare) and len(set(bare)) > 1 else ""


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text).lower()
