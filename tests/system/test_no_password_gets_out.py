"""A small whole run (discovery, polls, stills, tasks, exports, errors), and then every byte that came of it is searched
for the passwords of the cameras."""

import json
import threading
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.builders.forked_children import ASKED
from tests.builders.whole_program import a_program, pretend_city
from vms.sim.plan import PASSWORDS

NEW = "Kanarienvogel-77"
GIVEN = "Zweiter-Vogel-88"
SECRETS = [*PASSWORDS.values(), NEW, GIVEN]


def seen(text: bytes) -> list[str]:
    return [secret for secret in SECRETS if secret.encode() in text]


class Heard:
    """Everything that answers and commands said, and the command lines of all processes that ran in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self.bytes = b""
        self.lines: set[str] = set()
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch)

    def __enter__(self) -> "Heard":
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            for process in psutil.process_iter():
                try:
                    if process.cwd().startswith(self._folder):
                        self.lines.add(" ".join(process.cmdline()))
                except psutil.Error:
                    continue

    def add(self, answer: httpx.Response) -> httpx.Response:
        self.bytes += answer.content + repr(answer.headers).encode()
        return answer


@pytest.mark.system
def test_the_passwords_of_the_cameras_are_nowhere_to_be_read(tmp_path):
    with (
        pretend_city("--cameras", "6", "--plain", "--first-address", "127.37.60.1") as city,
        Heard(tmp_path) as heard,
    ):
        devices = httpx.get(f"http://{city['control']}/devices").json()["devices"]
        hosts = ",".join(f"{device['address']}:{device['onvif_port']}" for device in devices)
        program = a_program(tmp_path, "127.37.60.0/24", "government", polling={"interval_s": 1.0, "still_every": 1})
        heard.bytes += json.dumps(program.json_of("discover", "--hosts", hosts)).encode()
        with program.serving(**{ASKED: ""}) as client:  # each process has a command line of its own, as in earnest
            token = httpx.post(
                f"{program.url}/api/v1/session", json={"username": "admin", "password": "kill-me-twenty-times"}
            ).json()["token"]
            with httpx.Client(
                base_url=f"{program.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30
            ) as api:
                walk(api, heard)
            assert client is not None
        heard.bytes += json.dumps(program.json_of("credentials", "uses", "government")).encode()
        heard.bytes += json.dumps(program.json_of("credentials", "rotate-key")).encode()
        heard.bytes += json.dumps(program.json_of("export", str(tmp_path / "cameras.csv"))).encode()
        heard.bytes += json.dumps(program.json_of("task", "status", "2")).encode()
    assert len(heard.bytes) > 5_000
    assert seen(heard.bytes) == []
    assert seen("\n".join(heard.lines).encode()) == []
    assert any("vms.app.web" in line for line in heard.lines)
    searched = 0
    for file in tmp_path.rglob("*"):
        if file.is_file() and not file.name.startswith("password-"):
            searched += 1
            assert seen(file.read_bytes()) == [], file
    assert searched >= 5, "database, log, settings, export, stills"


def walk(api: httpx.Client, heard: Heard) -> None:
    """What people do, and what goes wrong."""
    cameras = heard.add(api.get("/cameras")).json()["items"]
    ids = [camera["id"] for camera in cameras]
    assert len(ids) == 6
    heard.add(api.get(f"/cameras/{ids[0]}"))
    heard.add(api.get(f"/cameras/{ids[0]}/snapshot", params={"fresh": 1, "purpose": "test"}))
    put = {"username": "admin", "password": GIVEN}
    assert heard.add(api.put("/credentials/another", json=put)).status_code == 200
    assert heard.add(api.put("/credentials/another", json={**put, "username": 7})).status_code == 422
    assert heard.add(api.put("/credentials/another", json={**put, "owner": "nobody"})).status_code == 400
    assert heard.add(api.put("/credentials/another", content=json.dumps(put)[:-2])).status_code in (400, 422)
    heard.add(api.get("/credentials"))
    assert run(api, heard, {"kind": "set_ntp", "parameters": {"servers": "10.0.0.1"}}, ids) == {"done": 6}
    assert run(api, heard, {"kind": "change_password", "password": NEW}, ids) == {"done": 6}
    bad = {"kind": "reboot", "camera_ids": ids, "why": "a test", "password": NEW}
    assert heard.add(api.post("/device-tasks", json=bad)).status_code == 400
    short = {"kind": "change_password", "camera_ids": ids, "why": "a test", "password": "x" * 70 + NEW}
    assert heard.add(api.post("/device-tasks", json=short)).status_code == 422
    for path in ("/credentials/1/uses", "/device-tasks/2/steps", "/faults", "/system", "/health/summary"):
        heard.add(api.get(path))


def run(api: httpx.Client, heard: Heard, asked: dict[str, object], ids: list[int]) -> dict[str, int]:
    """The counts of a task that the server's own jobs process has brought to its end."""
    started = heard.add(api.post("/device-tasks", json={"camera_ids": ids, "why": "a test", **asked}))
    assert started.status_code == 201, started.text
    task_id, ends_s = started.json()["id"], time.monotonic() + 30
    while True:
        row = heard.add(api.get(f"/device-tasks/{task_id}")).json()
        if row["state"] == "done":
            return row["counts"]
        assert time.monotonic() < ends_s, row
        time.sleep(0.1)
