"""Firmwares rename channels; cameras are never crossed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.core.ids import CameraId
from vms.inventory.identity.channel_evidence import KnownChannel, ToldChannel, channel_number, specific_name
from vms.inventory.identity.channel_matching import match_channels

NAMES = ("北桥", "南桥", "火车站广场", "中山路东口")


def known(*channels):
    return [
        KnownChannel(camera_id=CameraId(at), token=token, name=name, uri=uri)
        for at, (token, name, uri) in enumerate(channels, start=1)
    ]


def told(*channels):
    return [ToldChannel(token=token, name=name, uri=uri) for token, name, uri in channels]


def bound(match):
    return {token: channel.camera_id for token, channel in match.same.items()}


def uri(number):
    return f"rtsp://10.0.0.1/Streaming/Channels/{number}01"


def test_channels_of_known_tokens_are_the_same_whatever_else_changed():
    before = known(("a", "北桥", uri(1)), ("b", "南桥", uri(2)))
    match = match_channels(before, told(("b", "x", ""), ("a", "y", "")))
    assert bound(match) == {"a": 1, "b": 2}


def test_a_channel_that_is_told_no_longer_keeps_its_camera_and_a_further_one_is_new():
    before = known(("a", "", ""), ("b", "", ""))
    assert match_channels(before, told(("a", "", ""))).left[0].camera_id == 2
    match = match_channels(before, told(("a", "", ""), ("b", "", ""), ("c", "", "")))
    assert (bound(match), match.new) == ({"a": 1, "b": 2}, ("c",))


def test_the_only_channel_stays_the_camera_under_any_token():
    assert bound(match_channels(known(("a", "x", "")), told(("z", "y", "")))) == {"z": 1}


def test_tokens_that_count_from_0_instead_of_1_cross_no_cameras():
    before = known(*((f"VS_{at}", NAMES[at - 1], uri(at)) for at in (1, 2, 3, 4)))
    match = match_channels(before, told(*((f"VS_{at - 1}", NAMES[at - 1], uri(at)) for at in (1, 2, 3, 4))))
    assert bound(match) == {"VS_0": 1, "VS_1": 2, "VS_2": 3, "VS_3": 4}


def test_a_shifted_token_against_the_stream_alone_is_doubtful_and_not_guessed():
    before = known(*((f"VS_{at}", f"Camera {at}", uri(at)) for at in (1, 2)))
    match = match_channels(before, told(*((f"VS_{at - 1}", f"Camera {at}", uri(at)) for at in (1, 2))))
    assert match.new == ()
    assert bound(match).get("VS_1") != 1
    assert "VS_1" in match.doubtful


def test_renamed_channels_are_found_by_names_where_names_tell_and_by_the_stream_where_not():
    before = known(("a", "北桥", ""), ("b", "Camera 2", uri(2)))
    match = match_channels(before, told(("x", "Camera 2", uri(2)), ("y", "北桥", "")))
    assert bound(match) == {"y": 1, "x": 2}


def test_with_new_tokens_and_new_paths_the_number_in_the_path_tells():
    before = known(("1", "", uri(1)), ("2", "", uri(2)))
    match = match_channels(
        before, told(("s1", "", "rtsp://h/cam/realmonitor?channel=1"), ("s2", "", "rtsp://h/cam/realmonitor?channel=2"))
    )
    assert bound(match) == {"s1": 1, "s2": 2}


def test_where_nothing_tells_nothing_is_bound_and_nothing_is_new():
    match = match_channels(known(("a", "", ""), ("b", "", "")), told(("x", "", ""), ("y", "", "")))
    assert (bound(match), match.new, match.doubtful) == ({}, (), ("x", "y"))
    assert {reason.code for reason in match.evidence} == {"nothing_says_which"}


def test_an_added_channel_beside_one_that_was_taken_away_is_new():
    before = known(("1", "北桥", uri(1)), ("2", "南桥", uri(2)), ("3", "火车站广场", uri(3)))
    match = match_channels(before, told(("1", "北桥", uri(1)), ("3", "火车站广场", uri(3)), ("4", "第一小学", uri(4))))
    assert (bound(match), match.new, match.doubtful) == ({"1": 1, "3": 3}, ("4",), ())


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("rtsp://h/Streaming/Channels/101", 1),
        ("rtsp://h/Streaming/Channels/1602?transport=x", 16),
        ("rtsp://h/cam/realmonitor?channel=3&subtype=0", 3),
        ("rtsp://h/unicast/c7/s0/live", 7),
        ("rtsp://h/h264/ch12/main/av_stream", 12),
        ("rtsp://h/live", None),
        ("", None),
        ("rtsp://[broken", None),
    ],
)
def test_the_number_of_a_channel_in_a_streams_address(path, number):
    assert channel_number(path) == number


@pytest.mark.parametrize(
    "name", ["", "Camera 01", "IPC", "通道1", "Channel_3", "12", "VideoSourceConfig1", "IP Camera", "D1"]
)
def test_names_that_makers_write_tell_nothing(name):
    assert specific_name(name) == ""


def test_names_that_people_write_tell():
    assert specific_name("人民路12号门口") == specific_name("人民路 12号 门口") != ""
    assert specific_name("HK-1", "HK-1") == ""


channels = st.lists(
    st.tuples(
        st.sampled_from(["VS_0", "VS_1", "VS_2", "a", "b", "c"]),
        st.sampled_from(["", "Camera 1", *NAMES]),
        st.sampled_from(["", uri(1), uri(2), uri(3)]),
    ),
    max_size=4,
    unique_by=lambda channel: channel[0],
)


@given(channels, channels)
def test_every_channel_is_one_thing_and_no_camera_is_two_channels(before, now):
    match = match_channels(known(*before), told(*now))
    kinds = [*match.same, *match.new, *match.doubtful]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) <= {token for token, _, _ in now}
    ids = [channel.camera_id for channel in match.same.values()]
    assert len(set(ids)) == len(ids)
    assert {channel.camera_id for channel in match.left} == set(range(1, len(before) + 1)) - set(ids)


@given(st.permutations(range(4)), st.booleans())
def test_telling_names_bring_every_camera_home_in_any_order(order, with_streams):
    before = known(*((f"t{at}", NAMES[at], uri(at + 1) if with_streams else "") for at in range(4)))
    match = match_channels(
        before, told(*((f"new{at}", NAMES[at], uri(at + 1) if with_streams else "") for at in order))
    )
    assert bound(match) == {f"new{at}": at + 1 for at in range(4)}
