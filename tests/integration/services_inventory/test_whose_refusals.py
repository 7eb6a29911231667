"""A refusal belongs to the device that refused: another one at its address is not taken for it, and the same one is
not shown anything twice."""

import itertools
import uuid
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.builders.tasks import a_plan, a_task_city
from vms.core.clock import system_clock
from vms.devices.discovery.request import DiscoveryRequest, Limits, Method
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.discover_cameras import discover_cameras
from vms.services.record_device import Outcome
from vms.sim.city import running_city
from vms.sim.personality import PLAIN, Tls, habit
from vms.sim.plan import USERNAME, CityPlan, plan_city
from vms.store import credentials, devices, login_attempts
from vms.store.login_attempts import AttemptState
from vms.store.schema import login_attempts as attempt_table
from vms.store.secret_box import SecretBox

BOX = SecretBox("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
SETS = ("first", "second", "third")
"""Sets of the network in their order; the password is the set's name."""
FRESH = replace(PLAIN, fresh_endpoint=True)
OPENLY, WHEN_HEARD = (Method.SWEEP,), (Method.UNICAST,)
"""It is asked who it is, or it says so when it is heard."""
_numbers = itertools.count(1)


def next_address():
    return f"127.48.0.{next(_numbers)}"


def a_mac(address):
    return f"44:19:b6:00:01:{int(address.rpartition('.')[2]):02x}"


@pytest.fixture
def address():
    return next_address()


def a_camera(address, password, *, other=False, **changes):
    """`other`: another piece of the same model."""
    plan = plan_city(20, first_address="127.48.1.1", personalities=False)
    single = next(one for one in plan.devices if len(one.channels) == 1)
    if other:
        reference = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, address)}"
        other_keys = {"serial_no": "ANOTHER-0815", "macs": ("44:19:b6:11:22:33",), "endpoint_reference": reference}
        changes = other_keys | changes
    return replace(single, **{"address": address, "password": password, "personality": PLAIN} | changes)


@asynccontextmanager
async def standing(camera):
    plan = plan_city(1)
    async with running_city(CityPlan(seed=plan.seed, town=plan.town, devices=(camera,))) as city:
        yield city.device(camera.address)


def enter(database, **passwords):
    with database.writing() as tx:
        for name, password in (passwords or {name: name for name in SETS}).items():
            credentials.put(tx, BOX, name, USERNAME, password, system_clock())


async def looked_for(database, address, *, methods=OPENLY, box=BOX, names=SETS):
    network = Network(cidr="127.48.0.0/16", tier=Tier.UNIT, credentials=tuple(names))
    limits = Limits(listen_s=0.2, connect_s=0.3)
    request = DiscoveryRequest(cidrs=(f"{address}/32",), ports=(8080,), methods=methods, limits=limits)
    summary = await discover_cameras(database, box, request, NetworkPlan([network]))
    (found,) = (one for one in summary.found if one.observed.address == address)
    return found


def refused_by(database, found):
    """Names of the sets."""
    with database.reading() as tx:
        known = devices.get(tx, found.recorded.device_id)
        return {one.name for one in credentials.every(tx) if one.credential_id in known.refused_logins}


@pytest.mark.parametrize("methods", [OPENLY, WHEN_HEARD])
async def test_another_device_at_the_address_gets_the_networks_sets_and_inherits_nothing(database, address, methods):
    enter(database)
    async with standing(a_camera(address, "second")) as camera:
        known = await looked_for(database, address, methods=methods)
        assert (refused_by(database, known), camera.login.refused_in_all) == ({"first"}, 1)
    async with standing(a_camera(address, "first", other=True)) as other:
        found = await looked_for(database, address, methods=methods)
        assert found.recorded.outcome is Outcome.NEW
        assert other.login.refused_in_all == 0, "its own is the network's first, and it was tried first"
    assert refused_by(database, found) == set()
    assert refused_by(database, known) == {"first"}, "the one that stood here keeps what it refused"


async def test_one_that_tells_nothing_of_itself_is_taken_for_the_known_one_and_inherits_nothing_either(
    sqlite_database, address
):
    enter(sqlite_database)
    async with standing(a_camera(address, "second", endpoint_reference="")):
        await looked_for(sqlite_database, address)
    async with standing(a_camera(address, "third", other=True, endpoint_reference="")) as other:
        found = await looked_for(sqlite_database, address)
        assert found.recorded.outcome is Outcome.NEW
        assert other.login.refused_in_all == 1, "the known one's own; what that one refused is not tried"
    assert refused_by(sqlite_database, found) == {"second"}


async def test_another_model_is_a_stranger_without_any_reference(sqlite_database, address):
    enter(sqlite_database)
    async with standing(a_camera(address, "second", endpoint_reference="")):
        await looked_for(sqlite_database, address, methods=WHEN_HEARD)
    other = a_camera(address, "first", other=True, endpoint_reference="", model="IPC-Other-9")
    async with standing(other) as camera:
        found = await looked_for(sqlite_database, address, methods=WHEN_HEARD)
        assert (found.observed.serial_no, camera.login.refused_in_all) == (other.serial_no, 0)


