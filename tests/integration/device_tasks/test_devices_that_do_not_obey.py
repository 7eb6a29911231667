"""Devices that refuse, lie, hang up after they have obeyed, are slow, are gone, or have another password."""

from dataclasses import replace

import pytest

from tests.builders.tasks import BOSS, a_plan, a_task_city
from vms.core.clock import system_clock
from vms.core.errors import Conflict
from vms.services.device_tasks.steer_task import Steering, steer_task
from vms.sim.faults import Fault
from vms.sim.personality import PLAIN, ChangeHabit, habit
from vms.store import credential_uses, devices
from vms.store.device_tasks import StepState

DONE, UNCHANGED, REFUSED = StepState.DONE, StepState.UNCHANGED, StepState.REFUSED
FAILED, UNKNOWN = StepState.FAILED, StepState.UNKNOWN
REFUSES, LIES, HANGS_UP = (
    replace(PLAIN, changes=way, away_s=0.4) for way in (ChangeHabit.REFUSES, ChangeHabit.LIES, ChangeHabit.HANGS_UP)
)
OBEYS, SLOW = replace(PLAIN, away_s=0.4), replace(PLAIN, slow_s=0.15, away_s=0.4)
ALL = (OBEYS, REFUSES, LIES, HANGS_UP, SLOW)


def states(steps):
    return [shown.step.state for shown in steps]


@pytest.mark.parametrize(
    ("kind", "parameters", "operation", "block"),
    [
        ("set_ntp", {"servers": "10.0.0.1"}, "SetNTP", 1),
        ("set_clock", {"zone": "UTC0", "tolerance_s": 5}, "SetSystemDateAndTime", 11),
        ("set_encoder", {"gop_frames": 50}, "SetVideoEncoderConfiguration", 21),
    ],
)
async def test_what_each_device_made_of_a_change_is_told_and_none_got_it_twice(
    sqlite_database, kind, parameters, operation, block
):
    async with a_task_city(sqlite_database, a_plan(f"127.37.10.{block}", *ALL)) as city:
        obeyed, refused, lied, hung_up, slow = await city.run(kind, **parameters)
        assert obeyed.step.state is slow.step.state is DONE
        assert refused.step.state is REFUSED
        assert "cannot be changed here" in refused.step.message
        assert lied.step.state is UNCHANGED
        assert "said yes and stayed as it was" in lied.step.message
        assert hung_up.step.state is DONE
        assert "the answer was lost, the device has it" in hung_up.step.message
        assert city.operations(operation) == [1] * 5


