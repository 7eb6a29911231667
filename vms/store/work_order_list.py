"""The list of work orders: filtered, sorted, counted per state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, or_, select

from vms.core.errors import BadInput
from vms.core.ids import CameraId, MaintainerId, OwnerId
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.order import CLOCK_RUNS, OPEN, OrderState
from vms.store.region_scope import is_within
from vms.store.schema import cameras, maintainers, outages, work_orders
from vms.store.work_orders import StoredOrder, stored_order

OPEN_VALUES = tuple(sorted(state.value for state in OPEN))
CLOCK_RUNS_VALUES = tuple(sorted(state.value for state in CLOCK_RUNS))
SORTS = (
    "impact",
    "deadline",
    "repair_by",
    "respond_by",
    "severity",
    "loss",
    "detected_at",
    "changed_at",
    "cameras",
    "number",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """None and empty: whatever it is."""

    states: tuple[OrderState, ...] = ()
    firm: MaintainerId | None = None
    """The caller's: nothing else exists for him."""
    owner_id: OwnerId | None = None
    """The caller's cameras: nothing else exists for him."""
    crew: str = ""
    or_nobodys: bool = False
    """With `crew`: also those that nobody is in charge of."""
    maintainer_id: MaintainerId | None = None
    unassigned: bool = False
    region_code: str = ""
    """The region and everything below it."""
    tier: Tier | None = None
    severity: Severity | None = None
    camera_id: CameraId | None = None
    outage_id: int | None = None
    overdue: bool = False
    number: str = ""
    """Begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOrder:
    stored: StoredOrder
    name: str
    """Of the camera, or of the outage's cause."""
    maintainer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    items: tuple[ListedOrder, ...]
    total: int
    totals: dict[OrderState, int]
    """Per state, of everything that the filter without its states finds."""


def page(
    tx: Connection, wanted: OrderFilter, now: datetime, *, sort: str = "impact", limit: int = 50, offset: int = 0
) -> OrderPage:
    """`sort`: one of SORTS, with a leading minus for the other way round. Raises BadInput.

    `impact`: what the fault costs in coverage, as far as that is known, the most first; then what is due first.
    """
    w = work_orders.c
    where = _conditions(wanted, now)
    counted = select(w.state, func.count().label("n")).where(*where).group_by(w.state)
    totals = {OrderState(row.state): row.n for row in tx.execute(counted)}
    of_states = [w.state.in_([state.value for state in wanted.states])] if wanted.states else []
    total = sum(n for state, n in totals.items() if not wanted.states or state in wanted.states)
    chosen = select(w.id).where(*where, *of_states).order_by(*_order(sort)).limit(limit).offset(offset)
    ids = list(tx.execute(chosen).scalars())  # sorted without the columns that only the page needs
    listed = {row["id"]: _listed(row) for row in tx.execute(_rows().where(w.id.in_(ids))).mappings()}
    return OrderPage(items=tuple(listed[one] for one in ids if one in listed), total=total, totals=totals)


def one(tx: Connection, order_id: int) -> ListedOrder | None:
    row = tx.execute(_rows().where(work_orders.c.id == order_id)).mappings().one_or_none()
    return None if row is None else _listed(row)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    w = work_orders.c
    nobody_there = and_(w.on_site_at.is_(None), w.respond_by < now)
    return and_(w.state.in_(CLOCK_RUNS_VALUES), or_(nobody_there, w.repair_by < now))


def _rows() -> Any:
    columns = (
        work_orders,
        cameras.c.name.label("camera_name"),
        cameras.c.observed_name,
        outages.c.name.label("outage_name"),
        maintainers.c.name.label("maintainer_name"),
    )
    w = work_orders.c
    joined = work_orders.outerjoin(cameras, cameras.c.id == w.camera_id)
    joined = joined.outerjoin(outages, outages.c.id == w.outage_id)
    return select(*columns).select_from(joined.outerjoin(maintainers, maintainers.c.id == w.maintainer_id))


def _conditions(wanted: OrderFilter, now: datetime) -> list[ColumnElement[bool]]:
    w = work_orders.c
    found: list[ColumnElement[bool]] = []
    if wanted.firm is not None:
        found.append(w.maintainer_id == wanted.firm)
    if wanted.owner_id is not None:
        found.append(w.owner_id == wanted.owner_id)
    if wanted.crew:
        found.append(w.crew.in_([wanted.crew, ""]) if wanted.or_nobodys else w.crew == wanted.crew)
    if wanted.maintainer_id is not None:
        found.append(w.maintainer_id == wanted.maintainer_id)
    if wanted.unassigned:
        found.extend((w.maintainer_id.is_(None), w.state.in_(OPEN_VALUES)))
    if wanted.region_code:
        found.append(is_within(w.region_code, wanted.region_code))
    if wanted.tier is not None:
        found.append(w.tier == wanted.tier.value)
    if wanted.severity is not None:
        found.append(w.severity == wanted.severity.value)
    if wanted.camera_id is not None:
        found.append(w.camera_id == wanted.camera_id)
    if wanted.outage_id is not None:
        found.append(w.outage_id == wanted.outage_id)
    if wanted.overdue:
        found.append(is_overdue(now))
    if wanted.number:
        found.append(w.number.startswith(wanted.number, autoescape=True))
    return found


def _order(sort: str) -> list[ColumnElement[Any]]:
    w = work_orders.c
    name = sort.removeprefix("-")
    columns: dict[str, ColumnElement[Any]] = {
        "deadline": case((w.on_site_at.is_(None), func.coalesce(w.respond_by, w.repair_by)), else_=w.repair_by),
        "severity": case({Severity.MINOR: 0, Severity.MAJOR: 1, Severity.CRITICAL: 2}, value=w.severity),
        **{name: w[name] for name in SORTS if name not in ("impact", "deadline", "severity")},
    }
    if name not in SORTS:
        raise BadInput(f"cannot be sorted by {name!r}; known are {', '.join(SORTS)}", where="sort")
    down = sort.startswith("-")
    if name == "impact":
        cost, by = func.coalesce(w.loss, 0.0), columns["deadline"]
        return [cost.asc(), by.desc().nulls_last(), w.id.desc()] if down else [cost.desc(), by.asc().nulls_last(), w.id]
    first = columns[name].desc() if down else columns[name].asc()
    return [first.nulls_last(), w.id.desc() if down else w.id.asc()]


def _listed(row: RowMapping) -> ListedOrder:
    name = row["camera_name"] or row["observed_name"] or row["outage_name"] or ""
    return ListedOrder(stored=stored_order(row), name=name, maintainer=row["maintainer_name"] or "")
