"""The demo notices when what it started ends, and says which of them it was."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vms.core.errors import TryAgain
from vms.demo.api import Client
from vms.demo.processes import Running
from vms.demo.run import free_port, keep_running


def running(folder: Path, name: str, code: str) -> Running:
    log_file = folder / f"{name}.log"
    log_file.write_text("its last words\n")
    process = subprocess.Popen([sys.executable, "-c", code])
    return Running(name=name, process=process, ready={}, log_file=log_file)


def test_a_killed_server_ends_the_demo_with_a_sentence(tmp_path: Path) -> None:
    city = running(tmp_path, "the pretend city", "import time; time.sleep(60)")
    server = running(tmp_path, "the server", "import time; time.sleep(60)")
    try:
        for one in (city, server):
            one.must_run()
        os.kill(server.process.pid, signal.SIGKILL)
        with pytest.raises(TryAgain, match=r"the server ended \(SIGKILL\): its last words"):
            keep_running(city, server)
    finally:
        for one in (city, server):
            one.process.kill()
            one.process.wait()


def test_a_city_that_ended_by_itself_is_told_too(tmp_path: Path) -> None:
    city = running(tmp_path, "the pretend city", "raise SystemExit(3)")
    with pytest.raises(TryAgain, match=r"the pretend city ended \(exit code 3\)"):
        keep_running(city)


def test_a_server_that_is_gone_is_a_sentence_for_the_client() -> None:
    started_s = time.monotonic()
    with pytest.raises(TryAgain, match="POST /session: the server does not answer"):
        Client(f"http://127.0.0.1:{free_port()}", "admin", "secret")
    assert time.monotonic() - started_s < 10
