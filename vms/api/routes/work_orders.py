"""Work orders: listed, opened by hand, moved on, photographed."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from vms.access.roles import Person, Role
from vms.api.guards import AnyCall, MaintenanceCall, RoomsNow
from vms.api.listing import NOBODY
from vms.api.models.shape import IdNumber, Instant
from vms.api.models.work_orders import (
    NewStep,
    NewSteps,
    NewWorkOrder,
    OrderPhotographRow,
    StepContent,
    StepsTaken,
    Token,
    WorkOrderNow,
    WorkOrderPage,
)
from vms.api.region_asked import RegionAsked
from vms.api.rooms import Rooms
from vms.api.routes.photographs import TYPES
from vms.api.show_orders import show_page, show_photograph, show_stepped, show_whole
from vms.core.errors import BadInput
from vms.core.ids import CameraId, MaintainerId
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.order import ENDED, OPEN, Action, OrderState, Part
from vms.services.work_orders.former_firm import sees
from vms.services.work_orders.open_by_hand import ByHand, open_by_hand
from vms.services.work_orders.order_photographs import (
    HandedInPhotograph,
    add_order_photograph,
    order_photograph,
)
from vms.services.work_orders.take_step import AskedStep, take_step
from vms.services.work_orders.take_steps import SeenOrder, take_steps
from vms.store import work_order_list
from vms.store.work_order_list import OrderFilter
from vms.store.work_order_steps import PhotographMoment

router = APIRouter(tags=["work orders"])
_BODY = {"required": True, "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES}}


class Which(StrEnum):
    """Several states by one word."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


@router.get("/work-orders")
def list_work_orders(
    call: AnyCall,
    rooms: RoomsNow,
    state: Annotated[OrderState | Which, Query(description="one state, or open, ended, all")] = Which.OPEN,
    mine: Annotated[bool, Query(description="in your name; for a crew also what its firm has given to nobody")] = False,
    maintainer: IdNumber | None = None,
    unassigned: bool = False,
    region: RegionAsked = "",
    tier: Tier | None = None,
    severity: Severity | None = None,
    overdue: bool = False,
    camera: IdNumber | None = None,
    outage: IdNumber | None = None,
    number: Annotated[str, Query(max_length=20)] = "",
    sort: Annotated[str, Query(max_length=30)] = "impact",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> WorkOrderPage:
    """A firm's crew sees its firm's; an owner those of his cameras."""
    wanted = OrderFilter(
        states=_states(state),
        firm=call.person.maintainer_id,
        owner_id=(call.person.owner_id or NOBODY) if call.person.role is Role.OWNER else None,
        crew=call.person.name if mine else "",
        or_nobodys=mine and call.person.maintainer_id is not None,
        maintainer_id=None if maintainer is None else MaintainerId(maintainer),
        unassigned=unassigned,
        region_code=region,
        tier=tier,
        severity=severity,
        camera_id=None if camera is None else CameraId(camera),
        outage_id=outage,
        overdue=overdue,
        number=number,
    )
    now = rooms.clock()
    with rooms.database.reading() as tx:
        page = work_order_list.page(tx, wanted, now, sort=sort, limit=limit, offset=offset)
    return show_page(page, call.person, now)


@router.post("/work-orders", status_code=201)
def new_work_order(body: NewWorkOrder, call: MaintenanceCall, rooms: RoomsNow) -> WorkOrderNow:
    asked = ByHand(
        camera_id=CameraId(body.camera_id), reason=body.reason, severity=body.severity, layer=str(body.layer)
    )
    made = open_by_hand(rooms.database, asked, call.person, rooms.settings.orders, rooms.clock())
    return _whole(rooms, made.order_id, call.person)


@router.get("/work-orders/{order_id}")
def one_work_order(order_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> WorkOrderNow:
    return _whole(rooms, order_id, call.person)


@router.post(
    "/work-orders/{order_id}/steps",
    response_model=WorkOrderNow,
    responses={204: {"description": "kept as the word of a firm that had the order when it was done"}},
)
def step_of_work_order(
    order_id: IdNumber, body: NewStep, call: AnyCall, rooms: RoomsNow
) -> WorkOrderNow | Response:  # fmt: skip
    """Sent again with the same token it is done once; `may` of the order says what is possible now."""
    step = _step(body.action, body.note, body.content)
    asked = replace(step, at=body.at, sent_at=body.sent_at, token=body.token, version=body.version)
    moved = take_step(rooms.database, order_id, asked, call.person, rooms.clock())
    if not sees(call.person, moved):
        return Response(status_code=204)
    return _whole(rooms, order_id, call.person)


@router.post("/work-orders/steps")
def steps_of_work_orders(body: NewSteps, call: MaintenanceCall, rooms: RoomsNow) -> StepsTaken:
    """The same step with many; what becomes of each is answered."""
    asked = _step(body.action, body.note, body.content)
    orders = [SeenOrder(order_id=one.id, version=one.version) for one in body.orders]
    taken = take_steps(rooms.database, orders, asked, call.person, rooms.clock())
    return StepsTaken(done=sum(one.refused is None for one in taken), items=[show_stepped(one) for one in taken])


@router.post("/work-orders/{order_id}/photographs", status_code=201, openapi_extra={"requestBody": _BODY})
async def new_order_photograph(
    order_id: IdNumber,
    call: MaintenanceCall,
    rooms: RoomsNow,
    request: Request,
    moment: PhotographMoment,
    token: Token | None = None,
    at: Annotated[Instant | None, Query(description="when it was taken; none: now")] = None,
    sent_at: Annotated[Instant | None, Query(description="what the phone's clock says now")] = None,
) -> OrderPhotographRow:
    """The body is the picture: JPEG or PNG, at most 12 MB and 50 megapixels."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in TYPES:
        raise BadInput(f"a body of {' or '.join(TYPES)} is taken", where="content-type")
    new = HandedInPhotograph(
        order_id=order_id, moment=moment, data=await request.body(), token=token, at=at, sent_at=sent_at
    )
    added = await run_in_threadpool(
        add_order_photograph, rooms.database, rooms.photographs_folder, new, call.person, rooms.clock()
    )
    return show_photograph(added)


@router.get(
    "/work-orders/{order_id}/photographs/{photograph_id}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "the photograph, at most 2560 px wide or high"}},
)
def one_order_photograph(
    order_id: IdNumber,
    photograph_id: IdNumber,
    call: AnyCall,
    rooms: RoomsNow,
    small: Annotated[bool, Query(description="at most 320 px wide or high")] = False,
) -> Response:
    data = order_photograph(
        rooms.database, rooms.photographs_folder, order_id, photograph_id, call.person, thumbnail=small
    )
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _whole(rooms: Rooms, order_id: int, person: Person) -> WorkOrderNow:
    with rooms.database.reading() as tx:
        return show_whole(tx, order_id, person, rooms.clock())


def _states(asked: OrderState | Which) -> tuple[OrderState, ...]:
    if isinstance(asked, OrderState):
        return (asked,)
    return {Which.OPEN: tuple(sorted(OPEN)), Which.ENDED: tuple(sorted(ENDED)), Which.ALL: ()}[asked]


def _step(action: str, note: str, content: StepContent) -> AskedStep:
    return AskedStep(
        action=Action(action),
        note=note,
        maintainer_id=content.maintainer_id,
        crew=content.crew,
        reason=content.reason,
        until=content.until,
        respond_by=content.respond_by,
        repair_by=content.repair_by,
        remote=content.remote,
        parts=tuple(Part(name=part.name, count=part.count, serial_no=part.serial_no) for part in content.parts),
    )
