"""How the dispatcher works, as plain values."""

from dataclasses import dataclass, field

from vms.health.outages.policy import OutagePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchSettings:
    policy: OutagePolicy = field(default_factory=OutagePolicy)
    look_every_s: float = 1.0
    """Between two looks for news."""
    news_at_a_time: int = 20_000
    """Worked in within one transaction."""
    inventory_every_s: float = 30.0
    """Changes of the archive are taken in this often at most."""
