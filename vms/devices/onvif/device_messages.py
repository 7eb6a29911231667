"""What the device service says about the device itself: answers as values."""

import re
from dataclasses import dataclass

from vms.devices.onvif.operations import Service
from vms.devices.onvif.xml import Element, anywhere, attribute, child, children, everywhere, text, words
from vms.inventory.device import ObservedPose

_MAC = re.compile(r"^(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$")
_MAX_TEXT = 256
_MAX_SCOPES = 128
_CAPABILITY_SERVICES = {
    "Device": Service.DEVICE,
    "Media": Service.MEDIA,
    "PTZ": Service.PTZ,
    "Events": Service.EVENTS,
    "Imaging": Service.IMAGING,
    "Recording": Service.RECORDING,
    "Search": Service.SEARCH,
    "Replay": Service.REPLAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInformation:
    """As the device spells it: OEM rebrands and placeholders are kept raw."""

    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    serial_no: str = ""
    hardware: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoEntry:
    entity: str
    """`VideoSource`, `Device`, or empty."""
    token: str
    pose: ObservedPose


def read_device_information(answer: Element) -> DeviceInformation:
    def field(name: str) -> str:
        return words(anywhere(answer, name))[:_MAX_TEXT]

    return DeviceInformation(
        manufacturer=field("Manufacturer"),
        model=field("Model"),
        firmware=field("FirmwareVersion"),
        serial_no=field("SerialNumber"),
        hardware=field("HardwareId"),
    )


def read_services(answer: Element) -> dict[str, str]:
    """Namespace → XAddr (several addresses in one field: the first; the host is replaced anyway)."""
    services: dict[str, str] = {}
    for service in everywhere(answer, "Service"):
        name, xaddr = text(service, "Namespace"), first_address(text(service, "XAddr"))
        if name and xaddr:
            services.setdefault(name, xaddr)
    return services


def read_capabilities(answer: Element) -> dict[str, str]:
    """Namespace → XAddr, out of GetCapabilities, whose extension holds the younger services."""
    services: dict[str, str] = {}
    capabilities = anywhere(answer, "Capabilities")
    for holder in (capabilities, child(capabilities, "Extension")):
        for name, service in _CAPABILITY_SERVICES.items():
            xaddr = first_address(text(holder, name, "XAddr")) if holder is not None else ""
            if xaddr:
                services.setdefault(service.value, xaddr)
    return services


def read_macs(answer: Element) -> tuple[str, ...]:
    """Lower case, colon-separated, in the order of the interfaces, without all-zero ones."""
    macs: list[str] = []
    for interface in everywhere(answer, "NetworkInterfaces"):
        mac = plain_mac(text(interface, "Info", "HwAddress") or text(anywhere(interface, "HwAddress")))
        if mac and mac not in macs:
            macs.append(mac)
    return tuple(macs[:32])


def plain_mac(told: str) -> str:
    told = told.strip().lower().replace(".", "")
    if not _MAC.match(told):
        return ""
    digits = re.sub(r"[^0-9a-f]", "", told)
    return "" if set(digits) == {"0"} else ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def read_scopes(answer: Element) -> tuple[str, ...]:
    found = (words(scope, "ScopeItem") for scope in everywhere(answer, "Scopes"))
    return tuple(dict.fromkeys(one[:_MAX_TEXT] for one in found if one))[:_MAX_SCOPES]


def read_endpoint_reference(answer: Element) -> str:
    return text(anywhere(answer, "Address") if anywhere(answer, "Address") is not None else anywhere(answer, "GUID"))[
        :_MAX_TEXT
    ]


def read_geo_location(answer: Element) -> tuple[GeoEntry, ...]:
    """Positions with longitude and latitude inside the globe; a camera's pan as bearing where it is told."""
    entries: list[GeoEntry] = []
    for location in children(answer, "Location"):
        point = child(location, "GeoLocation")
        lon, lat = _number(attribute(point, "lon")), _number(attribute(point, "lat"))
        if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 == lat):
            continue
        pan = _number(attribute(child(location, "LocalOrientation"), "pan"))
        if pan is None:
            pan = _number(attribute(child(location, "GeoOrientation"), "yaw"))
        entries.append(
            GeoEntry(
                entity=attribute(location, "Entity")[:64],
                token=attribute(location, "Token")[:_MAX_TEXT],
                pose=ObservedPose(
                    lon=lon,
                    lat=lat,
                    elevation_m=_number(attribute(point, "elevation")),
                    bearing_deg=None if pan is None else pan % 360.0,
                ),
            )
        )
    return tuple(entries[:256])


def first_address(told: str) -> str:
    """Of several in one field the first that is no link-local one."""
    words = told.split()
    usable = [word for word in words if "//169.254." not in word and "//[fe80" not in word.lower()]
    return (usable or words or [""])[0]


def _number(told: str) -> float | None:
    try:
        value = float(told)
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None
