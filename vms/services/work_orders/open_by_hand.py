"""A person opens an order for a camera: what no program sees, a crooked pole or a wasps' nest."""

from dataclasses import dataclass
from datetime import datetime

from vms.access.roles import Person, may_know_of
from vms.core.errors import Conflict, NotAllowed, NotFound
from vms.core.ids import CameraId
from vms.health.fault import Severity
from vms.maintenance.policy import OrderPolicy
from vms.maintenance.scope import Scope
from vms.services.work_orders.opener import Opener, Wanted, count_fallen
from vms.services.work_orders.order_book import OrderBook, WorkingHours
from vms.store import cameras, order_facts, service_levels, work_orders
from vms.store.database import Database
from vms.store.work_orders import About, StoredOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    camera_id: CameraId
    reason: str
    severity: Severity = Severity.MAJOR
    layer: str = ""


def open_by_hand(database: Database, asked: ByHand, person: Person, policy: OrderPolicy, now: datetime) -> StoredOrder:
    """Raises NotFound; NotAllowed for a firm's crew; Conflict where the camera has an open order."""
    if person.maintainer_id is not None:
        raise NotAllowed("a firm's crew does not open orders for itself", code="role")
    with database.writing() as tx:
        work_orders.take_turn(tx)
        service_levels.ensure_defaults(tx, now)
        camera = cameras.get(tx, asked.camera_id)
        if not may_know_of(person, camera.life_cycle, camera.owner_id):
            raise NotFound(f"there is no camera {asked.camera_id}")
        if not camera.life_cycle.in_service:
            raise Conflict("the camera is not in service", code="not_in_service")
        standing = order_facts.open_orders_of_cameras(tx, [asked.camera_id]).get(asked.camera_id)
        if standing is not None:
            raise Conflict(f"order {standing.number} is open for this camera", code="order_open")
        declared = camera.declared
        about = About(
            camera_id=asked.camera_id,
            layer=asked.layer,
            severity=asked.severity,
            cause=asked.reason,
            region_code=declared.region_code,
            tier=declared.tier,
            owner_id=camera.owner_id,
        )
        scope = Scope(
            region_code=declared.region_code,
            tier=declared.tier,
            point_class=declared.point_class,
            owner_id=camera.owner_id,
            layer=asked.layer,
            severity=asked.severity,
        )
        book = OrderBook(tx, now, WorkingHours(tx))
        wanted = [Wanted(about, scope, now, ())]
        opener = Opener(book, policy, count_fallen(tx, policy, now, wanted))
        (made,) = opener.make(wanted, asked.reason, person.name)
        book.write()
        return made
