"""The live gateway: one pull for all who look, pictures at once for those who join, and news when they stop."""

import asyncio
import io
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import av
import pytest

from tests.builders.media_camera import Habits, PretendRtsp, a_camera, a_clip
from tests.builders.media_waiting import until_true
from vms.inventory.camera import StreamRole
from vms.media.gateway import LiveGateway
from vms.media.live import InitSegment, LiveMessage, LiveNews, LiveSource, MediaFragment, NewsKind
from vms.media.login import Login
from vms.media.trouble import PictureFailed, Trouble
from vms.media.upstream import GatewaySettings
from vms.media.viewer import TOO_SLOW, QueueViewer

QUICK = GatewaySettings(linger_s=0.3, stalled_after_s=0.5, reconnect_after_s=1.0, first_backoff_s=0.05, tick_s=0.05)


def source_of(camera: PretendRtsp, name: str = "camera-1", login: Login | None = None) -> LiveSource:
    return LiveSource(camera=name, role=StreamRole.SUB, uri=camera.uri, login=login)


async def until(
    messages: AsyncGenerator[LiveMessage, None], kind: NewsKind | type[LiveMessage], within_s: float = 8.0
) -> list[LiveMessage]:
    """All messages up to the first of that kind."""
    found: list[LiveMessage] = []
    async with asyncio.timeout(within_s):
        async for message in messages:
            found.append(message)
            if (isinstance(message, LiveNews) and message.kind == kind) or (
                not isinstance(kind, NewsKind) and isinstance(message, kind)
            ):
                return found
    raise AssertionError(f"{kind} did not come, but {found[-3:]}")


def kinds(messages: list[LiveMessage]) -> list[str]:
    return [message.kind.value if isinstance(message, LiveNews) else type(message).__name__ for message in messages]


def decoded(messages: list[LiveMessage]) -> list[int]:
    """Decodes what a player would get; gives the time stamps in 1/90000 s."""
    data = b"".join(m.data for m in messages if isinstance(m, InitSegment | MediaFragment))
    with av.open(io.BytesIO(data), format="mp4") as file:
        return [frame.pts for frame in file.decode(video=0)]


async def has_pictures(gateway: LiveGateway) -> bool:
    return (await gateway.status()).upstreams[0].pictures > 0


async def test_the_first_viewer_is_told_that_the_camera_is_cold() -> None:
    async with a_camera(Habits(speed=3)) as camera, LiveGateway(QUICK) as gateway:
        async with aclosing(gateway.open(source_of(camera))) as messages:
            found = await until(messages, MediaFragment)
        assert kinds(found) == ["cold", "init", "InitSegment", "MediaFragment"]
        news = found[1]
        assert isinstance(news, LiveNews)
        assert (news.width, news.height) == (320, 240)
        assert news.codec.startswith("avc1.42")


async def test_whoever_joins_gets_the_group_of_pictures_at_once_and_the_camera_serves_one_stream() -> None:
    async with a_camera(Habits(), a_clip(pictures=120, gop=120)) as camera, LiveGateway(QUICK) as gateway:
        async with aclosing(gateway.open(source_of(camera))) as first:
            for _ in range(6):
                await until(first, MediaFragment)
            began_s = time.monotonic()
            async with aclosing(gateway.open(source_of(camera))) as second:
                found = await until(second, MediaFragment)
            assert time.monotonic() - began_s < 0.3
            assert kinds(found) == ["init", "InitSegment", "MediaFragment"]
            fragment = found[-1]
            assert isinstance(fragment, MediaFragment) and fragment.key
            assert len(decoded(found)) >= 6
        assert camera.played == 1


async def test_what_a_viewer_gets_decodes_without_a_hole() -> None:
    async with a_camera(Habits(speed=4)) as camera, LiveGateway(QUICK) as gateway:
        found: list[LiveMessage] = []
        async with aclosing(gateway.open(source_of(camera))) as messages:
            while sum(isinstance(message, MediaFragment) for message in found) < 40:
                found += await until(messages, MediaFragment)
    times = decoded(found)
    assert len(times) == 40
    assert {later - earlier for earlier, later in pairwise(times)} == {6000}


async def test_the_pull_ends_a_while_after_the_last_viewer_left() -> None:
    async with a_camera() as camera, LiveGateway(QUICK) as gateway:
        async with aclosing(gateway.open(source_of(camera))) as messages:
            await until(messages, MediaFragment)
        assert camera.playing == 1
        await camera.until(lambda: camera.playing == 0)
        assert (await gateway.status()).upstreams == ()


async def test_a_viewer_who_comes_back_in_time_finds_the_pull_running() -> None:
    settings = GatewaySettings(linger_s=30, tick_s=0.05)
    async with a_camera() as camera, LiveGateway(settings) as gateway:
        for _ in range(3):
            async with aclosing(gateway.open(source_of(camera))) as messages:
                await until(messages, MediaFragment)
        assert camera.played == 1


