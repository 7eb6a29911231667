"""Recordings, clocks and captions."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from vms.api.models.shape import Answer, Asked, IdNumber
from vms.inventory.tier import Tier

Minute = Annotated[int, Field(ge=0, le=1440, description="of the local day")]
Window = Annotated[list[Minute], Field(min_length=2, max_length=2, description="[from, until)")]
Days = Annotated[int, Field(ge=0, le=3650)]


class PlanFits(Asked):
    """What is empty fits any camera; all that is named must fit."""

    point_classes: list[Annotated[int, Field(ge=1, le=9)]] = Field([], max_length=9)
    tiers: list[Tier] = Field([], max_length=10)
    regions: list[Annotated[str, Field(min_length=1, max_length=20)]] = Field(
        [], max_length=500, description="civil codes, each with everything below"
    )
    cameras: list[IdNumber] = Field([], max_length=20_000)


class PlanEntry(Asked):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    fits: PlanFits = PlanFits()
    week: list[Annotated[list[Window], Field(max_length=48)]] = Field(
        min_length=7, max_length=7, description="when it has to record, Monday first"
    )
    days_least: Days | None = Field(None, description="to be kept; none: as the camera's record says")
    days_most: Days | None = Field(None, description="longer is against the rules; none: no limit")


class PlanList(Asked):
    plans: list[PlanEntry] = Field(max_length=200, description="the first that fits decides; none: day and night")


class PlanFitsNow(Answer):
    point_classes: list[int]
    tiers: list[str]
    regions: list[str]
    cameras: list[int]


class PlanNow(Answer):
    name: str
    fits: PlanFitsNow
    week: list[list[list[int]]]
    days_least: int | None
    days_most: int | None
    fits_now: int = Field(description="cameras in service that it fits, whether or not an earlier one takes them")


class PlansNow(Answer):
    plans: list[PlanNow]


class RecordingDay(Answer):
    day: dt.date = Field(description="of the office's time zone")
    plan_s: float
    recorded_s: float = Field(description="of what the plan asks")
    expired_s: float = Field(description="older than is kept")
    missing_s: float
    gaps: list[list[float]] = Field(
        description="[from, until] in seconds since midnight, the longest first, 50 at most"
    )
    source: str = Field(description="camera, recorder")
    checked_at: dt.datetime


class RecordingCheckNow(Answer):
    checked_at: dt.datetime
    source: str = Field(description="camera, recorder; empty: it could not be told")
    oldest_at: dt.datetime | None
    newest_at: dt.datetime | None
    days_kept: int | None = Field(description="whole days")
    because: str = Field(description="why it could not be told; empty: it could")
    played_at: dt.datetime | None = Field(description="when a moment of its recordings was last really played, or not")
    played_ok: bool | None
    play_of: dt.datetime | None = Field(description="the moment that was asked for last")
    play_because: str = Field(description="why it was not played, or could not be told; empty: it was")
    play_failures: int = Field(description="nights in a row; two are a fault")


class CaptionNow(Answer):
    checked_at: dt.datetime
    texts: list[str] = Field(description="plain texts in the picture, by the device's own word")
    name_ok: bool | None = Field(description="null: it cannot be said")
    clock_ok: bool | None
    because: str


class CameraRecordings(Answer):
    camera_id: int
    days: list[RecordingDay]
    check: RecordingCheckNow | None = Field(description="the last look; null: nobody has looked")
    caption: CaptionNow | None


class ClockDayNow(Answer):
    day: dt.date = Field(description="UTC")
    readings: int
    mean_s: float
    least_s: float
    most_s: float
    uncertainty_s: float = Field(description="of one reading, ±")


class CameraClockNow(Answer):
    camera_id: int
    offset_s: float | None = Field(description="device minus ours, as last seen, without what its own zone explains")
    mistake: str = Field(description="utc_is_local_time, time_zone; empty: none that has a name")
    drift_s_per_day: float | None = Field(description="null: fewer than three days")
    days: list[ClockDayNow]


class TurningNow(Answer):
    camera_id: int
    can_turn: bool = Field(description="by the device's own word")
    checked_at: dt.datetime | None = Field(description="when it was last seen to turn, or not to; null: never")
    ok: bool | None
    because: str = Field(description="what is wrong, or why it could not be told")
    is_away: bool = Field(description="it was told to move and is to be brought back")


class RecordedDayShort(Answer):
    day: dt.date
    plan_s: float
    recorded_s: float
    expired_s: float
    missing_s: float


class RecordedCameraRow(Answer):
    camera_id: int
    name: str
    tier: str
    region_code: str
    plan: str = Field(description="that held at the last look; empty: none, day and night")
    checked_at: dt.datetime
    because: str = Field(description="why it could not be told; empty: it could")
    days_kept: int | None = Field(description="whole days; one less than wanted is still enough")
    days_wanted: int | None = Field(description="by plan, record or settings; of a younger camera its own age")
    missing_s: float | None = Field(description="of the last 14 days; null: none of them was judged")
    play_failures: int = Field(description="nights in a row that a sample did not play")
    days: list[RecordedDayShort | None] = Field(description="as `days` of the page; null: not judged")


class RecordingPage(Answer):
    total: int
    days: list[dt.date] = Field(description="of the office's time zone, the oldest first")
    items: list[RecordedCameraRow]
