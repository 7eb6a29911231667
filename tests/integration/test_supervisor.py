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

CHILD = """
import os, pathlib, sys, time
from vms.supervisor import settings_from_parent
folder = pathlib.Path(settings_from_parent().strip().strip('"'))
(folder / f"{sys.argv[1]}-{os.getpid()}").touch()
while True:
    time.sleep(0.05)
"""
PARENT = """
import sys
from vms.supervisor import Supervisor
child, folder = sys.argv[1:]
sys.exit(Supervisor({name: (sys.executable, "-c", child, name) for name in ("web", "poller")}, f'"{folder}"').run())
"""


def until(look: Callable[[], Any], within_s: float = 15.0) -> Any:
    deadline_s = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline_s, "it did not come to pass in time"
        time.sleep(0.02)
    return found


def pids(folder: Path, name: str) -> set[int]:
    return {int(file.name.rpartition("-")[2]) for file in folder.glob(f"{name}-*")}


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PARENT, CHILD, str(folder)])


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
