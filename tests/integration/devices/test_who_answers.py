"""Before a login is shown at an address it is made sure who answers there; another device is shown nothing."""

import itertools
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from vms.app.edges import StillsNow
from vms.core.clock import system_clock
from vms.core.errors import DeviceUnreachable
from vms.devices.discovery.request import DiscoveryRequest, Limits, Method
from vms.devices.who_answers import Certainty
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.media.trouble import PictureFailed
from vms.services.discover_cameras import discover_cameras
from vms.services.who_answers import Doorkeeper
from vms.sim.city import running_city
from vms.sim.personality import PLAIN, SignIn, Tls
from vms.sim.plan import USERNAME, CityPlan, plan_city
from vms.store import cameras, credentials, devices, login_attempts
from vms.store.secret_box import SecretBox

BOX = SecretBox("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
TELLS_NOTHING = {"endpoint_reference": ""}
_numbers = itertools.count(1)


def two_cameras(**changes):
    """On addresses that no other test uses; the passwords are `one` and `two`."""
    plan = plan_city(30, first_address="127.63.255.1", personalities=False)
    single = [one for one in plan.devices if len(one.channels) == 1][:2]
    habits = {"personality": PLAIN, **changes}
    return [
        replace(device, address=f"127.63.0.{next(_numbers)}", password=password, **habits)
        for device, password in zip(single, ("one", "two"), strict=True)
    ]


def swapped(first, second):
    """Each at the other's address."""
    return [replace(first, address=second.address), replace(second, address=first.address)]


@asynccontextmanager
async def standing(*some):
    plan = plan_city(1)
    async with running_city(CityPlan(seed=plan.seed, town=plan.town, devices=tuple(some))) as city:
        yield city


def enter(database, **passwords):
    with database.writing() as tx:
        for name, password in passwords.items():
            credentials.put(tx, BOX, name, USERNAME, password, system_clock())


async def take_in(database, *some, sets):
    """As a sweep does; gives what is known, in the order of the cameras."""
    network = Network(cidr="127.63.0.0/16", tier=Tier.GOVERNMENT, credentials=sets, trusted=True)
    request = DiscoveryRequest(
        cidrs=tuple(f"{one.address}/32" for one in some),
        ports=(8080,),
        methods=(Method.UNICAST,),
        limits=Limits(listen_s=0.2),
    )
    await discover_cameras(database, BOX, request, NetworkPlan([network]))
    with database.reading() as tx:
        return [devices.at_address(tx, one.address, one.onvif_port)[0] for one in some]


def login_for(database, known):
    with database.reading() as tx:
        found = credentials.login_of(tx, BOX, devices.get(tx, known.device_id).credential_id)
    assert found is not None
    return found


def refused_at(city, *some):
    return [city.device(one.address).login.refused_in_all for one in some]


async def test_of_two_devices_that_changed_places_neither_is_shown_the_others_login(database) -> None:
    enter(database, one="one", two="two")
    first, second = two_cameras()
    async with standing(first, second):
        known = await take_in(database, first, second, sets=("one", "two"))
        for one in known:
            assert await Doorkeeper(database)(one.device_id, login_for(database, one), "x") is Certainty.SURE
    doorkeeper = Doorkeeper(database)
    async with standing(*swapped(first, second)) as city:
        for one in known:
            assert await doorkeeper(one.device_id, login_for(database, one), "x") is Certainty.ANOTHER
        assert refused_at(city, first, second) == [0, 0]
    async with standing(first, second):
        for one in known:
            assert await doorkeeper(one.device_id, login_for(database, one), "x") is Certainty.SURE, "they are back"


async def test_one_that_tells_nothing_openly_is_asked_for_its_serial_number_by_a_digest(sqlite_database) -> None:
    database = sqlite_database
    enter(database, one="one")
    first, second = two_cameras(**TELLS_NOTHING)
    second = replace(second, password="one")
    async with standing(first, second):
        known, _ = await take_in(database, first, second, sets=("one",))
        login = login_for(database, known)
        assert await Doorkeeper(database)(known.device_id, login, "x") is Certainty.SURE
    async with standing(*swapped(first, second)) as city:
        assert await Doorkeeper(database)(known.device_id, login, "x") is Certainty.ANOTHER, "the set opens it too"
        assert refused_at(city, first) == [0]


async def test_a_stranger_that_refuses_is_shown_the_login_once_by_whoever_comes(sqlite_database) -> None:
    database = sqlite_database
    enter(database, one="one")
    first, second = two_cameras(**TELLS_NOTHING)
    async with standing(first):
        (known,) = await take_in(database, first, sets=("one",))
    login = login_for(database, known)
    stranger = replace(second, address=first.address)
    async with standing(stranger) as city:
        assert await Doorkeeper(database)(known.device_id, login, "x") is Certainty.REFUSED
        with database.reading() as tx:
            assert devices.get(tx, known.device_id).login_refused_version == login.version
            kept = login_attempts.of_device(tx, f"{first.address}:{first.onvif_port}")
        assert [(one.login, one.mark) for one in kept] == [(f"{login.credential_id}:{login.version}", "")]
        await take_in(database, stranger, sets=("one",))
        assert refused_at(city, stranger) == [1], "the sweep knows that it was shown already"


async def test_a_certificate_that_was_shown_first_is_proof_enough_and_another_one_is_proof_against(
    sqlite_database,
) -> None:
    enter(sqlite_database, one="one")
    habits = replace(PLAIN, tls=Tls.YES, keeps_certificate=True)
    first, second = two_cameras(personality=habits, **TELLS_NOTHING)
    async with standing(first) as city:
        (known,) = await take_in(sqlite_database, first, sets=("one",))
        login = login_for(sqlite_database, known)
        asked = Counter(city.device(first.address).operations)
        assert await Doorkeeper(sqlite_database)(known.device_id, login, "x") is Certainty.SURE
        more = Counter(city.device(first.address).operations) - asked
        assert more == {"GetEndpointReference": 1}, "nobody signed in to find out"
    async with standing(replace(second, address=first.address, password="one")) as city:
        assert await Doorkeeper(sqlite_database)(known.device_id, login, "x") is Certainty.ANOTHER
        assert city.device(first.address).operations == {}


async def test_where_nobody_answers_or_no_login_is_shown_nothing_is_in_doubt(sqlite_database) -> None:
    enter(sqlite_database, one="one")
    open_habits = replace(PLAIN, auth=SignIn.NONE)
    first, second = two_cameras()
    second = replace(second, personality=open_habits)
    async with standing(first, second):
        known, free = await take_in(sqlite_database, first, second, sets=("one",))
    login = login_for(sqlite_database, known)
    assert await Doorkeeper(sqlite_database)(known.device_id, login, "x") is Certainty.OPEN
    assert await Doorkeeper(sqlite_database)(free.device_id, None, "x") is Certainty.SURE
    assert await Doorkeeper(sqlite_database)(None, login, "x") is Certainty.SURE


async def test_one_whose_place_a_sweep_has_given_to_another_is_not_signed_in_to(sqlite_database) -> None:
    enter(sqlite_database, one="one", two="two")
    first, second = two_cameras()
    async with standing(first):
        (known,) = await take_in(sqlite_database, first, sets=("one", "two"))
    async with standing(replace(second, address=first.address)) as city:
        await take_in(sqlite_database, replace(second, address=first.address), sets=("two",))
        login = login_for(sqlite_database, known)
        assert await Doorkeeper(sqlite_database)(known.device_id, login, "x") is Certainty.ANOTHER
        assert refused_at(city, first) == [0]


@pytest.mark.parametrize("tells", [{}, TELLS_NOTHING])
async def test_no_still_is_taken_of_another_device(sqlite_database, tells) -> None:
    enter(sqlite_database, one="one", two="two")
    first, second = two_cameras(**tells)
    async with standing(first, second):
        (known, _) = await take_in(sqlite_database, first, second, sets=("one", "two"))
        with sqlite_database.reading() as tx:
            camera = cameras.of_device(tx, known.device_id)[0]
        login = login_for(sqlite_database, known)
        stills = StillsNow(sqlite_database, Doorkeeper(sqlite_database))
        assert (await stills(camera, login)).startswith(b"\xff\xd8")
    stills = StillsNow(sqlite_database, Doorkeeper(sqlite_database))
    async with standing(*swapped(first, second)) as city:
        with pytest.raises((DeviceUnreachable, PictureFailed)) as refused:
            await stills(camera, login)
        assert refused.value.code == ("login_refused" if tells else "another_device")
        assert refused_at(city, first) == [1 if tells else 0]
