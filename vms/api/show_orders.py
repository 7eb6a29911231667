"""Work orders as answers: what the reader may know of them."""

from datetime import datetime

from sqlalchemy import Connection

from vms.access.hide_addresses import without_addresses
from vms.access.roles import Person, sees_addresses
from vms.api.models.work_orders import (
    OrderFaultRow,
    OrderPhotographRow,
    OrderPlace,
    OrderStepRow,
    StepTaken,
    WorkOrderNow,
    WorkOrderPage,
    WorkOrderRow,
)
from vms.core.errors import BadInput, NotFound
from vms.health.outage_words import outage_in_words
from vms.maintenance.may_step import Standing, is_office, open_actions, standing
from vms.maintenance.order import CLOCK_RUNS, PROGRAM, Order
from vms.maintenance.turn_words import turn_in_words
from vms.services.diagnosis.faults_waiting_for_day import faults_waiting_for_day
from vms.services.fault_words import fault_in_words
from vms.services.work_orders.former_firm import seen_by
from vms.services.work_orders.order_photographs import may_see_photographs
from vms.services.work_orders.take_steps import Stepped
from vms.store import cameras, maintainers, order_facts, service_levels, work_order_list, work_order_steps
from vms.store.work_order_list import ListedOrder, OrderPage
from vms.store.work_order_steps import OrderPhotograph, StepRow
from vms.store.work_orders import About, StoredOrder


def show_page(page: OrderPage, person: Person, now: datetime) -> WorkOrderPage:
    return WorkOrderPage(
        total=page.total, totals=page.totals, items=[show_order(one, person, now) for one in page.items]
    )


def show_order(listed: ListedOrder, person: Person, now: datetime) -> WorkOrderRow:
    """An owner reads how it goes, not who goes."""
    stored, order, about = listed.stored, listed.stored.order, listed.stored.about
    owner = _standing(stored, person) is Standing.OWNER
    whole = _reads_addresses(stored, person)
    cause_en, cause_zh = cause_in_words(about, whole=whole)
    return WorkOrderRow(
        id=stored.order_id,
        number=stored.number,
        state=order.state,
        camera_id=about.camera_id,
        outage_id=about.outage_id,
        name=listed.name if about.outage_id is None else _text(listed.name, whole),
        layer=about.layer,
        kinds=list(about.kinds),
        severity=about.severity,
        cause=_text(about.cause, whole),
        cause_en=cause_en,
        cause_zh=cause_zh,
        cameras=about.cameras,
        region_code=about.region_code,
        tier=about.tier,
        maintainer_id=order.maintainer_id,
        maintainer=listed.maintainer,
        crew="" if owner else order.crew,
        detected_at=order.detected_at,
        respond_by=order.respond_by,
        repair_by=order.repair_by,
        assigned_at=order.assigned_at,
        accepted_at=order.accepted_at,
        on_site_at=order.on_site_at,
        repaired_at=order.repaired_at,
        verified_at=order.verified_at,
        closed_at=order.closed_at,
        suspended_at=order.suspended_at,
        suspended_until=order.suspended_until,
        suspended_s=order.suspended_s,
        healed_at=order.healed_at,
        outcome=order.outcome,
        overdue=is_overdue(order, now),
        reopened=order.reopened,
        repeat_of=about.repeat_of,
        loss=about.loss,
        changed_at=stored.changed_at,
        version=order.version,
    )


def is_overdue(order: Order, now: datetime) -> bool:
    """The same as the list's filter finds."""
    if order.state not in CLOCK_RUNS:
        return False
    nobody_there = order.on_site_at is None and order.respond_by is not None and order.respond_by < now
    return nobody_there or (order.repair_by is not None and order.repair_by < now)


def cause_in_words(about: About, *, whole: bool) -> tuple[str, str]:
    """English, Chinese. What a person wrote and what an outage is called stay as they are."""
    cause = _text(about.cause, whole)
    if about.outage_id is not None:
        return outage_in_words(cause) or (cause, cause)
    return fault_in_words(cause) if about.kinds else turn_in_words(cause) or (cause, cause)


