"""The pretend cameras' video: real H.264 over real RTSP, decoded by libav, and what goes wrong with it on request."""

import asyncio
import re
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import av
import numpy as np
import pytest

from tests.builders.sim import RtspViewer, a_city, a_device, a_viewer, call, until
from vms.inventory.camera import StreamRole
from vms.sim.city import City
from vms.sim.faults import Fault
from vms.sim.personality import PLAIN, Personality, habit
from vms.sim.picture import read_mark
from vms.sim.plan import FRAMES_PER_S, GOP_S, SIZES, PretendDevice

KEY = 5
SYNC = "<trt:SetSynchronizationPoint><trt:ProfileToken>Profile_1_sub</trt:ProfileToken></trt:SetSynchronizationPoint>"


@asynccontextmanager
async def viewing(
    city: City, device: PretendDevice, role: StreamRole = StreamRole.SUB, *, channel: int = 1
) -> AsyncIterator[RtspViewer]:
    viewer = await a_viewer(device, city.device(device.address).stream_path(channel, role))
    try:
        yield viewer
    finally:
        viewer.close()


def kinds(nals: list[bytes]) -> list[int]:
    return [nal[0] & 31 for nal in nals]


class Decoder:
    def __init__(self) -> None:
        self._codec = av.CodecContext.create("h264", "r")

    def picture(self, nals: list[bytes]) -> np.ndarray | None:
        """Luma, once libav gives a picture out."""
        stream = b"".join(b"\x00\x00\x00\x01" + nal for nal in nals)
        frames = self._codec.decode(av.Packet(stream))
        return None if not frames else frames[-1].to_ndarray(format="gray")


async def pictures(viewer: RtspViewer, count: int) -> list[np.ndarray]:
    """Decoded from the next key frame on."""
    decoder, made = Decoder(), []
    nals = await viewer.frame()
    while KEY not in kinds(nals):
        nals = await viewer.frame()
    while len(made) < count:
        luma = decoder.picture(nals)
        if luma is not None:
            made.append(luma)
        nals = await viewer.frame()
    return made


@pytest.mark.parametrize("role", list(StreamRole))
async def test_a_stream_decodes_to_its_size_and_something_moves(role: StreamRole) -> None:
    async with a_device() as (city, device), viewing(city, device, role) as viewer:
        assert (await viewer.play()).status == 200
        shown = await pictures(viewer, 8)
        assert shown[0].shape == SIZES[role][::-1]
        assert np.count_nonzero(np.abs(shown[-1].astype(int) - shown[0]) > 40) > 200


async def test_the_time_mark_tells_when_the_picture_was_made() -> None:
    async with a_device(habit("clock_ahead")) as (city, device), viewing(city, device) as viewer:
        await viewer.play()
        shown = await pictures(viewer, 3)
        age = (int(time.time() * 100) - read_mark(shown[-1])) % 65536
        assert age < 100, "hundredths of a second; the true time, not the device's clock"
        assert len({read_mark(luma) for luma in shown}) == 3


async def test_two_cameras_look_different() -> None:
    async with a_city(2) as city:
        shown = []
        for device in city.plan.devices:
            async with viewing(city, device) as viewer:
                await viewer.play()
                shown += await pictures(viewer, 1)
        assert np.abs(shown[0].astype(int) - shown[1]).mean() > 10


async def test_a_camera_that_sends_a_key_frame_on_play_starts_with_one() -> None:
    async with a_device(PLAIN) as (city, device), viewing(city, device) as first, viewing(city, device) as second:
        for viewer in (first, second):
            await viewer.play()
            assert kinds(await viewer.frame()) == [7, 8, KEY]


async def test_the_others_are_met_in_the_middle_and_give_a_key_frame_within_a_group() -> None:
    async with a_device(Personality(key_frame_on_play=False)) as (city, device), viewing(city, device) as viewer:
        await viewer.play()
        seen = [kinds(await viewer.frame())]
        while KEY not in seen[-1]:
            seen.append(kinds(await viewer.frame()))
        assert seen[0] == [1]
        assert len(seen) <= GOP_S * FRAMES_PER_S + 2


