"""What is done with a camera: a clip is cut under the same rules as a look; a wrong clock is put right."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import av
import pytest

from tests.builders.web import Web, probe, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.inventory.camera import LifeCycle
from vms.inventory.stream_roles import assign_roles
from vms.inventory.tier import Tier
from vms.sim.city import City, running_city
from vms.sim.personality import habit
from vms.sim.plan import CityPlan, PretendDevice, plan_city
from vms.store import looks
from vms.store.credentials import StoredLogin

_blocks = itertools.count(1)


@pytest.fixture
async def city() -> AsyncIterator[City]:
    plan = plan_city(1, first_address=f"127.24.{100 + next(_blocks)}.1", personalities=False)
    async with running_city(plan) as running:
        yield running


def login_of(device: PretendDevice) -> StoredLogin:
    return StoredLogin(
        credential_id=1,  # type: ignore[arg-type]
        username=device.username,
        password=device.password,
        version=1,
    )


async def hang(web: Web, device: PretendDevice, tier: Tier = Tier.GOVERNMENT) -> CameraId:
    observed = await probe(device.address, device.onvif_port, login_of(device))
    return put_camera(
        web,
        tier=tier,
        address=device.address,
        streams=assign_roles(observed.channels[0].streams),
        login=(device.username, device.password),
    )


def seconds_of(file: Path) -> float:
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        return float(stream.duration * stream.time_base)


async def test_a_clip_of_the_coming_seconds_is_a_video_and_a_look(web: Web, city: City, tmp_path: Path) -> None:
    camera_id = await hang(web, city.plan.devices[0])
    operator = await web.signed_in(Role.OPERATOR)
    answer = await operator.get(f"/cameras/{camera_id}/clip", params={"seconds": 2, "role": "sub"}, timeout=30)
    assert answer.status_code == 200, answer.text
    file = tmp_path / "clip.mp4"
    file.write_bytes(answer.content)
    assert 1.0 <= seconds_of(file) <= 5.0
    with web.database.reading() as tx:
        (entry,) = looks.of_camera(tx, camera_id, limit=10).items
    assert (entry.look.kind, entry.look.allowed) == ("clip", True)


async def test_a_clip_of_a_household_without_consent_is_refused_and_logged(web: Web, city: City) -> None:
    camera_id = await hang(web, city.plan.devices[0], Tier.HOUSEHOLD)
    operator = await web.signed_in(Role.OPERATOR)
    answer = await operator.get(f"/cameras/{camera_id}/clip", params={"seconds": 1})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "no_consent"
    with web.database.reading() as tx:
        (entry,) = looks.of_camera(tx, camera_id, limit=10).items
    assert (entry.look.kind, entry.look.allowed) == ("clip", False)


async def test_a_clock_that_is_ahead_is_put_right(web: Web) -> None:
    plan = plan_city(1, first_address=f"127.24.{100 + next(_blocks)}.1", personalities=False)
    late = CityPlan(seed=plan.seed, town=plan.town, devices=(_with_clock_ahead(plan.devices[0]),))
    async with running_city(late):
        device = late.devices[0]
        before = await probe(device.address, device.onvif_port, login_of(device))
        assert before.clock_offset_s is not None
        assert abs(before.clock_offset_s) > 60
        camera_id = await hang(web, device)
        maintainer = await web.signed_in(Role.MAINTAINER)
        answer = await maintainer.post(f"/cameras/{camera_id}/clock", timeout=30)
        assert answer.status_code == 204, answer.text
        after = await probe(device.address, device.onvif_port, login_of(device))
        assert after.clock_offset_s is not None
        assert abs(after.clock_offset_s) < 3


async def test_the_clock_of_somebody_elses_camera_is_left_alone(web: Web, city: City) -> None:
    camera_id = await hang(web, city.plan.devices[0], Tier.UNIT)
    maintainer = await web.signed_in(Role.MAINTAINER)
    answer = await maintainer.post(f"/cameras/{camera_id}/clock")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_ours")


async def test_a_camera_that_is_away_gives_a_sentence(web: Web) -> None:
    camera_id = put_camera(web, address="127.24.250.1")
    maintainer = await web.signed_in(Role.MAINTAINER)
    async with asyncio.timeout(15):
        answer = await maintainer.post(f"/cameras/{camera_id}/clock", timeout=15)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "device_unreachable")


def _with_clock_ahead(device: PretendDevice) -> PretendDevice:
    return replace(device, personality=habit("clock_ahead"))


async def test_the_clock_of_a_camera_that_nobody_may_know_of_is_not_there(web: Web) -> None:
    pending = put_camera(web, address="127.24.251.1", life_cycle=LifeCycle.PENDING)
    operator = await web.signed_in(Role.OPERATOR)
    assert (await operator.post(f"/cameras/{pending}/clock")).status_code == 404


async def test_who_leaves_during_a_clip_has_stopped_looking(web: Web, city: City) -> None:
    camera_id = await hang(web, city.plan.devices[0])
    operator = await web.signed_in(Role.OPERATOR)
    wanted = {"seconds": 40, "role": "sub"}
    asking = asyncio.create_task(operator.get(f"/cameras/{camera_id}/clip", params=wanted, timeout=60))

    async def the_look(*, over: bool) -> looks.LookEntry:
        async with asyncio.timeout(20):
            while True:
                with web.database.reading() as tx:
                    found = looks.of_camera(tx, camera_id, limit=10).items
                if found and (found[0].ended_at is not None) == over:
                    return found[0]
                await asyncio.sleep(0.05)

    await the_look(over=False)
    asking.cancel()
    entry = await the_look(over=True)
    assert entry.ended_at is not None
    assert (entry.ended_at - entry.look.at).total_seconds() < 10
