"""What a person declared against what the device reported: every difference is a finding."""

from dataclasses import dataclass

from vms.core.geo import angle_between_deg, distance_m
from vms.inventory.camera import Camera, StreamRole
from vms.inventory.device import ObservedDevice
from vms.inventory.keys import usable_mac, usable_serial

POSITION_TOLERANCE_M = 30.0
BEARING_TOLERANCE_DEG = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    field: str
    declared: str
    observed: str


def differences(camera: Camera, device: ObservedDevice | None) -> tuple[Difference, ...]:
    """What was not declared or not observed cannot differ. Upper and lower case do not count."""
    found = list(_of_channel(camera))
    if device is None:
        return tuple(found)
    declared = camera.declared
    told = (
        ("manufacturer", declared.manufacturer, device.manufacturer),
        ("model", declared.model, device.model),
        ("serial_no", declared.serial_no, device.serial_no if usable_serial(device) else ""),
        ("address", declared.address, device.address),
        ("port", str(declared.port or ""), str(device.port)),
    )
    for field, ours, theirs in told:
        if ours and theirs and ours.strip().casefold() != theirs.strip().casefold():
            found.append(Difference(field=field, declared=ours, observed=theirs))
    macs = [usable for mac in device.macs if (usable := usable_mac(mac))]
    if declared.mac and macs and usable_mac(declared.mac) not in macs:
        found.append(Difference(field="mac", declared=declared.mac, observed=", ".join(macs)))
    return tuple(found)


def _of_channel(camera: Camera) -> list[Difference]:
    declared, found = camera.declared, []
    if declared.name and camera.observed_name and declared.name.strip() != camera.observed_name.strip():
        found.append(Difference(field="name", declared=declared.name, observed=camera.observed_name))
    widths = [stream.width for stream in camera.streams if stream.role == StreamRole.MAIN]
    if declared.width_px and widths and widths[0] != declared.width_px:
        found.append(Difference(field="width_px", declared=str(declared.width_px), observed=str(widths[0])))
    if declared.pose is None or camera.observed_pose is None:
        return found
    apart_m = distance_m(declared.pose.position, camera.observed_pose.position)
    if apart_m > POSITION_TOLERANCE_M:
        here, there = declared.pose.position, camera.observed_pose.position
        said, reported = f"{here.lon:.6f}, {here.lat:.6f}", f"{there.lon:.6f}, {there.lat:.6f} ({apart_m:.0f} m away)"
        found.append(Difference(field="position", declared=said, observed=reported))
    ours, theirs = declared.pose.bearing_deg, camera.observed_pose.bearing_deg
    if ours is not None and theirs is not None and angle_between_deg(ours, theirs) > BEARING_TOLERANCE_DEG:
        found.append(Difference(field="bearing_deg", declared=f"{ours:.0f}", observed=f"{theirs:.0f}"))
    return found
