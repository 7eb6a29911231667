"""A camera as the item of a GB/T 28181-2022 catalogue: the fields that the record can fill, in the standard's order."""

from collections.abc import Iterable
from dataclasses import dataclass

from vms.inventory.archive.direction import direction_code
from vms.inventory.archive.gb_device_id import is_id
from vms.inventory.camera import Camera

_CIVIL_DIGITS = 6
_ENCODINGS = {"MPEG4": "MPEG-4", "H264": "H.264", "H265": "H.265"}
_UNKNOWN_LIGHT = 1
Elements = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItem:
    """Tags with their texts; an element without a value is not there unless the standard asks for it."""

    device_id: str
    elements: Elements
    info: Elements


def platform_id_for(device_ids: Iterable[str]) -> str:
    """A signalling platform (type 200) in the place of the first of them, where nobody said which one asks."""
    centre = next((device_id[:8] for device_id in device_ids if is_id(device_id)), "0" * 8)
    return f"{centre}002000000001"


def catalogue_item(
    camera: Camera, *, device_id: str, parent_id: str, owner: str, online: bool, contact: str = ""
) -> CatalogueItem:
    """`device_id`: under which it goes out. `online`: somebody looked and it answered; a camera that nobody watches is
    not. `contact`: as it may be handed on.

    Owner is the 2016 edition's, which the 2022 edition leaves out; platforms of both read it.
    """
    declared, pose = camera.declared, camera.pose
    elements = (
        ("DeviceID", device_id),
        ("Name", camera.name),
        ("Manufacturer", declared.manufacturer or "Unknown"),
        ("Model", declared.model or "Unknown"),
        ("Owner", owner or "Unknown"),
        ("CivilCode", _civil_code(camera)),
        ("Address", declared.install_address or camera.name),
        ("Parental", "0"),
        ("ParentID", parent_id),
        ("RegisterWay", "1"),
        ("Secrecy", "0"),
        *_some("IPAddress", declared.address or declared.ipv6),
        *_some("Port", declared.port),
        ("Status", "ON" if online else "OFF"),
        *_some("Longitude", f"{pose.position.lon:.7f}" if pose else None),
        *_some("Latitude", f"{pose.position.lat:.7f}" if pose else None),
    )
    return CatalogueItem(device_id=device_id, elements=elements, info=_info(camera, contact))


def _info(camera: Camera, contact: str) -> Elements:
    declared, pose = camera.declared, camera.pose
    fixed = not camera.ptz
    return (
        *_some("PTZType", declared.structure_type),
        ("RoomType", "2" if declared.indoor else "1"),
        ("SupplyLightType", str(declared.supply_light or _UNKNOWN_LIGHT)),
        *_some("DirectionType", _direction(pose.bearing_deg) if pose and fixed else None),
        *_some("StreamNumberList", "/".join(str(number) for number in range(len(camera.streams)))),
        *_some("HorizontalFieldAngle", _number(pose.h_fov_deg) if pose else None),
        *_some("VerticalFieldAngle", _number(pose.v_fov_deg) if pose else None),
        *_some("MaxViewDistance", _number(pose.max_view_m) if pose else None),
        ("GrassrootsCode", _civil_code(camera)),
        ("PointType", str(declared.point_class or 3)),
        *_some("PointCommonName", declared.common_name),
        *_some("MAC", declared.mac.upper().replace(":", "-")),
        *_some("FunctionType", "/".join(f"{code:02d}" for code in declared.function_types)),
        *_some("EncodeType", _ENCODINGS.get(declared.encoding, declared.encoding)),
        *_some("InstallTime", f"{declared.installed_on.isoformat()}T00:00:00" if declared.installed_on else None),
        *_some("ManagementUnit", declared.mgmt_unit),
        *_some("ContactInfo", contact),
        *_some("RecordSaveDays", declared.retention_days),
        *_some("IndustrialClassification", declared.industry),
    )


def _civil_code(camera: Camera) -> str:
    code = camera.declared.region_code
    return code[:_CIVIL_DIGITS] if code[:_CIVIL_DIGITS].isdigit() else camera.declared.gb_device_id[:_CIVIL_DIGITS]


def _direction(bearing_deg: float | None) -> int | None:
    return None if bearing_deg is None else direction_code(bearing_deg)


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _some(tag: str, value: str | int | None) -> Elements:
    return ((tag, str(value)),) if value not in (None, "") else ()
