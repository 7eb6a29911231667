"""What a printed report on coverage holds: rates by region and class, the gaps that are worth most, the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.core.intervals import Interval
from vms.coverage.gap_place import GapPlace, place_of_gap
from vms.coverage.needs import Needs
from vms.places.street_corners import StreetCorners
from vms.services.coverage.demand_now import needs_now
from vms.services.coverage.tell_rates import RatesTold, tell_rates
from vms.services.coverage.tier_rates import TierRates
from vms.store import coverage_gap_list, regions
from vms.store.coverage_gap_list import GapFilter, GapRecord
from vms.store.page import Page

MOST_GAPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageReport:
    made_at: datetime
    region: str
    """Its name; empty: the whole town."""
    by_class: RatesTold
    by_class_at_night: RatesTold
    by_region: RatesTold
    by_tier: TierRates
    """By day, when it was made."""
    gaps: Page[GapRecord]
    """Open now, what is worth most first."""
    gap_places: tuple[GapPlace, ...]
    """Of each of them, on its street."""
    needs: Needs
    region_names: Mapping[str, str]


def gather_report(
    tx: Connection, window: Interval, region: str, corners: StreetCorners, now: datetime, *, tiers: TierRates
) -> CoverageReport:
    names = regions.names(tx)
    gaps = coverage_gap_list.page(tx, GapFilter(region_code=region), sort="-worth", limit=MOST_GAPS)
    return CoverageReport(
        made_at=now,
        region=names.get(region, region),
        by_class=tell_rates(tx, window, "class", now=now, by_night=False, region=region),
        by_class_at_night=tell_rates(tx, window, "class", now=now, by_night=True, region=region),
        by_region=tell_rates(tx, window, "region", now=now, by_night=False, region=region),
        by_tier=tiers,
        gaps=gaps,
        gap_places=tuple(place_of_gap(gap, gap.line, corners) for gap in gaps.items),
        needs=needs_now(tx),
        region_names=names,
    )
