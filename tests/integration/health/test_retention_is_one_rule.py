"""Whether recordings reach back far enough: the fault, the list and the assessment's figure say the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders.stored_cameras import store_camera
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.footage import RecordingPlan
from vms.inventory.archive.city import ConformityRules
from vms.places.land import NO_TREE
from vms.services.assessment.note_day import looked_at
from vms.services.recordings.ask_device import FootageTold
from vms.services.recordings.choose_plan import choose_plan
from vms.services.recordings.judge_camera import Judged, judge_camera
from vms.services.recordings.policy import RecordingPolicy
from vms.store import recording_list, recordings
from vms.store.daily_sets import What
from vms.store.recording_list import RecordingFilter, RecordingState
from vms.store.recording_targets import RecordedCamera

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
POLICY = RecordingPolicy(zone=ZoneInfo("Asia/Shanghai"))
CASES = (
    # reaches back, in our charge since, days of the plan; days shown, days wanted, enough
    (30 * DAY, 400 * DAY, 30, 30, 30, True),
    (30 * DAY - timedelta(seconds=0.26), 400 * DAY, 30, 30, 30, True),
    (30 * DAY - 3 * timedelta(seconds=1), 400 * DAY, 30, 30, 30, True),
    (30 * DAY + 3 * timedelta(seconds=1), 400 * DAY, 30, 30, 30, True),
    (29 * DAY - timedelta(seconds=3), 400 * DAY, 30, 29, 30, True),
    (29 * DAY - 6 * MINUTE, 400 * DAY, 30, 28, 30, False),
    (30 * DAY, 400 * DAY, 90, 30, 90, False),
    (5 * DAY, 5 * DAY, 30, 5, 5, True),
    (2 * DAY, 5 * DAY, 30, 2, 5, False),
    (0 * DAY, 1.5 * DAY, 30, 0, 1, True),
    (0 * DAY, 400 * DAY, 0, 0, 0, True),
)


def a_camera(camera_id: CameraId, since: datetime) -> RecordedCamera:
    return RecordedCamera(
        camera_id=camera_id,
        name="",
        common_name="",
        observed_name="",
        channel="",
        point_class=None,
        tier="government",
        region_code="",
        site_category="",
        retention_days=None,
        since=since,
        last_day=None,
        caption_at=None,
    )


def judged(camera_id: CameraId, kept: timedelta, charge: timedelta, days_least: int) -> Judged:
    told = FootageTold(oldest=NOW - kept, newest=NOW, spans=())
    plan = RecordingPlan(days_least=days_least)
    return judge_camera(a_camera(camera_id, NOW - charge), plan, told, "camera", NOW, POLICY)


def test_the_fault_the_list_and_the_figure_agree(database) -> None:
    ids = [store_camera(database, NOW - 400 * DAY) for _ in CASES]
    found = [judged(camera_id, *case[:3]) for camera_id, case in zip(ids, CASES, strict=True)]
    with database.writing() as tx:
        recordings.put_checks(tx, [one.check for one in found])
    with database.reading() as tx:
        short = recording_list.page(tx, RecordingFilter(state=RecordingState.SHORT), limit=50, offset=0)
        sets = looked_at(tx, NOW - DAY)
    enough = {camera_id: case[-1] for camera_id, case in zip(ids, CASES, strict=True)}
    by_fault = {one.check.camera_id: one.faults[FaultKind.RETENTION_SHORT] is None for one in found}
    listed = {row.camera_id for row in short.items}
    assert by_fault == enough
    assert {camera_id: camera_id not in listed for camera_id in ids} == enough
    assert {camera_id: camera_id in sets[What.RETAINED] for camera_id in ids} == enough
    assert all(camera_id in sets[What.CHECKED] for camera_id in ids)


@pytest.mark.parametrize("kept, charge, days_least, shown, wanted, enough", CASES)
def test_the_fault_says_the_days_that_the_list_shows(kept, charge, days_least, shown, wanted, enough) -> None:
    one = judged(CameraId(1), kept, charge, days_least)
    fault = one.faults[FaultKind.RETENTION_SHORT]
    assert one.check.days_wanted == wanted
    assert (fault is None) is enough
    assert fault is None or fault.because == f"{shown} / {wanted} d"


def test_a_key_site_is_held_to_its_own_days() -> None:
    bank = replace(a_camera(CameraId(1), NOW - 400 * DAY), site_category="bank")
    rules = ConformityRules(key_site_categories=frozenset({"bank"}))
    _, plan = choose_plan(bank, [], rules, NO_TREE)
    told = FootageTold(oldest=NOW - 31 * DAY, newest=NOW, spans=())
    assert judge_camera(bank, plan, told, "camera", NOW, POLICY).check.days_wanted == 90
