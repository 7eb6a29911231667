"""The answer to "who sees this point": everybody who does, filled up with the nearest others."""

from datetime import datetime

from pydantic import Field

from vms.access.decide import Verdict
from vms.api.models.shape import Answer
from vms.coverage.sightings import Sight
from vms.health.status import Status
from vms.inventory.tier import Tier


class SeerAccess(Answer):
    decision: Verdict
    code: str
    because_en: str
    because_zh: str


class SeerRow(Answer):
    camera_id: int
    name: str
    tier: Tier
    status: Status
    sight: Sight = Field(
        description="sees, could_see (nobody said where it looks, or, not `aimed`, it would have to be turned), "
        "blocked (a building stands between), elsewhere"
    )
    sees: bool
    aimed: bool = Field(description="false: it can turn there, and looks elsewhere at this moment")
    distance_m: float = Field(description="on the ground")
    density_px_per_m: float = Field(description="on a target at the point, were it in sight")
    confidence: str = Field(description="of its direction: verified, measured, declared, eight_way, unknown")
    usable: bool = Field(description="not ill, and you may look, as if something were reported at the point")
    access: SeerAccess


class WhoSees(Answer):
    lon: float
    lat: float
    at: datetime
    cameras: list[SeerRow] = Field(description="in sight first, each part nearest first")
