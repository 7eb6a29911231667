"""How long other answers of the API take while a large assessment is counted: the real web process, a month of history.

`--database FILE` keeps the history for the next run. Promise: p99 < 50 ms, with it as without.
"""

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
import psutil

from bench.bench_assessment import FIRST, LAST, make_month
from vms.app.serve import first_start
from vms.config import Settings
from vms.store.database import Database
from vms.store.migrate import upgrade

CALLS = ("/cameras?limit=50", "/faults?limit=50", "/health/summary", "/assessment/profiles")
PASSWORD = "a-password-for-this-run-only"
PAUSE_S = 0.05


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def used_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def asked_until(client: httpx.Client, is_over: threading.Event) -> list[float]:
    """Milliseconds of each call, one after the other with a pause."""
    found = []
    while not is_over.is_set():
        for call in CALLS:
            began_s = time.perf_counter()
            client.get(call).raise_for_status()
            found.append(1000 * (time.perf_counter() - began_s))
            time.sleep(PAUSE_S)
    return found


def told(name: str, found_ms: list[float]) -> None:
    p99 = sorted(found_ms)[int(0.99 * len(found_ms))]
    sys.stdout.write(
        f"{name}: {len(found_ms)} answers, median {statistics.median(found_ms):.1f}, p99 {p99:.1f},"
        f" slowest {max(found_ms):.1f} ms\n"
    )


def measure(settings: Settings) -> None:
    first_start(settings)
    web = subprocess.Popen([sys.executable, "-m", "vms.app.web"], stdin=subprocess.PIPE)
    assert web.stdin is not None
    web.stdin.write(settings.model_dump_json().encode() + b"\n")
    web.stdin.flush()
    base = f"http://127.0.0.1:{settings.port}/api/v1"
    try:
        with httpx.Client(base_url=base, timeout=600) as client:
            for _ in range(600):
                try:
                    client.post("/session", json={"username": "admin", "password": PASSWORD}).raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            for call in CALLS * 2:
                client.get(call).raise_for_status()
            process, is_over = psutil.Process(web.pid), threading.Event()
            threading.Timer(15, is_over.set).start()
            told("before", asked_until(client, is_over))
            is_over.clear()
            answers: list[httpx.Response] = []
            asks = httpx.Client(base_url=base, timeout=600, cookies=client.cookies, headers=client.headers)

            def ask() -> None:
                answers.append(asks.get("/assessment", params={"from": str(FIRST), "to": str(LAST), "by": "tier"}))
                is_over.set()

            began_s, before_s = time.perf_counter(), used_s(process)
            threading.Thread(target=ask).start()
            told("while a month is assessed", asked_until(client, is_over))
            took_s, web_s = time.perf_counter() - began_s, used_s(process) - before_s
            times = process.cpu_times()
            sys.stdout.write(
                f"the assessment: {answers[0].status_code}, {took_s:.1f} s; CPU of web meanwhile {web_s:.1f} s,"
                f" of the process beside {times.children_user + times.children_system:.1f} s\n"
            )
    finally:
        web.terminate()
        web.wait(20)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--cameras", type=int, default=100_000)
    wanted.add_argument("--database", type=Path)
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = asked.database or Path(folder) / "vms.db"
        if not file.exists():
            database = Database(f"sqlite:///{file}")
            upgrade(database)
            make_month(database, asked.cameras)
            database.close()
        measure(
            Settings(
                data_folder=Path(folder),
                database_url=f"sqlite:///{file}",
                port=free_port(),
                admin_password=PASSWORD,
            )
        )


if __name__ == "__main__":
    main()