async def test_a_warm_camera_needs_no_viewer_and_greets_the_next_one_with_a_picture() -> None:
    async with a_camera() as camera, LiveGateway(QUICK) as gateway:
        await gateway.warm(source_of(camera), seconds=30)
        await camera.until(lambda: camera.playing == 1)
        await until_true(lambda: has_pictures(gateway))
        async with aclosing(gateway.open(source_of(camera))) as messages:
            found = await until(messages, MediaFragment)
        assert kinds(found) == ["init", "InitSegment", "MediaFragment"]


async def test_silence_is_told_and_the_return_too() -> None:
    async with a_camera(Habits(stop_after=5, speed=3)) as camera, LiveGateway(QUICK) as gateway:
        async with aclosing(gateway.open(source_of(camera))) as messages:
            found = await until(messages, NewsKind.STALLED)
            news = found[-1]
            assert isinstance(news, LiveNews) and news.because == "no_frame"
            camera.habits.stop_after = -1
            await until(messages, NewsKind.PLAYING)
            found = await until(messages, MediaFragment)
            fragment = found[-1]
            assert isinstance(fragment, MediaFragment) and fragment.key
        assert camera.connections == 2


async def test_a_camera_with_rare_key_frames_is_waited_for() -> None:
    rare = a_clip(pictures=200, gop=200)
    async with (
        a_camera(Habits(start_at=1, speed=7), rare) as camera,
        LiveGateway(QUICK) as gateway,
        aclosing(gateway.open(source_of(camera))) as messages,
    ):
        found = await until(messages, MediaFragment)
        told = [message.because for message in found if isinstance(message, LiveNews) and message.because]
        assert told == ["no_key_frame"]
        assert camera.connections == 1


async def test_a_camera_that_hangs_up_is_called_again_and_the_time_line_goes_on() -> None:
    async with a_camera(Habits(hang_up_at="media", speed=6)) as camera, LiveGateway(QUICK) as gateway:
        found: list[LiveMessage] = []
        async with aclosing(gateway.open(source_of(camera))) as messages:
            found += await until(messages, NewsKind.PLAYING)
            while sum(isinstance(message, MediaFragment) for message in found) < 30:
                found += await until(messages, MediaFragment)
        assert kinds(found).count("InitSegment") == 1
        times = decoded(found)
        assert max(later - earlier for earlier, later in pairwise(times)) <= 12_000


async def test_a_dead_camera_is_told_as_stalled_and_tried_again() -> None:
    async with a_camera() as camera:
        source = source_of(camera)
    async with LiveGateway(QUICK) as gateway, aclosing(gateway.open(source)) as messages:
        found = await until(messages, NewsKind.STALLED)
        news = found[-1]
        assert isinstance(news, LiveNews) and news.because == "unreachable"


async def test_a_refused_login_is_not_tried_again_until_it_changes() -> None:
    async with a_camera(Habits(login=("operator", "right"))) as camera, LiveGateway(QUICK) as gateway:
        wrong = source_of(camera, login=Login("operator", "wrong"))
        for _ in range(3):
            async with aclosing(gateway.open(wrong)) as messages:
                news = (await until(messages, NewsKind.REFUSED))[-1]
                assert isinstance(news, LiveNews) and news.because == "login_refused"
        assert camera.refused_logins == 1
        assert await gateway.forget_refusals(camera.host) == 1
        async with aclosing(gateway.open(wrong)) as messages:
            await until(messages, NewsKind.REFUSED)
        assert camera.refused_logins == 2
        with pytest.raises(PictureFailed) as refusal:
            await gateway.warm(wrong, seconds=5)
        assert refusal.value.trouble == Trouble.LOGIN_REFUSED
        async with aclosing(gateway.open(source_of(camera, login=Login("operator", "right")))) as messages:
            await until(messages, MediaFragment)


@pytest.mark.parametrize(
    ("habits", "because"),
    [(Habits(status_for={"DESCRIBE": 404}), "not_found"), (Habits(status_for={"SETUP": 461}), "transport_refused")],
)
async def test_what_cannot_help_is_not_repeated(habits: Habits, because: str) -> None:
    async with a_camera(habits) as camera, LiveGateway(QUICK) as gateway:
        async with aclosing(gateway.open(source_of(camera))) as messages:
            news = (await until(messages, NewsKind.REFUSED))[-1]
            assert isinstance(news, LiveNews) and news.because == because
        assert camera.connections == 1


async def test_h265_is_named() -> None:
    async with (
        a_camera(clip=a_clip(codec="H265")) as camera,
        LiveGateway(QUICK) as gateway,
        aclosing(gateway.open(source_of(camera))) as messages,
    ):
        news = (await until(messages, NewsKind.REFUSED))[-1]
        assert isinstance(news, LiveNews) and news.because == "h265"


async def test_a_busy_camera_is_tried_again_while_somebody_waits() -> None:
    async with (
        a_camera(Habits(max_sessions=0)) as camera,
        LiveGateway(QUICK) as gateway,
        aclosing(gateway.open(source_of(camera))) as messages,
    ):
        news = (await until(messages, NewsKind.STALLED))[-1]
        assert isinstance(news, LiveNews) and news.because == "busy"
        camera.habits.max_sessions = 5
        await until(messages, MediaFragment)


