"""A record laid flat, declared beside observed: what completeness, conformity and differences are judged by.

A named tuple, because a town's 100,000 records are judged in one go, and rows of the store become facts at once.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from vms.inventory.camera import Camera, StreamRole
from vms.inventory.device import ObservedDevice


class Facts(NamedTuple):
    """Declared fields by their columns; what begins with `observed_` the device said. In the order of the store's
    statement."""

    id: int
    life_cycle: str
    device_id: int | None
    status: str
    """vms.health.status.Status; unknown where nobody looked."""
    tier: str
    point_class: int | None
    name: str
    gb_device_id: str = ""
    asset_status: int = 10
    region_code: str = ""
    police_org_code: str = ""
    install_address: str = ""
    pole_code: str = ""
    lon: float | None = None
    lat: float | None = None
    entered_x: float | None = None
    entered_y: float | None = None
    site_category: str = ""
    position_types: Sequence[int] = ()
    mount_height_m: float | None = None
    bearing_deg: float | None = None
    structure_type: int | None = None
    function_types: Sequence[int] = ()
    supply_light: int | None = None
    encoding: str = ""
    width_px: int | None = None
    height_px: int | None = None
    manufacturer: str = ""
    model: str = ""
    serial_no: str = ""
    mac: str = ""
    address: str = ""
    port: int | None = None
    network_attr: int | None = None
    owner_id: int | None = None
    industry: str = ""
    mgmt_unit: str = ""
    mgmt_contact: str = ""
    installed_on: date | None = None
    retention_days: int | None = None
    filing_no: str = ""
    filing_on: date | None = None
    signage_present: bool | None = None
    observed_name: str = ""
    observed_lon: float | None = None
    observed_lat: float | None = None
    observed_bearing_deg: float | None = None
    observed_encoding: str | None = None
    observed_width_px: int | None = None
    observed_height_px: int | None = None
    observed_manufacturer: str | None = None
    observed_model: str | None = None
    observed_firmware: str | None = None
    observed_serial_no: str | None = None
    observed_macs: Sequence[str] | None = None
    observed_address: str | None = None
    observed_port: int | None = None


DECLARED = Facts._fields[4 : Facts._fields.index("observed_name")]
"""Columns of `cameras` that a person fills."""


def facts_of(camera: Camera, device: ObservedDevice | None, status: str = "unknown") -> Facts:
    declared, pose, seen = camera.declared, camera.declared.pose, camera.observed_pose
    plain: dict[str, Any] = {name: getattr(declared, name) for name in DECLARED if hasattr(declared, name)}
    main = next((stream for stream in camera.streams if stream.role is StreamRole.MAIN), None)
    told: dict[str, Any] = {} if device is None else _told(device)
    return Facts(
        **plain | {"tier": declared.tier.value},
        id=camera.camera_id,
        life_cycle=camera.life_cycle.value,
        device_id=camera.device_id,
        status=status,
        owner_id=camera.owner_id,
        lon=pose.position.lon if pose else None,
        lat=pose.position.lat if pose else None,
        mount_height_m=pose.mount_height_m if pose else None,
        bearing_deg=pose.bearing_deg if pose else None,
        observed_name=camera.observed_name,
        observed_lon=seen.position.lon if seen else None,
        observed_lat=seen.position.lat if seen else None,
        observed_bearing_deg=seen.bearing_deg if seen else None,
        observed_encoding=main.encoding if main else None,
        observed_width_px=main.width if main else None,
        observed_height_px=main.height if main else None,
        **told,
    )


def _told(device: ObservedDevice) -> dict[str, Any]:
    return {
        "observed_manufacturer": device.manufacturer,
        "observed_model": device.model,
        "observed_firmware": device.firmware,
        "observed_serial_no": device.serial_no,
        "observed_macs": device.macs,
        "observed_address": device.address,
        "observed_port": device.port,
    }


OBSERVED_AS = {
    "name": "observed_name",
    "lon": "observed_lon",
    "lat": "observed_lat",
    "bearing_deg": "observed_bearing_deg",
    "encoding": "observed_encoding",
    "width_px": "observed_width_px",
    "height_px": "observed_height_px",
    "manufacturer": "observed_manufacturer",
    "model": "observed_model",
    "serial_no": "observed_serial_no",
    "mac": "observed_macs",
    "address": "observed_address",
    "port": "observed_port",
}
"""Field → what the device said of the same."""
