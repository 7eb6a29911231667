"""What is written down around a login that is shown to a device for the first time."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.builders.stored_cameras import store_device
from vms.core.clock import system_clock
from vms.core.ids import CredentialId, DeviceId
from vms.services.credentials.first_showing import first_showing
from vms.store import login_attempts
from vms.store.credentials import StoredLogin

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIRST = StoredLogin(credential_id=CredentialId(3), username="admin", password="a", version=1)
CHANGED = StoredLogin(credential_id=CredentialId(3), username="admin", password="b", version=2)


def a_device(database) -> DeviceId:
    return store_device(database, NOON, address="127.65.0.9", port=80, channels=1).device_id


def states(database, device_id: DeviceId) -> dict[str, str]:
    with database.reading() as tx:
        found = login_attempts.of_devices(tx, [device_id])
    return {login: state.value for (_, login), (state, _) in found.items()}


async def test_it_is_written_before_and_what_worked_is_known_ever_after(database):
    device_id = a_device(database)
    async with first_showing(database, device_id, FIRST, system_clock) as showing:
        assert showing.allowed
        assert states(database, device_id) == {"3:1": "sent"}, "already committed"
        showing.worked = True
    assert states(database, device_id) == {"3:1": "worked"}
    async with first_showing(database, device_id, FIRST, system_clock) as again:
        assert again.allowed
        assert not again.first
    async with first_showing(database, device_id, CHANGED, system_clock) as changed:
        assert changed.first
        changed.worked = True
    assert states(database, device_id) == {"3:2": "worked"}, "the older one is forgotten"


async def test_what_did_not_answer_may_be_tried_again(database):
    device_id = a_device(database)
    async with first_showing(database, device_id, FIRST, system_clock):
        pass
    assert states(database, device_id) == {}


async def test_after_a_crash_it_is_not_shown_again_before_it_changes(database):
    device_id = a_device(database)
    killed = first_showing(database, device_id, FIRST, lambda: NOON)
    await killed.__aenter__()  # and never left
    later = NOON + timedelta(minutes=5)
    async with first_showing(database, device_id, FIRST, lambda: later) as again:
        assert not again.allowed
    async with first_showing(database, device_id, CHANGED, lambda: later) as changed:
        assert changed.allowed


async def test_who_comes_second_waits_for_how_it_goes(database):
    device_id = a_device(database)
    shown: list[str] = []

    async def show(name: str) -> None:
        async with first_showing(database, device_id, FIRST, system_clock) as showing:
            assert showing.allowed
            shown.append(f"{name} {showing.first}")
            await asyncio.sleep(0)
            showing.worked = True

    await asyncio.gather(show("a"), show("b"), show("c"))
    assert sorted(one.split()[1] for one in shown) == ["False", "False", "True"]