async def test_a_synchronization_point_brings_a_key_frame_at_once() -> None:
    async with a_device() as (city, device), viewing(city, device) as viewer:
        await viewer.play()
        await viewer.frame()
        assert (await call(device, SYNC, path="/onvif/media_service")).status == 200
        soon = [kinds(await viewer.frame()) for _ in range(4)]
        assert any(KEY in kind for kind in soon)


async def test_sequence_numbers_have_no_gap_and_the_marker_ends_a_picture() -> None:
    async with a_device() as (city, device), viewing(city, device, StreamRole.MAIN) as viewer:
        played = await viewer.play(channel=4)
        first = int(re.search(r"seq=(\d+)", played.header("rtp-info"))[1])  # type: ignore[index]
        packets = []
        while len(packets) < 60:
            on, packet = await viewer.next_packet()
            assert on in (4, 5)
            if on == 4:
                packets.append(packet)
        numbers = [struct.unpack_from(">H", packet, 2)[0] for packet in packets]
        assert numbers == [(first + at) & 0xFFFF for at in range(60)]
        stamps = [struct.unpack_from(">I", packet, 4)[0] for packet in packets]
        for packet, stamp, following in zip(packets, stamps, stamps[1:], strict=False):
            assert bool(packet[1] & 0x80) == (stamp != following)


async def test_a_sender_report_ties_the_stamp_to_the_devices_clock() -> None:
    async with a_device(habit("clock_ahead")) as (city, device), viewing(city, device) as viewer:
        await viewer.play()
        while (got := await viewer.next_packet())[0] != 1:
            pass
        kind, seconds = got[1][1], struct.unpack_from(">I", got[1], 8)[0] - 2_208_988_800
        assert kind == 200
        assert abs(seconds - (time.time() + 1234)) < 3


async def test_an_h265_camera_has_no_encoder_in_the_first_media_service_and_tells_the_second() -> None:
    async with a_device(habit("h265_main")) as (city, device), viewing(city, device, StreamRole.MAIN) as viewer:
        first = await call(device, "<trt:GetProfiles/>", path="/onvif/media_service")
        assert first.texts("Encoding") == ["H264"]
        second = await call(device, "<tr2:GetProfiles/>", path="/onvif/media2_service")
        assert second.texts("Encoding") == ["H265", "H264"]
        described = (await viewer.request("DESCRIBE")).body
        assert "H265/90000" in described
        assert "sprop-vps=" in described


async def test_every_channel_of_a_recorder_has_its_own_picture() -> None:
    async with a_city(40) as city:
        device = next(d for d in city.plan.devices if d.is_recorder)
        shown = []
        for channel in (1, 4):
            async with viewing(city, device, channel=channel) as viewer:
                await viewer.play()
                shown += await pictures(viewer, 1)
        assert np.abs(shown[0].astype(int) - shown[1]).mean() > 5


async def test_nobody_watching_means_nothing_encoded() -> None:
    async with a_device() as (city, device):
        async with viewing(city, device) as viewer:
            await viewer.play()
            await viewer.frame()
            assert city.studio.viewers == 1
            assert (await viewer.request("TEARDOWN")).status == 200
            assert city.studio.viewers == 0
            await viewer.play()
            await viewer.frame()
        await until(lambda: city.studio.viewers == 0)


# --- refusals


async def test_a_wrong_password_gets_no_description() -> None:
    async with a_device() as (city, device):
        viewer = await a_viewer(device, city.device(device.address).stream_path(1, StreamRole.SUB), password="guess")
        assert (await viewer.play()).status == 401
        viewer.close()


async def test_udp_is_refused_and_an_unknown_path_not_found() -> None:
    async with a_device() as (city, device), viewing(city, device) as viewer:
        assert (await viewer.request("SETUP", Transport="RTP/AVP;unicast;client_port=5000-5001")).status == 461
        assert (await viewer.request("DESCRIBE", uri=f"rtsp://{device.address}/nothing")).status == 404
        assert (await viewer.request("RECORD")).status == 501
        assert (await viewer.request("PLAY")).status == 454


