"""Starts the pretend city and the server as processes of their own, and ends them.

Both also end by themselves when the demo is killed: their standard input ends with it.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from vms.core.errors import TryAgain
from vms.demo.settings import DemoFolder

START_WITHIN_S = 180.0
STOP_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    name: str
    """As a sentence begins with it: the server."""
    process: subprocess.Popen[bytes]
    ready: dict[str, Any]
    log_file: Path

    def must_run(self) -> None:
        """Raises TryAgain with its last words where it has ended."""
        code = self.process.poll()
        if code is not None:
            raise TryAgain(f"{self.name} ended ({_how(code)}): {last_words(self.log_file)}", code="process_ended")


@contextlib.contextmanager
def running_city(arguments: list[str], log_file: Path) -> Iterator[Running]:
    """The pretend city; `ready` is the line it prints once it answers."""
    with log_file.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "vms.sim", "--end-with-input", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    with _ending(process):
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            process.wait(STOP_WITHIN_S)
            raise TryAgain(f"the pretend city did not start: {last_words(log_file)} (is another demo running?)")
        yield Running(name="the pretend city", process=process, ready=json.loads(line), log_file=log_file)


@contextlib.contextmanager
def running_server(folder: DemoFolder, log_file: Path) -> Iterator[Running]:
    """`vms serve` on the demo's settings; waits until the console answers."""
    environment = {**os.environ, "VMS_ADMIN_PASSWORD": folder.admin_password}
    with log_file.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "vms", "serve", "--end-with-input", "--config", str(folder.config)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    with _ending(process), httpx.Client(base_url=folder.base_url, timeout=2.0) as asks:
        deadline_s = time.monotonic() + START_WITHIN_S
        while True:
            with contextlib.suppress(httpx.TransportError):
                if asks.get("/healthz").is_success:
                    break
            if process.poll() is not None:
                raise TryAgain(f"the server did not start: {last_words(log_file)}")
            if time.monotonic() > deadline_s:
                raise TryAgain(too_slow(log_file), code="too_slow")
            time.sleep(0.1)
        yield Running(name="the server", process=process, ready={"url": folder.base_url}, log_file=log_file)


def too_slow(log_file: Path) -> str:
    return (
        f"the server runs, but has not answered within {START_WITHIN_S:.0f} s: this machine is busy or slow. "
        f"End other programs, or take fewer cameras (--cameras 50), and start again; its log is {log_file}"
    )


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def last_words(log_file: Path) -> str:
    """The last line of a log that says something of its own."""
    lines = log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip() and "Warning" not in line), "it said nothing")


@contextlib.contextmanager
def _ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
