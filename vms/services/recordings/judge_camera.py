"""From what a device told of one camera to its days, its check and its faults; no questions, no store."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from vms.core.ids import CameraId
from vms.core.intervals import Interval, overlap, total, without
from vms.devices.configure.captions import CaptionTold
from vms.health.caption import judge_caption
from vms.health.fault import Fault, FaultKind
from vms.health.footage import DayOfFootage, RecordingPlan, judge_day, judge_retention, planned_intervals
from vms.health.recording_faults import caption_fault, missing_faults, retention_faults
from vms.services.recordings.ask_device import FootageTold
from vms.services.recordings.policy import RecordingPolicy
from vms.store.captions import Caption
from vms.store.recording_targets import RecordedCamera
from vms.store.recordings import RecordingCheck

_DAY = timedelta(days=1)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    check: RecordingCheck
    days: tuple[tuple[DayOfFootage, datetime], ...] = ()
    """Each with its midnight."""
    caption: Caption | None = None
    faults: Mapping[FaultKind, Fault | None]
    """Every kind that was looked at; None: it is not so."""


def first_day(camera: RecordedCamera, plan: RecordingPlan, now: datetime, policy: RecordingPolicy) -> date:
    """Judged anew from there: the last day was not over, the day before decides what is a fault."""
    today = now.astimezone(policy.zone).date()
    since = camera.last_day or today - policy.first_days * _DAY
    return min(max(since, today - plan.days_least * _DAY), today - _DAY)


def midnight(day: date, policy: RecordingPolicy) -> datetime:
    return datetime.combine(day, time(), policy.zone).astimezone(UTC)


def judge_camera(
    camera: RecordedCamera, plan: RecordingPlan, told: FootageTold, source: str, now: datetime, policy: RecordingPolicy
) -> Judged:
    if told.because:
        return cannot_be_told(camera.camera_id, told.because, now)
    today = now.astimezone(policy.zone).date()
    day = first_day(camera, plan, now, policy)
    days: list[tuple[DayOfFootage, datetime]] = []
    while day <= today:
        judged = _judge_day(camera, plan, told, day, now, policy)
        if judged.planned or day >= camera.since.astimezone(policy.zone).date():
            days.append((judged, midnight(day, policy)))
        day += _DAY
    faults: dict[FaultKind, Fault | None] = {}
    for full, _ in days:
        if full.day == today - _DAY:
            running = _judge_running_day(camera, plan, told, now, policy)
            found = (*missing_faults(full, policy.missing_share), *missing_faults(running, policy.missing_share))
            faults[FaultKind.RECORDING_MISSING] = next(iter(found), None)
    days_kept, days_wanted = None, plan.days_least
    if told.oldest is not None:
        retention = judge_retention(plan, told.oldest, camera.since, now)
        days_kept, days_wanted = retention.days_kept, retention.days_wanted
        faults |= dict.fromkeys((FaultKind.RETENTION_SHORT, FaultKind.RETENTION_LONG))
        faults |= {fault.kind: fault for fault in retention_faults(retention, plan)}
    check = RecordingCheck(
        camera_id=camera.camera_id,
        checked_at=now,
        source=source,
        oldest_at=told.oldest,
        newest_at=told.newest,
        days_kept=days_kept,
        days_wanted=days_wanted,
    )
    return Judged(check=check, days=tuple(days), faults=faults)


def cannot_be_told(camera_id: CameraId, because: str, now: datetime) -> Judged:
    """Nobody is blamed, and what stands stays."""
    return Judged(check=RecordingCheck(camera_id=camera_id, checked_at=now, because=because), faults={})


def judge_caption_of(camera: RecordedCamera, told: CaptionTold, now: datetime) -> tuple[Caption, Fault | None]:
    names = [name for name in (camera.name, camera.common_name) if name]
    verdict = judge_caption(names, told.texts, shows_clock=told.shows_clock)
    caption = Caption(
        camera_id=camera.camera_id,
        checked_at=now,
        texts=told.texts,
        name_ok=verdict.name_ok,
        clock_ok=verdict.clock_ok,
        because=verdict.because,
    )
    return caption, caption_fault(verdict.because) if verdict.is_wrong else None


def _judge_running_day(
    camera: RecordedCamera, plan: RecordingPlan, told: FootageTold, now: datetime, policy: RecordingPolicy
) -> DayOfFootage:
    """Held against the plan of the whole day: what is missing of it already will not come back. A recorder tells its
    newest file late, so that nobody has stopped who stopped a while ago."""
    today = now.astimezone(policy.zone).date()
    newest = told.newest or now - policy.stopped_after
    until = min(max(newest, now - policy.stopped_after), now - policy.lag)
    judged = _judge_day(camera, plan, told, today, now, policy, until=until)
    return replace(judged, planned=total(planned_intervals(plan, today, policy.zone)))


def _judge_day(
    camera: RecordedCamera,
    plan: RecordingPlan,
    told: FootageTold,
    day: date,
    now: datetime,
    policy: RecordingPolicy,
    until: datetime | None = None,
) -> DayOfFootage:
    """What nobody had in charge yet is planned from the oldest recording on."""
    charged_from = camera.since if told.oldest is None else min(camera.since, told.oldest)
    planned = without(planned_intervals(plan, day, policy.zone), [Interval(_FIRST, charged_from)])
    whole_day = [Interval(midnight(day, policy), midnight(day + _DAY, policy))]
    return judge_day(
        day,
        planned,
        overlap(told.spans, whole_day),
        oldest=told.oldest,
        keep_since=now - plan.days_least * _DAY,
        until=now - policy.lag if until is None else until,
    )
