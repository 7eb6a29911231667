"""What somebody asks a plan for, as a value and as it is kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from vms.core.errors import BadInput
from vms.planning.catalogue import DEFAULT_SITE_COSTS, DEFAULT_TYPES, CameraType, Choices, SiteKind
from vms.planning.private import LEAST_PX_PER_M

LONGEST_PROOF_S = 600.0
MOST_TYPES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    area: Mapping[str, Any]
    """A GeoJSON geometry."""
    budget: float
    types: tuple[CameraType, ...] = DEFAULT_TYPES
    site_cost: Mapping[SiteKind, float] = field(default_factory=lambda: dict(DEFAULT_SITE_COSTS))
    directions: int = 16
    per_site: int = 4
    spacing_m: float = 15.0
    finer_px_per_m: float = 0.0
    views: int = 1
    turn_first: bool = False
    count_faulty: bool = True
    """Ill cameras count as seeing: they will be repaired."""
    prove_s: float = 0.0
    private_px_per_m: float = LEAST_PX_PER_M

    def __post_init__(self) -> None:
        names = [one.name for one in self.types]
        if not names or len(names) > MOST_TYPES or len(set(names)) != len(names):
            raise BadInput(f"one to {MOST_TYPES} kinds of camera, each with a name of its own", where="types")
        if self.budget <= 0.0:
            raise BadInput("more than nothing", where="budget")

    @property
    def choices(self) -> Choices:
        return Choices(
            types=self.types,
            site_cost={**DEFAULT_SITE_COSTS, **self.site_cost},
            directions=self.directions,
            per_site=self.per_site,
            spacing_m=self.spacing_m,
        )


def written(request: PlanRequest) -> dict[str, Any]:
    return asdict(request) | {"site_cost": {kind.value: cost for kind, cost in request.site_cost.items()}}


def read_back(kept: Mapping[str, Any]) -> PlanRequest:
    """What `written` wrote."""
    told = dict(kept)
    told["types"] = tuple(CameraType(**one) for one in told["types"])
    told["site_cost"] = {SiteKind(kind): cost for kind, cost in told["site_cost"].items()}
    return PlanRequest(**told)
