"""A camera's clock as the poller has seen it: now, its mistake by name, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from vms.health.clock_mistake import ClockMistake, clock_mistake
from vms.health.clock_trend import ClockDay, uncertainty_s
from vms.inventory.camera import Camera
from vms.store import daily_numbers, devices, watching
from vms.store.daily_numbers import DailyNumber, Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraClock:
    offset_s: float | None
    """Device minus ours, as last seen."""
    mistake: ClockMistake
    days: tuple[ClockDay, ...]


def clock_of_camera(tx: Connection, camera: Camera, now: datetime, *, days: int) -> CameraClock:
    """The last `days` UTC days, the oldest first; days without a reading are left out."""
    since = now.date() - timedelta(days=days - 1)
    watch = watching.statuses(tx, now, [camera.camera_id]).get(camera.camera_id)
    offset_s = None if watch is None else watch.clock_offset_s
    problems: set[str] = set()
    if camera.device_id is not None:
        problems = {problem.code for problem in devices.get(tx, camera.device_id).observed.problems}
    mistake = clock_mistake(offset_s)
    if ClockMistake.UTC_IS_LOCAL_TIME in problems:
        mistake = ClockMistake.UTC_IS_LOCAL_TIME
    read = daily_numbers.of_camera(tx, camera.camera_id, since)
    return CameraClock(offset_s=offset_s, mistake=mistake, days=tuple(_days(read)))


def _days(read: Iterable[DailyNumber]) -> Iterable[ClockDay]:
    clocks: dict[date, Sum] = {}
    answers: dict[date, Sum] = {}
    for number in read:
        kept = {"clock_offset_s": clocks, "answer_s": answers}.get(number.metric)
        if kept is not None:
            kept[number.day] = number.sum
    for day, clock in sorted(clocks.items()):
        answer = answers.get(day)
        yield ClockDay(
            day=day,
            readings=clock.n,
            mean_s=clock.total / clock.n,
            least_s=clock.least,
            most_s=clock.most,
            uncertainty_s=uncertainty_s(None if answer is None else answer.total / answer.n),
        )