async def test_a_reboot_is_told_once_whatever_comes_of_it(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.11.1", *ALL), goes_within_s=3.0) as city:
        steps = await city.run("reboot")
        assert states(steps) == [DONE, REFUSED, UNCHANGED, DONE, DONE], [shown.step.message for shown in steps]
        assert "was there all of 3 s" in steps[2].step.message
        assert city.operations("SystemReboot") == [1] * 5


async def test_a_device_that_does_not_come_back_is_named(sqlite_database):
    never = replace(PLAIN, away_s=60.0)
    async with a_task_city(sqlite_database, a_plan("127.37.11.11", never), back_within_s=0.5) as city:
        (shown,) = await city.run("reboot")
        assert shown.step.state is FAILED
        assert "was not back after 0.5 s" in shown.step.message


async def test_a_password_is_where_the_device_says_it_is(sqlite_database):
    """At most one refused login of each, and the login that is kept is the one that works."""
    async with a_task_city(sqlite_database, a_plan("127.37.12.1", *ALL)) as city:
        old = [city.device(at).login.password for at in range(5)]
        steps = await city.run("change_password", password="Neu-und-lang-7")
        assert states(steps) == [DONE, REFUSED, UNCHANGED, DONE, DONE], [shown.step.message for shown in steps]
        new = "Neu-und-lang-7"
        assert [city.device(at).login.password for at in range(5)] == [new, old[1], old[2], new, new]
        assert [city.login(address).password for address in city.addresses] == [new, old[1], old[2], new, new]
        assert [city.device(at).login.refused_in_all for at in range(5)] == [0, 0, 1, 0, 0]
        assert city.operations("SetUser") == [1] * 5
        with sqlite_database.reading() as tx:
            known = devices.get(tx, city.device_ids[city.addresses[0]])
        assert known.login_refused_version is None
        assert known.refused_logins == {}, "nobody refused the old one; it is outdated, and the new one goes first"


async def test_a_password_that_the_device_finds_too_weak_leaves_the_old_one(sqlite_database):
    strict = replace(PLAIN, shortest_password=20)
    async with a_task_city(sqlite_database, a_plan("127.37.12.11", strict)) as city:
        (shown,) = await city.run("change_password", password="Neu-und-lang-7")
        assert shown.step.state is REFUSED
        assert "too weak" in shown.step.message
        assert city.login(city.addresses[0]).password == city.device().login.password


async def test_after_a_warning_no_other_password_is_tried(sqlite_database):
    """It says yes, keeps the old one, refuses the new one and counts."""
    locks = replace(habit("locks"), changes=ChangeHabit.LIES)
    async with a_task_city(sqlite_database, a_plan("127.37.12.21", locks)) as city:
        (shown,) = await city.run("change_password", password="Neu-und-lang-7")
        assert shown.step.state is UNKNOWN
        assert "counts" in shown.step.message
        assert city.device().login.refused_in_all == 1


async def test_what_was_left_unknown_is_found_out_when_a_person_asks_again(sqlite_database):
    locks = replace(habit("locks"), changes=ChangeHabit.LIES)
    async with a_task_city(sqlite_database, a_plan("127.37.12.31", locks)) as city:
        (shown,) = await city.run("change_password", password="Neu-und-lang-7")
        assert shown.step.state is UNKNOWN
        city.device().login.reset("Neu-und-lang-7")  # somebody put it in by hand
        steer_task(sqlite_database, city.latest, Steering.LOOK_AGAIN, BOSS, system_clock())
        (shown,) = await city.work_on(city.latest)
        assert shown.step.state is DONE
        assert city.login(city.addresses[0]).password == "Neu-und-lang-7"
        assert city.operations("SetUser") == [1], "it was not sent again"
        with pytest.raises(Conflict, match="no step of this task is unknown"):
            steer_task(sqlite_database, city.latest, Steering.LOOK_AGAIN, BOSS, system_clock())


async def test_a_refused_login_is_shown_once_and_kept_in_mind(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.13.1", PLAIN, habit("digest"))) as city:
        for address in city.addresses:
            await city.city.set_fault(address, Fault.LOGIN_CHANGED, True)
        assert states(await city.run("set_ntp", servers="10.0.0.1")) == [FAILED] * 2
        steps = await city.run("read_firmware")
        assert states(steps) == [REFUSED] * 2
        assert "nobody signs in before it changes" in steps[0].step.message
        assert [city.device(at).login.refused_in_all for at in range(2)] == [1, 1]
        with sqlite_database.reading() as tx:
            login = city.login(city.addresses[0])
            uses = credential_uses.of_credential(tx, login.credential_id).items
        assert {(use.who, use.purpose.value, use.refused) for use in uses} == {("boss", "task", 1)}


async def test_who_is_gone_is_failed_and_asked_for_nothing_more(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.13.11", PLAIN, PLAIN), request_s=0.5) as city:
        await city.city.set_fault(city.addresses[0], Fault.OFF, True)
        await city.city.set_fault(city.addresses[1], Fault.SILENT, True)
        for kind, parameters in (("set_ntp", {"servers": "10.0.0.1"}), ("reboot", {}), ("read_firmware", {})):
            steps = await city.run(kind, **parameters)
            assert states(steps) == [FAILED] * 2, kind
            assert all(shown.step.sent_at is None for shown in steps)
        assert states(await city.run("change_password")) == [FAILED] * 2


async def test_a_clock_behind_a_login_is_set_all_the_same(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.13.21", habit("clock_needs_login"))) as city:
        (shown,) = await city.run("set_clock", zone="UTC0")
        assert shown.step.state is DONE, shown.step.message
