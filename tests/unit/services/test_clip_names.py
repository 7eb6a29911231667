"""A clip's file says when it began, by our clock and by the camera's."""

from datetime import UTC, datetime

from vms.services.record_clip import clip_name

AT = datetime(2026, 5, 4, 8, 15, tzinfo=UTC)


def test_both_times_are_told_where_they_differ() -> None:
    assert clip_name(7, AT, 37.0) == "camera-7-20260504T081500Z-camera-clock-20260504T081537Z.mp4"
    assert clip_name(7, AT, 8 * 3600.0) == "camera-7-20260504T081500Z-camera-clock-20260504T161500Z.mp4"


def test_one_time_is_enough_where_the_camera_has_ours_or_nobody_knows() -> None:
    assert clip_name(7, AT, -0.6) == clip_name(7, AT, None) == "camera-7-20260504T081500Z.mp4"
