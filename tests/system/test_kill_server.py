"""`kill -9` of the whole server while it polls and while rows come in: nothing that was accepted is lost."""

import contextlib
import random
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
import pytest

from tests.builders.forked_python import Forked, fork_program
from tests.builders.whole_program import Program, a_program, all_gone, family, gone_by_force, pretend_city
from vms.demo.api import NoAnswer, until
from vms.services.check_store import check_store
from vms.store import cameras, incidents
from vms.store.database import Database

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

KILLS = 7
CAMERAS = 30
DEAD = 5
NETWORK = "127.29.0.0/26"
CITY = ("--cameras", str(CAMERAS), "--first-address", "127.29.0.1", "--plain")
POLLING = {"interval_s": 1.0, "timeout_s": 0.5, "stream_every": 5, "still_every": 5, "backoff_max_s": 1.0}
ROWS = 3000
IMPORTER = """
import sys
from pathlib import Path
from vms.services import import_cameras as service
from vms.store.database import Database

service.BATCH = 100
def tell(result):
    print(result.last_row, flush=True)
sys.stdin.readline()
service.import_cameras(Database(sys.argv[1]), Path(sys.argv[2]), on_accepted=tell)
"""


@dataclass(frozen=True, slots=True)
class Import:
    """A list that is being taken in; the process waits for `begin`, with everything loaded."""

    number: int
    process: Forked

    def begin(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.close()

    def accepted_serials(self) -> set[str]:
        """Of the rows that it reported as stored before it ended. The first line of the file is the heading."""
        assert self.process.stdout is not None
        with self.process.stdout as told:
            last = ([0] + [int(line) for line in told])[-1]
        self.process.wait(60)
        return {_serial(self.number, row) for row in range(last - 1)}


def _serial(number: int, row: int) -> str:
    return f"K{number:02}-{row:05}"


def an_import(program: Program, number: int) -> Import:
    file = program.folder / f"rows-{number}.csv"
    rows = [f"list {number} row {row},unit,{_serial(number, row)}" for row in range(ROWS)]
    file.write_text("\n".join(("name,tier,serial_no", *rows)), encoding="utf-8")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return Import(number, fork_program(IMPORTER, program.database_url, str(file), **pipes))


@pytest.fixture(scope="module")
def city() -> Iterator[dict[str, Any]]:
    with pretend_city(*CITY) as ready:
        yield ready


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, city: dict[str, Any]) -> Program:
    """The city is in its inventory already."""
    made = a_program(tmp_path_factory.mktemp("killed"), NETWORK, "government", polling=POLLING)
    made.json_of("discover", "--cidr", NETWORK)
    assert made.json_of("cameras")["total"] == CAMERAS
    return made


def statuses(client: Any) -> dict[str, int]:
    counts: dict[str, int] = client.get("/health/summary", by="tier")["all"]
    return counts


def test_what_was_down_is_unknown_after_a_kill(program: Program, city: dict[str, Any]) -> None:
    devices = httpx.get(f"http://{city['control']}/devices").json()["devices"]
    single = [device["address"] for device in devices if len(device["channels"]) == 1]
    _switch(city, single[:DEAD], off=True)
    server = program.start("serve")
    try:
        with contextlib.closing(program.when_ready(server)) as client:
            until(lambda: statuses(client)["down"] == DEAD, 60, "what was switched off is down")
    finally:
        gone_by_force(family(server.pid))
    with program.serving(VMS_POLLING__INTERVAL_S="600") as client:
        for _ in range(10):
            now = statuses(client)
            assert now["down"] == 0
            assert now["unknown"] >= DEAD, now
    _switch(city, single[:DEAD], off=False)


def _switch(city: dict[str, Any], addresses: list[str], *, off: bool) -> None:
    for address in addresses:
        asked = {"address": address, "fault": "off", "on": off}
        assert httpx.post(f"http://{city['control']}/faults", json=asked).is_success


def test_kill_after_kill_nothing_is_lost_that_was_accepted(program: Program) -> None:
    chance = random.Random(20)
    reported: list[str] = []
    imports: list[Import] = []
    for number in range(KILLS):
        server = program.start("serve")
        imports.append(an_import(program, number))
        client = program.when_ready(server)
        imports[-1].begin()
        everybody = family(server.pid)
        assert len(everybody) == 5, "the supervisor and four processes"
        chance.shuffle(everybody)
        struck = everybody if chance.random() < 0.7 else [psutil.Process(server.pid)]  # the others stop by themselves
        if chance.random() < 0.5:
            struck = [psutil.Process(imports[-1].process.pid), *struck]
        blow = threading.Timer(chance.uniform(0.05, 0.9), gone_by_force, [struck])
        blow.start()
        with contextlib.closing(client), contextlib.suppress(NoAnswer):
            while True:
                body = {"lon": 24.9 + len(reported) / 1e4, "lat": 60.1, "summary": f"report {len(reported)}"}
                reported.append(client.post("/incidents", body)["incident_no"])
        blow.join()
        all_gone(everybody)
    accepted = set().union(*(one.accepted_serials() for one in imports))
    database = Database(program.database_url)
    try:
        assert check_store(database) == []
        with database.reading() as tx:
            kept = {incident.incident_no for incident in incidents.page(tx, limit=1_000_000).items}
            serials = [camera.declared.serial_no for camera in cameras.every(tx)]
    finally:
        database.close()
    assert len(reported) >= KILLS
    assert set(reported) <= kept
    assert ROWS <= len(accepted) < KILLS * ROWS, "the kills came too late or too early to show anything"
    listed = [serial for serial in serials if serial.startswith("K")]
    assert accepted <= set(listed)
    assert len(listed) == len(set(listed)), "a row was taken in twice"
    with program.serving() as client:
        until(lambda: statuses(client)["up"] == CAMERAS, 30, "the server goes on as if nothing had happened")
    assert program.json_of("check") == {"findings": []}
