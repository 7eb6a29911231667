"""Chromium's MediaSource takes what the gateway sends: a joined group, single pictures, another size, a hole."""

import asyncio
import base64
import os
from contextlib import aclosing
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.builders.media_camera import Habits, a_camera, a_clip, fragments
from vms.inventory.camera import StreamRole
from vms.media.gateway import LiveGateway
from vms.media.live import InitSegment, LiveMessage, LiveNews, LiveSource, MediaFragment, NewsKind

CHROMIUM = Path(os.environ.get("VMS_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
PLAY = """async ({codec, parts}) => {
  const video = document.createElement('video'); video.muted = true; document.body.append(video);
  const source = new MediaSource(); video.src = URL.createObjectURL(source);
  await new Promise(done => source.addEventListener('sourceopen', done, {once: true}));
  const buffer = source.addSourceBuffer(`video/mp4; codecs="${codec}"`);
  for (const part of parts) {
    buffer.appendBuffer(Uint8Array.from(atob(part), c => c.charCodeAt(0)));
    await new Promise((done, fail) => {
      buffer.addEventListener('updateend', done, {once: true});
      buffer.addEventListener('error', () => fail(new Error('the buffer refused a part')), {once: true});
    });
  }
  const ranges = [];
  for (let i = 0; i < buffer.buffered.length; i++) ranges.push([buffer.buffered.start(i), buffer.buffered.end(i)]);
  source.endOfStream();
  const sizes = []; video.addEventListener('resize', () => sizes.push([video.videoWidth, video.videoHeight]));
  video.playbackRate = 4; await video.play();
  await new Promise((done, fail) => {
    video.addEventListener('ended', done, {once: true});
    video.addEventListener('error', () => fail(new Error(video.error.message)), {once: true});
  });
  return {ranges, sizes, frames: video.getVideoPlaybackQuality().totalVideoFrames,
          dropped: video.getVideoPlaybackQuality().droppedVideoFrames};
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


async def gathered(source: LiveSource, gateway: LiveGateway, pictures: int) -> list[LiveMessage]:
    found: list[LiveMessage] = []
    async with aclosing(gateway.open(source)) as messages, asyncio.timeout(20):
        async for message in messages:
            found.append(message)
            if sum(isinstance(message, MediaFragment) for message in found) == pictures:
                return found
    raise AssertionError("the stream ended")


async def played(messages: list[LiveMessage]) -> dict[str, list[list[float]]]:
    codec = next(m.codec for m in messages if isinstance(m, LiveNews) and m.kind == NewsKind.INIT)
    parts = [base64.b64encode(m.data).decode() for m in messages if isinstance(m, InitSegment | MediaFragment)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            page = await browser.new_page()
            return await page.evaluate(PLAY, {"codec": codec, "parts": parts})
        finally:
            await browser.close()


async def test_a_viewer_who_joins_late_sees_it_without_a_hole() -> None:
    async with a_camera(Habits(speed=4)) as camera, LiveGateway() as gateway:
        source = LiveSource(camera="1", role=StreamRole.SUB, uri=camera.uri)
        await gathered(source, gateway, 12)
        result = await played(await gathered(source, gateway, 40))
    assert len(result["ranges"]) == 1
    assert result["frames"] >= 40


async def test_a_new_size_and_lost_packets_leave_one_unbroken_range() -> None:
    clips = (a_clip(pictures=15), a_clip(width=640, height=480, pictures=15))
    before = sum(len(fragments(nal)) for picture in clips[0].pictures[:5] for nal in picture)
    async with a_camera(Habits(clips=clips, speed=4, lose_packet=before + 2)) as camera, LiveGateway() as gateway:
        messages = await gathered(LiveSource(camera="1", role=StreamRole.SUB, uri=camera.uri), gateway, 40)
        assert (await gateway.status()).upstreams[0].lost_packets == 1
    result = await played(messages)
    assert len(result["ranges"]) == 1
    assert [640, 480] in result["sizes"]
