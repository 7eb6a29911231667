"""Packets become pictures again, or are counted as lost."""

import itertools
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.media_camera import Clip, a_clip, aggregate, fragments
from vms.media.rtsp.rtp import Pictures, parse_rtp, parse_sender_report


def a_packet(payload: bytes, sequence: int, timestamp: int, *, marker: bool = False, source: int = 1) -> bytes:
    first = struct.pack(">BBHII", 0x80, 96 | marker << 7, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, source)
    return first + payload


def packets_of(clip: Clip, *, first_sequence: int = 65_500, first_timestamp: int = 0xFFFFFF00) -> list[bytes]:
    found: list[bytes] = []
    for number, picture in enumerate(clip.pictures):
        payloads = [aggregate(clip.parameter_sets, clip.codec)] if clip.keys[number] else []
        payloads += [payload for nal in picture for payload in fragments(nal, clip.codec)]
        for index, payload in enumerate(payloads):
            last = index == len(payloads) - 1
            found.append(a_packet(payload, first_sequence + len(found), first_timestamp + number * 6000, marker=last))
    return found


@pytest.mark.parametrize("codec", ["H264", "H265"])
def test_pictures_come_out_as_they_went_in(codec: str) -> None:
    clip = a_clip(codec=codec)
    pictures = Pictures(codec, payload_type=96)
    units = [unit for packet in packets_of(clip) for unit in pictures.take(packet)]
    assert len(units) == len(clip.pictures)
    for unit, picture, key in zip(units, clip.pictures, clip.keys, strict=True):
        assert unit.nals == ((*clip.parameter_sets, *picture) if key else picture)
        assert unit.key == key
    assert {later.time_90k - earlier.time_90k for earlier, later in itertools.pairwise(units)} == {6000}
    assert pictures.lost_packets == 0


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(0, 400), min_size=1, max_size=6), st.sampled_from([1, 3]))
def test_whatever_is_lost_no_broken_picture_comes_out(lost: set[int], slices: int) -> None:
    clip = a_clip(width=160, height=120, pictures=40, gop=8, slices=slices)
    assert {len(picture) for picture in clip.pictures} == {slices}
    packets = packets_of(clip)
    lost = {index % (len(packets) - 1) for index in lost}
    pictures = Pictures("H264")
    units = [unit for index, packet in enumerate(packets) if index not in lost for unit in pictures.take(packet)]
    numbers = [clip.pictures.index(unit.nals[-len(clip.pictures[0]) :]) for unit in units]
    assert numbers == sorted(set(numbers))
    for earlier, later, unit in zip(numbers, numbers[1:], units[1:], strict=False):
        assert unit.key or later == earlier + 1
    first_heard = min(index for index in range(len(packets)) if index not in lost)
    assert pictures.lost_packets == sum(index > first_heard for index in lost)


def test_the_rest_of_a_key_frame_whose_first_slice_is_lost_is_no_key_frame() -> None:
    clip = a_clip(width=160, height=120, pictures=40, gop=8, slices=3)
    packets = packets_of(clip)
    starts = [index for index, packet in enumerate(packets) if packet[12] & 0x1F == 24]
    pictures = Pictures("H264")
    lost = set(range(starts[1], starts[1] + 1 + len(fragments(clip.pictures[8][0]))))
    units = [unit for index, packet in enumerate(packets) if index not in lost for unit in pictures.take(packet)]
    assert all(len(unit.nals) in (3, 5) for unit in units)
    assert len(units) == 40 - 8


def test_markers_on_every_packet_are_seen_through() -> None:
    clip = a_clip(width=160, height=120, pictures=40, gop=8, slices=3)
    packets = [bytes((packet[0], packet[1] | 0x80, *packet[2:])) for packet in packets_of(clip)]
    pictures = Pictures("H264")
    units = [unit for packet in packets for unit in pictures.take(packet)]
    assert [unit.nals[-3:] for unit in units[-30:]] == list(clip.pictures[9:39])


@given(st.lists(st.binary(max_size=60), max_size=30), st.sampled_from(["H264", "H265"]))
def test_rubbish_makes_no_noise(payloads: list[bytes], codec: str) -> None:
    pictures = Pictures(codec)
    for number, payload in enumerate(payloads):
        pictures.take(a_packet(payload, number, number * 10, marker=number % 3 == 0))
        pictures.take(payload)
        pictures.take_report(payload)


def test_a_picture_without_end_is_given_up() -> None:
    pictures = Pictures("H264")
    start = a_packet(b"\x7c\x85\x80" + bytes(60_000), 0, 0)
    pictures.take(start)
    most = 0
    for number in range(1, 400):
        assert not pictures.take(a_packet(b"\x7c\x05" + bytes(60_000), number, 0))
        most = max(most, sum(len(part) for part in pictures._parts))
    assert 5_000_000 < most < 9_000_000


def test_a_change_of_source_waits_for_a_key_frame() -> None:
    clip = a_clip()
    pictures = Pictures("H264")
    packets = packets_of(clip)
    for packet in packets:
        pictures.take(packet)
    middle = next(
        index for index, packet in enumerate(packets) if packet[12] & 0x1F not in (24, 28) and packet[12] & 0x1F == 1
    )
    other = packets[middle][:8] + b"\x00\x00\x00\x09" + packets[middle][12:]
    assert not pictures.take(other)


def test_padding_and_extensions_are_taken_off() -> None:
    plain = a_packet(b"\x41payload", 1, 2)
    extended = bytes((0xB1, *plain[1:12])) + b"cccc" + b"\xbe\xde\x00\x01xxxx" + b"\x41payload" + b"\x00\x00\x03"
    packet = parse_rtp(extended)
    assert packet is not None
    assert packet.payload == b"\x41payload"
    assert parse_rtp(extended[:15]) is None
    assert parse_rtp(b"\x40" + bytes(20)) is None


def test_the_camera_tells_its_wall_time() -> None:
    report = struct.pack(">BBHIIIIII", 0x80, 200, 6, 1, 2_208_988_800 + 1000, 1 << 31, 90_000, 0, 0)
    found = parse_sender_report(report)
    assert found is not None
    assert (found.unix_s, found.timestamp) == (1000.5, 90_000)
    assert parse_sender_report(report[:19]) is None
    clip = a_clip()
    pictures = Pictures("H264")
    packets = packets_of(clip, first_timestamp=90_000)
    pictures.take(packets[0])
    pictures.take_report(report)
    unit = next(unit for packet in packets[1:] for unit in pictures.take(packet))
    assert unit.captured_at_s == 1000.5
