"""An outsider: PyPI's ipycam, a virtual camera that is not ours, met in a network namespace of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest

from tests.builders.outsiders import outsiders_python

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "10.222.0.1"
CONFIGURATION = {
    "name": "Outsider",
    "manufacturer": "PythonCam",
    "model": "VirtualCam-1",
    "serial_number": "PY-4711",
    "local_ip": ADDRESS,
    "username": "admin",
    "password": "Outsider-1",
    "main_width": 640,
    "main_height": 360,
    "main_fps": 10,
    "sub_width": 320,
    "sub_height": 180,
}
ASK = """
import asyncio, json, sys
from contextlib import aclosing
from vms.devices.budget import Login
from vms.devices.discover import discover
from vms.devices.discovery.request import DiscoveryRequest, Limits
from vms.devices.poll import probe_control, probe_target
from vms.media.login import Login as MediaLogin
from vms.media.proof import prove_stream

async def main():
    rows = []
    request = DiscoveryRequest(interfaces=("lo",), limits=Limits(round_s=0.3, listen_s=0.6))
    login = Login(username="admin", password=sys.argv[1])
    async with aclosing(discover(request, lambda address, port: [login])) as found:
        async for device in found:
            _, control = await probe_control(probe_target(device.address, device.port, device.quirks))
            uris = [stream.uri for channel in device.channels for stream in channel.streams]
            proofs = [await prove_stream(uri, MediaLogin("admin", sys.argv[1])) for uri in uris]
            rows.append({
                "proofs": [[p.reading.playing, p.codec, p.width, p.height, p.message] for p in proofs],
                "address": device.address, "port": device.port, "model": device.model, "serial_no": device.serial_no,
                "auth": device.auth, "heard_by": device.heard_by, "refused": device.login_refused,
                "endpoint_reference": device.endpoint_reference,
                "answered": control.answered, "because": control.because,
                "streams": [[s.uri, s.width, s.encoding] for c in device.channels for s in c.streams],
                "problems": [p.code for p in device.problems],
            })
    print(json.dumps(rows))

asyncio.run(main())
"""

pytestmark = [
    pytest.mark.namespace,
    pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root"),
    pytest.mark.skipif(shutil.which("ip") is None, reason="the Debian package iproute2 is not installed"),
]


def run(*command: str, timeout_s: float = 60.0) -> str:
    told = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, cwd=ROOT)
    assert told.returncode == 0, f"{' '.join(command)[:200]}: {told.stderr[-2000:]}"
    return told.stdout


@pytest.fixture(scope="module")
def namespace() -> Iterator[list[str]]:
    """The command in front of whatever shall run inside; nothing leaves it, for it has no interface but lo."""
    name = f"vms-devices-{uuid.uuid4().hex[:8]}"
    run("ip", "netns", "add", name)
    inside = ["ip", "netns", "exec", name]
    try:
        run(*inside, "ip", "link", "set", "lo", "up", "multicast", "on")
        run(*inside, "ip", "address", "add", f"{ADDRESS}/32", "dev", "lo")
        run(*inside, "ip", "route", "add", "224.0.0.0/4", "dev", "lo")
        yield inside
    finally:
        run("ip", "netns", "delete", name)


@pytest.fixture(scope="module")
def outsider(namespace: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("ipycam")
    video = folder / "street.mp4"
    source = "testsrc=size=640x360:rate=10:duration=4"
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    run(ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", str(video))
    (folder / "camera_config.json").write_text(json.dumps(CONFIGURATION))
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    (folder / "ffmpeg").symlink_to(ffmpeg)
    with (folder / "log").open("w") as log:
        camera = subprocess.Popen(
            [
                *namespace,
                outsiders_python(),
                "-m",
                "ipycam",
                "--config",
                "camera_config.json",
                "--source",
                str(video),
                "--hw",
                "cpu",
            ],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for_port(namespace, 8080, camera, folder / "log")
        yield namespace
    finally:
        camera.terminate()
        try:
            camera.wait(10)
        except subprocess.TimeoutExpired:
            camera.kill()
            camera.wait(10)


def wait_for_port(inside: list[str], port: int, camera: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    knock = f"import socket; socket.create_connection(('{ADDRESS}', {port}), 1)"
    while time.monotonic() < deadline and camera.poll() is None:
        if subprocess.run([*inside, sys.executable, "-c", knock], capture_output=True).returncode == 0:
            return
    pytest.fail(f"ipycam did not come up: {log.read_text()[-2000:]}")


def found(outsider: list[str], password: str) -> dict[str, object]:
    rows = json.loads(run(*outsider, sys.executable, "-c", ASK, password))
    assert len(rows) == 1, rows
    return rows[0]  # type: ignore[no-any-return]


def test_the_outsider_is_found_identified_and_its_stream_read(outsider: list[str]) -> None:
    row = found(outsider, "Outsider-1")
    assert (row["address"], row["port"]) == (ADDRESS, 8080)
    assert (row["model"], row["serial_no"], row["auth"]) == ("VirtualCam-1", "PY-4711", "wsse")
    assert row["heard_by"] == ["multicast:lo"]
    assert str(row["endpoint_reference"]).startswith("urn:uuid:")
    assert (row["answered"], row["because"]) == (True, "login_needed")
    assert {"clock_needs_login", "probe_match_without_wrapper"} <= set(row["problems"])  # type: ignore[call-overload]
    streams = row["streams"]
    assert isinstance(streams, list)
    assert [(width, encoding) for _, width, encoding in streams] == [(640, "H264"), (320, "H264")]
    assert row["proofs"] == [[True, "H264", 640, 360, ""], [True, "H264", 320, 180, ""]]
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe (Debian package ffmpeg) is not installed")
    uri = streams[0][0].replace("rtsp://", "rtsp://admin:Outsider-1@")
    wanted = ("-rtsp_transport", "tcp", "-show_entries", "stream=codec_name,width,height", "-of", "json", uri)
    told = json.loads(run(*outsider, "ffprobe", "-v", "error", *wanted))
    video = next(stream for stream in told["streams"] if "width" in stream)
    assert (video["codec_name"], video["width"], video["height"]) == ("h264", 640, 360)


def test_a_wrong_password_is_a_row_of_the_outsider(outsider: list[str]) -> None:
    row = found(outsider, "wrong")
    assert row["refused"]
    assert row["model"] == ""
