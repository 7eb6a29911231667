"""How long what is kept, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    events_days: int = 90
    history_days: int = 730
    """What figures are made of: flips, closed faults, outages, days of footage, whom notices covered."""
    gaps_days: int = 730
    """Closed gaps of coverage."""
    rates_days: int = 400
    """How rates of coverage changed."""
    daily_numbers_days: int = 92
    """Trends; the figures of the assessment come from flips and faults themselves."""
    costs_days: int = 92
    sweeps_days: int = 90
    logs_days: int = 184
    """Which credential was used where, what was told to whom. Records of security are kept for six months at least; the
    longest six months have 184 days."""
