"""A camera as a row and back: the only place that knows which column holds what."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from vms.core.geo import Wgs84
from vms.core.ids import CameraId, DeviceId, OwnerId
from vms.inventory.camera import Camera, CoordinateSystem, Declared, LifeCycle, Pose, PoseCheck, Stream, StreamRole
from vms.inventory.tier import Tier

PLAIN = (
    "name",
    "common_name",
    "point_class",
    "region_code",
    "install_address",
    "pole_code",
    "gb_device_id",
    "serial_no",
    "mac",
    "address",
    "port",
    "manufacturer",
    "model",
    "indoor",
    "entered_x",
    "entered_y",
    "width_px",
    "height_px",
    "asset_status",
    "ipv6",
    "police_org_code",
    "structure_type",
    "supply_light",
    "encoding",
    "network_attr",
    "industry",
    "site_category",
    "installed_on",
    "mgmt_unit",
    "mgmt_contact",
    "retention_days",
    "filing_no",
    "filing_on",
    "signage_present",
)
"""Columns that are called as the declared field is."""

LISTS = ("function_types", "position_types")
POSE = ("mount_height_m", "bearing_deg", "tilt_deg", "h_fov_deg", "v_fov_deg", "max_view_m")


DATES = frozenset({"installed_on", "filing_on"})


def from_history(column: str, value: Any) -> Any:
    """What a line of the history kept as JSON, as the column holds it."""
    return date.fromisoformat(value) if column in DATES and isinstance(value, str) else value


def declared_columns(declared: Declared) -> dict[str, Any]:
    """Every declared column with its value."""
    pose = declared.pose
    return {
        **{name: getattr(declared, name) for name in PLAIN},
        **{name: list(getattr(declared, name)) for name in LISTS},
        "tier": declared.tier.value,
        "declared_channel": declared.channel,
        "entered_system": declared.entered_system.value,
        "lon": pose.position.lon if pose else None,
        "lat": pose.position.lat if pose else None,
        **{name: getattr(pose, name) if pose else None for name in POSE},
    }


def camera_from_row(row: RowMapping, streams: Sequence[RowMapping] = ()) -> Camera:
    return Camera(
        camera_id=CameraId(row["id"]),
        declared=declared_from_row(row),
        life_cycle=LifeCycle(row["life_cycle"]),
        owner_id=None if row["owner_id"] is None else OwnerId(row["owner_id"]),
        device_id=None if row["device_id"] is None else DeviceId(row["device_id"]),
        channel=row["channel"],
        observed_name=row["observed_name"],
        observed_pose=_observed_pose(row),
        ptz=row["ptz"],
        snapshot_uri=row["snapshot_uri"],
        streams=tuple(stream_from_row(stream) for stream in streams),
        pose_check=PoseCheck(row["pose_check"]) if row["pose_check"] else None,
        pose_mark=row["pose_mark"],
    )


def declared_from_row(row: RowMapping | Mapping[str, Any]) -> Declared:
    pose = None
    if row["lon"] is not None:
        pose = Pose(position=Wgs84(row["lon"], row["lat"]), **{name: row[name] for name in POSE})
    return Declared(
        **{name: row[name] for name in PLAIN},
        function_types=tuple(row["function_types"]),
        position_types=tuple(row["position_types"]),
        tier=Tier(row["tier"]),
        channel=row["declared_channel"],
        entered_system=CoordinateSystem(row["entered_system"]),
        pose=pose,
    )


def stream_from_row(row: RowMapping) -> Stream:
    return Stream(
        role=StreamRole(row["role"]),
        profile=row["profile"],
        encoding=row["encoding"],
        width=row["width"],
        height=row["height"],
        uri=row["uri"],
    )


def _observed_pose(row: RowMapping) -> Pose | None:
    if row["observed_lon"] is None:
        return None
    position = Wgs84(row["observed_lon"], row["observed_lat"])
    return Pose(position=position, bearing_deg=row["observed_bearing_deg"])
