"""Devices: what was learnt about each, what a person allows, the keys that identify it."""

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool

from vms.access.roles import SEES_PENDING, Person, sees_addresses
from vms.access.sight import Sight
from vms.api.guards import AdminCall, KeeperCall, RoomsNow, StaffCall
from vms.api.models.devices import (
    DayBudgetNow,
    DeviceCameraRow,
    DeviceCostRow,
    DeviceCosts,
    DeviceDetail,
    DeviceEventRow,
    DeviceEvents,
    DevicePage,
    DeviceRow,
    Forget,
    IdentityKey,
    Learnt,
    Policy,
    PolicyWanted,
    ProblemInWords,
    RefusedLoginRow,
)
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.core.errors import NotAllowed, TryAgain
from vms.core.ids import CameraId
from vms.devices.http import plain_fingerprint
from vms.devices.onvif.events import NoEvents
from vms.health.spending import Reason
from vms.inventory.device import DevicePolicy
from vms.inventory.identity.known_device import KnownDevice
from vms.services.device_knowledge import DeviceKnowledge, allow, device_knowledge, forget_learnt
from vms.services.read_device_events import read_device_events
from vms.services.sight_of import sight_of
from vms.store import device_costs, device_list, devices, supply
from vms.store.device_list import DeviceFilter

log = logging.getLogger(__name__)
router = APIRouter(tags=["devices"])


