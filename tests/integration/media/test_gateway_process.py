"""The gateway as a process: its socket, its client, its end."""

import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.builders.media_camera import Habits, a_camera, a_clip
from tests.builders.media_waiting import until_true
from vms.core.errors import BadInput, TryAgain
from vms.inventory.camera import StreamRole
from vms.media.gateway import LiveGateway
from vms.media.gateway_client import GatewayClient, connect
from vms.media.gateway_server import serving
from vms.media.live import InitSegment, LiveNews, LiveSource, MediaFragment, NewsKind
from vms.media.live_wire import HEAD_BYTES, MEDIA, Open, read_head, write_request
from vms.media.login import Login
from vms.media.trouble import PictureFailed


@dataclass
class RunningGateway:
    process: asyncio.subprocess.Process
    socket_path: Path
    log_path: Path
    client: GatewayClient


async def answers(client: GatewayClient) -> bool:
    try:
        await client.status()
    except TryAgain:
        return False
    return True


async def answers_or_ended(client: GatewayClient, process: asyncio.subprocess.Process) -> bool:
    return process.returncode is not None or await answers(client)


async def is_gone(path: Path) -> bool:
    return not await asyncio.to_thread(path.exists)


@asynccontextmanager
async def a_gateway(folder: Path, *options: str) -> AsyncIterator[RunningGateway]:
    socket_path, log_path = folder / "gateway.sock", folder / "gateway.log"
    with log_path.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "vms.media.run_gateway", "--socket", str(socket_path), *options, stderr=log
        )
    client = connect(socket_path)
    try:
        await until_true(lambda: answers_or_ended(client, process))
        yield RunningGateway(process, socket_path, log_path, client)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_pictures_come_over_the_socket_and_no_password_is_written_anywhere(tmp_path: Path) -> None:
    login = Login("operator", "correct horse")
    async with a_camera(Habits(login=("operator", "correct horse"), speed=3)) as camera, a_gateway(tmp_path) as running:
        source = LiveSource(camera="7", role=StreamRole.SUB, uri=camera.uri, login=login)
        kinds: list[str] = []
        async with aclosing(running.client.open(source)) as messages, asyncio.timeout(10):
            async for message in messages:
                kinds.append(message.kind.value if isinstance(message, LiveNews) else type(message).__name__)
                if kinds.count("MediaFragment") == 3:
                    break
        assert kinds[:4] == ["cold", "init", "InitSegment", "MediaFragment"]
        wrong = LiveSource(camera="7", role=StreamRole.SUB, uri=camera.uri, login=Login("operator", "wrong horse"))
        async with aclosing(running.client.open(wrong)) as messages:
            last = [message async for message in messages][-1]
        assert isinstance(last, LiveNews) and last.kind == NewsKind.REFUSED and last.because == "login_refused"
        with pytest.raises(PictureFailed):
            await running.client.warm(wrong, seconds=3)
        status = await running.client.status()
        assert status.upstreams[0].camera == "7"
        assert stat.S_IMODE(running.socket_path.stat().st_mode) == 0o600
        running.process.send_signal(signal.SIGTERM)
        assert await running.process.wait() == 0
        assert not running.socket_path.exists()
        assert b"horse" not in running.log_path.read_bytes()
        await camera.until(lambda: camera.playing == 0)


async def test_viewers_share_one_pull_and_are_told_when_the_camera_is_closed(tmp_path: Path) -> None:
    async with a_camera(Habits(speed=2)) as camera, a_gateway(tmp_path) as running:
        source = LiveSource(camera="7", role=StreamRole.SUB, uri=camera.uri)
        ready = asyncio.Event()
        playing = 0

        async def look() -> str:
            nonlocal playing
            last = ""
            async with aclosing(running.client.open(source)) as messages:
                async for message in messages:
                    if isinstance(message, MediaFragment) and last != "shown":
                        last = "shown"
                        playing += 1
                        ready.set()
                    if isinstance(message, LiveNews):
                        last = message.because or last
            return last

        async with asyncio.timeout(15), asyncio.TaskGroup() as group:
            looks = [group.create_task(look()) for _ in range(9)]
            while playing < 9:
                ready.clear()
                await ready.wait()
            assert await running.client.close("7", because="withdrawn") == 9
        assert [task.result() for task in looks] == ["withdrawn"] * 9
        assert camera.played == 1


