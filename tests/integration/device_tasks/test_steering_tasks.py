"""Pause, resume, cancel, undo, two runners, a runner that is gone, and who may start what on whose cameras."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from sqlalchemy import select, update

from tests.builders.polled_city import until
from tests.builders.tasks import BOSS, a_plan, a_recorder, a_task_city
from vms.access.agreement import Agreements
from vms.access.roles import Role
from vms.core.clock import system_clock
from vms.core.errors import BadInput, Conflict, NotAllowed
from vms.inventory.camera import LifeCycle
from vms.services.device_tasks.desk import runner_name
from vms.services.device_tasks.plan_task import TaskRequest
from vms.services.device_tasks.preview_task import preview_task
from vms.services.device_tasks.run_tasks import run_one, run_tasks, take_one
from vms.services.device_tasks.steer_task import Steering, steer_task
from vms.services.device_tasks.undo_task import undo_task
from vms.sim.personality import PLAIN, habit
from vms.store import cameras, device_tasks
from vms.store.device_tasks import StepState, TaskState
from vms.store.schema import cameras as camera_table
from vms.store.schema import events

SLOW = replace(PLAIN, slow_s=0.08)
MAINTAINER = replace(BOSS, name="keeper", role=Role.MAINTAINER)


def counts(city, task_id):
    with city.database.reading() as tx:
        return device_tasks.counts(tx, [task_id])[task_id]


def steer(city, task_id, steering, person=BOSS):
    steer_task(city.database, task_id, steering, person, system_clock())


async def test_a_paused_task_begins_nothing_new_goes_on_and_can_be_cancelled(database):
    async with a_task_city(database, a_plan("127.37.20.1", *[SLOW] * 8), width=1) as city:
        task_id, stop = city.start("set_ntp", servers="10.0.0.1"), asyncio.Event()
        working = asyncio.create_task(run_tasks(city.desk, stop))
        await until(lambda: counts(city, task_id).get("done", 0) >= 2, 10, "two are done")
        steer(city, task_id, Steering.PAUSE)
        await until(lambda: not counts(city, task_id).get("sent"), 5, "what was under way is finished")
        paused = counts(city, task_id)
        await asyncio.sleep(0.5)  # long enough for two more, if anybody began them
        assert counts(city, task_id) == paused
        assert paused["waiting"] >= 4
        steer(city, task_id, Steering.RESUME)
        await until(lambda: counts(city, task_id).get("done", 0) > paused["done"], 5, "it goes on")
        steer(city, task_id, Steering.CANCEL)
        with pytest.raises(Conflict, match="cancelled"):
            steer(city, task_id, Steering.RESUME)
        stop.set()
        await working
        now = counts(city, task_id)
        assert now["cancelled"] >= 1
        assert now["done"] + now["cancelled"] == 8
        assert sum(city.operations("SetNTP")) == now["done"]
        with database.reading() as tx:
            kinds = set(tx.execute(select(events.c.kind).where(events.c.subject == task_id)).scalars())
        assert kinds >= {"task.added", "task.started", "task.paused", "task.running", "task.cancelled"}


async def test_two_runners_share_no_task_and_one_that_is_gone_is_followed_by_the_other(database):
    async with a_task_city(database, a_plan("127.37.20.21", PLAIN)) as city:
        task_id = city.start("set_ntp", servers="10.0.0.1")
        other = replace(city.desk, runner=runner_name())
        assert (await take_one(city.desk, set())).task_id == task_id
        assert await take_one(other, set()) is None, "it is held"
        later = replace(other, clock=lambda: system_clock() + timedelta(seconds=60))
        assert (await take_one(later, set())).task_id == task_id, "its runner was not heard of for a minute"
        (step,) = [shown.step for shown in city.steps(task_id)]
        with database.writing() as tx:
            assert not device_tasks.mark_sent(tx, step, city.desk.runner, {}, {}, system_clock())
            assert device_tasks.mark_sent(tx, step, other.runner, {}, {}, system_clock())


async def test_whoever_works_on_one_task_here_leaves_the_others_alone(database):
    async with a_task_city(database, a_plan("127.37.20.25", PLAIN)) as city:
        older = city.start("reboot")
        task_id = city.start("set_ntp", servers="10.0.0.1")
        async with asyncio.timeout(20):
            assert await run_one(city.desk, task_id) is TaskState.DONE
        assert (city.task(older).state, city.operations("SystemReboot")) == (TaskState.WAITING, [0])


async def test_a_task_whose_runner_is_gone_may_be_resumed_and_one_that_is_worked_on_not(database):
    async with a_task_city(database, a_plan("127.37.20.27", PLAIN)) as city:
        task_id = city.start("set_ntp", servers="10.0.0.1")
        gone = replace(city.desk, runner="gone")
        await take_one(gone, set())
        with pytest.raises(Conflict, match="gone works on it, and has it until"):
            steer(city, task_id, Steering.RESUME)
        later = system_clock() + timedelta(seconds=60)
        steer_task(city.database, task_id, Steering.RESUME, BOSS, later)
        (shown,) = await city.work_on(task_id)
        assert shown.step.state is StepState.DONE


@pytest.mark.parametrize(
    ("steering", "found", "sent_in_all"),
    [(None, StepState.DONE, 1), (Steering.PAUSE, StepState.WAITING, 0), (Steering.CANCEL, StepState.CANCELLED, 0)],
)
async def test_what_was_written_down_as_sent_and_never_arrived_is_seen_by_reading(
    sqlite_database, steering, found, sent_in_all
):
    """Its runner died between the commit and the request."""
    async with a_task_city(sqlite_database, a_plan("127.37.20.31", PLAIN)) as city:
        task_id = city.start("set_ntp", servers="10.0.0.1")
        gone = replace(city.desk, runner="gone", clock=lambda: system_clock() - timedelta(seconds=60))
        await take_one(gone, set())
        (step,) = [shown.step for shown in city.steps(task_id)]
        wanted = {"from_dhcp": False, "servers": ["10.0.0.1"]}
        with sqlite_database.writing() as tx:
            assert device_tasks.mark_sent(tx, step, "gone", {"from_dhcp": False, "servers": []}, wanted, system_clock())
        if steering is not None:
            steer(city, task_id, steering)
        stop = asyncio.Event()
        working = asyncio.create_task(run_tasks(city.desk, stop))
        await until(lambda: counts(city, task_id) == {found.value: 1}, 5, "the step is settled")
        stop.set()
        await working
        assert city.operations("SetNTP") == [sent_in_all]


async def test_only_what_was_changed_is_put_back_and_only_once(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.21.1", PLAIN, PLAIN)) as city:
        city.device(1).settings.ntp_servers = ("10.0.0.1",)
        steps = await city.run("set_ntp", servers="10.0.0.1")
        assert [shown.step.state for shown in steps] == [StepState.DONE, StepState.UNCHANGED]
        task_id = city.latest
        assert len(await city.undo(task_id)) == 1
        assert city.device(0).settings.ntp_servers == ("127.0.0.1",)
        with pytest.raises(Conflict, match="undoes it already"):
            undo_task(sqlite_database, task_id, BOSS, "", system_clock())
        await city.run("read_firmware")
        with pytest.raises(Conflict, match="cannot be undone"):
            undo_task(sqlite_database, city.latest, BOSS, "", system_clock())


async def test_a_preview_reads_and_changes_nothing(sqlite_database):
    plan = a_plan("127.37.21.11", PLAIN, habit("digest"), PLAIN)
    async with a_task_city(sqlite_database, plan) as city:
        city.device(2).settings.ntp_servers = ("10.0.0.1",)
        ids = tuple(one for found in city.camera_ids.values() for one in found)
        asked = TaskRequest(kind="set_ntp", parameters={"servers": "10.0.0.1"}, camera_ids=ids)
        preview = await preview_task(city.desk, asked, BOSS, limit=10)
        assert [row.before["servers"] for row in preview.rows] == [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]
        assert [row.wanted and row.wanted["servers"] for row in preview.rows] == [["10.0.0.1"], ["10.0.0.1"], None]
        assert preview.rows[2].message == "it is so already"
        assert city.operations("SetNTP") == [0, 0, 0]
        with sqlite_database.reading() as tx:
            assert device_tasks.page(tx).total == 0


async def test_only_the_governments_cameras_are_set_others_by_agreement_a_households_never(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.22.1", *[PLAIN] * 4)) as city:
        ids = [found[0] for found in city.camera_ids.values()]
        tiers = ("government", "unit", "community", "household")
        with sqlite_database.writing() as tx:
            for camera_id, tier in zip(ids, tiers, strict=True):
                tx.execute(update(camera_table).where(camera_table.c.id == camera_id).values(tier=tier))
        assert len(await city.run("set_ntp", servers="10.0.0.1")) == 1
        assert city.task(city.latest).left_out == {"only government cameras are set by the office; ask its owner": 3}
        city.desk = replace(city.desk, configurable=Agreements(networks=(ip_network("127.37.22.0/24"),)))
        assert len(await city.run("set_ntp", servers="10.0.0.2")) == 3
        assert city.operations("SetNTP") == [2, 1, 1, 0]
        task_id = city.start("set_ntp", servers="10.0.0.3", cameras=ids[1:2])
        city.desk = replace(city.desk, configurable=Agreements())
        (shown,) = await city.work_on(task_id)
        assert shown.step.state is StepState.REFUSED, "the agreement ended before it was done"
        with pytest.raises(BadInput, match="ask its owner"):
            city.start("reboot", cameras=ids[3:])


async def test_one_channel_that_is_not_ours_keeps_the_whole_device_from_being_rebooted(sqlite_database):
    async with a_task_city(sqlite_database, a_recorder("127.37.22.11", 2)) as city:
        (ids,) = city.camera_ids.values()
        with sqlite_database.writing() as tx:
            tx.execute(update(camera_table).where(camera_table.c.id == ids[1]).values(tier="unit"))
        with pytest.raises(BadInput, match="ask its owner"):
            city.start("reboot", cameras=ids[:1])
        (shown,) = await city.run("set_osd_name", cameras=ids[:1])
        assert shown.step.state is StepState.UNCHANGED, "its own channel is ours"


async def test_who_may_start_what_and_wrong_parameters_are_named(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.22.21", PLAIN)) as city:
        with pytest.raises(NotAllowed):
            city.start("change_password", person=MAINTAINER)
        with pytest.raises(NotAllowed):
            city.start("set_ntp", person=replace(BOSS, role=Role.OPERATOR), servers="10.0.0.1")
        city.start("reboot", person=MAINTAINER)
        for kind, parameters, words in (
            ("set_ntp", {"server": "10.0.0.1"}, "parameters.server: unknown here; known are: servers, from_dhcp"),
            ("set_ntp", {"servers": "10.0.0.1 & reboot"}, "parameters.servers"),
            ("set_clock", {"zone": "Asia/Shanghai"}, "POSIX"),
            ("set_encoder", {}, "one of gop_s"),
            ("set_encoder", {"width": 640}, "go together"),
            ("change_password", {"password": "short"}, "8 to 32"),
            ("reboot", {"now": "yes"}, "parameters.now"),
            ("format_disk", {}, "kind: one of set_clock"),
        ):
            with pytest.raises(BadInput, match=words):
                city.start(kind, **parameters)
        with pytest.raises(BadInput, match="say why"):
            city.start("reboot", why=" ")


async def test_the_cameras_that_a_filter_finds_are_set(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.22.31", *[PLAIN] * 3)) as city:
        ids = [found[0] for found in city.camera_ids.values()]
        with sqlite_database.writing() as tx:
            tx.execute(update(camera_table).where(camera_table.c.id == ids[1]).values(region_code="410102"))
            cameras.set_life_cycle(tx, ids[2], LifeCycle.RETIRED, system_clock())
        steps = await city.run("set_ntp", servers="10.0.0.1", expression="tier=government and region=410102")
        assert [shown.step.camera_id for shown in steps] == [ids[1]]
        task_id = city.start("reboot", expression="tier=government")
        assert city.task(task_id).left_out == {"the camera is not in service": 1}
        assert city.task(task_id).state is TaskState.WAITING
