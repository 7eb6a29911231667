"""Registration: a unit or household brings its camera, a reviewer decides, the owner keeps the last word."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vms.access.consent import ConsentMode
from vms.api.models.cameras import ConsentNow
from vms.api.models.shape import Answer, Asked, BearingDeg, Instant, Latitude, Longitude, LongText
from vms.inventory.camera import CoordinateSystem

RadiusM = Annotated[float, Field(ge=10, le=2000, description="how far from an open incident the camera may be used")]


class ConsentAsked(Asked):
    mode: ConsentMode
    radius_m: RadiusM = 150.0


class NewRegistration(Asked):
    owner_name: str = Field(min_length=1, max_length=120)
    tier: Literal["unit", "household"]
    contact: str = Field(min_length=3, max_length=120, description="telephone or mail; masked in lists")
    camera_name: str = Field(min_length=1, max_length=120)
    install_address: str = Field(default="", max_length=200)
    lon: Longitude
    lat: Latitude
    coordinate_system: CoordinateSystem = CoordinateSystem.WGS84
    bearing_deg: BearingDeg
    h_fov_deg: float | None = Field(default=None, gt=0, le=360)
    mount_height_m: float | None = Field(default=None, ge=0, le=200)
    address: str = Field(min_length=2, max_length=45, description="IP address of the camera, not a name")
    port: int = Field(ge=1, le=65535, description="of its ONVIF service")
    channel: str = Field(default="", max_length=100, description="video source of a recorder; empty: the first one")
    username: str = Field(default="", max_length=80)
    password: str = Field(default="", max_length=200)
    consent: ConsentAsked


class RegistrationOpened(Answer):
    id: int
    access_key: str = Field(description="shown once: with it the owner comes back (header X-Access-Key)")


class RegistrationRow(Answer):
    id: int
    status: str = Field(description="submitted, approved, refused, withdrawn")
    submitted_at: datetime
    owner_name: str
    tier: str
    contact: str = Field(description="masked in the list")
    camera_name: str
    install_address: str
    lon: float
    lat: float
    bearing_deg: float
    h_fov_deg: float | None
    mount_height_m: float | None
    address: str
    port: int
    has_login: bool
    consent: ConsentAsked
    camera_id: int | None
    decided_at: datetime | None
    reason: str


class RegistrationPage(Answer):
    total: int
    items: list[RegistrationRow]


class RegistrationDecision(Asked):
    decision: Literal["approve", "refuse"]
    reason: LongText = ""

    @model_validator(mode="after")
    def _a_refusal_says_why(self) -> Self:
        if self.decision == "refuse" and not self.reason:
            raise ValueError("a refusal needs a reason")
        return self


class MyRegistration(Answer):
    """What the owner sees."""

    id: int
    status: str
    submitted_at: datetime
    decided_at: datetime | None
    reason: str
    camera_name: str
    owner_name: str
    consent: ConsentNow | None = Field(description="what is in force; null before approval")
    asked_consent: ConsentAsked
    sentence_en: str = Field(description="exactly who may see what and when")
    sentence_zh: str
    looks_total: int
    open_requests: int


class ConsentChange(Asked):
    """One of: mode (with radius_m), paused_until (null ends the pause), withdraw."""

    mode: ConsentMode | None = None
    radius_m: RadiusM | None = None
    paused_until: Instant | None = None
    withdraw: bool = False

    @model_validator(mode="after")
    def _one_change(self) -> Self:
        pauses = "paused_until" in self.model_fields_set
        if sum((self.mode is not None, pauses, self.withdraw)) != 1:
            raise ValueError("exactly one of mode, paused_until, withdraw")
        if self.radius_m is not None and self.mode is None:
            raise ValueError("radius_m comes with mode")
        return self
