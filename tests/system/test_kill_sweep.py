"""`kill -9` of whoever runs a sweep, again and again: in the end everybody is found once, and no device saw a refused
login twice."""

import json
import random
import subprocess
import time
import urllib.request
from collections import Counter

import pytest

from tests.builders.forked_python import fork_program
from vms.core.clock import system_clock
from vms.inventory.sweep import SweepRequest, SweepState
from vms.inventory.tier import Tier
from vms.services.check_store import check_store
from vms.services.sweeping.start_sweep import start_sweep
from vms.sim.plan import OTHER_PASSWORD, PASSWORDS, USERNAME, plan_city
from vms.store import cameras, credentials, devices, login_attempts, sweep_findings, sweeps
from vms.store.schema import login_attempts as attempt_table
from vms.store.secret_box import SecretBox

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

CAMERAS, FIRST = 36, "127.32.100.230"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SETS = {"guess": "nobody has this one"} | {tier.value: PASSWORDS[tier] for tier in Tier}
"""Tried everywhere in this order, so most devices refuse some before one fits."""
KILLS = {"sqlite": 2, "postgresql": 1}
RUNNER = """
import asyncio, sys
from vms.devices.discovery.request import Limits
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.sweeping import waiting_sweeps
from vms.services.sweeping.run_sweep import RunSettings
from vms.store.database import Database
from vms.store.secret_box import SecretBox

waiting_sweeps.LOOK_EVERY_S = 0.1
settings = RunSettings(
    lease_s=0.7, renew_s=0.2, blocks_at_once=2, devices_at_once=8, batch=4, longest_wait_s=0.2,
    limits=Limits(round_s=0.1, listen_s=0.3, connect_s=0.3),
)
plan = NetworkPlan([Network(cidr="127.32.0.0/16", tier=Tier.UNIT, credentials=tuple(sys.argv[3].split(",")))])
box = SecretBox(sys.argv[2])
asyncio.run(
    waiting_sweeps.run_waiting_sweeps(Database(sys.argv[1]), lambda: box, plan, asyncio.Event(), settings=settings)
)
"""
CITY = """
import asyncio, json, sys
from tests.builders.sim import in_a_hurry
from vms.sim.city import running_city
from vms.sim.plan import plan_city

async def run():
    plan = in_a_hurry(plan_city(int(sys.argv[1]), first_address=sys.argv[2]))
    async with running_city(plan, ("127.0.0.1", 0)) as city:
        print(json.dumps({"control": "%s:%d" % city.control_address}), flush=True)
        await asyncio.Event().wait()

asyncio.run(run())
"""


@pytest.fixture
def city():
    """As a process of its own, over two /24; some devices lock out, some want Digest, one has another password."""
    process = fork_program(CITY, str(CAMERAS), FIRST, stdout=subprocess.PIPE)
    try:
        yield json.loads(process.stdout.readline())["control"]
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def told_by(city):
    """What the pretend devices are, with the refused logins that each has counted itself."""

    def ask(door):
        with urllib.request.urlopen(f"http://{city}/{door}", timeout=10) as answer:
            return json.load(answer)["devices"]

    counted = {one["address"]: one["refused_logins"] for one in ask("operations")}
    return [{**one, "refused_logins": counted[one["address"]]} for one in ask("devices")]


def start(database):
    with database.writing() as tx:
        for name, password in SETS.items():
            credentials.put(tx, SecretBox(KEY), name, USERNAME, password, system_clock())
    request = SweepRequest(
        cidrs=("127.32.100.0/23",), ports=(8080,), methods=("unicast", "sweep"), allow=("127.32.0.0/16",),
        pace_per_s=2000,
    )  # fmt: skip
    return start_sweep(database, request, "tester", system_clock()).sweep_id


def progress(database, sweep_id):
    with database.reading() as tx:
        sweep = sweeps.get(tx, sweep_id)
        return sweep.state, sweep.counts.get("findings", 0), tx.execute(attempt_table.select()).fetchall()


def run(database, sweep_id, kill_after):
    """Kills the runner once so many more were found and somebody is being signed in to; None: it may finish."""
    url = database.engine.url.render_as_string(hide_password=False)
    process = fork_program(RUNNER, url, KEY, ",".join(SETS))
    try:
        _, before, _ = progress(database, sweep_id)
        deadline_s = time.monotonic() + 60
        while time.monotonic() < deadline_s:
            state, found, attempts = progress(database, sweep_id)
            if state is SweepState.DONE:
                return True
            if kill_after is not None and found >= before + kill_after and attempts:
                return False
            time.sleep(0.004)
        pytest.fail(f"nothing moves: {progress(database, sweep_id)}")
    finally:
        process.end()


def test_everybody_is_found_once_and_no_login_is_refused_twice_however_often_the_runner_is_killed(database, city):
    chance = random.Random(5)
    sweep_id = start(database)
    kills = 0
    while kills < KILLS[database.engine.dialect.name] and not run(database, sweep_id, chance.randint(1, 8)):
        kills += 1
    assert kills, "the sweep was over before it could be killed"
    assert run(database, sweep_id, None)

    told = told_by(city)
    assert check_store(database) == []
    with database.reading() as tx:
        found = list(sweep_findings.every(tx, sweep_id))
        known = list(devices.every(tx))
        kept = list(cameras.every(tx))
        attempts = {one["address"]: login_attempts.of_device(tx, f"{one['address']}:8080") for one in told}
    addresses = sorted(one["address"] for one in told)
    assert sorted(one.address for one in found) == addresses, "found once, and nobody else"
    assert sorted(one.observed.address for one in known) == addresses, "no device twice"
    doubled = Counter((camera.device_id, camera.channel) for camera in kept)
    assert set(doubled.values()) <= {1}, "no camera twice"

    (odd,) = (one.address for one in plan_city(CAMERAS, first_address=FIRST).devices if one.password == OTHER_PASSWORD)
    order = list(SETS)
    for one in told:
        sets_that_do_not_fit = len(order) if one["address"] == odd else order.index(one["tier"])
        most = 1 if one["personality"] == "locks" else sets_that_do_not_fit
        assert one["refused_logins"] <= most, f"{one['address']}: one was shown twice, or after a warning"
    assert sum(one["refused_logins"] for one in told) > len(told), "the sets in front were really tried"
    assert not any(attempts.values()), "what was tried is kept with the devices"
    for one in found:
        codes = {problem.code for problem in one.problems}
        why = codes & {"login_unsettled", "lock_warning", "login_refused", "login_refused_before"}
        assert one.told["serial_no"] or why, f"{one.address}: not signed in to, and nothing says why: {codes}"
