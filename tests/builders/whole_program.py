"""The whole program as processes of its own: a pretend city, `vms` commands, `vms serve`."""

import contextlib
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import tomli_w

from tests.builders.forked_children import ASKED
from tests.builders.forked_python import Forked, fork_module
from tests.builders.warm_vms import run_vms
from vms.demo.api import Client, NoAnswer
from vms.demo.run import free_port
from vms.sim.plan import PASSWORDS, USERNAME

ADMIN_PASSWORD = "kill-me-twenty-times"
READY_WITHIN_S = 90.0
GONE_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A folder with settings, a data folder and a log."""

    folder: Path
    port: int

    @property
    def config(self) -> Path:
        return self.folder / "vms.toml"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'data' / 'vms.db'}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *arguments: str, **environment: str) -> Forked:
        """`vms ARGUMENTS` with the settings of this folder, in a session of its own. What it starts are forks of it."""
        with (self.folder / "log").open("ab") as log:
            return fork_module(
                *("vms", *arguments, "--config", str(self.config)),
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=log.fileno(),
                environment={"VMS_ADMIN_PASSWORD": ADMIN_PASSWORD, ASKED: "1", **environment},
            )

    def json_of(self, *arguments: str, code: int = 0) -> Any:
        """What `vms ARGUMENTS --json` printed; it must have ended with `code`."""
        told = ["--config", str(self.config), "--json"]
        ran = run_vms(*arguments, *told, cwd=self.folder, VMS_ADMIN_PASSWORD=ADMIN_PASSWORD)
        with (self.folder / "log").open("ab") as log:
            log.write(ran.said)
        assert ran.code == code, self.last_words()
        return json.loads(ran.out)

    def last_words(self) -> str:
        return (self.folder / "log").read_text()[-3000:]

    def when_ready(self, server: Forked) -> Client:
        """The administrator, signed in, once the server answers."""
        deadline_s = time.monotonic() + READY_WITHIN_S
        with httpx.Client(base_url=self.url, timeout=5) as asks:  # a new one for each question costs 25 ms
            while True:
                with contextlib.suppress(httpx.TransportError, NoAnswer):
                    if asks.get("/healthz").is_success:
                        return Client(self.url, "admin", ADMIN_PASSWORD)
                assert server.poll() is None, self.last_words()
                assert time.monotonic() < deadline_s, self.last_words()
                time.sleep(0.02)

    @contextlib.contextmanager
    def serving(self, **environment: str) -> Iterator[Client]:
        """`vms serve` until the end of the block, then ended in good order."""
        server = self.start("serve", **environment)
        try:
            yield self.when_ready(server)
            server.terminate()
            assert server.wait(GONE_WITHIN_S) == 0, self.last_words()
        finally:
            gone_by_force(family(server.pid))


def a_program(folder: Path, network: str, tier: str, **more: Any) -> Program:
    """Settings for the pretend city of that network; `more` are keys of the settings file."""
    program = Program(folder=folder, port=free_port())
    sets = []
    for name, password in PASSWORDS.items():
        file = folder / f"password-{name.value}"
        file.write_text(password + "\n")
        file.chmod(0o600)
        sets.append({"name": name.value, "username": USERNAME, "password_file": str(file)})
    of_tier = {"cidr": network, "tier": tier, "credentials": [item["name"] for item in sets], "trusted": True}
    settings = {
        "data_folder": str(folder / "data"),
        "port": program.port,
        "credentials": sets,
        "networks": [of_tier],
        **more,
    }
    program.config.write_text(tomli_w.dumps(settings))
    return program


@contextlib.contextmanager
def pretend_city(*arguments: str) -> Iterator[dict[str, Any]]:
    """`python -m vms.sim ARGUMENTS`; the line in which it says that it answers."""
    process = fork_module("vms.sim", *arguments, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, "the pretend city did not start"
        yield json.loads(line)
    finally:
        process.terminate()
        process.wait(GONE_WITHIN_S)
        process.stdout.close()


def family(pid: int) -> list[psutil.Process]:
    """The process, if it is still there, and everything that it has started."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def gone_by_force(processes: list[psutil.Process]) -> None:
    """`kill -9`, in the given order. Returns when all are gone."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    all_gone(processes)


def all_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=GONE_WITHIN_S)
    assert not alive, f"still there: {alive}"
