"""Networks, roles of streams, channels and declared cameras, differences."""

import pytest

from tests.builders.inventory import a_channel, a_device, a_pose, declared
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.inventory.camera import Camera, LifeCycle, StreamRole
from vms.inventory.device import AuthScheme, ObservedStream
from vms.inventory.differences import differences
from vms.inventory.identity.channel_binding import find_declared
from vms.inventory.identity.merge_observed import merge_observed, told_news
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.stream_roles import assign_roles
from vms.inventory.tier import Tier


def a_camera(number=1, **rest):
    return Camera(camera_id=CameraId(number), life_cycle=LifeCycle.APPROVED, **{"declared": declared()} | rest)


def test_the_longest_prefix_wins():
    plan = NetworkPlan(
        [
            Network(cidr="10.0.0.0/8", tier=Tier.GOVERNMENT),
            Network(cidr="10.5.0.0/16", tier=Tier.UNIT, owner="银行"),
            Network(cidr="fd00::/8", tier=Tier.COMMUNITY),
        ]
    )
    assert plan.of("10.1.2.3").tier == Tier.GOVERNMENT
    assert plan.of("10.5.2.3").owner == "银行"
    assert plan.of("fd00::1").tier == Tier.COMMUNITY
    assert plan.of("192.168.0.1") is None
    assert plan.of("camera.local") is None


def test_a_network_named_twice_and_one_that_is_none_are_refused():
    with pytest.raises(BadInput, match="named twice"):
        NetworkPlan([Network(cidr="10.0.0.0/8", tier=Tier.UNIT), Network(cidr="10.0.0.9/8", tier=Tier.UNIT)])
    with pytest.raises(BadInput, match="not a network"):
        NetworkPlan([Network(cidr="10.0.0.0/40", tier=Tier.UNIT)])


def a_stream(profile, encoding, width):
    return ObservedStream(profile=profile, encoding=encoding, width=width, height=width // 2, uri=f"rtsp://x/{profile}")


def roles(*streams):
    return {stream.role.value: stream.profile for stream in assign_roles(streams)}


def test_the_largest_stream_is_main_and_the_smallest_sub():
    assert roles(a_stream("b", "H264", 640), a_stream("a", "H264", 1920), a_stream("c", "H264", 1280)) == {
        "main": "a",
        "sub": "b",
    }


def test_a_sub_stream_that_plays_in_a_browser_is_preferred():
    assert roles(a_stream("a", "H265", 3840), a_stream("b", "H264", 704), a_stream("c", "H265", 352)) == {
        "main": "a",
        "sub": "b",
    }


def test_of_two_equal_pictures_h264_is_main():
    assert roles(a_stream("a", "H265", 1920), a_stream("b", "H264", 1920))["main"] == "b"


def test_jpeg_is_taken_only_where_there_is_nothing_else():
    assert roles(a_stream("a", "JPEG", 1920), a_stream("b", "H264", 640)) == {"main": "b"}
    assert roles(a_stream("a", "JPEG", 1920)) == {"main": "a"}
    assert roles() == {}


@pytest.mark.parametrize(("entered", "found"), [("vs2", 2), ("2", 2), ("1", 1), ("9", None), ("", None)])
def test_a_channel_of_a_recorder_is_named_by_token_or_number(entered, found):
    channels = [a_channel("vs1"), a_channel("vs2")]
    camera = a_camera(declared=declared(channel=entered))
    bound = [number for number, channel in enumerate(channels, 1) if find_declared(channel, channels, [camera])]
    assert bound == ([] if found is None else [found])


def test_the_only_channel_needs_no_name_but_two_candidates_fit_nobody():
    channel = a_channel("vs1")
    assert find_declared(channel, [channel], [a_camera(1)]) == a_camera(1)
    assert find_declared(channel, [channel], [a_camera(1), a_camera(2)]) is None


def test_differences_are_named_with_both_values():
    camera = a_camera(
        declared=declared(
            name="人民路12号", manufacturer="hik", model="DS-OLD", serial_no="A-0001", mac="44:19:b6:00:00:0b",
            pose=a_pose(113.62, 34.75, bearing_deg=10.0), address="10.0.0.1",
        ),
        observed_name="Camera 01",
        observed_pose=a_pose(113.62, 34.76, bearing_deg=350.0),
    )  # fmt: skip
    found = differences(camera, a_device("10.0.0.9", serial_no="A-0002", macs=("44:19:b6:00:00:0a",)))
    assert {item.field for item in found} == {"name", "model", "serial_no", "mac", "address", "position"}
    assert next(item for item in found if item.field == "position").observed.endswith("(1112 m away)")


def test_what_was_not_said_does_not_differ():
    assert differences(a_camera(declared=declared(name="")), a_device()) == ()
    assert differences(a_camera(), None) == ()


def test_a_width_that_was_entered_wrongly_is_a_difference():
    streams = assign_roles([a_stream("a", "H264", 1920)])
    assert streams[0].role == StreamRole.MAIN
    found = differences(a_camera(declared=declared(width_px=1280), streams=streams), None)
    assert [(item.declared, item.observed) for item in found] == [("1280", "1920")]


def test_silence_takes_nothing_away():
    before = a_device(
        serial_no="DS1", firmware="1", macs=("44:19:b6:00:00:0a",), auth=AuthScheme.WSSE, clock_offset_s=2.0
    )
    partly = a_device("10.0.0.2", manufacturer="", model="", firmware="2")
    merged = merge_observed(before, partly)
    assert (merged.serial_no, merged.firmware, merged.model, merged.auth) == ("DS1", "2", "DS-2CD", AuthScheme.WSSE)
    assert merged.address == "10.0.0.2"
    assert told_news(before, merged) == ("firmware", "address")
