"""When an incident opens, the best feeds are pulled before anybody clicks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from tests.builders.coverage import at
from tests.builders.sim import a_device
from tests.builders.stored_cameras import a_sub_stream, store_device
from vms.access.agreement import Agreements
from vms.access.roles import Person, Role
from vms.core.ids import CameraId, UserId
from vms.inventory.camera import StreamRole
from vms.inventory.tier import Tier
from vms.media.gateway import LiveGateway
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.follow_news import News
from vms.services.open_incident import Report, open_incident
from vms.services.passwords import hash_password
from vms.services.warm_feeds import FeedWarmer
from vms.sim.personality import habit
from vms.store import users
from vms.store.database import Database
from vms.store.schema import cameras as camera_table
from vms.store.secret_box import SecretBox

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SPOT = at(20.0, 0.0)


@pytest.fixture
async def camera(sqlite_database: Database) -> AsyncIterator[CameraId]:
    """A pretend camera that looks at the spot and wants no login."""
    async with a_device(habit("open")) as (city, device):
        path = city.device(device.address).stream_path(1, StreamRole.SUB)
        uri = f"rtsp://{device.address}:{device.rtsp_port}{path}"
        stored = store_device(
            sqlite_database, NOW, address=device.address, port=device.onvif_port, streams=[a_sub_stream(uri)]
        )
        here = at(0.0, 0.0)
        pose = {"lon": here.lon, "lat": here.lat, "bearing_deg": 90.0, "h_fov_deg": 80.0}
        with sqlite_database.writing() as tx:
            tx.execute(update(camera_table).values(pose))
        yield stored.camera_ids[0]


async def pulled(database: Database, *, tier: Tier, within_s: float) -> set[str]:
    """Opens an incident at the spot; the cameras whose streams are pulled soon after."""
    with database.writing() as tx:
        tx.execute(update(camera_table).values(tier=tier.value))
        user = users.add(tx, "li", hash_password("long enough"), Role.OPERATOR, NOW)
    memory = CoverageMemory(database, Agreements(), lambda: NOW)
    memory.load()
    coverage, news = CoverageNow(memory), News(database, look_every_s=0.02)
    async with LiveGateway() as gateway:
        warmer = FeedWarmer(
            database=database,
            box=SecretBox(Fernet.generate_key()),
            coverage=coverage,
            live=gateway,
            clock=lambda: NOW,
            count=4,
        )
        async with asyncio.TaskGroup() as group:
            following = group.create_task(news.run())
            await asyncio.sleep(0)
            warming = group.create_task(warmer(news))
            await news.after(news.latest_id, within_s=0.1)
            person = Person(user_id=UserId(user.user_id), name="li", role=Role.OPERATOR)
            report = Report(x=SPOT.lon, y=SPOT.lat)
            await asyncio.to_thread(open_incident, database, report, person, coverage.locate, NOW)
            found: set[str] = set()
            try:
                async with asyncio.timeout(within_s):
                    while not found:
                        await asyncio.sleep(0.02)
                        found = {pull.camera for pull in (await gateway.status()).upstreams if pull.pictures}
            except TimeoutError:
                pass
            following.cancel()
            warming.cancel()
    return found


async def test_the_camera_that_sees_a_new_incident_is_opened_ahead(sqlite_database: Database, camera: CameraId) -> None:
    assert await pulled(sqlite_database, tier=Tier.GOVERNMENT, within_s=15.0) == {str(camera)}


async def test_a_household_is_not_called_before_somebody_may_look(sqlite_database: Database, camera: CameraId) -> None:
    assert await pulled(sqlite_database, tier=Tier.HOUSEHOLD, within_s=1.0) == set()
