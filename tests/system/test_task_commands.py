"""`vms task`: what would change, carried out in this process, undone."""

import httpx
import pytest

from tests.builders.whole_program import a_program, pretend_city


@pytest.mark.system
def test_a_task_is_looked_at_carried_out_and_undone_from_the_command_line(tmp_path):
    with pretend_city("--cameras", "3", "--plain", "--first-address", "127.37.80.1") as city:
        devices = httpx.get(f"http://{city['control']}/devices").json()["devices"]
        program = a_program(tmp_path, "127.37.80.0/24", "government")
        hosts = ",".join(f"{device['address']}:{device['onvif_port']}" for device in devices)
        assert program.json_of("discover", "--hosts", hosts)["new"] == 3
        asked = ("set_ntp", "--filter", "tier=government", "--set", "servers=10.0.0.1", "--why", "new server")
        dry = program.json_of("task", "start", *asked, "--dry-run")
        assert [row["wanted"]["servers"] for row in dry["items"]] == [["10.0.0.1"]] * 3
        done = program.json_of("task", "start", *asked, "--here")
        assert (done["task"]["state"], done["counts"]) == ("done", {"done": 3})
        undone = program.json_of("task", "undo", str(done["task"]["task_id"]), "--here")
        assert undone["counts"] == {"done": 3}
        refused = program.json_of("task", "start", "set_ntp", "--camera", "1", "--why", "x", code=1)
        assert refused["error"]["code"] == "bad_input"
        counted = httpx.get(f"http://{city['control']}/operations").json()["devices"]
    assert [device["operations"].get("SetNTP") for device in counted] == [2, 2, 2]