async def test_a_device_whose_reference_is_new_at_each_start_is_mistaken_once_at_most(sqlite_database, address):
    enter(sqlite_database)
    refused = []
    for _ in range(4):
        async with standing(a_camera(address, "second", personality=FRESH)) as camera:
            found = await looked_for(sqlite_database, address)
            refused.append(camera.login.refused_in_all)
    assert refused == [1, 1, 0, 0], "after the first time it is known that its reference says nothing"
    assert refused_by(sqlite_database, found) == {"first"}


async def test_one_that_tells_its_mac_or_keeps_its_certificate_is_not_mistaken_at_all(sqlite_database, address):
    enter(sqlite_database)
    tells = replace(FRESH, mac_in_scopes=True)
    shows = replace(FRESH, tls=Tls.YES, keeps_certificate=True)
    elsewhere = next_address()
    for where, habits, methods in ((address, tells, WHEN_HEARD), (elsewhere, shows, WHEN_HEARD)):
        for password in ("second", "nobody knows"):
            refused, outcomes = [], []
            for _ in range(3):
                camera = a_camera(where, password, personality=habits, serial_no=f"A-{where}", macs=(a_mac(where),))
                async with standing(camera) as stood:
                    found = await looked_for(sqlite_database, where, methods=methods)
                    refused.append(stood.login.refused_in_all)
                    outcomes.append(found.recorded.outcome)
            expected = {"second": [1, 0, 0], "nobody knows": [2, 0, 0]}[password]
            assert refused == expected, "each set is refused once, however often it starts anew"
            assert set(outcomes[1:]) == {Outcome.SAME}


async def test_one_that_never_lets_anybody_in_and_has_a_new_reference_at_each_start(sqlite_database, address):
    enter(sqlite_database)
    refused = []
    for _ in range(4):
        async with standing(a_camera(address, "nobody knows", personality=FRESH)) as camera:
            await looked_for(sqlite_database, address)
            refused.append(camera.login.refused_in_all)
    assert refused == [3, 3, 0, 0]


async def test_a_stranger_that_counts_is_left_alone_at_the_first_refusal(sqlite_database, address):
    enter(sqlite_database)
    async with standing(a_camera(address, "second")):
        await looked_for(sqlite_database, address)
    locks = replace(habit("locks"), fresh_endpoint=False)
    async with standing(a_camera(address, "third", other=True, personality=locks)) as other:
        for _ in range(2):
            await looked_for(sqlite_database, address)
        assert other.login.refused_in_all == 1


async def test_what_a_stranger_was_shown_before_a_crash_is_not_shown_to_him_again_nor_held_against_the_known_one(
    sqlite_database, address
):
    enter(sqlite_database)
    own, other = a_camera(address, "second"), a_camera(address, "nobody knows", other=True)
    async with standing(own):
        await looked_for(sqlite_database, address)
    async with standing(other) as camera:
        await looked_for(sqlite_database, address)
        with sqlite_database.writing() as tx:
            kept = login_attempts.of_device(tx, f"{address}:8080")
            tx.execute(attempt_table.update().values(state=AttemptState.SENT.value))
        assert len(kept) == len(SETS)
        assert await looked_for(sqlite_database, address)
        assert camera.login.refused_in_all == len(SETS)
    enter(sqlite_database, second="changed")
    async with standing(replace(own, password="changed")) as camera:
        found = await looked_for(sqlite_database, address)
        assert (found.recorded.outcome, camera.login.refused_in_all) == (Outcome.SAME, 0)
        assert "login_unsettled" not in {problem.code for problem in found.observed.problems}


async def test_after_a_change_of_password_the_old_set_is_outdated_and_not_refused(sqlite_database):
    plan = a_plan("127.48.8.1", PLAIN, PLAIN)
    async with a_task_city(sqlite_database, plan) as city:
        old = [city.login(address) for address in city.addresses]
        await city.run("change_password", password="A-new-one-2027")
        with sqlite_database.reading() as tx:
            known = list(devices.every(tx))
            names = [one.name for one in credentials.every(tx) if one.credential_id == old[0].credential_id]
        assert [device.refused_logins for device in known] == [{}, {}]
        for at, address in enumerate(city.addresses):
            found = await looked_for(sqlite_database, address, box=city.desk.box, names=names)
            assert found.observed.serial_no == plan.devices[at].serial_no
            assert city.device(at).login.refused_in_all == 0, "its own goes first, the outdated one is not tried"
    address = plan.devices[0].address
    reference = f"urn:uuid:{uuid.uuid4()}"
    swapped = replace(plan.devices[0], serial_no="ANOTHER-0816", macs=(), endpoint_reference=reference)
    async with standing(swapped) as camera:
        found = await looked_for(sqlite_database, address, box=city.desk.box, names=names)
        assert found.observed.serial_no == swapped.serial_no
        assert camera.login.refused_in_all == 0, "the network's set is right for it, and was tried first"
