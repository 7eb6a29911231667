"""Where a test asks for it, the processes that a forked `vms` starts are forks of it, with all that it has loaded.

Each is a process of its own all the same: a child of whoever started it, with its own number, group, streams and
environment, that is waited for and killed as ever. The main job and the supervisor's tests start theirs in earnest.
"""

import ctypes
import inspect
import os
import subprocess
import sys
import threading
from typing import Any

from tests.builders.become_program import become

ASKED = "VMS_TESTS_FORK_CHILDREN"
"""Set in the environment of a forked program: its children are forks."""
FORKED = frozenset({"vms", "vms.sim", "vms.app.web", "vms.app.poller", "vms.app.gateway", "vms.app.jobs"})
HARMLESS_THREADS = frozenset({"MainThread", "end with input"})
"""They hold no lock that a fork would find held for ever: the second does nothing but read."""
SET_NAME = 15
"""Of prctl(2)."""
PIPES = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
_original = subprocess.Popen
_signature = inspect.signature(_original._execute_child)  # type: ignore[attr-defined]


class ForkingPopen(_original[Any]):
    """As ever for any other command, and where a thread of the parent might hold a lock."""

    def _execute_child(self, args: Any, *more: Any) -> None:
        if not (_is_forked(args) and {one.name for one in threading.enumerate()} <= HARMLESS_THREADS):
            super()._execute_child(args, *more)  # type: ignore[misc]
            return
        given = _signature.bind(self, args, *more).arguments
        self.pid = os.fork()
        if self.pid == 0:
            _become(list(args), given)
        self._child_created = True
        self._close_pipe_fds(*(given[name] for name in PIPES))  # type: ignore[attr-defined]


def children_are_forks() -> None:
    """In a forked process, before its program begins."""
    subprocess.Popen = ForkingPopen  # type: ignore[misc]


def _is_forked(command: Any) -> bool:
    return isinstance(command, list | tuple) and tuple(command[:2]) == (sys.executable, "-m") and command[2] in FORKED


def _become(command: list[str], given: dict[str, Any]) -> None:
    if given["start_new_session"]:
        os.setsid()
    elif given.get("process_group", -1) >= 0:
        os.setpgid(0, given["process_group"])
    ctypes.CDLL(None).prctl(SET_NAME, command[2].encode(), 0, 0, 0)
    asked = {
        "module": command[2],
        "arguments": command[2:],
        "cwd": given["cwd"] or os.getcwd(),
        "environment": dict(os.environ if given["env"] is None else given["env"]),
    }
    become(asked, [given["p2cread"], given["c2pwrite"], given["errwrite"]])
