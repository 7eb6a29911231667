"""Coverage of this minute, gaps."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer
from vms.health.status import Status
from vms.inventory.tier import Tier


class SeenByRow(Answer):
    camera_id: int
    name: str
    tier: Tier
    status: Status
    distance_m: float
    density_px_per_m: float
    usable: bool = Field(description="healthy and permitted for the person who asks")


class CoverageAt(Answer):
    lon: float
    lat: float
    at: datetime
    seen_by: list[SeenByRow] = Field(description="best density first")
    best_density_px_per_m: float | None
    cause: str | None = Field(
        description="why nobody usable sees it: none_built, blocked, too_coarse, faulty, no_consent; null: it is seen"
    )