async def test_a_viewer_that_takes_nothing_costs_little_and_hurts_nobody(tmp_path: Path) -> None:
    clip = a_clip(width=640, height=480, pictures=60, fps=30, gop=10)
    async with a_camera(Habits(speed=6), clip) as camera, a_gateway(tmp_path) as running:
        source = LiveSource(camera="7", role=StreamRole.SUB, uri=camera.uri)
        stuck_reader, stuck_writer = await asyncio.open_unix_connection(str(running.socket_path), limit=1024)
        stuck_writer.write(write_request(Open(source=source)))
        received = 0
        async with aclosing(running.client.open(source)) as messages, asyncio.timeout(60):
            async for message in messages:
                received += isinstance(message, MediaFragment)
                if received % 50 == 49:
                    (upstream,) = (await running.client.status()).upstreams
                    if upstream.dropped_fragments > 50 and received > upstream.pictures * 0.8:
                        break  # the stuck one lost pictures, the other one got them, if late on a busy machine
        assert psutil.Process(running.process.pid).memory_info().rss < 120_000_000
        kinds: list[tuple[int, int]] = []
        async with asyncio.timeout(20):
            while len(kinds) < 40 or kinds[-1] != (MEDIA, 1):
                length, kind, flags = read_head(await stuck_reader.readexactly(HEAD_BYTES))
                await stuck_reader.readexactly(length)
                kinds.append((kind, flags))
        stuck_writer.close()


async def test_warm_status_and_a_stop_in_the_middle(tmp_path: Path) -> None:
    async with a_camera() as camera, a_gateway(tmp_path, "--linger-s", "0.2") as running:
        source = LiveSource(camera="7", role=StreamRole.SUB, uri=camera.uri)
        await running.client.warm(source, seconds=20)
        await camera.until(lambda: camera.playing == 1)
        async with aclosing(running.client.open(source)) as messages:
            async for message in messages:
                if isinstance(message, InitSegment):
                    running.process.kill()
                    break
            rest = [message async for message in messages]
        last = rest[-1]
        assert isinstance(last, LiveNews) and last.because == "gateway_away"
        with pytest.raises(TryAgain):
            await running.client.status()


async def test_a_killed_gateway_leaves_a_socket_that_the_next_one_takes_over(tmp_path: Path) -> None:
    async with a_gateway(tmp_path) as running:
        running.process.kill()
        await running.process.wait()
        assert running.socket_path.exists()
    async with a_gateway(tmp_path) as running:
        assert (await running.client.status()).viewers == 0
        async with a_gateway(tmp_path) as second:
            assert await second.process.wait() != 0
        assert (await running.client.status()).viewers == 0


async def test_the_gateway_goes_when_its_parent_is_gone(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, os; p = subprocess.Popen([sys.executable, '-m', 'vms.media.run_gateway', '--socket',"
        f" {str(tmp_path / 'g.sock')!r}, '--exit-with-parent']); print(p.pid, flush=True); sys.stdin.read()"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    try:
        client = connect(tmp_path / "g.sock")
        await until_true(lambda: answers(client))
        parent.kill()
        await parent.wait()
        await until_true(lambda: is_gone(tmp_path / "g.sock"))
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize(
    "line",
    [
        b"\x00\xff\n",
        b"[1]\n",
        b"{}\n",
        b'{"op": "open"}\n',
        b'{"op": "open", "camera": 5, "uri": "rtsp://127.21.0.1/"}\n',
        b'{"op": "open", "camera": "5", "uri": "rtsp://127.21.0.1/", "role": "third"}\n',
        b'{"op": "warm", "camera": "5", "uri": "rtsp://127.21.0.1/", "seconds": -1}\n',
        b"[" * 10_000 + b"\n",
    ],
)
async def test_a_request_that_makes_no_sense_gets_an_error(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "g.sock"
    async with LiveGateway() as gateway, serving(gateway, path):
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(line)
        length, _, _ = read_head(await reader.readexactly(HEAD_BYTES))
        assert "error" in json.loads(await reader.readexactly(length))
        assert await reader.read() == b""
        writer.close()
    with pytest.raises(BadInput):
        read_head(b"\xff" * HEAD_BYTES)
