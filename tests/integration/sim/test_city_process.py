"""The pretend city as a process of its own."""

import asyncio
import csv
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.builders.sim import call, own_block
from vms.sim.__main__ import options
from vms.sim.plan import plan_city

ROOT = Path(__file__).resolve().parents[3]


@asynccontextmanager
async def a_process(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, object]]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "vms.sim", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_it_says_when_it_is_ready_writes_the_archive_and_ends_on_sigterm(tmp_path: Path) -> None:
    first, archive = own_block(), tmp_path / "archive.csv"
    plan = plan_city(20, first_address=first, personalities=False)
    arguments = ("--plain", "--cameras", "20", "--first-address", first, "--archive", str(archive))
    async with a_process(*arguments) as (process, ready):
        assert (ready["ready"], ready["cameras"], ready["devices"]) == (True, 20, len(plan.devices))
        assert str(ready["control"]).startswith("127.0.0.1:")
        answer = await call(plan.devices[0], "<tds:GetDeviceInformation/>")
        assert answer.text("SerialNumber") == plan.devices[0].serial_no
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    assert archive.read_bytes().startswith(b"\xef\xbb\xbfname,tier,")
    with archive.open(encoding="utf-8-sig", newline="") as lines:
        assert {row["address"] for row in csv.DictReader(lines)} <= {device.address for device in plan.devices}


async def test_a_dead_share_never_answers() -> None:
    first = own_block()
    plan = plan_city(10, first_address=first, personalities=False)
    async with a_process("--plain", "--cameras", "10", "--first-address", first, "--dead-share", "0.2"):
        silent = 0
        for device in plan.devices:
            try:
                await call(device, "<tds:GetSystemDateAndTime/>", login=False, timeout_s=1.0)
            except TimeoutError:
                silent += 1
        assert silent == round(0.2 * len(plan.devices))


async def test_two_cities_cannot_have_the_same_addresses() -> None:
    first = own_block()
    async with a_process("--plain", "--cameras", "2", "--first-address", first):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "vms.sim", "--cameras", "2", "--first-address", first,
            cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, error = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode != 0
        assert b"ready" not in out
        assert error.startswith(b"the pretend city cannot listen") and b"in use" in error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dead-share", "2"], "share from 0 to 1"),
        (["--control", "8080"], "HOST:PORT"),
        (["--cameras", "many"], "invalid int"),
    ],
)
def test_wrong_arguments_are_named(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(arguments)
    assert message in capsys.readouterr().err


async def test_an_archive_that_cannot_be_written_is_a_sentence_before_anything_listens(tmp_path: Path) -> None:
    nowhere = tmp_path / "absent" / "archive.csv"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "vms.sim", "--plain", "--cameras", "3", "--first-address", "127.79.9.1"),
        *("--archive", str(nowhere)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, out) == (1, b"")
    why = f"the archive cannot be written to {nowhere}: No such file or directory"
    assert said.decode().splitlines() == [f"the pretend city does not start: --archive: {why}"]
