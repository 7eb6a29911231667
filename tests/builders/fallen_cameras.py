"""A store whose cameras rise and fall as the poller would write it, and a dispatcher that follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from sqlalchemy import insert, select

from vms.core.ids import CameraId, DeviceId, SessionId
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.health.outages.node import NodeKind, NodeSource
from vms.health.status import Status
from vms.health.watch import Flip, Watch
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.dispatching.run_dispatch import Dispatcher, Turn
from vms.services.dispatching.settings import DispatchSettings
from vms.store import supply
from vms.store.database import Database
from vms.store.schema import cameras, devices
from vms.store.schema import faults as fault_table
from vms.store.watch_sessions import start_session
from vms.store.watching import Transition, save

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
UNREACHABLE = Fault(
    kind=FaultKind.UNREACHABLE, layer=Layer.NETWORK, severity=Severity.CRITICAL, because="timeout"
)  # fmt: skip


@dataclass(slots=True)
class FallingTown:
    """`now` is moved on by what is done to it."""

    database: Database
    session_id: SessionId
    devices: list[DeviceId]
    cameras: list[CameraId]
    now: datetime = NOON
    settings: DispatchSettings = field(default_factory=DispatchSettings)
    dispatcher: Dispatcher | None = None

    def turn(self) -> Turn | None:
        if self.dispatcher is None:
            self.dispatcher = Dispatcher(self.database, self.settings)
        return self.dispatcher.turn(self.now)

    def restart(self) -> None:
        """The dispatcher loses its memory."""
        self.dispatcher = None

    def wait(self, **later: float) -> Turn | None:
        self.now += timedelta(**later)
        return self.turn()

    def all_up(self, some: Iterable[CameraId] | None = None) -> None:
        self._flip(self.cameras if some is None else some, Status.UP)

    def fall(self, some: Sequence[CameraId], *, within_s: float = 50.0, fault: Fault = UNREACHABLE) -> None:
        """In doubt one after the other within a minute; two minutes later they are down."""
        start = self.now
        spread = within_s / max(1, len(some) - 1)
        for step in (Status.SUSPECT, Status.DOWN):
            found = []
            for number, camera_id in enumerate(some):
                at = start + timedelta(seconds=number * spread + (120 if step is Status.DOWN else 0))
                opened = (fault,) if step is Status.DOWN else ()
                found.append(self._moved(camera_id, step, at, opened=opened))
            with self.database.writing() as tx:
                save(tx, self.session_id, found, self.now)
        self.now = start + timedelta(seconds=120 + within_s)

    def rise(self, some: Sequence[CameraId]) -> None:
        self._flip(some, Status.UP, closed=True)

    def outage_ids(self, some: Iterable[CameraId]) -> list[int | None]:
        """Of their open faults."""
        f = fault_table.c
        with self.database.reading() as tx:
            chosen = select(f.outage_id).where(f.camera_id.in_(list(some)), f.closed_at.is_(None)).order_by(f.id)
            return list(tx.execute(chosen).scalars())

    def _flip(self, some: Iterable[CameraId], to: Status, *, closed: bool = False) -> None:
        over = (UNREACHABLE,) if closed else ()
        found = [self._moved(camera_id, to, self.now, closed=over) for camera_id in some]
        with self.database.writing() as tx:
            save(tx, self.session_id, found, self.now)

    def _moved(
        self,
        camera_id: CameraId,
        to: Status,
        at: datetime,
        opened: tuple[Fault, ...] = (),
        closed: tuple[Fault, ...] = (),
    ) -> Transition:
        watch = Watch(camera_id=camera_id, session_id=self.session_id, status=to, since=at)
        flip = Flip(
            camera_id=camera_id,
            session_id=self.session_id,
            from_status=Status.UNKNOWN,
            to_status=to,
            at=at,
            because="",
        )
        return Transition(watch=watch, at=at, flip=flip, opened=opened, closed=closed)


def a_falling_town(
    database: Database, count: int = 20, *, channels: int = 1, pole: int = 0, settings: DispatchSettings | None = None
) -> FallingTown:
    """Devices with `channels` cameras each, 50 to a network; with `pole`, so many cameras stand on each pole."""
    device_rows: list[dict[str, Any]] = [
        {
            "address": f"10.{number // 12500}.{number // 50 % 250}.{number % 50 + 1}",
            "port": 80,
            "first_seen_at": NOON,
            "last_seen_at": NOON,
        }
        for number in range(count)
    ]
    with database.writing() as tx:
        tx.execute(insert(devices), device_rows)
        device_ids = [DeviceId(one) for one in tx.execute(select(devices.c.id).order_by(devices.c.id)).scalars()]
        rows = [
            {
                "device_id": device_id,
                "channel": f"source{channel}",
                "name": f"camera {number}-{channel}",
                "shown_name": f"camera {number}-{channel}",
                "tier": Tier.GOVERNMENT.value,
                "life_cycle": LifeCycle.APPROVED.value,
                "region_code": f"4101{number // 200 % 90 + 10}",
                "pole_code": f"P{number // pole}" if pole else "",
                "address_number": int(ip_address(device_rows[number]["address"])),
                "created_at": NOON,
                "changed_at": NOON,
            }
            for number, device_id in enumerate(device_ids)
            for channel in range(channels)
        ]
        tx.execute(insert(cameras), rows)
        camera_ids = [CameraId(one) for one in tx.execute(select(cameras.c.id).order_by(cameras.c.id)).scalars()]
        session_id = start_session(tx, 60.0, NOON)
    town = FallingTown(database, session_id, device_ids, camera_ids, settings=settings or DispatchSettings())
    town.all_up()
    town.turn()
    return town


def a_node(
    database: Database,
    name: str,
    device_ids: Iterable[DeviceId],
    *,
    kind: NodeKind = NodeKind.SWITCH,
    parent: int | None = None,
    source: NodeSource = NodeSource.TYPED,
) -> int:
    with database.writing() as tx:
        node_id = supply.add(
            tx,
            {
                "kind": kind.value,
                "name": name,
                "parent_id": parent,
                "source": source.value,
                "created_at": NOON,
                "created_by": "test",
            },
        )
        supply.put_members(tx, node_id, device_ids, source, NOON)
    return node_id
