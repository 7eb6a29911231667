"""The list of faults: each with its order and who repairs it; those that fell together under their outage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    case,
    distinct,
    func,
    literal,
    or_,
    select,
)

from vms.core.errors import BadInput
from vms.core.ids import CameraId, MaintainerId, OwnerId
from vms.health.fault import FaultKind, Severity
from vms.health.layer import Layer
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule, first_that_fits
from vms.maintenance.order import OrderState
from vms.maintenance.scope import Scope
from vms.places.land import Land
from vms.store import maintainers, regions
from vms.store.faults import FaultRow, FaultState, fault_row
from vms.store.firm_by_rules import firm_by_rules
from vms.store.page import Page
from vms.store.region_scope import is_within
from vms.store.schema import cameras, faults, outages, stills, work_order_faults, work_orders
from vms.store.work_order_list import OPEN_VALUES, is_overdue

MOST_FOLDED = 200
SORTS = ("opened_at", "severity", "kind", "camera_name", "loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFilter:
    """None and empty: whatever it is."""

    state: FaultState = FaultState.OPEN
    tier: Tier | None = None
    region_code: str = ""
    """The region and everything below it."""
    kind: FaultKind | None = None
    layer: Layer | None = None
    severity: Severity | None = None
    camera_id: CameraId | None = None
    outage_id: int | None = None
    alone: bool = False
    """Not those that fell with others in an outage."""
    ordered: bool | None = None
    """With or without a work order of its own or of its outage."""
    maintainer_id: MaintainerId | None = None
    """Who has the order; without one, to whom the rules would give it."""
    approved_only: bool = False
    """For people who may not know of other cameras."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOfFault:
    order_id: int
    number: str
    state: OrderState
    overdue: bool
    maintainer_id: MaintainerId | None
    loss: float | None
    """What the fault costs in coverage; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFault:
    row: FaultRow
    order: OrderOfFault | None
    maintainer_id: MaintainerId | None
    """Who has the order, else to whom the rules would give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedOutage:
    """An outage that is not over, with how much of it the filter finds."""

    outage_id: int
    kind: str
    name: str
    whole: bool
    opened_at: datetime
    cameras: int
    faults: int
    order: OrderOfFault | None


def page(
    tx: Connection,
    wanted: FaultFilter,
    *,
    now: datetime,
    sort: str = "-opened_at",
    limit: int = 50,
    offset: int = 0,
) -> Page[ListedFault]:
    """`sort`: one of SORTS, with a leading minus for the other way round. Raises BadInput."""
    rules, land = maintainers.rules(tx), regions.land(tx)
    where = _conditions(tx, wanted, rules)
    total = tx.execute(select(func.count()).select_from(_joined(wanted)).where(*where)).scalar_one()
    chosen = select(faults.c.id).select_from(_joined(wanted, sort)).where(*where).order_by(*_order(sort))
    ids = tx.execute(chosen.limit(limit).offset(offset)).scalars().all()
    rows = {row["id"]: row for row in tx.execute(joined_rows(now).where(faults.c.id.in_(ids))).mappings()}
    return Page(items=tuple(_listed(rows[one], rules, land) for one in ids if one in rows), total=total)


def folded(tx: Connection, wanted: FaultFilter, now: datetime) -> list[FoldedOutage]:
    """The outages that hold such faults, the largest first, at most MOST_FOLDED."""
    where = (*_conditions(tx, wanted, maintainers.rules(tx)), faults.c.outage_id.is_not(None))
    cameras_n = func.count(distinct(faults.c.camera_id))
    counted = (
        select(faults.c.outage_id, cameras_n.label("cameras"), func.count().label("faults"))
        .select_from(_joined(wanted))
        .where(*where)
        .group_by(faults.c.outage_id)
        .order_by(cameras_n.desc(), faults.c.outage_id.desc())
        .limit(MOST_FOLDED)
    )
    found = {row.outage_id: row for row in tx.execute(counted)}
    orders = _orders_of_outages(tx, list(found), now)
    o = outages.c
    statement = select(o.id, o.kind, o.name, o.whole, o.opened_at).where(o.id.in_(list(found)))
    named = {row.id: row for row in tx.execute(statement)}
    return [
        FoldedOutage(
            outage_id=outage_id,
            kind=named[outage_id].kind,
            name=named[outage_id].name,
            whole=named[outage_id].whole,
            opened_at=named[outage_id].opened_at,
            cameras=row.cameras,
            faults=row.faults,
            order=orders.get(outage_id),
        )
        for outage_id, row in found.items()
        if outage_id in named
    ]


def _orders_of_outages(tx: Connection, outage_ids: list[int], now: datetime) -> dict[int, OrderOfFault]:
    """The latest of each."""
    statement = (
        select(work_orders.c.outage_id, *_order_columns(now))
        .where(work_orders.c.outage_id.in_(outage_ids))
        .order_by(work_orders.c.id)
    )
    found: dict[int, OrderOfFault] = {}
    for row in tx.execute(statement).mappings():
        order = _order_of(row)
        if order is not None:
            found[row["outage_id"]] = order
    return found


def _order_columns(now: datetime) -> list[ColumnElement[Any]]:
    w = work_orders.c
    return [
        w.id.label("order_id"),
        w.number.label("order_number"),
        w.state.label("order_state"),
        w.maintainer_id.label("order_maintainer_id"),
        w.loss.label("order_loss"),
        is_overdue(now).label("order_overdue"),
    ]


