"""`kill -9` of the runner again and again while it sets, reboots and changes passwords: the devices themselves say that
none of them got anything twice, and every step ends with a result that is true."""

import asyncio
import random
import subprocess
from collections import Counter
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from tests.builders.forked_python import Forked, fork_program
from tests.builders.polled_city import until
from tests.builders.tasks import TaskCity, a_plan, store_all
from vms.services.device_tasks.desk import TaskDesk
from vms.sim.city import running_city
from vms.sim.personality import PLAIN, ChangeHabit, habit
from vms.store import device_tasks
from vms.store.device_tasks import StepState, TaskState
from vms.store.secret_box import SecretBox

RUNNER = """
import asyncio
import sys
from vms.services.device_tasks.desk import TaskDesk, Timing
from vms.services.device_tasks.run_tasks import run_tasks
from vms.store.database import Database
from vms.store.secret_box import SecretBox

timing = Timing(
    width=3, request_s=3.0, lease_s=1.0, beat_s=0.2, progress_s=0.2, look_for_tasks_s=0.05,
    read_back_after_s=(0.0, 0.1, 0.2), look_every_s=0.05, goes_within_s=2.0, back_within_s=10.0, sign_in_again_s=2.0,
)
desk = TaskDesk(database=Database(sys.argv[1]), box=SecretBox(sys.stdin.readline().strip()), timing=timing)
asyncio.run(run_tasks(desk, asyncio.Event()))
"""
KILLS = 6
EACH = 30
CALM = replace(PLAIN, slow_s=0.04, away_s=0.6)
HANGS_UP = replace(CALM, changes=ChangeHabit.HANGS_UP)
LIES = replace(CALM, changes=ChangeHabit.LIES)
DIGEST = replace(habit("digest"), slow_s=0.04, away_s=0.6)
HABITS = [[HANGS_UP, LIES, DIGEST, CALM, CALM][at % 5] for at in range(3 * EACH)]


async def a_runner(city: TaskCity, key: bytes) -> Forked:
    runner = await asyncio.to_thread(fork_program, RUNNER, city.database.url, stdin=subprocess.PIPE)
    runner.stdin.write(key + b"\n")
    return runner


def settled(city: TaskCity, task_ids: list[int]) -> int:
    with city.database.reading() as tx:
        found = device_tasks.counts(tx, task_ids)
    return sum(n for counts in found.values() for state, n in counts.items() if state not in ("waiting", "sent"))


def is_over(city: TaskCity, task_ids: list[int]) -> bool:
    return all(city.task(task_id).state is TaskState.DONE for task_id in task_ids)


@pytest.mark.system
async def test_killed_again_and_again_no_device_gets_a_change_twice_and_every_result_is_true(sqlite_database):
    rng, key = random.Random(11), Fernet.generate_key()
    plan = a_plan("127.37.40.1", *HABITS)
    async with running_city(plan) as running:
        desk = TaskDesk(database=sqlite_database, box=SecretBox(key))
        city = TaskCity(city=running, desk=desk)
        store_all(city, plan)
        old = [city.device(at).login.password for at in range(3 * EACH)]
        chosen = [[city.camera_ids[address][0] for address in city.addresses[at::3]] for at in range(3)]
        task_ids = [
            city.start("set_ntp", servers="10.0.0.1", cameras=chosen[0]),
            city.start("change_password", password="Neu-und-lang-7", cameras=chosen[1]),
            city.start("reboot", cameras=chosen[2]),
        ]
        kills = 0
        while not is_over(city, task_ids):
            before = settled(city, task_ids)
            runner = await a_runner(city, key)
            try:
                if kills < KILLS:
                    await until(lambda n=before: settled(city, task_ids) >= n + 4, 60, "the runner gets on")
                    await asyncio.sleep(rng.uniform(0.0, 0.3))  # killed at a moment by chance: that is the test
                    kills += 1
                else:
                    await until(lambda: is_over(city, task_ids), 90, "the tasks come to their end")
            finally:
                await asyncio.to_thread(runner.end)
        assert kills >= KILLS - 1, "the tasks were over too soon to be interrupted"
        check_ntp(city, task_ids[0])
        check_passwords(city, task_ids[1], dict(zip(city.addresses, old, strict=True)))
        check_reboots(city, task_ids[2])


def check_ntp(city: TaskCity, task_id: int) -> None:
    """What can be read is known of every device."""
    for shown in city.steps(task_id):
        device = city.city.device(shown.address)
        lies = device.plan.personality.changes is ChangeHabit.LIES
        assert device.operations.get("SetNTP", 0) >= 1
        if lies:
            assert shown.step.state is StepState.UNCHANGED, shown.step.message
            continue
        assert shown.step.state is StepState.DONE, shown.step.message
        assert device.operations["SetNTP"] == 1, f"{shown.address} got it twice"
        assert device.settings.ntp_servers == ("10.0.0.1",)


def check_passwords(city: TaskCity, task_id: int, old: dict[str, str]) -> None:
    found = Counter()
    for shown in city.steps(task_id):
        device, step = city.city.device(shown.address), shown.step
        assert device.operations.get("SetUser", 0) <= 1, f"{shown.address} got it twice"
        assert device.login.refused_in_all <= 2, "at most one refused login of each password"
        found[step.state] += 1
        if step.state is StepState.DONE:
            assert device.login.password == "Neu-und-lang-7"
            assert city.login(shown.address).password == "Neu-und-lang-7"
            assert device.operations["SetUser"] == 1
        elif step.state in (StepState.UNCHANGED, StepState.FAILED):
            assert device.login.password == old[shown.address] == city.login(shown.address).password, step.message
        else:
            assert step.state is StepState.UNKNOWN, f"{step.state}: {step.message}"
            assert step.message
    assert found[StepState.DONE] >= EACH // 2, found


def check_reboots(city: TaskCity, task_id: int) -> None:
    found = Counter()
    for shown in city.steps(task_id):
        device, step = city.city.device(shown.address), shown.step
        assert device.operations.get("SystemReboot", 0) <= 1, f"{shown.address} was told twice"
        found[step.state] += 1
        if step.state is StepState.DONE:
            assert device.reboots == 1, "what is called done was done"
        elif step.state is StepState.UNCHANGED:
            assert device.reboots == 0
        else:
            assert step.state is StepState.UNKNOWN, f"{step.state}: {step.message}"
            assert "interrupted" in step.message or "answer was lost" in step.message
    assert found[StepState.DONE] >= EACH // 3, found
