"""The supervisor restarts what fell and leaves nothing behind when it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from vms.app.serve import PROCESSES, needed_by
from vms.config import Settings

CHILD = """
import os, pathlib, sys, time
from vms.supervisor import settings_from_parent
folder = pathlib.Path(settings_from_parent().strip().strip('"'))
(folder / f"{sys.argv[1]}-{os.getpid()}").write_text(repr(sorted(os.environ)))
while True:
    time.sleep(0.05)
"""
PARENT = """
import sys
from vms.supervisor import Supervisor
child, folder = sys.argv[1:]
names = ("web", "poller")
commands = {name: (sys.executable, "-c", child, name) for name in names}
sys.exit(Supervisor(commands, {name: f'"{folder}"' for name in names}).run())
"""


def until(look: Callable[[], Any], within_s: float = 15.0) -> Any:
    deadline_s = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline_s, "it did not come to pass in time"
        time.sleep(0.02)
    return found


def pids(folder: Path, name: str) -> set[int]:
    return {int(file.name.rpartition("-")[2]) for file in folder.glob(f"{name}-*")}


def start(folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PARENT, CHILD, str(folder)], env={**os.environ, **environment})


def test_no_child_has_a_secret_in_its_environment(tmp_path: Path) -> None:
    secrets = {"VMS_ADMIN_PASSWORD": "a", "VMS_SECRET_KEY": "b", "VMS_DATABASE_URL": "c"}
    parent = start(tmp_path, VMS_TOWN="d", **secrets)
    try:
        (child,) = until(lambda: pids(tmp_path, "web"))
        told = until((tmp_path / f"web-{child}").read_text)
        assert "VMS_TOWN" in told
        assert not [name for name in secrets if name in told]
    finally:
        parent.terminate()
        assert parent.wait(15) == 0


def test_a_process_is_told_no_secret_that_it_has_no_use_for() -> None:
    settings = Settings(admin_password="word", secret_key="key", database_url="postgresql://u:hidden@host/vms")
    for name in PROCESSES:
        told = needed_by(name, settings)
        assert told.admin_password == ""
        assert (told.secret_key, told.database_url) == (
            ("", "") if name == "gateway" else (settings.secret_key, settings.database_url)
        )


def test_a_child_that_was_killed_is_started_again_and_the_other_is_left_alone(tmp_path: Path) -> None:
    parent = start(tmp_path)
    try:
        (first,) = until(lambda: pids(tmp_path, "web"))
        (other,) = until(lambda: pids(tmp_path, "poller"))
        os.kill(first, signal.SIGKILL)
        until(lambda: pids(tmp_path, "web") - {first})
        assert pids(tmp_path, "poller") == {other}
    finally:
        parent.terminate()
        assert parent.wait(15) == 0


def test_a_killed_supervisor_leaves_no_child_behind(tmp_path: Path) -> None:
    parent = start(tmp_path)
    children = until(lambda: pids(tmp_path, "web")) | until(lambda: pids(tmp_path, "poller"))
    parent.kill()
    parent.wait()
    until(lambda: not any(psutil.pid_exists(pid) for pid in children))
