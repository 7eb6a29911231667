"""Incidents and the pictures that show them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from vms.access.decide import Verdict
from vms.api.models.shape import Answer, Asked, Instant, LongText, ShortText
from vms.health.status import Status
from vms.inventory.camera import CoordinateSystem
from vms.inventory.tier import Tier

Level = Annotated[int, Field(ge=1, le=4, description="1 is the gravest")]


class NewIncident(Asked):
    """Where: lon and lat, or an address text, or a pole number; lon and lat win."""

    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    coordinate_system: CoordinateSystem = CoordinateSystem.WGS84
    address_text: ShortText = ""
    pole_code: str = Field(default="", max_length=40)
    category: str = Field(default="", max_length=40)
    level: Level = 3
    source: str = Field(
        default="110", max_length=20, description="110, 119, 120, 122, 12345, alarm, resident, operator"
    )
    summary: LongText = ""
    incident_no: str | None = Field(default=None, min_length=1, max_length=40, description="null: one is made")
    reported_at: Instant | None = Field(default=None, description="null: now")

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat come together")
        if self.lon is None and not self.address_text and not self.pole_code:
            raise ValueError("say where: lon and lat, address_text or pole_code")
        return self


class IncidentNow(Answer):
    id: int
    incident_no: str
    source: str
    category: str
    level: int
    reported_at: datetime
    address_text: str
    lon: float
    lat: float
    summary: str
    status: str
    open: bool
    next_statuses: list[str] = Field(description="what the status may change to")
    closed_at: datetime | None


class IncidentPage(Answer):
    total: int
    items: list[IncidentNow] = Field(description="newest first")


class StatusChange(Asked):
    status: str = Field(max_length=20)


class TermNow(Answer):
    name: str
    value: float
    weight: float
    contribution: float


class FeedAccess(Answer):
    decision: Verdict
    because_en: str
    because_zh: str


class LiveAddress(Answer):
    url: str = Field(description="path of the WebSocket, e.g. /api/v1/live/7?incident=3&role=sub")


class FeedNow(Answer):
    rank: int
    camera_id: int
    name: str
    tier: Tier
    status: Status
    lon: float
    lat: float
    bearing_deg: float | None
    distance_m: float
    density_px_per_m: float
    sees: bool
    usable: bool
    access: FeedAccess
    sentence_en: str
    sentence_zh: str
    terms: list[TermNow]
    still_at: datetime | None
    live: LiveAddress | None = Field(description="null where it may not be opened or has no stream")


class FeedList(Answer):
    incident: IncidentNow
    shown_at: datetime
    feeds: list[FeedNow]
