"""Clips are cut from live streams as they come."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.builders.media_camera import Habits, a_camera, a_clip
from vms.inventory.camera import StreamRole
from vms.media.clip import record_clip, record_live
from vms.media.gateway import LiveGateway
from vms.media.live import LiveSource
from vms.media.login import Login
from vms.media.trouble import PictureFailed, Trouble


async def probed(path: Path) -> dict[str, str]:
    """What an outsider sees in the file."""
    process = await asyncio.create_subprocess_exec(
        "ffprobe", "-v", "error", "-count_frames", "-of", "json", "-show_entries",
        "stream=codec_name,width,height,nb_read_frames,duration", str(path), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    return json.loads(out)["streams"][0]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_clip_is_as_long_as_asked_and_needs_no_transcoding(tmp_path: Path) -> None:
    target = tmp_path / "clip.mp4"
    async with a_camera(Habits(login=("operator", "secret"), speed=4)) as camera:
        clip = await record_clip(camera.uri, Login("operator", "secret"), 4.0, target)
    assert clip.pictures == 60
    assert clip.seconds == pytest.approx(4.0, abs=0.1)
    stream = await probed(target)
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("h264", 320, 240)
    assert stream["nb_read_frames"] == "60"
    assert float(stream["duration"]) == pytest.approx(4.0, abs=0.1)
    assert names_in(tmp_path) == ["clip.mp4"]


@pytest.mark.parametrize(
    ("habits", "trouble"),
    [
        (Habits(stop_after=5), Trouble.NO_MEDIA),
        (Habits(hang_up_at="media", speed=4), Trouble.ENDED),
        (Habits(status_for={"DESCRIBE": 404}), Trouble.NOT_FOUND),
    ],
)
async def test_a_clip_that_fails_leaves_no_file(tmp_path: Path, habits: Habits, trouble: Trouble) -> None:
    async with a_camera(habits) as camera:
        with pytest.raises(PictureFailed) as failure:
            await record_clip(camera.uri, None, 10.0, tmp_path / "clip.mp4", silence_s=0.3)
    assert failure.value.trouble == trouble
    assert names_in(tmp_path) == []


async def test_a_clip_from_the_shared_pull_costs_the_camera_nothing(tmp_path: Path) -> None:
    async with a_camera(Habits(speed=3), a_clip(pictures=60, gop=15)) as camera, LiveGateway() as gateway:
        source = LiveSource(camera="1", role=StreamRole.SUB, uri=camera.uri)
        first, second = await asyncio.gather(
            record_live(gateway, source, 1.5, tmp_path / "a.mp4"), record_live(gateway, source, 1.5, tmp_path / "b.mp4")
        )
        assert camera.played == 1
    for clip in (first, second):
        assert int((await probed(clip.path))["nb_read_frames"]) >= 30


async def test_a_clip_has_a_sensible_length(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at most"):
        await record_clip("rtsp://127.21.0.1/", None, 1e9, tmp_path / "clip.mp4")
