"""Pictures, H.264, RTP and the moving head of the pretend cameras."""

import struct
from datetime import datetime

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.sim.backdrop import Planes, paint_backdrop
from vms.sim.faults import Fault
from vms.sim.live_encoder import LiveEncoder, nal_type, parameter_sets, split_annex_b
from vms.sim.pan_tilt import Direction, Head
from vms.sim.personality import Codec
from vms.sim.picture import Picture, read_mark
from vms.sim.rtp import MAX_PAYLOAD_BYTES, interleaved, sender_report

NOON = datetime(2026, 5, 4, 12, 0, 0)  # noqa: DTZ001 - what a screen shows has no zone


def canvas(width_px: int, height_px: int) -> Planes:
    half = (height_px // 2, width_px // 2)
    return Planes(np.zeros((height_px, width_px), np.uint8), np.zeros(half, np.uint8), np.zeros(half, np.uint8))


def painted(
    *,
    seed: int = 1,
    faults: frozenset[Fault] = frozenset(),
    at_s: float = 100.0,
    name: str = "人民路12号门口",
    pan: float = 0.0,
) -> Planes:
    picture = Picture(seed=seed, name=name, indoor=False, width_px=640, height_px=360)
    picture.prepare(faults)
    planes = canvas(640, 360)
    picture.paint(planes, device_time=NOON, true_time_s=at_s, pan=pan)
    return planes


def sharpness(luma: np.ndarray) -> float:
    inner = luma[40:320, 40:600].astype(float)
    sides = inner[:-2, 1:-1] + inner[2:, 1:-1] + inner[1:-1, :-2] + inner[1:-1, 2:]
    return float((4 * inner[1:-1, 1:-1] - sides).var())


@given(st.floats(0, 2e9))
def test_the_time_mark_is_read_back(at_s: float) -> None:
    picture, planes = MARKED
    picture.paint(planes, device_time=NOON, true_time_s=at_s)
    assert read_mark(planes.y) == int(at_s * 100) % 65536


MARKED = (Picture(seed=1, name="x", indoor=True, width_px=640, height_px=360), canvas(640, 360))
MARKED[0].prepare(frozenset())


def test_the_name_and_the_clock_are_on_the_picture() -> None:
    plain, other = painted(name="人民路12号门口"), painted(name="解放路3号路口")
    assert not np.array_equal(plain.y[8:32, 400:], other.y[8:32, 400:])
    assert np.array_equal(plain.y[40:340], other.y[40:340])
    assert plain.y[8:32, 8:200].max() > 200, "white figures"


def test_things_move_and_a_turned_head_shows_something_else() -> None:
    assert np.count_nonzero(painted(at_s=100.0).y[40:340] != painted(at_s=101.0).y[40:340]) > 500
    assert np.abs(painted(pan=0.4).y[40:340].astype(int) - painted().y[40:340]).mean() > 8


def test_each_fault_can_be_measured() -> None:
    fine = painted().y[40:340]
    shown = {fault: painted(faults=frozenset({fault})).y[40:340] for fault in Fault if fault.of_picture}
    assert 40 < fine.mean() < 200
    assert shown[Fault.BLACK].mean() < 25
    assert shown[Fault.BRIGHT].mean() > 225
    assert sharpness(painted(faults=frozenset({Fault.BLURRED})).y) < sharpness(painted().y) / 20
    assert np.median(np.abs(np.diff(shown[Fault.OCCLUDED].astype(int), axis=1))) == 0
    assert np.abs(shown[Fault.TURNED_ASIDE].astype(int) - fine).mean() > 20


def test_backdrops_follow_from_the_seed() -> None:
    first, again = (paint_backdrop(5, 640, 360, indoor=False) for _ in range(2))
    assert np.array_equal(first.y, again.y)
    assert np.abs(first.y.astype(int) - paint_backdrop(6, 640, 360, indoor=False).y).mean() > 10


@pytest.mark.parametrize(
    ("codec", "reader", "key", "other"),
    [(Codec.H264, "h264", [7, 8, 5], [1]), (Codec.H265, "hevc", [32, 33, 34, 20], [1])],
)
def test_the_encoder_gives_key_frames_when_asked_and_libav_reads_them(
    codec: Codec, reader: str, key: list[int], other: list[int]
) -> None:
    encoder, decoder = LiveEncoder(codec, 640, 360), av.CodecContext.create(reader, "r")
    made = []
    for number in range(6):
        painted(at_s=number / 12).copy_into(encoder.planes)
        nals = encoder.encode(key=number in (0, 4))
        made.append([nal_type(codec, nal) for nal in nals])
        assert encoder.holds_key_frame(nals) == (number in (0, 4))
        for frame in decoder.decode(av.Packet(b"".join(b"\x00\x00\x00\x01" + nal for nal in nals))):
            assert (frame.width, frame.height) == (640, 360)
    assert made == [key, other, other, other, key, other]


@pytest.mark.parametrize("codec", list(Codec))
@pytest.mark.parametrize("size", [(640, 360), (1280, 720)])
def test_parameter_sets_are_those_of_the_stream(codec: Codec, size: tuple[int, int]) -> None:
    sets = parameter_sets(codec, *size)
    assert tuple(LiveEncoder(codec, *size).encode(key=True)[: len(sets)]) == sets


def test_start_codes_of_three_and_four_bytes_part_units() -> None:
    assert split_annex_b(b"\x00\x00\x00\x01\x67a\x00\x00\x01\x68b\x00\x00\x00\x01\x65c") == [
        b"\x67a",
        b"\x68b",
        b"\x65c",
    ]


UNITS = {Codec.H264: b"\x65", Codec.H265: b"\x28\x01"}


@pytest.mark.parametrize("codec", list(Codec))
@given(bodies=st.lists(st.binary(min_size=2, max_size=5000), min_size=1, max_size=4), sequence=st.integers(0, 65535))
def test_packets_hold_every_unit_and_count_on(codec: Codec, bodies: list[bytes], sequence: int) -> None:
    nals = [UNITS[codec] + body for body in bodies]
    data, count, size = interleaved(nals, codec=codec, sequence=sequence, timestamp=7, ssrc=9, channel=2)
    pieces_type, head = (28, 1) if codec is Codec.H264 else (49, 2)
    rebuilt: list[bytes] = []
    numbers, markers, total = [], [], 0
    while data:
        assert data[:2] == b"$\x02"
        length = int.from_bytes(data[2:4], "big")
        packet, data = data[4 : 4 + length], data[4 + length :]
        payload = packet[12:]
        assert len(payload) <= MAX_PAYLOAD_BYTES
        total += len(payload)
        numbers.append(int.from_bytes(packet[2:4], "big"))
        markers.append(packet[1] >> 7)
        if nal_type(codec, payload) != pieces_type:
            rebuilt.append(payload)
            continue
        if payload[head] & 0x80:
            assert payload[head] & 63 == nal_type(codec, UNITS[codec])
            rebuilt.append(UNITS[codec])
        rebuilt[-1] += payload[head + 1 :]
    assert rebuilt == nals
    assert numbers == [(sequence + at) % 65536 for at in range(count)]
    assert markers == [0] * (count - 1) + [1]
    assert total == size


def test_a_sender_report_carries_ntp_time() -> None:
    report = sender_report(ssrc=1, unix_s=1000.5, timestamp=5, packets=6, payload_bytes=7, channel=1)
    assert struct.unpack(">BBHBBHIIIIII", report) == (
        0x24, 1, 28, 0x80, 200, 6, 1, 2_208_988_800 + 1000, 1 << 31, 5, 6, 7,
    )  # fmt: skip


def test_a_head_moves_until_its_time_is_over_and_stops_at_the_edge() -> None:
    head = Head()
    head.move(Direction(pan=0.1), 100.0, for_s=5.0)
    assert head.at(102.0).pan == pytest.approx(0.2)
    assert head.moving(102.0)
    assert head.at(200.0).pan == pytest.approx(0.5)
    head.move(Direction(pan=1.0), 200.0, for_s=5.0)
    assert head.at(205.0).pan == 1.0
    head.stop(200.2)
    assert head.at(300.0).pan == pytest.approx(0.7)
    assert not head.moving(300.0)
