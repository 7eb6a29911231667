"""The camera: one channel of a device, one archive record (一机一档)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vms.core.geo import Wgs84
from vms.core.ids import CameraId, DeviceId, OwnerId
from vms.inventory.tier import Tier


class CoordinateSystem(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class StreamRole(StrEnum):
    MAIN = "main"
    SUB = "sub"


class LifeCycle(StrEnum):
    """pending or draft → submitted → approved ⇄ changing → retired; which steps there are: inventory/life_cycle.py."""

    PENDING = "pending"
    """Heard on the network or registered, not yet accepted by anybody."""
    DRAFT = "draft"
    """Somebody is writing its record; nothing looks at it yet."""
    SUBMITTED = "submitted"
    """Its record waits for approval."""
    APPROVED = "approved"
    CHANGING = "changing"
    """In use; its approved record was changed and the change waits for approval."""
    RETIRED = "retired"

    @property
    def in_service(self) -> bool:
        """Polled, seen on the map, ranked, looked at."""
        return self in IN_SERVICE


IN_SERVICE = frozenset({LifeCycle.APPROVED, LifeCycle.CHANGING})
IN_SERVICE_VALUES = tuple(sorted(state.value for state in IN_SERVICE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Where a camera stands and which way it looks. None: nobody said."""

    position: Wgs84
    mount_height_m: float | None = None
    bearing_deg: float | None = None
    tilt_deg: float | None = None
    """Degrees below the horizon."""
    h_fov_deg: float | None = None
    v_fov_deg: float | None = None
    max_view_m: float | None = None


class PoseCheck(StrEnum):
    """How a pose was checked by a person."""

    VERIFIED = "verified"
    """Held against the camera's picture."""
    MEASURED = "measured"
    """Taken at the camera with an instrument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a person entered. Never overwritten by what the device says."""

    name: str
    tier: Tier
    common_name: str = ""
    point_class: int | None = None
    region_code: str = ""
    install_address: str = ""
    pole_code: str = ""
    gb_device_id: str = ""
    serial_no: str = ""
    mac: str = ""
    address: str = ""
    port: int | None = None
    channel: str = ""
    """Which channel of its device: the video source's token, or its number counted from 1."""
    manufacturer: str = ""
    model: str = ""
    indoor: bool = False
    pose: Pose | None = None
    entered_x: float | None = None
    entered_y: float | None = None
    entered_system: CoordinateSystem = CoordinateSystem.WGS84
    width_px: int | None = None
    """Width of the main picture."""
    height_px: int | None = None
    asset_status: int = 10
    """Code table asset_status (GA/T 2000.40)."""
    ipv6: str = ""
    police_org_code: str = ""
    """12 digits, GA/T 380."""
    structure_type: int | None = None
    """Code table structure_type, as the other codes below: the tables are data with an edition."""
    function_types: tuple[int, ...] = ()
    position_types: tuple[int, ...] = ()
    supply_light: int | None = None
    encoding: str = ""
    """Declared coding of the main picture, e.g. H264, H265, SVAC."""
    network_attr: int | None = None
    industry: str = ""
    """Department or trade that it belongs to, code table industry."""
    site_category: str = ""
    installed_on: date | None = None
    mgmt_unit: str = ""
    mgmt_contact: str = ""
    """Personal data: masked except for who keeps the record."""
    retention_days: int | None = None
    filing_no: str = ""
    filing_on: date | None = None
    signage_present: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    role: StreamRole
    profile: str
    encoding: str
    width: int
    height: int
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    camera_id: CameraId
    declared: Declared
    life_cycle: LifeCycle
    owner_id: OwnerId | None = None
    device_id: DeviceId | None = None
    channel: str = ""
    observed_name: str = ""
    observed_pose: Pose | None = None
    ptz: bool = False
    snapshot_uri: str | None = None
    streams: tuple[Stream, ...] = ()
    pose_check: PoseCheck | None = None
    """The last check of its pose; it holds while `pose_mark` is that of the pose: inventory/pose_check.py."""
    pose_mark: str = ""

    @property
    def pose(self) -> Pose | None:
        """The pose to compute with: declared where a person said, else what the device reported."""
        return self.declared.pose or self.observed_pose

    @property
    def name(self) -> str:
        return self.declared.name or self.observed_name or f"camera {self.camera_id}"