async def test_sessions_are_limited() -> None:
    async with a_device(habit("few_connections")) as (city, device):
        viewers = [await a_viewer(device, city.device(device.address).stream_path(1, StreamRole.SUB)) for _ in range(3)]
        assert [(await viewer.play()).status for viewer in viewers] == [200, 200, 453]
        viewers[0].close()
        for viewer in viewers[1:]:
            viewer.close()


async def test_a_description_may_lack_the_parameter_sets_or_begin_with_sound() -> None:
    async with a_device(habit("one_line_probe")) as (city, device), viewing(city, device) as viewer:
        assert "sprop-parameter-sets" not in (await viewer.request("DESCRIBE")).body
    async with a_device(habit("audio_first")) as (city, device), viewing(city, device) as viewer:
        body = (await viewer.request("DESCRIBE")).body
        assert 0 < body.index("m=audio") < body.index("m=video")
        assert (await viewer.play()).status == 200
        assert kinds(await viewer.frame()) == [7, 8, KEY]


# --- faults


async def test_a_dead_stream_answers_503_and_ends_those_who_watch() -> None:
    async with a_device() as (city, device), viewing(city, device) as viewer:
        await viewer.play()
        await viewer.frame()
        await city.set_fault(device.address, Fault.STREAM_DEAD, True)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            while True:
                await viewer.frame()
        async with viewing(city, device) as late:
            assert (await late.request("DESCRIBE")).status == 503


@pytest.mark.parametrize(
    ("fault", "method"),
    [(Fault.STALLS_AT_DESCRIBE, "DESCRIBE"), (Fault.STALLS_AT_SETUP, "SETUP"), (Fault.STALLS_AT_PLAY, "PLAY")],
)
async def test_the_handshake_stalls_where_it_is_told_to(fault: Fault, method: str) -> None:
    async with a_device() as (city, device), viewing(city, device) as viewer:
        await city.set_fault(device.address, fault, True)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await viewer.play()
        assert viewer.session == ("" if method != "PLAY" else viewer.session)
        await city.set_fault(device.address, fault, False)
        async with viewing(city, device) as again:
            assert (await again.play()).status == 200


async def test_media_stall_and_go_on() -> None:
    async with a_device() as (city, device), viewing(city, device) as viewer:
        await viewer.play()
        await viewer.frame()
        await city.set_fault(device.address, Fault.STALLS_IN_MEDIA, True)
        with pytest.raises(TimeoutError):
            while True:
                await viewer.next_packet(timeout_s=0.4)
        await city.set_fault(device.address, Fault.STALLS_IN_MEDIA, False)
        assert await viewer.frame()


async def test_an_answer_drips() -> None:
    async with a_device() as (city, device), viewing(city, device) as viewer:
        await city.set_fault(device.address, Fault.DRIPS, True)
        viewer.writer.write(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        assert len(await asyncio.wait_for(viewer.reader.read(100), 3)) == 1


async def test_a_frozen_picture_stands_still_and_a_thawed_one_moves() -> None:
    async with a_device() as (city, device), viewing(city, device) as viewer:
        await viewer.play()
        await viewer.frame()
        await city.set_fault(device.address, Fault.FROZEN, True)
        await pictures(viewer, 3)
        still = await pictures(viewer, 3)
        assert len({read_mark(luma) for luma in still}) == 1
        await city.set_fault(device.address, Fault.FROZEN, False)
        await call(device, SYNC, path="/onvif/media_service")
        assert len({read_mark(luma) for luma in await pictures(viewer, 6)}) > 1


@pytest.mark.parametrize("fault", [Fault.BLACK, Fault.BRIGHT])
async def test_a_picture_fault_shows_while_it_plays(fault: Fault) -> None:
    async with a_device() as (city, device), viewing(city, device) as viewer:
        await viewer.play()
        before = (await pictures(viewer, 1))[0].mean()
        await city.set_fault(device.address, fault, True)
        async with asyncio.timeout(8):
            while True:
                now = (await pictures(viewer, 1))[0].mean()
                if (now < 30) if fault is Fault.BLACK else (now > 200):
                    break
        assert 40 < before < 195
