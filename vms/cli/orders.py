"""`vms orders list|show|step`: work orders from the command line."""

import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from vms.access.roles import Person, Role
from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, store_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput, NotFound
from vms.core.ids import CameraId, MaintainerId, UserId
from vms.maintenance.may_step import Standing, may_step
from vms.maintenance.order import ENDED, OPEN, Action, OrderState, Part
from vms.services.fault_words import fault_in_words
from vms.services.work_orders.take_step import AskedStep, take_step
from vms.store import order_facts, work_order_list, work_order_steps
from vms.store.work_order_list import ListedOrder, OrderFilter

orders = typer.Typer(help="Work orders: list, look, move on.", no_args_is_help=True)
OrderNumber = Annotated[str, typer.Argument(help="its number, 20261122-0001, or its id")]


def add_to(app: typer.Typer) -> None:
    orders.command("list")(list_orders)
    orders.command()(show)
    orders.command()(step)
    app.add_typer(orders, name="orders")


def list_orders(
    state: Annotated[str, typer.Option(help="open, ended, all, or one state")] = "open",
    maintainer: Annotated[int | None, typer.Option(help="number of the firm")] = None,
    region: Annotated[str, typer.Option(help="region's code, with everything below")] = "",
    camera: Annotated[int | None, typer.Option(help="number of the camera")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="a deadline was missed")] = False,
    unassigned: Annotated[bool, typer.Option("--unassigned", help="no firm has it")] = False,
    sort: Annotated[str, typer.Option(help=", ".join(work_order_list.SORTS) + "; with - the other way")] = "impact",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Open orders by deadline, or what the options ask for."""
    wanted = OrderFilter(
        states=_states(state),
        maintainer_id=None if maintainer is None else MaintainerId(maintainer),
        region_code=region,
        camera_id=None if camera is None else CameraId(camera),
        overdue=overdue,
        unassigned=unassigned,
    )
    with store_of(config, db) as database, database.reading() as tx:
        page = work_order_list.page(tx, wanted, system_clock(), sort=sort, limit=limit)
    if as_json:
        print_json({"orders": [order_json(one) for one in page.items], "total": page.total, "totals": page.totals})
        return
    print_table(
        ("order", "state", "severity", "what", "cause", "firm", "until"),
        ((one.stored.number, one.stored.order.state.value, one.stored.about.severity.value, one.name,
          _cause(one), one.maintainer, _when(one.stored.order.repair_by)) for one in page.items),
    )  # fmt: skip
    say(f"{page.total}: " + (", ".join(f"{n} {name}" for name, n in sorted(page.totals.items())) or "none"))


def show(number: OrderNumber, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """One order with its faults and steps."""
    with store_of(config, db) as database, database.reading() as tx:
        listed = _find(tx, number)
        order_id = listed.stored.order_id
        steps = work_order_steps.of_order(tx, order_id)
        faults = order_facts.faults_of(tx, order_id)
    if as_json:
        shown = [{**asdict(one), "id": one.step_id} for one in steps]
        print_json({"order": order_json(listed), "faults": faults, "steps": shown})
        return
    stored = listed.stored
    say(f"{stored.number}: {stored.order.state}, {listed.name}, {_cause(listed)}, {listed.maintainer or 'no firm'}")
    say(f"detected {_when(stored.order.detected_at)}, on site by {_when(stored.order.respond_by)}, "
        f"repaired by {_when(stored.order.repair_by)}")  # fmt: skip
    print_table(
        ("at", "who", "action", "state", "note"),
        ((_when(one.at), one.who, one.action.value, one.to_state.value, one.note) for one in steps),
    )


def step(
    number: OrderNumber,
    action: Annotated[str, typer.Argument(help="assign, accept, arrive, repair, send_back, verify, close, suspend, …")],
    note: Annotated[str, typer.Option(help="for the record")] = "",
    at: Annotated[datetime | None, typer.Option(help="when it was done, UTC")] = None,
    maintainer: Annotated[int | None, typer.Option(help="assign, transfer: number of the firm")] = None,
    crew: Annotated[str, typer.Option(help="assign, transfer: a user of the firm")] = "",
    reason: Annotated[str, typer.Option(help="suspend: waiting_parts, no_access, …")] = "",
    until: Annotated[datetime | None, typer.Option(help="suspend: until then, UTC")] = None,
    part: Annotated[list[str] | None, typer.Option(help="a part that was used; may be repeated")] = None,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Move an order on, with the office's rights."""
    if action not in [one.value for one in Action] or not may_step(Standing.OFFICE, Action(action)):
        known = ", ".join(one.value for one in Action if may_step(Standing.OFFICE, one))
        raise BadInput(f"known are {known}", where="action")
    asked = AskedStep(
        action=Action(action),
        note=note,
        at=_utc(at),
        maintainer_id=maintainer,
        crew=crew,
        reason=reason,
        until=_utc(until),
        parts=tuple(Part(name=one) for one in part or ()),
    )
    person = Person(user_id=UserId(0), name=getpass.getuser(), role=Role.ADMIN)
    with store_of(config, db) as database:
        with database.reading() as tx:
            order_id = _find(tx, number).stored.order_id
        take_step(database, order_id, asked, person, system_clock())
        with database.reading() as tx:
            listed = _find(tx, str(order_id))
    if as_json:
        print_json({"order": order_json(listed)})
        return
    say(f"{listed.stored.number} is {listed.stored.order.state}")


def order_json(listed: ListedOrder) -> dict[str, Any]:
    """One order of `vms orders --json`; the names are those of the HTTP interface."""
    stored = listed.stored
    about = {name: value for name, value in asdict(stored.about).items() if name != "level_id"}
    head = {"id": stored.order_id, "number": stored.number, "name": listed.name, "maintainer": listed.maintainer}
    return {**head, **asdict(stored.order), **about, "changed_at": stored.changed_at}


def _find(tx: Connection, number: str) -> ListedOrder:
    if number.isdecimal() and len(number) <= 15:
        found = work_order_list.one(tx, int(number))
        if found is not None:
            return found
    page = work_order_list.page(tx, OrderFilter(number=number), system_clock(), limit=2)
    exact = [one for one in page.items if one.stored.number == number]
    if not exact:
        raise NotFound(f"there is no work order {number}")
    return exact[0]


def _states(text: str) -> tuple[OrderState, ...]:
    groups: dict[str, tuple[OrderState, ...]] = {"open": tuple(sorted(OPEN)), "ended": tuple(sorted(ENDED)), "all": ()}
    if text in groups:
        return groups[text]
    if text not in [state.value for state in OrderState]:
        known = ", ".join((*groups, *(state.value for state in OrderState)))
        raise BadInput(f"known are {known}", where="--state")
    return (OrderState(text),)


def _cause(listed: ListedOrder) -> str:
    about = listed.stored.about
    return fault_in_words(about.cause)[0] if about.outage_id is None and about.kinds else about.cause


def _when(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%d %H:%M}"


def _utc(instant: datetime | None) -> datetime | None:
    """Typer reads instants without a zone."""
    return None if instant is None else instant.replace(tzinfo=UTC)
