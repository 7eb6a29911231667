"""Faults, outages and orders in a store, as the tests of maintenance need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from tests.builders.stored_cameras import store_camera
from vms.core.ids import CameraId, MaintainerId, SessionId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.status import Status
from vms.health.watch import Watch
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.maintenance.policy import OrderPolicy
from vms.services.dispatching.open_orders import OrderCounts, open_orders
from vms.store import faults, maintainers, work_orders
from vms.store.database import Database
from vms.store.faults import ClosedFault, OpenedFault
from vms.store.schema import faults as fault_table
from vms.store.schema import outage_cameras, outages
from vms.store.schema import work_orders as order_table
from vms.store.watch_sessions import beat, start_session
from vms.store.watching import Transition, save
from vms.store.work_orders import StoredOrder

POLICY = OrderPolicy(settle_s=120.0, verify_s=600.0, still_after_s=600.0)


@dataclass(slots=True, kw_only=True)
class Town:
    """A store whose time a test moves on."""

    database: Database
    now: datetime
    session_id: SessionId | None = None

    def later(self, **step: float) -> datetime:
        self.now += timedelta(**step)
        return self.now

    def camera(self, name: str = "somewhere", tier: Tier = Tier.GOVERNMENT, region_code: str = "410105") -> CameraId:
        return store_camera(self.database, self.now, name=name, tier=tier, region_code=region_code)

    def fails(
        self,
        camera_id: CameraId,
        kind: FaultKind = FaultKind.UNREACHABLE,
        severity: Severity = Severity.CRITICAL,
        because: str = "refused",
        outage_id: int | None = None,
    ) -> int:
        """The number of the fault."""
        fault = Fault(kind=kind, layer=LAYER_OF[kind], severity=severity, because=because)
        with self.database.writing() as tx:
            faults.open_faults(tx, [OpenedFault(camera_id, fault, self.now)], self.now)
            chosen = select(fault_table.c.id).where(fault_table.c.camera_id == camera_id)
            number: int = tx.execute(chosen.order_by(fault_table.c.id.desc()).limit(1)).scalar_one()
            tx.execute(update(fault_table).where(fault_table.c.id == number).values(outage_id=outage_id))
        return number

    def heals(self, camera_id: CameraId, kind: FaultKind = FaultKind.UNREACHABLE) -> None:
        with self.database.writing() as tx:
            faults.close_faults(tx, [ClosedFault(camera_id, kind, self.now)], self.now)
        self.seen(camera_id)

    def seen(self, camera_id: CameraId, status: Status = Status.UP) -> None:
        """By a poller that runs."""
        with self.database.writing() as tx:
            if self.session_id is None:
                self.session_id = start_session(tx, 60.0, self.now)
            watch = Watch(camera_id=camera_id, session_id=self.session_id, status=status, since=self.now)
            save(tx, self.session_id, [Transition(watch=watch, at=self.now)], self.now)

    def outage(self, camera_ids: Sequence[CameraId], name: str = "switch 7", kind: str = "switch") -> int:
        with self.database.writing() as tx:
            values = {
                "kind": kind,
                "cause": name,
                "name": name,
                "source": "typed",
                "because": f"{len(camera_ids)} of {len(camera_ids)} fell within 40 s",
                "cameras": len(camera_ids),
                "opened_at": self.now,
                "found_at": self.now,
                "fell_from": self.now,
            }
            number: int = tx.execute(insert(outages).values(values).returning(outages.c.id)).scalar_one()
            rows = [{"outage_id": number, "camera_id": one, "from_at": self.now} for one in camera_ids]
            tx.execute(insert(outage_cameras), rows)
        return number

    def joins(self, outage_id: int, camera_ids: Sequence[CameraId]) -> None:
        """They fell with it, later."""
        o = outages.c
        with self.database.writing() as tx:
            rows = [{"outage_id": outage_id, "camera_id": one, "from_at": self.now} for one in camera_ids]
            tx.execute(insert(outage_cameras), rows)
            tx.execute(update(outages).where(o.id == outage_id).values(cameras=o.cameras + len(camera_ids)))

    def turn(self, policy: OrderPolicy = POLICY) -> OrderCounts:
        if self.session_id is not None:
            with self.database.writing() as tx:
                beat(tx, self.session_id, self.now)
        return open_orders(self.database, self.now, policy)

    def orders(self) -> list[StoredOrder]:
        with self.database.reading() as tx:
            ids = list(tx.execute(select(order_table.c.id)).scalars())
            return work_orders.by_ids(tx, ids)

    def only_order(self) -> StoredOrder:
        (found,) = self.orders()
        return found

    def firm(self, name: str = "东城维保", *, everything: bool = True) -> MaintainerId:
        """With `everything`: every order is given to it."""
        with self.database.writing() as tx:
            made = maintainers.put(
                tx, name, self.now, contact="13800000000", contract="K-1", calendar_id=None, retired=False
            )
            if everything:
                maintainers.replace_rules(tx, [AssignmentRule(maintainer_id=made.maintainer_id)], self.now)
        return made.maintainer_id