async def test_a_new_picture_size_brings_a_new_init_segment() -> None:
    clips = (a_clip(pictures=15), a_clip(width=640, height=480, pictures=15))
    async with a_camera(Habits(clips=clips, speed=4)) as camera, LiveGateway(QUICK) as gateway:
        async with aclosing(gateway.open(source_of(camera))) as messages:
            found = await until(messages, InitSegment)
            found += await until(messages, InitSegment)
        sizes = [(m.width, m.height) for m in found if isinstance(m, LiveNews) and m.kind == NewsKind.INIT]
        assert sizes == [(320, 240), (640, 480)]


async def test_a_device_serves_no_more_pulls_than_allowed_but_unwatched_ones_give_way() -> None:
    settings = GatewaySettings(pulls_per_host=2, tick_s=0.05)
    async with a_camera() as camera, LiveGateway(settings) as gateway:
        await gateway.warm(source_of(camera, "warm"), seconds=60)
        async with aclosing(gateway.open(source_of(camera, "a"))) as first:
            await until(first, MediaFragment)
            async with aclosing(gateway.open(source_of(camera, "b"))) as second:
                await until(second, MediaFragment)
                async with aclosing(gateway.open(source_of(camera, "c"))) as third:
                    news = (await until(third, NewsKind.REFUSED))[-1]
                    assert isinstance(news, LiveNews) and news.because == "budget"
                names = {upstream.camera for upstream in (await gateway.status()).upstreams}
                assert names == {"a", "b"}


async def test_how_many_streams_a_device_bears_is_told_when_it_refuses_one_more_and_kept_to() -> None:
    async with (
        a_camera(Habits(max_sessions=2)) as camera,
        LiveGateway(QUICK) as gateway,
        aclosing(gateway.open(source_of(camera, "a"))) as first,
        aclosing(gateway.open(source_of(camera, "b"))) as second,
    ):
        await until(first, MediaFragment)
        await until(second, MediaFragment)
        async with aclosing(gateway.open(source_of(camera, "c"))) as third:
            news = (await until(third, NewsKind.STALLED))[-1]
            assert isinstance(news, LiveNews)
            assert (news.because, news.sessions) == ("busy", 2)
        async with aclosing(gateway.open(source_of(camera, "d"))) as fourth:
            news = (await until(fourth, NewsKind.REFUSED))[-1]
            assert isinstance(news, LiveNews) and news.because == "budget"
        await gateway.forget_refusals(camera.host)
        async with aclosing(gateway.open(source_of(camera, "e"))) as fifth:
            news = (await until(fifth, NewsKind.STALLED))[-1]
            assert isinstance(news, LiveNews) and news.because == "busy", "what was forgotten is tried again"


async def test_what_is_known_of_a_device_bounds_its_pulls_and_a_refusal_with_nobody_else_tells_nothing() -> None:
    settings = GatewaySettings(pulls_per_host=4, tick_s=0.05, stalled_after_s=0.5)
    async with a_camera() as camera, LiveGateway(settings) as gateway:
        known = [replace(source_of(camera, name), session_limit=1) for name in ("a", "b")]
        async with aclosing(gateway.open(known[0])) as first:
            await until(first, MediaFragment)
            async with aclosing(gateway.open(known[1])) as second:
                news = (await until(second, NewsKind.REFUSED))[-1]
                assert isinstance(news, LiveNews) and news.because == "budget"
    async with (
        a_camera(Habits(max_sessions=0)) as camera,
        LiveGateway(QUICK) as gateway,
        aclosing(gateway.open(source_of(camera))) as only,
    ):
        news = (await until(only, NewsKind.STALLED))[-1]
        assert isinstance(news, LiveNews) and (news.because, news.sessions) == ("busy", 0)


async def test_closing_a_camera_tells_its_viewers_why() -> None:
    async with a_camera() as camera, LiveGateway(QUICK) as gateway:
        async with aclosing(gateway.open(source_of(camera))) as messages:
            await until(messages, MediaFragment)
            assert await gateway.close("camera-1", because="withdrawn", message="the owner withdrew") == 1
            news = (await until(messages, NewsKind.ENDED))[-1]
            assert isinstance(news, LiveNews) and news.because == "withdrawn"
        await camera.until(lambda: camera.playing == 0)


async def test_a_viewer_that_takes_not_even_news_is_ended() -> None:
    viewer = QueueViewer()
    for _ in range(5000):
        viewer.offer(InitSegment(b"x" * 1000), limit_bytes=1 << 20)
    assert await viewer.take() == TOO_SLOW


async def test_a_slow_viewer_loses_pictures_up_to_a_key_frame_and_others_lose_none() -> None:
    viewer = QueueViewer()
    fragment, key = MediaFragment(b"x" * 1000, False), MediaFragment(b"k" * 1000, True)
    assert not viewer.offer(fragment, limit_bytes=2500)
    for message in (key, fragment, fragment):
        assert viewer.offer(message, limit_bytes=2500)
    assert not viewer.offer(fragment, limit_bytes=2500)
    assert not viewer.offer(fragment, limit_bytes=2500)
    assert viewer.offer(key, limit_bytes=2500)
    assert await viewer.take() == key
