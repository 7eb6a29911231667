"""Cameras that turn: where they stand and look, their presets; the sensors of one housing."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from vms.api.models.poses import FarM, FovDeg, Pixels, TiltDeg
from vms.api.models.shape import Answer, Asked, BearingDeg, ShortText
from vms.inventory.lists.sensor_cell import MOST_SENSORS


class HeadPosition(Answer):
    """In the device's own units."""

    pan: float
    tilt: float
    zoom: float | None


class AimNow(Answer):
    bearing_deg: float
    tilt_deg: float | None
    h_fov_deg: float | None = Field(description="null: as the record says")
    source: str = Field(description="told, computed (from two told presets or more), assumed (from one)")
    confidence: str = Field(description="verified, measured, declared")


class PresetToldNow(Answer):
    bearing_deg: float
    tilt_deg: float | None
    h_fov_deg: float | None
    who: str
    at: datetime
    lost_at: datetime | None = Field(description="since when it holds no more: the device has moved the preset")


class PresetRow(Answer):
    token: str
    name: str
    position: HeadPosition | None = Field(description="null: the device does not tell")
    told: PresetToldNow | None
    aim: AimNow | None = Field(description="where it looks, as told or as the others make it")


class HeadShown(Answer):
    camera_id: int
    can_turn: bool
    read_at: datetime | None = Field(description="when it was seen to stand there first; null: not asked yet")
    position: HeadPosition | None
    moving: bool
    preset: str | None = Field(description="the token; null: between presets, or not known")
    between: bool = Field(description="it stands at none of its presets")
    presets_read_at: datetime | None
    aim: AimNow | None = Field(
        description="where it looks now; null: nobody said enough, the record's direction counts"
    )
    presets: list[PresetRow]
    may_tell: bool = Field(description="the person who asks")


class PresetTellAsked(Asked):
    bearing_deg: BearingDeg
    tilt_deg: TiltDeg | None = None
    h_fov_deg: FovDeg | None = None


class SensorPut(Asked):
    """One of a housing's sensors; what is left out nobody said."""

    name: ShortText = ""
    channel: ShortText = ""
    bearing_deg: BearingDeg | None = None
    tilt_deg: TiltDeg | None = None
    h_fov_deg: FovDeg | None = None
    v_fov_deg: Annotated[float, Field(ge=1, le=180)] | None = None
    max_view_m: FarM | None = None
    width_px: Pixels | None = None


class SensorsPut(Asked):
    sensors: list[SensorPut] = Field(max_length=MOST_SENSORS, description="all of them; none: it has one sensor")
    why: ShortText = ""


class SensorRow(Answer):
    number: int
    name: str
    channel: str
    bearing_deg: float | None
    tilt_deg: float | None
    h_fov_deg: float | None
    v_fov_deg: float | None
    max_view_m: float | None
    width_px: int | None


class VideoSourceRow(Answer):
    channel: str
    name: str
    width_px: int | None


class SensorList(Answer):
    camera_id: int
    sensors: list[SensorRow]
    sources: list[VideoSourceRow] = Field(description="the device's own video sources, where it has several")
    may_change: bool
