"""What a person declared against what the device reported: every difference is a finding."""

from collections.abc import Mapping
from dataclasses import dataclass

from vms.core.geo import Wgs84, angle_between_deg, distance_m
from vms.inventory.archive.facts import Facts, facts_of
from vms.inventory.camera import Camera
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.keys import real_serial, usable_mac

COMPARED = (
    *("name", "width_px", "position", "bearing_deg"),
    *("manufacturer", "model", "serial_no", "address", "port", "mac"),
)
"""What a difference can be in."""
POSITION_TOLERANCE_M = 30.0
BEARING_TOLERANCE_DEG = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    field: str
    declared: str
    observed: str


Accepted = Mapping[str, Difference]
"""By field the difference that a person let stand."""


def differences(camera: Camera, device: ObservedDevice | None) -> tuple[Difference, ...]:
    """What was not declared or not observed cannot differ. Upper and lower case do not count."""
    return differences_of(facts_of(camera, device))


def still_open(found: tuple[Difference, ...], accepted: Accepted) -> tuple[Difference, ...]:
    """Without those that a person let stand with these very values: when either side changes it is shown again."""
    return tuple(one for one in found if accepted.get(one.field) != one) if accepted else found


def differences_of(facts: Facts) -> tuple[Difference, ...]:
    found: list[Difference] = []
    if facts.observed_name and facts.name and facts.name.strip() != facts.observed_name.strip():
        found.append(Difference(field="name", declared=facts.name, observed=facts.observed_name))
    if facts.width_px and facts.observed_width_px and facts.width_px != facts.observed_width_px:
        found.append(Difference(field="width_px", declared=str(facts.width_px), observed=str(facts.observed_width_px)))
    if facts.lon is not None and facts.observed_lon is not None:
        found.extend(_of_pose(facts))
    if facts.observed_address is not None:
        found.extend(_of_device(facts))
    return tuple(found)


def _of_device(facts: Facts) -> list[Difference]:
    told = (
        ("manufacturer", facts.manufacturer, facts.observed_manufacturer or ""),
        ("model", facts.model, facts.observed_model or ""),
        ("serial_no", facts.serial_no, _serial_to_compare(facts)),
        ("address", facts.address, facts.observed_address or ""),
        ("port", str(facts.port or ""), str(facts.observed_port or "")),
    )
    found = [
        Difference(field=field, declared=ours, observed=theirs)
        for field, ours, theirs in told
        if ours and theirs and ours != theirs and ours.strip().casefold() != theirs.strip().casefold()
    ]
    if not facts.mac or facts.mac in (facts.observed_macs or ()):
        return found
    if (macs := usable_macs_of(facts)) and usable_mac(facts.mac) not in macs:
        found.append(Difference(field="mac", declared=facts.mac, observed=", ".join(macs)))
    return found


def _serial_to_compare(facts: Facts) -> str:
    if not facts.serial_no or facts.serial_no == facts.observed_serial_no:
        return facts.serial_no
    return usable_serial_of(facts)


def usable_serial_of(facts: Facts) -> str:
    """As the device spells it, or nothing where it is a fake."""
    told = facts.observed_serial_no or ""
    elsewhere = (facts.observed_model or "", facts.observed_manufacturer or "", facts.observed_firmware or "")
    return told if real_serial(told, *elsewhere) else ""


def usable_macs_of(facts: Facts) -> list[str]:
    return [usable for mac in facts.observed_macs or () if (usable := usable_mac(mac))]


def _of_pose(facts: Facts) -> list[Difference]:
    assert facts.lon is not None and facts.lat is not None
    assert facts.observed_lon is not None and facts.observed_lat is not None
    here, there = Wgs84(facts.lon, facts.lat), Wgs84(facts.observed_lon, facts.observed_lat)
    found: list[Difference] = []
    apart_m = distance_m(here, there)
    if apart_m > POSITION_TOLERANCE_M:
        said, reported = f"{here.lon:.6f}, {here.lat:.6f}", f"{there.lon:.6f}, {there.lat:.6f} ({apart_m:.0f} m away)"
        found.append(Difference(field="position", declared=said, observed=reported))
    ours, theirs = facts.bearing_deg, facts.observed_bearing_deg
    if ours is not None and theirs is not None and angle_between_deg(ours, theirs) > BEARING_TOLERANCE_DEG:
        found.append(Difference(field="bearing_deg", declared=f"{ours:.0f}", observed=f"{theirs:.0f}"))
    return found
