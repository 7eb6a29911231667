"""Faults of the list, as models."""

from collections.abc import Mapping
from dataclasses import dataclass

from vms.access.hide_addresses import for_person
from vms.access.roles import Person
from vms.api.models.health import FaultOrder, FaultRow, FoldedOutage
from vms.core.ids import MaintainerId
from vms.store import fault_list
from vms.store.fault_list import ListedFault, OrderOfFault
from vms.store.fault_verdicts import Verdict


@dataclass(frozen=True, slots=True)
class FaultShow:
    firms: Mapping[int, str]
    crew_of: MaintainerId | None
    """A firm's crew sees the orders of its firm alone."""
    said: Mapping[int, Verdict]
    person: Person
    wait_for_day: frozenset[int]

    def fault(self, found: ListedFault, *, may_look: bool) -> FaultRow:
        row = found.row
        return FaultRow(
            id=row.fault_id,
            camera_id=row.camera_id,
            camera_name=row.camera_name,
            tier=row.tier,
            region_code=row.region_code,
            kind=row.kind,
            layer=row.layer,
            severity=row.severity,
            because=row.because,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            still_at=row.still_at if may_look else None,
            outage_id=row.outage_id,
            order=self._order(found.order),
            maintainer_id=found.maintainer_id,
            maintainer=self.firms.get(found.maintainer_id or 0, ""),
            verdict=self.said[row.fault_id].judgement if row.fault_id in self.said else None,
            score=row.score,
            waits_for_day=row.fault_id in self.wait_for_day,
        )

    def outage(self, found: fault_list.FoldedOutage) -> FoldedOutage:
        return FoldedOutage(
            outage_id=found.outage_id,
            kind=found.kind,
            name=for_person(found.name, self.person),
            whole=found.whole,
            opened_at=found.opened_at,
            cameras=found.cameras,
            faults=found.faults,
            order=self._order(found.order),
        )

    def _order(self, order: OrderOfFault | None) -> FaultOrder | None:
        if order is None or self.crew_of not in (None, order.maintainer_id):
            return None
        return FaultOrder(
            id=order.order_id, number=order.number, state=order.state, overdue=order.overdue, loss=order.loss
        )
