"""What the cameras of each tier see of the ground that is asked for: by themselves alone, and what nobody else sees.

Ground belongs to no tier. A tier sees it while its usable cameras alone are as many and as sharp as is asked for; it
alone sees it where that is covered, and would not be without the tier's cameras.
"""

from dataclasses import dataclass
from datetime import datetime

from vms.inventory.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Of the ground that is asked for; None: nothing is."""

    road: float | None
    places: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRate:
    tier: Tier
    alone: Part
    """Seen well enough by this tier's cameras by themselves."""
    only: Part
    """Covered, and not without this tier's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRates:
    as_of: datetime
    road_m: float
    places: int
    tiers: tuple[TierRate, ...]
    together: Part