def joined_rows(now: datetime) -> Select[Any]:
    columns: tuple[Any, ...] = (
        faults,
        cameras.c.name.label("camera_name"),
        cameras.c.observed_name,
        cameras.c.tier,
        cameras.c.region_code,
        cameras.c.point_class,
        cameras.c.owner_id,
        stills.c.at.label("still_at"),
        *_order_columns(now),
    )
    known = _with_orders(faults.join(cameras, cameras.c.id == faults.c.camera_id))
    return select(*columns).select_from(known.outerjoin(stills, stills.c.camera_id == faults.c.camera_id))


def _joined(wanted: FaultFilter, sort: str = "") -> FromClause:
    """Enough for the conditions and the order: of thousands of faults no more is read than that."""
    known: FromClause = faults
    by = sort.removeprefix("-")
    asks_orders = wanted.ordered is not None or wanted.maintainer_id is not None
    if by == "camera_name" or wanted.tier or wanted.region_code or wanted.maintainer_id or wanted.approved_only:
        known = known.join(cameras, cameras.c.id == faults.c.camera_id)
    return _with_orders(known) if asks_orders or by == "loss" else known


def _with_orders(known: FromClause) -> FromClause:
    link = work_order_faults.c
    return known.outerjoin(work_order_faults, link.fault_id == faults.c.id).outerjoin(
        work_orders, work_orders.c.id == link.order_id
    )


def _conditions(tx: Connection, wanted: FaultFilter, rules: list[AssignmentRule]) -> list[ColumnElement[bool]]:
    c = cameras.c
    found: list[ColumnElement[bool]] = []
    if wanted.state is not FaultState.ALL:
        is_open = faults.c.closed_at.is_(None)
        found.append(is_open if wanted.state is FaultState.OPEN else ~is_open)
    if wanted.tier is not None:
        found.append(c.tier == wanted.tier.value)
    if wanted.region_code:
        found.append(is_within(c.region_code, wanted.region_code))
    if wanted.kind is not None:
        found.append(faults.c.kind == wanted.kind.value)
    if wanted.layer is not None:
        found.append(faults.c.layer == wanted.layer.value)
    if wanted.severity is not None:
        found.append(faults.c.severity == wanted.severity.value)
    if wanted.camera_id is not None:
        found.append(faults.c.camera_id == wanted.camera_id)
    if wanted.outage_id is not None:
        found.append(faults.c.outage_id == wanted.outage_id)
    if wanted.alone:
        found.append(faults.c.outage_id.is_(None))
    if wanted.ordered is not None:
        has_one = or_(work_orders.c.id.is_not(None), faults.c.outage_id.in_(_ordered_outages()))
        found.append(has_one if wanted.ordered else ~func.coalesce(has_one, literal(False)))
    if wanted.maintainer_id is not None:
        by_rules = firm_by_rules(tx, rules, faults.c.layer)
        found.append(func.coalesce(work_orders.c.maintainer_id, by_rules) == wanted.maintainer_id)
    if wanted.approved_only:
        found.append(c.life_cycle.in_(IN_SERVICE_VALUES))
    return found


def _ordered_outages() -> Select[Any]:
    w = work_orders.c
    return select(w.outage_id).where(w.outage_id.is_not(None), w.state.in_(OPEN_VALUES))


def _order(sort: str) -> list[ColumnElement[Any]]:
    name = sort.removeprefix("-")
    columns: dict[str, ColumnElement[Any]] = {
        "opened_at": faults.c.opened_at,
        "severity": case({Severity.MINOR: 0, Severity.MAJOR: 1, Severity.CRITICAL: 2}, value=faults.c.severity),
        "kind": faults.c.kind,
        "camera_name": cameras.c.name,
        "loss": work_orders.c.loss,
    }
    if name not in columns:
        raise BadInput(f"cannot be sorted by {name!r}; known are {', '.join(SORTS)}", where="sort")
    down = sort.startswith("-")
    first = columns[name].desc() if down else columns[name].asc()
    return [first.nulls_last(), faults.c.id.desc() if down else faults.c.id.asc()]


def _listed(row: RowMapping, rules: list[AssignmentRule], land: Land) -> ListedFault:
    order = _order_of(row)
    scope = Scope(
        region_code=row["region_code"],
        tier=Tier(row["tier"]),
        point_class=row["point_class"],
        owner_id=None if row["owner_id"] is None else OwnerId(row["owner_id"]),
        layer=row["layer"],
    )
    rule = first_that_fits(rules, scope, land)
    by_rule = None if rule is None else rule.maintainer_id
    return ListedFault(
        row=fault_row(row),
        order=order,
        maintainer_id=by_rule if order is None or order.maintainer_id is None else order.maintainer_id,
    )


def _order_of(row: RowMapping) -> OrderOfFault | None:
    if row["order_id"] is None:
        return None
    firm = row["order_maintainer_id"]
    return OrderOfFault(
        order_id=row["order_id"],
        number=row["order_number"],
        state=OrderState(row["order_state"]),
        overdue=bool(row["order_overdue"]),
        maintainer_id=None if firm is None else MaintainerId(firm),
        loss=row["order_loss"],
    )
