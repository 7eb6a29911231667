"""Where a camera looks: what is known, fits from clicked points, corrections, the view of one pose."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from vms.api.models.cameras import PoseNow
from vms.api.models.shape import Answer, Asked, BearingDeg, GeoJson, IdNumber, Instant, ShortText
from vms.coverage.pose_fit.asked import MOST_POINTS
from vms.services.poses.keep_pose import How

GroundLon = Annotated[float, Field(ge=-179.9, le=179.9, description="degrees")]
GroundLat = Annotated[float, Field(ge=-85, le=85, description="degrees; metres cannot be counted at the poles")]
Pixels = Annotated[int, Field(ge=16, le=65_536)]
TiltDeg = Annotated[float, Field(ge=-90, le=90, description="below the horizon")]
FovDeg = Annotated[float, Field(ge=1, le=360)]
HeightM = Annotated[float, Field(ge=0, le=500)]
FarM = Annotated[float, Field(ge=0, le=20_000)]


class PictureAsked(Asked):
    width_px: Pixels
    height_px: Pixels
    at: Instant | None = Field(default=None, description="when the still was taken; null: a moving picture")
    roll_deg: float = Field(default=0.0, ge=-45, le=45)
    distortion: float = Field(default=0.0, ge=-0.15, le=0.6, description="of the lens, as a fit gave it")


class PointAsked(Asked):
    x_px: float = Field(ge=0, le=65_536, description="from the upper left corner of the picture")
    y_px: float = Field(ge=0, le=65_536)
    lon: GroundLon
    lat: GroundLat
    height_m: float = Field(default=0.0, ge=-50, le=500, description="over the ground")


class HeldAsked(Asked):
    """What is known already and not asked of the points; lon and lat together."""

    lon: GroundLon | None = None
    lat: GroundLat | None = None
    mount_height_m: HeightM | None = None
    bearing_deg: BearingDeg | None = None
    tilt_deg: TiltDeg | None = None
    roll_deg: Annotated[float, Field(ge=-45, le=45)] | None = None
    h_fov_deg: FovDeg | None = None


class PoseFitAsked(Asked):
    picture: PictureAsked
    points: list[PointAsked] = Field(max_length=MOST_POINTS)
    held: HeldAsked = HeldAsked()
    lens_bends: bool = Field(default=False, description="ask for the lens's distortion too")


class FittedPoseNow(Answer):
    lon: float
    lat: float
    mount_height_m: float
    bearing_deg: float
    tilt_deg: float
    roll_deg: float
    h_fov_deg: float
    v_fov_deg: float
    distortion: float


class PoseErrorsNow(Answer):
    """Standard errors; 0 where the value was held."""

    position_m: float
    mount_height_m: float
    bearing_deg: float
    tilt_deg: float
    h_fov_deg: float


class PointFitted(Answer):
    x_px: float = Field(description="where the pose puts the point")
    y_px: float
    residual_px: float
    alone_px: float | None = Field(description="how far it lies from where the other points put it")


class LineOverPicture(Answer):
    kind: str = Field(description="horizon, distance (`value` metres from the camera), direction (the bearing `value`)")
    value: float
    pixels: list[tuple[float, float]]


class PoseFitNow(Answer):
    pose: FittedPoseNow
    errors: PoseErrorsNow
    rms_px: float
    points: list[PointFitted]
    map_error_m: float = Field(description="how far the points seem off on the map; 0: the hand's 2 px explain all")
    disagrees: int | None = Field(description="the point, counted from 0, that fits nowhere to the others")
    lines: list[LineOverPicture]


class PosePut(Asked):
    """What is left out stays as the record says."""

    how: How
    lon: GroundLon | None = None
    lat: GroundLat | None = None
    bearing_deg: BearingDeg | None = None
    tilt_deg: TiltDeg | None = None
    h_fov_deg: FovDeg | None = None
    v_fov_deg: Annotated[float, Field(ge=1, le=180)] | None = None
    mount_height_m: HeightM | None = None
    max_view_m: FarM | None = None
    picture: PictureAsked | None = None
    points: list[PointAsked] = Field(default_factory=list, max_length=MOST_POINTS)
    why: ShortText = ""
    revision: IdNumber | None = Field(default=None, description="of the record as it was seen: 409 where it changed")


class PointKept(Answer):
    x_px: float
    y_px: float
    lon: float
    lat: float
    height_m: float
    off_px: float | None = Field(description="from where the kept pose puts it")


class PictureKept(Answer):
    width_px: int
    height_px: int
    at: datetime | None
    roll_deg: float
    distortion: float


class PoseCorrectionRow(Answer):
    id: int
    at: datetime
    who: str
    how: How
    why: str
    before: PoseNow | None
    after: PoseNow
    picture: PictureKept | None
    points: list[PointKept]
    rms_px: float | None
    ended_at: datetime | None
    ended_by: str | None
    ended_why: str | None


class PoseCheckLost(Answer):
    why: str = Field(description="moved: the record was changed; scene_change: confirmed that it shows another scene")
    fields: list[str]
    who: str
    at: datetime


class CameraPoseNow(Answer):
    camera_id: int
    declared: PoseNow | None
    observed: PoseNow | None = Field(description="as the device told it")
    confidence: str = Field(description="of where it looks now: verified, measured, declared, eight_way, unknown")
    doubt_deg: float | None = Field(description="how far off the bearing may be by its confidence alone")
    looks_deg: float | None = Field(
        description="where the head of a camera that turns looks now; null: nobody said enough"
    )
    looks_source: str = Field(description="of `looks_deg`: told, computed, assumed; else empty")
    checked: PoseCorrectionRow | None = Field(description="the correction whose pose is the present one")
    lost: PoseCheckLost | None = Field(description="why the last check says nothing about the present pose")
    corrections: list[PoseCorrectionRow] = Field(description="the newest first, at most 20")
    may_correct: bool = Field(description="the person who asks")
    may_move: bool = Field(description="false: its position follows the owner's registration")
    revision: int
    width_px: int = Field(description="of its best picture: densities are told with it")
    indoor: bool
    ptz: bool


class ViewAsked(Asked):
    """A pose that somebody tries out."""

    lon: GroundLon
    lat: GroundLat
    bearing_deg: BearingDeg | None = None
    tilt_deg: TiltDeg | None = None
    h_fov_deg: FovDeg | None = None
    mount_height_m: HeightM | None = None
    max_view_m: FarM | None = None
    width_px: Pixels = 1920
    indoor: bool = False
    ptz: bool = False
    picture: PictureAsked | None = Field(default=None, description="given: the lines over it are told too")


class ViewBandNow(Answer):
    name: str
    least_px_per_m: float
    reach_m: float
    area_m2: float


class ViewNow(Answer):
    geometry: GeoJson
    lon: float = Field(description="where it was computed from: before the wall, where it hangs on one")
    lat: float
    snapped: bool
    indoor: bool
    near_m: float = Field(description="radius of the dead zone below the camera")
    range_m: float
    area_m2: float
    bands: list[ViewBandNow] = Field(description="IEC 62676-4:2014, coarse to fine")
    lines: list[LineOverPicture]
