"""Which stream a viewer gets."""

from vms.core.ids import CameraId
from vms.inventory.camera import Camera, Declared, LifeCycle, Stream, StreamRole
from vms.inventory.tier import Tier
from vms.services.live_pictures import choose_stream


def a_stream(role: StreamRole, encoding: str) -> Stream:
    return Stream(role=role, profile=f"{role}-{encoding}", encoding=encoding, width=640, height=360, uri="rtsp://h/s")


def chosen(role: StreamRole, *streams: Stream) -> str | None:
    camera = Camera(
        camera_id=CameraId(1),
        declared=Declared(name="x", tier=Tier.UNIT),
        life_cycle=LifeCycle.APPROVED,
        streams=streams,
    )
    found = choose_stream(camera, role)
    return found.profile if found else None


MAIN, SUB = a_stream(StreamRole.MAIN, "H264"), a_stream(StreamRole.SUB, "H264")
SUB_265 = a_stream(StreamRole.SUB, "H265")


def test_the_role_that_was_asked_for_wins() -> None:
    assert chosen(StreamRole.SUB, MAIN, SUB) == "sub-H264"
    assert chosen(StreamRole.MAIN, MAIN, SUB) == "main-H264"


def test_what_browsers_play_is_preferred_to_the_role() -> None:
    assert chosen(StreamRole.SUB, MAIN, SUB_265) == "main-H264"


def test_where_nothing_plays_the_role_is_tried_and_says_why_it_does_not() -> None:
    assert chosen(StreamRole.SUB, SUB_265) == "sub-H265"
    assert chosen(StreamRole.SUB) is None
