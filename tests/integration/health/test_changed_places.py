"""The poller meets other devices at known addresses: it shows them no login and takes their answers for nobody's."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.builders.changed_places import (
    BOX,
    TELLS_NOTHING,
    enter,
    login_for,
    refused_at,
    standing,
    swapped,
    take_in,
    two_cameras,
)
from tests.builders.polled_city import login_of, until
from vms.core.clock import system_clock
from vms.devices.discovery.request import Limits
from vms.health.fault import FaultKind
from vms.health.status import Status
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.sweep import SweepRequest
from vms.inventory.tier import Tier
from vms.services.polling.settings import PollerSettings
from vms.services.sweeping.look_again import LookAgain
from vms.services.sweeping.run_sweep import RunSettings, run_sweep
from vms.services.sweeping.waiting_sweeps import take_sweep
from vms.services.watch_health import run_poller
from vms.sim.personality import PLAIN, Tls
from vms.store import cameras, devices, events, faults, login_attempts
from vms.store.watching import statuses

BLOCK = 200
GROUND = SweepRequest(cidrs=("127.63.0.0/16",), ports=(8080,), allow=("127.63.0.0/16",))


@asynccontextmanager
async def poller(database, folder, **changes):
    settings = PollerSettings(
        interval_s=0.2,
        stream_every=1,
        still_every=1000,
        timeout_s=1.0,
        save_after_s=0.05,
        backoff_max_s=0.2,
        stills_folder=folder / "stills",
        login_of=lambda credential_id: login_of(database, BOX, credential_id),
        **changes,
    )
    stop = asyncio.Event()
    task = asyncio.create_task(run_poller(database, settings, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await task


def with_status(database, status):
    with database.reading() as tx:
        return {camera_id for camera_id, row in statuses(tx, system_clock()).items() if row.status is status}


def cameras_of(database, *known):
    with database.reading() as tx:
        return {camera.camera_id for one in known for camera in cameras.of_device(tx, one.device_id)}


def open_faults(database):
    with database.reading() as tx:
        standing = faults.standing_faults(tx)
    return {(fault.kind, fault.because) for found in standing.values() for fault in found}


def told_others(database):
    with database.reading() as tx:
        return {event.subject for event in events.after(tx, 0, 1000) if event.kind == "device.another_answers"}


async def test_two_that_changed_places_are_down_and_neither_is_shown_the_others_login(
    sqlite_database, tmp_path
) -> None:
    database = sqlite_database
    enter(database, one="one", two="two")
    first, second = two_cameras(BLOCK)
    async with standing(first, second):
        known = await take_in(database, first, second, sets=("one", "two"))
        everything = cameras_of(database, *known)
    async with standing(*swapped(first, second)) as city, poller(database, tmp_path):
        await until(lambda: with_status(database, Status.DOWN) == everything, 10, "neither is where it was")
        assert open_faults(database) == {(FaultKind.NO_ANSWER, "another_device")}
        assert refused_at(city, first, second) == [0, 0]
        assert [city.device(one.address).operations.get("GetDeviceInformation", 0) for one in (first, second)] == [0, 0]
        assert told_others(database) == {one.device_id for one in known}
        looking = LookAgain(database, GROUND)
        sweep = looking.step()
        assert sweep is not None
        assert set(sweep.request.hosts) == {f"{one.address}:8080" for one in (first, second)}
        assert looking.step() is None, "once"
        settings = RunSettings(limits=Limits(round_s=0.05, listen_s=0.1, connect_s=0.3))
        taken = take_sweep(database, "jobs", settings, sweep_id=sweep.sweep_id)
        assert taken is not None
        plan = NetworkPlan([Network(cidr="127.63.0.0/16", tier=Tier.GOVERNMENT, credentials=("one", "two"))])
        await run_sweep(database, BOX, plan, taken, stop=asyncio.Event(), settings=settings)
        await until(lambda: with_status(database, Status.UP) == everything, 10, "each was found where it is now")
        assert refused_at(city, first, second) == [0, 0], "each was shown its own login first"


async def test_a_stranger_at_the_place_of_one_that_tells_nothing_is_shown_the_login_once_by_poller_and_sweep(
    sqlite_database, tmp_path
) -> None:
    database = sqlite_database
    enter(database, one="one")
    first, second = two_cameras(BLOCK, **TELLS_NOTHING)
    async with standing(first):
        (known,) = await take_in(database, first, sets=("one",))
    stranger = replace(second, address=first.address)
    async with standing(stranger) as city:
        async with poller(database, tmp_path):
            await until(lambda: refused_at(city, stranger) == [1], 10, "nobody could say who answers")
            await until(lambda: (FaultKind.LOGIN_REFUSED, "control") in open_faults(database), 10, "it is told")
        with database.reading() as tx:
            assert devices.get(tx, known.device_id).login_refused_version == 1
            assert len(login_attempts.of_device(tx, f"{first.address}:8080")) == 1
        await take_in(database, stranger, sets=("one",))
        assert refused_at(city, stranger) == [1]


async def test_another_with_the_same_set_is_not_shown_as_the_one_that_stood_there(sqlite_database, tmp_path) -> None:
    database = sqlite_database
    enter(database, one="one")
    first, second = two_cameras(BLOCK, **TELLS_NOTHING)
    async with standing(first):
        (known,) = await take_in(database, first, sets=("one",))
        mine = cameras_of(database, known)
    async with standing(replace(second, address=first.address, password="one")), poller(database, tmp_path):
        await until(lambda: with_status(database, Status.DOWN) == mine, 10, "it is another one by its serial number")
        assert open_faults(database) == {(FaultKind.NO_ANSWER, "another_device")}
    async with standing(first) as city, poller(database, tmp_path):
        await until(lambda: with_status(database, Status.UP) == mine, 10, "the right one is back")
        assert refused_at(city, first) == [0]


async def test_the_certificate_of_streams_is_learnt_by_the_poller_and_kept_with_the_device(
    sqlite_database, tmp_path
) -> None:
    database = sqlite_database
    enter(database, one="one")
    first, _ = two_cameras(BLOCK, personality=replace(PLAIN, rtsps=Tls.YES))
    async with standing(first):
        (known,) = await take_in(database, first, sets=("one",))
        assert known.observed.quirks.stream_tls_fingerprint == ""

        def learnt():
            with database.reading() as tx:
                return devices.get(tx, known.device_id).observed.quirks.stream_tls_fingerprint

        async with poller(database, tmp_path):
            await until(lambda: len(learnt()) == 64, 10, "its streams have shown a certificate")
    async with standing(first) as city, poller(database, tmp_path):
        what = {(FaultKind.STREAM_DEAD, "tls_certificate_changed")}
        await until(lambda: open_faults(database) == what, 10, "after a restart it shows another one")
        assert refused_at(city, first) == [0]
    assert login_for(database, known).version == 1
