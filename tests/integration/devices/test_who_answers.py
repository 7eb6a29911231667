"""Before a login is shown at an address it is made sure who answers there; another device is shown nothing."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.builders.changed_places import (
    TELLS_NOTHING,
    enter,
    login_for,
    refused_at,
    standing,
    swapped,
    take_in,
    two_cameras,
)
from vms.app.edges import StillsNow
from vms.core.errors import DeviceUnreachable
from vms.devices.who_answers import Certainty
from vms.media.trouble import PictureFailed
from vms.services.who_answers import Doorkeeper
from vms.sim.personality import PLAIN, SignIn, Tls
from vms.store import cameras, devices, login_attempts


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
