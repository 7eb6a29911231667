"""`vms task`: what would change, carried out in this process, undone; a run that was killed goes on."""

import time
from datetime import timedelta

import httpx
import pytest

from tests.builders.whole_program import a_program, pretend_city
from vms.core.clock import system_clock
from vms.store import device_tasks
from vms.store.database import Database
from vms.store.schema import device_tasks as task_table


@pytest.mark.system
def test_a_task_is_looked_at_killed_resumed_and_undone_from_the_command_line(tmp_path):
    with pretend_city("--cameras", "3", "--plain", "--first-address", "127.37.80.1", "--delay-ms", "40") as city:
        devices = httpx.get(f"http://{city['control']}/devices").json()["devices"]
        program = a_program(tmp_path, "127.37.80.0/24", "government")
        hosts = ",".join(f"{device['address']}:{device['onvif_port']}" for device in devices)
        assert program.json_of("discover", "--hosts", hosts)["new"] == 3
        asked = ("set_ntp", "--filter", "tier=government", "--set", "servers=10.0.0.1", "--why", "new server")
        dry = program.json_of("task", "start", *asked, "--dry-run")
        assert [row["wanted"]["servers"] for row in dry["items"]] == [["10.0.0.1"]] * 3
        database = Database(program.database_url)
        try:
            killed = program.start("task", "start", *asked, "--here", "--json")
            task_id = when_running(database)
            killed.end()
            held = program.json_of("task", "resume", str(task_id), "--here", code=1)
            assert held["error"]["code"] == "conflict"
            assert f":{killed.pid}:" in held["error"]["message"], "it is said who has it"
            with database.writing() as tx:  # as if fifteen seconds went by
                tx.execute(task_table.update().values(lease_until=system_clock() - timedelta(seconds=1)))
        finally:
            database.close()
        done = program.json_of("task", "resume", str(task_id), "--here")
        assert (done["task"]["id"], done["task"]["state"], done["counts"]) == (task_id, "done", {"done": 3})
        undone = program.json_of("task", "undo", str(task_id), "--here")
        assert undone["counts"] == {"done": 3}
        refused = program.json_of("task", "start", "set_ntp", "--camera", "1", "--why", "x", code=1)
        assert refused["error"]["code"] == "bad_input"
        counted = httpx.get(f"http://{city['control']}/operations").json()["devices"]
    assert [device["operations"].get("SetNTP") for device in counted] == [2, 2, 2]


def when_running(database):
    deadline_s = time.monotonic() + 30
    while time.monotonic() < deadline_s:
        with database.reading() as tx:
            running = [task.task_id for task in device_tasks.page(tx).items if task.state == "running"]
        if running:
            return running[0]
        time.sleep(0.005)
    pytest.fail("nobody took the task up")
