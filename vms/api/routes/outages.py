"""Outages and what cameras hang on."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request

from vms.access.hide_addresses import asks_for_address
from vms.access.roles import SEES_PENDING, sees_addresses
from vms.api.guards import KeeperCall, RoomsNow, SignedInCall, StaffCall
from vms.api.models.outages import (
    DeviceCamera,
    ImpactNow,
    OutageDetail,
    OutageNow,
    OutagePage,
    OutageWord,
    SupplyDetail,
    SupplyDevices,
    SupplyImported,
    SupplyPage,
    SupplyRow,
    SupplyWish,
)
from vms.api.models.shape import IdNumber
from vms.api.region_asked import RegionAsked
from vms.api.show_outages import (
    outage_fields,
    show_device,
    show_impact,
    show_member,
    show_node,
    show_outage,
    show_supply_import,
    supply_fields,
)
from vms.core.errors import NotAllowed
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.outages.node import NodeKind, NodeSource
from vms.services.dispatching.judge_outage import judge_outage
from vms.services.sight_of import sight_of
from vms.services.supply.edit_supply import (
    NodeWish,
    add_node,
    change_devices,
    change_node,
    confirm_node,
    devices_of_cameras,
    retire_node,
)
from vms.services.supply.impact import impact_of
from vms.services.supply.import_supply import import_supply
from vms.store import outages, supply
from vms.store.outages import OutageFilter, OutageState, OutageVerdict

router = APIRouter(tags=["outages"])

Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


@router.get("/outages")
def list_outages(
    call: StaffCall,
    rooms: RoomsNow,
    state: OutageState = OutageState.OPEN,
    kind: Annotated[str, Query(max_length=20)] = "",
    source: NodeSource | None = None,
    region: RegionAsked = "",
    camera_id: IdNumber | None = None,
    sort: Annotated[str, Query(max_length=30)] = "-opened_at",
    limit: Limit = 50,
    offset: Offset = 0,
) -> OutagePage:
    """What fell with others has one cause, one fault and one order."""
    wanted = OutageFilter(
        state=state,
        kind=kind,
        source=source,
        region_code=region,
        camera_id=camera_id,
        approved_only=call.person.role not in SEES_PENDING,
    )
    with rooms.database.reading() as tx:
        page = outages.page(tx, wanted, sort=sort, limit=limit, offset=offset)
    return OutagePage(total=page.total, items=[show_outage(one, call.person) for one in page.items])


@router.get("/outages/{outage_id}")
def one_outage(
    outage_id: IdNumber, call: StaffCall, rooms: RoomsNow, limit: Limit = 500, offset: Offset = 0
) -> OutageDetail:
    """`limit` and `offset` are of its cameras."""
    only = call.person.role not in SEES_PENDING
    with rooms.database.reading() as tx:
        found = outages.get(tx, outage_id)
        page = outages.cameras_of(tx, outage_id, limit=limit, offset=offset, approved_only=only)
        orders = outages.orders_of(tx, outage_id)
    members = [show_member(one) for one in page.items]
    return OutageDetail(**outage_fields(found, call.person), members_total=page.total, members=members, orders=orders)


@router.post("/outages/{outage_id}/verdict")
def say_of_outage(outage_id: IdNumber, word: OutageWord, call: KeeperCall, rooms: RoomsNow) -> OutageNow:
    with rooms.database.writing() as tx:
        verdict = OutageVerdict(word.verdict)
        return show_outage(judge_outage(tx, outage_id, verdict, _office(call), word.note, rooms.clock()), call.person)


@router.get("/supply")
def list_supply(
    call: StaffCall,
    rooms: RoomsNow,
    kind: NodeKind | None = None,
    source: NodeSource | None = None,
    q: Annotated[str, Query(max_length=100)] = "",
    retired: bool = False,
    limit: Limit = 100,
    offset: Offset = 0,
) -> SupplyPage:
    """Typed and learnt nodes; poles, recorders, networks and regions follow from the archive."""
    if asks_for_address(q):
        _may_ask_by_address(call)
    with rooms.database.reading() as tx:
        page = supply.page(tx, kind=kind, source=source, text=q, retired=retired, limit=limit, offset=offset)
    return SupplyPage(total=page.total, items=[show_node(node, call.person) for node in page.items])


@router.post("/supply", status_code=201)
def type_in_supply(wish: SupplyWish, call: KeeperCall, rooms: RoomsNow) -> SupplyRow:
    with rooms.database.writing() as tx:
        return show_node(add_node(tx, _wish(wish), _office(call), rooms.clock()), call.person)


@router.get("/supply/impact")
def impact_of_thing(
    call: StaffCall, rooms: RoomsNow, kind: NodeKind, value: Annotated[str, Query(min_length=1, max_length=100)]
) -> ImpactNow:
    """What goes blind when this pole, recorder (its device), network, region or node dies?"""
    if kind is NodeKind.SUBNET:
        _may_ask_by_address(call)
    with rooms.database.reading() as tx:
        found = impact_of(tx, kind, value, rooms.clock())
    return show_impact(found, rooms.coverage.loss_without(found.camera_ids), call.person)


@router.post("/supply/import")
async def import_list(request: Request, call: KeeperCall, rooms: RoomsNow, dry_run: bool = False) -> SupplyImported:
    """A CSV list as the body: columns name and device (address, address:port or serial), where known kind, parent."""
    who, data = _office(call), await request.body()

    def store() -> SupplyImported:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "supply.csv"
            path.write_bytes(data)
            done = import_supply(rooms.database, path, who, rooms.clock(), dry_run=dry_run)
        return show_supply_import(done, dry_run=dry_run)

    return await asyncio.to_thread(store)


@router.get("/supply/{node_id}")
def one_node(node_id: IdNumber, call: StaffCall, rooms: RoomsNow) -> SupplyDetail:
    with rooms.database.reading() as tx:
        node = supply.get(tx, node_id)
        found = supply.members(tx, node_id)
        named = supply.cameras_of_devices(tx, [one.device_id for one in found])
        sight = sight_of(tx, call.person, [number for of in named.values() for number, _ in of])
    cameras = {device: [DeviceCamera(id=number, name=name) for number, name in of] for device, of in named.items()}
    members = []
    for one in found:
        on_it = [CameraId(number) for number, _ in named.get(one.device_id, ())]
        addresses, whose = sight.device_addresses(on_it), sight.whose_device(on_it)
        members.append(show_device(one, cameras, addresses=addresses, whose=whose))
    return SupplyDetail(**supply_fields(node, call.person), members=members)


@router.put("/supply/{node_id}")
def change_supply(node_id: IdNumber, wish: SupplyWish, call: KeeperCall, rooms: RoomsNow) -> SupplyRow:
    with rooms.database.writing() as tx:
        return show_node(change_node(tx, node_id, _wish(wish), _office(call), rooms.clock()), call.person)


@router.post("/supply/{node_id}/devices")
def change_devices_of_node(node_id: IdNumber, wish: SupplyDevices, call: KeeperCall, rooms: RoomsNow) -> SupplyRow:
    """Devices are put on it and taken off it; the others stay."""
    with rooms.database.writing() as tx:
        add = set(wish.add) | devices_of_cameras(tx, wish.add_cameras)
        return show_node(change_devices(tx, node_id, add, wish.take_off, _office(call), rooms.clock()), call.person)


@router.delete("/supply/{node_id}")
def retire_supply(node_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> SupplyRow:
    """A learnt one is rejected by that: it is not proposed again."""
    with rooms.database.writing() as tx:
        return show_node(retire_node(tx, node_id, _office(call), rooms.clock()), call.person)


@router.post("/supply/{node_id}/confirmation")
def confirm_supply(node_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> SupplyRow:
    """What was learnt is right."""
    with rooms.database.writing() as tx:
        return show_node(confirm_node(tx, node_id, _office(call), rooms.clock()), call.person)


@router.get("/supply/{node_id}/impact")
def impact_of_node(node_id: IdNumber, call: StaffCall, rooms: RoomsNow) -> ImpactNow:
    """What goes blind when this dies?"""
    with rooms.database.reading() as tx:
        found = impact_of(tx, supply.get(tx, node_id).kind, str(node_id), rooms.clock())
    return show_impact(found, rooms.coverage.loss_without(found.camera_ids), call.person)


def _office(call: SignedInCall) -> str:
    """Whoever repairs for money does not say what counts as one fault. Raises NotAllowed."""
    if call.person.maintainer_id is not None:
        raise NotAllowed("this is for the office, not for a firm's crew", code="firm")
    return call.person.name


def _may_ask_by_address(call: SignedInCall) -> None:
    """What hangs on an address tells the address. Raises NotAllowed."""
    if not sees_addresses(call.person):
        raise NotAllowed("your role may not see network addresses", code="role")


def _wish(wish: SupplyWish) -> NodeWish:
    return NodeWish(
        kind=wish.kind,
        name=wish.name,
        parent_id=wish.parent_id,
        spot=None if wish.spot is None else Wgs84(wish.spot.lon, wish.spot.lat),
        devices=None if wish.devices is None else tuple(wish.devices),
    )