@router.get("/devices")
def list_devices(
    call: StaffCall,
    rooms: RoomsNow,
    q: Annotated[str, Query(max_length=100)] = "",
    address: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> DevicePage:
    """By id. `address` is for roles that see addresses."""
    if address and not sees_addresses(call.person):
        raise NotAllowed("your role may not filter by address", code="role")
    wanted = DeviceFilter(
        text=q,
        address=address,
        in_service_only=call.person.role not in SEES_PENDING,
        by_serial=call.person.maintainer_id is None,
    )
    with rooms.database.reading() as tx:
        page = device_list.page(tx, wanted, limit=limit, offset=offset)
        on_it = supply.cameras_of_devices(tx, [device.device_id for device, _ in page.items])
        numbers = {device: [CameraId(number) for number, _ in of] for device, of in on_it.items()}
        sight = sight_of(tx, call.person, [number for of in numbers.values() for number in of])
    return DevicePage(
        total=page.total,
        items=[_row(device, count, sight, numbers.get(device.device_id, [])) for device, count in page.items],
    )


@router.get("/devices/{device_id}")
def one_device(device_id: IdNumber, call: StaffCall, rooms: RoomsNow) -> DeviceDetail:
    return _detail(rooms, device_id, call.person)


@router.post("/devices/{device_id}/forget-learnt")
async def forget(device_id: IdNumber, body: Forget, call: KeeperCall, rooms: RoomsNow) -> DeviceDetail:
    """The live gateway forgets too; one that is away has nothing to forget."""
    address = await run_in_threadpool(_forget, rooms, device_id, body, call.person)
    try:
        await rooms.live.forget_refusals(address)
    except TryAgain as away:
        log.info("the live gateway was not told to forget a device: %s", away)
    return await run_in_threadpool(_detail, rooms, device_id, call.person)


@router.put("/devices/{device_id}/policy")
def set_policy(device_id: IdNumber, body: PolicyWanted, call: AdminCall, rooms: RoomsNow) -> DeviceDetail:
    policy = DevicePolicy(
        legacy_tls=body.legacy_tls,
        plain_password=body.plain_password,
        tls_fingerprint=plain_fingerprint(body.tls_fingerprint),
    )
    with rooms.database.writing() as tx:
        allow(tx, device_id, policy, call.person, body.why, rooms.clock())
    return _detail(rooms, device_id, call.person)


@router.post("/devices/{device_id}/events")
async def events_now(
    device_id: IdNumber,
    call: KeeperCall,
    rooms: RoomsNow,
    seconds: Annotated[float, Query(ge=1, le=20)] = 3,
) -> DeviceEvents:
    """What the device tells by pull point in so many seconds; the subscription is ended in any case."""
    try:
        told = await read_device_events(
            rooms.database,
            rooms.box,
            device_id,
            call.person.name,
            rooms.clock,
            within_s=seconds,
            purse=rooms.purse,
        )
    except NoEvents as none:
        return DeviceEvents(items=[], problems=[ProblemInWords(code=none.code, message=none.message)])
    items = [
        DeviceEventRow(
            at=one.at, topic=one.topic, operation=one.operation, source=dict(one.source), data=dict(one.data)
        )
        for one in told
    ]
    return DeviceEvents(items=items, problems=[])


def _forget(rooms: Rooms, device_id: int, body: Forget, person: Person) -> str:
    with rooms.database.writing() as tx:
        forget_learnt(tx, device_id, person, body.why, rooms.clock(), refusals=body.refused_logins)
        return devices.get(tx, device_id).observed.address


@router.get("/devices/{device_id}/costs")
def device_costs_of(
    device_id: IdNumber, call: StaffCall, rooms: RoomsNow, days: Annotated[int, Query(ge=1, le=400)] = 30
) -> DeviceCosts:
    today = rooms.clock().date()
    with rooms.database.reading() as tx:
        device_knowledge(tx, device_id, call.person)
        found = device_costs.of_device(tx, device_id, today - timedelta(days=days - 1))
        budget = rooms.purse.budget_of(tx, device_id) if rooms.purse else None
    return DeviceCosts(
        today=today,
        budget=DayBudgetNow(requests=budget.requests, sign_ins=budget.sign_ins) if budget else None,
        items=[
            DeviceCostRow(
                day=cost.day,
                requests=cost.requests,
                bytes_in=cost.bytes_in,
                busy_s=cost.busy_ms / 1000,
                sign_ins=cost.sign_ins,
                refused=cost.refused,
                most_at_once=cost.most_at_once,
                by_reason={
                    Reason.INCIDENT: cost.for_incident,
                    Reason.WALL: cost.for_wall,
                    Reason.POLL: cost.for_poll,
                    Reason.DIAGNOSIS: cost.for_diagnosis,
                },
            )
            for cost in found
        ],
    )


def _row(device: KnownDevice, cameras: int, sight: Sight, on_it: list[CameraId]) -> DeviceRow:
    observed, addresses = device.observed, sight.device_addresses(on_it)
    return DeviceRow(
        id=device.device_id,
        manufacturer=observed.manufacturer,
        model=observed.model,
        firmware=observed.firmware,
        serial_no=observed.serial_no if sight.whose_device(on_it) else "",
        address=observed.address if addresses else None,
        port=observed.port if addresses else None,
        cameras=cameras,
        auth=observed.auth.value,
        problems=[problem.code for problem in observed.problems],
        login_refused=observed.login_refused,
        last_seen_at=device.last_seen_at,
        displaced_at=device.displaced_at,
    )


def _detail(rooms: RoomsNow, device_id: int, person: Person) -> DeviceDetail:
    with rooms.database.reading() as tx:
        known = device_knowledge(tx, device_id, person)
        on_it = [one.camera_id for one in known.cameras]
        sight = sight_of(tx, person, on_it)
    return _show(known, addresses=sight.device_addresses(on_it), whose=sight.whose_device(on_it))


def _show(known: DeviceKnowledge, *, addresses: bool, whose: bool) -> DeviceDetail:
    device, observed = known.device, known.device.observed
    learnt = asdict(observed.quirks) | {"auth": observed.quirks.auth.value}
    return DeviceDetail(
        id=device.device_id,
        manufacturer=observed.manufacturer,
        model=observed.model,
        firmware=observed.firmware,
        hardware=observed.hardware,
        serial_no=observed.serial_no if whose else "",
        address=observed.address if addresses else None,
        port=observed.port if addresses else None,
        keys=[IdentityKey(kind=key.kind, value=key.value) for key in known.keys] if addresses else [],
        clock_offset_s=observed.clock_offset_s,
        heard_by=list(observed.heard_by),
        scopes=list(observed.scopes) if addresses else [],
        first_seen_at=device.first_seen_at,
        last_seen_at=device.last_seen_at,
        displaced_at=device.displaced_at,
        learnt=Learnt(**learnt),
        policy=Policy(**asdict(device.policy)),
        problems=[
            ProblemInWords(code=problem.code, message=problem.message if addresses else "")
            for problem in observed.problems
        ],
        credential_set=known.credential_set,
        refused_logins=[
            RefusedLoginRow(name=one.name, version=one.version, is_current=one.is_current) for one in known.refused
        ],
        cameras=[
            DeviceCameraRow(id=one.camera_id, name=one.name, channel=one.channel, life_cycle=one.life_cycle.value)
            for one in known.cameras
        ],
    )
