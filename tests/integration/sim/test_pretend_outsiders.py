"""Programs that we did not write get along with the pretend city: ffprobe, onvif-zeep-async, Debian's onvif-util."""

import asyncio
import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.builders.outsiders import outsiders_python
from tests.builders.sim import a_city, a_device
from vms.inventory.camera import StreamRole
from vms.sim.personality import habit
from vms.sim.plan import PASSWORDS, SIZES, plan_city

ROOT = Path(__file__).resolve().parents[3]
needs_ffprobe = pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe (Debian: ffmpeg) is not installed")
needs_onvif_util = pytest.mark.skipif(
    shutil.which("onvif-util") is None or shutil.which("unshare") is None or os.geteuid() != 0,
    reason="needs onvif-util (Debian: onvif-tools) and root for a network namespace of its own",
)


async def output_of(*command: str, given: bytes = b"", within_s: float = 40.0) -> str:
    """What a program prints; its own errors included."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=ROOT,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(given), within_s)
    except TimeoutError:
        process.kill()
        raise
    return out.decode(errors="replace")


@needs_ffprobe
@pytest.mark.parametrize(
    ("role", "label", "codec"),
    [
        (StreamRole.MAIN, "plain", "h264"),
        (StreamRole.SUB, "plain", "h264"),
        (StreamRole.SUB, "h265_only", "hevc"),
        (StreamRole.SUB, "one_line_probe", "h264"),
    ],
)
async def test_ffprobe_sees_the_codec_and_the_size(role: StreamRole, label: str, codec: str) -> None:
    async with a_device(habit(label)) as (city, device):
        path = city.device(device.address).stream_path(1, role)
        address = f"rtsp://{device.username}:{device.password}@{device.address}:{device.rtsp_port}{path}"
        said = await output_of(
            "ffprobe", "-v", "quiet", "-rtsp_transport", "tcp", "-show_streams", "-of", "json", address
        )  # fmt: skip
        stream = json.loads(said)["streams"][0]
        assert (stream["codec_name"], stream["width"], stream["height"]) == (codec, *SIZES[role])


@needs_ffprobe
async def test_ffprobe_decodes_without_a_complaint() -> None:
    async with a_device() as (city, device):
        path = city.device(device.address).stream_path(1, StreamRole.SUB)
        address = f"rtsp://{device.username}:{device.password}@{device.address}:{device.rtsp_port}{path}"
        said = await output_of(
            "ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-read_intervals", "%+3", "-count_frames",
            "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", address,
        )  # fmt: skip
        assert int(said.strip()) > 20, said


WALK = """
import asyncio, json, sys
from datetime import timedelta
from onvif import ONVIFCamera

async def walk(address, port, username, password):
    camera = ONVIFCamera(address, port, username, password)
    await camera.update_xaddrs()
    management = await camera.create_devicemgmt_service()
    information = await management.GetDeviceInformation()
    interfaces = await management.GetNetworkInterfaces()
    media = await camera.create_media_service()
    profiles = await media.GetProfiles()
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    stream = await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": "Profile_1_sub"})
    still = await camera.get_snapshot("Profile_1_sub")
    points = await camera.create_pullpoint_manager(timedelta(seconds=60), lambda: None)
    pulled = await points.get_service().PullMessages({"MessageLimit": 10, "Timeout": timedelta(seconds=1)})
    await points.shutdown()
    await camera.close()
    return {
        "model": information.Model,
        "serial_no": information.SerialNumber,
        "mac": interfaces[0].Info.HwAddress,
        "widths": [profile.VideoEncoderConfiguration.Resolution.Width for profile in profiles],
        "stream": stream.Uri,
        "still_begins": still[:3].hex(),
        "events": len(pulled.NotificationMessage),
    }

async def main():
    print(json.dumps([await walk(*one) for one in json.loads(sys.argv[1])]))

asyncio.run(main())
"""


async def test_onvif_zeep_async_walks_through_every_maker() -> None:
    async with a_city(24) as city:
        devices = list({device.manufacturer: device for device in city.plan.devices}.values())
        asked = [(one.address, one.onvif_port, one.username, one.password) for one in devices]
        said = await output_of(outsiders_python(), "-c", WALK, json.dumps(asked), within_s=100.0)
        assert said.startswith("["), said
        for device, seen in zip(devices, json.loads(said), strict=True):
            assert seen == {
                "model": device.model,
                "serial_no": device.serial_no,
                "mac": device.macs[0],
                "widths": [1280, 640] * len(device.channels),
                "stream": city.device(device.address).stream_uri(1, StreamRole.SUB),
                "still_begins": "ffd8ff",
                "events": 3 * len(device.channels),
            }


IN_A_NAMESPACE = """
set -e
ip link set lo up; ip link set lo multicast on; ip route add 224.0.0.0/4 dev lo
"$1" -m vms.sim --plain --cameras 3 --first-address 127.20.253.1 --port 80 --rtsp-port 554 --delay-ms 20 > "$2" &
city=$!
for _ in $(seq 200); do grep -q ready "$2" && break; sleep 0.1; done
onvif-util -a
printf 'get profiles\\nget video 1\\nget rtsp\\nget time\\nget network\\nget imaging\\nquit\\n' |
    onvif-util -u admin -p "$3" 127.20.253.1
kill -TERM $city; wait $city
"""


@pytest.mark.namespace
@needs_onvif_util
async def test_onvif_util_finds_the_cameras_and_asks_one(tmp_path: Path) -> None:
    plan = plan_city(3, first_address="127.20.253.1", personalities=False)
    first = plan.devices[0]
    ready = str(tmp_path / "ready")
    inside = ("unshare", "-n", "bash", "-c", IN_A_NAMESPACE)
    said = await output_of(*inside, "city", sys.executable, ready, PASSWORDS[first.tier])
    assert "Found 3 cameras" in said
    for device in plan.devices:
        assert device.address in said
    assert f"serial: {first.serial_no}" in said
    assert "Token 0: Profile_1_main" in said
    assert "Token 1: Profile_1_sub" in said
    assert "rtsp://127.20.253.1:554/" in said
    assert re.search(r"Time Offset: -?[01] seconds", said)
    assert "Brightness: 50" in said
    assert "ERROR" not in said
