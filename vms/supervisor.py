"""Keeps the processes of one `vms serve` running: starts them, restarts one that ended, ends all with itself.

Each child reads its own settings as one JSON line from its standard input, which stays open as long as the supervisor
lives: a child whose input ends (the supervisor was stopped, or killed) stops too, so nothing is ever left behind.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
STOP_WITHIN_S = 10.0
LOOK_EVERY_S = 0.2
SECRETS = frozenset({"VMS_ADMIN_PASSWORD", "VMS_SECRET_KEY", "VMS_DATABASE_URL"})
"""Never in the environment of a child."""


@dataclass(slots=True)
class _Child:
    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started_at_s: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    start_again_at_s: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """`commands`: name → command line of a child; `settings_json`: name → what it is told."""

    commands: dict[str, tuple[str, ...]]
    settings_json: dict[str, str]
    _children: list[_Child] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Until SIGTERM or SIGINT. Returns 0; children get SIGTERM, then, if they must, SIGKILL."""
        self._children = [_Child(name, command) for name, command in self.commands.items()]
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            while not self._stop.wait(LOOK_EVERY_S):
                for child in self._children:
                    self._look_after(child, time.monotonic())
        finally:
            self._end_all()
        return 0

    def _look_after(self, child: _Child, now_s: float) -> None:
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            if now_s - child.started_at_s > STEADY_AFTER_S:
                child.pause_s = FIRST_PAUSE_S
            log.error("%s ended with %s; it starts again in %.1f s", child.name, code, child.pause_s)
            child.process = None
            child.start_again_at_s = now_s + child.pause_s
            child.pause_s = min(child.pause_s * 2, LONGEST_PAUSE_S)
        if now_s >= child.start_again_at_s:
            self._start(child, now_s)

    def _start(self, child: _Child, now_s: float) -> None:
        # a group of its own keeps Ctrl-C away; of the same session, so that niceness counts among the children
        child.process = subprocess.Popen(  # noqa: S603
            child.command, stdin=subprocess.PIPE, process_group=0, env=without_secrets(os.environ)
        )
        child.started_at_s = now_s
        assert child.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            child.process.stdin.write(self.settings_json[child.name].encode() + b"\n")
            child.process.stdin.flush()

    def _end_all(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline_s = time.monotonic() + STOP_WITHIN_S
        for process in running:
            try:
                process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """A child is told what it needs on its standard input, which nobody else can read later."""
    return {name: value for name, value in environment.items() if name.upper() not in SECRETS}


def settings_from_parent() -> str:
    """In a child: the settings line; from now on the child ends with its parent."""
    line = sys.stdin.buffer.readline()
    end_with_input()
    return line.decode()


def end_with_input() -> None:
    """From now on this process gets SIGTERM when its standard input ends: when whoever started it is gone."""
    threading.Thread(target=_wait_for_the_end, name="end with input", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_WITHIN_S)
    os._exit(1)
