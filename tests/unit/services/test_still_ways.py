"""Which way to a still is taken, learnt from what each took."""

from datetime import UTC, datetime, timedelta

from vms.core.ids import CameraId, DeviceId
from vms.services.polling.still_ways import TRIED_AGAIN_AFTER, StillWays, Way
from vms.store.poll_targets import PollCamera

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DEVICE = DeviceId(1)
BOTH = PollCamera(camera_id=CameraId(1), channel="1", sub_uri="rtsp://a/1", snapshot_uri="http://a/1")
SNAPSHOT_FIRST = (Way.SNAPSHOT, Way.KEY_FRAME)
STREAM_FIRST = (Way.KEY_FRAME, Way.SNAPSHOT)


def test_only_ways_that_a_camera_offers_are_taken():
    ways = StillWays()
    assert ways.order(DEVICE, BOTH, NOON) == SNAPSHOT_FIRST
    assert ways.order(DEVICE, PollCamera(camera_id=CameraId(1), channel="1", main_uri="rtsp://a"), NOON) == (
        Way.KEY_FRAME,
    )
    assert ways.order(DEVICE, PollCamera(camera_id=CameraId(1), channel="1", snapshot_uri="http://a"), NOON) == (
        Way.SNAPSHOT,
    )


def test_a_snapshot_that_fails_while_the_stream_plays_is_let_alone_for_hours():
    ways = StillWays()
    ways.snapshot_failed(DEVICE, NOON)
    assert ways.order(DEVICE, BOTH, NOON + TRIED_AGAIN_AFTER - timedelta(seconds=1)) == STREAM_FIRST
    assert ways.order(DEVICE, BOTH, NOON + TRIED_AGAIN_AFTER) == SNAPSHOT_FIRST
    assert ways.order(DeviceId(2), BOTH, NOON) == SNAPSHOT_FIRST


def test_a_slow_snapshot_gives_way_to_a_clearly_quicker_stream_and_is_tried_again_later():
    ways = StillWays()
    ways.took(DEVICE, Way.SNAPSHOT, 1500, NOON)
    assert ways.order(DEVICE, BOTH, NOON) == SNAPSHOT_FIRST, "nothing is known of its stream yet"
    ways.took(DEVICE, Way.KEY_FRAME, 1200, NOON)
    assert ways.order(DEVICE, BOTH, NOON) == SNAPSHOT_FIRST, "not clearly quicker"
    for _ in range(5):
        ways.took(DEVICE, Way.KEY_FRAME, 300, NOON)
    assert ways.order(DEVICE, BOTH, NOON) == STREAM_FIRST
    later = NOON + TRIED_AGAIN_AFTER
    assert ways.order(DEVICE, BOTH, later) == SNAPSHOT_FIRST
    ways.took(DEVICE, Way.SNAPSHOT, 1500, later)
    assert ways.order(DEVICE, BOTH, later) == STREAM_FIRST
    ways.took(DEVICE, Way.SNAPSHOT, 40, later)
    assert ways.order(DEVICE, BOTH, later) == SNAPSHOT_FIRST, "it has become quick"
