"""One function judges what a device told, whoever asked: the last full day, and what of the running one is lost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from vms.core.ids import CameraId
from vms.core.intervals import Interval, without
from vms.health.fault import FaultKind
from vms.health.footage import RecordingPlan
from vms.services.recordings.ask_device import FootageTold
from vms.services.recordings.judge_camera import judge_camera
from vms.services.recordings.policy import RecordingPolicy
from vms.store.recording_targets import RecordedCamera

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)  # 18:00 in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = RecordingPolicy(zone=ZoneInfo("Asia/Shanghai"))
CAMERA = RecordedCamera(
    camera_id=CameraId(1),
    name="",
    common_name="",
    observed_name="",
    channel="",
    point_class=None,
    tier="government",
    region_code="",
    site_category="",
    retention_days=None,
    since=NOW - 400 * DAY,
    last_day=None,
    caption_at=None,
)


def missing(newest: datetime, *holes: Interval) -> str | None:
    spans = without([Interval(NOW - 40 * DAY, newest)], holes)
    told = FootageTold(oldest=NOW - 40 * DAY, newest=newest, spans=tuple(spans))
    fault = judge_camera(CAMERA, RecordingPlan(), told, "camera", NOW, POLICY).faults[FaultKind.RECORDING_MISSING]
    return None if fault is None else fault.because


def test_nothing_is_missing_where_the_newest_file_is_not_told_yet() -> None:
    assert missing(NOW) is None
    assert missing(NOW - 1.9 * HOUR) is None


def test_who_stopped_hours_ago_has_stopped() -> None:
    assert missing(NOW - 5 * HOUR) == "3.0 / 24.0 h (2026-05-04)"


def test_a_hole_of_today_is_known_at_once() -> None:
    assert missing(NOW, Interval(NOW - 6 * HOUR, NOW - 5 * HOUR)) == "1.0 / 24.0 h (2026-05-04)"
    assert missing(NOW, Interval(NOW - 6 * HOUR, NOW - 5.8 * HOUR)) is None, "less than 2 % of the day"


def test_a_hole_of_yesterday_is_named_first_and_one_of_the_day_before_no_more() -> None:
    yesterday = Interval(NOW - 30 * HOUR, NOW - 28 * HOUR)
    assert missing(NOW, yesterday, Interval(NOW - 6 * HOUR, NOW - 5 * HOUR)) == "2.0 / 24.0 h (2026-05-03)"
    assert missing(NOW, Interval(NOW - 60 * HOUR, NOW - 50 * HOUR)) is None
