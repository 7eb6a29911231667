"""What runs, and the pretend city's panel."""

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from vms.api.guards import AnyCall, LookerCall, MaintenanceCall, RoomsNow
from vms.api.models.incidents import IncidentNow
from vms.api.models.system import DemoDeviceNow, DemoFault, DemoNow, DemoSwitchNow, Done, ProcessNow, SystemNow
from vms.api.rooms import DemoControl, Rooms
from vms.api.show import show_incident, show_poller
from vms.core.errors import BadInput, NotFound, TryAgain
from vms.media.live import GatewayStatus
from vms.media.trouble import PictureFailed
from vms.services.open_incident import Report, open_incident
from vms.store import camera_board
from vms.store.poller_state import PollerState, poller_state

router = APIRouter(tags=["system"])
demo_router = APIRouter(prefix="/demo", tags=["demo"])


def program_version() -> str:
    try:
        return version("vms")
    except PackageNotFoundError:
        return "unknown"


@router.get("/system")
async def system(call: AnyCall, rooms: RoomsNow) -> SystemNow:
    now = rooms.clock()
    state = await run_in_threadpool(_poller, rooms, now)
    gateway = await gateway_status(rooms)
    poller = show_poller(state, now, call.person)
    return SystemNow(
        version=program_version(),
        now=now,
        demo=rooms.demo is not None,
        town=rooms.settings.town,
        attribution=rooms.coverage.attribution,
        processes=[
            ProcessNow(name="web", alive=True, alive_at=now),
            ProcessNow(name="poller", alive=poller.watching, alive_at=poller.alive_at),
            ProcessNow(name="gateway", alive=gateway is not None, alive_at=now if gateway else None),
        ],
        poller=poller,
        live_viewers=gateway.viewers if gateway else 0,
    )


async def gateway_status(rooms: Rooms) -> GatewayStatus | None:
    """None: the live gateway is away."""
    try:
        return await rooms.live.status()
    except (TryAgain, PictureFailed, OSError):
        return None


@demo_router.get("/devices")
def demo_devices(_call: MaintenanceCall, rooms: RoomsNow) -> DemoNow:
    demo = _demo(rooms)
    found = list(demo.devices())
    with rooms.database.reading() as tx:
        cameras_at = camera_board.cameras_by_address(tx, [device.address for device in found])
    devices = [
        DemoDeviceNow(
            address=device.address,
            names=list(device.names),
            tier=device.tier,
            switch=device.switch,
            lon=device.position.lon,
            lat=device.position.lat,
            faults=list(device.faults),
            camera_ids=cameras_at.get(device.address, []),
        )
        for device in found
    ]
    switches = [
        DemoSwitchNow(name=switch.name, devices=switch.devices, broken=switch.broken) for switch in demo.switches()
    ]
    return DemoNow(devices=devices, switches=switches, faults=list(demo.fault_names()))


@demo_router.post("/faults")
def set_demo_fault(body: DemoFault, _call: MaintenanceCall, rooms: RoomsNow) -> Done:
    demo = _demo(rooms)
    if (body.address is None) == (body.switch is None):
        raise BadInput("exactly one of address and switch", where="address")
    if body.fault not in demo.fault_names():
        raise BadInput(f"known are {', '.join(demo.fault_names())}", where="fault")
    demo.set_fault(address=body.address, switch=body.switch, channel=body.channel, fault=body.fault, on=body.on)
    return Done()


@demo_router.post("/incident", status_code=201)
def demo_incident(call: LookerCall, rooms: RoomsNow) -> IncidentNow:
    spot = _demo(rooms).spot_for_incident()
    report = Report(x=spot.lon, y=spot.lat, category="help", level=2, summary="演示警情：有人求助")
    return show_incident(open_incident(rooms.database, report, call.person, rooms.coverage.locate, rooms.clock()))


def _demo(rooms: Rooms) -> DemoControl:
    if rooms.demo is None:
        raise NotFound("this is no demo")
    return rooms.demo


def _poller(rooms: Rooms, now: datetime) -> PollerState:
    with rooms.database.reading() as tx:
        return poller_state(tx, now)
