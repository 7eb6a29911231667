"""A pretend city in a store, and a desk that works on its devices with short waits."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import update

from tests.builders.polled_city import login_of
from vms.access.roles import Person, Role
from vms.core.clock import system_clock
from vms.core.ids import CameraId, DeviceId, UserId
from vms.inventory.camera import Declared, LifeCycle, StreamRole
from vms.inventory.device import AuthScheme, ObservedDevice, Quirks
from vms.inventory.tier import Tier
from vms.services.device_tasks.desk import TaskDesk, Timing
from vms.services.device_tasks.plan_task import TaskRequest, start_task
from vms.services.device_tasks.run_tasks import run_one
from vms.services.device_tasks.undo_task import undo_task
from vms.sim.city import City, running_city
from vms.sim.device import LiveDevice
from vms.sim.personality import PLAIN, Personality
from vms.sim.plan import CityPlan, PretendDevice, plan_city
from vms.store import cameras, credentials, device_tasks, devices, login_attempts
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.device_tasks import ShownStep, Task
from vms.store.login_attempts import Attempt, AttemptState
from vms.store.schema import cameras as camera_table
from vms.store.schema import streams as stream_table
from vms.store.secret_box import SecretBox

BOSS = Person(user_id=UserId(1), name="boss", role=Role.ADMIN)
QUICK = Timing(
    request_s=3.0,
    lease_s=2.0,
    beat_s=0.2,
    progress_s=0.2,
    look_for_tasks_s=0.05,
    grace_s=2.0,
    read_back_after_s=(0.0, 0.05, 0.1),
    look_every_s=0.05,
    goes_within_s=2.0,
    back_within_s=8.0,
    sign_in_again_s=1.0,
)


@dataclass(slots=True)
class TaskCity:
    city: City
    desk: TaskDesk
    camera_ids: dict[str, list[CameraId]] = field(default_factory=dict)
    """By address, in the order of the channels."""
    device_ids: dict[str, DeviceId] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.desk.database

    @property
    def addresses(self) -> list[str]:
        return list(self.device_ids)

    def device(self, at: int = 0) -> LiveDevice:
        return self.city.device(self.addresses[at])

    def operations(self, name: str) -> list[int]:
        return [self.city.device(address).operations.get(name, 0) for address in self.addresses]

    def login(self, address: str) -> StoredLogin | None:
        with self.database.reading() as tx:
            credential_id = devices.get(tx, self.device_ids[address]).credential_id
        return None if credential_id is None else login_of(self.database, self.desk.box, credential_id)

    def start(self, kind: str, *, person: Person = BOSS, cameras: Sequence[int] = (), **asked: Any) -> int:
        """`asked`: fields of TaskRequest, or else parameters; every camera unless told."""
        fields = {name: asked.pop(name) for name in ("expression", "why", "password") if name in asked}
        chosen = tuple(cameras) or tuple(one for ids in self.camera_ids.values() for one in ids)
        request = TaskRequest(
            kind=kind,
            parameters=asked,
            camera_ids=() if "expression" in fields else chosen,
            **{"why": "a test", **fields},
        )
        return start_task(self.database, self.desk.box, request, person, self.desk.configurable, system_clock())

    async def run(self, kind: str, **asked: Any) -> list[ShownStep]:
        """Started, worked on and over: its steps, by device and channel."""
        return await self.work_on(await asyncio.to_thread(lambda: self.start(kind, **asked)))

    async def undo(self, task_id: int) -> list[ShownStep]:
        made = await asyncio.to_thread(undo_task, self.database, task_id, BOSS, "", system_clock())
        return await self.work_on(made)

    async def work_on(self, task_id: int) -> list[ShownStep]:
        async with asyncio.timeout(30):
            await run_one(self.desk, task_id)
        return self.steps(task_id)

    def steps(self, task_id: int) -> list[ShownStep]:
        with self.database.reading() as tx:
            return list(device_tasks.steps_page(tx, task_id, limit=1000).items)

    def task(self, task_id: int) -> Task:
        with self.database.reading() as tx:
            return device_tasks.get(tx, task_id)

    @property
    def latest(self) -> int:
        with self.database.reading() as tx:
            return device_tasks.page(tx, limit=1).items[0].task_id


def a_plan(first_address: str, *habits: Personality, **changes: Any) -> CityPlan:
    """One government camera for each habit; `changes` to every device's plan."""
    plan = plan_city(2 * len(habits) + 20, first_address=first_address, personalities=False)
    single = [device for device in plan.devices if len(device.channels) == 1][: len(habits)]
    planned = [
        replace(device, personality=habit, tier=Tier.GOVERNMENT, **changes)
        for device, habit in zip(single, habits, strict=True)
    ]
    return CityPlan(seed=plan.seed, town=plan.town, devices=tuple(planned))


