"""The pretend city is discovered over the network and stored; found again, nothing is new."""

import itertools
import os
from ipaddress import ip_network

import pytest

from tests.builders.sim import in_a_hurry
from vms.core.clock import system_clock
from vms.devices.discovery.request import DiscoveryRequest, Limits, Method
from vms.inventory.camera import LifeCycle
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.discover_cameras import discover_cameras
from vms.services.import_cameras import import_cameras
from vms.services.record_device import Outcome
from vms.sim.archive import archive_csv
from vms.sim.city import running_city
from vms.sim.plan import OTHER_PASSWORD, PASSWORDS, USERNAME, plan_city
from vms.store import cameras, credentials, devices, events
from vms.store.secret_box import SecretBox

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
BOX = SecretBox(KEY)
_blocks = itertools.count(os.getpid() % 97)


@pytest.fixture
async def city():
    plan = plan_city(40, first_address=f"127.24.{next(_blocks) % 250}.1")
    async with running_city(in_a_hurry(plan)) as running:
        yield running


def networks_of(plan):
    """One network per device: the tier's devices do not lie together in a small city."""
    return NetworkPlan(
        Network(cidr=f"{d.address}/32", tier=d.tier, credentials=(d.tier.value,), trusted=True) for d in plan.devices
    )


def request_for(plan):
    first = plan.devices[0].address
    cidr = str(ip_network(f"{first}/26", strict=False))
    limits = Limits(listen_s=0.4, connect_s=0.3)
    return DiscoveryRequest(cidrs=(cidr,), ports=(8080,), methods=(Method.UNICAST, Method.SWEEP), limits=limits)


def enter_credentials(database, **changed):
    with database.writing() as tx:
        for tier in Tier:
            credentials.put(tx, BOX, tier.value, USERNAME, changed.get(tier.value, PASSWORDS[tier]), system_clock())


def news(database):
    with database.reading() as tx:
        kinds = [event.kind for event in events.after(tx, 0, 10_000)]
    return [kind for kind in kinds if not kind.startswith("list.")]


async def test_every_device_becomes_its_cameras_in_its_tier_and_a_second_sweep_finds_nothing_new(database, city):
    plan = city.plan
    enter_credentials(database)
    told = []
    first = await discover_cameras(
        database, BOX, request_for(plan), networks_of(plan), on_found=lambda batch: told.extend(batch)
    )
    assert {found.observed.address for found in first.found} == {device.address for device in plan.devices}
    assert len(told) == len(first.found)
    assert first.count(Outcome.CONFLICT) == 0
    locked_out = [device for device in plan.devices if device.password == OTHER_PASSWORD]
    with database.reading() as tx:
        stored = {device.observed.address: device for device in devices.every(tx)}
        kept = list(cameras.every(tx))
    assert set(stored) == {device.address for device in plan.devices}
    tiers = {
        device.device_id: camera.declared.tier
        for device in stored.values()
        for camera in kept
        if camera.device_id == device.device_id
    }
    for device in plan.devices:
        if device in locked_out:
            assert stored[device.address].login_refused_version == 1
            continue
        assert tiers[stored[device.address].device_id] == device.tier
    assert len(kept) == plan.cameras - sum(len(device.channels) for device in locked_out)
    assert all(camera.life_cycle == LifeCycle.APPROVED and camera.streams for camera in kept)
    before = news(database)
    again = await discover_cameras(database, BOX, request_for(plan), networks_of(plan))
    assert (again.count(Outcome.SAME), again.new_cameras) == (len(plan.devices), 0)
    assert [kind for kind in news(database)[len(before) :] if kind not in ("device.changed", "camera.changed")] == []


async def test_a_refused_password_is_not_shown_again_before_it_changes(sqlite_database, city):
    plan = city.plan
    (other,) = [device for device in plan.devices if device.password == OTHER_PASSWORD]
    enter_credentials(sqlite_database)
    request = DiscoveryRequest(hosts=(f"{other.address}:8080",), methods=(Method.SWEEP,))

    async def codes():
        summary = await discover_cameras(sqlite_database, BOX, request, networks_of(plan))
        return {problem.code for found in summary.found for problem in found.observed.problems}

    assert "login_refused" in await codes()
    assert "login_refused_before" in await codes()
    enter_credentials(sqlite_database, unit=OTHER_PASSWORD)
    assert not {"login_refused", "login_refused_before"} & await codes()
    with sqlite_database.reading() as tx:
        (device,) = devices.every(tx)
        assert (device.login_refused_version, device.refused_logins) == (None, {})
        assert len(cameras.of_device(tx, device.device_id)) == 1


async def test_what_the_office_had_listed_is_found_on_the_network_and_bound(sqlite_database, city, tmp_path):
    plan = city.plan
    enter_credentials(sqlite_database)
    file = tmp_path / "archive.csv"
    file.write_text(archive_csv(plan), encoding="utf-8-sig", newline="")
    listed = import_cameras(sqlite_database, file).created
    await discover_cameras(sqlite_database, BOX, request_for(plan), networks_of(plan))
    with sqlite_database.reading() as tx:
        kept = list(cameras.every(tx))
    unbound = [camera for camera in kept if camera.device_id is None]
    assert len(kept) == plan.cameras
    assert len(unbound) <= 1  # the one whose password nobody knows tells no channels
    assert sum(bool(camera.declared.name) for camera in kept) == listed
    assert import_cameras(sqlite_database, file).unchanged == listed


async def test_a_dry_run_shows_and_stores_nothing(sqlite_database, city):
    plan = city.plan
    summary = await discover_cameras(sqlite_database, BOX, request_for(plan), networks_of(plan), store=False)
    assert len(summary.found) == len(plan.devices)
    assert news(sqlite_database) == []
