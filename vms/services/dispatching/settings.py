"""How the dispatcher works, as plain values."""

from dataclasses import dataclass, field

from vms.health.outages.policy import OutagePolicy
from vms.maintenance.policy import OrderPolicy
from vms.services.dispatching.find_weather import WeatherSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchSettings:
    outages: OutagePolicy = field(default_factory=OutagePolicy)
    orders: OrderPolicy = field(default_factory=OrderPolicy)
    weather: WeatherSettings = field(default_factory=WeatherSettings)
    look_every_s: float = 1.0
    """Between two looks for news."""
    orders_every_s: float = 10.0
    """Orders are looked after at least this often: time alone lets some of them move."""
    news_at_a_time: int = 20_000
    """Worked in before anything is decided."""
    rows_at_a_time: int = 500
    """Of one transaction: the store is held for a moment only, however many fell."""
    orders_at_a_time: int = 100
    """The same: each is some five rows."""
    never_reached_after_s: float = 86_400.0
    """In service for so long with an address, and no device was found there: told as a fault."""
    never_reached_every_s: float = 60.0
    inventory_every_s: float = 30.0
    """Changes of the archive are taken in this often at most."""
