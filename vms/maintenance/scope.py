"""What a fault is about, as rules ask it: area, tier, class, owner, layer, weight, firm."""

from dataclasses import dataclass

from vms.core.ids import MaintainerId, OwnerId
from vms.health.fault import Severity
from vms.inventory.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    region_code: str = ""
    tier: Tier
    point_class: int | None = None
    owner_id: OwnerId | None = None
    layer: str = ""
    severity: Severity = Severity.MAJOR
    maintainer_id: MaintainerId | None = None
