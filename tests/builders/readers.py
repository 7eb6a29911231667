"""Every reader of answers, tried on one answer: what is recorded, spoilt or made up goes through all of them."""

from datetime import UTC, datetime

from vms.devices.onvif import device_messages, media_messages
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.device_messages import (
    read_capabilities,
    read_device_information,
    read_endpoint_reference,
    read_geo_location,
    read_macs,
    read_scopes,
    read_services,
)
from vms.devices.onvif.events import read_notifications, read_subscription
from vms.devices.onvif.faults import read_fault
from vms.devices.onvif.media_messages import (
    merge_profiles,
    read_encoder_instances,
    read_osds,
    read_profiles,
    read_uri,
)
from vms.devices.onvif.xml import Element

NOW = datetime(2026, 1, 1, tzinfo=UTC)
READERS = (
    read_device_information,
    read_services,
    read_capabilities,
    read_macs,
    read_scopes,
    read_endpoint_reference,
    read_geo_location,
    read_profiles,
    read_encoder_instances,
    read_uri,
    read_osds,
    read_fault,
    read_notifications,
    read_subscription,
)


def read_by_all(root: Element) -> None:
    """None of them may raise."""
    for read in READERS:
        read(root)
    read_clock(root, now=NOW)
    profiles = read_profiles(root)
    merge_profiles(profiles, profiles)


def left_out() -> set[str]:
    """Readers of the device's and the media services' answers that are not in the list."""
    written = {
        name for module in (device_messages, media_messages) for name in vars(module) if name.startswith("read_")
    }
    return written - {read.__name__ for read in READERS}