def _reads_addresses(stored: StoredOrder, person: Person) -> bool:
    """A firm's crew while the order is open."""
    if _standing(stored, person) is Standing.CREW and person.maintainer_id is not None:
        return stored.order.closed_at is None
    return sees_addresses(person)


def _text(text: str, whole: bool) -> str:
    return text if whole else without_addresses(text)


def show_whole(tx: Connection, order_id: int, person: Person, now: datetime) -> WorkOrderNow:
    """Raises NotFound."""
    stored = seen_by(tx, order_id, person)
    listed = work_order_list.one(tx, order_id)
    if listed is None:
        raise NotFound(f"there is no work order {order_id}")
    who = _standing(stored, person)
    firm = stored.order.maintainer_id
    levels = {level.level_id: level.name for level in service_levels.every(tx)}
    pictures = work_order_steps.photographs_of(tx, order_id) if may_see_photographs(stored, person) else []
    contact = maintainers.get(tx, firm).contact if firm is not None and is_office(person) else None
    return WorkOrderNow(
        order=show_order(listed, person, now),
        level=levels.get(stored.about.level_id or 0, ""),
        place=_place(tx, stored),
        maintainer_contact=contact,
        faults=_faults(tx, order_id, now) if who is not Standing.OWNER else [],
        steps=[
            _step(one, who, whole=_reads_addresses(stored, person)) for one in work_order_steps.of_order(tx, order_id)
        ],
        photographs=[show_photograph(one) for one in pictures],
        may=list(open_actions(who, stored.order.state)),
    )


def show_photograph(found: OrderPhotograph) -> OrderPhotographRow:
    return OrderPhotographRow(
        id=found.photograph_id,
        moment=found.content.moment,
        added_at=found.added_at,
        added_by=found.added_by,
        width=found.content.width,
        height=found.content.height,
        size_bytes=found.content.size_bytes,
    )


def show_stepped(found: Stepped) -> StepTaken:
    refused = found.refused
    return StepTaken(
        id=found.order_id,
        done=refused is None,
        state=None if found.order is None else found.order.order.state,
        code="" if refused is None else refused.code,
        message="" if refused is None else refused.message,
        where=refused.where if isinstance(refused, BadInput) else "",
    )


def _standing(stored: StoredOrder, person: Person) -> Standing:
    return standing(person, stored.order.maintainer_id, stored.about.owner_id)


def _place(tx: Connection, stored: StoredOrder) -> OrderPlace | None:
    if stored.about.camera_id is None:
        return None
    camera = cameras.get(tx, stored.about.camera_id)
    position = None if camera.pose is None else camera.pose.position
    return OrderPlace(
        lon=None if position is None else position.lon,
        lat=None if position is None else position.lat,
        install_address=camera.declared.install_address,
        common_name=camera.declared.common_name,
        pole_code=camera.declared.pole_code,
    )


def _faults(tx: Connection, order_id: int, now: datetime) -> list[OrderFaultRow]:
    found = order_facts.faults_of(tx, order_id)
    still_open = ((one.id, one.camera_id, one.kind) for one in found if one.closed_at is None)
    waiting = faults_waiting_for_day(tx, still_open, now)
    return [_fault(one, waits_for_day=one.id in waiting) for one in found]


def _fault(found: order_facts.OrderFault, *, waits_for_day: bool) -> OrderFaultRow:
    return OrderFaultRow(
        id=found.id,
        camera_id=found.camera_id,
        camera_name=found.camera_name,
        kind=found.kind,
        layer=found.layer,
        severity=found.severity,
        because=found.because,
        opened_at=found.opened_at,
        closed_at=found.closed_at,
        waits_for_day=waits_for_day,
    )


def _step(found: StepRow, who: Standing, *, whole: bool) -> OrderStepRow:
    """Owners see that something was done, not by whom nor what was written about it."""
    private = who is Standing.OWNER
    return OrderStepRow(
        id=found.step_id,
        at=found.at,
        told_at=found.told_at,
        who="" if private and found.who != PROGRAM else found.who,
        action=found.action,
        from_state=found.from_state,
        to_state=found.to_state,
        note="" if private else _text(found.note, whole),
        content={} if private else found.content,
    )
