"""Recordings, captions and clocks as they go out."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import Connection

from vms.api.models.recordings import (
    CameraClockNow,
    CameraRecordings,
    CaptionNow,
    ClockDayNow,
    PlanEntry,
    PlanFitsNow,
    PlanNow,
    PlansNow,
    RecordedCameraRow,
    RecordedDayShort,
    RecordingCheckNow,
    RecordingDay,
    RecordingPage,
)
from vms.health.clock_trend import drift_s_per_day
from vms.health.footage import whole_days
from vms.services.recordings.clock_of_camera import CameraClock
from vms.services.recordings.count_fits import count_fits
from vms.store import recordings
from vms.store.captions import Caption, caption_of
from vms.store.page import Page
from vms.store.recording_list import LIST_DAYS, ListedRecording, days_of_many
from vms.store.recordings import RecordingCheck, StoredDay, StoredPlan


def show_recordings(tx: Connection, camera_id: int, first: date, last: date) -> CameraRecordings:
    check, caption = recordings.check_of(tx, camera_id), caption_of(tx, camera_id)
    return CameraRecordings(
        camera_id=camera_id,
        days=[_day(day) for day in recordings.days_of(tx, camera_id, first, last)],
        check=None if check is None else _check(check),
        caption=None if caption is None else _caption(caption),
    )


def show_page(tx: Connection, page: Page[ListedRecording], last: date) -> RecordingPage:
    days = [last - timedelta(days=ago) for ago in reversed(range(LIST_DAYS))]
    judged = days_of_many(tx, [row.camera_id for row in page.items], days[0], last)
    return RecordingPage(
        total=page.total,
        days=days,
        items=[
            RecordedCameraRow(
                **asdict(row)
                | {
                    "days_kept": _whole(row.days_kept),
                    "missing_s": row.missing_s if judged.get(row.camera_id) else None,
                },
                days=[_short(judged.get(row.camera_id, {}).get(day)) for day in days],
            )
            for row in page.items
        ],
    )


def _short(day: StoredDay | None) -> RecordedDayShort | None:
    if day is None:
        return None
    return RecordedDayShort(
        day=day.day, plan_s=day.plan_s, recorded_s=day.recorded_s, expired_s=day.expired_s, missing_s=day.missing_s
    )


def show_clock(camera_id: int, clock: CameraClock) -> CameraClockNow:
    return CameraClockNow(
        camera_id=camera_id,
        offset_s=clock.offset_s,
        mistake=clock.mistake.value,
        drift_s_per_day=drift_s_per_day(clock.days),
        days=[ClockDayNow(**asdict(day)) for day in clock.days],
    )


def show_plans(tx: Connection, plans: Sequence[StoredPlan]) -> PlansNow:
    counted = zip(plans, count_fits(tx, plans), strict=True)
    return PlansNow(plans=[_plan(plan, fits_now) for plan, fits_now in counted])


def _plan(plan: StoredPlan, fits_now: int) -> PlanNow:
    fits = PlanFitsNow(
        point_classes=plan.fits.get("point_classes", []),
        tiers=plan.fits.get("tiers", []),
        regions=plan.fits.get("regions", []),
        cameras=plan.fits.get("cameras", []),
    )
    return PlanNow(
        name=plan.name,
        fits=fits,
        week=plan.week,
        days_least=plan.days_least,
        days_most=plan.days_most,
        fits_now=fits_now,
    )


def read_plan(asked: PlanEntry) -> StoredPlan:
    return StoredPlan(
        name=asked.name,
        fits=asked.fits.model_dump(mode="json"),
        week=asked.week,
        days_least=asked.days_least,
        days_most=asked.days_most,
    )


def _whole(days: float | None) -> int | None:
    return None if days is None else whole_days(days)


def _day(day: StoredDay) -> RecordingDay:
    return RecordingDay(
        day=day.day,
        plan_s=day.plan_s,
        recorded_s=day.recorded_s,
        expired_s=day.expired_s,
        missing_s=day.missing_s,
        gaps=[[start_s, end_s] for start_s, end_s in day.gaps],
        source=day.source,
        checked_at=day.checked_at,
    )


def _check(check: RecordingCheck) -> RecordingCheckNow:
    return RecordingCheckNow(
        checked_at=check.checked_at,
        source=check.source,
        oldest_at=check.oldest_at,
        newest_at=check.newest_at,
        days_kept=_whole(check.days_kept),
        because=check.because,
        played_at=check.played_at,
        played_ok=check.played_ok,
        play_of=check.play_of,
        play_because=check.play_because,
        play_failures=check.play_failures,
    )


def _caption(caption: Caption) -> CaptionNow:
    return CaptionNow(
        checked_at=caption.checked_at,
        texts=list(caption.texts),
        name_ok=caption.name_ok,
        clock_ok=caption.clock_ok,
        because=caption.because,
    )
