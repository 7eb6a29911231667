"""What one record is judged against: the codes, the regions, the map, and what other records say."""

from dataclasses import dataclass, field
from datetime import date

from vms.inventory.archive.codes import CodeTables

Box = tuple[float, float, float, float]
"""West, south, east, north; degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformityRules:
    """Thresholds; an office may have its own, and its own days."""

    retention_days: int = 30
    key_retention_days: int = 90
    key_site_categories: frozenset[str] = frozenset({"counter_terror"})
    filing_within_days: int = 30
    decimals: int = 6
    map_margin_deg: float = 0.02
    """A position so far beyond the map's edge is still in town (about 2 km)."""
    time_zone: str = "Asia/Shanghai"
    """Filings fall due by the office's days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    codes: CodeTables
    today: date
    civil_codes: frozenset[str] = frozenset()
    """Of all regions; empty: the tree of regions is not known, and no code is held against it."""
    region_boxes: dict[str, Box] = field(default_factory=dict)
    town_box: Box | None = None
    doubled_ids: frozenset[str] = frozenset()
    """National device ids that several records have."""
    doubled_places: frozenset[int] = frozenset()
    """Cameras (their ids) that stand where another one stands on a pole of another number."""
    rules: ConformityRules = field(default_factory=ConformityRules)
