"""What a person had forgotten about a device, the poller learns anew by itself, and keeps."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.builders.polled_city import PolledCity, polled_city, running_poller, until
from vms.health.status import Status
from vms.inventory.device import AuthScheme, Quirks
from vms.sim.faults import Fault
from vms.store import devices
from vms.store.database import Database


def quirks_at(polled: PolledCity, address: str) -> Quirks:
    with polled.database.reading() as tx:
        return devices.get(tx, polled.device_ids[address]).observed.quirks


def store_quirks(polled: PolledCity, address: str, quirks: Quirks) -> None:
    with polled.database.writing() as tx:
        devices.set_quirks(tx, {polled.device_ids[address]: quirks})


def learnt(polled: PolledCity, address: str) -> Callable[[], bool]:
    return lambda: not quirks_at(polled, address).forgotten


async def test_the_poller_finds_the_way_again_without_any_login(sqlite_database: Database, tmp_path: Path) -> None:
    async with polled_city(
        sqlite_database, tmp_path, first_address="127.31.252.1", cameras=2, interval_s=0.3
    ) as polled:
        address = polled.addresses[0]
        lost = Quirks(device_path="/onvif/nowhere", soap_version="1.1", health_operation="GetHostname")
        store_quirks(polled, address, lost.forget())
        gate = polled.city.device(address).login
        async with running_poller(polled):
            await until(learnt(polled, address), 15, "the device is learnt anew")
            await until(lambda: polled.cameras_at([address]) <= polled.with_status(Status.UP), 15, "it is up")
        assert not gate.locked(polled.city.device(address).steady_s())
    now = quirks_at(polled, address)
    assert (now.device_path, now.soap_version, now.auth) == ("/onvif/device_service", "1.2", AuthScheme.WSSE)
    assert now.health_operation == ""


async def test_a_device_that_is_away_stays_forgotten_until_it_is_back(
    sqlite_database: Database, tmp_path: Path
) -> None:
    async with polled_city(
        sqlite_database, tmp_path, first_address="127.31.253.1", cameras=2, interval_s=0.3
    ) as polled:
        address = polled.addresses[0]
        store_quirks(polled, address, Quirks().forget())
        other = replace(quirks_at(polled, polled.addresses[1]), forgotten=False)
        await polled.city.set_fault(address, Fault.OFF, True)
        async with running_poller(polled):
            others = polled.cameras_at([polled.addresses[1]])
            await until(lambda: others <= polled.with_status(Status.UP), 15, "the other is up")
            assert quirks_at(polled, address).forgotten
            await polled.city.set_fault(address, Fault.OFF, False)
            await until(learnt(polled, address), 15, "it is learnt when it is back")
    assert quirks_at(polled, polled.addresses[1]) == other