def a_recorder(address: str, channels: int, personality: Personality = PLAIN) -> CityPlan:
    """One device with that many channels."""
    plan = plan_city(channels, first_address=address, personalities=False)
    seen = [channel for device in plan.devices for channel in device.channels][:channels]
    numbered = tuple(
        replace(channel, number=number, token=f"VideoSource_{number}", ptz=False)
        for number, channel in enumerate(seen, 1)
    )
    device = replace(plan.devices[0], channels=numbered, personality=personality, tier=Tier.GOVERNMENT)
    return CityPlan(seed=plan.seed, town=plan.town, devices=(device,))


@asynccontextmanager
async def a_task_city(database: Database, plan: CityPlan, **timing: Any) -> AsyncIterator[TaskCity]:
    desk = TaskDesk(database=database, box=SecretBox(Fernet.generate_key()), timing=replace(QUICK, **timing))
    async with running_city(plan) as city:
        found = TaskCity(city=city, desk=desk)
        store_all(found, plan)
        yield found


def store_all(found: TaskCity, plan: CityPlan) -> None:
    """As discovery and a first poll would have left it: its login has worked."""
    for device in plan.devices:
        _store(found, device)


def _store(found: TaskCity, device: PretendDevice) -> None:
    now = system_clock()
    scheme = AuthScheme(device.personality.auth)
    observed = ObservedDevice(
        address=device.address,
        port=device.onvif_port,
        manufacturer=device.manufacturer,
        model=device.model,
        serial_no=device.serial_no,
        auth=scheme,
        quirks=Quirks(
            auth=scheme,
            needs_login_for_clock=device.personality.clock_needs_login,
            soap_version="1.1" if device.personality.soap11 else "1.2",
        ),
    )
    with found.database.writing() as tx:
        device_id = devices.insert_observed(tx, observed, (), now)
        name = f"set {zlib.crc32(device.password.encode())}"
        login = credentials.put(tx, found.desk.box, name, device.username, device.password, now)
        devices.set_login(tx, device_id, None if scheme is AuthScheme.NONE else login)
        known = Attempt(device=login_attempts.of_device_key(device_id), login=f"{login}:1", state=AttemptState.WORKED)
        login_attempts.put(tx, [known], now)
        for channel in device.channels:
            declared = Declared(name=channel.name, tier=device.tier)
            camera_id = cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=now)
            cameras.bind_device(tx, camera_id, device_id, channel.token, now)
            where = camera_table.c.id == camera_id
            tx.execute(update(camera_table).where(where).values(observed_name=channel.name))
            for role in StreamRole:
                row = {
                    "profile": f"Profile_{channel.number}_{role}",
                    "role": role.value,
                    "encoding": "H264",
                    "width": 640,
                    "height": 360,
                    "uri": "rtsp://127.0.0.1/",
                }
                tx.execute(stream_table.insert().values(camera_id=camera_id, **row))
            found.camera_ids.setdefault(device.address, []).append(camera_id)
    found.device_ids[device.address] = device_id
