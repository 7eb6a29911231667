"""How far a sweep has come, how fast it is, who was heard how, and what was odd: as people and programs ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vms.inventory.sweep import SweepRequest, SweepState
from vms.store.sweeps import StoredSweep


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    sweep_id: int
    state: SweepState
    scheduled: bool
    request: SweepRequest
    who: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    blocks_done: int
    blocks_total: int
    addresses_done: int
    addresses_total: int
    busy_s: float
    """While somebody worked on it, up to the last thing written."""
    rate_per_s: float | None
    """Addresses; None: too early to say."""
    remaining_s: float | None
    """None: too early to say, or over."""
    findings: int
    new_cameras: int
    outcomes: Mapping[str, int]
    heard_by: Mapping[str, int]
    """Devices by way of hearing; one that was heard in two ways counts in both."""
    packets: Mapping[str, Mapping[str, int]]
    """`sent`, `answered`, `unsent`, each by method."""
    problems: Mapping[str, int]
    """Devices by code."""
    compared_with: int | None
    problem: str

    @property
    def methods(self) -> tuple[str, ...]:
        """Everything that was sent or heard, by name."""
        return tuple(sorted({*self.packets.get("sent", {}), *self.packets.get("answered", {}), *self.heard_by}))


def report_of(sweep: StoredSweep) -> SweepReport:
    counts: dict[str, Any] = sweep.counts
    done, total = counts.get("addresses", 0), counts.get("addresses_total", 0)
    rate = done / sweep.busy_s if done and sweep.busy_s > 0 else None
    return SweepReport(
        sweep_id=sweep.sweep_id,
        state=sweep.state,
        scheduled=sweep.scheduled,
        request=sweep.request,
        who=sweep.who,
        created_at=sweep.created_at,
        started_at=sweep.started_at,
        finished_at=sweep.finished_at,
        blocks_done=sweep.blocks_done,
        blocks_total=sweep.blocks_total,
        addresses_done=done,
        addresses_total=total,
        busy_s=sweep.busy_s,
        rate_per_s=None if rate is None else round(rate, 1),
        remaining_s=None if rate is None or sweep.state.is_over else round((total - done) / rate, 1),
        findings=counts.get("findings", 0),
        new_cameras=counts.get("new_cameras", 0),
        outcomes=counts.get("outcomes", {}),
        heard_by=counts.get("heard", {}),
        packets={area: counts[area] for area in ("sent", "answered", "unsent") if area in counts},
        problems=counts.get("problems", {}),
        compared_with=sweep.compared_with,
        problem=sweep.problem,
    )
