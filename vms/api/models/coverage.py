"""Coverage of this minute, gaps, the map."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer, GeoJson
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


class GapRow(Answer):
    id: str
    kind: str = Field(description="road or place")
    cause: str
    name: str
    length_m: float | None = Field(description="of a road stretch")
    category: str
    best_density_px_per_m: float | None
    geometry: GeoJson = Field(description="a GeoJSON geometry")


class GapTotals(Answer):
    road_m: float
    covered_road_m: float
    places: int
    covered_places: int
    by_cause_m: dict[str, float]


class GapList(Answer):
    measured_at: datetime | None
    totals: GapTotals
    items: list[GapRow]


class FoundPlace(Answer):
    kind: str = Field(description="key_place, entrance, square, address, pole, camera, road")
    name: str
    address: str
    lon: float
    lat: float
    score: float = Field(description="0 … 1")
    camera_id: int | None


class FoundPlaces(Answer):
    items: list[FoundPlace]
