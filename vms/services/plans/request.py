"""What somebody asks a plan for, as a value and as it is kept."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from vms.core.errors import BadInput
from vms.planning.catalogue import DEFAULT_SITE_COSTS, DEFAULT_TYPES, CameraType, Choices, SiteKind
from vms.planning.private import LEAST_PX_PER_M

LONGEST_PROOF_S = 600.0
MOST_TYPES = 8
MOST_LENSES = 8
MOST = 1e9
"""Of every number that is asked for."""
_MAY_BE_NOTHING = ("finer_px_per_m", "prove_s", "tilt_deg")


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
        _sound(self, "")
        for number, one in enumerate(self.types, 1):
            _sound(one, f"types {number}: ")
            _check_lenses(one, f"types {number}: lenses_deg")
        for kind, cost in self.site_cost.items():
            _in_bounds(cost, f"site_cost {kind}", may_be_nothing=True)

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
    """What `written` wrote. A number that nobody may ask for any more is told as the nearest that one may."""
    told = _tamed(kept)
    told["types"] = tuple(CameraType(**_tamed(one) | _named(one) | _lenses(one)) for one in told["types"])
    told["site_cost"] = {SiteKind(kind): cost for kind, cost in _tamed(told["site_cost"]).items()}
    return PlanRequest(**told)


def _named(kept: Mapping[str, Any]) -> dict[str, str]:
    """What is called like a shipped kind and has no Chinese name has that one's."""
    shipped = {one.name: one.name_zh for one in DEFAULT_TYPES}
    return {"name_zh": kept.get("name_zh") or shipped.get(kept["name"], "")}


def _lenses(kept: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
    return {"lenses_deg": tuple(kept.get("lenses_deg") or (0.0,))}


def _check_lenses(asked: CameraType, where: str) -> None:
    looks = {one % 360.0 for one in asked.lenses_deg if abs(one) <= 360.0}
    if not 1 <= len(asked.lenses_deg) <= MOST_LENSES or len(looks) != len(asked.lenses_deg):
        raise BadInput(f"1 to {MOST_LENSES} different directions, in degrees from -360 to 360", where=where)


def _sound(asked: PlanRequest | CameraType, where: str) -> None:
    for one in fields(asked):
        value = getattr(asked, one.name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            _in_bounds(value, where + one.name, may_be_nothing=one.name in _MAY_BE_NOTHING)


def _in_bounds(value: float, where: str, *, may_be_nothing: bool) -> None:
    if not (0.0 <= value <= MOST) or (value == 0.0 and not may_be_nothing):
        wanted = "a number from 0 to 1,000,000,000" if may_be_nothing else "more than nothing, at most 1,000,000,000"
        raise BadInput(wanted, where=where)


def _tamed(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _nearest(value, name) if isinstance(value, float) else value for name, value in kept.items()}


def _nearest(value: float, name: str) -> float:
    least = 0.0 if name in _MAY_BE_NOTHING or name in set(SiteKind) else 0.001
    return MOST if math.isnan(value) else min(max(value, least), MOST)
